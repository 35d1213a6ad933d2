"""Docstrings and names as text of a page.

Studies write their physics in plain text, which can be read where it stands: ``<g>``, ``E_c``,
``(1 + s)^(-3)``, ``l << L``. `markdown` typesets such text. It keeps code between backticks, and
TeX between dollar signs, for what plain text cannot say. `escaped` is for a text that means
nothing but itself, such as the name that a user gave to something.

>>> markdown("<g> falls as E_c^(-1/2) for l << L, and `x_1` stays.")
'⟨g⟩ falls as E<sub>c</sub><sup>−1/2</sup> for l ≪ L, and `x_1` stays.'
>>> markdown("a field has $x = a_1 < b$ here")
'a field has $x = a_1 < b$ here'
>>> print(escaped("<script>"))
\\<script\\>
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

KEPT = re.compile(r"(```.*?```|``.*?``|`[^`]*`|\$\$.*?\$\$|\$[^$\n]+\$)", re.DOTALL)
"""Code and TeX, which are left as they are."""

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

LETTER = "A-Za-zΑ-Ωα-ωħℓ"
SUBSCRIPT = re.compile(rf"(?<![{LETTER}\d_])([{LETTER}])_(\d+(?:,\d+)?|\w{{1,9}})(?!\w)")
SUPERSCRIPT = re.compile(r"\^(?:\(([^()\n]{1,16})\)|\{([^{}\n]{1,16})\}|(-?[\w½]+))")
AVERAGE = re.compile(r"(?<!<)<(?![<=\s-])([^<>\n]{1,60}?)(?<!\s)>(?![>=])")
KET = re.compile(r"\|([^|<>\s]{1,12})>")
SIGNS = {"<<": "≪", ">>": "≫", "<=": "≤", ">=": "≥", "->": "→", "+-": "±"}


def html(text: str) -> Markup:
    """A line of plain text as HTML, typeset as `markdown` does it.

    >>> print(html("R_xy of <b> & more"))
    R<sub>xy</sub> of ⟨b⟩ &amp; more
    """
    return Markup(_typeset(text, escape))


def escaped(text: str) -> str:
    """A line of Markdown that shows exactly this text."""
    return PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def markdown(text: str) -> str:
    """Markdown of a docstring: plain text with code, TeX, lists and indented blocks.

    No HTML in it gets through.
    """
    pieces = KEPT.split(_fenced(text))
    return "".join(piece if i % 2 else _typeset(piece, _lines) for i, piece in enumerate(pieces))


def paragraphs(text: str, start: str) -> tuple[str, str]:
    """A docstring, cut before the sentence that begins with ``start``; all of it if none does."""
    place = re.search(rf"(?:^|(?<=\s)){re.escape(start)}", text)
    if place is None:
        return text, ""
    return text[: place.start()].rstrip(), text[place.start() :]


def _fenced(text: str) -> str:
    """Blocks that are indented by four become code, which `KEPT` finds."""
    blocks = text.split("\n\n")
    for i, block in enumerate(blocks):
        lines = block.splitlines()
        # The continuation of a list item is indented by two.
        if lines and all(line.startswith("    ") for line in lines):
            body = "\n".join(line[4:].replace("`", "'") for line in lines)
            blocks[i] = f"```text\n{body}\n```"
    return "\n\n".join(blocks)


def _typeset(text: str, shown: Callable[[str], str]) -> str:
    """Signs, subscripts and superscripts; `shown` escapes everything else."""
    text = AVERAGE.sub(r"⟨\1⟩", KET.sub(r"|\1⟩", text))
    for plain, sign in SIGNS.items():
        text = text.replace(plain, sign)
    marks: list[str] = []

    def marked(tag: str, content: str) -> str:
        # A stand-in that no later step changes; the private use area of Unicode is never typed.
        marks.append(f"<{tag}>{shown(content.replace('-', '−'))}</{tag}>")
        return chr(0xE000 + len(marks) - 1)

    text = "".join(c for c in text if not 0xE000 <= ord(c) <= 0xF8FF)
    text = SUBSCRIPT.sub(lambda m: m[1] + marked("sub", m[2]), text)
    text = SUPERSCRIPT.sub(lambda m: marked("sup", m[1] or m[2] or m[3]), text)
    text = str(shown(text))
    for i, mark in enumerate(marks):
        text = text.replace(chr(0xE000 + i), mark)
    return text


def _lines(text: str) -> str:
    """Text of Markdown with its lists, and nothing else that Markdown knows."""
    lines = text.split("\n")
    before = ["", *lines[:-1]]
    return "\n".join(map(_line, lines, before))


def _line(line: str, before: str) -> str:
    """A line, whose bullet counts if it can't be the minus or the product of a formula."""
    bullet = re.match(r"\s*(\*|[-+]|\d+[.)]) ", line)
    if bullet is None:
        return _plain(line)
    follows = not before.strip() or before.startswith((bullet[1], " "))
    if bullet[1] == "*" or follows:
        return line[: bullet.end()] + _plain(line[bullet.end() :])
    # A sentence that was wrapped before a minus or a number goes on.
    return re.sub(r"[-+.)]", r"\\\g<0>", _plain(line), count=1)


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|~^$#%=])", r"\\\1", text)
