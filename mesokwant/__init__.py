"""mesokwant: phase-coherent quantum transport, measured with error bars beside theory."""

import warnings

# Kwant says so at every import, in every worker. It concerns the reference solver alone.
warnings.filterwarnings("ignore", "MUMPS is not available", RuntimeWarning)

from . import figures, statistics, theory
from .cli import main
from .disorder import Anderson, BondDisorder, Gaussian, MagneticImpurities, RandomFlux, Vacancies
from .engine.run import load, run
from .observables import (
    Conductance,
    ConductanceMatrix,
    Reflection,
    ShotNoise,
    TransmissionEigenvalues,
)
from .solver import Ensemble, scattering
from .statistics import Estimate
from .study.claims import Claim
from .study.study import Study
from .study.sweep import Sweep

__all__ = [
    "Anderson",
    "BondDisorder",
    "Claim",
    "Conductance",
    "ConductanceMatrix",
    "Ensemble",
    "Estimate",
    "Gaussian",
    "MagneticImpurities",
    "RandomFlux",
    "Reflection",
    "ShotNoise",
    "Study",
    "Sweep",
    "TransmissionEigenvalues",
    "Vacancies",
    "figures",
    "load",
    "main",
    "run",
    "scattering",
    "statistics",
    "theory",
]
