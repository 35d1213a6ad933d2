"""The noise of diffusive wires at a finite frequency beside the classical theory of their modes.

`WireNoise` takes amplitudes at equally spaced energies. It gives the kernel K(f) of the noise and
the emission that a bias adds, and what theory expects of them without a fit. `kubo_distance` says
whether a bias adds the same to absorption and emission, as it must.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .. import theory
from ..statistics import Estimate, bootstrap
from .emission import excess_noise, finite_frequency_noise, noise_kernel

Array = NDArray[np.float64]

LARGEST = 5.0
"""Largest frequency in E_c."""
STATES = "density of states known to 3 %"
KINETIC = "classical theory of the modes at hf; after de Jong & Beenakker 1996"


class WireNoise:
    """The kernel of one wire, and its emission for a bias of some steps of its energies.

    Parameters
    ----------
    data
        Results over energy and sample with ``g`` and with ``t``, the amplitudes of
        `mesokwant.Amplitudes`, and with the coordinates of `systems.Wire` and its disorder:
        `mesokwant.Anderson`, alone or before `mesokwant.RandomFlux`. The energies are equally
        spaced.
    biased
        The bias in steps of the energies.

    Attributes
    ----------
    channels, s, thouless
        N, L/l from N/<g> - 1, and E_c in t from s and the density of states.
    spacing, bias
        Distance of the energies, and eV, in t.
    frequencies
        hf in t up to `LARGEST` E_c, as far as the axis allows.
    """

    def __init__(self, data: xr.Dataset, *, biased: int = 0) -> None:
        self.t = data.t
        self.energies = data.energy.values
        self.spacing = float(np.round(self.energies[1] - self.energies[0], 9))
        self.bias, self.biased = biased * self.spacing, biased
        self.g = data.g.mean("energy").values
        self.width, self.length = int(data.width), int(data.length)
        middle = float(self.energies.mean())
        self.velocities = theory.strip_velocities(middle, self.width)
        self.channels = len(self.velocities)
        self.s = self.channels / self.g.mean() - 1
        self.density = dressed_density(middle, self.width, data)
        diffusion = self.channels * (self.length / self.s) / (2 * np.pi * self.density)
        self.thouless = np.pi**2 * diffusion / self.length**2
        steps = min(len(self.energies) - 2, round(LARGEST * self.thouless / self.spacing))
        self.frequencies = self.spacing * np.arange(steps + 1)

    def expected(self, frequencies: ArrayLike, beta: int = 2) -> theory.Prediction:
        """K/g at some hf in t, with what interference adds at f = 0."""
        arguments = {"length": self.length, "density": self.density}
        classical = theory.wire_noise_kernel(frequencies, self.s, self.velocities, **arguments)
        arguments["density"] *= 1.03
        slower = theory.wire_noise_kernel(frequencies, self.s, self.velocities, **arguments)
        quantum = theory.wire_fano_factor(self.s, self.channels, beta=beta)
        quantum = quantum - theory.fano_factor(self.s)
        kernel = theory.Prediction(classical, slower - classical, STATES, KINETIC)
        if beta == 2:
            # Its dependence on the frequency is not known.
            return kernel.with_bound(abs(quantum.value) + quantum.bound, "next order in s/N")
        return kernel + quantum

    @cached_property
    def slope(self) -> Array:
        """How K/g changes with s, for the error of s."""
        at = [
            theory.wire_noise_kernel(
                self.frequencies, s, self.velocities, length=self.length, density=self.density
            )
            for s in (0.98 * self.s, 1.02 * self.s)
        ]
        return (at[1] - at[0]) / (0.04 * self.s)

    @cached_property
    def kernels(self) -> Array:
        """K of every sample, shape (frequencies, samples)."""
        both = (noise_kernel(self.t, frequency=f) for f in self.frequencies)
        means = [(k.emitted + k.absorbed).mean("energy").values / 2 for k in both]
        return np.array(means)

    @cached_property
    def kernel(self) -> Estimate:
        """K/g, less what an error of s changes in the theory."""
        return bootstrap(self._relative, self.kernels, self.g)

    def _relative(self, kernels: Array, g: Array) -> Array:
        moved = self.channels / g.mean() - 1 - self.s
        relative: Array = kernels.mean(axis=-1) / g.mean() - self.slope * moved
        return relative

    def average(self, chosen: Any, curve: Array) -> Estimate:
        """Mean over frequencies of K/g over a curve."""
        return bootstrap(
            lambda k, g: np.mean(self._relative(k, g)[chosen] / curve), self.kernels, self.g
        )

    @cached_property
    def cold(self) -> Array:
        """The emission at kT = 0 that the bias adds, over g eV, at the steps `up_to_end`."""
        return self._emission(0)

    @cached_property
    def warm(self) -> Array:
        """The same at kT of one step."""
        return self._emission(1)

    @property
    def up_to_end(self) -> Array:
        """Frequencies to one step beyond the bias."""
        return np.linspace(0.0, self.bias + self.spacing, self.biased + 2)

    def _emission(self, warmth: int) -> Array:
        # The axis begins one point below what the highest frequency needs.
        level = float(self.energies[self.biased + 2 + 8 * warmth])
        window = {"bias": self.bias, "kT": warmth * self.spacing, "fermi_energy": level}
        spectra = [excess_noise(self.t, frequency=f, **window).values for f in self.up_to_end]
        return np.array(spectra) / self.bias

    def emission(self, spectra: Array) -> Estimate:
        """The mean over the samples of `cold` or `warm`."""
        return bootstrap(lambda s, g: s.mean(axis=-1) / g.mean(), spectra, self.g)

    def spectrum(self, frequencies: Array, *, kT: float = 0.0) -> theory.Prediction:
        """The emission that theory expects, over g eV."""
        axis = {"frequency": frequencies}
        kernel = self.expected(frequencies)

        def added(values: Array) -> Array:
            shot = xr.DataArray(values, axis, "frequency")
            with_bias, without = (
                finite_frequency_noise(1.0, shot, frequency=frequencies, bias=volts, kT=kT)
                for volts in (self.bias, 0.0)
            )
            return (with_bias - without).values / self.bias

        bound = abs(added(kernel.high) - added(kernel.value))
        return theory.Prediction(added(kernel.value), bound, kernel.because, kernel.source)


def dressed_density(energy: float, width: int, data: xr.Dataset) -> float:
    """The density of states of a strip whose band disorder has shifted and narrowed."""
    fluctuating = "random_flux.strength" in data.coords
    # The mean of exp(2πiφ) of the random flux.
    hopping = float(np.sinc(data["random_flux.strength"])) if fluctuating else 1.0
    strength = float(data["anderson.strength" if fluctuating else "strength"])
    shift = strength**2 / 12 * theory.square_lattice_green_real(energy)
    return float(theory.smooth_strip_density((energy - shift) / hopping, width)) / hopping


def kubo_distance(t: xr.DataArray, spacing: float, level: float) -> float:
    """Largest difference of absorption and emission that a bias adds, over 2 hf, at kT = 0."""
    window = {"bias": 4 * spacing, "kT": 0.0, "fermi_energy": level}
    largest = 0.0
    for f in spacing * np.arange(1, 5):
        emitted, absorbed = (excess_noise(t, frequency=sign * f, **window) for sign in (1, -1))
        largest = max(largest, float(abs(absorbed - emitted).max()) / (2 * f))
    return largest
