"""Keeping an executor busy with a plan.

The dispatcher knows no physics and no processes: it takes tasks of a few seconds from the plan,
hands them to the executor, and adds every finished block to the store at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from queue import Empty, SimpleQueue

from ..store.block import Block
from ..store.records import Records
from . import executors
from .plan import Plan
from .tasks import Packed, Task
from .worker import compute

ATTEMPTS = 3
"""Times that a task may lose its worker before the run gives up on it."""


class Dispatcher:
    """Keeps an executor busy with a plan; iterating yields the blocks as they are stored.

    Raises
    ------
    RuntimeError
        The executor takes no tasks, fails, or loses its worker again and again; what was
        computed is kept.
    """

    def __init__(
        self, executor: Executor, packed: Mapping[str, Packed], plan: Plan, store: Records
    ) -> None:
        self._executor, self._packed, self._plan, self._store = executor, packed, plan, store
        self._running: dict[Future[Block | None], Task] = {}
        self._finished: SimpleQueue[Future[Block | None]] = SimpleQueue()
        self._losses: dict[Task, int] = defaultdict(int)

    def __iter__(self) -> Iterator[Block]:
        try:
            while True:
                self._fill()
                if not self._running:
                    return
                if (block := self._collect(self._finished.get())) is not None:
                    yield block
        except KeyboardInterrupt:
            # Keep also what had just been finished.
            while self._running:
                try:
                    self._collect(self._finished.get_nowait())
                except Empty:
                    break
            raise

    def _fill(self) -> None:
        workers = executors.capacity(self._executor)
        # A few more than there are workers, so that none waits for the next.
        waiting = 0 if isinstance(self._executor, executors.InProcess) else 2 + workers // 4
        while len(self._running) < workers + waiting:
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
        self._running[future] = task
        future.add_done_callback(self._finished.put)

    def _collect(self, future: Future[Block | None]) -> Block | None:
        task = self._running.pop(future)
        try:
            block = future.result()
        except BrokenExecutor as error:
            self._losses[task] += 1
            if self._losses[task] == ATTEMPTS:
                raise RuntimeError(
                    f"a worker died {ATTEMPTS} times at {task}, probably for want of memory: try "
                    "fewer workers; what was computed is kept"
                ) from error
            self._submit(task)
            return None
        except Exception as error:
            raise RuntimeError(
                f"the executor failed at {task} ({error!r}); what was computed is kept"
            ) from error
        if block is None:  # The worker had not seen the sweep.
            self._submit(task, self._packed[task.sweep])
            return None
        self._store.write(block)
        self._plan.learn(task, block)
        return block
