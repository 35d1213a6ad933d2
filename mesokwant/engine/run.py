"""Compute what a store lacks, on any executor; open what it has.

The runner knows no physics and no processes: it takes tasks of a few seconds
from the plan, keeps the executor busy, and adds every finished block to the
store at once.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import xarray as xr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..store import spans
from ..store.blocks import MISSING, Block
from ..store.store import Store
from ..study.study import SINGLE, Study
from . import executors, preflight
from .identity import identity
from .plan import Plan, Shard, missing
from .tasks import Packed, Task, compute, pack

ATTEMPTS = 3
"""Times that a task may lose its worker before the run gives up on it."""

Results = xr.Dataset | xr.DataTree


def run(
    study: Study,
    *,
    preset: str = "quick",
    out: str | Path = "results",
    workers: int | None = None,
    executor: str | Executor = "local",
    scheduler: str | None = None,
    shard: Shard | None = None,
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
        "local", "dask", "mpi", or any `concurrent.futures`-style executor,
        which stays open. With "mpi" all ranks call `run` alike; the first
        one hands out the work, and all return the results.
    scheduler
        Address of a Dask scheduler; a cluster on this machine by default.
    shard
        (3, 16) computes the third of sixteen disjoint parts. Any later run
        without it computes what is still missing.
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
        Its variable ``state`` tells missing, computed and failed samples apart.

    Raises
    ------
    ValueError, TypeError
        Wrong options, or a folder with the results of another computation.
    OSError
        The results can't be written; what was is kept.
    RuntimeError
        The executor fails; what was computed is kept.

    Warns
    -----
    RuntimeWarning
        Samples failed, or a stored block was damaged.
    """
    study = study.with_preset(preset).with_options(options)
    executors.check(executor, workers=workers, scheduler=scheduler)
    folder = folder_of(study, preset, out)
    preflight.check(study)
    known = identity(study)
    with executors.opened(executor, workers=workers, scheduler=scheduler) as opened:
        if opened is not None:
            store = Store.open(folder, known)
            try:
                _compute(study, store, opened, shard, retry_failed, progress)
            except KeyboardInterrupt:
                raise KeyboardInterrupt(f"stopped; {_kept(study, store)}") from None
    store = Store.open(folder, known)
    if opened is not None:
        _warn_of_failures(study, store)
    return results(study, store)


def results(study: Study, store: Store) -> Results:
    """The points and samples of a study as its store has them."""
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


def counts(data: Results) -> tuple[int, int]:
    """How many samples there are in results, and how many of them are missing."""
    nodes = [data] if isinstance(data, xr.Dataset) else list(data.children.values())
    return (
        sum(node["state"].size for node in nodes),
        sum(int((node["state"] == MISSING).sum()) for node in nodes),
    )


def _assembled(found: Mapping[str, xr.Dataset]) -> Results:
    return found[SINGLE] if list(found) == [SINGLE] else xr.DataTree.from_dict(dict(found))


# -- the work -------------------------------------------------------------------------------


def _compute(
    study: Study,
    store: Store,
    executor: Executor,
    shard: Shard | None,
    retry_failed: bool,
    progress: bool,
) -> None:
    sweeps = study.named_sweeps
    stored = {name: store.present(name, retry_failed) for name in sweeps}
    total = sum(spans.size(samples) for *_, samples in missing(sweeps, stored, shard))
    store.request(
        {n: {"axes": dict(sweep.axes), "samples": sweep.samples} for n, sweep in sweeps.items()}
    )
    if total:
        packed = {name: pack(sweep, study.seed) for name, sweep in sweeps.items()}
        plan = Plan(missing(sweeps, stored, shard), total)
        with _bar(progress) as bar:
            shown = bar.add_task(study.name, total=total)
            for block in _Crew(executor, packed, plan, store):
                bar.update(shown, advance=spans.size(block.samples))
    for name in sweeps:
        store.merge(name, others=shard is None)


class _Crew:
    """Keeps an executor busy with a plan; iterating yields the blocks as they are stored."""

    def __init__(
        self, executor: Executor, packed: Mapping[str, Packed], plan: Plan, store: Store
    ) -> None:
        self._executor, self._packed, self._plan, self._store = executor, packed, plan, store
        self._flying: dict[Future[Block | None], Task] = {}
        self._done: SimpleQueue[Future[Block | None]] = SimpleQueue()
        self._lost: dict[Task, int] = defaultdict(int)

    def __iter__(self) -> Any:
        try:
            while True:
                self._fill()
                if not self._flying:
                    return
                if (block := self._landed(self._done.get())) is not None:
                    yield block
        except KeyboardInterrupt:
            # Keep also what had just been finished.
            while self._flying:
                try:
                    self._landed(self._done.get_nowait())
                except Empty:
                    break
            raise

    def _fill(self) -> None:
        workers = executors.capacity(self._executor)
        # A few more than there are workers, so that none waits for the next.
        waiting = 0 if isinstance(self._executor, executors.InProcess) else 2 + workers // 4
        while len(self._flying) < workers + waiting:
            task = self._plan.next(workers)
            if task is None:
                return
            self._submit(task)

    def _submit(self, task: Task, packed: Packed | None = None) -> None:
        try:
            future = self._executor.submit(compute, self._packed[task.sweep].key, task, packed)
        except (BrokenExecutor, RuntimeError) as error:
            raise RuntimeError(
                f"the executor takes no more tasks ({error}); what was computed is kept: pass a "
                "working executor and run again"
            ) from error
        self._flying[future] = task
        future.add_done_callback(self._done.put)

    def _landed(self, future: Future[Block | None]) -> Block | None:
        task = self._flying.pop(future)
        try:
            block = future.result()
        except BrokenExecutor as error:
            self._lost[task] += 1
            if self._lost[task] == ATTEMPTS:
                raise RuntimeError(
                    f"a worker died {ATTEMPTS} times at {dict(task.point)} of {task.sweep!r}, "
                    "probably for want of memory: try fewer workers; what was computed is kept"
                ) from error
            self._submit(task)
            return None
        except Exception as error:
            raise RuntimeError(
                f"the executor failed at {dict(task.point)} of {task.sweep!r} ({error!r}); what "
                "was computed is kept"
            ) from error
        if block is None:  # a worker that had not seen the sweep
            self._submit(task, self._packed[task.sweep])
            return None
        self._store.write(block)
        self._plan.learn(task, block)
        return block


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


def _kept(study: Study, store: Store) -> str:
    sweeps = study.named_sweeps
    stored = {name: store.present(name) for name in sweeps}
    total = sum(sweep.size * sweep.samples for sweep in sweeps.values())
    left = sum(spans.size(samples) for *_, samples in missing(sweeps, stored))
    return f"{total - left} of {total} samples are kept in {store.folder}; run again to continue"


def _warn_of_failures(study: Study, store: Store) -> None:
    for name, sweep in study.named_sweeps.items():
        # Merely those of this run's points; a store may hold more.
        points = {tuple(point.values()) for point in sweep.points}
        failed = [
            failure
            for failure in store.failures(name)
            if tuple(failure.point.values()) in points and failure.sample < sweep.samples
        ]
        if failed:
            what = "samples" if name == SINGLE else f"samples of {name!r}"
            warnings.warn(
                f"{len(failed)} {what} failed and are left out of all statistics: "
                f"{'; '.join(map(str, failed[:3]))}{'; ...' if len(failed) > 3 else ''} "
                "(compute them again by --retry-failed)",
                RuntimeWarning,
                stacklevel=3,
            )
