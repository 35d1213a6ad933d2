"""Compute what a store lacks, on any executor; open what it has.

The runner knows no physics and no processes: it plans tasks of a few seconds,
keeps the executor busy, and adds every finished block to the store at once.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from . import executors
from .identity import identity
from .store import Block, Store, names_taken
from .study import SINGLE, Study
from .sweep import Sweep
from .tasks import Task, compute, pack

TASK_SECONDS = 3.0
"""Time that a task should take: long against its overhead, short against a lost task."""
FIRST_SAMPLES = 8
"""Samples of a first task, before their time is known."""
ATTEMPTS = 3
"""Times that a task may lose its worker before the run gives up on it."""

Results = xr.Dataset | xr.DataTree


def run(
    study: Study,
    *,
    preset: str = "quick",
    out: str | Path = "results",
    workers: int | None = None,
    executor: Executor | None = None,
    retry_failed: bool = False,
    progress: bool = True,
    **options: Any,
) -> Results:
    """Compute a study, or what is missing of it, and return its results.

    Parameters
    ----------
    study
        The study.
    preset
        One of its presets.
    out
        Results live in ``out/<study>/<preset>/``.
    workers
        Processes on this machine; all cores by default, 1 for this process.
    executor
        Any `concurrent.futures`-style executor to use instead; it stays open.
    retry_failed
        Compute again the samples that failed before.
    progress
        Show a progress bar.
    **options
        See `Study.with_options`: samples, seed, axes, settings.

    Returns
    -------
    xarray.Dataset or xarray.DataTree
        The points and samples of the study, with the axes and ``sample`` as
        dimensions; a tree with a node a sweep where the study has several.

    Raises
    ------
    ValueError
        Wrong options, or a folder with the results of another computation.
    """
    study = study.with_preset(preset).with_options(options)
    sweeps = study.named_sweeps
    for sweep in sweeps.values():
        _check(sweep)
    own = executor is None
    executor = executors.local(workers) if executor is None else executor
    try:
        store = Store.open(folder_of(study, preset, out), identity(study))
        pool = _Pool(executor, lambda: executors.local(workers) if own else None)
        _compute(study, store, pool, retry_failed, progress)
    except BaseException:
        if own:
            executors.stop(executor)
        raise
    if own:
        executor.shutdown()
    return results(study, store)


def results(study: Study, store: Store) -> Results:
    """The points and samples of a study as its store has them.

    Raises
    ------
    ValueError
        The store is of another computation.
    """
    found = {
        name: store.dataset(name, sweep.axes, sweep.samples)
        for name, sweep in study.named_sweeps.items()
    }
    return _assembled(found)


def load(folder: str | Path) -> Results:
    """Open all stored results of a run: ``results/<study>/<preset>``.

    Raises
    ------
    FileNotFoundError
        There are none.
    """
    store = Store(Path(folder))
    return _assembled({name: store.dataset(name) for name in store.identity["sweeps"]})


def folder_of(study: Study, preset: str, out: str | Path) -> Path:
    """Where the results of a run live."""
    return Path(out) / study.name / preset


def _assembled(found: Mapping[str, xr.Dataset]) -> Results:
    return found[SINGLE] if list(found) == [SINGLE] else xr.DataTree.from_dict(dict(found))


def _check(sweep: Sweep) -> None:
    sweep.check_axes()
    taken = names_taken([*sweep.axes, *sweep.observables])
    both = sorted(set(sweep.axes) & set(sweep.observables))
    if taken or both:
        raise ValueError(f"rename {', '.join(map(repr, taken or both))}: the name has another use")
    for point in sweep.points:
        sweep.at(point)  # the values themselves refuse what they can't be


# -- the work -------------------------------------------------------------------------------


class _Pool:
    """An executor, and how to get another one when its workers die."""

    def __init__(self, executor: Executor, renew: Any) -> None:
        self.executor, self._renew = executor, renew

    def renew(self) -> None:
        fresh = self._renew()
        if fresh is None:
            raise RuntimeError("the executor lost its workers; pass a working one and run again")
        self.executor = fresh


def _compute(study: Study, store: Store, pool: _Pool, retry_failed: bool, progress: bool) -> None:
    lacking = {
        name: _lacking(store, name, sweep, retry_failed)
        for name, sweep in study.named_sweeps.items()
    }
    total = sum(len(samples) for work in lacking.values() for _, samples in work)
    if not total:
        return
    packed = {name: pack(sweep, study.seed) for name, sweep in study.named_sweeps.items()}
    plan = _Plan(lacking)
    attempts: dict[Task, int] = defaultdict(int)
    with _bar(progress) as bar:
        shown = bar.add_task(study.name, total=total)
        flying: dict[Future[Block], Task] = {}
        again: list[Task] = []
        while True:
            while len(flying) < executors.width(pool.executor) + 2:
                task = again.pop() if again else plan.next()
                if task is None:
                    break
                flying[pool.executor.submit(compute, packed[task.sweep], task)] = task
                if isinstance(pool.executor, executors.InProcess):
                    break
            if not flying:
                return
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                task = flying.pop(future)
                try:
                    block = future.result()
                except BrokenExecutor as error:
                    broken = True
                    attempts[task] += 1
                    if attempts[task] == ATTEMPTS:
                        raise RuntimeError(
                            f"a worker died {ATTEMPTS} times at {dict(task.point)} of "
                            f"{task.sweep!r}, probably for want of memory; try fewer --workers. "
                            "What was computed is kept."
                        ) from error
                    again.append(task)
                    continue
                store.write(block)
                plan.learn(task, block.seconds)
                bar.update(shown, advance=len(task.samples))
            if broken:
                again += flying.values()
                flying.clear()
                pool.renew()


class _Plan:
    """Cuts the missing samples into tasks, by the time that their like took."""

    def __init__(self, lacking: Mapping[str, list[tuple[Any, NDArray]]]) -> None:
        self._todo = self._pieces(lacking)
        self._current: tuple[str, Any, NDArray] | None = next(self._todo, None)
        self._pace: dict[tuple[str, Any], float] = {}

    @staticmethod
    def _pieces(lacking: Any) -> Iterator[tuple[str, Any, NDArray]]:
        for name, work in lacking.items():
            for point, samples in work:
                yield name, point, samples

    def next(self) -> Task | None:
        if self._current is None:
            return None
        name, point, samples = self._current
        pace = self._pace.get((name, _kin(point)))
        number = FIRST_SAMPLES if pace is None else max(1, round(TASK_SECONDS / pace))
        # Rather two halves than one task and a crumb.
        if number < len(samples) < 1.5 * number:
            number = (len(samples) + 1) // 2
        task = Task(name, point, tuple(samples[:number].tolist()))
        rest = samples[number:]
        self._current = (name, point, rest) if len(rest) else next(self._todo, None)
        return task

    def learn(self, task: Task, seconds: float) -> None:
        self._pace[task.sweep, _kin(task.point)] = max(seconds / len(task.samples), 1e-9)


def _kin(point: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    """What points have in common that should take the same time: all but the last axis."""
    return point[:-1] if len(point) > 1 else point


def _lacking(
    store: Store, name: str, sweep: Sweep, retry_failed: bool
) -> list[tuple[Any, NDArray]]:
    """(point, samples) that a sweep wants and its store does not have."""
    present = store.present(name, retry_failed)
    wanted = np.arange(sweep.samples)
    work = []
    for point in sweep.points:
        have = present.get(tuple(point.values()), np.empty(0, int))
        missing = np.setdiff1d(wanted, have, assume_unique=True)
        if len(missing):
            work.append((tuple(point.items()), missing))
    return work


def _bar(progress: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("samples, left:"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not progress,
    )


def warn_of_failures(study: Study, store: Store) -> int:
    """Warn of samples that failed, naming the first of each sweep; return their number."""
    number = 0
    for name in study.named_sweeps:
        failed = list(store.failures(name))
        number += len(failed)
        if failed:
            point, sample, text = failed[0]
            warnings.warn(
                f"{len(failed)} samples of {name!r} failed and are left out of all statistics; "
                f"the first: {point}, sample {sample}: {text.strip().splitlines()[-1]} "
                "(try again by --retry-failed)",
                RuntimeWarning,
                stacklevel=2,
            )
    return number
