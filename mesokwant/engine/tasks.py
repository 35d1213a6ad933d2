"""What travels to a worker: a task (a point and some samples), and a sweep as bytes.

A task names its sweep by a key; only to a worker that does not know the key is the sweep sent
along. So nothing big travels with the tasks, and any executor will do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cloudpickle

from ..point import Point
from ..store.spans import Spans
from ..study.sweep import Sweep


@dataclass(frozen=True)
class Task:
    """Some samples at one point of a sweep.

    Attributes
    ----------
    sweep, point, numbers
        What to compute: the name of the sweep, the point, and the numbers of the samples.
    observables
        Names of those to evaluate; None for all.
    first
        Number of samples in the first batch; batches grow from there.
    seconds
        Time after which to return with what is done.
    """

    sweep: str
    point: Point
    numbers: Spans
    observables: tuple[str, ...] | None = None
    first: int = 1
    seconds: float = float("inf")


@dataclass(frozen=True)
class Packed:
    """A sweep and its seed as bytes for the workers; functions of a study file travel along."""

    key: str
    content: bytes


def pack(sweep: Sweep, seed: int) -> Packed:
    """Make a sweep ready to travel."""
    content = cloudpickle.dumps((sweep, seed))
    return Packed(hashlib.sha256(content).hexdigest(), content)
