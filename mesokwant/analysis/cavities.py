"""Cavities that scramble all waves, as they are measured: moments, and what is not random.

`MouthAmplitudes` takes amplitudes of many samples and gives their means, which a cavity with ideal
mouths and no direct path has not. `ScrambledWaves` takes conductance and noise and gives their
moments beside those of the circular ensemble behind the same mouths.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .. import theory
from ..statistics import Estimate, bootstrap, mean

RESAMPLES = 200
"""An error known to 5 per cent is enough."""


def squared_mean(amplitudes: ArrayLike) -> Any:
    """Return the squared magnitude of mean amplitudes, without what chance leaves of it.

    Parameters
    ----------
    amplitudes
        Complex values, shape (energies, ..., samples).

    Returns
    -------
    ``|<S>|²`` averaged over the energies, shape (...). It may be negative where it is small.

    Examples
    --------
    >>> phases = np.exp(2j * np.pi * np.random.default_rng(1).random((1, 10000)))
    >>> print(f"{squared_mean(0.5 + 0.1 * phases):.2f}, {abs(squared_mean(phases)):.2f}")
    0.25, 0.00
    """
    values = np.asarray(amplitudes)
    square = np.abs(values.mean(axis=-1)) ** 2
    return (square - values.var(axis=-1) / (values.shape[-1] - 1)).mean(axis=0)


class MouthAmplitudes:
    """Mean amplitudes of all mouths of cavities.

    Parameters
    ----------
    data
        Dataset over mouth, energy and sample with ``r``, the amplitudes of the modes of lead 0 and
        then of lead 1 that come back as themselves, and ``t``, all amplitudes from lead to lead.
    spins
        2 where a mode is counted once for either spin; the two spins of a pair reflect alike.

    Attributes
    ----------
    r, t
        Mouth -> amplitudes (energies, modes, samples).
    reflections
        Mouth -> squared mean amplitudes of reflection, at least zero, shape (2, modes): what
        `theory.nonideal_cavity_moments` takes.
    """

    def __init__(self, data: xr.Dataset, *, spins: int = 1) -> None:
        self.r: dict[int, NDArray] = {}
        self.t: dict[int, NDArray] = {}
        self.reflections: dict[int, NDArray] = {}
        for mouth in data["mouth"].values:
            at_mouth = data.sel(mouth=mouth)
            self.r[mouth], self.t[mouth] = (_open(at_mouth[name]) for name in ("r", "t"))
            found = squared_mean(self.r[mouth]).reshape(2, spins, -1).mean(axis=1)
            self.reflections[mouth] = np.clip(found, 0, None)


def _open(amplitudes: xr.DataArray) -> NDArray:
    """Amplitudes (energies, modes, samples) without the columns that narrower mouths lack."""
    values = amplitudes.transpose("energy", ..., "sample").to_numpy()
    flat = values.reshape(len(values), -1, values.shape[-1])
    return flat[:, ~np.isnan(flat).all(axis=(0, 2))]


@dataclass(frozen=True, eq=False)
class ScrambledWaves:
    """Conductance and noise of cavities of one symmetry, with N modes in each of two leads.

    Everything is that of one spin where there are two.

    Attributes
    ----------
    beta, modes
        Symmetry index, and N.
    g, noise
        Conductance and Σ T(1-T), shape (energies, samples).
    ideal
        The moments of the circular ensemble behind the mouths.
    share
        The share of all particles that leaves at an arrival at the wall, of which half is the
        relative bound for <g> and the noise, and all for the variance.
    because
        The argument for these bounds.
    """

    beta: int
    modes: int
    g: NDArray
    noise: NDArray
    ideal: theory.CavityMoments
    share: float
    because: str

    @classmethod
    def measured(
        cls, data: xr.Dataset, beta: int, reflections: NDArray, *, share: float, because: str
    ) -> ScrambledWaves:
        """From results with ``g`` and ``noise``, and the reflections of their mouths."""
        spins = 2 if beta == 4 else 1
        g, noise = (
            data[name].transpose("energy", "sample").to_numpy() / spins for name in ("g", "noise")
        )
        ideal = theory.nonideal_cavity_moments(reflections, beta=beta)
        return cls(beta, reflections.shape[1], g, noise, ideal, share, because)

    @cached_property
    def conductance(self) -> Estimate:
        """Measured <g>."""
        return mean(self.g.mean(axis=0))

    @cached_property
    def variance(self) -> Estimate:
        """Measured var g at one energy, averaged over energies."""
        return bootstrap(lambda g: g.var(axis=1).mean(), self.g, resamples=RESAMPLES)

    @cached_property
    def shot_noise(self) -> Estimate:
        """Measured <Σ T(1-T)>."""
        return mean(self.noise.mean(axis=0))

    @cached_property
    def fano(self) -> Estimate:
        """Measured Fano factor."""
        return bootstrap(
            lambda noise, g: noise.mean() / g.mean(), self.noise, self.g, resamples=RESAMPLES
        )

    @property
    def expected_conductance(self) -> theory.Prediction:
        """<g> of the circular ensemble behind the mouths."""
        source = "Jalabert, Pichard & Beenakker 1994"
        return self._expected(self.ideal.conductance, self.share / 2, source)

    @property
    def expected_variance(self) -> theory.Prediction:
        """Variance of the circular ensemble behind the mouths."""
        return self._expected(self.ideal.variance, self.share, "Baranger & Mello 1994")

    @property
    def expected_shot_noise(self) -> theory.Prediction:
        """Noise of the circular ensemble behind the mouths."""
        return self._expected(self.ideal.shot_noise, self.share / 2, "Savin & Sommers 2006")

    @property
    def expected_fano(self) -> theory.Prediction:
        """Fano factor of the circular ensemble behind the mouths."""
        value = self.ideal.shot_noise / self.ideal.conductance
        return self._expected(value, self.share / 2, "Savin & Sommers 2006")

    def _expected(self, value: float, bound: float, source: str) -> theory.Prediction:
        """A value with a relative bound."""
        return theory.Prediction(value, abs(value) * bound, self.because, source)
