"""The statements of the book: chapter, sentence, formulas and headline number of a study.

They stand in a file ``book.toml`` beside the studies' own files, with a table for each of them::

    [weak_localization]
    chapter = "Weak localization and antilocalization"
    statement = "Interference of time-reversed paths lowers the conductance by a third of e²/h."
    headline = "full rise of a long wire"    # a part of the name of a claim
    theory = "1/3"                           # what its theory is called
    hamiltonian = 'H = -t \\sum_{\\langle ij\\rangle} |i\\rangle\\langle j|'
    formulas = [['\\frac13\\left(\\frac{s}{1+s}\\right)^3', "The full rise."]]

All fields may be missing: a study without a table is shown by its question and its docstring. A
new chapter needs no more than its name in some table; those of `CHAPTERS` come first.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHAPTERS = (
    "Waves and times",
    "Weak localization and antilocalization",
    "Fluctuations",
    "Localization",
    "Fields",
    "Contacts, noise, chaos",
    "Topology",
    "Interactions",
    "Transitions",
)
"""The chapters of mesoscopic physics, in their order."""

OTHER = "Other studies"
"""The chapter of studies that name none; it is the last one."""

FILE = "book.toml"


@dataclass(frozen=True)
class Statement:
    """What the book says about a study.

    Attributes
    ----------
    chapter
        The chapter that it stands in.
    statement
        The statement, in one sentence; empty where the study's question has to do.
    headline
        A part of the name of the claim that has its number.
    theory
        What the headline's theoretical value is called, such as "2/15"; empty for the number.
    hamiltonian
        TeX of the Hamiltonian.
    formulas
        (TeX, sentence) of the formulas that are compared with.
    """

    chapter: str = OTHER
    statement: str = ""
    headline: str = ""
    theory: str = ""
    hamiltonian: str = ""
    formulas: tuple[tuple[str, str], ...] = ()


def statements(folder: Path) -> dict[str, Statement]:
    """Name of a study -> its statement, from the ``book.toml`` of a folder, if there is one.

    Raises
    ------
    ValueError
        The file is no TOML, or a table has a field that a `Statement` has not.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text())
        return {study: _statement(table) for study, table in tables.items()}
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error


def chapter_order(chapter: str) -> tuple[int, str]:
    """A key by which chapters are sorted."""
    if chapter == OTHER:
        return len(CHAPTERS) + 1, chapter
    return CHAPTERS.index(chapter) if chapter in CHAPTERS else len(CHAPTERS), chapter


def _statement(table: dict[str, Any]) -> Statement:
    formulas = tuple((str(tex), str(sentence)) for tex, sentence in table.pop("formulas", ()))
    return Statement(**table, formulas=formulas)
