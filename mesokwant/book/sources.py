"""The papers that a text cites, as BibTeX.

Docstrings and claims cite papers as physicists write them: authors, journal, volume, page, year.
`references` reads these out of any text, and `bibtex` writes them as a file. Short citations, such
as "Mello & Stone 1991", say too little for an entry and are left out: the docstring of a study, or
of the formula that it uses, has the long one.

>>> text = "as in Mello and Stone, Phys. Rev. B 44, 3559 (1991); Beenakker, RMP 69, 731 (1997)"
>>> for reference in references([text]):
...     print(reference.key, reference.journal, reference.doi)
MelloStone1991 Phys. Rev. B 10.1103/PhysRevB.44.3559
Beenakker1997 Rev. Mod. Phys. 10.1103/RevModPhys.69.731
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from .. import theory

SHORT = {
    "PR": "Phys. Rev.",
    "PRA": "Phys. Rev. A",
    "PRB": "Phys. Rev. B",
    "PRL": "Phys. Rev. Lett.",
    "RMP": "Rev. Mod. Phys.",
}
"""Abbreviation of a journal -> its name."""

DOI = {
    "Phys. Rev.": "PhysRev",
    "Phys. Rev. A": "PhysRevA",
    "Phys. Rev. B": "PhysRevB",
    "Phys. Rev. Lett.": "PhysRevLett",
    "Rev. Mod. Phys.": "RevModPhys",
}
"""Journal of the American Physical Society -> its name in the identifiers of its papers."""

NAME = r"(?:[A-Z][a-z]?\. ?)*(?:(?:de|di|van|von) )*[A-ZÀ-Ý][\w'’-]+"
# As few names as possible: a journal of one word looks like a further name.
AUTHORS = rf"(?P<authors>{NAME}(?:(?:,? and |,? & |, ){NAME})*?(?:,? et al\.)?)"
ARTICLE = re.compile(
    rf"{AUTHORS}, (?P<journal>[A-Z][A-Za-z. ]*?) ?(?P<volume>\d+), "
    r"(?P<page>[A-Z]?\d+) \((?P<year>\d{4})\)"
)
BOOK = re.compile(
    rf"{AUTHORS}, (?:in )?(?!{NAME} and {NAME} )(?P<title>[A-Z][A-Za-z -]+) \((?P<year>\d{{4}})\)"
)


@dataclass(frozen=True)
class Reference:
    """A paper or a book.

    Attributes
    ----------
    authors
        Their names, as they are cited.
    year
        The year of publication.
    journal, volume, page
        Where an article stands.
    title
        The title of a book.
    """

    authors: tuple[str, ...]
    year: str
    journal: str = ""
    volume: str = ""
    page: str = ""
    title: str = ""

    @property
    def key(self) -> str:
        """The family names of up to three authors, and the year."""
        families = [name.split()[-1] for name in self.authors if name != "others"]
        names = [families[0], "EtAl"] if len(families) > 3 else families
        return re.sub(r"\W", "", "".join(names)) + self.year

    @property
    def doi(self) -> str:
        """The digital object identifier, where a rule of the publisher gives it; else empty."""
        if self.journal not in DOI:
            return ""
        return f"10.1103/{DOI[self.journal]}.{self.volume}.{self.page}"

    @property
    def place(self) -> tuple[str, ...]:
        """What is equal for two citations of the same work."""
        return (self.journal, self.volume, self.page) if self.journal else (self.title, self.year)

    def bibtex(self, key: str) -> str:
        """The entry of a BibTeX file."""
        kind = "article" if self.journal else "book"
        fields = {
            "author": " and ".join(self.authors),
            "title": self.title,
            "journal": self.journal,
            "volume": self.volume,
            "pages": self.page,
            "year": self.year,
            "doi": self.doi,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def references(texts: Iterable[str]) -> list[Reference]:
    """The works that some texts cite, each of them once, in the order of the texts."""
    known: dict[tuple[str, ...], Reference] = {}
    for text in texts:
        for one in _cited(" ".join(text.split())):
            before = known.get(one.place)
            # The citation with initials, or with more authors, says more.
            if before is None or len("".join(one.authors)) > len("".join(before.authors)):
                known[one.place] = one
    return list(known.values())


def bibtex(found: Iterable[Reference]) -> str:
    """A BibTeX file; keys that are equal get a letter."""
    taken: dict[str, int] = {}
    entries = []
    for one in found:
        count = taken[one.key] = taken.get(one.key, -1) + 1
        entries.append(one.bibtex(one.key + ("" if not count else chr(ord("a") + count))))
    return "\n\n".join([*entries, ""])


def texts_of(module: ModuleType, claims: Iterable[Any] = ()) -> Iterator[str]:
    """All texts in which a study cites papers.

    These are its docstring, its comments and strings, what its claims say about their sources,
    and the docstrings of the formulas of `mesokwant.theory` that it uses.
    """
    source = inspect.getsource(module)
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
    for claim in claims:
        yield claim.expected.source
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for name in sorted(used & set(theory.__all__)):
        yield inspect.getdoc(getattr(theory, name)) or ""


def _cited(text: str) -> Iterator[Reference]:
    for match in ARTICLE.finditer(text):
        journal = match["journal"].strip()
        yield Reference(
            _names(match["authors"]),
            match["year"],
            SHORT.get(journal, journal),
            match["volume"],
            match["page"],
        )
    for match in BOOK.finditer(text):
        yield Reference(_names(match["authors"]), match["year"], title=match["title"])


def _names(authors: str) -> tuple[str, ...]:
    text = re.sub(r",? et al\.", ", others", authors)
    return tuple(re.split(r",? and |,? & |, ", text))
