"""Closed systems: Hamiltonians of an ensemble -> levels, states, densities, motion in time.

`hamiltonians` draws the Hamiltonians of disordered samples and gives a `ClosedEnsemble`, as
`mesokwant.scattering` gives an `Ensemble` of scattering matrices. The observables here are called
with one. A sweep takes them as it takes those of `mesokwant.observables`, if its system has no
leads, or if it says ``leads="dropped"``. `evolve` and `spacing_ratios` are the functions behind
them, for any Hermitian matrix and any levels.
"""

from .ensemble import ClosedEnsemble, hamiltonians
from .evolution import Evolution, evolve
from .levels import Eigenstates, GapRatio, Levels, spacing_ratios
from .local_density import LocalDensity

__all__ = [
    "ClosedEnsemble",
    "Eigenstates",
    "Evolution",
    "GapRatio",
    "Levels",
    "LocalDensity",
    "evolve",
    "hamiltonians",
    "spacing_ratios",
]
