"""The batched back end: elimination shared by all samples, then the leads."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..base import Solution
from ..problem import Problem
from ..reference import KwantBackend
from . import growth, pivoting
from .dissection import COARSE, FINE, OTHER, Plan, Tree, tree_of
from .leads import LeadStep, lead_step

try:
    from numba.core import config

    COMPILED = not config.DISABLE_JIT  # type: ignore[attr-defined]
except ImportError:
    COMPILED = False


class BatchedBackend:
    """Eliminate the interior of several samples at once, on a tree worked out once.

    Samples that `guard` stops are eliminated again on another tree, where
    chance rarely strikes twice; should they be stopped there too, by
    `careful`; and should growth occur even there, by Kwant. Systems with gain
    or loss (not Hermitian) are left to Kwant altogether.
    """

    def solve(self, problem: Problem, samples: Sequence[int]) -> Solution:
        shared = shared_by(problem)
        if not shared.hermitian:
            return KwantBackend().solve(problem, samples)
        data = np.zeros((len(samples), *shared.leads.direct.shape), complex)
        if data.size == 0:
            return Solution(data)
        numbers = np.asarray(samples)
        if COMPILED:
            stopped = self._eliminate(shared, numbers, data, np.arange(len(numbers)), FINE)
            left = self._eliminate(shared, numbers, data, stopped, OTHER)
        else:
            warnings.warn(
                "numba is missing or disabled: the batched solver runs without its compiled "
                "kernels, much slower; install numba or unset NUMBA_DISABLE_JIT",
                RuntimeWarning,
                stacklevel=2,
            )
            stopped, left = np.arange(0), np.arange(len(numbers))
        for row in left:
            data[row] = shared.solve_carefully(int(numbers[row]))
        return Solution(data, tuple(int(sample) for sample in numbers[stopped]))

    def _eliminate(
        self, shared: Shared, numbers: NDArray, data: NDArray, rows: NDArray, plan: Plan
    ) -> NDArray:
        """Fill in some rows of ``data``; return those that the guard stopped."""
        from .kernels import LANES, Eliminator

        if len(rows) == 0:
            return rows
        eliminate = Eliminator(*shared.on_tree(plan))
        stopped = np.zeros(len(rows), bool)
        for start in range(0, len(rows), LANES):
            group = rows[start : start + LANES]
            values = shared.problem.values(numbers[group].tolist())
            matrices, grown = eliminate(values, shared.leads.matrix)
            bad = growth.suspect(grown, shared.limit) | shared.not_hermitian(values)
            data[group[~bad]] = shared.leads.solve(matrices[~bad])
            stopped[start : start + LANES] = bad
        return rows[stopped]


class Shared:
    """What the samples of a problem share."""

    def __init__(self, problem: Problem) -> None:
        self.problem: Problem = weakref.proxy(problem)
        self.limit = growth.largest_growth(problem)
        # All trees have one and the same root.
        interface = tree_of(problem.structure, FINE if COMPILED else COARSE).interface
        self.leads: LeadStep = lead_step(problem, interface)
        self._on_tree: dict[Plan, tuple[Tree, NDArray, NDArray, NDArray]] = {}

    def on_tree(self, plan: Plan) -> tuple[Tree, NDArray, NDArray, NDArray]:
        """A tree, and in its order the clean elements, energy shifts and places in `values`."""
        if plan not in self._on_tree:
            problem, tree = self.problem, tree_of(self.problem.structure, plan)
            slot = np.full(len(problem.clean), -1)
            slot[problem.varying] = np.arange(len(problem.varying))
            source = tree.entry_source
            shift = np.where(problem.structure.diagonal[source], problem.energy, 0.0)
            clean = problem.clean[source] - shift
            planes = clean[None] if problem.real else np.stack([clean.real, clean.imag])
            self._on_tree[plan] = tree, np.ascontiguousarray(planes, float), shift, slot[source]
        return self._on_tree[plan]

    @cached_property
    def hermitian(self) -> bool:
        """Whether the clean Hamiltonian is Hermitian."""
        return not self._gain_or_loss(self.problem.clean[None])[0]

    def not_hermitian(self, values: NDArray) -> NDArray[np.bool_]:
        """Samples with gain or loss; only value functions of `salt` can make them."""
        if not self.problem.salted:
            return np.zeros(len(values), bool)
        return self._gain_or_loss(values)

    def _gain_or_loss(self, values: NDArray) -> NDArray[np.bool_]:
        difference = np.abs(values - values[:, self.problem.structure.transposed].conj())
        size = np.abs(values).max(axis=1, initial=0)
        return difference.max(axis=1, initial=0) > 1e-13 * size

    def solve_carefully(self, sample: int) -> NDArray:
        """S of one sample by the safe path, or by Kwant where even that one fails."""
        problem = self.problem
        values = problem.values([sample])
        if not self.not_hermitian(values)[0]:
            tree = tree_of(problem.structure, COARSE)
            elements = problem.clean.astype(np.result_type(problem.clean, values))
            elements[problem.varying] = values[0]
            elements[problem.structure.diagonal] -= problem.energy
            scale = growth.energy_scale(problem)
            matrix, grown = pivoting.eliminate(tree, elements[tree.entry_source], scale)
            if not growth.suspect(np.array([grown]), self.limit)[0]:
                matrix, leads = self.leads.extended(matrix)
                try:
                    return leads.solve(matrix[None])[0]
                except np.linalg.LinAlgError:
                    pass
        return KwantBackend().solve(problem, [sample]).data[0]


_SHARED: weakref.WeakKeyDictionary[Problem, Shared] = weakref.WeakKeyDictionary()


def shared_by(problem: Problem) -> Shared:
    """What the samples of a problem share, kept for as long as the problem lives."""
    if problem not in _SHARED:
        _SHARED[problem] = Shared(problem)
    return _SHARED[problem]
