"""The back ends by name."""

from __future__ import annotations

from ..errors import unknown
from .base import Backend
from .batched import COMPILED, BatchedBackend, is_known
from .problem import Problem
from .reference import KwantBackend

BACKENDS: dict[str, type[Backend]] = {"kwant": KwantBackend, "batched": BatchedBackend}


# Seconds, measured: Kwant per sample and site; the tree per site; loading the compiled kernels.
KWANT_SAMPLE, KWANT_SITE, TREE_SITE, LOADING = 3e-3, 1.2e-5, 2.5e-5, 1.0


def _batching_pays(problem: Problem, samples: int) -> bool:
    """Whether the samples repay working out the order of elimination."""
    sites = problem.structure.num_sites
    gain = samples * (KWANT_SAMPLE + KWANT_SITE * sites)
    return COMPILED and (is_known(problem.structure) or gain > LOADING + TREE_SITE * sites)


def choose(name: str, problem: Problem, samples: int) -> Backend:
    """The back end called ``name``; "auto" is the faster one for this problem.

    Raises
    ------
    ValueError
        No back end has this name.
    """
    if name == "auto":
        return BatchedBackend() if _batching_pays(problem, samples) else KwantBackend()
    if name not in BACKENDS:
        raise ValueError(unknown("solver", name, ["auto", *BACKENDS]))
    return BACKENDS[name]()
