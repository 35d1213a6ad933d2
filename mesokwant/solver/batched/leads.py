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

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...hamiltonian.structure import Index
from ..problem import Problem

WORST_CONDITION = 1e5
"""Largest condition number of (u/λ)_out with which a lead is reduced to its self-energy."""


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

    def solve(self, matrices: NDArray) -> NDArray:
        """S of some samples, given M + A of each, shape (samples, size, size)."""
        unknown = np.linalg.solve(matrices, self.incoming)
        result = np.empty((len(matrices), *self.direct.shape), complex)
        for modes, unknowns, elements in self.outgoing:
            np.matmul(elements, unknown[:, unknowns], out=result[:, modes])
        return np.subtract(result, self.direct, out=result)

    def extended(self, interface: NDArray) -> tuple[NDArray, LeadStep]:
        """M + A of one sample whose A has more rows than the interface, and the step for it."""
        more, size = len(interface) - self.orbitals, len(self.matrix)
        places = np.concatenate([np.arange(self.orbitals), size + np.arange(more)])
        matrix = np.pad(self.matrix, (0, more))
        matrix[np.ix_(places, places)] += interface
        return matrix, replace(self, incoming=np.pad(self.incoming, ((0, more), (0, 0))))


def lead_step(problem: Problem, interface: Index) -> LeadStep:
    """Set up the last step for the interface orbitals in the given order."""
    place = np.full(problem.structure.num_orbitals, -1)
    place[interface] = np.arange(len(interface))
    size = len(interface)
    # The unknowns c_out beside ψ, for the leads whose (u/λ)_out is nearly singular.
    amplitudes: dict[int, Index] = {}
    alive = [number for number, (_, stable) in enumerate(problem.modes) if len(stable.vecs)]
    for number in alive:
        stable = problem.modes[number][1]
        if np.linalg.cond(stable.vecslmbdainv[:, stable.nmodes :]) > WORST_CONDITION:
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
        n, hop = stable.nmodes, stable.sqrt_hop
        u_in, u_out = stable.vecs[:, :n], stable.vecs[:, n:]
        v_in, v_out = stable.vecslmbdainv[:, :n], stable.vecslmbdainv[:, n:]
        into, out = columns.get(number), rows.get(number)
        if number in amplitudes:
            c = amplitudes[number]
            matrix[np.ix_(orbitals, c)] += hop @ u_out
            matrix[np.ix_(c, orbitals)] += hop.conj().T
            matrix[np.ix_(c, c)] -= v_out
            if into:
                incoming[orbitals, into] -= hop @ u_in
                incoming[c, into] += v_in
            if out:
                outgoing.append((out, c[:n], np.eye(n, dtype=complex)))
        else:
            absorb = np.linalg.solve(v_out, hop.conj().T)
            reflect = np.linalg.solve(v_out, v_in)
            matrix[np.ix_(orbitals, orbitals)] += hop @ u_out @ absorb
            if into:
                incoming[orbitals, into] += hop @ (u_out @ reflect - u_in)
            if out:
                outgoing.append((out, orbitals, absorb[:n].astype(complex)))
            if into and out:
                direct[out, into] = reflect[:n]
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
