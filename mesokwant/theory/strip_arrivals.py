"""Where the particles of a strip come from: the classical side of the `ballistic_cooperon`.

Between ideal leads at x = 0 and s, in units of the mean free path, isotropic scatterers turn
particles into all directions alike. Of those that are at x and move along n, a fraction p_n(x)
comes from the right lead:

    n_x dp_n/dx = u - p_n,   u(x) = <p_n(x)> over all directions,   p = 0 or 1 at the leads.

Walls that reflect like mirrors change n_y alone, so that p depends on x and n_x only.

>>> print(f"{Arrivals(10.0).transmission:.4f}")  # 1/(1 + 2s/π), and a little less at the leads.
0.1350
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DIRECTIONS = 40
POINTS = 241


class Arrivals:
    """The fraction that came from the right lead, less one half, for every place and direction.

    It is antisymmetric: p_n(x) = -p_-n(s - x). To add a constant to p and u changes no physical
    quantity; one half less keeps the numbers that cancel in the Cooperon smallest.

    Parameters
    ----------
    s
        Distance of the leads over the mean free path from one scattering to the next.
    shift
        Constant that is added to p and u.
    """

    def __init__(self, s: float, *, shift: float = -0.5) -> None:
        self.x = np.linspace(0, s, POINTS)
        nodes, weights = np.polynomial.legendre.leggauss(DIRECTIONS)
        self.cosines = np.cos(np.pi / 4 * (nodes + 1))[::-1]
        self.weights = weights[::-1] / 2
        rightwards = _propagation(self.x[1] / self.cosines)
        leftwards = rightwards[:, ::-1, ::-1]
        lead = np.exp(-(s - self.x) / self.cosines[:, None])
        returned = np.einsum("m,mij->ij", self.weights, (rightwards + leftwards) / 2)
        source = self.weights @ lead / 2
        fraction = np.linalg.solve(np.eye(POINTS) - returned, source)
        p = np.stack([rightwards @ fraction, leftwards @ fraction + lead])
        flow = self.weights * self.cosines
        self.transmission = float(flow @ p[1, :, 0] / flow.sum())
        self.p = p + shift
        self.u = fraction + shift
        self.product = self.weights @ (self.p[0] * self.p[1])
        rate = self.u * self.p[::-1] - self.product
        steps = (rate[..., 1:] + rate[..., :-1]) / 2 * self.x[1]
        self._sum = np.concatenate([np.zeros_like(rate[..., :1]), np.cumsum(steps, axis=-1)], -1)

    def fraction(self, rightwards: NDArray[np.bool_], cosine: Array, x: Array) -> Array:
        """Return p at places x for directions with this |n_x|."""
        return self._interpolated(self.p, rightwards, cosine, x)

    def decay(self, x: Array, start: Array, distance: Array) -> Array:
        """Return ∫ (u p_-n - <p p_->)/4 along the straight path from start to x.

        `distance` is the length of the path. It is what a rotation of one of the two paths adds
        to the damping of the Cooperon.
        """
        rightwards = x >= start
        cosine = np.abs(x - start) / np.where(distance > 0, distance, 1.0)
        ends = [self._interpolated(self._sum, rightwards, cosine, place) for place in (x, start)]
        steep = np.where(x == start, 1.0, x - start)
        along_wall = np.interp(x, self.x, self.u**2 - self.product)
        return np.where(x == start, along_wall, (ends[0] - ends[1]) / steep) * distance / 4

    def averaged(self, function: Callable[[Array, Array, Array, Array], Array], x: Array) -> Array:
        """Return the average over all directions of a function of p, p_-n, u and <p p_-> at x."""
        p = np.array([[np.interp(x, self.x, row) for row in half] for half in self.p])
        u, product = np.interp(x, self.x, self.u), np.interp(x, self.x, self.product)
        both = (function(p[0], p[1], u, product) + function(p[1], p[0], u, product)) / 2
        return self.weights @ both

    def _interpolated(
        self, table: Array, rightwards: NDArray[np.bool_], cosine: Array, x: Array
    ) -> Array:
        """Return the table between its nodes, by linear interpolation in |n_x| and x."""
        i = np.interp(cosine, self.cosines, np.arange(DIRECTIONS))
        j = np.clip(x / self.x[1], 0, POINTS - 1)
        low_i, low_j = (
            np.minimum(i.astype(int), DIRECTIONS - 2),
            np.minimum(j.astype(int), POINTS - 2),
        )
        i, j = i - low_i, j - low_j
        k = np.where(rightwards, 0, 1)
        below = (1 - j) * table[k, low_i, low_j] + j * table[k, low_i, low_j + 1]
        above = (1 - j) * table[k, low_i + 1, low_j] + j * table[k, low_i + 1, low_j + 1]
        return (1 - i) * below + i * above


def _propagation(step: Array) -> Array:
    """Return p of particles that move to the right, from a u that is linear between the points."""
    kept = np.exp(-step)
    new = 1 - (1 - kept) / step
    old = (1 - kept) / step - kept
    result = np.zeros((len(step), POINTS, POINTS))
    for i in range(1, POINTS):
        result[:, i] = kept[:, None] * result[:, i - 1]
        result[:, i, i - 1] += old
        result[:, i, i] += new
    return result
