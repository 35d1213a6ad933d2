"""`run`: compute what a store lacks, on any executor, and open what it has."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from ..solver.base import Backend
from ..store import parts
from ..store.records import MemoryStore, Records
from ..store.store import Store
from ..study.study import QUICK, SINGLE, Study
from ..study.sweep import Sweep
from . import executors, preflight
from .dispatch import Dispatcher
from .identity import description, identity
from .plan import Plan, Shard, missing, system_axes
from .progress import show_progress
from .results import Results, folder_of, results
from .tasks import pack

SHARE_RESOLVED, MANY_RESOLVED = 0.2, 20
"""Share and number of samples that are solved again above which a run warns."""

OUT = "results"
"""Folder of all results where none is named."""


def run(
    study: Study | Sweep,
    options: Mapping[str, Any] | None = None,
    *,
    preset: str = QUICK,
    out: str | Path | None = None,
    workers: int | None = None,
    executor: str | Executor = "local",
    scheduler: str | None = None,
    shard: Shard | None = None,
    retry_failed: bool = False,
    recompute: Collection[str] = (),
    progress: bool = True,
    **more: Any,
) -> Results:
    """Compute a study or a sweep, or what is missing of it, and return its results.

    Parameters
    ----------
    study
        The study; or a sweep alone, which needs no name.
    options
        See `Study.with_options`: samples, seed, axes, settings. Names that are identifiers may
        also be given as keywords.
    preset
        One of the presets of the study.
    out
        The results of a study live in ``out/<study>/<preset>/``, below ``results`` by default.
        Those of a sweep live in the folder `out`, or in memory alone where there is none.
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
    recompute
        Names of observables, kinds of disorder, parameters, or "system", whose code has changed:
        what they decide is computed again, and all else that is stored is kept.
    progress
        Show a progress bar.
    **more
        Options as keywords.

    Returns
    -------
    xarray.Dataset or xarray.DataTree
        The points and samples of the study, with the axes and ``sample`` as
        dimensions and the settings as scalar coordinates; a tree with a node a sweep where the
        study has several.
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

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> sweep = mk.Sweep(
    ...     Wire(width=3, length=5), disorder=mk.Anderson(1.0), axes={"energy": (-1.0, 0.5)}
    ... )
    >>> data = mk.run(sweep, samples=4, workers=1, progress=False)
    >>> data.g.dims, int(data.width)
    (('energy', 'sample'), 3)
    """
    folder: Path | None
    if isinstance(study, Sweep):
        if preset != QUICK:
            raise ValueError(f"a sweep has no presets: omit preset={preset!r}, or make a Study")
        study, folder = Study(SINGLE, study), None if out is None else Path(out)
    elif isinstance(study, Study):
        folder = folder_of(study, preset, OUT if out is None else out)
    else:
        raise TypeError(f"run takes a mesokwant.Study or mesokwant.Sweep, not {study!r}")
    if options is not None and not isinstance(options, Mapping):
        raise TypeError(
            f"options must map names to values, such as {{'samples': 200}}, not {options!r}"
        )
    study = study.with_preset(preset).with_options({**(options or {}), **more})
    return execute(
        study,
        folder,
        workers=workers,
        executor=executor,
        scheduler=scheduler,
        shard=shard,
        retry_failed=retry_failed,
        recompute=recompute,
        progress=progress,
    )


def execute(
    study: Study,
    folder: Path | None,
    *,
    workers: int | None = None,
    executor: str | Executor = "local",
    scheduler: str | None = None,
    shard: Shard | None = None,
    retry_failed: bool = False,
    recompute: Collection[str] = (),
    progress: bool = True,
) -> Results:
    """Compute a configured study in a folder, or in memory where there is none; see `run`."""
    executors.check(executor, workers=workers, scheduler=scheduler)
    if shard is not None and not (isinstance(shard, tuple) and len(shard) == 2):
        raise TypeError(f"shard must be a pair (number, of how many), as (3, 16), not {shard!r}")
    backends = preflight.check(study)
    known = description(study) if folder is None else identity(study)
    with executors.opened(executor, workers=workers, scheduler=scheduler) as opened:
        store = MemoryStore(known) if folder is None else Store.open(folder, known, recompute)
        if opened is not None:
            try:
                _compute(study, store, opened, backends, shard, retry_failed, progress)
            except KeyboardInterrupt:
                raise KeyboardInterrupt(f"stopped; {_kept(study, store)}") from None
    if opened is not None:
        _warn_of_failures(study, store)
    return results(study, store)


def _compute(
    study: Study,
    store: Records,
    executor: Executor,
    backends: Mapping[str, Backend],
    shard: Shard | None,
    retry_failed: bool,
    progress: bool,
) -> None:
    sweeps = study.named_sweeps
    inventories = {name: store.inventory(name, retry_failed) for name in sweeps}
    stored = {name: present for name, (present, _) in inventories.items()}
    lacking = {name: without for name, (_, without) in inventories.items()}
    work = functools.partial(missing, sweeps, stored, shard, lacking)
    total = parts.size(one.part for one in work())
    store.request(
        {n: {"axes": dict(sweep.axes), "samples": sweep.samples} for n, sweep in sweeps.items()}
    )
    if total:
        packed = {n: pack(sweep, study.seed, backends[n]) for n, sweep in sweeps.items()}
        plan = Plan(work(), total, {name: system_axes(sweep) for name, sweep in sweeps.items()})
        resolved = 0
        with show_progress(study.name, total, progress=progress) as advance:
            for block in Dispatcher(executor, packed, plan, store):
                advance(parts.size(block.parts))
                resolved += sum(len(one.resolved) for one in block.measurements)
        _warn_of_slow_samples(resolved, total)
    for name in sweeps:
        store.merge(name, others=shard is None)


def _warn_of_slow_samples(resolved: int, total: int) -> None:
    """Say that many samples took the safe path of the solver, which is slow."""
    if resolved >= MANY_RESOLVED and resolved > SHARE_RESOLVED * total:
        warnings.warn(
            f"{resolved} of {total} samples were solved again in a safer way, which is several "
            "times slower (the variable `resolved` marks them): clean regions are singular at "
            "special energies such as 0, 1 or √2; a generic energy nearby, such as 0.137 instead "
            "of 0, avoids that",
            RuntimeWarning,
            stacklevel=5,
        )


def _kept(study: Study, store: Records) -> str:
    if not store.where:
        return "nothing is kept of a run in memory: name a folder by out="
    sweeps = study.named_sweeps
    stored = {name: store.present(name) for name in sweeps}
    total = sum(sweep.size * sweep.samples for sweep in sweeps.values())
    remaining = parts.size(one.part for one in missing(sweeps, stored))
    return (
        f"{total - remaining} of {total} samples are kept in {store.where}; run again to continue"
    )


def _warn_of_failures(study: Study, store: Records) -> None:
    for name, sweep in study.named_sweeps.items():
        # Only those of this run's points count; a store may hold more.
        points = set(sweep.points)
        failed = [
            failure
            for failure in store.failures(name)
            if failure.point in points and failure.sample < sweep.samples
        ]
        if failed:
            what = "samples" if name == SINGLE else f"samples of {name!r}"
            warnings.warn(
                f"{len(failed)} {what} failed and are left out of all statistics: "
                f"{'; '.join(map(str, failed[:3]))}{'; ...' if len(failed) > 3 else ''} "
                "(retry_failed=True computes them again)",
                RuntimeWarning,
                stacklevel=4,
            )
