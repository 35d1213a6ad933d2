"""Choose a back end by its name, or the faster one for a problem."""

from __future__ import annotations

from ..names import unknown
from .base import Backend
from .batched.backend import COMPILED, BatchedBackend
from .batched.dissection import is_dissected
from .problem import Problem
from .reference import KwantBackend

BACKENDS: dict[str, type[Backend]] = {"kwant": KwantBackend, "batched": BatchedBackend}
"""The back ends by name; see `mesokwant.solver.base` for how to write one."""

# Measured times in seconds: Kwant spends the first two on every sample, the batched solver the
# other two once, on the dissection of a system and on loading its compiled kernels.
KWANT_PER_SAMPLE, KWANT_PER_SITE = 3e-3, 1.2e-5
DISSECTION_PER_SITE, LOADING_KERNELS = 2.5e-5, 1.0


def choose(name: str, problem: Problem, samples: int) -> Backend:
    """Choose the back end for some samples of a problem.

    Parameters
    ----------
    name
        Name of a back end, or "auto" for the one that is expected to be faster.
    problem
        What the samples share.
    samples
        How many samples of the system will be solved, at this and other parameter points.

    Raises
    ------
    ValueError
        If no back end has this name.
    """
    if name == "auto":
        return BatchedBackend() if _batching_pays(problem, samples) else KwantBackend()
    if name not in BACKENDS:
        raise ValueError(unknown("solver", name, ["auto", *BACKENDS]))
    return BACKENDS[name]()


def _batching_pays(problem: Problem, samples: int) -> bool:
    """Whether the time saved on the samples outweighs that of setting up the batched solver."""
    sites = problem.structure.num_sites
    saved = samples * (KWANT_PER_SAMPLE + KWANT_PER_SITE * sites)
    setup = LOADING_KERNELS + DISSECTION_PER_SITE * sites
    return COMPILED and (is_dissected(problem.structure) or saved > setup)
