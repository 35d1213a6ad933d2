"""The growth monitor: it finds the samples whose rounding errors may be too large.

The monitor can't be a check of S: a wrong interface matrix gives an exactly unitary S as long as
the matrix is Hermitian. It watches how far elements grow instead. Eliminating a pivot d subtracts
|a|²/d from the remaining elements, and rounding acts like a perturbation of H by machine epsilon
times the largest such term, the *growth*. T is therefore wrong by at most about as much, in
units of the hopping of the leads (measured over 1e5 samples: 0.05 times this perturbation on
average, 0.7 times at worst). Typical disordered samples grow to 1e3 to 1e6. The clean
blocks of a lattice at E = 0 can be singular; they grow to 1e16 or infinity.

A resonance narrower than the perturbation, 1e-9 hoppings at worst, is not resolved.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..problem import Problem

LIMIT = 4e6
"""Largest growth allowed; it makes an error of 6e-10 in T where there is one channel."""


def energy_scale(problem: Problem) -> float:
    """The energy that errors of the interface matrix are compared with.

    It is the smaller of the largest hopping of the system and the weakest coupling
    of a lead that has modes; in the units of the Hamiltonian.
    """
    couplings = [_coupling(stable.sqrt_hop) for _, stable in problem.modes if len(stable.vecs)]
    energies = [largest_hopping(problem), *couplings]
    return min([energy for energy in energies if energy > 0], default=1.0)


def largest_hopping(problem: Problem) -> float:
    """The largest |H_ij| between two orbitals of the clean system."""
    squares = problem.clean.real**2
    if np.iscomplexobj(problem.clean):
        squares += problem.clean.imag**2
    squares[problem.structure.diagonal] = 0.0
    return float(np.sqrt(squares.max(initial=0.0)))


def _coupling(sqrt_hop: NDArray) -> float:
    """The coupling V = u v† of a lead, as the largest |u|² of a column u.

    It is a lower bound of the largest singular value, at a hundredth of the time.
    """
    return float((sqrt_hop.real**2 + sqrt_hop.imag**2).sum(axis=0).max(initial=0.0))


def growth_limit(problem: Problem) -> float:
    """Growth beyond which a sample of this problem is solved again.

    Where the smallest lead has N channels, the error of T may be sqrt(N) times as
    large as with one channel.
    """
    channels = [stable.nmodes for _, stable in problem.modes if stable.nmodes]
    return LIMIT * energy_scale(problem) * float(np.sqrt(min(channels, default=1)))


def exceeds(growth: NDArray, limit: NDArray | float) -> NDArray[np.bool_]:
    """Whether the growth of a sample exceeds the limit, shape (samples,).

    A growth that is not a number exceeds it too. Samples whose matrix is not finite
    count as infinitely grown.
    """
    return ~(growth <= limit)
