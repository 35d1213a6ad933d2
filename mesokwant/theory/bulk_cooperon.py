"""Cooperons of few scatterings in the bulk: what a field leaves of them beyond diffusion.

A field turns the phase of a path by the flux that the path encloses, and a path of three or four
scatterings encloses little. Diffusion, which has paths of any shortness, overrates what the field
does to them. The small parameter is b = 4πf l², with the transport mean free path l and the flux f
per plaquette; formulas of diffusion are for b << 1.

>>> print(f"{field_per_path(1e-3, 5.0):.3f}")
0.314
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LARGEST_LEVEL = 20.0
"""Levels are summed up to (N + 1/2) b of this size, where the field changes their sum no more."""

MOST_LEVELS = 4000
"""As many levels are summed in weak fields, which change the sum of the lowest ones alone."""

WEAKEST_FIELD = 1e-5
"""The b below which the deficit is less than this number, and is taken as zero."""


def field_per_path(flux: ArrayLike, transport_path: ArrayLike) -> Array:
    """Return b = 4πf l², the square of the transport mean free path over the magnetic length.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    transport_path
        Transport mean free path l, in lattice constants: that of the resistance of a wire over
        `mean_free_path_factor`.

    Returns
    -------
    b, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Kawabata, J. Phys. Soc. Jpn. 53, 3540 (1984), for the scale of the field.

    Examples
    --------
    >>> print(f"{field_per_path(1e-3, 5.0):.3f}")
    0.314
    """
    return 4 * np.pi * np.abs(np.asarray(flux, dtype=float)) * np.square(transport_path)


def few_scatterings_deficit(
    flux: ArrayLike, transport_path: ArrayLike, decay_length: ArrayLike
) -> Array:
    """Return by how much the rise of the conductivity stays below diffusion, of one Cooperon.

    In a field the Cooperon of isotropic scatterers has Landau levels P_N, the probability that
    two scatterings on end keep the phase, P_N = ∫ exp(-x - b x²/4) L_N(b x²/2) dx over x > 0.
    Paths of three scatterings or more then give

        δσ(b) = -(1/2π) b Σ_N X_N³/(1 - X_N),   X_N = P_N/(1 + m),

    where diffusion has -(1/2π) b Σ_N 1/((N + 1/2) b + m); m = l²/(2 L_φ²) is the decay from one
    scattering to the next. The deficit is the difference of the two rises δσ(b) - δσ(0).

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    transport_path
        Transport mean free path l, in lattice constants.
    decay_length
        L_φ over which the Cooperon decays; it may be infinite.

    Returns
    -------
    The deficit in e²/h, zero or positive, of the shape to which the arguments broadcast.

    Notes
    -----
    The weight of the Hikami box is the one for backscattering. Corrections to it for paths of few
    scatterings are of the order of the deficit itself and are left out.

    References
    ----------
    Kawabata, J. Phys. Soc. Jpn. 53, 3540 (1984); Dyakonov, Solid State Commun. 92, 711 (1994);
    Dmitriev, Gornyi and Kachorovskii, Phys. Rev. B 56, 9910 (1997).

    Examples
    --------
    It grows with the field, and it is less where the Cooperon decays.

    >>> for decay in (np.inf, 20.0):
    ...     print(np.round(few_scatterings_deficit([1e-4, 1e-3], 5.0, decay), 4))
    [0.0082 0.0514]
    [0.0011 0.0361]
    """
    points = np.broadcast(flux, transport_path, decay_length)
    values = [
        _deficit(round(float(field_per_path(f, path)), 12), float(path**2 / decay**2 / 2))
        for f, path, decay in points
    ]
    return np.reshape(values, points.shape)


@functools.lru_cache(maxsize=4096)
def _deficit(b: float, decay: float) -> float:
    """Return the deficit at this field and this decay from one scattering to the next."""
    if b < WEAKEST_FIELD:
        return 0.0
    levels = _levels(b)
    places: Array = (np.arange(len(levels), dtype=float) + 0.5) * b
    with_field = b * np.sum(_beyond_diffusion(levels, places, decay))
    # Without a field P = (1 + 2x)^(-1/2) at x = (lq)²/2. The same range of x is summed.
    nodes, weights = _nodes()
    top = np.log1p(len(levels) * b)
    x = np.expm1(top / 2 * (nodes + 1))
    measure = top / 2 * weights * (1 + x)
    without = np.sum(measure * _beyond_diffusion((1 + 2 * x) ** -0.5, x, decay))
    return float((with_field - without) / (2 * np.pi))


def _beyond_diffusion(probability: Array, place: Array, decay: float) -> Array:
    """Return what a level of the Cooperon has beyond diffusion."""
    kept = probability / (1 + decay)
    return kept**3 / (1 - kept) - 1 / (place + decay)


@functools.lru_cache(maxsize=256)
def _levels(b: float) -> Array:
    """Return all P_N with (N + 1/2) b below `LARGEST_LEVEL`, by the recursion of Laguerre."""
    number = min(int(np.ceil(LARGEST_LEVEL / b)), MOST_LEVELS)
    # The integrand oscillates in x√(N b), of which there are at most a few a unit.
    nodes, weights = _nodes()
    x = 20 * (nodes + 1)
    phase = b * x**2 / 2
    measure = 20 * weights * np.exp(-x - phase / 2)
    found = np.empty(number)
    before, now = np.zeros_like(x), np.ones_like(x)
    for n in range(number):
        found[n] = measure @ now
        before, now = now, ((2 * n + 1 - phase) * now - n * before) / (n + 1)
    return found


@functools.cache
def _nodes() -> tuple[Array, Array]:
    """Return nodes and weights of Gauss's quadrature from -1 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    return nodes, weights
