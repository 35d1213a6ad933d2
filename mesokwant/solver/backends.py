"""Choose a back end by its name, or the faster one for a problem."""

from __future__ import annotations

import sys

from ..names import unknown
from .base import Backend
from .batched.backend import COMPILED, BatchedBackend
from .batched.dissection import is_dissected
from .costs import batched_seconds, kwant_seconds
from .problem import Problem
from .reference import KwantBackend

BACKENDS: dict[str, type[Backend]] = {"kwant": KwantBackend, "batched": BatchedBackend}
"""The back ends by name; see `mesokwant.solver.base` for how to write one."""

KERNELS = f"{__package__}.batched.kernels"
"""The module whose import loads the compiled kernels, or compiles them at the first time."""


def choose(name: str, problem: Problem, samples: int, *, reuse: bool = False) -> Backend:
    """Choose the back end for some samples of a problem.

    Parameters
    ----------
    name
        Name of a back end, or "auto" for the one that is expected to be faster, by
        `mesokwant.solver.costs`.
    problem
        What the samples share, or the problem of one point of a sweep.
    samples
        How many samples of the system will be solved, at this and other parameter points.
    reuse
        Whether "auto" counts what this process has at hand and what it lacks: the compiled
        kernels, which it may have to load first, and the dissection of the system. Without
        it the choice is the same in every process, as runs need it: for a new system, and as
        if the kernels, which a process loads once, had been loaded.

    Raises
    ------
    ValueError
        If no back end has this name.
    """
    if name == "auto":
        dissected = reuse and is_dissected(problem.structure)
        loaded = not reuse or KERNELS in sys.modules
        faster = is_batched_faster(problem, samples, dissected=dissected, loaded=loaded)
        return BatchedBackend() if faster else KwantBackend()
    if name not in BACKENDS:
        raise ValueError(unknown("solver", name, ["auto", *BACKENDS]))
    return BACKENDS[name]()


def is_batched_faster(problem: Problem, samples: int, *, dissected: bool, loaded: bool) -> bool:
    """Whether the time saved on the samples outweighs that of setting up the batched solver.

    Parameters
    ----------
    problem, samples
        See `choose`.
    dissected, loaded
        Whether the dissection of the system and the compiled kernels are at hand.
    """
    if not COMPILED:
        return False
    if dissected and loaded:
        # There is nothing to set up, and even a single sample is faster than by Kwant.
        return True
    batched = batched_seconds(problem, samples, dissected=dissected, loaded=loaded)
    return batched < kwant_seconds(problem, samples)
