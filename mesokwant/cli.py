"""The command line: thin words around what Python users call."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from . import catalog, executors, report, runner, status
from .claims import claims_table
from .options import joined, settable
from .study import Study
from .words import unknown

USAGE, FAILED, INTERRUPTED = 2, 1, 130

HELP = {"help_option_names": ["-h", "--help"]}


class _Group(click.Group):
    """Commands; a mistyped one is answered with the nearest."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(unknown("command", args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


class _Studies(click.Group):
    """``run STUDY``: the study, by name or path, is the command, and has options of its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(catalog.study_names())

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        with _answered():
            study = catalog.find_study(name)
            return run_command(study)


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
    _console().print(table)
    table = Table("system", "example", box=None, title="\nSystems", title_justify="left")
    for name, system in sorted(catalog.systems().items()):
        table.add_row(name, repr(system))
    _console().print(table)


@mesokwant.command()
@click.argument("system")
@click.option("--out", default="results", show_default=True, help="Folder for the figure.")
def show(system: str, out: str) -> None:
    """Draw a small example of SYSTEM to a PNG file."""
    with _answered():
        drawing = catalog.draw_system(system)
        path = Path(out) / "systems" / f"{system}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        drawing.savefig(path, dpi=200)
    click.echo(f"{catalog.systems()[system]!r}: {path}")


@mesokwant.group(cls=_Studies, subcommand_metavar="STUDY [OPTIONS]", no_args_is_help=True)
def run() -> None:
    """Compute STUDY (a name, or the path of a file), check its claims and draw its figure.

    `mesokwant run STUDY --help` lists what can be set in it.
    """


def _stored_options(function: Any) -> Any:
    for option in (
        click.option("--preset", default="quick", show_default=True, help="Preset that was run."),
        click.option("--out", default="results", show_default=True, help="Folder of all results."),
        click.argument("study"),
    ):
        function = option(function)
    return function


@mesokwant.command()
@_stored_options
def figure(study: str, preset: str, out: str) -> None:
    """Draw the figure of STUDY again from stored results."""
    with _answered():
        configured = catalog.find_study(study).with_preset(preset)
        data, folder = report.stored(configured, preset, out)
    _show_figure(report.draw(configured, data, folder))


@mesokwant.command()
@_stored_options
def check(study: str, preset: str, out: str) -> None:
    """Check the claims of STUDY against stored results; exit status 1 if one fails."""
    with _answered():
        configured = catalog.find_study(study).with_preset(preset)
        data, folder = report.stored(configured, preset, out)
    sys.exit(0 if _show_claims(configured, data, folder, preset) else FAILED)


@mesokwant.command("status")
@click.option("--out", default="results", show_default=True, help="Folder of all results.")
def status_(out: str) -> None:
    """Show what every stored run has: samples, failures, time, size."""
    with _answered():
        _console().print(status.table(Path(out)))


def run_command(study: Study) -> click.Command:
    """The command that runs one study, with its axes and settings as options."""
    params: list[click.Parameter] = [
        click.Option(["--preset"], default="quick", help=f"One of {joined(dict(study.presets))}."),
        click.Option(["--samples"], type=int, help="Samples at every point."),
        click.Option(["--seed"], type=int, help=f"Seed of the disorder [default: {study.seed}]."),
        click.Option(
            ["--out"], default="results", show_default=True, help="Folder of all results."
        ),
        click.Option(["--retry-failed"], is_flag=True, help="Compute failed samples again."),
        click.Option(["--workers"], type=int, help="Processes [default: all cores]."),
        click.Option(
            ["--executor"],
            default="local",
            help=f"Who computes: one of {joined(executors.NAMES)} [default: local].",
        ),
        click.Option(["--scheduler"], help="Address of a Dask scheduler [default: a local one]."),
        click.Option(
            ["--shard"],
            metavar="I/N",
            help="Compute the I-th of N disjoint parts, for array jobs: 1/16 to 16/16.",
        ),
    ]
    names = {param.name.replace("_", "-") for param in params if param.name}
    keys = {f"setting_{i}": one for i, one in enumerate(settable(study, names))}

    def invoke(**given: Any) -> None:
        options = {one.full: one.parsed(given.pop(key)) for key, one in keys.items() if given[key]}
        given = {name: value for name, value in given.items() if name not in keys}
        for name in ("samples", "seed"):
            if (value := given.pop(name)) is not None:
                options[name] = value
        _run(study, options, **given)

    return click.Command(
        study.name,
        params=[*params, *(one.option(key) for key, one in keys.items())],
        callback=invoke,
        help=study.description,
        context_settings=HELP,
    )


def main(study: Study | Sequence[str] | None = None) -> None:
    """The command ``mesokwant``; with a study, the command that runs it (for its own file)."""
    signal.signal(signal.SIGINT, _interrupt)
    if isinstance(study, Study):
        run_command(study)()
    else:
        mesokwant(args=study)


# -- small pieces ---------------------------------------------------------------------------


def _run(
    study: Study, options: dict[str, Any], *, preset: str, out: str, shard: str | None, **given: Any
) -> None:
    leads = given["executor"] != "mpi" or executors.is_first_rank()
    if not leads:
        # All ranks run alike; one of them speaks.
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - until the end
    with _answered():
        data = runner.run(
            study,
            preset=preset,
            out=out,
            shard=_shard(shard),
            **given,
            **options,
        )
    if not leads:
        return
    configured = study.with_preset(preset).with_options(options)
    folder = runner.folder_of(study, preset, out)
    total, missing = runner.counts(data)
    if missing:
        click.echo(
            f"shard {shard} is done; {total - missing} of {total} samples are in {folder}. Claims "
            "and figure wait for the rest: the same command without --shard computes what is "
            "still missing then"
        )
        return
    holds = _show_claims(configured, data, folder, preset)
    _show_figure(report.draw(configured, data, folder))
    click.echo(f"results: {folder}")
    sys.exit(0 if holds else FAILED)


def _shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    number, _, shards = text.partition("/")
    try:
        return int(number), int(shards)
    except ValueError:
        raise ValueError(f"--shard {text}: write I/N, such as 3/16") from None


def _show_claims(study: Study, data: Any, folder: Path, preset: str) -> bool:
    table = report.regime_table(study, data)
    if table:
        _console().print(table)
    claims = report.check(study, data, folder)
    if claims:
        _console().print(claims_table(claims, f"{study.name} ({preset})"))
    return all(claim.holds for claim in claims)


def _show_figure(paths: list[Path]) -> None:
    for path in paths[:1]:
        others = ", ".join(p.suffix for p in paths[1:])
        click.echo(f"figure: {path} (and {others})")


def _console() -> Console:
    """The terminal; wide where there is none, so that tables in files keep their lines."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


def _interrupt(*_: Any) -> None:
    """First Ctrl-C: stop in order. Second: at once; workers notice, and blocks are whole."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt


class _answered:
    """Errors of the user's making end in one sentence and status 2; those of the machine in 1."""

    def __enter__(self) -> None:
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.showwarning = lambda message, *_, **__: click.echo(f"warning: {message}", err=True)

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        self._warnings.__exit__(kind, error, traceback)
        mistakes = (
            ValueError,
            TypeError,
            FileNotFoundError,
            NotADirectoryError,
            ImportError,
            SyntaxError,
        )
        if isinstance(error, mistakes):
            raise click.UsageError(str(error)) from error
        if isinstance(error, OSError):
            raise click.ClickException(
                f"{error.strerror}: {error.filename}; what was computed before is kept, and the "
                "same command continues"
            ) from error
        if isinstance(error, RuntimeError) and not isinstance(error, NotImplementedError):
            raise click.ClickException(str(error)) from error
        if isinstance(error, KeyboardInterrupt):
            click.echo(f"\n{error}", err=True)
            sys.exit(INTERRUPTED)
