"""Tables for the terminal: claims with their verdicts, where the points of a study lie, and means.

Each function takes claims, or the results of a study, and gives something that a `rich` console
prints.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .. import statistics
from ..statistics import Estimate
from ..store.block import RESERVED
from ..study.claims import LARGEST_TOLERANCE, Claim
from ..study.study import Study
from .seeds import TwoSeeds
from .summary import Summary

MAX_POINTS = 40
"""Points that a table of means lists."""
VERDICTS = {
    "holds": "[green]holds[/]",
    "fails": "[bold red]FAILS[/]",
    "undecided": "[yellow]undecided[/]",
}
MEASUREMENT = (
    f"undecided: a measurement, since the tolerance is above {LARGEST_TOLERANCE:.0%} of the effect"
)
NO_EFFECT = "not said"
"""Stands for tolerance over effect where a claim ought to say its effect."""


def regime_table(study: Study, reading: Any) -> Table | None:
    """Where each point lies; None if the study does not say."""
    if study.regime is None:
        return None
    columns = study.regime(reading)
    table = Table(title="regime", title_justify="left")
    for name in columns:
        table.add_column(name, justify="right", overflow="fold")
    for row in zip(*columns.values(), strict=True):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def claims_table(claims: Mapping[str, Sequence[Claim]], title: str) -> Table:
    """All claims by study."""
    table = Table(title=title, title_justify="left", caption_justify="left")
    several = len(claims) > 1
    for column in ("study",) * several + (
        "claim",
        "measured",
        "theory",
        "tolerance",
        "z",
        "tol./effect",
        "verdict",
        "source",
    ):
        table.add_column(column, overflow="fold")
    notes: list[str] = []
    for study, of_study in claims.items():
        name = study
        for claim in of_study:
            row = _row(claim, notes)
            # A study is named once, in its first row.
            table.add_row(*(name,) * several, *row)
            name = ""
        table.add_section()
    table.caption = "\n".join(_numbered(notes, claims)) or None
    return table


def claims_paragraphs(
    claims: Mapping[str, Sequence[Claim]], title: str
) -> Iterator[RenderableType]:
    """All claims by study, a paragraph each without its source: for a narrow terminal."""
    yield Text(title, style="italic")
    several = len(claims) > 1
    notes: list[str] = []
    for study, of_study in claims.items():
        for claim in of_study:
            name, measured, expected, tolerance, z, share, verdict, _ = _row(claim, notes)
            yield ""
            yield Text.assemble(f"{study}: " if several else "", name, style="bold")
            relation = "" if claim.relation == "=" else " by more than"
            within = f"{relation} {tolerance}" if relation else f", within {tolerance}"
            apart = f"\n{z} standard errors apart" if z else ""
            sharp = f"\ntolerance over effect: {share}" if share else ""
            lines = f"measured {measured}\nexpected {expected}{within}{apart}{sharp}\n{verdict}"
            yield Padding(lines, (0, 0, 0, 2), expand=False)
    if notes:
        yield ""
    yield from _numbered(notes, claims)


def _row(claim: Claim, notes: list[str]) -> tuple[str, ...]:
    """The cells of a claim; the argument for its bound goes to the notes."""
    expected, tolerance = claim.expected, f"{claim.sigmas:g}σ"
    if expected.bound:
        if expected.because not in notes:
            notes.append(expected.because)
        tolerance += f" + {expected.bound:.2g} ({notes.index(expected.because) + 1})"
    relation = "" if claim.relation == "=" else f"{claim.relation} "
    share = claim.tolerance_over_effect
    value = f"{expected.value:.4g}" + (f" ± {expected.error:.2g}" if expected.error else "")
    return (
        claim.name,
        str(claim.measured),
        f"{relation}{value}",
        tolerance,
        "" if claim.z is None else f"{claim.z:+.1f}",
        NO_EFFECT * claim.lacks_effect if share is None else f"{share:.0%}",
        VERDICTS[claim.verdict],
        expected.source,
    )


def _numbered(notes: list[str], claims: Mapping[str, Sequence[Claim]]) -> list[str]:
    """The arguments for the bounds by their numbers, and what "undecided" means where it stands."""
    undecided = any(one.verdict == "undecided" for of_study in claims.values() for one in of_study)
    numbered = [f"({i}) {note}" for i, note in enumerate(notes, 1)]
    return [*numbered, *[MEASUREMENT] * undecided]


def summary_lines(
    claims: Mapping[str, Sequence[Claim]], repeated: Mapping[str, Sequence[Claim]]
) -> Iterator[str]:
    """A line for every study and, where there are several, one for all of them.

    Parameters
    ----------
    claims
        Study -> its claims.
    repeated
        The same of the studies that have a run on a second seed: each has a line about it.
    """
    several = len(claims) > 1
    every = [one for of_study in claims.values() for one in of_study]
    for name, of_study in (dict(claims) | ({"all studies": every} if several else {})).items():
        found = Summary.of(of_study)
        lacking = f" ({found.lacking} without an effect)" if found.lacking else ""
        yield "; ".join(filter(None, [f"{name}: {found.verdict}{lacking}", found.probability]))
        if name in repeated:
            yield f"  second seed: {_compared(TwoSeeds.of(of_study, repeated[name]))}"
    if several and repeated:
        both = TwoSeeds.of_all(claims, repeated)
        yield f"  second seed of {len(repeated)} of {len(claims)} studies: {_compared(both)}"


def _compared(both: TwoSeeds) -> str:
    return "; ".join(filter(None, [both.counted, both.distances]))


def seeds_table(both: TwoSeeds, title: str) -> Table:
    """The claims of two runs with different seeds beside each other.

    Parameters
    ----------
    both
        The claims of the kept run, and of the run that repeats it.
    title
        The title of the table.

    Returns
    -------
    rich.table.Table
        The two measured numbers, their distance z in standard errors, and both verdicts. Claims
        that only one of the runs has come last, with an empty cell.
    """
    table = Table(title=title, title_justify="left")
    for column in ("claim", "full", "repeat", "theory", "z between", "full", "repeat"):
        table.add_column(column, overflow="fold")
    for pair in both.pairs:
        of_pair = (pair.first, pair.second)
        measured = ["" if one is None else str(one.measured) for one in of_pair]
        expected = next(f"{one.expected.value:.4g}" for one in of_pair if one)
        apart = "" if pair.z is None else f"{pair.z:+.1f}"
        verdicts = [VERDICTS.get(verdict, "") for verdict in pair.verdicts]
        table.add_row(pair.name, *measured, expected, apart, *verdicts)
    return table


def means_table(data: xr.Dataset, title: str) -> RenderableType:
    """The mean and its error of every real scalar observable, at each of the first points.

    Parameters
    ----------
    data
        The results of a sweep; see `mesokwant.run`.
    title
        The title of the table.

    Returns
    -------
    rich.console.Group
        The table, with a row a point. Lines below it say how many points more there are, and the
        shapes of observables that are no scalars, and which ones are complex.
    """
    axes = [dim for dim in data["state"].dims if dim != "sample"]
    observables = [data[name] for name in data.data_vars if name not in RESERVED]
    scalars = [
        array for array in observables if array.ndim == len(axes) + 1 and not np.iscomplexobj(array)
    ]
    table = Table()
    for array in [*(data[axis] for axis in axes), *scalars]:
        unit = array.attrs.get("units")
        table.add_column(f"{array.name}, {unit}" if unit else str(array.name), justify="right")
    means = [statistics.mean(array.transpose(*axes, "sample")) for array in scalars]
    columns = [
        [np.ravel(part) for part in (mean.value, mean.error, mean.n, mean.dominated)]
        for mean in means
    ]
    points = itertools.product(*(data[axis].values.tolist() for axis in axes))
    for i, point in enumerate(itertools.islice(points, MAX_POINTS)):
        cells = (str(Estimate(*(part[i] for part in parts))) for parts in columns)
        table.add_row(*(f"{x:.6g}" if isinstance(x, float) else str(x) for x in point), *cells)
    notes = []
    if (more := math.prod(data.sizes[axis] for axis in axes) - MAX_POINTS) > 0:
        notes.append(f"... {more} more point{'s' if more > 1 else ''}")
    for array in observables:
        inner = [f"{dim}: {array.sizes[dim]}" for dim in array.dims if dim not in (*axes, "sample")]
        if inner:
            notes.append(f"{array.name} is an array at every point and sample ({', '.join(inner)})")
        elif np.iscomplexobj(array):
            notes.append(f"{array.name} is a complex number at every point and sample")
    return Group(Text(title, style="italic"), table, *notes)
