"""The coherent potential in weak and strong disorder, and what it says of magnetic impurities."""

import numpy as np
import pytest

from mesokwant.theory import coherent_potential


def test_weak_disorder_is_that_of_the_born_approximation():
    strength = 0.8
    medium = coherent_potential(-1.0, strength)
    rate = -(strength**2) / 12 * -medium.green.imag
    assert medium.self_energy.imag == pytest.approx(rate, rel=0.03)
    exchange = 0.01
    magnetic = coherent_potential(-1.0, strength, exchange=exchange).magnetic_rate
    assert magnetic == pytest.approx(12 * exchange**2 / strength**2, rel=0.04)


def test_no_site_scatters_on_average():
    strength = 2.5
    medium = coherent_potential(-1.05, strength)
    potentials = (np.arange(2000) + 0.5) / 2000 * strength - strength / 2 - medium.self_energy
    amplitudes = potentials / (1 - potentials * medium.green)
    assert abs(amplitudes.mean()) < 1e-5 * abs(amplitudes).mean()


def test_strong_potentials_hide_from_the_resistance_how_often_spins_are_flipped():
    strength, exchange = 2.5, 0.1
    plain, magnetic = (coherent_potential(-1.05, strength, exchange=j) for j in (0.0, exchange))
    added = magnetic.self_energy.imag / plain.self_energy.imag - 1
    born = 12 * exchange**2 / strength**2
    assert added < born < magnetic.magnetic_rate
    assert magnetic.magnetic_rate / added == pytest.approx(1.4, abs=0.1)


def test_rotation_of_the_hopping_keeps_the_number_of_states():
    """With θ = π/4 the band is narrower; its centre of gravity is that of the potential."""
    for theta in (0.0, np.pi / 4):
        medium = coherent_potential(0.0, 2.0, theta=theta)
        assert medium.self_energy.real == pytest.approx(0.0, abs=1e-6)
        assert medium.green.imag < 0


@pytest.mark.parametrize("exchange", [0.0, 1.0])
def test_average_green_function_is_that_of_diagonalized_samples(exchange):
    """On tori of 16 x 16 sites, at a width of 0.3 t. One sigma is 0.5 %, three are allowed."""
    energy, strength, side = -1.05 + 0.3j, 3.0, 16
    rng = np.random.default_rng(1616)
    ring = np.eye(side, k=1) + np.eye(side, k=1 - side)
    hop = -(np.kron(ring + ring.T, np.eye(side)) + np.kron(np.eye(side), ring + ring.T))
    paulis = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    found = []
    for _ in range(40):
        spins = rng.normal(size=(side * side, 3))
        spins /= np.linalg.norm(spins, axis=1)[:, None]
        potential = rng.uniform(-strength / 2, strength / 2, side * side)
        sites = potential[:, None, None] * np.eye(2)
        sites = sites + exchange * np.einsum("na,aij->nij", spins, paulis)
        matrix = np.kron(hop, np.eye(2)).astype(complex).reshape(side**2, 2, side**2, 2)
        matrix[np.arange(side**2), :, np.arange(side**2), :] += sites
        levels = np.linalg.eigvalsh(matrix.reshape(2 * side**2, -1))
        found.append(np.mean(1 / (energy - levels)))
    medium = coherent_potential(energy, strength, exchange=exchange)
    assert np.mean(found) == pytest.approx(medium.green, rel=0.015)
    # Without disorder it would be off by more.
    without = coherent_potential(energy, 0.1).green
    assert abs(np.mean(found) / without - 1) > 0.04


def test_disorder_that_is_none_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        coherent_potential(-1.0, 0.0)


def test_energy_outside_the_band_is_refused():
    with pytest.raises(ValueError, match="no states at E = -9"):
        coherent_potential(-9.0, 2.0)
