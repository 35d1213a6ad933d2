"""The batched back end: one elimination shared by all samples, then the leads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..base import Batch, Solution
from ..problem import Problem
from ..reference import KwantBackend
from . import growth
from .dissection import dissection_of
from .elements import Elements
from .prepared import PreparedProblem, prepared_for

# Importing numba takes longer than importing all the rest, so that it waits for the first solve.
COMPILED = find_spec("numba") is not None and os.environ.get("NUMBA_DISABLE_JIT", "") in ("", "0")
"""Whether the compiled kernels can run."""

Eliminated = tuple[NDArray, NDArray]
"""The interface matrices and the growth of some samples."""


class _Request(NamedTuple):
    """Samples of one problem that are wanted, the rows for their S, and which are resolved."""

    problem: Problem
    prepared: PreparedProblem
    numbers: list[int]
    data: NDArray
    resolved: list[int]

    def finish(
        self, rows: Sequence[int], elements: Elements, values: NDArray, remaining: Eliminated
    ) -> None:
        """Fill in some rows of the data from what remains of their elimination.

        ``values`` are those of `Elements.values`.
        """
        interfaces, grown = remaining
        gain = self.prepared.not_hermitian(values)
        bad = gain | growth.exceeds(grown, self.prepared.growth_limit)
        self.data[np.array(rows)[~bad]] = self.prepared.leads.solve(interfaces[~bad])
        for lane in np.flatnonzero(bad).tolist():
            number = self.numbers[rows[lane]]
            self.resolved.append(number)
            solved = None
            if not gain[lane]:
                solved = self.prepared.solve_safely(elements.whole(values[lane]))
            if solved is None:
                solved = KwantBackend().solve([(self.problem, [number])])[0].data[0]
            self.data[rows[lane]] = solved


class BatchedBackend:
    """Eliminate the interior of several samples at once, in an order worked out once.

    Samples of all problems of one structure share the lanes, as long as all of their elements
    are real, or none. Samples that the growth monitor rejects are eliminated again, one by one
    with delayed pivoting, and solved by Kwant if their elements grow even then. Such a sample
    takes 2 to 8 times as long as another one (measured for 10 x 40 to 100 x 200 sites). Kwant
    solves all samples of systems with gain or loss, whose Hamiltonian is not Hermitian.
    """

    def solve(self, batch: Batch) -> list[Solution]:
        """Compute the scattering matrices of all samples; see `Backend.solve`.

        Warns
        -----
        RuntimeWarning
            If numba is missing or disabled, so that Kwant solves all samples.
        """
        if not COMPILED:
            warnings.warn(
                "numba is missing or disabled, so that the batched solver has no compiled kernels "
                "and Kwant solves all samples; install numba or unset NUMBA_DISABLE_JIT",
                RuntimeWarning,
                stacklevel=2,
            )
            return KwantBackend().solve(batch)
        solutions: list[Solution | None] = [None] * len(batch)
        alike: dict[tuple[int, bool], dict[int, _Request]] = {}
        for place, (problem, numbers) in enumerate(batch):
            if not problem.hermitian:
                solutions[place] = KwantBackend().solve([(problem, numbers)])[0]
                continue
            prepared = prepared_for(problem)
            data = np.zeros((len(numbers), *prepared.leads.direct.shape), complex)
            request = _Request(problem, prepared, [int(n) for n in numbers], data, [])
            if data.size:
                alike.setdefault((id(problem.structure), problem.real), {})[place] = request
            else:
                solutions[place] = Solution(data)
        for requests in alike.values():
            self._solve_alike(list(requests.values()))
            for place, request in requests.items():
                solutions[place] = Solution(request.data, tuple(request.resolved))
        return [solution for solution in solutions if solution is not None]

    def _solve_alike(self, requests: Sequence[_Request]) -> None:
        """Fill in the data of requests of one structure and one arithmetic."""
        from .kernels import LANES, Eliminator

        dissection = dissection_of(requests[0].problem.structure)
        elements = Elements([request.problem for request in requests], dissection)
        eliminate = Eliminator(dissection, elements.shared, elements.column)
        samples = [(which, row) for which, r in enumerate(requests) for row in range(len(r.data))]
        for first in range(0, len(samples), LANES):
            group = samples[first : first + LANES]
            values = elements.values(
                [(which, requests[which].numbers[row]) for which, row in group]
            )
            interfaces, grown = eliminate(values)
            start = 0
            for which, own in groupby(group, itemgetter(0)):
                rows = [row for _, row in own]
                lanes, start = slice(start, start + len(rows)), start + len(rows)
                remaining = interfaces[lanes], grown[lanes]
                requests[which].finish(rows, elements, values[lanes], remaining)
