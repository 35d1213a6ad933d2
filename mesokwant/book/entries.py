"""What the index and the page of a study show, as plain values for the templates.

An `Entry` joins the runs of a study with the statement of the book about it and the facts of its
files. Numbers are formatted here, once for all pages.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from ..report.seeds import Pair, TwoSeeds
from ..study.claims import Claim
from ..study.study import FULL, REPEAT
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
    def second(self) -> StoredRun | None:
        """The run that repeats the full one with another seed; None unless both have claims."""
        repeats = [run for run in self.runs if run.preset == REPEAT and run.claims]
        return repeats[0] if self.run.preset == FULL and self.run.claims and repeats else None

    @property
    def seeds(self) -> TwoSeeds:
        """The claims on both seeds; the second ones are missing where there is no such run."""
        return TwoSeeds.of(self.run.claims, self.second.claims if self.second else [])

    @property
    def verdict(self) -> str:
        """The verdict over all claims on both seeds: "fails" if one does on either."""
        if self.second is None:
            return self.run.verdict
        return min(self.run.verdict, self.second.verdict, key=ORDER.__getitem__)

    @property
    def badge(self) -> str:
        """The verdicts of both seeds in a few words."""
        if self.second is None:
            return self.run.verdict
        if self.run.verdict == self.second.verdict:
            return f"{self.run.verdict} on both seeds"
        return f"{self.run.verdict}, second seed {self.second.verdict}"

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
        repeat = next((run for run in self.runs[1:] if run.preset == REPEAT), None)
        again = [f"second seed: {problem}" for problem in repeat.problems] if repeat else []
        return list(dict.fromkeys([*self.run.problems, *again, *self.facts.problems]))

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
    again = next((pair.second for pair in entry.seeds.pairs if pair.first is claim), None)
    shown = {"name": claim.name, "verdict": claim.verdict} | numbers(claim)
    shown["second"] = f"{again.measured} ({again.verdict})" if again else ""
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
        "z": signed(claim.z),
        "share": "" if share is None else f"{share:.0%}",
        "p": "" if p is None else f"{p:.2g}",
    }


def signed(z: float | None) -> str:
    """A distance in standard errors as a text, empty where there is none."""
    return "" if z is None else f"{z:+.1f}".replace("-", "−")


def claims_rows(entry: Entry) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows of the table of all claims on both seeds: those that fail first.

    Every other run with claims of the same names adds a column with its z.
    """
    others = {
        f"z ({run.preset})": {claim.name: numbers(claim)["z"] for claim in run.claims}
        for run in entry.runs[1:]
        if run is not entry.second
    }
    pairs = sorted(entry.seeds.pairs, key=lambda pair: ORDER[_worst(pair)])
    rows = [_cells(pair, others) for pair in pairs]
    used = [column for column in rows[0] if any(row[column] for row in rows)]
    return used, [
        {"kind": _worst(pair), "cells": [row[column] for column in used]}
        for pair, row in zip(pairs, rows, strict=True)
    ]


def _worst(pair: Pair) -> str:
    return min(filter(None, pair.verdicts), key=ORDER.__getitem__)


def _cells(pair: Pair, others: dict[str, dict[str, str]]) -> dict[str, str]:
    """Column -> cell of a claim, with its z in other runs."""
    first, second = (
        defaultdict(str, numbers(one) if one else {}) for one in (pair.first, pair.second)
    )
    verdict, again = pair.verdicts
    expected = next(one.expected for one in (pair.first, pair.second) if one)
    return {
        "claim": pair.name,
        "measured": first["measured"],
        "second seed": second["measured"],
        "expected": first["expected"] or second["expected"],
        "tolerance": first["tolerance"],
        "z": first["z"],
        "z (second seed)": second["z"],
        "z between": signed(pair.z),
        "tol./effect": first["share"],
        "p": first["p"],
        "verdict": verdict,
        "verdict (second seed)": again,
        **{column: of_run.get(pair.name, "") for column, of_run in others.items()},
        "source, and reason of the bound": expected.source
        + (f"; bound: {expected.because}" if expected.because else ""),
    }
