"""mesokwant: phase-coherent quantum transport, measured with error bars beside theory."""

from .disorder import (
    Anderson,
    BondDisorder,
    Gaussian,
    MagneticImpurities,
    RandomFlux,
    Vacancies,
)
from .solver import Ensemble, scattering

__all__ = [
    "Anderson",
    "BondDisorder",
    "Ensemble",
    "Gaussian",
    "MagneticImpurities",
    "RandomFlux",
    "Vacancies",
    "scattering",
]
