"""The work of one task, as it runs in a worker: points with samples -> a block of results.

A worker solves a task in batches, each with samples at one point or at many. It keeps what the
tasks share: the sweeps that it was sent, the system with its structure, and the last problems. A
task has a time: when it is over, the block has the samples done so far, and the remaining ones
are for another task.
"""

from __future__ import annotations

import functools
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import cloudpickle
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from ..closed.ensemble import ClosedEnsemble, closed_problem, solve_closed
from ..disorder.base import Disorder
from ..disorder.configurations import Configurations, bind
from ..hamiltonian.structure import Structure, structure_of
from ..hamiltonian.system import SALT, is_closed
from ..point import Point
from ..solver.base import Backend
from ..solver.ensemble import Ensemble
from ..solver.problem import Problem, make_problem
from ..solver.scattering import solve_batch
from ..store import parts, spans
from ..store.block import Block, Measurement
from ..store.parts import Part, Parts
from ..study.sweep import Sweep, built
from .tasks import Packed, Task

LARGEST_BATCH = 4096
"""Samples that are in memory at once."""
PROBLEM_BYTES = 128_000_000
"""Memory for the clean Hamiltonians and lead modes of a batch, unless one point needs more.

The back end needs about as much again for what it prepares of them.
"""

Pair = tuple[Part, Problem]


def compute(key: str, task: Task, packed: Packed | None = None) -> Block | None:
    """Compute a task, or a first part of it; None if the sweep is not known here.

    What fails is in the block as a traceback; nothing is raised for it.
    """
    if packed is not None:
        _keep(packed)
    if key not in _known:
        return None
    start = time.perf_counter()
    measured: list[Measurement] = []
    remaining, batch = task.parts, min(task.first, LARGEST_BATCH)
    with _threads().limit(limits=1):
        while remaining:
            begun, wanted = time.perf_counter(), remaining
            found, remaining = _measure_some(key, task, wanted, batch)
            measured += found
            end, done = time.perf_counter(), parts.size(wanted) - parts.size(remaining)
            fit = (task.seconds - (end - start)) / max((end - begun) / done, 1e-9)
            if fit < 1:
                break
            batch = int(min(2 * batch, fit, LARGEST_BATCH))
    return Block(task.sweep, tuple(measured), time.perf_counter() - start)


def _measure_some(
    key: str, task: Task, wanted: Parts, number: int
) -> tuple[list[Measurement], Parts]:
    """Compute the first samples of the wanted ones; return the results and what remains.

    These are so many that the batch is not larger than asked for, has one system, and keeps within
    the bound on memory.
    """
    now, later = parts.split(wanted, number)
    pairs: list[Pair] = []
    failed: list[Measurement] = []
    size = 0
    for place, part in enumerate(now):
        try:
            problem = _problem(key, part.point)
        except Exception:  # noqa: BLE001 - a user's function may raise anything; it is recorded
            failed.append(Measurement(*part, error=traceback.format_exc()))
            continue
        size += _bytes(problem)
        if pairs and (size > PROBLEM_BYTES or problem.structure is not pairs[0][1].structure):
            later = parts.joined(now[place:], later)
            break
        pairs.append((part, problem))
    return [*failed, *_measured(key, task, pairs)], later


def _measured(key: str, task: Task, pairs: Sequence[Pair]) -> list[Measurement]:
    """The results of a batch, or the tracebacks that its samples end in."""
    if not pairs:
        return []
    try:
        return _solved(key, task, pairs)
    except Exception:  # noqa: BLE001 - as above
        text = traceback.format_exc()
    size = parts.size(part for part, _ in pairs)
    if size == 1:
        return [Measurement(*pairs[0][0], error=text)]
    # One bad sample must not take the others with it: halve until it stands alone.
    problems = {part.point: problem for part, problem in pairs}
    return [
        one
        for half in parts.split((part for part, _ in pairs), size // 2)
        for one in _measured(key, task, [(part, problems[part.point]) for part in half])
    ]


def _solved(key: str, task: Task, pairs: Sequence[Pair]) -> list[Measurement]:
    sweep, _, backend = _known[key]
    batch = [(problem, tuple(spans.numbers(part.numbers))) for part, problem in pairs]
    result = []
    closed = pairs[0][1].is_closed
    ensembles: Sequence[Any] = solve_closed(batch) if closed else solve_batch(batch, backend)
    for pair, ensemble in zip(pairs, ensembles, strict=True):
        try:
            values = evaluate_observables(sweep, ensemble, task.observables)
        except Exception:
            if len(pairs) == 1:
                raise
            result += _measured(key, task, [pair])
        else:
            result.append(Measurement(*pair[0], values, tuple(ensemble.resolved)))
    return result


def evaluate_observables(
    sweep: Sweep, ensemble: Ensemble | ClosedEnsemble, names: Iterable[str] | None = None
) -> dict[str, NDArray]:
    """Observable -> values of an ensemble, of all observables or of those named.

    The values are real (float) or complex numbers.

    Raises
    ------
    ValueError
        An observable does not give an array with the sample as the first axis.
    """
    values = {}
    for name in sweep.observables if names is None else names:
        array = np.asarray(sweep.observables[name](ensemble))
        if array.shape[:1] != (len(ensemble),):
            raise ValueError(
                f"the observable {name!r} gave shape {array.shape} for {len(ensemble)} samples; "
                "its first axis must be the sample"
            )
        values[name] = array.astype(complex if np.iscomplexobj(array) else float)
    return values


# -- what a worker keeps --------------------------------------------------------------------

_known: OrderedDict[str, tuple[Sweep, int, Backend]] = OrderedDict()
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
    sweep, seed, _ = _known[key]
    return problem_of(sweep.at(point), seed)


def _bytes(problem: Problem) -> int:
    """Memory of what a problem does not share with others of its system."""
    modes = (value for lead in problem.modes for part in lead for value in vars(part).values())
    arrays = [problem.clean, *(value for value in modes if isinstance(value, np.ndarray))]
    return sum(array.nbytes for array in arrays)


def problem_of(fixed: Sweep, seed: int) -> Problem:
    """The problem of a sweep without axes: of its scattering, or of its Hamiltonian alone."""
    system, params = built(fixed.system), fixed.kwant_params
    declared = system.site_ranges is not None
    structure = _structure(system) if declared else _undeclared_structure(system, params)
    set_up = closed_problem if is_closed(system, fixed.leads) else make_problem
    return set_up(
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


def _undeclared_structure(system: Any, params: dict[str, Any]) -> Structure:
    """The structure of a system without declared `norbs`, which Kwant must evaluate to know it.

    It is the same object at all points with the same orbitals, so that they can share a batch.
    """
    salt = {SALT: ""} if SALT in system.parameters else {}
    found = structure_of(system, salt | params)
    return _structures(system).setdefault(found.offsets.tobytes(), found)


@functools.lru_cache(maxsize=2)
def _structures(system: Any) -> dict[bytes, Structure]:
    return {}


@functools.lru_cache(maxsize=2)
def _bound(disorder: Disorder | None, structure: Structure) -> Configurations:
    return bind(disorder, structure)
