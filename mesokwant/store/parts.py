"""Samples at several points: pairs of a point and the numbers of samples there.

Such parts are what a task asks for, what a block of results has, and what remains to be computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ..point import Point
from . import spans
from .spans import Spans


class Part(NamedTuple):
    """Some samples at one point.

    Attributes
    ----------
    point
        The point.
    numbers
        The numbers of the samples.
    """

    point: Point
    numbers: Spans


Parts = tuple[Part, ...]
"""Some samples at several points; none of them is empty."""


def size(parts: Iterable[Part]) -> int:
    """How many samples there are.

    >>> size([Part(Point(energy=0.5), ((0, 2),)), Part(Point(energy=0.6), ((4, 5),))])
    3
    """
    return sum(spans.size(part.numbers) for part in parts)


def split(parts: Iterable[Part], number: int) -> tuple[Parts, Parts]:
    """The first so many samples, and the remaining ones.

    >>> first, remaining = split([Part(Point(x=1), ((0, 2),)), Part(Point(x=2), ((0, 2),))], 3)
    >>> [part.numbers for part in first], [part.numbers for part in remaining]
    ([((0, 2),), ((0, 1),)], [((1, 2),)])
    """
    first, remaining = [], []
    for point, numbers in parts:
        now, later = spans.split(numbers, number)
        number -= spans.size(now)
        if now:
            first.append(Part(point, now))
        if later:
            remaining.append(Part(point, later))
    return tuple(first), tuple(remaining)


def joined(first: Parts, others: Parts) -> Parts:
    """Put together again what `split` has cut.

    >>> joined(*split([Part(Point(x=1), ((0, 2),)), Part(Point(x=2), ((0, 2),))], 3))[1].numbers
    ((0, 2),)
    """
    if first and others and first[-1].point == others[0].point:
        numbers = spans.union([*first[-1].numbers, *others[0].numbers])
        return (*first[:-1], Part(first[-1].point, numbers), *others[1:])
    return (*first, *others)


def difference(wanted: Iterable[Part], taken: Iterable[Part]) -> Parts:
    """The samples of `wanted` that are not in `taken`, in which a point may occur repeatedly.

    >>> done = [Part(Point(x=1), ((0, 2),)), Part(Point(x=1), ((2, 3),))]
    >>> [part.numbers for part in difference([Part(Point(x=1), ((0, 9),))], done)]
    [((3, 9),)]
    """
    done: dict[Point, list[tuple[int, int]]] = defaultdict(list)
    for point, numbers in taken:
        done[point].extend(numbers)
    remaining = (
        Part(point, spans.difference(numbers, spans.union(done.get(point, ()))))
        for point, numbers in wanted
    )
    return tuple(part for part in remaining if part.numbers)
