"""Who computes: anything with the interface of `concurrent.futures.Executor`."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import loky


class InProcess(Executor):
    """Compute at once, in this process: for one worker, for debugging and for profiling."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - a future carries any
            future.set_exception(error)
        return future


def local(workers: int | None = None) -> Executor:
    """Processes on this machine, as many as it has cores by default.

    Raises
    ------
    ValueError
        ``workers`` is no positive integer.
    """
    if workers is None:
        workers = available_cores()
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise ValueError(f"workers must be a positive integer, not {workers!r}")
    return InProcess() if workers == 1 else loky.ProcessPoolExecutor(max_workers=workers)


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def width(executor: Executor) -> int:
    """How many tasks an executor works on at once, as far as it tells."""
    if isinstance(executor, InProcess):
        return 1
    return int(getattr(executor, "_max_workers", None) or available_cores())


def stop(executor: Executor) -> None:
    """Stop an executor of our own at once, without waiting for its tasks."""
    if isinstance(executor, loky.ProcessPoolExecutor):
        executor.shutdown(wait=False, kill_workers=True)
    else:
        executor.shutdown(wait=False, cancel_futures=True)
