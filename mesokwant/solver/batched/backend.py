"""The batched back end: one elimination shared by all samples, then the leads."""

from __future__ import annotations

import os
import warnings
import weakref
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from ..base import Batch, Solution
from ..problem import Problem
from ..reference import KwantBackend
from . import growth, pivoting
from .dissection import COARSE, FINE, SHIFTED, Dissection, DissectionOptions, dissection_of
from .leads import LeadStep, lead_step

# Importing numba takes longer than importing all the rest, so that it waits for the first solve.
COMPILED = find_spec("numba") is not None and os.environ.get("NUMBA_DISABLE_JIT", "") in ("", "0")
"""Whether the compiled kernels can run."""


class BatchedBackend:
    """Eliminate the interior of several samples at once, in an order worked out once.

    Samples that the growth monitor rejects are eliminated again with the cuts of
    the dissection elsewhere, where pivots are rarely small by chance once more.
    Those rejected there too are eliminated one by one with delayed pivoting, and
    by Kwant if their elements grow even then. Kwant solves all samples of systems with gain
    or loss, whose Hamiltonian is not Hermitian.
    """

    def solve(self, batch: Batch) -> list[Solution]:
        """Compute the scattering matrices of all samples; see `Backend.solve`.

        Warns
        -----
        RuntimeWarning
            If numba is missing or disabled, so that all samples take the slow path.
        """
        return [self._solved(problem, numbers) for problem, numbers in batch]

    def _solved(self, problem: Problem, numbers: Sequence[int]) -> Solution:
        """The scattering matrices of some samples of one problem."""
        prepared = prepared_for(problem)
        if not prepared.hermitian:
            return KwantBackend().solve([(problem, numbers)])[0]
        data = np.zeros((len(numbers), *prepared.leads.direct.shape), complex)
        if data.size == 0:
            return Solution(data)
        chosen = np.asarray(numbers)
        if COMPILED:
            all_rows = np.arange(len(chosen))
            rejected = self._eliminate(prepared, chosen, data, all_rows, FINE)
            remaining = self._eliminate(prepared, chosen, data, rejected, SHIFTED)
        else:
            warnings.warn(
                "numba is missing or disabled, so that the batched solver runs without its "
                "compiled kernels and is much slower; install numba or unset NUMBA_DISABLE_JIT",
                RuntimeWarning,
                stacklevel=4,
            )
            rejected, remaining = np.arange(0), np.arange(len(chosen))
        for row in remaining:
            data[row] = prepared.solve_with_delayed_pivoting(int(chosen[row]))
        return Solution(data, tuple(int(number) for number in chosen[rejected]))

    def _eliminate(
        self,
        prepared: PreparedProblem,
        numbers: NDArray,
        data: NDArray,
        rows: NDArray,
        options: DissectionOptions,
    ) -> NDArray:
        """Fill in some rows of ``data``; return those that the growth monitor rejected."""
        from .kernels import LANES, Eliminator

        if len(rows) == 0:
            return rows
        eliminate = Eliminator(*prepared.in_order(options))
        rejected = np.zeros(len(rows), bool)
        for start in range(0, len(rows), LANES):
            group = rows[start : start + LANES]
            values = prepared.problem.values(numbers[group].tolist())
            matrices, grown = eliminate(values, prepared.leads.matrix)
            bad = growth.exceeds(grown, prepared.growth_limit) | prepared.not_hermitian(values)
            data[group[~bad]] = prepared.leads.solve(matrices[~bad])
            rejected[start : start + LANES] = bad
        return rows[rejected]


class PreparedProblem:
    """What the batched solver works out once for all samples of a problem.

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
        # The interface is the same for all options: it is the root of every dissection.
        interface = dissection_of(problem.structure, FINE if COMPILED else COARSE).interface
        self.leads: LeadStep = lead_step(problem, interface)
        self._in_order: dict[DissectionOptions, tuple[Dissection, NDArray, NDArray, NDArray]] = {}

    def in_order(self, options: DissectionOptions) -> tuple[Dissection, NDArray, NDArray, NDArray]:
        """A dissection, and what the kernels need of each element in its order.

        Returns
        -------
        dissection
            The fronts.
        clean, shift, varying
            Elements of the clean H - E, shape (planes, elements); what to subtract from the
            elements of H, shape (elements,); and the column of an element in
            `Problem.values`, or -1 if it does not vary, shape (elements,).
        """
        if options not in self._in_order:
            problem, dissection = self.problem, dissection_of(self.problem.structure, options)
            column = np.full(len(problem.clean), -1)
            column[problem.varying] = np.arange(len(problem.varying))
            source = dissection.entry_source
            shift = np.where(problem.structure.diagonal[source], problem.energy, 0.0)
            clean = problem.clean[source] - shift
            planes = clean[None] if problem.real else np.stack([clean.real, clean.imag])
            clean = np.ascontiguousarray(planes, float)
            self._in_order[options] = dissection, clean, shift, column[source]
        return self._in_order[options]

    @cached_property
    def hermitian(self) -> bool:
        """Whether the clean Hamiltonian is Hermitian."""
        return not self._gain_or_loss(self.problem.clean[None])[0]

    def not_hermitian(self, values: NDArray) -> NDArray[np.bool_]:
        """Whether a sample has gain or loss, shape (samples,), given the varying elements."""
        # Only value functions that depend on `salt` can make single samples not Hermitian.
        if not self.problem.salted:
            return np.zeros(len(values), bool)
        return self._gain_or_loss(values)

    def _gain_or_loss(self, values: NDArray) -> NDArray[np.bool_]:
        difference = np.abs(values - values[:, self.problem.structure.transposed].conj())
        size = np.abs(values).max(axis=1, initial=0)
        return difference.max(axis=1, initial=0) > 1e-13 * size

    def solve_with_delayed_pivoting(self, number: int) -> NDArray:
        """S of one sample by delayed pivoting, or by Kwant if elements grow even then."""
        problem = self.problem
        values = problem.values([number])
        if not self.not_hermitian(values)[0]:
            dissection = dissection_of(problem.structure, COARSE)
            elements = problem.clean.astype(np.result_type(problem.clean, values))
            elements[problem.varying] = values[0]
            elements[problem.structure.diagonal] -= problem.energy
            scale = growth.energy_scale(problem)
            matrix, grown = pivoting.eliminate(dissection, elements[dissection.entry_source], scale)
            if not growth.exceeds(np.array([grown]), self.growth_limit)[0]:
                matrix, leads = self.leads.extended(matrix)
                try:
                    return leads.solve(matrix[None])[0]
                except np.linalg.LinAlgError:
                    # The last step is singular for this sample, so that Kwant solves it below.
                    pass
        return KwantBackend().solve([(problem, [number])])[0].data[0]


_PREPARED: weakref.WeakKeyDictionary[Problem, PreparedProblem] = weakref.WeakKeyDictionary()


def prepared_for(problem: Problem) -> PreparedProblem:
    """Prepare a problem, or return what is known; it is kept for as long as the problem lives."""
    if problem not in _PREPARED:
        _PREPARED[problem] = PreparedProblem(problem)
    return _PREPARED[problem]
