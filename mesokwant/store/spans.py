"""Sets of sample numbers as disjoint, sorted spans: small, however many samples there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Spans = tuple[tuple[int, int], ...]
"""Half-open intervals (start, stop), sorted, not touching."""


def union(spans: Iterable[tuple[int, int]]) -> Spans:
    """All numbers of any spans, in any order, however they overlap.

    >>> union([(5, 8), (0, 2), (2, 3), (7, 9)])
    ((0, 3), (5, 9))
    """
    result: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(stop, result[-1][1])
        elif start < stop:
            result.append((start, stop))
    return tuple(result)


def difference(wanted: Spans, taken: Spans) -> Spans:
    """The numbers of `wanted` that are not in `taken`.

    >>> difference(((0, 10),), ((2, 4), (8, 12)))
    ((0, 2), (4, 8))
    """
    result = []
    cuts = iter(taken)
    cut = next(cuts, None)
    for start, stop in wanted:
        while cut and cut[1] <= start:
            cut = next(cuts, None)
        while cut and cut[0] < stop:
            if start < cut[0]:
                result.append((start, cut[0]))
            start = cut[1]
            if start >= stop:
                break
            cut = next(cuts, None)
        if start < stop:
            result.append((start, stop))
    return tuple(result)


def intersection(one: Spans, other: Spans) -> Spans:
    """The numbers that are in both.

    >>> intersection(((0, 5), (8, 10)), ((3, 9),))
    ((3, 5), (8, 9))
    """
    return difference(one, difference(one, other))


def split(spans: Spans, number: int) -> tuple[Spans, Spans]:
    """The first so many numbers, and the rest.

    >>> split(((0, 3), (5, 9)), 4)
    (((0, 3), (5, 6)), ((6, 9),))
    """
    first, rest = [], []
    for start, stop in spans:
        cut = min(max(start, start + number), stop)
        number -= cut - start
        if start < cut:
            first.append((start, cut))
        if cut < stop:
            rest.append((cut, stop))
    return tuple(first), tuple(rest)


def size(spans: Spans) -> int:
    """How many numbers there are."""
    return sum(stop - start for start, stop in spans)


def numbers(spans: Spans) -> Iterator[int]:
    """The numbers themselves, in order."""
    for start, stop in spans:
        yield from range(start, stop)


def array(spans: Spans) -> NDArray[np.int64]:
    """The numbers themselves as an array."""
    return np.concatenate([np.arange(*span, dtype=np.int64) for span in spans] or [_NONE])


_NONE = np.empty(0, np.int64)


def runs(breaks: NDArray[np.bool_]) -> tuple[NDArray, NDArray]:
    """First and last-plus-one index of every run; ``breaks[i]`` starts a run at i + 1."""
    starts = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    return starts, np.concatenate([starts[1:], [len(breaks) + 1]])


def contains(spans: Spans, number: int) -> bool:
    """Whether a number is in one of the spans.

    >>> contains(((0, 2), (5, 9)), 5), contains(((0, 2),), 2)
    (True, False)
    """
    return any(start <= number < stop for start, stop in spans)
