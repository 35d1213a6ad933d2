"""Compiled kernels: eliminate the interior of one group of samples, a sample per SIMD lane.

A front is the upper triangle of a Hermitian matrix. Eliminating the pivots k = 0, 1, ... in turn
takes

    F[j, i] -= conj(F[k, j]) F[k, i] / F[k, k],    k < j <= i,

from the rest. This is the factorization F = U† D U with a real D and without
interchange of pivots. It takes half of the operations of an LU decomposition,
and all lanes do the same. The price is growth: a pivot near zero makes the
subtracted terms huge, and rounding errors with them. The largest
|F[k, j]|² / |F[k, k]| of every sample is returned for the growth monitor
(`growth`) to judge.

Matrices are stored in blocks of `PAD` x `PAD` elements, column of blocks by column of blocks, on
which `blocks` does the arithmetic. The pivot rows of a front are kept whole; its other rows, its
*update*, come into being in the stack of updates, down to the diagonal blocks. `PANEL` pivots at a
time are subtracted from all rows, so that what one column of blocks needs of them stays in the
nearest cache and the rest is read in the order of memory.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .blocks import accumulate, add_products, clear, finish_diagonal, finish_rows
from .dissection import PAD, Dissection
from .simd import LANES, load, spread, store

PANEL = 32
"""Pivots that are subtracted from the rest of a front in one sweep."""


@njit(cache=True)
def _factor(front, panel, update, start, pivots, size, growth):
    """Eliminate the first ``pivots`` rows of a front of ``size`` rows, a multiple of `PAD`.

    The pivot rows are in ``front``; the matrix that is to be added to the other
    rows, if the front had no elements among them, is set in ``update`` from ``start`` on.
    """
    e = (pivots + PAD - 1) // PAD * PAD
    for k0 in range(0, e, PANEL):
        k1 = min(k0 + PANEL, e)
        count = min(k1, pivots) - k0
        for i in range(k0, size, PAD):
            top = i * e
            f = top + k0 * PAD
            # The pivot rows of the panel come first, from the top down to the diagonal.
            for j in range(k0, min(i + PAD, k1), PAD):
                t, w = top + j * PAD, j * PANEL
                out, d = i * PANEL + (j - k0) * PAD, j * PANEL + (j - k0) * PAD
                if j < i:
                    finish_rows(front, t, f, panel, w, out, d, j - k0, growth)
                else:
                    add_products(front, t, panel, w, front, f, j - k0, False)
                    finish_diagonal(front, t, panel, out, growth)
            # Their product is subtracted from the rows below, pivot rows or not.
            for j in range(k1, min(i + PAD, e), PAD):
                add_products(front, top + j * PAD, panel, j * PANEL, front, f, count, False)
            t = start + (i - e) * (i - e + PAD) // 2
            for j in range(e, i + PAD, PAD):
                add_products(update, t, panel, j * PANEL, front, f, count, k0 == 0)
                t += PAD * PAD


@njit(cache=True)
def _add(target, places, rows, source, s, low, high):
    """Add rows ``low`` to ``high`` of an update to a matrix, as far as its upper triangle goes.

    Parameters
    ----------
    target, places
        The array of the matrix, and where its column for each column of the update starts.
    rows
        The row of the matrix for each row of the update.
    source, s
        The array of the update, and where the update starts.
    """
    for first in range(low // PAD * PAD, len(rows), PAD):
        source_column = s + first * (first + PAD) // 2
        above = low
        if first + PAD <= len(rows):
            # The blocks above the diagonal are read in the order of memory.
            t0, t1, t2, t3 = (
                places[first],
                places[first + 1],
                places[first + 2],
                places[first + 3],
            )
            for a in range(low, min(high, first)):
                r, x = rows[a] * PAD, source_column + a * PAD
                accumulate(target, t0 + r, source, x)
                accumulate(target, t1 + r, source, x + 1)
                accumulate(target, t2 + r, source, x + 2)
                accumulate(target, t3 + r, source, x + 3)
            above = max(low, min(high, first))
        for b in range(first, min(first + PAD, len(rows))):
            for a in range(above, min(high, b + 1)):
                t, x = places[b] + rows[a] * PAD, source_column + b - first + a * PAD
                accumulate(target, t, source, x)


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
        Work space, flat arrays of float64 or complex128.
    growth
        The largest term that was subtracted from each sample, shape (LANES,). It
        must be set on entry and is updated.
    """
    planes = len(shared)
    own = np.zeros(len(pivots), np.int64)
    places = np.empty(boundary.max(), np.int64)
    for f in range(len(pivots)):
        e, b = (pivots[f] + PAD - 1) // PAD * PAD, (boundary[f] + PAD - 1) // PAD * PAD
        if f == len(pivots) - 1:
            # The rows of the root are not eliminated, but they are kept like pivot rows.
            e, b = b, 0
        for i in range(0, e + b, PAD):
            clear(front, i * e, min(i + PAD, e) * PAD)
        for n in range(entry_start[f], entry_start[f + 1]):
            i = entry_column[n]
            o = (i // PAD * PAD * e + i % PAD + entry_row[n] * PAD) * planes * LANES
            v = column[n]
            for plane in range(planes):
                if v < 0:
                    store(front, o + plane * LANES, spread(shared[plane, n]))
                else:
                    store(front, o + plane * LANES, load(values[plane], v * LANES))
        for n in range(child_start[f], child_start[f + 1]):
            c = children[n]
            rows = maps[map_start[c] : map_start[c + 1]]
            # The child's first rows are pivots of this front, and the others are not.
            own[c] = 0
            for a, row in enumerate(rows):
                own[c] += row < e
                places[a] = row // PAD * PAD * e + row % PAD
            _add(front, places, rows, stack, update_start[c], 0, own[c])
        if f == len(pivots) - 1:
            break
        for k in range(pivots[f], e):
            # Rows that fill up the last block of pivots are those of a unit matrix.
            store(front, (k // PAD * PAD * e + k % PAD + k * PAD) * planes * LANES, spread(1.0))
        _factor(front, panel, stack, update_start[f], pivots[f], e + b, growth)
        for n in range(child_start[f], child_start[f + 1]):
            c = children[n]
            rows = maps[map_start[c] : map_start[c + 1]]
            for a in range(own[c], len(rows)):
                i = (rows[a] - e) // PAD * PAD
                places[a] = update_start[f] + i * (i + PAD) // 2 + rows[a] % PAD - e * PAD
            _add(stack, places, rows, stack, update_start[c], own[c], len(rows))


@njit(cache=True)
def _collect(front, planes, size, growth, out):
    """Write the matrix of the root, given by its padded upper triangle, into ``out[lane]``.

    The growth of a sample becomes infinite where an element is not finite.
    """
    e = (size + PAD - 1) // PAD * PAD
    # Block by block, each sample has whole cache lines of ``out``.
    for i in range(0, size, PAD):
        for j in range(0, i + PAD, PAD):
            for lane in range(len(out)):
                for a in range(j, min(j + PAD, size)):
                    for b in range(max(a, i), min(i + PAD, size)):
                        o = (i * e + b - i + a * PAD) * planes * LANES + lane
                        x = front[o]
                        y = front[o + LANES] if planes == 2 and b > a else 0.0
                        if not (np.isfinite(x) and np.isfinite(y)):
                            growth[lane] = np.inf
                        out[lane, a, b] = complex(x, y)
                        if b > a:
                            out[lane, b, a] = complex(x, -y)


class Eliminator:
    """Call `eliminate` with what groups of samples share and a work space of its own.

    The work space takes 8 bytes * `LANES` * planes * (`front_size` + `stack_size` + `PANEL` n),
    where n is the number of rows of the largest front and the sizes are those of the `Dissection`:
    0.2 GB for 400 x 400 sites in a field.

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
        kind = complex if len(shared) == 2 else float
        self._work = tuple(
            np.empty(int(elements) * LANES, kind)
            for elements in (
                dissection.front_size,
                PANEL * dissection.sizes.max(),
                dissection.stack_size,
            )
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
        planes = len(self._constants[0])
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
        _collect(front.view(float), planes, size, growth, matrices)
        return matrices, growth[:samples]
