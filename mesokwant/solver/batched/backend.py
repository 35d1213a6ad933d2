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
from .prepared import PreparedProblem, prepared_for

# Importing numba takes longer than importing all the rest, so that it waits for the first solve.
COMPILED = find_spec("numba") is not None and os.environ.get("NUMBA_DISABLE_JIT", "") in ("", "0")
"""Whether the compiled kernels can run."""


class _Request(NamedTuple):
    """Samples of one problem that are wanted, the rows for their S, and which are resolved."""

    problem: Problem
    prepared: PreparedProblem
    numbers: list[int]
    data: NDArray
    resolved: list[int]


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
        from .elements import Elements
        from .kernels import LANES, Eliminator

        dissection = dissection_of(requests[0].problem.structure)
        elements = Elements([request.problem for request in requests], dissection)
        eliminate = Eliminator(dissection, elements.shared, elements.column)
        samples = [(which, row) for which, r in enumerate(requests) for row in range(len(r.data))]
        rejected = []
        for start in range(0, len(samples), LANES):
            group = samples[start : start + LANES]
            values = elements.values(
                [(which, requests[which].numbers[row]) for which, row in group]
            )
            interfaces, grown = eliminate(values)
            lane = 0
            for which, own in groupby(group, itemgetter(0)):
                rows = np.array([row for _, row in own])
                lanes, lane = slice(lane, lane + len(rows)), lane + len(rows)
                _, prepared, _, data, _ = requests[which]
                bad = growth.exceeds(grown[lanes], prepared.growth_limit)
                bad |= prepared.not_hermitian(values[lanes])
                data[rows[~bad]] = prepared.leads.solve(interfaces[lanes][~bad])
                rejected += [(which, row) for row in rows[bad]]
        for which, own in groupby(rejected, itemgetter(0)):
            rows = np.array([row for _, row in own])
            request = requests[which]
            request.resolved.extend(request.numbers[row] for row in rows)
            request.data[rows] = request.prepared.solve_safely(request.resolved)
