"""The last, dense step of the batched solver: from the interface matrix to S.

`lead_step` takes a problem and gives a `LeadStep`, which solves the equations below for the
interface matrix A = H - E of every sample.

Once the interior is eliminated, Kwant's linear system (`kwant.solvers.common`)
reads for every lead with modes u, u/λ and hopping factor V (`StabilizedModes`)

    A ψ + V u_out c_out = -V u_in c_in,
    V† ψ - (u/λ)_out c_out = (u/λ)_in c_in,

where S takes c_in to c_out. Everything but A belongs to the problem and not to
the sample. The second line gives c_out, so that

    (A + Σ) ψ = B c_in,    c_out = R ψ - D c_in,

where Σ = V u_out (u/λ)_out^-1 V† is the retarded self-energy, with the sign that
Kwant gives it in H - E + Σ. If (u/λ)_out is nearly singular, because a state is bound
to the surface of the lead at this energy, the c_out of this lead stay unknowns beside ψ.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import zgecon, zgetrf, zgetrs

from ...hamiltonian.structure import Index
from ..problem import Problem

WORST_CONDITION = 1e6
"""Largest condition number of (u/λ)_out with which a lead is reduced to its self-energy.

It is that of the 1-norm.
"""


@dataclass(frozen=True, eq=False)
class LeadStep:
    """S = R (M + A)^-1 B - D, where A fills the first rows and columns of M.

    Attributes
    ----------
    matrix, incoming, direct
        The matrices M, B and D.
    outgoing
        R as blocks: (modes, unknowns, elements) for every lead.
    orbitals
        Number of interface orbitals.
    """

    matrix: NDArray
    incoming: NDArray
    outgoing: tuple[tuple[slice, Index, NDArray], ...]
    direct: NDArray
    orbitals: int

    def solve(self, interfaces: NDArray) -> NDArray:
        """S of some samples, given A of each, shape (samples, orbitals, orbitals)."""
        matrices = np.repeat(self.matrix[None], len(interfaces), axis=0)
        matrices[:, : self.orbitals, : self.orbitals] += interfaces
        unknown = np.linalg.solve(matrices, self.incoming)
        result = np.empty((len(matrices), *self.direct.shape), complex)
        for modes, unknowns, elements in self.outgoing:
            np.matmul(elements, unknown[:, unknowns], out=result[:, modes])
        return np.subtract(result, self.direct, out=result)

    def extended(self, more: int) -> LeadStep:
        """The step for samples whose A has more rows than the interface, after those of it."""
        if not more:
            return self
        size, rows = len(self.matrix), self.orbitals + more
        # The rows after those of A move on, and with them the unknowns of the leads.
        places = np.concatenate([np.arange(self.orbitals), np.arange(rows, size + more)])
        matrix = np.zeros((size + more,) * 2, complex)
        matrix[np.ix_(places, places)] = self.matrix
        incoming = np.zeros((size + more, self.incoming.shape[1]), complex)
        incoming[places] = self.incoming
        outgoing = tuple((modes, places[unknowns], e) for modes, unknowns, e in self.outgoing)
        return replace(self, matrix=matrix, incoming=incoming, outgoing=outgoing, orbitals=rows)


@dataclass(frozen=True, eq=False)
class _Reduced:
    """What a lead adds to M and B, and its blocks of R and D, for all of its modes."""

    matrix: NDArray
    incoming: NDArray
    outgoing: NDArray
    direct: NDArray


_REDUCED: weakref.WeakKeyDictionary[Any, _Reduced | None] = weakref.WeakKeyDictionary()
"""Leads by their modes, which problems share; None stands for an ill-conditioned one."""


def _reduced(stable: Any) -> _Reduced | None:
    """Reduce a lead to its self-energy, or return None if (u/λ)_out is nearly singular."""
    if stable not in _REDUCED:
        _REDUCED[stable] = _reduce(stable)
    return _REDUCED[stable]


def _reduce(stable: Any) -> _Reduced | None:
    n, hop = stable.nmodes, stable.sqrt_hop
    u_in, u_out = stable.vecs[:, :n], stable.vecs[:, n:]
    v_in, v_out = stable.vecslmbdainv[:, :n], stable.vecslmbdainv[:, n:]
    factors, pivots, failed = zgetrf(v_out)
    norm = float(np.abs(v_out).sum(axis=0).max())
    if failed or zgecon(factors, norm)[0] * WORST_CONDITION < 1:
        return None
    solved, _ = zgetrs(factors, pivots, np.concatenate([hop.conj().T, v_in], axis=1))
    absorb, reflect = solved[:, : len(hop)], solved[:, len(hop) :]
    return _Reduced(
        matrix=hop @ u_out @ absorb,
        incoming=hop @ (u_out @ reflect - u_in),
        outgoing=np.ascontiguousarray(absorb[:n]),
        direct=reflect[:n],
    )


def lead_step(problem: Problem, interface: Index) -> LeadStep:
    """Set up the last step for the interface orbitals in the given order."""
    place = np.full(problem.structure.num_orbitals, -1)
    place[interface] = np.arange(len(interface))
    alive = [number for number, (_, stable) in enumerate(problem.modes) if len(stable.vecs)]
    reduced = {number: _reduced(problem.modes[number][1]) for number in alive}
    # The unknowns c_out beside ψ, for the leads whose (u/λ)_out is nearly singular.
    size = len(interface)
    amplitudes: dict[int, Index] = {}
    for number in alive:
        if reduced[number] is None:
            stable = problem.modes[number][1]
            amplitudes[number] = size + np.arange(stable.vecs.shape[1] - stable.nmodes)
            size += len(amplitudes[number])

    columns, modes_in = _modes(problem, problem.in_leads)
    rows, modes_out = _modes(problem, problem.out_leads)
    matrix = np.zeros((size, size), complex)
    incoming = np.zeros((size, modes_in), complex)
    direct = np.zeros((modes_out, modes_in), complex)
    outgoing = []
    for number in alive:
        stable = problem.modes[number][1]
        orbitals = place[problem.structure.interfaces[number]]
        into, out = columns.get(number), rows.get(number)
        own = reduced[number]
        if own is None:
            n, hop, c = stable.nmodes, stable.sqrt_hop, amplitudes[number]
            matrix[np.ix_(orbitals, c)] += hop @ stable.vecs[:, n:]
            matrix[np.ix_(c, orbitals)] += hop.conj().T
            matrix[np.ix_(c, c)] -= stable.vecslmbdainv[:, n:]
            if into:
                incoming[orbitals, into] -= hop @ stable.vecs[:, :n]
                incoming[c, into] += stable.vecslmbdainv[:, :n]
            if out:
                outgoing.append((out, c[:n], np.eye(n, dtype=complex)))
        else:
            matrix[np.ix_(orbitals, orbitals)] += own.matrix
            if into:
                incoming[orbitals, into] += own.incoming
            if out:
                outgoing.append((out, orbitals, own.outgoing))
            if into and out:
                direct[out, into] = own.direct
    return LeadStep(matrix, incoming, tuple(outgoing), direct, len(interface))


def _modes(problem: Problem, leads: list[int]) -> tuple[dict[int, slice], int]:
    """Rows (or columns) of S that belong to each of some leads, and their number."""
    counts = [problem.num_propagating(lead) for lead in leads]
    stops = np.cumsum(counts, dtype=int)
    modes = {
        lead: slice(int(stop) - count, int(stop))
        for lead, count, stop in zip(leads, counts, stops, strict=True)
    }
    return modes, sum(counts)
