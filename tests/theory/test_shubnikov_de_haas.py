"""Shubnikov-de Haas formulas against their limits and against the lattice itself."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import least_squares

from mesokwant import theory
from mesokwant.theory import (
    landau_modulation,
    self_consistent_born,
    shubnikov_de_haas_conductivity,
    thermal_damping,
)


def lattice_conductivity(energy, variance, period):
    """Bubble of the self-consistent Born approximation on the lattice with the flux 1/period."""
    # The disorder hides how the energies depend on the momenta in so large a magnetic cell.
    k_x = k_y = np.pi / period
    sites = np.arange(period)
    to = (sites + 1) % period
    hamiltonian = np.diag(-2 * np.cos(2 * np.pi * sites / period + k_y)).astype(complex)
    velocity = np.zeros_like(hamiltonian)
    hamiltonian[to, sites] = -np.exp(-1j * k_x)
    hamiltonian[sites, to] = -np.exp(1j * k_x)
    velocity[to, sites] = 1j * np.exp(-1j * k_x)
    velocity[sites, to] = -1j * np.exp(1j * k_x)
    levels, states = np.linalg.eigh(hamiltonian)
    couplings = np.abs(states.conj().T @ velocity @ states) ** 2
    sigma = -0.05j
    for _ in range(300):
        sigma = (sigma + variance * np.mean(1 / (energy - sigma - levels))) / 2
    spectrum = (1 / (energy - sigma - levels)).imag
    return 2 * spectrum @ couplings @ spectrum / period


@pytest.fixture(scope="module")
def metal():
    return self_consistent_born(-3.0, 1.5**2 / 12)


def formula(metal, flux):
    return shubnikov_de_haas_conductivity(
        flux,
        density=metal.density,
        dos=metal.dos,
        scattering_time=metal.scattering_time,
        transport_time=metal.transport_time,
        conductivity=metal.conductivity,
    )


def test_formula_is_the_bubble_of_the_lattice(metal):
    # w = 1.00 and 1.25: the levels overlap, and the formula is good to one per cent.
    for period in (101, 81):
        exact = lattice_conductivity(-3.0, 1.5**2 / 12, period)
        assert formula(metal, 1 / period) == pytest.approx(exact, rel=0.01)


def test_formula_misses_the_deep_minimum_of_a_strong_field_by_less_than_a_tenth(metal):
    exact = lattice_conductivity(-3.0, 1.5**2 / 12, 66)
    assert formula(metal, 1 / 66) == pytest.approx(exact, rel=0.1)


@pytest.mark.parametrize("strength", [1.2, 1.5, 2.0])
def test_fit_of_the_formula_sees_a_little_more_electrons_than_the_lattice_has(strength):
    variance = strength**2 / 12
    metal = self_consistent_born(-3.0, variance)
    low, high = (w * metal.dos / metal.scattering_time for w in (0.6, 1.3))
    periods = np.unique(np.linspace(1 / high, 1 / low, 24).astype(int))
    exact = np.array([lattice_conductivity(-3.0, variance, period) for period in periods])

    def residuals(factors):
        density, scattering, transport = factors
        changed = replace(
            metal,
            density=density * metal.density,
            scattering_time=scattering * metal.scattering_time,
            transport_time=transport * metal.transport_time,
            conductivity=transport * metal.conductivity,
        )
        return formula(changed, 1 / periods) / exact - 1

    density, scattering, transport = least_squares(residuals, np.ones(3)).x
    # `FieldOscillations.expected_density` takes this small shift into account.
    assert density == pytest.approx(1 + variance**2 / 40, abs=2e-4)
    assert scattering == pytest.approx(1, abs=0.015)
    assert transport == pytest.approx(1, abs=0.005)


def test_separate_levels_have_no_states_between_them():
    levels = np.linspace(4, 5, 301)
    states = 1 + landau_modulation(levels, 3.0)
    assert states[0] == pytest.approx(0, abs=1e-8) and states[150] > 1
    assert states.min() > -1e-8
    # Every level has as many states as it has where levels overlap.
    assert states[:-1].mean() == pytest.approx(1, abs=0.02)


def test_modulation_has_the_harmonics_of_dingle_in_a_weak_field():
    levels = np.linspace(5, 6, 50)
    for w in (0.4, 0.5):
        harmonics = sum(
            2 * (-1) ** j * np.exp(-np.pi * j / w) * np.cos(2 * np.pi * j * levels) for j in (1, 2)
        )
        # The self-consistency is of the second order in the modulation.
        first = 2 * np.exp(-np.pi / w)
        assert np.abs(landau_modulation(levels, w) - harmonics).max() < 4 / w * first**2


def test_modulation_neither_makes_nor_loses_states():
    # Whole numbers of levels: the mean over one level, weighted by the shifted count, is zero.
    levels = np.arange(400) / 400
    for w in (0.6, 1.0, 1.4):
        assert landau_modulation(levels, w).mean() == pytest.approx(0, abs=2e-3 * w)


def test_minima_are_at_full_levels():
    levels = np.linspace(3.5, 4.5, 101)
    assert levels[landau_modulation(levels, 1.2).argmin()] == pytest.approx(4.0)


def test_thermal_damping_is_the_average_over_the_fermi_window():
    omega, kT = 0.2, 0.015
    energy = np.linspace(-40, 40, 40001) * kT
    window = 1 / (4 * kT * np.cosh(energy / (2 * kT)) ** 2)
    average = np.trapezoid(window * np.cos(2 * np.pi * energy / omega), energy)
    assert thermal_damping(kT, omega) == pytest.approx(average, rel=1e-9)


def test_cyclotron_frequency_is_the_distance_of_lattice_levels():
    flux, energy = 0.002, -3.8
    n = np.arange(30)
    levels = theory.lattice_landau_levels(n, flux)
    near = np.argmin(np.abs(levels - energy))
    distance = (levels[near + 1] - levels[near - 1]) / 2
    dos = theory.square_lattice_dos(levels[near])
    assert theory.cyclotron_frequency(flux, dos) == pytest.approx(distance, rel=1e-3)


def test_a_field_that_the_equation_cannot_take_is_refused():
    with pytest.raises(ValueError, match="positive"):
        landau_modulation(4.2, 0.0)


def test_interference_lowers_the_conductance_in_a_field():
    g = theory.classical_conductance(np.array([1.5, 3.0]))
    assert np.allclose(g - 1 / (45 * g), [1.5, 3.0], atol=3e-4)
