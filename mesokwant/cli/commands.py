"""The commands: list, show, run, check, figure, figures, status."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ..engine.run import Results
from ..errors import unknown
from ..report import status
from ..report import stored as report
from ..study import catalog
from ..study.study import Study
from .running import ALL, Studies, run_command
from .terminal import (
    FAILED,
    Several,
    answered,
    console,
    interrupt,
    show_claims,
    show_figure,
    show_regime,
)

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
    table = Table("study", "question", box=None, title="Studies", title_justify="left")
    for name in sorted(catalog.study_names()):
        table.add_row(name, catalog.find_study(name).description)
    console().print(table)
    table = Table("system", "example", box=None, title="\nSystems", title_justify="left")
    for name, system in sorted(catalog.systems().items()):
        table.add_row(name, repr(system))
    console().print(table)


@mesokwant.command()
@click.argument("system")
@click.option("--out", default="results", show_default=True, help="Folder for the figure.")
def show(system: str, out: str) -> None:
    """Draw a small example of SYSTEM to a PNG file."""
    with answered():
        drawing = catalog.draw_system(system)
        path = Path(out) / "systems" / f"{system}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        drawing.savefig(path, dpi=200)
    click.echo(f"{catalog.systems()[system]!r}: {path}")


@mesokwant.group(cls=Studies, subcommand_metavar="STUDY [OPTIONS]", no_args_is_help=True)
def run() -> None:
    """Compute STUDY (a name, or the path of a file), check its claims and draw its figure.

    `mesokwant run STUDY --help` lists what can be set in it; `mesokwant run all` runs every study
    in turn and ends with one table of all claims.
    """


OUT = click.option("--out", default="results", show_default=True, help="Folder of all results.")
PRESET = click.option("--preset", default="quick", show_default=True, help="Preset that was run.")


@mesokwant.command()
@click.argument("study")
@PRESET
@OUT
def figure(study: str, preset: str, out: str) -> None:
    """Draw the figure of STUDY again from stored results."""
    show_figure(report.draw(*_stored(study, preset, out)))


@mesokwant.command()
@OUT
def figures(out: str) -> None:
    """Draw all figures again from stored results: those of every study and preset.

    A run on its way is drawn by the samples that it has; a study in a file of its own is left to
    `mesokwant figure FILE`.
    """
    with answered():
        runs = report.runs(out)
    with Several() as several:
        for study, preset in runs:
            if study not in catalog.study_names():
                click.echo(f"{study}/{preset}: not an installed study; see `mesokwant figure FILE`")
                continue
            with several.one(f"{study}/{preset}"):
                show_figure(report.draw(*_stored(study, preset, out)))


@mesokwant.command()
@click.argument("study")
@PRESET
@OUT
def check(study: str, preset: str, out: str) -> None:
    """Check the claims of STUDY ("all": of every study) against stored results.

    The exit status is 1 if a claim fails.
    """
    if study == ALL:
        with Several() as several:
            claims = {}
            for name in sorted(catalog.study_names()):
                with several.one(name):
                    claims[name] = report.check(*_stored(name, preset, out))
            several.holds = show_claims(claims, f"all studies ({preset})")
        return
    configured, data, folder = _stored(study, preset, out)
    show_regime(configured, data)
    claims = {configured.name: report.check(configured, data, folder)}
    sys.exit(0 if show_claims(claims, f"{configured.name} ({preset})") else FAILED)


def _stored(study: str, preset: str, out: str) -> tuple[Study, Results, Path]:
    """A study as its preset has it, its stored results, and where they are."""
    with answered():
        configured = catalog.find_study(study).with_preset(preset)
        return (configured, *report.stored(configured, preset, out))


@mesokwant.command("status")
@OUT
def status_(out: str) -> None:
    """Show what every stored run has: samples, failures, time, size."""
    with answered():
        console().print(status.table(Path(out)))


def main(study: Study | Sequence[str] | None = None) -> None:
    """The command ``mesokwant``; with a study, the command that runs it (for its own file)."""
    signal.signal(signal.SIGINT, interrupt)
    if isinstance(study, Study):
        command = run_command(study)
        command.context_settings = HELP
        command()
    else:
        mesokwant(args=study)
