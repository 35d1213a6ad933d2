"""Rectangles in fields that are too strong for diffusion: the rise of g, and what var g keeps.

A uniform field leaves Cooperons of a few scatterings, which enclose little flux, and the formulas
of `rectangle` are wrong by the parameter b = 4πf l² (`field_per_path`). The functions here solve
the Cooperon of isotropic scatterers (`ballistic_cooperon`) at any ratio of L to the transport mean
free path l, with reflecting walls and absorbing leads. They count loops of three scatterings or
more, the only ones that a field acts on: so they give differences between two fields. A random
flux ends loops of two scatterings as well, which are not counted here.

>>> flux, sizes = 20 / 60**2, {"length": 60, "width": 60}
>>> kept = ballistic_cooperon_variance(flux, **sizes, transport_path=3.8)
>>> print(f"{kept:.4f}")  # A tenth of what there is without a field; diffusion keeps 1/18.
0.0097
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ballistic_cooperon import loop_rise, loop_variance

Array = NDArray[np.float64]


def ballistic_magnetoconductance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    transport_path: float,
    dephasing_length: float = np.inf,
) -> Array:
    """Return the rise δg(f) - δg(0) of a spinless rectangle at any field and any L/l.

    It has both parts of the correction: the enhanced backscattering, and the scattering into
    other directions that is reduced by it.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    transport_path
        Transport mean free path l, in lattice constants: that of g = N/(1 + L/l) over
        `mean_free_path_factor`.
    dephasing_length
        L_φ of the Cooperon, in lattice constants: loops lose a share l²/(2 L_φ²) a scattering.

    Returns
    -------
    The rise in e²/h, of the shape of `flux`.

    Raises
    ------
    ValueError
        If a length is not positive, or if the rectangle has too many mean free paths for a grid;
        `rectangle_magnetoconductance` is for those.

    Notes
    -----
    The grid has about 640 cells, of 0.3 to 0.6 l. It makes the rise too high by up to
    1.5 %, from 10 x 6 to 28 x 8 l and at b = 0.05 to 2.

    References
    ----------
    Kawabata, J. Phys. Soc. Jpn. 53, 3540 (1984), for backscattering; Dmitriev, Gornyi and
    Kachorovskii, Phys. Rev. B 56, 9910 (1997), for other directions; both in the bulk. The
    equation of a rectangle with leads is derived and solved here.

    Examples
    --------
    >>> print(f"{ballistic_magnetoconductance(0.003, 40.0, 40.0, transport_path=4.0):.2f}")
    0.17
    """
    sizes = _checked(length, width, transport_path, dephasing_length)
    free = loop_rise(0.0, *sizes)
    return _over_fluxes(lambda f: loop_rise(f, *sizes) - free, flux)


def ballistic_cooperon_variance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    transport_path: float,
    dephasing_length: float = np.inf,
) -> Array:
    """Return the Cooperon's part of var g of a spinless rectangle, at any field and any L/l.

    It is the part that a field acts on: the difference of two fields is that of var g. Against a
    random flux there is more, from loops of two scatterings within a wave length
    (docs/explanations/short-paths.md). Without a field and for l -> 0 it is `rectangle_variance`
    at β = 2.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    transport_path
        Transport mean free path l, in lattice constants: that of g = N/(1 + L/l) over
        `mean_free_path_factor`.
    dephasing_length
        L_φ of the Cooperon, in lattice constants: loops lose a share l²/(2 L_φ²) a scattering.

    Returns
    -------
    The part of the variance in (e²/h)², of the shape of `flux`.

    Raises
    ------
    ValueError
        If a length is not positive, or if the rectangle has too many mean free paths for a grid;
        `rectangle_variance_in_field` is for those.

    Notes
    -----
    The grid is wrong by 1 to 2 % of the part in a square of 16 l, at b = 0 to 2. The field must not
    bend the paths themselves: the formula is for 2πf l λ_F << 1, the path over the cyclotron
    radius.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987), for l -> 0. The weight of paths of few
    scatterings is derived in `ballistic_cooperon`.

    Examples
    --------
    A square of 10 l keeps more than a quarter of its Cooperon at b = 0.6.

    >>> flux = np.array([0.0, 0.003])
    >>> print(np.round(ballistic_cooperon_variance(flux, 40.0, 40.0, transport_path=4.0), 3))
    [0.091 0.026]
    """
    sizes = _checked(length, width, transport_path, dephasing_length)
    return _over_fluxes(lambda f: loop_variance(f, *sizes), flux)


def _checked(length: float, width: float, path: float, dephasing: float) -> tuple[float, ...]:
    """Return the arguments of `loop_rise` behind the flux."""
    if not all(size > 0 for size in (length, width, path, dephasing)):
        raise ValueError(
            "length, width, transport_path and dephasing_length must be positive numbers."
        )
    return float(length), float(width), float(path), float(path) ** 2 / (2 * float(dephasing) ** 2)


def _over_fluxes(function: Callable[[float], float], flux: ArrayLike) -> Array:
    """Return the function of |f| at every flux."""
    fluxes = np.abs(np.asarray(flux, dtype=float))
    return np.reshape([function(float(f)) for f in fluxes.ravel()], fluxes.shape)
