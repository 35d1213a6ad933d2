"""Claims: a measured number beside what theory says it should be. They can fail."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from ..statistics import Estimate


@dataclass(frozen=True)
class Claim:
    """A measured number, its expected value, and how far apart they may lie.

    It holds where ``|measured - expected| <= sigmas * error + systematic``
    (for ``relation="="``), or where the measured value lies beyond the
    expected one by at least ``sigmas * error`` (for ``">"`` and ``"<"``). A
    measured value or error that is not finite holds nothing.

    Parameters
    ----------
    name
        What is claimed, in a few words.
    measured
        The estimate; an error of zero is that of an exact statement.
    expected
        The theoretical value, in the same units.
    source
        Formula and paper.
    sigmas
        Statistical tolerance in standard errors.
    systematic
        Bound on what theory leaves out, in the units of the value.
    because
        The argument for that bound; required where there is one.
    relation
        "=", ">" or "<".
    """

    name: str
    measured: Estimate
    expected: float
    source: str
    sigmas: float = 3.0
    systematic: float = 0.0
    because: str = ""
    relation: str = "="

    def __post_init__(self) -> None:
        # Plain numbers, whatever kind numpy made of them: claims are written to JSON.
        for name in ("expected", "sigmas", "systematic"):
            object.__setattr__(self, name, float(getattr(self, name)))
        if self.relation not in ("=", "<", ">"):
            raise ValueError(f"relation must be '=', '<' or '>', not {self.relation!r}")
        if self.systematic and not self.because:
            raise ValueError(
                f"claim {self.name!r}: say in `because` why the systematic bound is "
                f"{self.systematic:g}"
            )

    @property
    def tolerance(self) -> float:
        """Allowed distance from the expected value."""
        return self.sigmas * float(self.measured.error) + self.systematic

    @property
    def holds(self) -> bool:
        """The verdict."""
        value, error = float(self.measured.value), float(self.measured.error)
        if not (math.isfinite(value) and math.isfinite(error)):
            return False
        if self.relation == ">":
            return value - self.expected > self.sigmas * error
        if self.relation == "<":
            return self.expected - value > self.sigmas * error
        return abs(value - self.expected) <= self.tolerance

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a JSON file."""
        plain = asdict(self)
        plain["measured"] = float(self.measured.value)
        plain["error"] = float(self.measured.error)
        plain["samples"] = int(self.measured.n)
        return plain | {"holds": self.holds}


def claims_table(claims: Mapping[str, Iterable[Claim]], title: str) -> Table:
    """All claims as a table for the terminal, by study."""
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
    tolerance = f"{claim.sigmas:g}σ"
    if claim.systematic:
        if claim.because not in notes:
            notes.append(claim.because)
        tolerance += f" + {claim.systematic:.2g} ({notes.index(claim.because) + 1})"
    relation = "" if claim.relation == "=" else f"{claim.relation} "
    verdict = "[green]holds[/]" if claim.holds else "[bold red]FAILS[/]"
    return (
        claim.name,
        str(claim.measured),
        f"{relation}{claim.expected:.4g}",
        tolerance,
        verdict,
        claim.source,
    )
