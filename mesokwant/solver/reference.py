"""The reference back end: `kwant.smatrix`, one sample at a time.

Kwant builds the linear system and solves it (with MUMPS where it is
installed); the Hamiltonian and the lead modes are handed to it ready made.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np

from ..hamiltonian import kwant
from .base import Solution
from .problem import Problem


class KwantBackend:
    """Solve each sample by `kwant.smatrix`."""

    def solve(self, problem: Problem, samples: Sequence[int]) -> Solution:
        # Kwant 1.5 stumbles over a lead without any mode (no hopping between
        # its cells); such a lead takes no part, so leave it out.
        alive = [lead for lead, (_, stable) in enumerate(problem.modes) if len(stable.vecs)]
        number = {lead: place for place, lead in enumerate(alive)}
        in_leads = [number[lead] for lead in problem.in_leads if lead in number]
        out_leads = [number[lead] for lead in problem.out_leads if lead in number]
        shape = tuple(
            sum(len(problem.modes[lead][0].momenta) // 2 for lead in leads)
            for leads in (problem.out_leads, problem.in_leads)
        )
        data = np.zeros((len(samples), *shape), complex)
        if 0 in shape:
            return Solution(data)

        system = copy.copy(problem.structure.system)
        system.leads = [kwant.system.PrecalculatedLead(modes=problem.modes[lead]) for lead in alive]
        system.lead_interfaces = [system.lead_interfaces[lead] for lead in alive]
        norbs = np.diff(problem.structure.offsets)
        for row, sample in enumerate(samples):
            hamiltonian = problem.hamiltonian(problem.values([sample])[0])
            system.hamiltonian_submatrix = lambda *args, h=hamiltonian, **kwargs: (h, norbs, norbs)
            data[row] = kwant.smatrix(
                system,
                problem.energy,
                out_leads=out_leads,
                in_leads=in_leads,
                check_hermiticity=False,
            ).data
        return Solution(data)
