"""The back ends by name."""

from __future__ import annotations

import difflib

from .batched import BatchedBackend
from .contract import Backend
from .problem import Problem
from .reference import KwantBackend

BACKENDS: dict[str, type[Backend]] = {"kwant": KwantBackend, "batched": BatchedBackend}


def choose(name: str, problem: Problem, samples: int) -> Backend:
    """The back end called ``name``; "auto" is the faster one for this problem.

    Raises
    ------
    ValueError
        No back end has this name.
    """
    if name == "auto":
        return KwantBackend()
    if name not in BACKENDS:
        names = ["auto", *BACKENDS]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"there is no solver {name!r}; solvers are {', '.join(names)}{hint}")
    return BACKENDS[name]()
