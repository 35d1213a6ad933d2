"""Scattering matrices -> numbers: what is measured on every sample.

An observable is a value (hashable, printable) that is called with an
`Ensemble` and returns an array whose first axis is the sample. Conductances
count every orbital channel, in e²/h; lead p to q is written ``(q, p)``, as in
Kwant. Any function of an ensemble can stand in for one.
"""

from .amplitudes import Amplitudes
from .backscattering import Backscattering, ReturnAmplitudes
from .channels import Reflection, ShotNoise, TransmissionEigenvalues
from .conductance import Conductance, ConductanceMatrix, Resistance
from .delays import DelayMatrix

__all__ = [
    "Amplitudes",
    "Backscattering",
    "Conductance",
    "ConductanceMatrix",
    "DelayMatrix",
    "Reflection",
    "Resistance",
    "ReturnAmplitudes",
    "ShotNoise",
    "TransmissionEigenvalues",
]
