from . import closed, figures, observables, statistics, terminals, theory
from .cli import main
from .closed import ClosedEnsemble, hamiltonians
from .disorder.base import Disorder
from .disorder.bonds import BondDisorder, RandomFlux
from .disorder.magnetic import MagneticImpurities
from .disorder.potential import Anderson, Gaussian
from .disorder.spin_orbit import RandomSpinOrbit
from .disorder.vacancies import Vacancies
from .engine.results import load
from .engine.run import run
from .figures import draw
from .observables import (
    Amplitudes,
    Backscattering,
    Conductance,
    ConductanceMatrix,
    DelayMatrix,
    Reflection,
    Resistance,
    ReturnAmplitudes,
    ShotNoise,
    TransmissionEigenvalues,
)
from .point import Point
from .solver.ensemble import Ensemble
from .solver.scattering import scattering
from .statistics.estimate import Estimate
from .study.claims import Claim
from .study.study import Study
from .study.sweep import Sweep
from .theory.prediction import Prediction

__all__ = [
    "Amplitudes",
    "Anderson",
    "Backscattering",
    "BondDisorder",
    "Claim",
    "ClosedEnsemble",
    "Conductance",
    "ConductanceMatrix",
    "DelayMatrix",
    "Disorder",
    "Ensemble",
    "Estimate",
    "Gaussian",
    "MagneticImpurities",
    "Point",
    "Prediction",
    "RandomFlux",
    "RandomSpinOrbit",
    "Reflection",
    "Resistance",
    "ReturnAmplitudes",
    "ShotNoise",
    "Study",
    "Sweep",
    "TransmissionEigenvalues",
    "Vacancies",
    "closed",
    "draw",
    "figures",
    "hamiltonians",
    "load",
    "main",
    "observables",
    "run",
    "scattering",
    "statistics",
    "terminals",
    "theory",
]
