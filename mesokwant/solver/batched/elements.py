"""The elements of H - E as the compiled kernels take them, for samples of several problems.

`Elements` takes problems of one structure. What is the same in all of their samples it gives
once, and `Elements.values` gives the rest for every sample: what disorder changes, what differs
between the parameters of two problems, and the diagonal where their energies differ. An element
of H - E is the same number, to the last bit, in whichever of the two ways it travels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from ...hamiltonian.structure import Index
from ..problem import Problem
from .dissection import Dissection


class Elements:
    """Elements of H - E of samples of some problems.

    Parameters
    ----------
    problems
        Problems of one structure, all of them with real elements or all with complex ones.
    dissection
        Order in which the elements are wanted.

    Attributes
    ----------
    shared
        Elements in the order of `Dissection.entry_source`, shape (planes, entries): the real
        part and, where the elements are complex, the imaginary part. Those that are
        not the same in all samples have any value.
    column
        The column of an element in `values`, or -1 if it is shared, shape (entries,).
    """

    def __init__(self, problems: Sequence[Problem], dissection: Dissection) -> None:
        self._problems = problems
        first = problems[0]
        apart = _apart(problems)
        self._varying = np.flatnonzero(apart)
        self._diagonal = first.structure.diagonal[self._varying]
        # Problems mostly share their disorder, and then where it acts.
        self._columns: dict[int, Index] = {}

        source = dissection.entry_source
        column = np.full(len(apart), -1)
        column[self._varying] = np.arange(len(self._varying))
        self.column = column[source]
        self._apart = np.flatnonzero(self.column >= 0)
        shared = first.clean[source]
        shared[first.structure.diagonal[source]] -= first.energy
        planes = shared[None] if first.real else np.stack([shared.real, shared.imag])
        self.shared = np.ascontiguousarray(planes, float)

    def values(self, samples: Sequence[tuple[int, int]]) -> NDArray:
        """Draw the elements that are not shared.

        Parameters
        ----------
        samples
            Pairs (which problem, number of a sample of it).

        Returns
        -------
        numpy.ndarray
            Elements of H - E, shape (samples, columns), real or complex.
        """
        dtype = float if self._problems[0].real else complex
        result = np.empty((len(samples), len(self._varying)), dtype)
        start = 0
        for which, group in groupby(samples, itemgetter(0)):
            problem = self._problems[which]
            numbers = [number for _, number in group]
            rows, start = slice(start, start + len(numbers)), start + len(numbers)
            energy = np.where(self._diagonal, problem.energy, 0.0)
            columns, drawn = self._columns_of(problem), problem.values(numbers)
            if columns is None:
                np.subtract(drawn, energy, out=result[rows])
            else:
                result[rows] = problem.clean[self._varying] - energy
                result[rows, columns] = drawn - energy[columns]
        return result

    def whole(self, values: NDArray) -> NDArray:
        """All elements of one sample, given its row of `values`.

        Returns
        -------
        numpy.ndarray
            In the order of `Dissection.entry_source`, shape (planes, entries).
        """
        result = self.shared.copy()
        own = values[self.column[self._apart]]
        for plane, part in zip(result, (own.real, own.imag), strict=False):
            plane[self._apart] = part
        return result

    def _columns_of(self, problem: Problem) -> Index | None:
        """Which columns hold `Problem.varying`; None if these are all of them."""
        varying = problem.varying
        if len(varying) == len(self._varying):
            return None
        key = id(varying)
        if key not in self._columns:
            self._columns[key] = np.searchsorted(self._varying, varying)
        return self._columns[key]


def _apart(problems: Sequence[Problem]) -> NDArray[np.bool_]:
    """Which elements of H - E are not the same in all samples, shape (nnz,)."""
    first = problems[0]
    apart = np.zeros(len(first.clean), bool)
    seen: set[int] = set()
    for problem in problems:
        if id(problem.varying) not in seen:
            seen.add(id(problem.varying))
            apart[problem.varying] = True
        if id(problem.clean) not in seen:
            seen.add(id(problem.clean))
            apart |= problem.clean != first.clean
    if any(problem.energy != first.energy for problem in problems):
        apart |= first.structure.diagonal
    return apart
