"""The batched back end: elimination shared by all samples, then the leads."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..contract import Solution
from ..problem import Problem
from ..reference import KwantBackend
from . import careful, guard
from .leads import LeadStep, lead_step
from .tree import COARSE, tree_of

try:
    from numba.core import config

    COMPILED = not config.DISABLE_JIT  # type: ignore[attr-defined]
except ImportError:
    COMPILED = False


class BatchedBackend:
    """Eliminate the interior of several samples at once, on a tree worked out once.

    Samples that `guard` stops are solved by `careful`, and should growth
    occur even there, by Kwant. Systems with gain or loss (not Hermitian) are
    left to Kwant altogether.
    """

    def solve(self, problem: Problem, samples: Sequence[int]) -> Solution:
        shared = shared_by(problem)
        if not shared.hermitian:
            return KwantBackend().solve(problem, samples)
        data = np.zeros((len(samples), *shared.leads.direct.shape), complex)
        if data.size == 0:
            return Solution(data)
        if not COMPILED:
            warnings.warn(
                "numba is missing or disabled: the batched solver runs without its compiled "
                "kernels, much slower; install numba or unset NUMBA_DISABLE_JIT",
                RuntimeWarning,
                stacklevel=2,
            )
            for row, sample in enumerate(samples):
                data[row] = shared.solve_carefully(sample, problem.values([sample])[0])
            return Solution(data)

        from .kernels import LANES, Eliminator

        eliminate = Eliminator(shared.tree, *shared.elements, shared.varying)
        resolved: list[int] = []
        for start in range(0, len(samples), LANES):
            group = list(samples[start : start + LANES])
            values = problem.values(group)
            matrices, growth = eliminate(values, shared.leads.matrix)
            stopped = guard.suspect(growth, shared.scale) | shared.not_hermitian(values)
            data[start : start + len(group)][~stopped] = shared.leads.solve(matrices[~stopped])
            for row in np.flatnonzero(stopped):
                data[start + row] = shared.solve_carefully(group[row], values[row])
                resolved.append(group[row])
        return Solution(data, tuple(resolved))


class Shared:
    """What the samples of a problem share, in the order of the tree."""

    def __init__(self, problem: Problem) -> None:
        structure = problem.structure
        self._problem = weakref.proxy(problem)
        self.tree = tree_of(structure)
        self.scale = guard.energy_scale(problem)
        self.leads: LeadStep = lead_step(problem, self.tree.interface)

        source = self.tree.entry_source
        slot = np.full(len(problem.clean), -1)
        slot[problem.varying] = np.arange(len(problem.varying))
        self.varying = slot[source]
        shift = np.where(structure.diagonal[source], problem.energy, 0.0)
        clean = problem.clean[source] - shift
        planes = clean[None] if problem.real else np.stack([clean.real, clean.imag])
        self.elements = np.ascontiguousarray(planes, float), shift

    @cached_property
    def hermitian(self) -> bool:
        """Whether the clean Hamiltonian is Hermitian."""
        return not self._gain_or_loss(self._problem.clean[None])[0]

    def not_hermitian(self, values: NDArray) -> NDArray[np.bool_]:
        """Samples with gain or loss; only value functions of `salt` can make them."""
        if not self._problem.salted:
            return np.zeros(len(values), bool)
        return self._gain_or_loss(values)

    def _gain_or_loss(self, values: NDArray) -> NDArray[np.bool_]:
        difference = np.abs(values - values[:, self._problem.structure.transposed].conj())
        size = np.abs(values).max(axis=1, initial=0)
        return difference.max(axis=1, initial=0) > 1e-13 * size

    def solve_carefully(self, sample: int, values: NDArray) -> NDArray:
        """S of one sample by the safe path, or by Kwant where even that one fails."""
        if not self.not_hermitian(values[None])[0]:
            problem, tree = self._problem, tree_of(self._problem.structure, COARSE)
            elements = problem.clean.astype(np.result_type(problem.clean, values))
            elements[problem.varying] = values
            elements[problem.structure.diagonal] -= problem.energy
            matrix, growth = careful.eliminate(tree, elements[tree.entry_source], self.scale)
            if not guard.suspect(np.array([growth]), self.scale)[0]:
                matrix, leads = self.leads.extended(matrix)
                try:
                    return leads.solve(matrix[None])[0]
                except np.linalg.LinAlgError:
                    pass
        return KwantBackend().solve(self._problem, [sample]).data[0]


_SHARED: weakref.WeakKeyDictionary[Problem, Shared] = weakref.WeakKeyDictionary()


def shared_by(problem: Problem) -> Shared:
    """What the samples of a problem share, kept for as long as the problem lives."""
    if problem not in _SHARED:
        _SHARED[problem] = Shared(problem)
    return _SHARED[problem]
