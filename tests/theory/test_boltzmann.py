"""Golden rule and Boltzmann equation: bulk against closed forms, wire against bulk and limits."""

import numpy as np
import pytest

import mesokwant as mk
from mesokwant import theory
from mesokwant.theory import (
    born_energy_shift,
    born_metal,
    born_wire,
    kinetic_wire,
    round_line_time_ratio,
    self_consistent_born,
    smoothed_noise,
)
from systems import Wire

SOFT = {"variance": 0.01, "correlation_length": 2.0}


@pytest.mark.parametrize("energy", [-3.0, -1.0, 2.0])
def test_point_scatterers_have_one_time_and_the_closed_forms(energy):
    metal = born_metal(energy, 1 / 12)
    assert metal.transport_time == pytest.approx(metal.scattering_time, rel=1e-9)
    assert metal.weights.sum() == pytest.approx(theory.square_lattice_dos(energy), rel=1e-6)
    golden = 1 / (2 * np.pi * theory.square_lattice_dos(energy) / 12)
    assert metal.scattering_time == pytest.approx(golden, rel=1e-6)
    path = theory.square_lattice_mean_free_path(energy, 1.0)
    assert metal.mean_free_path == pytest.approx(path, rel=1e-4)


def test_a_round_line_has_the_closed_ratio():
    energy = -3.96
    radius = 3 * np.sqrt(4 + energy)
    metal = born_metal(energy, 0.01, correlation_length=3.0)
    ratio = metal.transport_time / metal.scattering_time
    assert ratio == pytest.approx(round_line_time_ratio(radius), rel=0.01)


def test_the_closed_ratio_has_both_limits():
    assert round_line_time_ratio(0.0) == 1
    assert round_line_time_ratio(30.0) == pytest.approx(2 * 30**2, rel=1e-3)


def test_the_self_consistent_approximation_is_met_in_weak_disorder():
    """Its corrections are of the order of the variance."""
    differences = []
    for strength in (0.2, 0.28):
        found = self_consistent_born(-3.0, strength**2, correlation_length=1.2)
        metal = born_metal(-3.0, strength**2, correlation_length=1.2)
        ratio = metal.transport_time / metal.scattering_time
        differences.append(1 - found.transport_time / found.scattering_time / ratio)
        shift = born_energy_shift(-3.0, strength**2, correlation_length=1.2)
        assert shift == pytest.approx(found.self_energy.real, rel=0.05)
    assert 0 < differences[0] < 0.025
    assert differences[1] / differences[0] == pytest.approx(1.96, rel=0.15)


def test_the_energy_shift_is_that_of_one_exact_and_one_numerical_integral():
    z = -3.0 + 0.5j / born_metal(-3.0, 1 / 12).scattering_time
    rest = z + 2 * np.cos(2 * np.pi * (np.arange(20000) + 0.5) / 20000)
    exact = np.mean(1 / (np.sqrt(rest - 2) * np.sqrt(rest + 2))).real / 12
    assert born_energy_shift(-3.0, 1 / 12) == pytest.approx(exact, rel=1e-4)


def test_the_spectrum_of_smoothed_noise_has_unit_variance():
    q = 2 * np.pi * np.arange(64) / 64
    for length in (0.0, 0.75, 3.0):
        assert np.mean(smoothed_noise(q, length)) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("length", [0.0, 1.5])
def test_the_rates_of_a_wire_are_the_variances_of_its_matrix_elements(length):
    """<|V_nm|²> of drawn potentials, summed over the phases of a long stretch."""
    width, long = 10, 400
    wire = born_wire(-2.5, width, 0.01, correlation_length=length)
    samples = mk.hamiltonians(
        Wire(width=width, length=long),
        leads="dropped",
        disorder=mk.Gaussian(0.1, length),
        samples=30,
        seed=5,
    )
    x, y = samples.positions.T
    x, y = x - x.min(), y - y.min() + 1
    numbers = np.arange(1, wire.channels + 1)
    profiles = np.sqrt(2 / (width + 1)) * np.sin(np.pi * np.outer(numbers, y) / (width + 1))
    waves = profiles * np.exp(1j * np.outer(wire.momenta, x))
    found = np.zeros((2, wire.channels, wire.channels))
    for matrix in samples:
        v = matrix.diagonal()
        for place, states in enumerate((waves, waves.conj())):
            found[place] += np.abs((waves.conj() * v) @ states.T) ** 2 / long / len(samples)
    # Diagonal and off-diagonal elements have 60 to 100 % of their mean as standard deviation
    # in one sample; the sums over the modes are known to 8 %, and 4 sigma are allowed.
    speeds = np.outer(wire.velocities, wire.velocities)
    for expected, value in zip((wire.forward, wire.backward), found / speeds, strict=True):
        assert value.sum() == pytest.approx(expected.sum(), rel=0.3)
    assert (found / speeds).sum() == pytest.approx(1 / wire.paths @ np.ones(wire.channels), rel=0.2)


def test_white_noise_in_a_wire_has_the_known_overlaps():
    width = 12
    wire = born_wire(-1.01, width, 0.02)
    n = np.arange(1, wire.channels + 1)
    overlap = 1 + np.eye(len(n)) / 2 + (np.add.outer(n, n) == width + 1) / 2
    expected = 0.02 * overlap / (width + 1) / np.outer(wire.velocities, wire.velocities)
    np.testing.assert_allclose(wire.forward, expected)
    np.testing.assert_allclose(wire.backward, expected)


def test_a_wide_wire_has_the_mean_free_path_of_the_metal():
    """It oscillates with the energy as modes open, and its mean over some of them is compared."""
    found, expected = [], []
    for energy in np.linspace(-2.95, -2.85, 11):
        wire = born_wire(energy, 150, 1 / 12)
        found.append(wire.conductivity / wire.channels)
        expected.append(born_metal(energy, 1 / 12).mean_free_path)
    assert np.mean(found) == pytest.approx(np.mean(expected), rel=0.04)


def test_a_long_wire_is_as_conductive_as_its_slope():
    wire = born_wire(-2.9, 21, **SOFT)
    resistances = [1 / wire.conductance(length) for length in (20000.0, 40000.0)]
    assert 20000.0 / np.diff(resistances)[0] == pytest.approx(wire.conductivity, rel=1e-3)


def test_electrons_are_conserved_and_go_both_ways_alike():
    reflection, transmission = born_wire(-3.0, 21, **SOFT).scattering(300.0)
    np.testing.assert_allclose((reflection + transmission).sum(axis=0), 1, rtol=1e-6)
    np.testing.assert_allclose(transmission, transmission.T, atol=1e-9)


def test_two_halves_make_the_whole_in_series():
    """One mode adds its resistances; without reflection all electrons pass."""
    for length in (0.5, 4.0):
        _, transmission = kinetic_wire([[0.3]], [[0.7]], length)
        assert transmission[0, 0] == pytest.approx(1 / (1 + 0.7 * length), rel=1e-5)
    forward = np.array([[0.0, 0.4], [0.4, 0.0]])
    _, transmission = kinetic_wire(forward, np.zeros((2, 2)), 5.0)
    assert transmission.sum() == pytest.approx(2, rel=1e-6)
    assert transmission[1, 0] == pytest.approx((1 - np.exp(-4.0)) / 2, rel=1e-5)


def test_a_mode_at_its_edge_is_closed():
    """At E = -3 that of a third of W + 1 is at its edge, whatever the last bit says."""
    assert born_wire(-3.0, 20, **SOFT).channels == theory.open_modes(-3.0, 20) == 6


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="centre"):
        born_metal(0.0, 0.1)
    with pytest.raises(ValueError, match="positive"):
        born_metal(-3.0, 0.0)
    with pytest.raises(ValueError, match="no mode is open"):
        born_wire(-4.5, 10, 0.1)
    with pytest.raises(ValueError, match="positive"):
        born_wire(-3.0, 10, -0.1)
