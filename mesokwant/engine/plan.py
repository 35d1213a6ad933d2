"""What to compute next: the missing samples, cut into tasks by the time that similar ones took.

A task has samples at one point or at many, as they fit into its time: at consecutive points of a
sweep that have the same system.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..point import Point
from ..store import parts, spans
from ..store.block import Block
from ..store.parts import Part
from ..store.records import Lacking
from ..store.spans import Spans
from ..study.sweep import SYSTEM, Sweep
from .tasks import Task

TASK_SECONDS = 3.0
"""Time that a task should take: long against its overhead, short against a lost task."""
LONGEST_TASK = 2 * TASK_SECONDS
"""Time after which a task returns with what is done."""
SHORTEST_TASK = 0.1 * TASK_SECONDS
"""Time below which cutting tasks any smaller costs more than it gains."""
FIRST_SAMPLES = 8
"""Samples of a first task, and of the first batch of a task whose time is not known exactly."""


class Work(NamedTuple):
    """Some samples at a point of a sweep that are to be computed.

    Attributes
    ----------
    sweep, part
        Name of the sweep, and the point with the numbers of the samples.
    observables
        Those to evaluate; None for all.
    """

    sweep: str
    part: Part
    observables: tuple[str, ...] | None = None


Stored = Mapping[str, Mapping[Point, Spans]]
"""Sweep -> point -> numbers of the samples."""
Shard = tuple[int, int]
"""(number, of how many), counted from 1."""


def missing(
    sweeps: Mapping[str, Sweep],
    stored: Stored,
    shard: Shard | None = None,
    lacking: Mapping[str, Lacking] | None = None,
) -> Iterator[Work]:
    """What the sweeps want, or a shard of it, and is not stored.

    Parameters
    ----------
    sweeps
        Name -> sweep.
    stored
        What the store has with all observables.
    shard
        (number, of how many); all by default.
    lacking
        Sweep -> what the store has without some observables: only these are computed.
    """
    for name, (point, wanted), _ in _dealt(sweeps, shard):
        remaining = spans.difference(wanted, stored[name].get(point, ()))
        for observables, numbers in (lacking or {}).get(name, {}).get(point, {}).items():
            if part := spans.intersection(remaining, numbers):
                yield Work(name, Part(point, part), observables)
                remaining = spans.difference(remaining, part)
        if remaining:
            yield Work(name, Part(point, remaining))


def _dealt(sweeps: Mapping[str, Sweep], shard: Shard | None) -> Iterator[Work]:
    """All points with their samples; for a shard, those that belong to it.

    Samples are dealt to the shards in packs, one after the other. Packs are small enough for
    every shard to get several, so that expensive points are shared. They depend on nothing but
    what is asked for, so that all shards cut alike.

    Raises
    ------
    ValueError
        There are more shards than samples.
    """
    total = sum(sweep.size * sweep.samples for sweep in sweeps.values())
    number, shards = shard or (1, 1)
    if not 1 <= number <= shards <= total:
        raise ValueError(
            f"shard {number}/{shards} does not exist: shards are numbered from 1/{shards} to "
            f"{shards}/{shards}, and {total} samples make at most {total} of them"
        )
    pack = max(1, total // (8 * shards)) if shard else total
    pack_number = 0
    for name, sweep in sweeps.items():
        for point in _points_by_system(sweep):
            mine = []
            for start in range(0, sweep.samples, pack):
                if pack_number % shards == number - 1:
                    mine.append((start, min(start + pack, sweep.samples)))
                pack_number += 1
            yield Work(name, Part(point, spans.union(mine)))


def system_axes(sweep: Sweep) -> tuple[str, ...]:
    """The axes that set the system: all points with the same values there have one system."""
    return tuple(axis for axis in sweep.axes if sweep.full_name(axis).partition(".")[0] == SYSTEM)


def _points_by_system(sweep: Sweep) -> Iterator[Point]:
    """All points of a sweep, those of one system after one another."""
    of_system = system_axes(sweep)
    order = [*of_system, *(axis for axis in sweep.axes if axis not in of_system)]
    places = [order.index(axis) for axis in sweep.axes]
    for values in itertools.product(*(sweep.axes[axis] for axis in order)):
        yield Point(zip(sweep.axes, (values[place] for place in places), strict=True))


class Plan:
    """The remaining work, cut into tasks when they are asked for.

    Parameters
    ----------
    work
        What is to be computed; taken from the iterator only as needed.
    samples
        Number of samples in it.
    system_axes
        Sweep -> its axes that set the system. Points that differ in others alone take about the
        same time.
    """

    def __init__(
        self,
        work: Iterable[Work],
        samples: int,
        system_axes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._work = iter(work)
        self._returned: list[Work] = []
        self._remaining = samples
        self._system_axes = system_axes or {}
        self._pace: dict[Any, float] = {}

    def next(self, workers: int) -> Task | None:
        """Return another task, or None when all work was handed out."""
        work = self._take()
        if work is None:
            return None
        kind = self._kind(work)
        pace = self._pace.get(kind)
        number = self._samples(pace, workers)
        taken: list[Part] = []
        while number and work is not None and self._kind(work) == kind:
            now, later = spans.split(work.part.numbers, number)
            taken.append(Part(work.part.point, now))
            number -= spans.size(now)
            self._remaining -= spans.size(now)
            work = work._replace(part=Part(work.part.point, later)) if later else self._take()
        if work is not None:
            self._returned.append(work)
        sweep, observables, _ = kind
        first = 1 if pace is None else FIRST_SAMPLES
        return Task(sweep, tuple(taken), observables, first, LONGEST_TASK)

    def learn(self, task: Task, block: Block) -> None:
        """Take into account how long a task took, and put back what it did not finish."""
        undone = parts.difference(task.parts, block.parts)
        kind = self._kind(Work(task.sweep, task.parts[0], task.observables))
        self._pace[kind] = max(block.seconds / parts.size(block.parts), 1e-9)
        self._returned += [Work(task.sweep, part, task.observables) for part in reversed(undone)]
        self._remaining += parts.size(undone)

    def _take(self) -> Work | None:
        return self._returned.pop() if self._returned else next(self._work, None)

    def _kind(self, work: Work) -> tuple[str, tuple[str, ...] | None, tuple[Any, ...]]:
        """What the work of one task has in common; it takes about the same time a sample."""
        axes = self._system_axes.get(work.sweep, ())
        return work.sweep, work.observables, tuple(work.part.point[axis] for axis in axes)

    def _samples(self, pace: float | None, workers: int) -> int:
        """How many samples a task gets, given the time that one takes."""
        if pace is None:
            return FIRST_SAMPLES
        number = round(TASK_SECONDS / pace)
        if workers > 1:
            # Towards the end, tasks get smaller, so that all workers end together.
            share = max(-(-self._remaining // (2 * workers)), round(SHORTEST_TASK / pace))
            number = min(number, share)
        return max(1, number)
