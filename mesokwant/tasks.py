"""The work of one task, as it runs in a worker: a point and some samples -> a block of results.

A worker gets a sweep once (as bytes, the same for every task) and keeps what
the tasks share: the sweep, the system with its structure, and the last
problems. Nothing big travels with a task, and any executor will do.
"""

from __future__ import annotations

import functools
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cloudpickle
import numpy as np
from threadpoolctl import threadpool_limits

from .disorder import Configurations, Disorder, bind
from .solver import Problem, finalized, make_problem, solve
from .store import Block
from .structure import Structure, structure_of
from .sweep import Sweep


@dataclass(frozen=True)
class Task:
    """Some samples at one point of a sweep."""

    sweep: str
    point: tuple[tuple[str, Any], ...]
    samples: tuple[int, ...]


def pack(sweep: Sweep, seed: int) -> bytes:
    """A sweep and its seed as bytes for the workers; functions of a study file travel along."""
    return cloudpickle.dumps((sweep, seed))


def compute(packed: bytes, task: Task) -> Block:
    """Compute a task. What fails is in the block as a traceback; nothing is raised for it."""
    start = time.perf_counter()
    point = dict(task.point)
    with threadpool_limits(1):
        values, errors, resolved = _attempt(packed, task.point, task.samples)
    return Block(
        sweep=task.sweep,
        point=point,
        samples=task.samples,
        values=values,
        errors=errors,
        resolved=resolved,
        seconds=time.perf_counter() - start,
    )


Outcome = tuple[dict[str, Any], dict[int, str], tuple[int, ...]]


def _attempt(packed: bytes, point: Any, samples: Sequence[int]) -> Outcome:
    try:
        return _measure(packed, point, samples)
    except Exception:  # noqa: BLE001 - a user's function may raise anything; it is recorded
        text = traceback.format_exc()
    if len(samples) == 1:
        return {}, {samples[0]: text}, ()
    # One bad sample must not take the others with it: find it, one by one.
    singles = [_attempt(packed, point, (sample,)) for sample in samples]
    return _joined(singles)


def _joined(singles: list[Outcome]) -> Outcome:
    errors = {sample: text for _, found, _ in singles for sample, text in found.items()}
    resolved = tuple(sample for *_, found in singles for sample in found)
    good = [values for values, *_ in singles if values]
    values = {}
    for name in good[0] if good else ():
        void = np.full_like(good[0][name][0], np.nan)
        values[name] = np.array([v[name][0] if v else void for v, *_ in singles])
    return values, errors, resolved


def _measure(packed: bytes, point: Any, samples: Sequence[int]) -> Outcome:
    sweep, _ = _unpacked(packed)
    ensemble = solve(_problem(packed, point), samples, sweep.solver)
    values = {}
    for name, observable in sweep.observables.items():
        measured = np.asarray(observable(ensemble))
        if measured.shape[:1] != (len(samples),):
            raise ValueError(
                f"the observable {name!r} gave shape {measured.shape} for {len(samples)} samples; "
                "its first axis must be the sample"
            )
        if np.iscomplexobj(measured):
            raise ValueError(
                f"the observable {name!r} is complex; keep real numbers, such as |r|² or the real "
                "and imaginary parts"
            )
        values[name] = measured.astype(float)
    return values, {}, ensemble.resolved


@functools.lru_cache(maxsize=8)
def _unpacked(packed: bytes) -> tuple[Sweep, int]:
    return cloudpickle.loads(packed)


@functools.lru_cache(maxsize=2)
def _problem(packed: bytes, point: tuple[tuple[str, Any], ...]) -> Problem:
    sweep, seed = _unpacked(packed)
    here = sweep.at(dict(point))
    system = _finalized(here.system)
    # Kwant must evaluate a system without declared `norbs` to know its orbitals.
    declared = system.site_ranges is not None
    structure = _structure(system) if declared else structure_of(system, here.params)
    return make_problem(
        system,
        here.energy,
        params=here.params,
        seed=seed,
        in_leads=here.in_leads,
        out_leads=here.out_leads,
        structure=structure,
        configurations=_bound(here.disorder, structure),
    )


@functools.lru_cache(maxsize=2)
def _finalized(system: Any) -> Any:
    return finalized(system)


@functools.lru_cache(maxsize=2)
def _structure(system: Any) -> Structure:
    return structure_of(system)


@functools.lru_cache(maxsize=2)
def _bound(disorder: Disorder | None, structure: Structure) -> Configurations:
    return bind(disorder, structure)
