"""The work of one task, as it runs in a worker: a point and some samples -> a block of results.

A worker keeps what the tasks share: the sweeps that it was sent, the system
with its structure, and the last problems. A task names its sweep by a key;
only to a worker that does not know the key is the sweep sent along. So nothing
big travels with the tasks, and any executor will do.

A task has a time: when it is over, the block has the samples done so far, and
the rest is left for another task.
"""

from __future__ import annotations

import functools
import hashlib
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cloudpickle
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ..disorder import Configurations, Disorder, bind
from ..hamiltonian.structure import Structure, structure_of
from ..solver import Ensemble, Problem, make_problem
from ..solver.backends import choose
from ..store import spans
from ..store.blocks import Block
from ..store.spans import Spans
from ..study.sweep import Sweep, built

LARGEST_BATCH = 4096
"""Samples that are in memory at once."""
MANY = 10**9


@dataclass(frozen=True)
class Task:
    """Some samples at one point of a sweep.

    Attributes
    ----------
    sweep, point, samples
        What to compute.
    first
        Samples to begin with; batches grow from there.
    seconds
        Time after which to return with what is done.
    """

    sweep: str
    point: tuple[tuple[str, Any], ...]
    samples: Spans
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


def compute(key: str, task: Task, packed: Packed | None = None) -> Block | None:
    """Compute a task, or a first part of it; None if the sweep is not known here.

    What fails is in the block as a traceback; nothing is raised for it.
    """
    if packed is not None:
        _keep(packed)
    if key not in _known:
        return None
    start = time.perf_counter()
    parts: list[_Part] = []
    rest, batch = task.samples, min(task.first, LARGEST_BATCH)
    with threadpool_limits(1):
        while rest:
            now, rest = spans.split(rest, batch)
            begun = time.perf_counter()
            parts += _attempt(key, task.point, now)
            end = time.perf_counter()
            left = task.seconds - (end - start)
            fit = left / max((end - begun) / spans.size(now), 1e-9)
            if fit < 1:
                break
            batch = int(min(2 * batch, fit, LARGEST_BATCH))
    return _joined(task, parts, time.perf_counter() - start)


@dataclass(frozen=True)
class _Part:
    """Results of a batch, or the traceback that it ended in."""

    samples: Spans
    values: dict[str, NDArray]
    resolved: tuple[int, ...] = ()
    error: str = ""


def _attempt(key: str, point: Any, samples: Spans) -> list[_Part]:
    try:
        return [_measure(key, point, samples)]
    except Exception:  # noqa: BLE001 - a user's function may raise anything; it is recorded
        text = traceback.format_exc()
    number = spans.size(samples)
    if number == 1:
        return [_Part(samples, {}, error=text)]
    # One bad sample must not take the others with it: halve until it stands alone.
    return [
        part for half in spans.split(samples, number // 2) for part in _attempt(key, point, half)
    ]


def _joined(task: Task, parts: list[_Part], seconds: float) -> Block:
    good = [part for part in parts if not part.error]
    shapes = {name: values.shape[1:] for part in good for name, values in part.values.items()}
    values = {
        name: np.concatenate(
            [
                part.values[name]
                if not part.error
                else np.full((spans.size(part.samples), *shape), np.nan)
                for part in parts
            ]
        )
        for name, shape in shapes.items()
    }
    return Block(
        sweep=task.sweep,
        point=dict(task.point),
        samples=spans.union(span for part in parts for span in part.samples),
        values=values,
        errors={s: part.error for part in parts if part.error for s in spans.numbers(part.samples)},
        resolved=tuple(sample for part in good for sample in part.resolved),
        seconds=seconds,
    )


def _measure(key: str, point: Any, samples: Spans) -> _Part:
    sweep, _ = _known[key]
    here, numbers = _problem(key, point), tuple(spans.numbers(samples))
    # "auto" must not choose by the samples that a batch happens to have: as if for many.
    solution = choose(sweep.solver, here, MANY).solve(here, numbers)
    ensemble = Ensemble(solution.data, numbers, here, solution.resolved)
    return _Part(samples, measured(sweep, ensemble), tuple(solution.resolved))


def measured(
    sweep: Sweep, ensemble: Ensemble, names: Iterable[str] | None = None
) -> dict[str, NDArray]:
    """The observables of an ensemble, all or those of some names.

    Raises
    ------
    ValueError
        One that is not real numbers with the sample as the first axis.
    """
    values = {}
    for name in sweep.observables if names is None else names:
        found = np.asarray(sweep.observables[name](ensemble))
        if found.shape[:1] != (len(ensemble),):
            raise ValueError(
                f"the observable {name!r} gave shape {found.shape} for {len(ensemble)} samples; "
                "its first axis must be the sample"
            )
        if np.iscomplexobj(found):
            raise ValueError(
                f"the observable {name!r} is complex; keep real numbers, such as |r|² or the real "
                "and imaginary parts"
            )
        values[name] = found.astype(float)
    return values


# -- what a worker keeps --------------------------------------------------------------------

_known: OrderedDict[str, tuple[Sweep, int]] = OrderedDict()
_KEPT = 8


def _keep(packed: Packed) -> None:
    if packed.key not in _known:
        _known[packed.key] = cloudpickle.loads(packed.content)
        while len(_known) > _KEPT:
            _known.popitem(last=False)


@functools.lru_cache(maxsize=2)
def _problem(key: str, point: tuple[tuple[str, Any], ...]) -> Problem:
    sweep, seed = _known[key]
    return problem(sweep.at(dict(point)), seed)


def problem(here: Sweep, seed: int) -> Problem:
    """The scattering problem of a sweep without axes."""
    system = built(here.system)
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
def _structure(system: Any) -> Structure:
    return structure_of(system)


@functools.lru_cache(maxsize=2)
def _bound(disorder: Disorder | None, structure: Structure) -> Configurations:
    return bind(disorder, structure)
