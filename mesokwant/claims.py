"""Claims: a measured number beside what theory says it should be. They can fail."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from .statistics import Estimate


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


def claims_table(claims: Iterable[Claim], title: str) -> Table:
    """All claims as a table for the terminal."""
    table = Table(title=title, title_justify="left", caption_justify="left")
    for column in ("claim", "measured", "theory", "tolerance", "verdict", "source"):
        table.add_column(column, overflow="fold")
    notes: list[str] = []
    for claim in claims:
        tolerance = f"{claim.sigmas:g}σ"
        if claim.systematic:
            note = f"{claim.systematic:.2g}: {claim.because}"
            if note not in notes:
                notes.append(note)
            tolerance += f" + {claim.systematic:.2g} ({notes.index(note) + 1})"
        relation = "" if claim.relation == "=" else f"{claim.relation} "
        table.add_row(
            claim.name,
            str(claim.measured),
            f"{relation}{claim.expected:.4g}",
            tolerance,
            "[green]holds[/]" if claim.holds else "[bold red]FAILS[/]",
            claim.source,
        )
    if notes:
        table.caption = "\n".join(f"({i}) {note}" for i, note in enumerate(notes, 1))
    return table
