"""Disorder: values that say what is random, and the configurations that they give a system."""

from .configurations import Configurations, bind
from .models import (
    Anderson,
    BondDisorder,
    Disorder,
    Gaussian,
    MagneticImpurities,
    RandomFlux,
    Sum,
    Vacancies,
    terms_of,
)

__all__ = [
    "Anderson",
    "BondDisorder",
    "Configurations",
    "Disorder",
    "Gaussian",
    "MagneticImpurities",
    "RandomFlux",
    "Sum",
    "Vacancies",
    "bind",
    "terms_of",
]
