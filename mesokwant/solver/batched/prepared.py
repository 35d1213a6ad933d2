"""What the batched solver works out once for all samples of a problem, and keeps with it."""

from __future__ import annotations

import weakref

import numpy as np
from numpy.typing import NDArray

from ..problem import Problem
from . import growth
from .dissection import dissection_of
from .leads import LeadStep, lead_step

ALLOWED = 1e-3
"""Largest term of the elimination with delayed pivoting, as a share of the limit of growth."""

LEAST_ALLOWED = 10.0
"""A term of so many times the largest hopping is allowed in any case.

Where the leads couple weakly the limit of growth is low, and hardly a pivot would be allowed.
"""


class PreparedProblem:
    """What all samples of a Hermitian problem share in the batched solver.

    Attributes
    ----------
    problem
        The problem; a weak reference, because the cache must not keep it alive.
    growth_limit
        Growth beyond which a sample is rejected.
    leads
        The last step, from the interface matrix to S.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem: Problem = weakref.proxy(problem)
        self.growth_limit = growth.growth_limit(problem)
        self.leads: LeadStep = lead_step(problem, dissection_of(problem.structure).interface)

    def not_hermitian(self, values: NDArray) -> NDArray[np.bool_]:
        """Whether a sample has gain or loss, shape (samples,), given its elements of H - E."""
        # Only value functions that depend on `salt` can make single samples not Hermitian.
        if not self.problem.salted:
            return np.zeros(len(values), bool)
        difference = np.abs(values - values[:, self.problem.structure.transposed].conj())
        size = np.abs(values).max(axis=1, initial=0)
        return difference.max(axis=1, initial=0) > 1e-13 * size

    def solve_safely(self, elements: NDArray) -> NDArray | None:
        """S of a sample that the growth monitor rejected, by delayed pivoting.

        Parameters
        ----------
        elements
            Its elements of H - E; see `Elements.whole`.

        Returns
        -------
        numpy.ndarray or None
            Shape (modes out, modes in); None if this is not accurate either.
        """
        from .pivoting import eliminate

        allowed = max(
            ALLOWED * self.growth_limit, LEAST_ALLOWED * growth.largest_hopping(self.problem)
        )
        scale = growth.energy_scale(self.problem)
        dissection = dissection_of(self.problem.structure)
        matrix, grown = eliminate(dissection, elements, scale=scale, allowed=allowed)
        if growth.exceeds(np.array([grown]), self.growth_limit)[0]:
            return None
        leads = self.leads.extended(len(matrix) - self.leads.orbitals)
        try:
            return leads.solve(matrix[None])[0]
        except np.linalg.LinAlgError:
            return None


_PREPARED: weakref.WeakKeyDictionary[Problem, PreparedProblem] = weakref.WeakKeyDictionary()


def prepared_for(problem: Problem) -> PreparedProblem:
    """Prepare a problem, or return what is known; it is kept for as long as the problem lives."""
    if problem not in _PREPARED:
        _PREPARED[problem] = PreparedProblem(problem)
    return _PREPARED[problem]
