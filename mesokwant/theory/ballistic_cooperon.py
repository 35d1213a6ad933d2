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
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .ballistic_grid import Grid, Tables, kept_grid, matrices
from .cooperon import _libraries
from .spin_ways import HALF_TURN

Array = NDArray[np.float64]
Loops = Callable[[Tables, Tables], float]

CELLS = 640
"""Number of cells of a grid, as far as their side is within the limits."""
SMALLEST_CELL, LARGEST_CELL = 0.3, 0.6
"""Limits of the side of a cell, in mean free paths."""
OF_RISE = ("hop", "e", "a", "b")
"""The matrices that the rise needs."""


@functools.lru_cache(maxsize=4096)
def loop_rise(
    flux: float,
    length: float,
    width: float,
    path: float,
    decay: float = 0.0,
    *,
    rotation: float = 0.0,
    cell: float | None = None,
) -> float:
    """Return δg of loops of three scatterings or more.

    A loop loses the factor 1/(1 + decay) at each of its scatterings. With a rotation, by which
    a spin turns on a lattice constant, it is the sum over the three components of a spin 1. The
    cell is the largest side of a cell in mean free paths, `CELLS` cells by default.

    Raises
    ------
    ValueError
        If the rectangle has more mean free paths than the grid can take.
    """
    grid = _grid(length / path, width / path, cell)
    with _libraries().limit(limits=1):
        kernels = matrices(grid, flux * path**2, OF_RISE, rotation=rotation * path)
        return over_parities(kernels, rise_of, decay, spin=bool(rotation))


@functools.lru_cache(maxsize=1024)
def pair_correction(length: float, width: float, path: float) -> float:
    """Return δg of loops of two scatterings, with the side of a cell as the shortest distance.

    They enclose no flux. Their sum grows with the logarithm of the shortest distance, which is a
    part of the wave length: a factor of two changes it by a tenth.

    Raises
    ------
    ValueError
        If the rectangle has more mean free paths than the grid can take.
    """
    grid = _grid(length / path, width / path, None)
    with _libraries().limit(limits=1):
        return over_parities(matrices(grid, 0.0, OF_RISE), pairs_of)


@functools.lru_cache(maxsize=1024)
def loop_variance(
    flux: float,
    length: float,
    width: float,
    path: float,
    decay: float = 0.0,
    *,
    cell: float | None = None,
) -> float:
    """Return the Cooperon's part of var g, of loops of three scatterings or more.

    A loop loses the factor 1/(1 + decay) at each of its scatterings. The cell is that of
    `loop_rise`.

    Raises
    ------
    ValueError
        If the rectangle has more mean free paths than the grid can take.
    """
    grid = _grid(length / path, width / path, cell)
    with _libraries().limit(limits=1):
        return over_parities(matrices(grid, flux * path**2), variance_of, decay)


def _grid(length: float, width: float, cell: float | None) -> Grid:
    """Return the grid of a rectangle with cells of at most this size, all in mean free paths."""
    if cell is None:
        cell = float(np.clip((length * width / CELLS) ** 0.5, SMALLEST_CELL, LARGEST_CELL))
    return kept_grid(length, width, cell)


def over_parities(
    kernels: Tables, loops: Loops, decay: float = 0.0, *, spin: bool = False
) -> float:
    """Return a sum over loops from its two parities under a rotation by π.

    The rotation reverses the order of all cells and changes the sign of p and q. It rotates the
    spin as well, if there is one.
    """
    parities: list[Tables] = [{}, {}]
    for name, matrix in kernels.items():
        size = len(matrix)
        near, far = matrix[:, :size], matrix[:, size:]
        if spin:
            cells = far.reshape(size, -1, 3)[:, ::-1] * HALF_TURN
            far = cells.reshape(size, size)
        else:
            far = far[:, ::-1]
        parities[0][name] = (near + far) / (1 + decay)
        parities[1][name] = (near - far) / (1 + decay)
    return loops(*parities) + loops(*parities[::-1])


def rise_of(kernels: Tables, massive: Tables) -> float:
    """Return δg of loops that begin in RA or AR with one parity.

    RR and AA that such a loop passes have the other parity, that of `massive`, because p and q
    are odd.
    """
    hop, e = kernels["hop"], kernels["e"]
    ways = _ways(hop)
    v = massive["b"] @ kernels["a"]
    return 4 * (_trace(ways - hop, e) + 2 * _trace(ways, v))


def pairs_of(kernels: Tables, massive: Tables) -> float:
    """Return the part of δg that `rise_of` leaves out: loops of two scatterings."""
    return 4 * (_trace(kernels["hop"], kernels["e"]) + 2 * _trace(massive["b"], kernels["a"]))


def variance_of(kernels: Tables, massive: Tables) -> float:
    """Return the part of var g of loops that begin in RA or AR with one parity."""
    hop, d, e, e2, a, a2 = (kernels[name] for name in ("hop", "d", "e", "e2", "a", "a2"))
    b, b2, c = (massive[name] for name in ("b", "b2", "c"))
    ways = _ways(hop)
    g = ways + np.eye(len(hop))
    v = b @ a
    single, mixed, out = g @ (d + v), g @ (e + 2 * v), g @ b
    return 16 * (
        2 * (_trace(single, single) - _trace(d, d))
        + _trace(mixed, mixed)
        - _trace(e, e)
        + 2 * _trace(ways - hop, e2)
        + 4 * (_trace(out - b, a2) + _trace(a @ ways, b2))
        + 12 * _trace(a @ out, c)
    )


def _ways(hop: Array) -> Array:
    """Return the sum over one scattering and more, 1/(1 - hop) - 1."""
    unity = np.eye(len(hop))
    return np.asarray(np.linalg.inv(unity - hop) - unity)


def _trace(a: Array, b: Array) -> float:
    """Return the trace of a b."""
    return float(np.einsum("ij,ji->", a, b, optimize=False))
