"""The command line: thin words around what Python users call."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from . import catalog, report, runner, status
from .claims import claims_table
from .study import SINGLE, Study
from .sweep import short_names, value_of
from .units import unit_of

USAGE, FAILED = 2, 1


class _Group(click.Group):
    """Commands; a mistyped one is answered with the nearest."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(catalog.unknown("command", args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


class _Studies(click.Group):
    """``run STUDY``: the study, by name or path, is the command, and has options of its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(catalog.study_names())

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        with _answered():
            study = catalog.find_study(name)
        return run_command(study)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
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
        holds = _show_claims(configured, data, folder, preset)
    sys.exit(0 if holds else FAILED)


@mesokwant.command("status")
@click.option("--out", default="results", show_default=True, help="Folder of all results.")
def status_(out: str) -> None:
    """Show what every stored run has: samples, failures, time, size."""
    with _answered():
        _console().print(status.table(Path(out)))


def run_command(study: Study) -> click.Command:
    """The command that runs one study, with its axes and settings as options."""
    settable = _settable(study)

    def invoke(**given: Any) -> None:
        options = {
            name: _parsed(name, given[key], current)
            for key, (name, current) in settable.items()
            if given[key] is not None
        }
        options |= {n: given[n] for n in ("samples", "seed") if given[n] is not None}
        _run(study, options, given)

    params: list[click.Parameter] = [
        click.Option(
            ["--preset"],
            default="quick",
            show_default=True,
            help=f"One of {_joined(study.presets)}.",
        ),
        click.Option(["--samples"], type=int, help="Samples at every point."),
        click.Option(["--seed"], type=int, help=f"Seed of the disorder [default: {study.seed}]."),
        click.Option(["--workers"], type=int, help="Processes [default: all cores]."),
        click.Option(
            ["--out"], default="results", show_default=True, help="Folder of all results."
        ),
        click.Option(["--retry-failed"], is_flag=True, help="Compute failed samples again."),
    ]
    for key, (name, current) in settable.items():
        swept = isinstance(current, tuple)
        unit = unit_of(_full(study, name))
        params.append(
            click.Option(
                [f"--{name}", key],
                metavar="V,V,... or FIRST:LAST:NUMBER" if swept else "V",
                help=f"{'Axis' if swept else 'Setting'}{f' in {unit}' if unit else ''}"
                f" [default: {_joined(current) if swept else current}].",
            )
        )
    return click.Command(
        study.name,
        params=params,
        callback=invoke,
        help=study.description,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def main(study: Study | Sequence[str] | None = None) -> None:
    """The command ``mesokwant``; with a study, the command that runs it (for its own file)."""
    if isinstance(study, Study):
        run_command(study)()
    else:
        mesokwant(args=study)


# -- small pieces ---------------------------------------------------------------------------


def _run(study: Study, options: dict[str, Any], given: dict[str, Any]) -> None:
    preset, out = given["preset"], given["out"]
    with _answered():
        configured = study.with_preset(preset).with_options(options)
        data = runner.run(
            study,
            preset=preset,
            out=out,
            workers=given["workers"],
            retry_failed=given["retry_failed"],
            **options,
        )
        folder = runner.folder_of(study, preset, out)
        holds = _show_claims(configured, data, folder, preset)
        _show_figure(report.draw(configured, data, folder))
    sys.exit(0 if holds else FAILED)


def _show_claims(study: Study, data: Any, folder: Path, preset: str) -> bool:
    claims = report.check(study, data, folder)
    if claims:
        _console().print(claims_table(claims, f"{study.name} ({preset})"))
    return all(claim.holds for claim in claims)


def _show_figure(paths: list[Path]) -> None:
    for path in paths[:1]:
        others = ", ".join(p.suffix for p in paths[1:])
        click.echo(f"figure: {path} (and {others})")


def _settable(study: Study) -> dict[str, tuple[str, Any]]:
    """Key -> (option name, value or axis values) of everything that can be set in a study."""
    found: dict[str, Any] = {}
    for sweep in study.named_sweeps.values():
        for full, short in short_names(sweep.names()).items():
            value = value_of(sweep, full)
            if _simple(value):
                found.setdefault(short, value)
    for key, sweep in study.named_sweeps.items():
        if key != SINGLE:
            found |= {f"{key}.{name}": value_of(sweep, name) for name in sweep.axes}
    return {f"option_{i}": (name, found[name]) for i, name in enumerate(sorted(found))}


def _full(study: Study, name: str) -> str:
    for key, sweep in study.named_sweeps.items():
        try:
            return sweep.full_name(name.removeprefix(f"{key}."))
        except ValueError:
            continue
    return name


def _simple(value: Any) -> bool:
    values = value if isinstance(value, tuple) and value else (value,)
    return all(isinstance(v, int | float | str) for v in values)


def _parsed(name: str, text: str, current: Any) -> Any:
    """The value, or tuple of values, that a person wrote, of the kind of the current one."""
    swept = isinstance(current, tuple)
    like = current[0] if swept else current
    if swept and text.count(":") == 2 and not isinstance(like, str):
        first, last, number = text.split(":")
        try:
            values = np.linspace(float(first), float(last), int(number)).tolist()
        except ValueError:
            raise click.UsageError(f"--{name} {text}: write FIRST:LAST:NUMBER") from None
        whole = isinstance(like, int) and all(value.is_integer() for value in values)
        return tuple(map(int, values)) if whole else tuple(values)
    parts = text.split(",") if swept else [text]
    values = [_one(name, part.strip(), like) for part in parts]
    return tuple(values) if swept else values[0]


def _one(name: str, text: str, like: Any) -> Any:
    if isinstance(like, bool):
        if text.lower() not in ("true", "false"):
            raise click.UsageError(f"--{name} is true or false, not {text!r}")
        return text.lower() == "true"
    if isinstance(like, str):
        return text
    try:
        number = float(text)
    except ValueError:
        raise click.UsageError(f"--{name} takes numbers, not {text!r}") from None
    return int(number) if isinstance(like, int) and number.is_integer() else number


def _joined(values: Any) -> str:
    texts = [f"{v:g}" if isinstance(v, float) else str(v) for v in values]
    return ", ".join(texts if len(texts) <= 8 else [*texts[:3], "...", texts[-1]])


def _console() -> Console:
    """The terminal; wide where there is none, so that tables in files keep their lines."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


class _answered:
    """Errors of the user's making end in one sentence and status 2; those of the machine in 1."""

    def __enter__(self) -> None:
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.showwarning = lambda message, *_, **__: click.echo(f"warning: {message}", err=True)

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        self._warnings.__exit__(kind, error, traceback)
        if isinstance(error, ValueError | TypeError | FileNotFoundError):
            raise click.UsageError(str(error)) from error
        if isinstance(error, NotADirectoryError | FileExistsError):
            raise click.UsageError(
                f"{error.filename} is a file, not a folder for results"
            ) from error
        if isinstance(error, OSError):
            raise click.ClickException(
                f"{error.strerror}: {error.filename}; what was computed before is kept, and the "
                "same command continues"
            ) from error
        if isinstance(error, KeyboardInterrupt):
            click.echo(
                "\nstopped; what was computed is kept, and the same command continues", err=True
            )
            sys.exit(130)
