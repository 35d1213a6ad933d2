"""Finalized system, energy, parameters and disorder -> scattering matrices."""

from ..hamiltonian.system import finalized, parameter_names
from .ensemble import Ensemble, scattering, solve
from .problem import Problem, make_problem

__all__ = [
    "Ensemble",
    "Problem",
    "finalized",
    "make_problem",
    "parameter_names",
    "scattering",
    "solve",
]
