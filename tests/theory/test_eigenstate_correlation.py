"""Limits of the correlation of two eigenstates and of what interactions make of it."""

import numpy as np
import pytest

from mesokwant import theory

D, NU = 5.0, 0.14


def test_diffuson_is_the_return_probability_in_time():
    """Π(ω) is the Fourier transform of the return probability without the uniform mode."""
    sizes, frequencies = (10, 14), np.array([0.3, 1.0])
    step = 0.002
    times = np.arange(0, 40, step)
    rest = theory.torus_diffusion(times, sizes, diffusion=D) - 1 / np.prod(sizes)
    rest[0] /= 2
    waves = np.cos(frequencies[:, None] * times)
    transform = step * np.sum(rest * waves, axis=1) / (np.pi * NU)
    found = theory.torus_diffuson(frequencies, sizes, diffusion=D, density=NU)
    np.testing.assert_allclose(found, transform, rtol=2e-4)


def test_diffuson_is_even_and_falls_logarithmically():
    p = theory.torus_diffuson([-0.01, 0.01, 0.02], (300, 300), diffusion=D, density=NU)
    assert p[0] == p[1]
    assert p[1] - p[2] == pytest.approx(np.log(2) / (4 * np.pi**2 * NU * D), rel=0.01)


def test_diffuson_of_a_small_torus_is_constant_below_its_slowest_mode():
    p = theory.torus_diffuson([0.0, 0.02], (8, 8), diffusion=D, density=NU)
    assert p[1] == pytest.approx(p[0], rel=1e-3)


def test_flights_are_diffusion_where_the_torus_is_many_mean_free_paths():
    options = {"diffusion": 0.4, "density": NU}
    w, sizes = np.array([0.002, 0.004, 0.008]), (50, 50)
    flights = np.diff(theory.torus_flights(w, sizes, energy=-1.0, **options))
    diffuson = np.diff(theory.torus_diffuson(w, sizes, **options))
    np.testing.assert_allclose(flights, diffuson, rtol=0.01)


def test_the_logarithm_does_not_know_how_many_collisions_are_left_out():
    options = {"diffusion": D, "density": NU, "energy": -1.0}
    w = np.array([0.02, 0.04])
    falls = np.ptp(theory.torus_flights(w, (80, 80), collisions=(0, 1, 2), **options), axis=-1)
    np.testing.assert_allclose(falls, falls[0], rtol=0.01)


def test_flights_of_a_round_line_are_logarithmic_at_high_frequencies():
    """At the lower edge the line is round, and the sum over all q falls as ln ω beyond 1/τ, too."""
    energy, diffusion = -3.9, 1.0
    tau = diffusion / 0.2  # <v_x²> = 2 (E + 4).
    w = np.array([0.2, 0.4]) / tau
    options = {"diffusion": diffusion, "density": NU, "energy": energy}
    fall = -np.diff(theory.torus_flights(w, (100, 100), **options))[0]
    assert fall == pytest.approx(np.log(2) / (4 * np.pi**2 * NU * diffusion), rel=0.03)


def test_thermal_weight_is_minus_the_derivative_of_the_fermi_function():
    step = 1e-4
    w = np.arange(-2, 2, step)
    weight = theory.thermal_weight(w, 0.05)
    fermi = 1 / (np.exp(w / 0.05) + 1)
    np.testing.assert_allclose(weight, -np.gradient(fermi, step), atol=1e-4)
    assert np.sum(weight) * step == pytest.approx(1)
    # Its root mean square is π/√3 times the temperature.
    assert np.sqrt(np.sum(weight * w**2) * step) == pytest.approx(np.pi * 0.05 / np.sqrt(3))


@pytest.mark.parametrize("beta", [1, 2])
def test_contact_slope_is_that_of_the_thermal_average_of_the_diffuson(beta):
    w = np.linspace(-3, 3, 1201)
    sizes = (200, 200)
    p = theory.torus_diffuson(w, sizes, diffusion=D, density=NU)
    average = [NU * 2 / beta * np.sum(theory.thermal_weight(w, t) * p) * 5e-3 for t in (0.05, 0.1)]
    slope = (average[1] - average[0]) / np.log(2)
    assert slope == pytest.approx(theory.contact_repulsion_slope(D, beta=beta), rel=0.03)


def test_neighbour_slope_has_the_correlation_of_the_fermi_line():
    """The k of the slope is that of the states of the clean lattice at the energy."""
    energy = -1.0
    k = 2 * np.pi * np.arange(2000) / 2000
    kx, ky = np.meshgrid(k, k)
    near = np.abs(-2 * np.cos(kx) - 2 * np.cos(ky) - energy) < 0.01
    share = np.mean(np.cos(kx[near])) ** 2
    expected = 4 * (1 - share) / (4 * np.pi**2 * D)
    assert theory.neighbour_repulsion_slope(D, energy) == pytest.approx(expected, rel=1e-3)


def test_the_two_repulsions_have_opposite_signs():
    assert theory.contact_repulsion_slope(D) < 0 < theory.neighbour_repulsion_slope(D, -1.0)


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        theory.torus_diffuson(0.1, (8, 8), diffusion=-1.0, density=NU)
    with pytest.raises(ValueError, match="must not be negative"):
        theory.torus_flights(0.1, (8, 8), diffusion=1.0, density=NU, energy=-1.0, collisions=-1)
    with pytest.raises(ValueError, match="beta must be 1 or 2"):
        theory.contact_repulsion_slope(D, beta=4)
    with pytest.raises(ValueError, match="must be positive"):
        theory.neighbour_repulsion_slope(0.0, -1.0)
    with pytest.raises(ValueError, match="must be positive"):
        theory.thermal_weight(0.1, 0.0)
