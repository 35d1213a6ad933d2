"""The pages about results as MyST Markdown: the index of statements and the page of a study.

Text of docstrings is typeset by `mesokwant.book.prose`. Tables, numbers and pictures are HTML from
the templates beside this file, which escape everything that they are handed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..engine.progress import duration
from .entries import Entry, claims_rows, headline
from .prose import escaped, html, markdown, paragraphs
from .statements import chapter_order
from .whole import histogram, totals

FOLDER = "studies"
"""Folder of the pages of studies, and of their files, in the site."""

LIMITS = "What limits"
"""How docstrings begin to say what limits the agreement."""


def index_page(entries: Sequence[Entry], *, title: str) -> str:
    """The index of all statements, with the panel of the whole."""
    chapters = []
    for chapter, of_chapter in groupby(in_order(entries), lambda e: e.statement.chapter):
        shown = [_card(entry) for entry in of_chapter]
        chapters.append({"title": chapter, "anchor": _anchor(chapter), "entries": shown})
    verdicts = sorted({entry.verdict for entry in entries})
    claims = [claim for entry in entries for claim in entry.run.claims]
    cards = _html("index.html", chapters=chapters, verdicts=verdicts, total=len(entries))
    whole = _html("whole.html", numbers=totals(entries), histogram=histogram(claims))
    return _page(
        f"# {escaped(title)}",
        "Every statement stands beside the number that was measured for it, with its error, and "
        "beside what theory expects. A claim fails where they lie further apart than its "
        "tolerance, and is undecided where the tolerance is too wide to decide.",
        cards,
        "## All claims together",
        whole,
    )


def study_page(entry: Entry) -> str:
    """The page of a study."""
    facts = entry.facts
    physics, limits = paragraphs(_body(facts.docstring), LIMITS)
    head = _html(
        "head.html",
        statement=entry.sentence,
        verdict=entry.verdict,
        badge_text=entry.badge,
        problems=entry.problems,
        headline=headline(entry),
    )
    return _page(
        f"# {escaped(entry.title)}",
        head,
        f"*{escaped(facts.question)}*" if facts.question else "",
        *_section("Device", _device(entry)),
        *_section("Hamiltonian and formulas", *_formulas(entry)),
        *_section("Figure", *_figure(entry)),
        *_section("Regime", _regime(entry)),
        *_section("Claims", *_claims(entry)),
        *_section("Physics and regime", markdown(physics)),
        *_section("What limits the agreement", markdown(limits)),
        *_section("How to run it", *_commands(entry)),
        *_section("Provenance", _provenance(entry), _cites(entry)),
        *_section("Source", _source(facts.source)),
    )


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """The entries by chapter, and by title in a chapter."""
    return sorted(entries, key=lambda e: (chapter_order(e.statement.chapter), e.title))


def _card(entry: Entry) -> dict[str, Any]:
    claim, folder = entry.headline, f"{FOLDER}/{entry.slug}"
    z = None if claim is None or claim.relation != "=" else claim.z
    has_picture = "png" in entry.facts.figures
    return {
        "title": entry.title,
        "statement": entry.sentence,
        "page": f"{folder}.html",
        "thumbnail": f"{folder}/thumbnail.png" if has_picture else "",
        "verdict": entry.verdict,
        "badge_text": entry.badge,
        "problems": entry.problems,
        "headline": headline(entry),
        "sorting": "" if z is None else f"{abs(z):.3f}",
    }


def _body(docstring: str) -> str:
    """A docstring without its first line, which the page shows as its statement."""
    return docstring.strip().partition("\n\n")[2]


def _device(entry: Entry) -> str:
    if not entry.facts.device:
        return ""
    return _html("device.html", folder=entry.slug, device=entry.facts.device)


def _formulas(entry: Entry) -> list[str]:
    statement = entry.statement
    texts = [f"$$\n{statement.hamiltonian}\n$$"] if statement.hamiltonian else []
    for tex, sentence in statement.formulas:
        texts += [markdown(sentence), f"$$\n{tex}\n$$"]
    return texts


def _figure(entry: Entry) -> list[str]:
    facts = entry.facts
    if not facts.figures:
        return []
    says = [f"({panel['letter']}) {panel['says']}" for panel in facts.panels if panel["says"]]
    shown = "svg" if "svg" in facts.figures else "png" if "png" in facts.figures else ""
    picture = _html(
        "figure.html",
        folder=entry.slug,
        shown=shown,
        formats=facts.figures,
        panels=facts.panels,
        alternative=f"Figure of {entry.title}. " + " ".join(says),
    )
    return [picture, "\n\n".join(markdown(text) for text in says)]


def _regime(entry: Entry) -> str:
    columns = entry.facts.regime
    if not columns:
        return ""
    rows = [{"kind": "", "cells": cells} for cells in zip(*columns.values(), strict=True)]
    return _table("regime", list(columns), rows)


def _claims(entry: Entry) -> list[str]:
    if not entry.run.claims:
        return ["No claims of this run were checked."]
    return [_seeds(entry), _table("claims", *claims_rows(entry))]


def _seeds(entry: Entry) -> str:
    """What both seeds say together."""
    if entry.second is None:
        return ""
    said = "; ".join(filter(None, [entry.seeds.counted, entry.seeds.distances]))
    return escaped(f"The run was repeated with another seed: {said}.")


def _commands(entry: Entry) -> list[str]:
    run, presets = entry.run, [one.preset for one in (entry.run, entry.second) if one]
    lines = [f"mesokwant run {run.study} --preset {preset}" for preset in presets]
    text = "\n".join(["```sh", *lines, "```"])
    if not entry.facts.source or entry.slug != entry.name:
        return []
    pace = f" in {duration(run.seconds)} of one core" if run.seconds else ""
    failed = f", of which {run.failed} failed" if run.failed else ""
    computed = f"It computed {run.done} samples{failed}{pace}." if run.done else ""
    return [text, computed]


def _provenance(entry: Entry) -> str:
    rows = []
    for run in entry.runs:
        made_by = {k: v for k, v in run.provenance.items() if isinstance(v, str)}
        revision = made_by.pop("revision", "unknown")
        versions = ", ".join(f"{name} {number}" for name, number in made_by.items())
        verdicts = f"{len(run.claims) - len(run.failing)} of {len(run.claims)}"
        seed = "unknown" if run.seed is None else str(run.seed)
        cells = [run.preset, seed, str(run.done), verdicts, run.date, revision, versions]
        rows.append({"kind": "", "cells": cells})
    columns = ["run", "seed", "samples", "claims that do not fail", "date", "revision", "versions"]
    return _table("provenance", columns, rows)


def _cites(entry: Entry) -> str:
    if not entry.facts.cites:
        return ""
    return f"The papers that it cites are in <a href='{entry.slug}/sources.bib'>sources.bib</a>."


def _source(source: str) -> str:
    if not source:
        return ""
    fence = "`" * (_longest_run(source, "`") + 3)
    return f"{fence}{{code-block}} python\n:linenos:\n\n{source}\n{fence}"


def _section(title: str, *parts: str) -> list[str]:
    """A heading and what stands below it; nothing if there is nothing."""
    return [f"## {title}", *parts] if any(parts) else []


def _page(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _anchor(chapter: str) -> str:
    return "chapter-" + "".join(c if c.isalnum() else "-" for c in chapter.lower())


def _table(name: str, columns: list[str], rows: list[dict[str, Any]]) -> str:
    macros: Any = _environment().get_template("macros.html").module
    return _raw(str(macros.table(name, columns, rows)))


def _html(template: str, **values: Any) -> str:
    environment = _environment()
    macros: Any = environment.get_template("macros.html").module
    return _raw(environment.get_template(template).render(badge=macros.badge, **values))


def _raw(content: str) -> str:
    """HTML in Markdown; the fence is longer than any run of backticks in it."""
    fence = "`" * (_longest_run(content, "`") + 3)
    return f"{fence}{{raw}} html\n{content.strip()}\n{fence}"


def _longest_run(text: str, character: str) -> int:
    return max((len(list(run)) for c, run in groupby(text) if c == character), default=0)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["typeset"] = html
    return environment
