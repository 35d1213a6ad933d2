"""Rectangles with two spins at any L/l: spin-orbit coupling of any strength, magnetic impurities.

Two paths in opposite order carry a spin 0 or a spin 1. Linear Rashba coupling rotates the spin 1
on every straight way between two scatterers (`spin_ways`), and nothing rotates the spin 0. A
magnetic impurity multiplies the spin 0 by -1 and the spin 1 by 1/3. So the Cooperon of the
`ballistic_cooperon` is solved with a kernel of 3 x 3 matrices, and without.

>>> sizes = {"length": 30.0, "width": 12.0, "transport_path": 2.0}
>>> for rotation in (0.0, 0.1, 0.5):  # The coupling ends the three triplets.
...     rise = ballistic_spin_magnetoconductance(0.003, **sizes, rotation=rotation)
...     print(f"{rise:.2f}")
0.19
0.16
-0.10
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ballistic_cooperon import LARGEST_CELL, loop_rise

Array = NDArray[np.float64]


def ballistic_spin_magnetoconductance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    transport_path: float,
    rotation: float,
    magnetic_rate: float = 0.0,
) -> Array:
    """Return the rise T(f) - T(0) of a rectangle with two spins, at any field and any L/l.

    Without coupling and impurities it is twice `ballistic_magnetoconductance`: three triplets
    less the singlet.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    transport_path
        Transport mean free path l, in lattice constants: that of T = N/(1 + L/l) over
        `mean_free_path_factor`, with all scatterers, magnetic ones as well.
    rotation
        Angle κ by which the coupling rotates a spin over one lattice constant: 2θ in Ando's
        model, 2 arctan(α/2) in Rashba's.
    magnetic_rate
        Rate of scattering by magnetic impurities J S·σ, over that of all other scattering: what
        they add to the resistivity, relative to the rest.

    Returns
    -------
    The rise in e²/h, of the shape of `flux`.

    Raises
    ------
    ValueError
        If a length is not positive, if the rate is negative, or if the rectangle has too many
        mean free paths for a grid; `rectangle_spin_magnetoconductance` is for those.

    Notes
    -----
    The singlet is on the grid of `ballistic_magnetoconductance`, which is right to 1 %. The
    triplet is on one of cells of 0.6 l, and multiplied by what the finer grid changes in the
    singlet: against a finer grid it is then right to 0.2 %. Spins in impurities are classical
    ones of random directions.

    References
    ----------
    Hikami, Larkin and Nagaoka, Prog. Theor. Phys. 63, 707 (1980), for magnetic impurities;
    Iordanskii, Lyanda-Geller and Pikus, JETP Lett. 60, 206 (1994), for the rotation. The equation
    of a rectangle with leads is derived in `ballistic_cooperon` and solved here.

    Examples
    --------
    Impurities that scatter at a tenth of the rate of the rest end the singlet.

    >>> strong = {"length": 30.0, "width": 12.0, "transport_path": 2.0, "rotation": 1.0}
    >>> for rate in (0.0, 0.1):
    ...     rise = ballistic_spin_magnetoconductance(0.003, **strong, magnetic_rate=rate)
    ...     print(f"{rise:.4f}")
    -0.0955
    -0.0004
    """
    sizes = (float(length), float(width), float(transport_path))
    if not (all(size > 0 for size in sizes) and magnetic_rate >= 0):
        raise ValueError(
            "length, width and transport_path must be positive numbers, and magnetic_rate must "
            f"not be negative: they are {length}, {width}, {transport_path}, {magnetic_rate}."
        )
    magnetic = magnetic_rate / (1 + magnetic_rate)
    singlet, triplet = 1 - 2 * magnetic, 1 - 2 * magnetic / 3
    fluxes = np.abs(np.asarray(flux, dtype=float))
    rises = [
        _triplet(float(f), sizes, abs(float(rotation)), triplet) - _rise(float(f), sizes, singlet)
        for f in fluxes.ravel()
    ]
    return np.reshape(rises, fluxes.shape)


def _rise(
    flux: float,
    sizes: tuple[float, float, float],
    kept: float,
    *,
    rotation: float = 0.0,
    cell: float | None = None,
) -> float:
    """Return the rise of loops that keep this factor at every scattering."""
    if flux == 0 or kept == 0:
        return 0.0
    in_field, free = (
        loop_rise(f, *sizes, 1 / kept - 1, rotation=rotation, cell=cell) for f in (flux, 0.0)
    )
    return in_field - free


def _triplet(flux: float, sizes: tuple[float, float, float], rotation: float, kept: float) -> float:
    """Return the rise of the three components of spin 1."""
    spinless = _rise(flux, sizes, kept)
    if rotation == 0 or spinless == 0:
        return 3 * spinless
    coarse = _rise(flux, sizes, kept, rotation=rotation, cell=LARGEST_CELL)
    return coarse * spinless / _rise(flux, sizes, kept, cell=LARGEST_CELL)
