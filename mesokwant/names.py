"""Names of what can be set: the shortest one that is clear, and sentences for unknown ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(name: str, names: Iterable[str], *, most: int = 2) -> str:
    """``"; did you mean 'energy'?"`` where a known name is near, else an empty text.

    >>> did_you_mean("enregy", ["energy", "flux"])
    "; did you mean 'energy'?"
    """
    near = difflib.get_close_matches(name, list(names), n=most, cutoff=0.5)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """A sentence for a name that is not known, with the nearest that are.

    >>> unknown("preset", "quik", ["full", "quick"])
    "there is no preset 'quik'; did you mean 'quick'? (there are: full, quick)"
    """
    names = sorted(names)
    return f"there is no {what} {name!r}{did_you_mean(name, names)} (there are: {', '.join(names)})"


def short_names(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Full name -> the shortest name that means it alone, and nothing that is taken.

    >>> short_names(["system.width", "params.width", "energy"], taken=["energy"])
    {'energy': 'energy', 'params.width': 'params.width', 'system.width': 'system.width'}
    """
    names, taken = sorted(names), set(taken)
    last = [name.rpartition(".")[2] for name in names]
    return {
        name: short if last.count(short) == 1 and short not in taken else name
        for name, short in zip(names, last, strict=True)
    }
