"""The Cooperon of a diffusive rectangle, solved on a grid for `rectangle`.

Between ideal leads at x = 0 and L and hard walls at y = 0 and W the Cooperon obeys, for a mean
free path that is much shorter than everything else,

    (-i∇ + 2eA/ħ)² C(r, r') = δ(r - r'),   C = 0 at the leads, ∂_n C = 0 at the walls.

It describes a particle of twice the charge that diffuses and is absorbed at both ends. The
functions take the flux in h/e per plaquette and lengths in lattice constants, and give traces of
C and C², with or without a spin-1 index. They keep their results, because claims and figures ask
for the same points again.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import zpotrf, zpotri

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

# Spin 1 in the basis in which S_y is diagonal, so that hopping along x is diagonal as well.
S_X = np.array([[0, -1j, 0], [1j, 0, -1j], [0, 1j, 0]]) / np.sqrt(2)
S_Y = np.array([1, 0, -1])
"""The diagonal of S_y."""


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


@functools.lru_cache(maxsize=1024)
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
    about -y on the way along x and about x on the way along y. A rotation of the rectangle and of
    the spin by π about z leaves the operator as it is and reverses the order of its basis, so the
    self-energy of the slices after x is known from that of the slices before L - x.
    """
    y = (np.arange(cells) - (cells - 1) / 2) * dy
    along = np.exp(-4j * np.pi * flux * y * dx) / dx**2
    across = np.eye(1, dtype=complex)
    if rotation:
        along = np.kron(along, np.exp(-1j * rotation * dx * S_Y))
        across = _spin_rotation(S_X, rotation * dy)
    step = np.kron(np.eye(cells, k=1), across)
    walls = np.full(cells, 2.0)
    walls[0] = walls[-1] = 1.0
    onsite = np.kron(np.diag(walls / dy**2 + 2 / dx**2 + mass), np.eye(len(across)))
    onsite = onsite - (step + step.conj().T) / dy**2
    with _libraries().limit(limits=1):
        return _trace_of_inverse(onsite.astype(complex), along.conj()[:, None] * along, slices)


def _trace_of_inverse(
    onsite: NDArray[np.complex128], hops: NDArray[np.complex128], slices: int
) -> float:
    """Return the trace for slices that are alike, where a hop multiplies by `hops` elementwise."""
    # Self-energies of the slices before (at smaller x) each slice.
    before = [np.zeros_like(onsite)]
    for _ in range(slices - 1):
        before.append(hops * _inverse(onsite - before[-1]))
    total = 0.0
    for i in range((slices + 1) // 2):
        after = before[slices - 1 - i][::-1, ::-1]
        trace = np.trace(_inverse(onsite - before[i] - after)).real
        total += trace if 2 * i == slices - 1 else 2 * trace  # Slices at x and L - x are alike.
    return float(total)


@functools.cache
def _libraries() -> ThreadpoolController:
    """Return the libraries of linear algebra that are loaded.

    On matrices as small as those here, their threads cost more time than they save, and a
    hundred times more where the processors are busy.
    """
    from threadpoolctl import ThreadpoolController  # Its import takes 10 ms.

    return ThreadpoolController()


def _inverse(matrix: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return the inverse of a positive definite matrix; numpy's general one takes thrice as long.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the matrix is not positive definite.
    """
    factor, failed = zpotrf(matrix)
    if failed:
        raise np.linalg.LinAlgError(
            "The operator of the Cooperon is not positive: choose a mass above -(π/L)²."
        )
    upper = zpotri(factor)[0]  # Below the diagonal it is zero.
    inverse = upper + upper.conj().T
    np.fill_diagonal(inverse, upper.diagonal().real)
    return inverse


def _spin_rotation(spin: NDArray[np.complex128], angle: float) -> NDArray[np.complex128]:
    """Return exp(i angle S) for a component S of spin 1, whose third power is S itself."""
    return np.eye(3) + 1j * np.sin(angle) * spin + (np.cos(angle) - 1) * spin @ spin
