"""Write the README's table of headline numbers from the claims of the kept runs.

``headlines.toml`` beside this file names the claims that stand in the table, in its order, and says
them in words. Numbers come from ``results/*/full/claims.json``. The last column has the worst claim
of the study: the one that lies most standard errors from theory, with its two numbers::

    python -m tools.readme_table           # write it
    python -m tools.readme_table --check   # exit with 1 if the README is not up to date
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from mesokwant.statistics import Estimate

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- headline numbers: python -m tools.readme_table -->", "<!-- end -->"
ROUNDING = 1e-9
"""Relative distance from theory below which a number agrees exactly."""


def kept_claims(study: str) -> list[dict[str, Any]]:
    """All claims of the kept run of a study."""
    return json.loads((ROOT / "results" / study / "full" / "claims.json").read_text())


def measured(claim: dict[str, Any]) -> str:
    """The measured number with its error."""
    if claim["error"] == 0:
        return f"{claim['measured']:.{10 if abs(claim['measured']) > 1e-3 else 2}g}"
    text = str(Estimate(claim["measured"], claim["error"], claim["samples"]))
    return text.partition(" (")[0]


def distance(claim: dict[str, Any]) -> float:
    """Standard errors between measured and expected; 0 for one-sided and exact claims."""
    apart = claim["measured"] - claim["expected"]
    if claim["relation"] != "=" or abs(apart) <= ROUNDING * abs(claim["expected"]):
        return 0.0
    return apart / claim["error"] if claim["error"] else 0.0


def worst(claims: list[dict[str, Any]]) -> str:
    """The claim that lies farthest from theory, in words."""
    claim = max(claims, key=lambda one: abs(distance(one)))
    if not distance(claim):
        return "all exact"
    name = claim["name"].replace("|", "\\|")
    return f"{name}: {measured(claim)}, theory {claim['expected']:.4g} ({distance(claim):+.1f}σ)"


def table() -> str:
    """The table as Markdown."""
    headlines = tomllib.loads((Path(__file__).parent / "headlines.toml").read_text())["headline"]
    lines = [
        "| study | quantity | measured | theory | farthest from theory in the study |",
        "|---|---|---|---|---|",
    ]
    shown = set()
    for headline in headlines:
        study = headline["study"]
        claims = kept_claims(study)
        (claim,) = (one for one in claims if one["name"] == headline["claim"])
        last = "" if study in shown else worst(claims)
        shown.add(study)
        cells = (f"`{study}`", headline["quantity"], measured(claim), headline["theory"], last)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    readme = ROOT / "README.md"
    text = readme.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    new = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if check:
        sys.exit(0 if new == text else "README.md: run python -m tools.readme_table")
    readme.write_text(new)


if __name__ == "__main__":
    main()
