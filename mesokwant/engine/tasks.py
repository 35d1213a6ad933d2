"""What travels to a worker: a task (some samples at some points), and a sweep as bytes.

A task names its sweep by a key; only to a worker that does not know the key is the sweep sent
along. So nothing big travels with the tasks, and any executor will do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cloudpickle

from ..solver.base import Backend
from ..store.parts import Parts
from ..study.sweep import Sweep


@dataclass(frozen=True)
class Task:
    """Some samples at some points of a sweep.

    Attributes
    ----------
    sweep, parts
        What to compute: the name of the sweep, and points with the numbers of their samples.
    observables
        Names of those to evaluate; None for all.
    first
        Number of samples in the first batch; batches grow from there.
    seconds
        Time after which to return with what is done.
    """

    sweep: str
    parts: Parts
    observables: tuple[str, ...] | None = None
    first: int = 1
    seconds: float = float("inf")

    def __str__(self) -> str:
        first, *others = self.parts
        more = f" and {len(others)} points more" if others else ""
        return f"{first.point}{more} of {self.sweep!r}"


@dataclass(frozen=True)
class Packed:
    """A sweep with its seed and back end as bytes; functions of a study file travel along."""

    key: str
    content: bytes


def pack(sweep: Sweep, seed: int, backend: Backend) -> Packed:
    """Make a sweep ready to travel, with the back end that solves all of it."""
    content = cloudpickle.dumps((sweep, seed, backend))
    return Packed(hashlib.sha256(content).hexdigest(), content)
