"""Who computes: anything with the interface of `concurrent.futures.Executor`.

Processes of this machine (``"local"``), Dask workers (``"dask"``), the ranks of
an MPI job (``"mpi"``), or an executor of the user's.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from typing import Any

from ..names import unknown

NAMES = ("local", "dask", "mpi")


class InProcess(Executor):
    """Compute at once, in this process: for one worker, for debugging and for profiling."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - a future carries any
            future.set_exception(error)
        return future


class LocalProcesses(Executor):
    """Processes of this machine that are started again when one of them dies."""

    def __init__(self, workers: int) -> None:
        self._max_workers = workers
        self._pool = self._started()

    def _started(self) -> Any:
        import loky

        return loky.ProcessPoolExecutor(
            max_workers=self._max_workers, initializer=_set_up_worker, initargs=(os.getpid(),)
        )

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        try:
            return self._pool.submit(function, *args, **kwargs)
        except BrokenExecutor:
            self._pool = self._started()
            return self._pool.submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """Kill the workers: the run is over and has all its blocks, or is to stop.

        Asked to end by themselves, workers of loky sometimes never do.
        """
        self._pool.shutdown(wait=wait, kill_workers=True)


@contextmanager
def opened(
    executor: str | Executor = "local",
    *,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Iterator[Executor | None]:
    """An executor, stopped at once where the work ends in an exception.

    Yields
    ------
    Executor or None
        None on every MPI rank but the first: those ranks acted as workers and have nothing left
        to do.

    Raises
    ------
    ValueError
        No such executor, or an option that it has no use for.
    ModuleNotFoundError
        A package is missing that it needs.
    """
    check(executor, workers=workers, scheduler=scheduler)
    if not isinstance(executor, str):
        yield executor
        return
    with _OPENERS[executor](workers, scheduler) as found:
        try:
            yield found
        except BaseException:
            if found is not None:
                found.shutdown(wait=False, cancel_futures=True)
            raise


def check(executor: Any, *, workers: Any = None, scheduler: Any = None) -> None:
    """Refuse an executor that can't be opened; see `opened`."""
    if isinstance(executor, str):
        if executor not in NAMES:
            raise ValueError(unknown("executor", executor, NAMES))
    elif not hasattr(executor, "submit"):
        raise TypeError(
            f"executor must be one of {', '.join(NAMES)} or have a method submit() like those of "
            f"concurrent.futures, not {executor!r}"
        )
    if scheduler is not None and executor != "dask":
        raise ValueError("a scheduler is for the executor 'dask' only: omit it, or use dask")
    if workers is not None:
        if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
            raise ValueError(f"workers must be a positive integer, not {workers!r}")
        if executor == "mpi":
            raise ValueError("an MPI job has the workers that `mpiexec -n` gives it: omit workers")
        if not isinstance(executor, str) or scheduler:
            raise ValueError("this executor has workers of its own: omit workers")


def capacity(executor: Executor) -> int:
    """How many tasks an executor works on at once, as far as it tells."""
    if isinstance(executor, InProcess):
        return 1
    if hasattr(executor, "_client"):  # Dask; workers come and go
        return max(1, sum(executor._client.nthreads().values()))
    for name in ("num_workers", "_max_workers"):
        if number := getattr(executor, name, None):
            return int(number)
    return cores()


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# -- the built-in ones ----------------------------------------------------------------------


@contextmanager
def _local(workers: int | None, _: str | None) -> Iterator[Executor]:
    workers = workers or cores()
    with InProcess() if workers == 1 else LocalProcesses(workers) as executor:
        yield executor


@contextmanager
def _dask(workers: int | None, scheduler: str | None) -> Iterator[Executor]:
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "the executor 'dask' needs the package distributed: pip install 'mesokwant[dask]'"
        ) from None
    address: Any = scheduler
    if scheduler is None:
        address = LocalCluster(
            n_workers=workers or cores(), threads_per_worker=1, dashboard_address=None
        )
    with Client(address) as client, client.get_executor(pure=False) as executor:
        yield executor
    if scheduler is None:
        address.close()


@contextmanager
def _mpi(*_: Any) -> Iterator[Executor | None]:
    try:
        from mpi4py.futures import MPICommExecutor
    except ImportError as error:
        raise ModuleNotFoundError(
            f"the executor 'mpi' needs mpi4py and an MPI library ({error}): "
            "pip install 'mesokwant[mpi]'"
        ) from None
    with MPICommExecutor() as executor:
        yield executor


_OPENERS: dict[str, Any] = {"local": _local, "dask": _dask, "mpi": _mpi}


def _set_up_worker(parent: int) -> None:
    """Set up a worker: Ctrl-C is the parent's business, and it does not outlive the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def is_first_rank() -> bool:
    """Whether this process hands out the work of an MPI job, or there is no such job."""
    try:
        from mpi4py import MPI
    except ImportError:
        return True
    return MPI.COMM_WORLD.Get_rank() == 0
