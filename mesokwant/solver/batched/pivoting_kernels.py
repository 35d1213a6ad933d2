"""Compiled kernels of the elimination with delayed pivoting; see `pivoting`.

A front of n rows is stored as planes (real and imaginary parts) of n + 3 rows of ``ld`` elements,
a multiple of `LANES` that is at least n + 3. The rows of orbitals that may become pivots come
first. They are stored in full, so that all couplings of such an orbital lie in its row; of the
other rows the upper triangle is stored. Elements below that triangle, in the columns of orbitals
that have been eliminated, and beyond n, are never read and may be overwritten with anything. SIMD
lanes hold neighbouring columns of one sample here, and not one element of many samples.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .simd import LANES, fma, load, neg, spread, store

REGULAR = 0.1
"""Least determinant of a pair of orbitals, relative to the sizes of its two terms."""


@njit(cache=True)
def _subtract_row(F, W, ld, row, first, p0, p1):
    """F[row, first:] -= sum over pivots p0 <= p < p1 of conj(F[p, row]) W[p, first:]."""
    X, V = F[0], W[0]
    start, stop = row * ld + first // LANES * LANES, (row + 1) * ld
    if len(F) == 1:
        for o in range(start, stop, LANES):
            x = load(X, o)
            for p in range(p0, p1):
                x = fma(spread(-X[p * ld + row]), load(V, o + (p - row) * ld), x)
            store(X, o, x)
        return
    Y, U = F[1], W[1]
    for o in range(start, stop, LANES):
        x, y = load(X, o), load(Y, o)
        for p in range(p0, p1):
            c, s = spread(-X[p * ld + row]), spread(Y[p * ld + row])
            v, u = load(V, o + (p - row) * ld), load(U, o + (p - row) * ld)
            x, y = fma(neg(s), u, fma(c, v, x)), fma(s, v, fma(c, u, y))
        store(X, o, x)
        store(Y, o, y)


@njit(cache=True)
def _subtract_four_real(X, V, ld, row, o, pivots):
    """Do the same as `_subtract_row` to `LANES` elements at o in each of four rows."""
    a, b, c, d = load(X, o), load(X, o + ld), load(X, o + 2 * ld), load(X, o + 3 * ld)
    at = o - row * ld
    for p in range(0, pivots * ld, ld):
        v = load(V, at + p)
        a, b = fma(spread(-X[p + row]), v, a), fma(spread(-X[p + row + 1]), v, b)
        c, d = fma(spread(-X[p + row + 2]), v, c), fma(spread(-X[p + row + 3]), v, d)
    store(X, o, a), store(X, o + ld, b), store(X, o + 2 * ld, c), store(X, o + 3 * ld, d)


@njit(cache=True)
def _subtract_four_complex(X, Y, V, U, ld, row, o, pivots):
    """Do the same as `_subtract_four_real` to X + iY, with V + iU."""
    a, b, c, d = load(X, o), load(X, o + ld), load(X, o + 2 * ld), load(X, o + 3 * ld)
    e, f, g, h = load(Y, o), load(Y, o + ld), load(Y, o + 2 * ld), load(Y, o + 3 * ld)
    at = o - row * ld
    for p in range(0, pivots * ld, ld):
        v, u = load(V, at + p), load(U, at + p)
        m = neg(u)
        x, y = spread(-X[p + row]), spread(Y[p + row])
        a, e = fma(y, m, fma(x, v, a)), fma(y, v, fma(x, u, e))
        x, y = spread(-X[p + row + 1]), spread(Y[p + row + 1])
        b, f = fma(y, m, fma(x, v, b)), fma(y, v, fma(x, u, f))
        x, y = spread(-X[p + row + 2]), spread(Y[p + row + 2])
        c, g = fma(y, m, fma(x, v, c)), fma(y, v, fma(x, u, g))
        x, y = spread(-X[p + row + 3]), spread(Y[p + row + 3])
        d, h = fma(y, m, fma(x, v, d)), fma(y, v, fma(x, u, h))
    store(X, o, a), store(X, o + ld, b), store(X, o + 2 * ld, c), store(X, o + 3 * ld, d)
    store(Y, o, e), store(Y, o + ld, f), store(Y, o + 2 * ld, g), store(Y, o + 3 * ld, h)


@njit(cache=True)
def _subtract_rest(F, W, ld, first, n, pivots):
    """Subtract all pivots from the upper triangle of the rows first <= row < n."""
    if pivots == 0:
        return
    for row in range(first, n, 4):
        for o in range(row * ld + row // LANES * LANES, (row + 1) * ld, LANES):
            if len(F) == 1:
                _subtract_four_real(F[0], W[0], ld, row, o, pivots)
            else:
                _subtract_four_complex(F[0], F[1], W[0], W[1], ld, row, o, pivots)


@njit(cache=True)
def _exchange(F, ld, k, c, candidates):
    """Exchange two of the orbitals that may become pivots, in their rows and columns."""
    if k == c:
        return
    for plane in range(len(F)):
        X = F[plane]
        for i in range(ld):
            X[k * ld + i], X[c * ld + i] = X[c * ld + i], X[k * ld + i]
        # The first orbital of a pair has been placed before the second one is exchanged.
        for j in range(max(k - 1, 0), candidates):
            X[j * ld + k], X[j * ld + c] = X[j * ld + c], X[j * ld + k]


@njit(cache=True)
def _size(F, at):
    """|F|² of the element at a place."""
    return F[0, at] ** 2 + (F[1, at] ** 2 if len(F) == 2 else 0.0)


@njit(cache=True)
def _coupling(F, ld, row, k, n, but):
    """The largest |F|² in the columns k <= i < n of a row, without the diagonal and ``but``."""
    largest = 0.0
    for i in range(k, n):
        if i != row and i != but:
            largest = max(largest, _size(F, row * ld + i))
    return largest


@njit(cache=True)
def _exceeds(F, ld, row, k, n, bound):
    """Whether any |F|² in the columns k <= i < n of a row, without the diagonal, is too large."""
    for i in range(k, n):  # noqa: SIM110 - numba compiles no generator expressions
        if i != row and _size(F, row * ld + i) > bound:
            return True
    return False


@njit(cache=True)
def _partner(F, ld, row, k, candidates):
    """The orbital, among those that may become pivots, that one of them couples to most."""
    best, largest = -1, 0.0
    for i in range(k, candidates):
        size = _size(F, row * ld + i)
        if i != row and size > largest:
            best, largest = i, size
    return best


@njit(cache=True)
def _pair_is_allowed(F, ld, c, r, k, n, allowed):
    """Whether no term of the elimination of a pair can exceed what is allowed."""
    a, d, between = abs(F[0, c * ld + c]), abs(F[0, r * ld + r]), _size(F, c * ld + r)
    determinant = abs(F[0, c * ld + c] * F[0, r * ld + r] - between)
    if not determinant > REGULAR * (a * d + between):
        return False
    first = np.sqrt(_coupling(F, ld, c, k, n, r))
    second = np.sqrt(_coupling(F, ld, r, k, n, c))
    b = np.sqrt(between)
    terms = max(first * (d * first + b * second), second * (b * first + a * second))
    return terms <= allowed * determinant


@njit(cache=True)
def _next_pivot(F, ld, k, candidates, n, begin, allowed, zero):
    """Find the next orbital, or pair of orbitals, to eliminate, and begin the search at one.

    Returns (orbital, partner), where a partner of -1 stands for a single orbital, of -2 for one
    that is bound, and an orbital of -1 for none.
    """
    for m in range(candidates - k):
        c = k + (begin - k + m) % (candidates - k)
        d = abs(F[0, c * ld + c])
        if d > zero:
            if not _exceeds(F, ld, c, k, n, allowed * d):
                return c, -1
        elif not _exceeds(F, ld, c, k, n, zero**2):
            return c, -2
        r = _partner(F, ld, c, k, candidates)
        if r >= 0 and _pair_is_allowed(F, ld, c, r, k, n, allowed):
            return c, r
    return -1, -1


@njit(cache=True)
def _weights_of_one(F, W, ld, k):
    """W[k] = F[k] / F[k, k]; return the largest term."""
    r, top = 1 / F[0, k * ld + k], 0.0
    for plane in range(len(F)):
        for o in range(k * ld + k + 1, (k + 1) * ld):
            W[plane, o] = F[plane, o] * r
    for o in range(k * ld + k + 1, (k + 1) * ld):
        top = max(top, _size(F, o) * abs(r))
    return top


@njit(cache=True)
def _weights_of_pair(F, W, ld, k):
    """W = P^-1 F for the rows k and k + 1 with the block P; return the largest term."""
    at, below = k * ld, (k + 1) * ld
    a, d, x = F[0, at + k], F[0, below + k + 1], F[0, at + k + 1]
    y = F[1, at + k + 1] if len(F) == 2 else 0.0
    r = 1 / (a * d - (x * x + y * y))
    a, d, x, y = a * r, d * r, x * r, y * r
    sizes = np.zeros(4)
    for i in range(k + 2, ld):
        s, t = F[0, at + i], F[0, below + i]
        W[0, at + i], W[0, below + i] = d * s - x * t, a * t - x * s
        if len(F) == 2:
            u, v = F[1, at + i], F[1, below + i]
            W[0, at + i] += y * v
            W[0, below + i] -= y * u
            W[1, at + i] = d * u - x * v - y * t
            W[1, below + i] = a * v - x * u + y * s
        # A term has a factor of F and one of W, which may lie in different columns.
        sizes[0], sizes[1] = max(sizes[0], _size(F, at + i)), max(sizes[1], _size(W, at + i))
        sizes[2], sizes[3] = max(sizes[2], _size(F, below + i)), max(sizes[3], _size(W, below + i))
    return np.sqrt(max(sizes[0] * sizes[1], sizes[2] * sizes[3]))


@njit(cache=True)
def _condense(F, W, ld, candidates, n, allowed, zero):
    """Eliminate as many orbitals of a front as is allowed.

    Returns their number (they come first then) and the largest term.
    """
    k, begin, growth = np.int64(0), np.int64(0), 0.0
    while k < candidates:
        # Orbitals that were not allowed are tried again after all the others.
        c, r = _next_pivot(F, ld, k, candidates, n, begin, allowed, zero)
        if c < 0:
            break
        begin = c + 1
        _exchange(F, ld, k, c, candidates)
        if r == -2:
            for plane in range(len(F)):
                W[plane, k * ld : (k + 1) * ld] = 0.0
            k += 1
            continue
        done = k + 1
        if r >= 0:
            _exchange(F, ld, k + 1, c if r == k else r, candidates)
            growth = max(growth, _weights_of_pair(F, W, ld, k))
            done = k + 2
        else:
            growth = max(growth, _weights_of_one(F, W, ld, k))
        for row in range(done, candidates):
            _subtract_row(F, W, ld, row, done, k, done)
        k = done
    _subtract_rest(F, W, ld, candidates, n, k)
    return k, growth


@njit(cache=True)
def _add(F, ld, candidates, row, column, x, y):
    """Add x + iy to an element of a front, and its conjugate to the transposed one if stored."""
    if row > column:
        row, column, y = column, row, -y
    F[0, row * ld + column] += x
    if len(F) == 2:
        F[1, row * ld + column] += y
    if row != column and column < candidates:
        F[0, column * ld + row] += x
        if len(F) == 2:
            F[1, column * ld + row] -= y


@njit(cache=True)
def eliminate_fronts(
    pivots,
    boundary,
    entry_start,
    entry_row,
    entry_column,
    child_start,
    children,
    map_start,
    maps,
    elements,
    allowed,
    zero,
    most,
):
    """Eliminate all fronts; the parameters are those of `Dissection` and of `pivoting.eliminate`.

    Returns the remaining matrix, shape (planes, rows, rows), with the delayed orbitals first,
    their number, and the largest term. The latter is infinite, and the matrix empty, if a front
    would have more than ``most`` rows.
    """
    planes, fronts = len(elements), len(pivots)
    growth = 0.0
    # A front is kept until its parent has taken over what remains of it.
    kept = [np.empty((planes, 0)) for _ in range(fronts)]
    starts, delayed = np.zeros(fronts, np.int64), np.zeros(fronts, np.int64)
    n = candidates = ld = 0
    for f in range(fronts):
        own, padding = pivots[f], (pivots[f] + 3) // 4 * 4
        candidates = own
        for m in range(child_start[f], child_start[f + 1]):
            candidates += delayed[children[m]]
        n = candidates + boundary[f]
        if n > most:
            return np.empty((planes, 0, 0)), np.int64(0), np.inf
        ld = (n + 3 + LANES - 1) // LANES * LANES
        F = np.zeros((planes, (n + 3) * ld))
        shift = candidates - padding
        for m in range(entry_start[f], entry_start[f + 1]):
            row, column = entry_row[m], entry_column[m]
            row += 0 if row < own else shift
            column += 0 if column < own else shift
            y = elements[1, m] if planes == 2 else 0.0
            _add(F, ld, candidates, row, column, elements[0, m], y)
        filled = own
        for m in range(child_start[f], child_start[f + 1]):
            c = children[m]
            rows = np.empty(delayed[c] + boundary[c], np.int64)
            for i in range(delayed[c]):
                rows[i] = filled + i
            filled += delayed[c]
            for i in range(boundary[c]):
                place = maps[map_start[c] + i]
                rows[delayed[c] + i] = place + (0 if place < own else shift)
            C, first = kept[c], starts[c]
            width = (first + len(rows) + 3 + LANES - 1) // LANES * LANES
            for i in range(len(rows)):
                at = (first + i) * width + first
                for j in range(i, len(rows)):
                    y = C[1, at + j] if planes == 2 else 0.0
                    _add(F, ld, candidates, rows[i], rows[j], C[0, at + j], y)
            kept[c] = np.empty((planes, 0))
        W = np.zeros((planes, candidates * ld))
        starts[f], top = _condense(F, W, ld, candidates, n, allowed, zero)
        growth = max(growth, top)
        delayed[f] = candidates - starts[f]
        kept[f] = F
    first = starts[-1]
    result = np.empty((planes, n - first, n - first))
    for i in range(first, n):
        for j in range(i, n):
            x = kept[-1][0, i * ld + j]
            result[0, i - first, j - first] = result[0, j - first, i - first] = x
            if planes == 2:
                y = kept[-1][1, i * ld + j] if i != j else 0.0
                result[1, i - first, j - first], result[1, j - first, i - first] = y, -y
    return result, delayed[-1], growth
