"""Tables for the terminal: claims with their verdicts, and where the points of a study lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from rich.table import Table

from ..study.claims import Claim
from ..study.study import Study


def regime_table(study: Study, reading: Any) -> Table | None:
    """Where each point lies; None if the study does not say."""
    if study.regime is None:
        return None
    columns = study.regime(reading)
    table = Table(title="regime", title_justify="left")
    for name in columns:
        table.add_column(name, justify="right")
    for row in zip(*columns.values(), strict=True):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def claims_table(claims: Mapping[str, Iterable[Claim]], title: str) -> Table:
    """All claims by study."""
    table = Table(title=title, title_justify="left", caption_justify="left")
    several = len(claims) > 1
    for column in ("study",) * several + (
        "claim",
        "measured",
        "theory",
        "tolerance",
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
    if notes:
        table.caption = "\n".join(f"({i}) {note}" for i, note in enumerate(notes, 1))
    return table


def _row(claim: Claim, notes: list[str]) -> tuple[str, ...]:
    """The cells of a claim; the argument for its bound goes to the notes."""
    expected, tolerance = claim.expected, f"{claim.sigmas:g}σ"
    if expected.bound:
        if expected.because not in notes:
            notes.append(expected.because)
        tolerance += f" + {expected.bound:.2g} ({notes.index(expected.because) + 1})"
    relation = "" if claim.relation == "=" else f"{claim.relation} "
    verdict = "[green]holds[/]" if claim.holds else "[bold red]FAILS[/]"
    return (
        claim.name,
        str(claim.measured),
        f"{relation}{expected.value:.4g}",
        tolerance,
        verdict,
        expected.source,
    )
