"""The grid on which the `ballistic_cooperon` is solved, and the matrices of its kernels.

`Grid` divides a rectangle into cells and says what a straight way between two of them carries
without a field. `Grid.matrices` adds the phase of the field, and the rotation of a spin 1 where
there is spin-orbit coupling. All lengths are in mean free paths.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .spin_ways import MIRROR, way_rotations
from .strip_arrivals import Arrivals

Array = NDArray[np.float64]
Tables = dict[str, Array]

RANGE = 12.0
"""Ways longer than so many mean free paths are left out."""
LARGEST_GRID = 6000


class Grid:
    """Cells of a rectangle and what a straight way between two of them carries without a field.

    The matrices need the columns before the middle alone, which is all if not `whole`.
    """

    def __init__(
        self, s: float, w: float, cell: float, flow: Arrivals | None = None, *, whole: bool = False
    ) -> None:
        self.columns = 2 * max(4, int(np.ceil(s / cell / 2)))
        self.rows = max(6, int(np.ceil(w / cell)))
        if self.columns * self.rows > LARGEST_GRID:
            raise ValueError(
                f"A rectangle of {s:.3g} x {w:.3g} mean free paths needs "
                f"{self.columns * self.rows} cells, more than {LARGEST_GRID}: use "
                "rectangle_magnetoconductance or rectangle_variance_in_field, which are for many "
                "mean free paths."
            )
        self.ends = self.columns if whole else self.columns // 2
        """Number of columns at which a way ends."""
        self.dx, self.dy = s / self.columns, w / self.rows
        self.flow = Arrivals(s) if flow is None else flow
        self.reach = int(RANGE / self.dy) + 1
        """Cells in y beyond which nothing is seen."""
        self.kernel = _kernel(self.columns, self.reach + 1, self.dx, self.dy)
        self.tables = self._tables()

    def _tables(self) -> Tables:
        """Return all kernels from column j to i at |Δy| = 0, 1, ... cells, without their phase."""
        x = np.asarray((np.arange(self.columns) + 0.5) * self.dx, dtype=float)
        i, j, d = np.ogrid[: self.ends, : self.columns, : self.reach + 1]
        distance = np.hypot((i - j) * self.dx, d * self.dy)
        cosine = np.abs(i - j) * self.dx / np.where(distance > 0, distance, 1)
        i, j, d = np.broadcast_arrays(i, j, d)
        rightwards = i >= j
        flow = self.flow
        q = flow.fraction(~rightwards, cosine, x[i])
        p = flow.fraction(rightwards, cosine, x[j])
        q_start = flow.fraction(~rightwards, cosine, x[j])
        m = p * q_start / 4 + flow.decay(x[i], x[j], distance)
        tables = {name: self.kernel[abs(i - j), d] * value for name, value in _weights(p, q, m)}
        same = np.arange(self.ends)
        length = _mean_distance(self.dx, self.dy)
        for index, name in enumerate(tables):

            def at_one_place(
                p: Array, q: Array, u: Array, product: Array, index: int = index
            ) -> Array:
                return _weights(p, q, p * q / 4 + (u * q - product) * length / 4)[index][1]

            tables[name][same, same, 0] = self.kernel[0, 0] * flow.averaged(at_one_place, x[same])
        return tables


def _weights(p: Array, q: Array, m: Array) -> list[tuple[str, Array]]:
    """Return what the kernel is multiplied by in each element of the matrix K."""
    return [
        ("hop", np.ones_like(p)),
        ("a", q / 2),
        ("b", p / 2),
        ("d", -m),
        ("e", -(q**2 + p**2) / 4),
        ("c", q * p / 4),
        ("e2", m**2 + q**2 * p**2 / 16),
        ("a2", -(m * q / 2 + p**2 * q / 8)),
        ("b2", -(m * p / 2 + q**2 * p / 8)),
    ]


kept_grid = functools.lru_cache(maxsize=32)(Grid)
"""Return the grid of a rectangle, with cells of at most this size."""


def _kernel(columns: int, rows: int, dx: float, dy: float) -> Array:
    """Return weights with which the kernel acts on smooth functions, for distances in cells.

    The average over both cells takes the singularity at R = 0 well, but it smears functions. A
    twelfth of the second difference takes that back. The cell itself gets what is missing from a
    sum of one: in the bulk no particle is lost.
    """
    n = (max(columns, int(16 / dx) + 2), max(rows, int(16 / dy) + 2))
    i, j = np.ogrid[: n[0], : n[1]]
    k = _cell_average(i, j, dx, dy, points=4)
    k[:5, :5] = _cell_average(i[:5], j[:, :5], dx, dy, points=100)
    around = np.pad(np.pad(k, ((1, 0), (1, 0)), mode="reflect"), ((0, 1), (0, 1)))
    beside = around[2:, 1:-1] + around[:-2, 1:-1] + around[1:-1, 2:] + around[1:-1, :-2]
    k -= (beside - 4 * k) / 12
    count = np.outer(np.where(np.arange(n[0]) > 0, 2, 1), np.where(np.arange(n[1]) > 0, 2, 1))
    k[0, 0] += 1 - np.sum(count * k)
    return k[:columns, :rows]


def _offsets(points: int) -> tuple[Array, Array]:
    """Return distances of two points of a cell along one side, in cells, and their weights."""
    offsets = (np.arange(points) + 0.5) / points * 2 - 1
    weights = 1 - np.abs(offsets)
    return offsets, weights / weights.sum()


def _cell_average(
    i: NDArray[np.int_], j: NDArray[np.int_], dx: float, dy: float, *, points: int
) -> Array:
    """Return the kernel times the area of a cell, averaged over both cells."""
    offsets, weights = _offsets(points)
    total = np.zeros(np.broadcast(i, j).shape)
    for x, weight in zip(offsets, weights, strict=True):
        r = np.hypot((i + x)[..., None] * dx, (j[..., None] + offsets) * dy)
        total += weight * np.sum(np.exp(-r) / r * weights, axis=-1)
    return total * dx * dy / (2 * np.pi)


def _mean_distance(dx: float, dy: float) -> float:
    """Return the mean length of a way that ends in the cell where it began."""
    offsets, weights = _offsets(100)
    r = np.hypot(offsets[:, None] * dx, offsets * dy)
    density = np.exp(-r) * np.outer(weights, weights)
    return float(np.sum(density) / np.sum(density / r))


def matrices(
    grid: Grid, flux: float, names: Sequence[str] | None = None, *, rotation: float = 0.0
) -> Tables:
    """Return the matrices from all cells to those of the grid's `ends`.

    The mirror y -> -y takes a matrix into its complex conjugate. With the mirror S, the rotation
    (1 + iS)/√2 makes A real: Re A - Im A S.

    Parameters
    ----------
    grid
        The cells and what ways between them carry.
    flux
        Flux per square of the mean free path, in h/e.
    names
        The matrices that are wanted, all by default.
    rotation
        Angle κl by which the spin turns on a mean free path. If it is not 0, every cell has
        three places, one for every component of the spin 1.
    """
    names = list(grid.tables) if names is None else names
    ends, columns, rows = grid.ends, grid.columns, grid.rows
    spin = 3 if rotation else 1
    shape = (ends, rows, spin, columns, rows, spin)
    result = {name: np.zeros(shape) for name in names}
    to_mirror = {name: np.zeros(shape) for name in names} if flux else {}
    y = np.asarray(np.arange(rows) + 0.5, dtype=float)
    turn = 4 * np.pi * flux * grid.dx * grid.dy
    steps = np.arange(ends)[:, None] - np.arange(columns)
    every_step = np.arange(1.0 - columns, ends)
    for image in range(-(grid.reach // (2 * rows)) - 1, grid.reach // (2 * rows) + 2):
        for side in (1, -1):
            end = side * y + 2 * rows * image
            dy = end[:, None] - y
            seen = np.abs(dy) <= grid.reach
            if not seen.any():
                continue
            cells = np.minimum(np.rint(np.abs(dy)).astype(int), grid.reach)
            rise = _unfolded(end, rows)[:, None] - _unfolded(y, rows)
            height = np.where(dy == 0, y - rows / 2, rise / np.where(dy == 0, 1, dy))
            phase = -turn * every_step[:, None, None] * height
            spins = np.ones((1, 1, 1, 1, 1))
            if rotation:
                angle = (rotation * grid.dx, rotation * grid.dy)
                spins = way_rotations(every_step, end, y, rows, angle=angle)
            even, odd = (
                (np.where(seen, part, 0.0)[..., None, None] * spins)[steps + columns - 1].transpose(
                    0, 2, 4, 1, 3, 5
                )
                for part in (np.cos(phase), np.sin(phase))
            )
            for name in names:
                value = grid.tables[name][:, :, cells].transpose(0, 2, 1, 3)
                value = value[:, :, None, :, :, None]
                result[name] += value * even
                if flux:
                    to_mirror[name] += value * odd
    for name, mirrored in to_mirror.items():
        result[name] -= mirrored[:, :, :, :, ::-1] * (MIRROR if rotation else 1.0)
    size = rows * spin
    return {name: matrix.reshape(ends * size, columns * size) for name, matrix in result.items()}


def _unfolded(y: Array, rows: int) -> Array:
    """Return the integral of the height over the middle, along y with all reflections undone."""
    y = y % (2 * rows)
    back = 2 * rows - y
    return np.where(y < rows, y * (y - rows) / 2, -back * (back - rows) / 2)
