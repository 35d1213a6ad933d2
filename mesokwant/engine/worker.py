"""The work of one task, as it runs in a worker: a point and some samples -> a block of results.

A worker keeps what the tasks share: the sweeps that it was sent, the system with its structure,
and the last problems. A task has a time: when it is over, the block has the samples done so far,
and the remaining ones are for another task.
"""

from __future__ import annotations

import functools
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cloudpickle
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from ..disorder.base import Disorder
from ..disorder.configurations import Configurations, bind
from ..hamiltonian.structure import Structure, structure_of
from ..point import Point
from ..solver.backends import choose
from ..solver.ensemble import Ensemble
from ..solver.problem import Problem, make_problem
from ..store import spans
from ..store.block import Block
from ..store.spans import Spans
from ..study.sweep import Sweep, built
from .tasks import Packed, Task

LARGEST_BATCH = 4096
"""Samples that are in memory at once."""
AS_IF_MANY = 10**9
"""Number of samples for which the solver is chosen."""


def compute(key: str, task: Task, packed: Packed | None = None) -> Block | None:
    """Compute a task, or a first part of it; None if the sweep is not known fixed.

    What fails is in the block as a traceback; nothing is raised for it.
    """
    if packed is not None:
        _keep(packed)
    if key not in _known:
        return None
    start = time.perf_counter()
    parts: list[_Part] = []
    remaining, batch = task.numbers, min(task.first, LARGEST_BATCH)
    with _threads().limit(limits=1):
        while remaining:
            now, remaining = spans.split(remaining, batch)
            begun = time.perf_counter()
            parts += _attempt(key, task, now)
            end = time.perf_counter()
            fit = (task.seconds - (end - start)) / max((end - begun) / spans.size(now), 1e-9)
            if fit < 1:
                break
            batch = int(min(2 * batch, fit, LARGEST_BATCH))
    return _joined(task, parts, time.perf_counter() - start)


@dataclass(frozen=True)
class _Part:
    """Results of a batch, or the traceback that it ended in."""

    numbers: Spans
    values: dict[str, NDArray]
    resolved: tuple[int, ...] = ()
    error: str = ""


def _attempt(key: str, task: Task, numbers: Spans) -> list[_Part]:
    try:
        return [_measure(key, task, numbers)]
    except Exception:  # noqa: BLE001 - a user's function may raise anything; it is recorded
        text = traceback.format_exc()
    count = spans.size(numbers)
    if count == 1:
        return [_Part(numbers, {}, error=text)]
    # One bad sample must not take the others with it: halve until it stands alone.
    return [part for half in spans.split(numbers, count // 2) for part in _attempt(key, task, half)]


def _joined(task: Task, parts: list[_Part], seconds: float) -> Block:
    good = [part for part in parts if not part.error]
    shapes = {name: values.shape[1:] for part in good for name, values in part.values.items()}
    values = {
        name: np.concatenate(
            [
                part.values[name]
                if not part.error
                else np.full((spans.size(part.numbers), *shape), np.nan)
                for part in parts
            ]
        )
        for name, shape in shapes.items()
    }
    return Block(
        sweep=task.sweep,
        point=task.point,
        numbers=spans.union(span for part in parts for span in part.numbers),
        values=values,
        errors={s: part.error for part in parts if part.error for s in spans.numbers(part.numbers)},
        resolved=tuple(sample for part in good for sample in part.resolved),
        seconds=seconds,
    )


def _measure(key: str, task: Task, numbers: Spans) -> _Part:
    sweep, _ = _known[key]
    problem, chosen = _problem(key, task.point), tuple(spans.numbers(numbers))
    # "auto" must not choose by the samples that a batch happens to have: as if for many.
    solution = choose(sweep.solver, problem, AS_IF_MANY).solve([(problem, chosen)])[0]
    ensemble = Ensemble(solution.data, chosen, problem, solution.resolved)
    values = evaluate_observables(sweep, ensemble, task.observables)
    return _Part(numbers, values, tuple(solution.resolved))


def evaluate_observables(
    sweep: Sweep, ensemble: Ensemble, names: Iterable[str] | None = None
) -> dict[str, NDArray]:
    """Observable -> values of an ensemble, of all observables or of those named.

    Raises
    ------
    ValueError
        An observable does not give real numbers with the sample as the first axis.
    """
    values = {}
    for name in sweep.observables if names is None else names:
        array = np.asarray(sweep.observables[name](ensemble))
        if array.shape[:1] != (len(ensemble),):
            raise ValueError(
                f"the observable {name!r} gave shape {array.shape} for {len(ensemble)} samples; "
                "its first axis must be the sample"
            )
        if np.iscomplexobj(array):
            raise ValueError(
                f"the observable {name!r} is complex; keep real numbers, such as |r|² or the real "
                "and imaginary parts"
            )
        values[name] = array.astype(float)
    return values


# -- what a worker keeps --------------------------------------------------------------------

_known: OrderedDict[str, tuple[Sweep, int]] = OrderedDict()
_KEPT = 8


def _keep(packed: Packed) -> None:
    if packed.key not in _known:
        _known[packed.key] = cloudpickle.loads(packed.content)
        while len(_known) > _KEPT:
            _known.popitem(last=False)


@functools.lru_cache(maxsize=1)
def _threads() -> ThreadpoolController:
    """The thread pools of this process; finding them takes 5 ms."""
    return ThreadpoolController()


@functools.lru_cache(maxsize=2)
def _problem(key: str, point: Point) -> Problem:
    sweep, seed = _known[key]
    return problem_of(sweep.at(point), seed)


def problem_of(fixed: Sweep, seed: int) -> Problem:
    """The scattering problem of a sweep without axes."""
    system, params = built(fixed.system), fixed.kwant_params
    # Kwant must evaluate a system without declared `norbs` to know its orbitals.
    declared = system.site_ranges is not None
    structure = _structure(system) if declared else structure_of(system, params)
    return make_problem(
        system,
        fixed.energy,
        params=params,
        seed=seed,
        in_leads=fixed.in_leads,
        out_leads=fixed.out_leads,
        structure=structure,
        configurations=_bound(fixed.disorder, structure),
    )


@functools.lru_cache(maxsize=2)
def _structure(system: Any) -> Structure:
    return structure_of(system)


@functools.lru_cache(maxsize=2)
def _bound(disorder: Disorder | None, structure: Structure) -> Configurations:
    return bind(disorder, structure)
