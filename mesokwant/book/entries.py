"""What the index and the page of a study show, as plain values for the templates.

An `Entry` joins the runs of a study with the statement of the book about it and the facts of its
files. Numbers are formatted here, once for all pages.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from ..study.claims import Claim
from .assets import Facts
from .runs import StoredRun
from .statements import Statement

ORDER = {"fails": 0, "undecided": 1, "holds": 2}
"""Order of claims in a table: what fails comes first."""


@dataclass(frozen=True)
class Entry:
    """A study in the book.

    Attributes
    ----------
    runs
        Its runs; the first one stands for it.
    statement, facts
        What the book says, and what its files have.
    """

    runs: list[StoredRun]
    statement: Statement
    facts: Facts

    @property
    def run(self) -> StoredRun:
        """The run that stands for the study."""
        return self.runs[0]

    @property
    def name(self) -> str:
        """Name of the study, as its folder has it."""
        return self.run.study

    @property
    def slug(self) -> str:
        """The name of its page and its folder in the site."""
        return slug(self.name)

    @property
    def title(self) -> str:
        """A short title: what stands before the colon in the first line of the docstring."""
        before, colon, _ = self.facts.summary.partition(":")
        return before if colon and len(before) <= 60 else self.name.replace("_", " ").capitalize()

    @property
    def sentence(self) -> str:
        """The statement in one sentence; else the study's first line or question."""
        return self.statement.statement or self.facts.summary or self.facts.question

    @property
    def named_headline(self) -> Claim | None:
        """The first claim of the run whose name contains what the book says."""
        part = self.statement.headline
        return next((c for c in self.run.claims if part and part in c.name), None)

    @property
    def headline(self) -> Claim | None:
        """The claim that has the number of the statement; else the first equality."""
        equal = [claim for claim in self.run.claims if claim.relation == "="]
        return self.named_headline or next(iter([*equal, *self.run.claims]), None)

    @property
    def problems(self) -> list[str]:
        """A sentence for everything that is missing."""
        return list(dict.fromkeys([*self.run.problems, *self.facts.problems]))

    @property
    def lacks_headline(self) -> str:
        """A sentence if the run has claims, and none that the book names as the headline."""
        if not self.run.claims or not self.statement.headline or self.named_headline:
            return ""
        return (
            f"{self.name}: the run has no claim {self.statement.headline!r}, which book.toml names "
            "as the headline"
        )


def slug(name: str) -> str:
    """A name for files and links; names that no folder of ours could have stay apart.

    >>> slug("weak_localization")
    'weak_localization'
    >>> slug("<script>")
    'script-5b63e5b2'
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")
    if plain == name:
        return name
    return f"{plain or 'study'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def headline(entry: Entry) -> dict[str, str] | None:
    """The numbers of the statement as texts; None for a study without claims."""
    claim = entry.headline
    if claim is None:
        return None
    theory = entry.statement.theory if claim is entry.named_headline else ""
    shown = {"name": claim.name, "verdict": claim.verdict} | numbers(claim)
    if theory and theory != shown["expected"]:
        shown["expected"] = f"{theory} ({shown['expected']})"
    return shown


def numbers(claim: Claim) -> dict[str, str]:
    """The numbers of a claim as texts, empty where they do not apply."""
    expected, relation = claim.expected, "" if claim.relation == "=" else f"{claim.relation} "
    bound = f" + {expected.bound:.2g}" if expected.bound else ""
    share, p = claim.tolerance_over_effect, claim.p_value
    return {
        "measured": str(claim.measured),
        "expected": f"{relation}{expected.value:.4g}",
        "tolerance": f"{claim.sigmas:g}σ{bound}",
        "z": "" if claim.z is None else f"{claim.z:+.1f}".replace("-", "−"),
        "share": "" if share is None else f"{share:.0%}",
        "p": "" if p is None else f"{p:.2g}",
    }


def claims_rows(run: StoredRun, others: list[StoredRun]) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows of the table of all claims: those that fail first.

    Every other run with claims of the same names adds a column with its z.
    """
    again = [other for other in others if {c.name for c in other.claims} & _names(run)]
    names = ["claim", "measured", "expected", "tolerance", "z", "tol./effect", "p", "verdict"]
    names += [*(f"z ({other.preset})" for other in again), "source, and reason of the bound"]
    rows = []
    for claim in sorted(run.claims, key=lambda one: ORDER[one.verdict]):
        shown = numbers(claim)
        same = [next((c for c in o.claims if c.name == claim.name), None) for o in again]
        because = f"; bound: {claim.expected.because}" if claim.expected.because else ""
        cells = [
            claim.name,
            *(shown[key] for key in ("measured", "expected", "tolerance", "z", "share", "p")),
            claim.verdict,
            *("" if one is None else numbers(one)["z"] for one in same),
            claim.expected.source + because,
        ]
        rows.append({"kind": claim.verdict, "cells": cells})
    used = [i for i in range(len(names)) if any(row["cells"][i] for row in rows)]
    for row in rows:
        row["cells"] = [row["cells"][i] for i in used]
    return [names[i] for i in used], rows


def _names(run: StoredRun) -> set[str]:
    return {claim.name for claim in run.claims}
