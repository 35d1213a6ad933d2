"""Which samples can't be trusted.

A wrong interface matrix, as long as it is Hermitian, still gives an exactly
unitary S: unitarity proves nothing. What goes wrong is growth. Eliminating a
pivot d subtracts |a|²/d from the rest, and rounding leaves an error of machine
epsilon times the largest such term in the interface matrix, and about as much
in T, when energies are counted in the hopping of the leads. Typical disordered
samples have 1e3 to 1e6; a clean block at E = 0, a singular matrix, has 1e16 or
infinity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..problem import Problem

LIMIT = 1e7
"""Growth, in units of `energy_scale`, beyond which a sample is solved again."""


def energy_scale(problem: Problem) -> float:
    """The energy that errors of the interface matrix are to be compared with.

    The smaller of the largest hopping of the system and the weakest coupling
    of a lead that has modes.
    """
    rows, columns = problem.structure.rows, problem.structure.indices
    hopping = np.abs(problem.clean[rows != columns]).max(initial=0.0)
    couplings = [
        np.linalg.norm(stable.sqrt_hop, 2) ** 2 for _, stable in problem.modes if len(stable.vecs)
    ]
    return float(min([energy for energy in [hopping, *couplings] if energy > 0], default=1.0))


def suspect(growth: NDArray, scale: float) -> NDArray[np.bool_]:
    """Whether a sample has grown too much to be trusted; shape (samples,).

    The growth of a sample whose matrix is not finite is infinite.
    """
    return ~(growth <= LIMIT * scale)
