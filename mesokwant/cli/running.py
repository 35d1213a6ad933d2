"""``mesokwant run``: a command for every study with its own options, and one for them all."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..engine import executors
from .options import VALUES, Settable, joined, settable
from .terminal import (
    FAILING,
    StudyByStudy,
    disk_errors,
    one_line_errors,
    show_claims,
    show_closing,
    show_figure,
    show_means,
    show_regime,
)

if TYPE_CHECKING:
    from ..study.claims import Claim
    from ..study.study import Study

ALL = "all"
"""Stands for every study that is installed."""


class SettingsCommand(click.Command):
    """A command whose help lists what can be set in all sweeps, and then in each alone."""

    def __init__(self, *args: Any, settings: Mapping[str, Settable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._settings = settings

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the engine, of all sweeps, and of each sweep."""
        several = any(one.sweep for one in self._settings.values())
        together = "All sweeps" if several else "Axes and settings"
        titles = {
            key: f"Sweep {one.sweep} alone" if one.sweep else together
            for key, one in self._settings.items()
        }
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                title = titles.get(param.name or "", "Options")
                sections.setdefault(title, []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


class Studies(click.Group):
    """``run STUDY``: the study, by name or path, is the command, and has options of its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from ..study import catalog

        return [ALL, *sorted(catalog.study_names())]

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        from ..study import catalog

        if name == ALL:
            return all_command()
        with one_line_errors():
            study = catalog.find_study(name)
            return run_command(study)


def run_command(study: Study) -> click.Command:
    """The command that runs one study, with its axes and settings as options."""
    params = _engine_options(study)
    names = {param.name.replace("_", "-") for param in params if param.name}
    keys = {f"setting_{i}": one for i, one in enumerate(settable(study, names))}

    def invoke(**given: Any) -> None:
        options = {one.full: one.parsed(given.pop(key)) for key, one in keys.items() if given[key]}
        done = _run(study, options, **{k: v for k, v in given.items() if k not in keys})
        if done is None:
            return
        show_regime(study, done.reading)
        if not done.claims:
            show_means(study, done.data)
        holds = show_claims({study.name: done.claims}, f"{study.name} ({given['preset']})")
        show_figure(done.figure)
        click.echo(f"results: {done.folder}")
        if done.claims:
            show_closing(study, done.claims, done.figure)
        sys.exit(0 if holds else FAILING)

    axes = VALUES if any(one.swept for one in keys.values()) else ""
    return SettingsCommand(
        study.name,
        params=[*params, *(one.option(key) for key, one in keys.items())],
        callback=invoke,
        help=f"{study.question}\n\n{axes}",
        settings=keys,
    )


def all_command() -> click.Command:
    """The command that runs every study and ends with the claims of all."""
    from ..study import catalog

    def invoke(**given: Any) -> None:
        with one_line_errors():
            names = catalog.all_study_names()
        with StudyByStudy() as progress:
            claims = {}
            for name in names:
                with progress.one(name):
                    if (done := _run(catalog.find_study(name), {}, **given)) is not None:
                        claims[name] = done.claims
                        show_figure(done.figure)
            progress.holds = show_claims(claims, f"all studies ({given['preset']})")

    return click.Command(
        ALL,
        params=_engine_options(),
        callback=invoke,
        help="Every study in turn, and one table of all claims; a second run continues the first.",
    )


@dataclass(frozen=True)
class _Done:
    """A study whose samples are all there."""

    data: Any
    reading: Any
    folder: Path
    claims: list[Claim]
    figure: list[Path]


def _run(
    study: Study,
    options: dict[str, Any],
    *,
    preset: str,
    out: str,
    shard: str | None,
    samples: int | None,
    seed: int | None,
    **given: Any,
) -> _Done | None:
    """Run, check and draw a study.

    None where samples are missing, and on every MPI rank but the first.
    """
    from ..engine.results import counts, folder_of
    from ..engine.run import execute
    from ..report import stored

    is_root = given["executor"] != "mpi" or executors.is_first_rank()
    if not is_root:
        # All ranks run alike; only rank 0 prints.
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - until the end
    options |= {k: v for k, v in (("samples", samples), ("seed", seed)) if v is not None}
    with one_line_errors(kept=True):
        study = study.with_preset(preset).with_options(options)
        folder = folder_of(study, preset, out)
        before = set(folder.rglob("*.parquet"))
        data = execute(study, folder, shard=_shard(shard), **given)
    if not is_root:
        return None
    total, missing = counts(data)
    # Every sample that is computed comes in a new block.
    if before and before == set(folder.rglob("*.parquet")):
        part = f" of shard {shard}" if shard else ""
        click.echo(f"{study.name}: nothing to compute: all samples{part} are stored")
    if missing:
        click.echo(
            f"shard {shard} is done; {total - missing} of {total} samples are in {folder}. Claims "
            "and figure wait for the rest: the same command without --shard computes what is "
            "still missing then"
        )
        return None
    reading = study.read(data)
    with disk_errors(kept=True):
        claims = stored.check(study, reading, folder)
        return _Done(data, reading, folder, claims, stored.draw(study, reading, folder))


def _engine_options(study: Study | None = None) -> list[click.Parameter]:
    """The options that every study has."""
    presets = joined(dict(study.presets)) if study else "quick, full"
    seed = f" [default: {study.seed}]" if study else ""
    return [
        click.Option(["--preset"], default="quick", help=f"One of {presets}."),
        click.Option(["--samples"], type=int, help="Samples at every point."),
        click.Option(["--seed"], type=int, help=f"Seed of the disorder{seed}."),
        click.Option(
            ["--out"], default="results", show_default=True, help="Folder of all results."
        ),
        click.Option(["--retry-failed"], is_flag=True, help="Compute failed samples again."),
        click.Option(
            ["--recompute"],
            metavar="NAME",
            multiple=True,
            help="Compute again what this observable, disorder, parameter or the system decides, "
            "after a change of its code, and keep the rest.",
        ),
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


def _shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    number, _, shards = text.partition("/")
    try:
        return int(number), int(shards)
    except ValueError:
        raise ValueError(f"--shard {text}: write I/N, such as 3/16") from None
