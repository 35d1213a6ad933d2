"""From the interface matrix to S: the last, dense step.

Kwant's linear system (kwant.solvers.common), after the interior is eliminated,
reads for every lead with modes u, u/λ and hopping factor V (`StabilizedModes`)

    A ψ + V u_out c_out = -V u_in c_in,
    V† ψ - (u/λ)_out c_out = (u/λ)_in c_in,

with A = H - E on the interface and S: c_in -> c_out. Everything but A belongs
to the problem, not to the sample. The second line gives c_out, so that

    (A + Σ) ψ = B c_in,    c_out = R ψ - D c_in,

with Σ = V u_out (u/λ)_out^-1 V† the retarded self-energy as Kwant defines its
sign, H - E + Σ. Where (u/λ)_out is near singular (a state bound to the
surface of the lead at this energy) its c_out stay unknowns beside ψ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...structure import Index
from ..problem import Problem

WORST_CONDITION = 1e5
"""Condition number of (u/λ)_out up to which a lead is reduced to its self-energy."""


@dataclass(frozen=True, eq=False)
class LeadStep:
    """S = R (M + A)^-1 B - D, where A fills the first rows and columns of M.

    Attributes
    ----------
    matrix, incoming, outgoing, direct
        M, B, R and D above.
    orbitals
        Number of interface orbitals.
    """

    matrix: NDArray
    incoming: NDArray
    outgoing: NDArray
    direct: NDArray
    orbitals: int

    def solve(self, matrices: NDArray) -> NDArray:
        """S of some samples, given M + A of each, shape (samples, size, size)."""
        return self.outgoing @ np.linalg.solve(matrices, self.incoming) - self.direct

    def extended(self, interface: NDArray) -> tuple[NDArray, LeadStep]:
        """M + A of a sample whose A has rows beyond the interface, and the step to solve it."""
        orbitals, size = self.orbitals, len(self.matrix)
        places = np.concatenate([np.arange(orbitals), size + np.arange(len(interface) - orbitals)])
        more = len(interface) - orbitals
        step = LeadStep(
            np.pad(self.matrix, (0, more)),
            np.pad(self.incoming, ((0, more), (0, 0))),
            np.pad(self.outgoing, ((0, 0), (0, more))),
            self.direct,
            orbitals,
        )
        matrix = step.matrix.copy()
        matrix[np.ix_(places, places)] += interface
        return matrix, step


def lead_step(problem: Problem, interface: Index) -> LeadStep:
    """Set up the last step for the interface orbitals in the given order."""
    place = np.full(problem.structure.num_orbitals, -1)
    place[interface] = np.arange(len(interface))
    size = len(interface)
    blocks = []
    for number, (_, stable) in enumerate(problem.modes):
        if len(stable.vecs) == 0:
            continue
        orbitals = place[problem.structure.interfaces[number]]
        inverse_ok = np.linalg.cond(stable.vecslmbdainv[:, stable.nmodes :]) < WORST_CONDITION
        amplitudes = np.empty(0, int)
        if not inverse_ok:
            amplitudes = size + np.arange(stable.vecs.shape[1] - stable.nmodes)
            size += len(amplitudes)
        blocks.append((number, stable, orbitals, amplitudes))

    columns = _modes(problem, problem.in_leads)
    rows = _modes(problem, problem.out_leads)
    matrix = np.zeros((size, size), complex)
    incoming = np.zeros((size, sum(map(len, columns.values()))), complex)
    outgoing = np.zeros((sum(map(len, rows.values())), size), complex)
    direct = np.zeros((outgoing.shape[0], incoming.shape[1]), complex)
    for number, stable, orbitals, amplitudes in blocks:
        n, hop = stable.nmodes, stable.sqrt_hop
        u_in, u_out = stable.vecs[:, :n], stable.vecs[:, n:]
        v_in, v_out = stable.vecslmbdainv[:, :n], stable.vecslmbdainv[:, n:]
        into = columns.get(number, np.empty(0, int))
        out = rows.get(number, np.empty(0, int))
        here = np.ix_(orbitals, into)
        if len(amplitudes):
            matrix[np.ix_(orbitals, amplitudes)] += hop @ u_out
            matrix[np.ix_(amplitudes, orbitals)] += hop.conj().T
            matrix[np.ix_(amplitudes, amplitudes)] -= v_out
            if len(into):
                incoming[here] -= hop @ u_in
                incoming[np.ix_(amplitudes, into)] += v_in
            if len(out):
                outgoing[out, amplitudes[:n]] = 1
        else:
            absorb = np.linalg.solve(v_out, hop.conj().T)
            reflect = np.linalg.solve(v_out, v_in)
            matrix[np.ix_(orbitals, orbitals)] += hop @ u_out @ absorb
            if len(into):
                incoming[here] += hop @ (u_out @ reflect - u_in)
            if len(out):
                outgoing[np.ix_(out, orbitals)] += absorb[:n]
            if len(into) and len(out):
                direct[np.ix_(out, into)] += reflect[:n]
    return LeadStep(matrix, incoming, outgoing, direct, len(interface))


def _modes(problem: Problem, leads: list[int]) -> dict[int, Index]:
    """Rows (or columns) of S that belong to each of some leads."""
    numbers = [len(problem.modes[lead][0].momenta) // 2 for lead in leads]
    starts = np.cumsum([0, *numbers])
    return {
        lead: np.arange(start, start + number)
        for lead, start, number in zip(leads, starts[:-1], numbers, strict=True)
    }
