"""What to compute next: the missing samples, cut into tasks by the time that similar ones took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..point import Point
from ..store import spans
from ..store.block import Block
from ..store.records import Lacking
from ..store.spans import Spans
from ..study.sweep import Sweep
from .tasks import Task

TASK_SECONDS = 3.0
"""Time that a task should take: long against its overhead, short against a lost task."""
LONGEST_TASK = 2 * TASK_SECONDS
"""Time after which a task returns with what is done."""
SHORTEST_TASK = 0.1 * TASK_SECONDS
"""Time below which cutting tasks any smaller costs more than it gains."""
FIRST_SAMPLES = 8
"""Samples of a first task, before their time is known."""


class Work(NamedTuple):
    """Some samples at a point of a sweep that are to be computed.

    Attributes
    ----------
    sweep, point, numbers
        Name of the sweep, the point, and the numbers of the samples.
    observables
        Those to evaluate; None for all.
    """

    sweep: str
    point: Point
    numbers: Spans
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
    for name, point, wanted, _ in _dealt(sweeps, shard):
        remaining = spans.difference(wanted, stored[name].get(point, ()))
        for observables, numbers in (lacking or {}).get(name, {}).get(point, {}).items():
            if part := spans.intersection(remaining, numbers):
                yield Work(name, point, part, observables)
                remaining = spans.difference(remaining, part)
        if remaining:
            yield Work(name, point, remaining)


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
        for point in sweep.points:
            mine = []
            for start in range(0, sweep.samples, pack):
                if pack_number % shards == number - 1:
                    mine.append((start, min(start + pack, sweep.samples)))
                pack_number += 1
            yield Work(name, point, spans.union(mine))


class Plan:
    """The remaining work, cut into tasks when they are asked for.

    Parameters
    ----------
    work
        What is to be computed; taken from the iterator only as needed.
    samples
        Number of samples in it.
    """

    def __init__(self, work: Iterable[Work], samples: int) -> None:
        self._work = iter(work)
        self._returned: list[Work] = []
        self._remaining = samples
        self._pace: dict[Any, float] = {}

    def next(self, workers: int) -> Task | None:
        """Return another task, or None when all work was handed out."""
        work = self._returned.pop() if self._returned else next(self._work, None)
        if work is None:
            return None
        sweep, point, numbers, observables = work
        pace = self._pace.get((sweep, point))
        guess = pace or self._pace.get((sweep, _similar(point)))
        number = FIRST_SAMPLES if guess is None else max(1, round(TASK_SECONDS / guess))
        if guess and workers > 1:
            # Towards the end, tasks get smaller, so that all workers end together.
            share = max(-(-self._remaining // (2 * workers)), round(SHORTEST_TASK / guess))
            number = max(1, min(number, share))
        now, later = spans.split(numbers, number)
        if later:
            self._returned.append(Work(sweep, point, later, observables))
        self._remaining -= spans.size(now)
        # The time of similar points is a guess: the first batch is small then.
        first = number if pace else max(1, number // 8)
        return Task(sweep, point, now, observables, first, LONGEST_TASK)

    def learn(self, task: Task, block: Block) -> None:
        """Take into account how long a task took, and put back what it did not finish."""
        point, done = task.point, spans.size(block.numbers)
        pace = max(block.seconds / done, 1e-9)
        self._pace[task.sweep, point] = self._pace[task.sweep, _similar(point)] = pace
        undone = spans.difference(task.numbers, block.numbers)
        if undone:
            self._returned.append(Work(task.sweep, point, undone, task.observables))
            self._remaining += spans.size(undone)


def _similar(point: Point) -> tuple[str, tuple[Any, ...]]:
    """A key for points that should take about the same time: those that differ in the last axis."""
    return "similar", tuple(point.values())[:-1]
