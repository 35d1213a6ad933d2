"""Write the README's table of headline numbers from the claims of the kept runs.

``headlines.toml`` beside this file names the claims that stand in the table, in its order, and says
them in words. Numbers come from ``results/*/full/claims.json``, and from ``results/*/repeat`` where
a second seed is kept. The last two columns are about the whole study: its worst claim, which lies
most standard errors from the value of theory, with both numbers; and how many claims hold, with one
p-value for all of them, on both seeds. The line below the table says how far the two seeds agree
in all studies::

    python -m tools.readme_table           # write it
    python -m tools.readme_table --check   # exit with 1 if the README is not up to date
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

from mesokwant.report import stored
from mesokwant.report.seeds import TwoSeeds
from mesokwant.report.summary import Summary
from mesokwant.study.claims import Claim
from mesokwant.study.study import FULL, REPEAT

RESULTS = Path(__file__).parent.parent / "results"
BEGIN, END = "<!-- headline numbers: python -m tools.readme_table -->", "<!-- end -->"
ROUNDING = 1e-9
"""Relative distance from theory below which a number agrees exactly."""


def kept_claims(study: str) -> list[Claim]:
    """All claims of the kept run of a study."""
    return stored.kept_claims(RESULTS / study / FULL)


def repeated_claims(study: str) -> list[Claim]:
    """All claims on the second seed; none where no repeat is kept."""
    folder = RESULTS / study / REPEAT
    return stored.kept_claims(folder) if (folder / "claims.json").exists() else []


def escaped(text: str) -> str:
    """The text in a cell of a Markdown table, where <g> is no tag."""
    return text.replace("|", "\\|").replace("<", "\\<")


def measured(claim: Claim) -> str:
    """The measured number with its error; what is too blunt for a claim is said to be one."""
    value = float(claim.measured.value)
    if claim.measured.error == 0:
        text = f"{value:.{10 if abs(value) > 1e-3 else 2}g}"
    else:
        text = str(claim.measured).partition(" (")[0]
    return text + " (a measurement)" * (claim.verdict == "undecided")


def distance(claim: Claim) -> float:
    """Standard errors between measured and expected; 0 for one-sided and exact claims."""
    apart = abs(float(claim.measured.value) - claim.expected.value)
    exact = apart <= ROUNDING * abs(claim.expected.value)
    return 0.0 if claim.relation != "=" or exact or claim.z is None else claim.z


def worst(claims: list[Claim]) -> str:
    """The claim that lies farthest from theory, in words."""
    claim = max(claims, key=lambda one: abs(distance(one)))
    if not distance(claim):
        return "all exact"
    theory = f"{claim.expected.value:.4g}"
    return f"{claim.name}: {measured(claim)}, theory {theory} ({distance(claim):+.1f}σ)"


def overall(claims: list[Claim]) -> str:
    """How many claims hold, and the p-value of all comparisons."""
    found = Summary.of(claims)
    lacking = f" ({found.lacking} without an effect)" if found.lacking else ""
    p = "" if found.p_value is None else f"; p = {found.p_value:.2g}"
    return found.verdict + lacking + p


def table() -> str:
    """The table as Markdown."""
    headlines = tomllib.loads((Path(__file__).parent / "headlines.toml").read_text())["headline"]
    lines = [
        "| study | quantity | measured | theory | farthest from theory in the study | all claims |",
        "|---|---|---|---|---|---|",
    ]
    shown = set()
    for headline in headlines:
        study = headline["study"]
        claims = kept_claims(study)
        (claim,) = (one for one in claims if one.name == headline["claim"])
        numbers = measured(claim)
        repeated = repeated_claims(study)
        for pair in TwoSeeds.of(claims, repeated).pairs:
            if pair.first is claim and pair.second is not None:
                numbers += f"; second seed {measured(pair.second)}"
        total = overall(claims) + (f"; second seed: {overall(repeated)}" if repeated else "")
        last = ("", "") if study in shown else (worst(claims), total)
        shown.add(study)
        words = (headline["quantity"], numbers, headline["theory"], *last)
        cells = (f"`{study}`", *map(escaped, words))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", seeds(sorted(shown))])


def seeds(studies: list[str]) -> str:
    """How far both seeds agree in the studies where a second one is kept, in a sentence."""
    second = {study: claims for study in studies if (claims := repeated_claims(study))}
    both = TwoSeeds.of_all({study: kept_claims(study) for study in second}, second)
    return (
        f"Runs with a second seed are kept for {len(second)} of {len(studies)} studies, some "
        f"with fewer samples. With both seeds, {escaped(both.counted)}. The numbers were "
        f"{escaped(both.distances)}; right errors give 1σ in root mean square."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    readme = RESULTS.parent / "README.md"
    text = readme.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    new = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if check:
        sys.exit(0 if new == text else "README.md: run python -m tools.readme_table")
    readme.write_text(new)


if __name__ == "__main__":
    main()
