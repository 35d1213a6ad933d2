"""The solvers that are compared with each other.

Each takes a problem and the numbers of some samples, and gives T from lead 0 to lead 1 of every
sample. All but the tutorial loop get the lead modes and the clean Hamiltonian ready made, and
disorder as an array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mesokwant.hamiltonian import kwant
from mesokwant.solver.batched.leads import lead_step
from mesokwant.solver.problem import Problem
from mesokwant.solver.scattering import solve

try:
    import mumps
    from kwant.solvers import mumps as kwant_mumps
except ImportError:
    mumps = kwant_mumps = None

ORDERINGS = ("scotch", "amd", "pord", "auto")


def tutorial(system: Any, problem: Problem, numbers: Sequence[int]) -> NDArray:
    """(a) `kwant.smatrix` for every sample, with disorder by a value function."""
    result = []
    for number in numbers:
        params = problem.params | {"salt": str(number)}
        smatrix = kwant.smatrix(system, problem.energy, params=params)
        result.append(smatrix.transmission(1, 0))
    return np.array(result)


def expert(problem: Problem, numbers: Sequence[int]) -> NDArray:
    """(b, d) `kwant.smatrix` for every sample, with everything else evaluated before."""
    return solve(problem, numbers, "kwant").transmission(1, 0)


def batched(problem: Problem, numbers: Sequence[int]) -> NDArray:
    """(e) The batched back end."""
    return solve(problem, numbers, "batched").transmission(1, 0)


@contextmanager
def kwant_options(**options: Any) -> Iterator[None]:
    """Set options of Kwant's MUMPS solver for a while; do nothing without MUMPS."""
    if kwant_mumps is None:
        yield
        return
    before = kwant_mumps.options(**options)
    try:
        yield
    finally:
        kwant_mumps.options(**before)


class MumpsLoop:
    """(c1) A loop over python-mumps for Kwant's linear system, with one analysis."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        structure, n = problem.structure, problem.structure.num_orbitals
        rows, columns, values = [structure.rows], [structure.indices], []
        size, incoming = n, None
        for number, (_, stable) in enumerate(problem.modes):
            orbitals, m = structure.interfaces[number], stable.nmodes
            hop, out = stable.sqrt_hop, stable.vecslmbdainv[:, m:]
            amplitudes = size + np.arange(out.shape[1])
            for row, column, block in (
                (orbitals, amplitudes, hop @ stable.vecs[:, m:]),
                (amplitudes, orbitals, hop.conj().T),
                (amplitudes, amplitudes, -out),
            ):
                rows.append(np.repeat(row, len(column)))
                columns.append(np.tile(column, len(row)))
                values.append(block.ravel())
            if number == 0:
                incoming = orbitals, amplitudes, hop @ stable.vecs[:, :m], stable
            if number == 1:
                self.wanted = amplitudes[:m]
            size += len(amplitudes)
        self.where = np.concatenate(rows), np.concatenate(columns)
        self.tail = np.concatenate(values)
        self.size = size
        orbitals, amplitudes, hop_u, stable = incoming
        right = np.zeros((size, stable.nmodes), complex)
        right[orbitals] = -hop_u
        right[amplitudes] = stable.vecslmbdainv[:, : stable.nmodes]
        # python-mumps 0.0.4 takes no sparse array here.
        self.right = sp.csc_matrix(right)
        self.context = mumps.Context()
        self.analyzed_with: str | None = None

    def matrix(self, number: int) -> sp.coo_array:
        """Kwant's linear system of one sample."""
        problem = self.problem
        data = problem.clean.astype(complex)
        data[problem.varying] = problem.values([number])[0]
        data[problem.structure.diagonal] -= problem.energy
        data = np.concatenate([data, self.tail])
        return sp.coo_array((data, self.where), shape=(self.size, self.size))

    def __call__(self, numbers: Sequence[int], ordering: str) -> NDArray:
        result = []
        for number in numbers:
            self.context.set_matrix(self.matrix(number), overwrite_a=True)
            if self.analyzed_with != ordering:
                self.context.analyze(ordering=ordering)
                self.analyzed_with = ordering
            self.context.factor(reuse_analysis=True)
            x = self.context.solve(self.right)
            result.append(np.sum(np.abs(x[self.wanted]) ** 2))
        return np.array(result)


class SchurLoop:
    """(c2) MUMPS eliminates the interior by its Schur complement; our lead step follows.

    The analysis is done once, and real symmetric matrices are treated as such. It is the
    fastest loop over MUMPS that we could write.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        structure = problem.structure
        self.orbitals = np.unique(np.concatenate(structure.interfaces))
        self.leads = lead_step(problem, self.orbitals)
        self.symmetric = problem.real
        self.context = mumps.Context()
        self.analyzed_with: str | None = None

    def __call__(self, numbers: Sequence[int], ordering: str) -> NDArray:
        problem, structure = self.problem, self.problem.structure
        n, result = structure.num_orbitals, []
        for number in numbers:
            data = problem.clean.copy()
            data[problem.varying] = problem.values([number])[0]
            data[structure.diagonal] -= problem.energy
            matrix = sp.coo_array((data, (structure.rows, structure.indices)), shape=(n, n))
            self.context.set_matrix(matrix, symmetric=self.symmetric)
            if self.analyzed_with != ordering:
                self.context.schur(self.orbitals, ordering=ordering, discard_factors=True)
                self.analyzed_with = ordering
            else:
                self.context.factor(reuse_analysis=True)
            schur = self.context.schur_complement
            if self.symmetric:
                schur = np.tril(schur) + np.tril(schur, -1).T
            s = self.leads.solve(schur[None])[0]
            result.append(np.sum(np.abs(s) ** 2))
        return np.array(result)
