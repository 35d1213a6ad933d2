"""Sentences for names that are not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """A sentence for a name that is not known, with the nearest that are.

    >>> unknown("preset", "quik", ["full", "quick"])
    "there is no preset 'quik'; did you mean 'quick'? (there are: full, quick)"
    """
    names = sorted(names)
    near = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"there is no {what} {name!r}{hint} (there are: {', '.join(names)})"
