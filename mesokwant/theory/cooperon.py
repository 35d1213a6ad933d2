"""Magnetoconductance of a rectangle of any shape: the Cooperon, solved on a grid.

Between ideal leads at x = 0 and L and hard walls at y = 0 and W the Cooperon obeys, for l much
shorter than everything else,

    (-i∇ + 2eA/ħ)² C(r, r') = δ(r - r'),   C = 0 at the leads, ∂_n C = 0 at the walls,

a particle of twice the charge that diffuses and is absorbed at both ends, and

    δg = -(2/L²) ∫ C(r, r) d²r.

δg itself grows with the logarithm of the short-distance cutoff l; its change with the field does
not depend on a cutoff. For L_B, L >> W it is the quasi-1D `wire_line_shape`. Near the leads the
field acts less, and the rise is lower by about 4 (W/L)²: 4 % at L = 10 W, 14 % at 5 W, and a
third at 2.5 W (for a = L/L_B = 3).
"""

import functools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .diffusive import _ballistic_factor

Array = NDArray[np.float64]


def box_magnetoconductance(
    flux: ArrayLike, length: float, width: float, *, s: float = np.inf
) -> Array:
    """Rise δg(f) - δg(0) of the conductance of a rectangle without a spin index (β = 1 at f = 0).

    The factor of finite s = L/l, s³/(1+s)³, is exact for a long wire without field and an
    interpolation here. Valid for magnetic lengths longer than l.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    length, width
        L between the leads and W between the walls, in lattice constants.
    s
        Length over mean free path; leave out for l -> 0.

    Source
    ------
    The equation: Altshuler and Aronov, in Electron-Electron Interactions in Disordered Systems
    (1985), Sec. 2; leads and finite size as in Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039
    (1987). Solved here.
    """
    fluxes = np.abs(np.asarray(flux, dtype=float))
    rises = [_rise(float(f), float(length), float(width)) for f in fluxes.ravel()]
    return np.reshape(rises, fluxes.shape) * _ballistic_factor(s) ** 3


@functools.lru_cache(maxsize=1024)
def _rise(flux: float, length: float, width: float) -> float:
    if flux == 0:
        return 0.0
    # Cells shorter than the magnetic length (ħ/2eB)^½ and than a 24th of the width: 0.5 per cent.
    cells = max(24, int(np.ceil(2 * width * np.sqrt(4 * np.pi * flux))))
    step = width / cells
    slices = max(8, round(length / step))
    grid = (length / slices, step, slices - 1, cells)
    return 2 / length**2 * (_trace(0.0, *grid) - _trace(flux, *grid))


def _trace(flux: float, dx: float, dy: float, slices: int, cells: int) -> float:
    """Trace of the inverse of (-i∇ + 2eA/ħ)² on a grid, slice by slice; A = (-By, 0)."""
    y = (np.arange(cells) - (cells - 1) / 2) * dy
    hop = np.exp(-4j * np.pi * flux * y * dx) / dx**2
    across = 2.0 * np.eye(cells) - np.eye(cells, k=1) - np.eye(cells, k=-1)
    across[0, 0] = across[-1, -1] = 1.0
    onsite = across / dy**2 + 2 / dx**2 * np.eye(cells)
    # Self-energies of what lies on the left; those of the right are their transposes mirrored.
    left = [np.zeros((cells, cells), complex)]
    for _ in range(slices - 1):
        left.append(hop.conj()[:, None] * np.linalg.inv(onsite - left[-1]) * hop)
    inverses = (
        np.linalg.inv(onsite - left[i] - left[slices - 1 - i].conj()) for i in range(slices)
    )
    return float(sum(np.trace(inverse).real for inverse in inverses))
