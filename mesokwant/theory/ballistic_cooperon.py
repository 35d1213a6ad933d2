"""The Cooperon of a rectangle with isotropic scatterers, at any ratio of length to mean free path.

Two paths that pass the same scatterers in opposite order keep their phase from one scatterer r'
to the next r with the kernel

    k(r, r') = exp(-R/l)/(2π l R) exp(i φ),   R = |r - r'|,

where φ is that of a charge 2e on the straight way, reflected by the walls. Nothing is assumed on
the length of the paths: the kernel is the whole of the physics, leads absorb, and a field that is
stronger than diffusion allows is in φ.

How such loops change transmission follows from the action for the diagonalized disorder (a matrix
Q(r) of retarded and advanced components), whose saddle point is turned by small angles α, β
between the leads, one for each of the two factors of a variance. Its straight paths carry the
`Arrivals` p_n, the classical fraction from the right lead, and fluctuations of Q between the
two factors obey W = K W with a 4 x 4 matrix of kernels: RA and AR, which are the two directions
of the Cooperon, and the massive RR and AA. With q = p_-n(r), p = p_n(r'), n the direction of the
way, and m = pq/4 + `Arrivals.decay`,

    RA -> AA: a = k q/2 (and a₂ = -k (m q/2 + p² q/8)),   AA -> RA: b = k p/2 (and b₂),
    RA -> RA: d = -k m for α² or β², e₂ = k (m² + q² p²/16) for both,
    RA -> AR: e = -k (q² + p²)/4 for αβ,   AA -> AA: c = k p q/4.

The orders α² of ln det(1 - K) and α² β² give, with G = 1/(1 - k) and V = b a,

    δg    = 4 Tr G (e + 2V),
    var g = 16 { 2 Tr [G (d + V)]² + Tr [G (e + 2V)]² + 2 Tr G e₂
                 + 4 Tr G (b a₂ + b₂ a) + 12 Tr G b c a }.

e alone is backscattering, and 2V the scattering into other directions that is lost to it. Loops
of one or two scatterers enclose no flux: they are left out, and what is left converges.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from .cooperon import _libraries
from .strip_arrivals import Arrivals

Array = NDArray[np.float64]
Tables = dict[str, Array]

RANGE = 12.0
"""Ways longer than so many mean free paths are left out."""
CELL = 0.6
"""Largest cell of the grid, in mean free paths."""
LARGEST_GRID = 6000


@functools.lru_cache(maxsize=1024)
def loop_sums(
    flux: float, length: float, width: float, path: float, decay: float = 0.0, cell: float = CELL
) -> tuple[float, float]:
    """Return δg and the Cooperon's part of var g, of loops of three scatterings or more.

    A loop loses the factor 1/(1 + decay) at each of its scatterings.

    Raises
    ------
    ValueError
        If the rectangle has more mean free paths than the grid can take.
    """
    grid = _grid(length / path, width / path, cell)
    with _libraries().limit(limits=1):
        return _sums(_matrices(grid, flux * path**2), decay)


def _sums(matrices: Tables, decay: float) -> tuple[float, float]:
    """Return δg and the part of var g, from both parities under a rotation by π.

    The rotation reverses the order of all cells and changes the sign of p and q.
    """
    parities: list[Tables] = [{}, {}]
    for name, matrix in matrices.items():
        size = len(matrix)
        near, far = matrix[:, :size], matrix[:, : size - 1 : -1]
        parities[0][name] = (near + far) / (1 + decay)
        parities[1][name] = (near - far) / (1 + decay)
    rises, variances = zip(_loops(*parities), _loops(*parities[::-1]), strict=True)
    return sum(rises), sum(variances)


def _loops(matrices: Tables, massive: Tables) -> tuple[float, float]:
    """Return both sums over loops that begin in RA or AR with one parity.

    RR and AA that such a loop passes have the other parity, that of `massive`, because p and q
    are odd.
    """
    hop, d, e, e2, a, a2 = (matrices[name] for name in ("hop", "d", "e", "e2", "a", "a2"))
    b, b2, c = (massive[name] for name in ("b", "b2", "c"))
    unity = np.eye(len(hop))
    g = np.linalg.inv(unity - hop)
    ways = g - unity
    v = b @ a
    single, mixed, out = g @ (d + v), g @ (e + 2 * v), g @ b
    rise = 4 * (_trace(ways - hop, e) + 2 * _trace(ways, v))
    variance = 16 * (
        2 * (_trace(single, single) - _trace(d, d))
        + _trace(mixed, mixed)
        - _trace(e, e)
        + 2 * _trace(ways - hop, e2)
        + 4 * (_trace(out - b, a2) + _trace(a @ ways, b2))
        + 12 * _trace(a @ out, c)
    )
    return rise, variance


def _trace(a: Array, b: Array) -> float:
    """Return the trace of a b."""
    return float(np.einsum("ij,ji->", a, b, optimize=False))


# -- the grid, in mean free paths ---------------------------------------------------------------


class _Grid:
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


_grid = functools.lru_cache(maxsize=4)(_Grid)
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


def _matrices(grid: _Grid, flux: float) -> Tables:
    """Return the matrices from all cells to those of the grid's `ends`.

    The mirror y -> -y takes a matrix into its complex conjugate. With the mirror S, the rotation
    (1 + iS)/√2 makes A real: Re A - Im A S. Flux is per square of the mean free path.
    """
    ends, columns, rows = grid.ends, grid.columns, grid.rows
    result = {name: np.zeros((ends, rows, columns, rows)) for name in grid.tables}
    y = np.asarray(np.arange(rows) + 0.5, dtype=float)
    turn = 4 * np.pi * flux * grid.dx * grid.dy
    steps = np.arange(ends)[:, None] - np.arange(columns)
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
            phase = -turn * steps[:, None, :, None] * height[None, :, None, :]
            cosine, sine = (
                np.where(seen[None, :, None, :], function(phase), 0.0)
                for function in (np.cos, np.sin)
            )
            for name, table in grid.tables.items():
                value = table[:, :, cells].transpose(0, 2, 1, 3)
                result[name] += value * cosine
                if flux:
                    result[name] -= (value * sine)[..., ::-1]
    return {name: matrix.reshape(ends * rows, columns * rows) for name, matrix in result.items()}


def _unfolded(y: Array, rows: int) -> Array:
    """Return the integral of the height over the middle, along y with all reflections undone."""
    y = y % (2 * rows)
    back = 2 * rows - y
    return np.where(y < rows, y * (y - rows) / 2, -back * (back - rows) / 2)
