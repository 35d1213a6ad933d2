"""What the commands print: tables, where files are, errors in one line; and Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
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


def console() -> Console:
    """The terminal; wide where there is none, so that tables in files keep their lines."""
    from rich.console import Console

    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=140)


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


def show_claims(claims: Mapping[str, Iterable[Claim]], title: str) -> bool:
    """Print the claims, by study; return whether all hold."""
    from ..report.tables import claims_table

    of_studies = {study: list(of_study) for study, of_study in claims.items()}
    if any(of_studies.values()):
        console().print(claims_table(of_studies, title))
    return all(claim.holds for of_study in of_studies.values() for claim in of_study)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn exceptions into one-line messages, and warnings into lines on the error stream.

    Exit status 2 means wrong input; 1 that disk, memory or executor failed; 130 Ctrl-C.
    """
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: click.echo(f"warning: {message}", err=True)
        try:
            yield
        except USER_ERRORS as error:
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
