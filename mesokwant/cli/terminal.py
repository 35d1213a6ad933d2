"""What the commands print: tables, where files are, errors in one line; and Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from ..study.claims import Claim
    from ..study.study import Study

FAILING, INTERRUPTED = 1, 130
"""Exit status of a claim that fails, or of a study that did not run; and of Ctrl-C."""

USER_ERRORS = (
    ValueError,
    TypeError,
    FileNotFoundError,
    NotADirectoryError,
    ImportError,
    SyntaxError,
)
"""What users can mend: status 2."""

NARROW = 100
"""Columns of a terminal below which claims are paragraphs instead of a table."""


def console() -> Console:
    """The terminal; where there is none, as wide as COLUMNS says, or wide enough for tables."""
    from rich.console import Console

    terminal = Console()
    has_width = terminal.is_terminal or os.environ.get("COLUMNS", "").isdigit()
    return terminal if has_width else Console(width=140)


def show_figure(paths: list[Path]) -> None:
    """Say where a figure is."""
    for path in paths[:1]:
        others = ", ".join(p.suffix for p in paths[1:])
        click.echo(f"figure: {path} (and {others})")


def show_regime(study: Study, reading: Any) -> None:
    """Print where the points lie, if the study says it."""
    from ..report.tables import regime_table

    if table := regime_table(study, reading):
        console().print(table)


def show_claims(
    claims: Mapping[str, Sequence[Claim]],
    title: str,
    repeated: Mapping[str, Sequence[Claim]] | None = None,
) -> bool:
    """Print the claims and their p-values, by study; return whether all hold.

    Parameters
    ----------
    claims
        Study -> its claims.
    title
        What stands above them.
    repeated
        The same of the studies that have a run on a second seed, whose claims have to hold too.
    """
    from ..report import tables

    if any(claims.values()):
        terminal = console()
        if terminal.width < NARROW:
            for paragraph in tables.claims_paragraphs(claims, title):
                terminal.print(paragraph)
        else:
            terminal.print(tables.claims_table(claims, title))
        for line in tables.summary_lines(claims, repeated or {}):
            click.echo(line)
    runs = (*claims.values(), *(repeated or {}).values())
    return all(claim.holds for of_run in runs for claim in of_run)


def show_seeds(first: Sequence[Claim], second: Sequence[Claim], title: str) -> None:
    """Print the claims on two seeds beside each other."""
    from ..report import tables
    from ..report.seeds import TwoSeeds

    console().print(tables.seeds_table(TwoSeeds.of(first, second), title))


def show_means(study: Study, data: Any) -> None:
    """Print the means of the observables at the points of every sweep."""
    from ..engine.results import datasets
    from ..report.tables import means_table

    for name, of_sweep in datasets(data).items():
        title = "mean ± standard error" if study.is_single else f"{name}: mean ± standard error"
        console().print(means_table(of_sweep, title))


def show_closing(study: Study, claims: Sequence[Claim], figure: Sequence[Path]) -> None:
    """Say in one sentence what was asked, whether the claims hold, and which figure to open."""
    from ..report.summary import Summary

    verdict = Summary.of(claims).verdict
    question = f" ({study.question})" if study.question else ""
    click.echo(f"{study.name}{question}: {verdict}" + (f"; open {figure[0]}" if figure else ""))


@contextmanager
def one_line_errors(*, kept: bool = False) -> Iterator[None]:
    """Turn exceptions into one-line messages, and warnings into lines on the error stream.

    Exit status 2 means wrong input; 1 that disk, memory or executor failed; 130 Ctrl-C.

    Parameters
    ----------
    kept
        Whether samples were computed, which the message then says are kept.
    """
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: click.echo(
            f"warning: {as_options(str(message))}", err=True
        )
        try:
            yield
        except USER_ERRORS as error:
            raise click.UsageError(_sentence(error)) from error
        except OSError as error:
            raise _disk_error(error, kept) from error
        except NotImplementedError:
            raise
        except RuntimeError as error:
            raise click.ClickException(as_options(str(error))) from error
        except KeyboardInterrupt as error:
            click.echo(f"\n{error}", err=True)
            sys.exit(INTERRUPTED)


@contextmanager
def disk_errors(*, kept: bool = False) -> Iterator[None]:
    """Turn failures of the disk alone into one-line messages; see `one_line_errors`.

    It is for the functions of a study, whose own errors keep their traceback.
    """
    try:
        yield
    except OSError as error:
        raise _disk_error(error, kept) from error


def _disk_error(error: OSError, kept: bool) -> click.ClickException:
    tail = "; what was computed before is kept, and the same command continues"
    return click.ClickException(_sentence(error) + (tail if kept else ""))


def _sentence(error: Exception) -> str:
    """What an exception says; for one of the operating system without its number."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.strerror}: {error.filename}"
    return as_options(str(error))


def as_options(message: str) -> str:
    """The message of a Python function with the arguments that it names as options.

    >>> as_options("write to another folder (out=...), or compute it again (recompute=['g'])")
    'write to another folder (--out FOLDER), or compute it again (--recompute g)'
    >>> as_options("the system needs values: params=dict(flux=..., mass=...)")
    'the system needs values: --flux VALUE --mass VALUE'
    """
    message = re.sub(r"\bout=\.\.\.", "--out FOLDER", message)
    message = re.sub(
        r"\bparams=dict\(([\w=., ]*)\)",
        lambda match: re.sub(r"(\w+)=\.\.\.,?", r"--\1 VALUE", match[1]),
        message,
    )
    message = re.sub(
        r"\brecompute=\[(.*?)\]",
        lambda match: " ".join(
            f"--recompute {name.strip()}" for name in match[1].replace("'", "").split(",")
        ),
        message,
    )
    return message.replace("retry_failed=True", "--retry-failed")


class StudyByStudy:
    """Work on one study after the other: a failure of one is printed, and the others go on.

    Leaving it ends the command: with status 0 if `holds` and all were done.
    """

    def __init__(self) -> None:
        self.holds = True
        self._undone: list[str] = []

    def __enter__(self) -> StudyByStudy:
        return self

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """Work on one of them."""
        try:
            with one_line_errors():
                yield
        except click.ClickException as error:
            click.echo(f"{name}: {error.format_message()}", err=True)
            self._undone.append(name)

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            if self._undone:
                click.echo(f"not done, see above: {', '.join(self._undone)}", err=True)
            sys.exit(0 if self.holds and not self._undone else FAILING)


def interrupt(*_: Any) -> None:
    """Stop in order at the first Ctrl-C, at once at the second; stored blocks stay whole."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt
