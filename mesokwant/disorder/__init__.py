"""Disorder: values that say what is random, and the configurations that they give a system.

`base` states what a kind of disorder is and how to write one; `potential`, `bonds`, `magnetic`
and `vacancies` hold the kinds, each value beside its draw; `configurations` is the one door to
randomness.
"""

from .base import Disorder, Sum, terms_of
from .bonds import BondDisorder, RandomFlux
from .configurations import Configurations, bind
from .magnetic import MagneticImpurities
from .potential import Anderson, Gaussian
from .vacancies import Vacancies

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
