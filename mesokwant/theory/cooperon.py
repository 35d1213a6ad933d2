"""The Cooperon of a diffusive rectangle, solved on a grid for `rectangle`.

Between ideal leads at x = 0 and L and hard walls at y = 0 and W the Cooperon obeys, for a mean
free path that is much shorter than everything else,

    (-i∇ + 2eA/ħ)² C(r, r') = δ(r - r'),   C = 0 at the leads, ∂_n C = 0 at the walls.

It describes a particle of twice the charge that diffuses and is absorbed at both ends. The
functions take the flux in h/e per plaquette and lengths in lattice constants, and give traces of
C and C², with or without a spin-1 index. They keep their results, because claims and figures ask
for the same points again.
"""

import functools

import numpy as np
from numpy.typing import NDArray

ONE = np.eye(1)
S_X = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) / np.sqrt(2)
S_Y = np.array([[0, -1j, 0], [1j, 0, -1j], [0, 1j, 0]]) / np.sqrt(2)


@functools.lru_cache(maxsize=1024)
def conductance_rise(flux: float, length: float, width: float, mass: float = 0.0) -> float:
    """Return (2/L²) [Tr C(0) - Tr C(f)], where a mass 1/L_φ² is added to the operator."""
    if flux == 0:
        return 0.0
    grid = _grid(flux, length, width)
    return 2 / length**2 * (_trace(0.0, *grid, mass=mass) - _trace(flux, *grid, mass=mass))


@functools.lru_cache(maxsize=1024)
def triplet_conductance_rise(flux: float, length: float, width: float, rotation: float) -> float:
    """Return (2/L²) [Tr C(0) - Tr C(f)] of the Cooperon of spin 1 with a spin rotation."""
    if flux == 0:
        return 0.0
    if rotation == 0:
        return 3 * conductance_rise(flux, length, width)
    grid = _grid(flux, length, width)
    traces = [_trace(f, *grid, rotation=rotation) for f in (0.0, flux)]
    return 2 / length**2 * (traces[0] - traces[1])


@functools.lru_cache(maxsize=1024)
def remaining_variance(flux: float, length: float, width: float) -> float:
    """Return Tr C²(f)/Tr C²(0), both on one grid, so that most of the grid's error cancels."""
    if flux == 0:
        return 1.0
    grid = _grid(flux, length, width)
    # Tr C² = -d/dm Tr C with a mass m added to the operator, small against its lowest level.
    mass = 0.03 * (np.pi / length) ** 2
    slopes = [_trace(f, *grid, mass=-mass) - _trace(f, *grid, mass=mass) for f in (flux, 0.0)]
    return slopes[0] / slopes[1]


def _grid(flux: float, length: float, width: float) -> tuple[float, float, int, int]:
    """Return steps along and across, the number of inner slices, and that of cells across.

    A cell is at most half a magnetic length (ħ/2eB)^½ and a 24th of the width. The docstrings
    in `rectangle` state the error that remains.
    """
    cells = max(24, int(np.ceil(2 * width * np.sqrt(4 * np.pi * flux))))
    step = width / cells
    slices = max(8, round(length / step))
    return length / slices, step, slices - 1, cells


def _trace(
    flux: float,
    dx: float,
    dy: float,
    slices: int,
    cells: int,
    *,
    mass: float = 0.0,
    rotation: float = 0.0,
) -> float:
    """Return the trace of the inverse of (-i∇ + 2eA/ħ)² + m on a grid, with A = (-By, 0).

    The inverse is built slice by slice. With a rotation the particle has spin 1, which turns
    about -y on the way along x and about x on the way along y.
    """
    y = (np.arange(cells) - (cells - 1) / 2) * dy
    spin_along, spin_across = (
        (_spin_rotation(S_Y, -rotation * dx), _spin_rotation(S_X, rotation * dy))
        if rotation
        else (ONE, ONE)
    )
    hop = np.kron(np.diag(np.exp(-4j * np.pi * flux * y * dx)), spin_along) / dx**2
    step = np.kron(np.eye(cells, k=1), spin_across)
    walls = np.full(cells, 2.0)
    walls[0] = walls[-1] = 1.0
    onsite = np.kron(np.diag(walls / dy**2 + 2 / dx**2 + mass), np.eye(len(spin_across)))
    onsite = onsite - (step + step.conj().T) / dy**2
    # Self-energies of the slices before (smaller x) and after the slice that is inverted.
    before, after = ([np.zeros_like(hop)] for _ in range(2))
    for _ in range(slices - 1):
        before.append(hop.conj().T @ np.linalg.solve(onsite - before[-1], hop))
        after.append(hop @ np.linalg.solve(onsite - after[-1], hop.conj().T))
    inverses = (np.linalg.inv(onsite - before[i] - after[slices - 1 - i]) for i in range(slices))
    return float(sum(np.trace(inverse).real for inverse in inverses))


def _spin_rotation(spin: NDArray[np.complex128], angle: float) -> NDArray[np.complex128]:
    """Return exp(i angle S) for a component S of spin 1, whose third power is S itself."""
    return np.eye(3) + 1j * np.sin(angle) * spin + (np.cos(angle) - 1) * spin @ spin
