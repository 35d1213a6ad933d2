"""Finalized system, energy, parameters and disorder -> scattering matrices."""

from .ensemble import Ensemble, scattering, solve
from .problem import Problem, finalized, make_problem, parameter_names

__all__ = [
    "Ensemble",
    "Problem",
    "finalized",
    "make_problem",
    "parameter_names",
    "scattering",
    "solve",
]
