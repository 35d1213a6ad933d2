"""The reference back end: `kwant.smatrix`, one sample at a time.

Kwant builds the linear system of every sample and solves it, by MUMPS where it is installed and
else by SciPy. The Hamiltonian and the lead modes are evaluated before and handed to it.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np

from ..hamiltonian import kwant
from .base import Batch, Solution
from .problem import Problem


class KwantBackend:
    """Solve each sample by `kwant.smatrix`."""

    def solve(self, batch: Batch) -> list[Solution]:
        """Compute the scattering matrices of all samples; see `Backend.solve`."""
        return [self._solved(problem, numbers) for problem, numbers in batch]

    def _solved(self, problem: Problem, numbers: Sequence[int]) -> Solution:
        """The scattering matrices of some samples of one problem."""
        # Kwant 1.5 fails on a lead without any mode (no hopping between its unit cells).
        # Such a lead takes no part in transport and is not handed to Kwant.
        alive = [lead for lead, (_, stable) in enumerate(problem.modes) if len(stable.vecs)]
        place = {lead: position for position, lead in enumerate(alive)}
        in_leads = [place[lead] for lead in problem.in_leads if lead in place]
        out_leads = [place[lead] for lead in problem.out_leads if lead in place]
        shape = tuple(
            sum(problem.num_propagating(lead) for lead in leads)
            for leads in (problem.out_leads, problem.in_leads)
        )
        data = np.zeros((len(numbers), *shape), complex)
        if 0 in shape:
            return Solution(data)

        system = copy.copy(problem.structure.system)
        system.leads = [kwant.system.PrecalculatedLead(modes=problem.modes[lead]) for lead in alive]
        system.lead_interfaces = [system.lead_interfaces[lead] for lead in alive]
        norbs = np.diff(problem.structure.offsets)
        for row, number in enumerate(numbers):
            hamiltonian = problem.hamiltonian(problem.values([number])[0])
            system.hamiltonian_submatrix = lambda *args, h=hamiltonian, **kwargs: (h, norbs, norbs)
            data[row] = kwant.smatrix(
                system,
                problem.energy,
                out_leads=out_leads,
                in_leads=in_leads,
                check_hermiticity=False,
            ).data
        return Solution(data)
