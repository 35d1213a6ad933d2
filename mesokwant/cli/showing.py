"""``mesokwant show``: a command for every system, with its fields as options.

A command draws the sites and leads of a system. With ``--density`` it draws one sample of it
instead: the density and the current of the electrons from one lead. Kwant parameters and the
strengths of the disorder are options too, as in ``mesokwant run``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import Settable, settable
from .running import SettingsCommand
from .terminal import one_line_errors

if TYPE_CHECKING:
    from ..study.sweep import Sweep

ENERGY, SYSTEM = "energy", "system"

OF_SAMPLE = {
    "lead": "Lead that the electrons come from",
    "sample": "Which sample",
    "seed": "Seed of the disorder",
}
"""Whole numbers that belong to a sample -> their help."""


class Systems(click.Group):
    """``show SYSTEM``: the system, by name, is the command, and has options of its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from ..study import catalog

        return sorted(catalog.systems())

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        from ..study import catalog

        with one_line_errors():
            return show_command(name, catalog.find_system(name))


def show_command(name: str, system: Any) -> click.Command:
    """The command that draws one system, with its fields and those of the disorder as options."""
    from ..study.study import Study

    params = _options()
    names = {param.name for param in params if param.name}
    sweep = _every_kind(system)
    known = [one for one in settable(Study("show", sweep), names) if one.full != ENERGY]
    keys = {f"setting_{i}": one for i, one in enumerate(known)}

    def invoke(**given: Any) -> None:
        settings = {one.full: one.parsed(given.pop(key)) for key, one in keys.items() if given[key]}
        given = {key: value for key, value in given.items() if key not in keys}
        with one_line_errors():
            if given["density"] is None:
                drawn, path = _drawn_system(name, sweep, settings, keys, **given)
            else:
                drawn, path = _drawn_sample(name, sweep, settings, **given)
        click.echo(f"{drawn!r}: {path}")

    return SettingsCommand(
        name,
        params=[*params, *(one.option(key) for key, one in keys.items())],
        callback=invoke,
        help=f"Draw {system!r}, or the same with other fields, to a PNG file.",
        short_help=repr(system),
        settings=keys,
    )


def _options() -> list[click.Parameter]:
    """The options that every system has."""
    return [
        click.Option(
            ["--out"], default="results", show_default=True, help="Folder for the figure."
        ),
        click.Option(
            ["--density"],
            type=float,
            metavar="ENERGY",
            help="Draw the density and the current of a sample at this energy in t.",
        ),
        *(
            click.Option([f"--{name}"], type=click.IntRange(min=0), help=f"{text} [default: 0].")
            for name, text in OF_SAMPLE.items()
        ),
    ]


def _every_kind(system: Any) -> Sweep:
    """A sweep of one point that has every kind of disorder, each at strength zero."""
    from ..disorder.bonds import BondDisorder, RandomFlux
    from ..disorder.magnetic import MagneticImpurities
    from ..disorder.potential import Anderson, Gaussian
    from ..disorder.spin_orbit import RandomSpinOrbit
    from ..disorder.vacancies import Vacancies
    from ..study.sweep import Sweep

    kinds = [
        Anderson(0.0),
        Gaussian(0.0, correlation_length=1.0),
        BondDisorder(0.0),
        RandomFlux(0.0),
        MagneticImpurities(0.0),
        RandomSpinOrbit(0.0),
        Vacancies(0.0),
    ]
    disorder = kinds[0]
    for kind in kinds[1:]:
        disorder = disorder + kind
    return Sweep(system, disorder=disorder, samples=1)


def _drawn_system(
    name: str,
    sweep: Sweep,
    settings: dict[str, Any],
    keys: dict[str, Settable],
    *,
    out: str,
    **given: Any,
) -> tuple[Any, Path]:
    """Draw sites and leads; return the system and the path of the figure."""
    from ..study import catalog

    wrong = [one.name for one in keys.values() if one.full in settings and not _of_system(one)]
    wrong += [option for option in OF_SAMPLE if given[option] is not None]
    if wrong:
        raise ValueError(
            f"--{wrong[0]} belongs to a sample, and not to the sites and leads: give the energy of "
            "the sample too, as --density ENERGY"
        )
    system = sweep.with_options(settings).system
    path = _path(out, name)
    catalog.draw_system(name, system).savefig(path, dpi=200)
    return system, path


def _drawn_sample(
    name: str,
    sweep: Sweep,
    settings: dict[str, Any],
    *,
    out: str,
    density: float,
    lead: int | None,
    sample: int | None,
    seed: int | None,
) -> tuple[Any, Path]:
    """Draw density and current of a sample; return the system and the path of the figure."""
    from ..disorder.base import Sum, term_names, terms_of
    from ..report import sample as report

    owners = {full.partition(".")[0] for full in settings}
    named = zip(term_names(sweep.disorder), terms_of(sweep.disorder), strict=True)
    terms = tuple(term for kind, term in named if kind in owners)
    chosen = replace(sweep, disorder=Sum(terms) if terms else None)
    fixed = chosen.with_options({**settings, ENERGY: density})
    figure = report.draw(fixed, number=sample or 0, seed=seed or 0, lead=lead or 0)
    path = _path(out, f"{name}-density")
    figure.savefig(path, dpi=200)
    return fixed.system, path


def _of_system(one: Settable) -> bool:
    return one.full.partition(".")[0] == SYSTEM


def _path(out: str, name: str) -> Path:
    path = Path(out) / "systems" / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
