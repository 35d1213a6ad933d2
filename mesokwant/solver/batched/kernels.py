"""Compiled kernels: eliminate the interior of one group of samples, a sample per SIMD lane.

A front holds the upper triangle of a Hermitian matrix, row by row, each
element as `LANES` numbers, one per sample; imaginary parts lie in a second
plane. Eliminating the pivots k = 0, 1, ... in turn takes

    F[j, i] -= conj(F[k, j]) F[k, i] / F[k, k],    k < j <= i,

from the rest. This is the factorization F = U† D U with a real D and without
interchange of pivots. It takes half of the operations of an LU decomposition,
and all lanes do the same. The price is growth: a pivot near zero makes the
subtracted terms huge, and rounding errors with them. The largest
|F[k, j]|² / |F[k, k]| of every sample is returned for the growth monitor
(`growth`) to judge.

Loops are blocked so that a 4 x 4 (complex: 4 x 2) block of F stays in registers
while pivots are subtracted, and panels of `PANEL` pivots stay in the cache.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .dissection import Dissection, padded
from .simd import LANES, add, div, fma, larger, load, mul, neg, spread, store, sub

PANEL = 32
"""Pivots that are subtracted from the rest of a front in one sweep."""


@njit(cache=True)
def _subtract_real(F, W, ld, j, i, k0, k1):
    """F[j:j+4, i:i+4] += sum over pivots k0 <= k < k1 of W[k - k0, j] F[k, i]."""
    step = ld * LANES
    o = (j * ld + i) * LANES
    p, q, r = o + step, o + 2 * step, o + 3 * step
    a0, a1 = load(F, o), load(F, o + LANES)
    a2, a3 = load(F, o + 2 * LANES), load(F, o + 3 * LANES)
    b0, b1 = load(F, p), load(F, p + LANES)
    b2, b3 = load(F, p + 2 * LANES), load(F, p + 3 * LANES)
    c0, c1 = load(F, q), load(F, q + LANES)
    c2, c3 = load(F, q + 2 * LANES), load(F, q + 3 * LANES)
    d0, d1 = load(F, r), load(F, r + LANES)
    d2, d3 = load(F, r + 2 * LANES), load(F, r + 3 * LANES)
    x = (k0 * ld + i) * LANES
    y = j * LANES
    for _ in range(k0, k1):
        f0, f1 = load(F, x), load(F, x + LANES)
        f2, f3 = load(F, x + 2 * LANES), load(F, x + 3 * LANES)
        w = load(W, y)
        a0, a1, a2, a3 = fma(w, f0, a0), fma(w, f1, a1), fma(w, f2, a2), fma(w, f3, a3)
        w = load(W, y + LANES)
        b0, b1, b2, b3 = fma(w, f0, b0), fma(w, f1, b1), fma(w, f2, b2), fma(w, f3, b3)
        w = load(W, y + 2 * LANES)
        c0, c1, c2, c3 = fma(w, f0, c0), fma(w, f1, c1), fma(w, f2, c2), fma(w, f3, c3)
        w = load(W, y + 3 * LANES)
        d0, d1, d2, d3 = fma(w, f0, d0), fma(w, f1, d1), fma(w, f2, d2), fma(w, f3, d3)
        x += step
        y += step
    store(F, o, a0), store(F, o + LANES, a1)
    store(F, o + 2 * LANES, a2), store(F, o + 3 * LANES, a3)
    store(F, p, b0), store(F, p + LANES, b1)
    store(F, p + 2 * LANES, b2), store(F, p + 3 * LANES, b3)
    store(F, q, c0), store(F, q + LANES, c1)
    store(F, q + 2 * LANES, c2), store(F, q + 3 * LANES, c3)
    store(F, r, d0), store(F, r + LANES, d1)
    store(F, r + 2 * LANES, d2), store(F, r + 3 * LANES, d3)


@njit(cache=True)
def _subtract_complex(F, G, W, V, ld, j, i, k0, k1):
    """Do the same as `_subtract_real` to (F + iG)[j:j+4, i:i+2], with W + iV."""
    step = ld * LANES
    o = (j * ld + i) * LANES
    p, q, r = o + step, o + 2 * step, o + 3 * step
    a0, a1, a2, a3 = load(F, o), load(F, o + LANES), load(G, o), load(G, o + LANES)
    b0, b1, b2, b3 = load(F, p), load(F, p + LANES), load(G, p), load(G, p + LANES)
    c0, c1, c2, c3 = load(F, q), load(F, q + LANES), load(G, q), load(G, q + LANES)
    d0, d1, d2, d3 = load(F, r), load(F, r + LANES), load(G, r), load(G, r + LANES)
    x = (k0 * ld + i) * LANES
    y = j * LANES
    for _ in range(k0, k1):
        f0, f1, g0, g1 = load(F, x), load(F, x + LANES), load(G, x), load(G, x + LANES)
        w, v = load(W, y), load(V, y)
        a0, a1, a2, a3 = fma(w, f0, a0), fma(w, f1, a1), fma(w, g0, a2), fma(w, g1, a3)
        m = neg(v)
        a0, a1, a2, a3 = fma(m, g0, a0), fma(m, g1, a1), fma(v, f0, a2), fma(v, f1, a3)
        w, v = load(W, y + LANES), load(V, y + LANES)
        b0, b1, b2, b3 = fma(w, f0, b0), fma(w, f1, b1), fma(w, g0, b2), fma(w, g1, b3)
        m = neg(v)
        b0, b1, b2, b3 = fma(m, g0, b0), fma(m, g1, b1), fma(v, f0, b2), fma(v, f1, b3)
        w, v = load(W, y + 2 * LANES), load(V, y + 2 * LANES)
        c0, c1, c2, c3 = fma(w, f0, c0), fma(w, f1, c1), fma(w, g0, c2), fma(w, g1, c3)
        m = neg(v)
        c0, c1, c2, c3 = fma(m, g0, c0), fma(m, g1, c1), fma(v, f0, c2), fma(v, f1, c3)
        w, v = load(W, y + 3 * LANES), load(V, y + 3 * LANES)
        d0, d1, d2, d3 = fma(w, f0, d0), fma(w, f1, d1), fma(w, g0, d2), fma(w, g1, d3)
        m = neg(v)
        d0, d1, d2, d3 = fma(m, g0, d0), fma(m, g1, d1), fma(v, f0, d2), fma(v, f1, d3)
        x += step
        y += step
    store(F, o, a0), store(F, o + LANES, a1), store(G, o, a2), store(G, o + LANES, a3)
    store(F, p, b0), store(F, p + LANES, b1), store(G, p, b2), store(G, p + LANES, b3)
    store(F, q, c0), store(F, q + LANES, c1), store(G, q, c2), store(G, q + LANES, c3)
    store(F, r, d0), store(F, r + LANES, d1), store(G, r, d2), store(G, r + LANES, d3)


@njit(cache=True)
def _pivots_real(F, W, ld, j, k0, growth):
    """Finish the pivot rows j ... j + 3 and set W = -F / d.

    These rows are up to date but for the pivots among them.
    """
    one = spread(1.0)
    g = load(growth, 0)
    for k in range(j, j + 4):
        r = neg(div(one, load(F, (k * ld + k) * LANES)))
        row, out = k * ld * LANES, (k - k0) * ld * LANES
        for i in range((k + 1) * LANES, ld * LANES, LANES):
            f = load(F, row + i)
            w = mul(f, r)
            g = larger(g, mul(f, w))
            store(W, out + i, w)
        for below in range(k + 1, j + 4):
            w = load(W, out + below * LANES)
            target = below * ld * LANES
            for i in range(below * LANES, ld * LANES, LANES):
                store(F, target + i, fma(w, load(F, row + i), load(F, target + i)))
    store(growth, 0, g)


@njit(cache=True)
def _pivots_complex(F, G, W, V, ld, j, k0, growth):
    """Do the same as `_pivots_real` to F + iG, with W + iV = -conj(F + iG) / d."""
    one = spread(1.0)
    top = load(growth, 0)
    for k in range(j, j + 4):
        r = div(one, load(F, (k * ld + k) * LANES))
        m = neg(r)
        row, out = k * ld * LANES, (k - k0) * ld * LANES
        for i in range((k + 1) * LANES, ld * LANES, LANES):
            f, g = load(F, row + i), load(G, row + i)
            w, v = mul(f, m), mul(g, r)
            top = larger(top, sub(mul(g, v), mul(f, w)))
            store(W, out + i, w)
            store(V, out + i, v)
        for below in range(k + 1, j + 4):
            w, v = load(W, out + below * LANES), load(V, out + below * LANES)
            m = neg(v)
            target = below * ld * LANES
            for i in range(below * LANES, ld * LANES, LANES):
                f, g = load(F, row + i), load(G, row + i)
                store(F, target + i, fma(m, g, fma(w, f, load(F, target + i))))
                store(G, target + i, fma(v, f, fma(w, g, load(G, target + i))))
    store(growth, 0, top)


@njit(cache=True)
def _factor(F, W, ld, pivots, growth):
    """Eliminate the first ``pivots`` rows of a front of ``ld`` rows (multiples of 4)."""
    for k0 in range(0, pivots, PANEL):
        k1 = min(k0 + PANEL, pivots)
        for j in range(k0, ld, 4):
            done = min(j, k1)
            if len(F) == 1:
                if done > k0:
                    for i in range(j, ld, 4):
                        _subtract_real(F[0], W[0], ld, j, i, k0, done)
                if j < k1:
                    _pivots_real(F[0], W[0], ld, j, k0, growth)
            else:
                if done > k0:
                    for i in range(j, ld, 2):
                        _subtract_complex(F[0], F[1], W[0], W[1], ld, j, i, k0, done)
                if j < k1:
                    _pivots_complex(F[0], F[1], W[0], W[1], ld, j, k0, growth)


@njit(cache=True)
def _extend(front, ld, update, start, rows, size):
    """Add the update of a child to a front, in one plane."""
    p = start * LANES
    width = (size + 3) // 4 * 4
    for a in range(size):
        row = rows[a] * ld
        for b in range(a, size):
            o = (row + rows[b]) * LANES
            store(front, o, add(load(front, o), load(update, p + (b - a) * LANES)))
        p += (width - a) * LANES


@njit(cache=True)
def eliminate(
    pivots,
    boundary,
    entry_start,
    entry_row,
    entry_column,
    child_start,
    children,
    map_start,
    maps,
    update_start,
    shared,
    column,
    values,
    front,
    panel,
    stack,
    growth,
):
    """Eliminate all fronts; what remains of H - E on the interface ends up in ``front``.

    Parameters
    ----------
    pivots, ..., update_start
        The fields of `Dissection`.
    shared, column
        Elements of H - E that are the same in all lanes, and where the others stand in
        ``values``; see `Elements`.
    values
        The other elements of H - E, shape (planes, columns * LANES), lanes innermost.
    front, panel, stack
        Work space, shapes (planes, ...).
    growth
        The largest term that was subtracted from each sample, shape (LANES,). It
        must be set on entry and is updated.
    """
    planes = len(front)
    zero, one = spread(0.0), spread(1.0)
    for f in range(len(pivots)):
        e, b = (pivots[f] + 3) // 4 * 4, (boundary[f] + 3) // 4 * 4
        ld = e + b
        for plane in range(planes):
            F = front[plane]
            for row in range(ld):
                for o in range(row * (ld + 1) * LANES, (row + 1) * ld * LANES, LANES):
                    store(F, o, zero)
            for n in range(entry_start[f], entry_start[f + 1]):
                o = (entry_row[n] * ld + entry_column[n]) * LANES
                v = column[n]
                if v < 0:
                    store(F, o, spread(shared[plane, n]))
                else:
                    store(F, o, load(values[plane], v * LANES))
            if plane == 0:
                for k in range(pivots[f], e):
                    store(F, k * (ld + 1) * LANES, one)
            for n in range(child_start[f], child_start[f + 1]):
                c = children[n]
                rows = maps[map_start[c] : map_start[c + 1]]
                _extend(F, ld, stack[plane], update_start[c], rows, boundary[c])
        _factor(front, panel, ld, e, growth)
        if f < len(pivots) - 1:
            for plane in range(planes):
                F, U = front[plane], stack[plane]
                p = update_start[f] * LANES
                for row in range(e, ld):
                    for o in range(row * (ld + 1) * LANES, (row + 1) * ld * LANES, LANES):
                        store(U, p, load(F, o))
                        p += LANES


@njit(cache=True)
def _collect(front, size, growth, out):
    """Write the matrix of the root, given by its padded upper triangle, into ``out[lane]``.

    The growth of a sample becomes infinite where an element is not finite.
    """
    ld = (size + 3) // 4 * 4
    for a in range(size):
        for b in range(a, size):
            o = (a * ld + b) * LANES
            for lane in range(len(out)):
                x = front[0, o + lane]
                y = front[1, o + lane] if len(front) == 2 and b > a else 0.0
                if not (np.isfinite(x) and np.isfinite(y)):
                    growth[lane] = np.inf
                out[lane, a, b] = complex(x, y)
                if b > a:
                    out[lane, b, a] = complex(x, -y)


class Eliminator:
    """Call `eliminate` with what groups of samples share and a work space of its own.

    The work space takes 8 bytes * `LANES` * planes * (n² + stack + `PANEL` n), where n is
    the number of rows of the largest front: 0.3 GB for 400 x 400 sites in a field.

    Parameters
    ----------
    dissection
        The order of elimination.
    shared, column
        See `Elements`; the number of planes of ``shared`` decides on real or complex
        arithmetic.
    """

    def __init__(self, dissection: Dissection, shared: NDArray, column: NDArray) -> None:
        self._dissection, self._constants = dissection, (shared, column)
        planes, size = len(shared), int(dissection.sizes.max())
        panel = min(PANEL, int(padded(dissection.pivots.max())))
        self._work = tuple(
            np.empty((planes, elements * LANES))
            for elements in (size * size, panel * size, dissection.stack_size)
        )

    def __call__(self, values: NDArray) -> tuple[NDArray, NDArray]:
        """Compute the interface matrices of at most `LANES` samples.

        The arithmetic of a sample never depends on the others: lanes without a sample
        repeat the last one.

        Parameters
        ----------
        values
            Elements of H - E that are not shared, shape (samples, columns).

        Returns
        -------
        matrices
            Shape (samples, rows, rows).
        growth
            Shape (samples,).
        """
        samples, columns = values.shape
        planes = len(self._work[0])
        in_lanes = np.empty((planes, columns, LANES))
        for plane, part in zip(in_lanes, (values.real, values.imag), strict=False):
            plane[:, :samples] = part.T
            plane[:, samples:] = part[-1][:, None]
        dissection, growth = self._dissection, np.zeros(LANES)
        front, panel, stack = self._work
        eliminate(
            dissection.pivots,
            dissection.boundary,
            dissection.entry_start,
            dissection.entry_row,
            dissection.entry_column,
            dissection.child_start,
            dissection.children,
            dissection.map_start,
            dissection.maps,
            dissection.update_start,
            *self._constants,
            in_lanes.reshape(planes, -1),
            front,
            panel,
            stack,
            growth,
        )
        size = int(dissection.boundary[-1])
        matrices = np.empty((samples, size, size), complex)
        _collect(front, size, growth, matrices)
        return matrices, growth[:samples]
