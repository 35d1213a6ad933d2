"""The commands: list, show, run, check, figure, figures, status, book, export.

Libraries for data and figures are imported by the commands that need them, so that help and
mistyped commands are answered at once.
"""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from ..names import unknown
from .books import book, export
from .running import ALL, Studies, run_command
from .showing import Systems
from .terminal import (
    FAILING,
    StudyByStudy,
    console,
    disk_errors,
    interrupt,
    one_line_errors,
    show_claims,
    show_figure,
    show_regime,
    show_seeds,
)

if TYPE_CHECKING:
    from ..study.claims import Claim
    from ..study.study import Study

HELP = {"help_option_names": ["-h", "--help"]}


class _Group(click.Group):
    """Commands; a mistyped one is answered with the nearest."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(unknown("command", args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


@click.group(cls=_Group, context_settings=HELP)
@click.version_option(package_name="mesokwant")
def mesokwant() -> None:
    """Phase-coherent quantum transport: measured numbers beside their theory."""


@mesokwant.command("list")
def list_() -> None:
    """List the studies and the systems."""
    from rich.table import Table

    from ..study import catalog

    with one_line_errors():
        studies = {name: catalog.find_study(name) for name in sorted(catalog.study_names())}
        systems = sorted(catalog.systems().items())
    table = Table("study", "question", box=None, title="Studies", title_justify="left")
    for name, study in studies.items():
        table.add_row(name, study.question)
    if studies:
        console().print(table)
    table = Table("system", "example", box=None, title="\nSystems", title_justify="left")
    for name, system in systems:
        table.add_row(name, repr(system))
    if systems:
        console().print(table)
    _warn_of_hidden_packages()


@mesokwant.group(cls=Systems, subcommand_metavar="SYSTEM [OPTIONS]", no_args_is_help=True)
def show() -> None:
    """Draw SYSTEM to a PNG file: its sites and leads, or the density and current of a sample.

    `mesokwant show SYSTEM --help` lists what can be set in it.
    """


@mesokwant.group(cls=Studies, subcommand_metavar="STUDY [OPTIONS]", no_args_is_help=True)
def run() -> None:
    """Compute STUDY (a name, or the path of a file), check its claims and draw its figure.

    `mesokwant run STUDY --help` lists what can be set in it; `mesokwant run all` runs every study
    in turn and ends with one table of all claims.
    """


OUT = click.option("--out", default="results", show_default=True, help="Folder of all results.")
PRESET = click.option("--preset", default="quick", show_default=True, help="Preset that was run.")
STYLE = click.option("--style", help="A matplotlib style, by name or file, on top of ours.")


class _Length(click.ParamType):
    """A length such as 86mm, 8.6cm or 3.4in; a plain number is in inches."""

    name = "length"
    inches: ClassVar = {"": 1.0, "in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4}

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        match = re.fullmatch(r"\s*([\d.]+)\s*(in|cm|mm|)\s*", str(value))
        try:
            width = float(match[1]) * self.inches[match[2]] if match else 0.0
        except ValueError:
            width = 0.0
        if not 0.5 <= width <= 50:
            self.fail(f"{value!r} is no width of a figure: write 86mm, 8.6cm or 3.4in", param, ctx)
        return width


@mesokwant.command()
@click.argument("study")
@PRESET
@OUT
@click.option("--panel", metavar="LETTER", help="One panel alone, such as b; into its own files.")
@click.option("--width", type=_Length(), metavar="LENGTH", help="Width: 86mm, 8.6cm or 3.4in.")
@STYLE
def figure(
    study: str, preset: str, out: str, panel: str | None, width: float | None, style: str | None
) -> None:
    """Draw the figure of STUDY, or one of its panels, again from stored results."""
    from ..report import stored

    configured, reading, folder = _stored(study, preset, out)
    with one_line_errors():
        paths = stored.draw(configured, reading, folder, panel=panel, width=width, style=style)
    if not paths:
        click.echo(f"{configured.name} has no panels to draw")
    show_figure(paths)


@mesokwant.command()
@OUT
@STYLE
def figures(out: str, style: str | None) -> None:
    """Draw all figures again from stored results: those of every study and preset.

    A run on its way is drawn by the samples that it has; a study in a file of its own is left to
    `mesokwant figure FILE`.
    """
    from ..report import stored
    from ..study import catalog

    with one_line_errors():
        runs = stored.runs(out)
    _warn_of_hidden_packages()
    with StudyByStudy() as progress:
        for study, preset in runs:
            if study not in catalog.study_names():
                click.echo(f"{study}/{preset}: not an installed study; see `mesokwant figure FILE`")
                continue
            with progress.one(f"{study}/{preset}"):
                show_figure(stored.draw(*_stored(study, preset, out), style=style))


@mesokwant.command()
@click.argument("study")
@PRESET
@OUT
def check(study: str, preset: str, out: str) -> None:
    """Check the claims of STUDY ("all": of every study) against stored results.

    Where a full run has a stored repeat, with another seed, the claims on both are compared. The
    exit status is 1 if a claim fails, on either seed.
    """
    from ..report import stored
    from ..study import catalog

    if study == ALL:
        with one_line_errors():
            names = catalog.all_study_names()
        with StudyByStudy() as progress:
            claims, repeated = {}, {}
            for name in names:
                with progress.one(name):
                    claims[name] = stored.check(*_stored(name, preset, out))
                    if (again := _repeated(name, preset, out)) is not None:
                        repeated[name] = again
            progress.holds = show_claims(claims, f"all studies ({preset})", repeated)
        return
    configured, reading, folder = _stored(study, preset, out)
    show_regime(configured, reading)
    with disk_errors():
        first = stored.check(configured, reading, folder)
        second = _repeated(study, preset, out)
    repeated = {} if second is None else {configured.name: second}
    holds = show_claims({configured.name: first}, f"{configured.name} ({preset})", repeated)
    if second is not None:
        show_seeds(first, second, f"{configured.name} on two seeds")
    sys.exit(0 if holds else FAILING)


def _warn_of_hidden_packages() -> None:
    """Say which files of the user's hide the studies and systems that mesokwant ships."""
    from ..study import catalog

    for sentence in catalog.hidden_packages().values():
        click.echo(f"warning: {sentence}", err=True)


def _repeated(study: str, preset: str, out: str) -> list[Claim] | None:
    """The claims of the run that repeats a full run with another seed; None where there is none."""
    from ..report import stored
    from ..study import catalog
    from ..study.study import FULL, REPEAT

    with one_line_errors():
        if preset != FULL or not stored.is_repeated(catalog.find_study(study), out):
            return None
    return stored.check(*_stored(study, REPEAT, out))


def _stored(study: str, preset: str, out: str) -> tuple[Study, Any, Path]:
    """A study as its preset has it, what is read in its stored results, and where they are."""
    from ..report import stored
    from ..study import catalog

    with one_line_errors():
        configured = catalog.find_study(study).with_preset(preset)
        data, folder = stored.stored(configured, preset, out)
    return configured, configured.read(data), folder


@mesokwant.command("status")
@OUT
def status_(out: str) -> None:
    """Show what every stored run has: samples, failures, time, size."""
    from ..report import status

    with one_line_errors():
        console().print(status.table(Path(out)))


mesokwant.add_command(book)
mesokwant.add_command(export)


def start(study: Study | Sequence[str] | None = None) -> None:
    """Start the command line; see `mesokwant.main`."""
    signal.signal(signal.SIGINT, interrupt)
    if study is None or isinstance(study, Sequence):
        mesokwant(args=study)
    else:
        command = run_command(study)
        command.context_settings = HELP
        command()
