"""Shubnikov-de Haas oscillations as they are measured: against the field, and against the energy.

Both classes take the results of a sweep over cylinders (`systems.Cylinder`) of two or more lengths
with white or smooth disorder. They give σ_xx, what the self-consistent Born approximation expects
without a fit, and what a fit measures: the number of electrons and the two times.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .. import theory
from ..statistics import Estimate, bootstrap, mean, model_fit
from ..statistics.least_squares import Fit
from .cylinders import cylinder_conductivities
from .windows import thermal_average

Array = NDArray[np.float64]

INSIDE = (0.6, 1.3)
"""Between these ω_c τ the formula is good to `FORMULA` of the lattice, in one approximation."""

FORMULA = 0.01
"""How far the formula is from the bubble of the lattice inside the regime (tests/theory)."""

FIELDS = 6
"""From so many fields in the regime on, density and times are fitted."""

RANGES = (0.6, 0.8, 1.0, 1.15, 1.3)
"""The ranges of ω_c τ in which the first harmonic is measured by itself."""


def disordered_metal(data: xr.Dataset, energy: float) -> theory.BornMetal:
    """Return the metal that theory expects of the disorder of a sweep, at an energy.

    Parameters
    ----------
    data
        Results with the coordinates of `mesokwant.Anderson` or of `mesokwant.Gaussian`.
    energy
        Energy in t.
    """
    strength = float(data["strength"])
    if "correlation_length" in data.coords:
        return _born(float(energy), strength**2, float(data["correlation_length"]))
    return _born(float(energy), strength**2 / 12, 0.0)


@lru_cache
def _born(energy: float, variance: float, correlation_length: float) -> theory.BornMetal:
    """The metal is kept, since it is asked for more than once and takes a second if smooth."""
    return theory.self_consistent_born(energy, variance, correlation_length=correlation_length)


class FieldOscillations:
    """σ_xx against the field for one disorder, beside its theory and the fit.

    Parameters
    ----------
    data
        Results of one sweep with `g` and the axes "length" and "flux".

    Attributes
    ----------
    born
        The metal of the self-consistent Born approximation.
    flux, w, inside
        The fields, their ω_c τ, and whether they are in the regime `INSIDE`.
    values, sigma
        σ_xx in e²/h: values (flux, sample), and their means.
    """

    def __init__(self, data: xr.Dataset) -> None:
        self.data = data
        self.born = disordered_metal(data, float(data["energy"]))
        values = cylinder_conductivities(data["g"], float(data["circumference"]))
        self.values = values.transpose("flux", "sample").to_numpy()
        self.flux = data["flux"].to_numpy()
        self.w = theory.cyclotron_frequency(self.flux, self.born.dos) * self.born.scattering_time
        self.inside = (self.w >= INSIDE[0]) & (self.w <= INSIDE[1])
        self.sigma = mean(self.values)
        self.clean_density = float(theory.square_lattice_filling(self.born.energy))

    def formula(
        self, flux: Any, *, density: float = 1.0, scattering: float = 1.0, transport: float = 1.0
    ) -> Array:
        """σ_xx of the formula, with factors on the numbers of the Born approximation."""
        born = self.born
        return theory.shubnikov_de_haas_conductivity(
            flux,
            density=density * born.density,
            dos=born.dos,
            scattering_time=scattering * born.scattering_time,
            transport_time=transport * born.transport_time,
            conductivity=transport * born.conductivity,
        )

    def classical(self, flux: Any) -> Array:
        """σ_xx without oscillations."""
        omega = theory.cyclotron_frequency(flux, self.born.dos)
        return self.born.conductivity / (1 + (omega * self.born.transport_time) ** 2)

    @cached_property
    def beyond(self) -> float:
        """Order of what the Born approximation leaves out: 1/(2 k_F l), l between collisions."""
        born = self.born
        return born.transport_time / born.scattering_time / (4 * born.conductivity)

    @property
    def expected_scale(self) -> theory.Prediction:
        """The factor between σ_xx and the formula, with the errors of theory."""
        because = "formula against the lattice, 1 %, and beyond Born's approximation, 1/(2 k_F l)"
        return theory.Prediction(1.0, FORMULA + self.beyond, because)

    @property
    def measurable(self) -> bool:
        """Whether the fields in the regime can tell three numbers from noise."""
        fields = int(self.inside.sum())
        return fields >= FIELDS and self.values.shape[-1] >= 2 * fields

    def compared(self, expected: Any) -> tuple[Estimate, Estimate, float]:
        """Compare σ_xx in the regime with an expected curve.

        Returns
        -------
        The factor of the curve that fits best; chi²/dof with that factor; chi² per field without.
        """
        flux, values = self.flux[self.inside], self.values[self.inside]
        fit = model_fit(lambda x, scale: scale * expected(x), flux, values, {"scale": 1.0})
        scale = fit["scale"]
        shape = Estimate(fit.chi2 / fit.dof, np.sqrt(2 / fit.dof), scale.n)
        chi2 = fit.chi2 + ((scale.value - 1) / scale.error) ** 2
        return scale, shape, chi2 / len(flux)

    @property
    def expected_chi2(self) -> theory.Prediction:
        """chi²/dof of a curve whose shape is that of the formula, with the errors of theory."""
        added = np.mean((FORMULA * self.sigma.value / self.sigma.error)[self.inside] ** 2)
        return theory.Prediction(1.0, added, "formula against the lattice, 1 %")

    @property
    def expected_density(self) -> float:
        """n over that of the clean lattice, as a fit of the formula sees it in white noise.

        The formula fits the bubble of the lattice best with an n that is larger by <V²>²/40, which
        is 0.04, 0.09 and 0.28 % at strengths 1.2, 1.5 and 2 (tests/theory).
        """
        variance = float(self.data["strength"]) ** 2 / 12
        return self.born.density / self.clean_density * (1 + variance**2 / 40)

    @cached_property
    def fit(self) -> Fit:
        """Density and times over those of the Born approximation, with σ_D as τ_tr."""
        start = {"density": 1.0, "scattering": 1.0, "transport": 1.0}
        return model_fit(self.formula, self.flux[self.inside], self.values[self.inside], start)

    @cached_property
    def time_ratio(self) -> Estimate:
        """Measured τ/τ_tr."""
        scattering, transport = (self.fit[name] for name in ("scattering", "transport"))
        ratio = scattering.value / transport.value
        gradient = ratio * np.array([0, 1 / scattering.value, -1 / transport.value])
        error = np.sqrt(gradient @ self.fit.covariance @ gradient)
        expected = self.born.scattering_time / self.born.transport_time
        return Estimate(ratio * expected, error * expected, scattering.n)

    def gain(self, w: Any) -> Array:
        """How much larger the oscillation of σ_xx is than that of the density of states."""
        angle = np.asarray(w) * self.born.transport_time / self.born.scattering_time
        return 2 * angle**2 / (1 + angle**2)

    @cached_property
    def harmonics(self) -> tuple[Array, Array, Array]:
        """First harmonic of σ_xx over the classical line, in each of the `RANGES` of ω_c τ.

        Returns
        -------
        ω_c τ of the ranges that have three fields or more; the harmonics as values (ranges,
        samples); and what the same fields have of the formula (ranges).
        """
        classical = self.classical(self.flux)
        angle = 2 * np.pi * self.born.density / self.flux
        places, values, expected = [], [], []
        for low, high in pairwise(RANGES):
            chosen = (self.w >= low) & (self.w < high)
            if chosen.sum() >= 3:
                basis = np.stack([-np.cos(angle), np.ones_like(angle)], axis=1)[chosen]
                # A linear function of σ_xx, so that values give values.
                weights = np.linalg.pinv(basis)[0] / classical[chosen]
                places.append(1 / np.mean(1 / self.w[chosen]))
                values.append(weights @ self.values[chosen])
                expected.append(weights @ self.formula(self.flux[chosen]))
        return np.array(places), np.array(values), np.array(expected)


class EnergyOscillations:
    """σ_xx against the Fermi energy in one field, at several temperatures.

    Parameters
    ----------
    data
        Results of one sweep with `g` and the axes "length" and "energy".
    dampings
        X = 2π² kT/ω_c of the temperatures; those that the axis does not allow are left out.

    Attributes
    ----------
    omega, temperatures
        ω_c and kT in t.
    energies, window
        The axis, and which energies are in the period around its middle.
    expected
        σ_xx of the formula at all energies, without a fit, as a DataArray.
    """

    def __init__(self, data: xr.Dataset, dampings: tuple[float, ...]) -> None:
        g, flux = data["g"].sortby("energy"), float(data["flux"])
        self.values = cylinder_conductivities(g, float(data["circumference"]))
        self.energies = g["energy"].to_numpy()
        middle = float(self.energies[0] + self.energies[-1]) / 2
        self.omega = float(theory.cyclotron_frequency(flux, disordered_metal(data, middle).dos))
        temperatures = self.omega * np.array(dampings) / (2 * np.pi**2)
        reach = (np.ptp(self.energies) - self.omega) / 2
        fine = temperatures >= np.diff(self.energies).max()
        self.temperatures = temperatures[fine & (8 * temperatures <= reach)]
        # Over one period the harmonics do not mix.
        self.window = np.abs(self.energies - middle) <= self.omega / 2
        self._distance = self.energies - middle
        # A parabola has the numbers of the metal, which change little along the axis.
        places = [float(self.energies[0]), middle, float(self.energies[-1])]
        metals = [disordered_metal(data, place) for place in places]

        def along(name: str) -> Array:
            numbers = [getattr(metal, name) for metal in metals]
            return np.polynomial.Polynomial.fit(places, numbers, 2)(self.energies)

        names = ("density", "dos", "scattering_time", "transport_time", "conductivity")
        numbers = {name: along(name) for name in names}
        self._levels = numbers["density"] / flux
        sigma = theory.shubnikov_de_haas_conductivity(flux, **numbers)
        self.expected = xr.DataArray(sigma, {"energy": self.energies})

    def thermal(self, values: xr.DataArray, kT: float) -> Array:
        """Thermal averages at the Fermi energies of the window; the first axis is that energy."""
        average = thermal_average(values, kT=kT, fermi_energy=self.energies[self.window])
        return average.transpose("fermi_energy", ...).to_numpy()

    @cached_property
    def _harmonic(self) -> Array:
        """Weights of the energies of the window in the first harmonic -cos(2πn/f) of a curve."""
        angle, distance = 2 * np.pi * self._levels[self.window], self._distance[self.window]
        functions = [-np.cos(angle), np.sin(angle), np.ones_like(angle), distance]
        return np.linalg.pinv(np.stack(functions, axis=1))[0]

    def _amplitudes(self, values: xr.DataArray) -> Array:
        """First harmonic at kT = 0 and at the temperatures; the first axis is the temperature."""
        kTs = (0.0, *self.temperatures)
        return np.stack([self._harmonic @ self.thermal(values, kT) for kT in kTs])

    @cached_property
    def damping(self) -> Estimate:
        """First harmonic at the temperatures over that at kT = 0, shape (temperatures,)."""
        amplitudes = self._amplitudes(self.values.transpose("energy", "sample"))
        return bootstrap(lambda a: a[1:].mean(axis=-1) / a[0].mean(axis=-1), amplitudes)

    @cached_property
    def expected_damping(self) -> Array:
        """What `damping` is for the formula: X/sinh X, but for an amplitude that depends on E."""
        amplitudes = self._amplitudes(self.expected)
        return amplitudes[1:] / amplitudes[0]
