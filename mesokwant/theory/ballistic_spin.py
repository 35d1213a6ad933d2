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

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ballistic_cooperon import loop_rise, pair_correction
from .prediction import Prediction

Array = NDArray[np.float64]

TRIPLET_CELL = 0.8
"""Largest side of a cell on the grid of the triplet, in mean free paths."""
STRONGEST_ROTATION = 3.0
"""The κl up to which this grid is good to 2 %.

Beyond, the rise of the triplet is less than 0.6 % of the singlet's, and none is taken. What is left
of its loops, those that almost retrace their way, is wrong by up to a fifth.
"""


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
        Rate of scattering by magnetic impurities J S·σ, over that of all other scattering.
        `coherent_potential` has it; what they add to the resistance is less in strong disorder.

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
    The singlet is on the grid of `ballistic_magnetoconductance`, which is right to 1.5 %. The
    triplet is on one of cells of 0.8 l, and multiplied by what the finer grid changes in the
    singlet: against a finer grid it is then right to 0.2 %. At κl > 3 it is taken as zero.
    Spins in impurities are classical ones of random directions.

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
    -0.0957
    -0.0004
    """
    sizes = _checked(length, width, transport_path, rotation, magnetic_rate)

    def rise(f: float, cooperon: Cooperon) -> float:
        if f == 0 or is_strong(cooperon.rotation, sizes[-1]):
            return 0.0
        return _loops(f, cooperon, sizes) - _loops(0.0, cooperon, sizes)

    triplet, singlet = _over_fluxes(rise, flux, rotation, magnetic_rate)
    return triplet - singlet


def ballistic_spin_correction(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    transport_path: float,
    rotation: float,
    magnetic_rate: float = 0.0,
) -> Prediction:
    """Return what interference of loops changes in T, in a field.

    Loops of three scatterings or more are those of `ballistic_spin_magnetoconductance`. Loops of
    two enclose no flux and rotate no spin, since they retrace their way. They are in all fields,
    and known to a tenth alone: their sum depends on the logarithm of the wave length. Of the
    triplet, longer loops that almost retrace their way outlast any coupling: at κl = 6 they are
    two thirds of the singlet's, with the opposite sign.

    Parameters
    ----------
    flux, length, width, transport_path, rotation, magnetic_rate
        As in `ballistic_spin_magnetoconductance`.

    Returns
    -------
    The correction in e²/h, of the shape of `flux`. The bound is a fifth of loops of two, and at
    κl > 3 a fifth of the triplet.

    Raises
    ------
    ValueError
        As in `ballistic_spin_magnetoconductance`.

    References
    ----------
    Derived in `ballistic_cooperon`.

    Examples
    --------
    Without coupling, the correction of two spins in a weak and in a strong field.

    >>> sizes = {"length": 40.0, "width": 20.0, "transport_path": 2.0, "rotation": 0.0}
    >>> print(np.round(ballistic_spin_correction([1e-3, 2e-2], **sizes).value, 2))
    [-0.96 -0.54]
    """
    sizes = (length, width, transport_path)
    triplet, singlet, pairs = spin_loops(
        flux, *sizes, rotation=rotation, magnetic_rate=magnetic_rate
    )
    unsure = abs(triplet) if is_strong(rotation, transport_path) else 0.0
    return Prediction(
        triplet - singlet + pairs,
        (abs(pairs) + unsure) / 5 * np.ones_like(singlet),
        because="a fifth of loops that retrace their way, which depend on the wave length",
        source="loops of the rectangle at any L/l",
    )


def spin_loops(
    flux: ArrayLike,
    length: float,
    width: float,
    path: float,
    *,
    rotation: float,
    magnetic_rate: float = 0.0,
) -> tuple[Array, Array, float]:
    """Return the parts of `ballistic_spin_correction`, in e²/h.

    They are the sums over loops of three scatterings or more of spin 1 and of spin 0, of the
    shape of the flux, and what loops of two scatterings change in T.
    """
    sizes = _checked(length, width, path, rotation, magnetic_rate)
    triplet, singlet = _over_fluxes(partial(_loops, sizes=sizes), flux, rotation, magnetic_rate)
    one, three = _kept(magnetic_rate)
    return triplet, singlet, (3 * three**2 - one**2) * pair_correction(*sizes)


def is_strong(rotation: float, path: float) -> bool:
    """Return whether no field acts on what the coupling leaves of the triplet."""
    return abs(rotation) * path > STRONGEST_ROTATION


@dataclass(frozen=True)
class Cooperon:
    """What happens to a pair of paths: the share kept at a scattering, and rotation on a way."""

    kept: float
    rotation: float = 0.0
    cell: float | None = None


Sizes = tuple[float, float, float]


def _checked(
    length: float, width: float, path: float, rotation: float, magnetic_rate: float
) -> Sizes:
    """Return L, W and l."""
    sizes = (float(length), float(width), float(path))
    if not (all(size > 0 for size in sizes) and magnetic_rate >= 0 and np.isfinite(rotation)):
        raise ValueError(
            "length, width and transport_path must be positive numbers, rotation a finite one, and "
            f"magnetic_rate must not be negative: they are {length}, {width}, {path}, {rotation} "
            f"and {magnetic_rate}."
        )
    return sizes


def _kept(magnetic_rate: float) -> tuple[float, float]:
    """Return the shares that a singlet and a triplet keep at every scattering."""
    share = magnetic_rate / (1 + magnetic_rate)
    return 1 - 2 * share, 1 - 2 * share / 3


def _over_fluxes(
    loops: Callable[[float, Cooperon], float],
    flux: ArrayLike,
    rotation: float,
    magnetic_rate: float,
) -> tuple[Array, Array]:
    """Return the triplet and the singlet at every flux."""
    angle = abs(float(rotation))
    one, three = map(Cooperon, _kept(magnetic_rate))
    coarse = replace(three, cell=TRIPLET_CELL)

    def triplet(f: float) -> float:
        spinless = loops(f, three)
        if angle == 0 or spinless == 0:
            return 3 * spinless
        return loops(f, replace(coarse, rotation=angle)) * spinless / loops(f, coarse)

    fluxes = np.abs(np.asarray(flux, dtype=float))
    singlets = [loops(float(f), one) for f in fluxes.ravel()]
    triplets = [triplet(float(f)) for f in fluxes.ravel()]
    return np.reshape(triplets, fluxes.shape), np.reshape(singlets, fluxes.shape)


def _loops(flux: float, cooperon: Cooperon, sizes: Sizes) -> float:
    """Return the sum over loops of three scatterings or more."""
    if cooperon.kept == 0:
        return 0.0
    decay = 1 / cooperon.kept - 1
    return loop_rise(flux, *sizes, decay, rotation=cooperon.rotation, cell=cooperon.cell)
