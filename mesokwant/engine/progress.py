"""How far a run is: a bar in a terminal, a line of text in a notebook, few lines in a file.

`show_progress` takes a title and the number of samples to compute, and gives a function that is
told of every batch of samples that has been computed. All is written to the error stream. A
notebook needs no widgets: its line is written again in place. Where nobody watches, such as in a
log, a line is written once a minute and at the end.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Advance = Callable[[int], None]

IN_PLACE, IN_LOG = 0.5, 60.0
"""Seconds between two lines of text: in a notebook, and in a file."""


@contextmanager
def show_progress(title: str, total: int, *, progress: bool = True) -> Iterator[Advance]:
    """Show the progress of some work, as a context.

    Parameters
    ----------
    title
        What is computed, such as the name of a study.
    total
        The number of samples.
    progress
        Whether anything is shown.

    Yields
    ------
    Callable
        It is called with the number of samples that have been computed since the last call.
    """
    if not progress:
        yield lambda number: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal and not console.is_jupyter:
        with _bar(console, title, total) as advance:
            yield advance
    else:
        line = ProgressText(title, total, sys.stderr, in_place=console.is_jupyter)
        try:
            yield line.advance
        finally:
            line.close()


@contextmanager
def _bar(console: Console, title: str, total: int) -> Iterator[Advance]:
    from rich import progress

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(bar_width=None),
        progress.MofNCompleteColumn(),
        progress.TextColumn("samples, remaining:"),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=total)
        yield lambda number: bar.update(task, advance=number)


class ProgressText:
    """Progress as plain text.

    Parameters
    ----------
    title, total
        See `show_progress`.
    stream
        Where the text goes.
    in_place
        Whether a new line replaces the one before, by a carriage return.
    clock
        A function that gives the time in seconds.
    """

    def __init__(
        self,
        title: str,
        total: int,
        stream: TextIO,
        *,
        in_place: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._title, self._total, self._done = title, total, 0
        self._stream, self._in_place, self._clock = stream, in_place, clock
        self._started = self._written = clock()
        self._width, self._shown = 0, -1
        if in_place:
            self._write()

    def advance(self, number: int) -> None:
        """Count samples that have been computed, and write a line if it is time for one."""
        self._done += number
        if self._clock() - self._written >= (IN_PLACE if self._in_place else IN_LOG):
            self._write()

    def close(self) -> None:
        """Write the last line, if it says more than the one before, and end it."""
        if self._done != self._shown:
            self._write()
        if self._in_place:
            self._stream.write("\n")
            self._stream.flush()

    def _write(self) -> None:
        self._written = self._clock()
        text = f"{self._title}: {self._done} of {self._total} samples{self._time()}"
        # Blanks cover what remains of a longer line before.
        self._stream.write(f"\r{text.ljust(self._width)}" if self._in_place else f"{text}\n")
        self._stream.flush()
        self._width, self._shown = len(text), self._done

    def _time(self) -> str:
        passed = self._written - self._started
        if self._done == 0:
            return ""
        if self._done == self._total:
            return f" in {duration(passed)}"
        return f", about {duration(passed * (self._total - self._done) / self._done)} remaining"


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    >>> duration(3.21), duration(100), duration(1e5)
    ('3.2 s', '1.7 min', '1.2 d')
    """
    for unit, name in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.1f} s"
