"""How the commands speak: tables, where files are, mistakes in a sentence, Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from ..engine.run import Results
from ..report import stored as report
from ..study.claims import Claim, claims_table
from ..study.study import Study

FAILED, INTERRUPTED = 1, 130
"""Exit status of a claim that fails, or of a study that did not run; and of Ctrl-C."""

MISTAKES = (
    ValueError,
    TypeError,
    FileNotFoundError,
    NotADirectoryError,
    ImportError,
    SyntaxError,
)
"""What users can mend: status 2."""


def console() -> Console:
    """The terminal; wide where there is none, so that tables in files keep their lines."""
    found = Console()
    return found if found.is_terminal else Console(width=140)


def show_figure(paths: list[Path]) -> None:
    """Say where a figure is."""
    for path in paths[:1]:
        others = ", ".join(p.suffix for p in paths[1:])
        click.echo(f"figure: {path} (and {others})")


def show_regime(study: Study, data: Results) -> None:
    """Print where the points lie, if the study says it."""
    if table := report.regime_table(study, data):
        console().print(table)


def show_claims(claims: Mapping[str, Iterable[Claim]], title: str) -> bool:
    """Print the claims, by study; whether all hold."""
    found = {study: list(of_study) for study, of_study in claims.items()}
    if any(found.values()):
        console().print(claims_table(found, title))
    return all(claim.holds for of_study in found.values() for claim in of_study)


@contextmanager
def answered() -> Iterator[None]:
    """Errors of the user's making end in one sentence and status 2; those of the machine in 1."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: click.echo(f"warning: {message}", err=True)
        try:
            yield
        except MISTAKES as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            raise click.ClickException(
                f"{error.strerror}: {error.filename}; what was computed before is kept, and the "
                "same command continues"
            ) from error
        except NotImplementedError:
            raise
        except RuntimeError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt as error:
            click.echo(f"\n{error}", err=True)
            sys.exit(INTERRUPTED)


class Several:
    """Work on several studies: what goes wrong with one is told, and the others go on.

    Leaving it ends the command: with status 0 if `holds` and all were done.
    """

    def __init__(self) -> None:
        self.holds = True
        self._undone: list[str] = []

    def __enter__(self) -> Several:
        return self

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """One of them."""
        try:
            with answered():
                yield
        except click.ClickException as error:
            click.echo(f"{name}: {error.format_message()}", err=True)
            self._undone.append(name)

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            if self._undone:
                click.echo(f"not done, see above: {', '.join(self._undone)}", err=True)
            sys.exit(0 if self.holds and not self._undone else FAILED)


def interrupt(*_: Any) -> None:
    """First Ctrl-C: stop in order. Second: at once; workers notice, and blocks are whole."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt
