"""The half-width of a correlation function and the exponent of the Thouless energy."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.theory.finite_correlation import half_width

LENGTHS = np.array([40.0, 60.0, 90.0, 120.0])


def test_half_width_of_the_rectangle_in_energy_is_that_of_a_long_wire():
    lags = np.linspace(0, 2 * np.pi**2, 200)
    correlation = theory.rectangle_energy_correlation(lags, 1.0, 0.01, diffusion=1.0)
    assert half_width(lags, correlation) / np.pi**2 == pytest.approx(0.783, abs=0.002)


def test_half_width_that_is_not_reached_is_no_number():
    assert np.isnan(half_width([0.0, 1.0], [1.0, 0.6]))


def test_exponent_of_the_energy_of_diffusion_is_minus_two():
    energies = theory.thouless_energy(4.0, LENGTHS + 7.0)
    slope = np.polyfit(np.log(LENGTHS + 7.0), np.log(energies), 1)[0]
    assert slope == pytest.approx(theory.thouless_exponent(LENGTHS, mean_free_path=7.0).value)


def test_bound_of_the_exponent_covers_the_length_of_the_contacts():
    """Diffusion in the plane ends 0.8178 l_tr outside, and l is (π/2) l_tr."""
    ends = LENGTHS[[0, -1]]
    beyond = (2 * 0.8178 / theory.mean_free_path_factor(2) - 1) * 7.0
    energies = (ends + 7.0 + beyond) ** -2.0
    slope = np.diff(np.log(energies))[0] / np.diff(np.log(ends + 7.0))[0]
    expected = theory.thouless_exponent(LENGTHS, mean_free_path=7.0)
    assert 0 < slope - expected.value < expected.bound
    assert theory.thouless_exponent(LENGTHS, mean_free_path=1e-9).bound < 1e-10
    assert theory.thouless_exponent(LENGTHS[::-1], mean_free_path=7.0).bound == expected.bound


def test_flux_between_walls_does_not_cancel_in_a_wide_wire():
    assert theory.flux_cancellation(0.001, 10.0) == pytest.approx(1.0, abs=1e-4)


def test_flux_of_long_paths_between_walls_is_that_of_beenakker_and_van_houten():
    """Their rate is v W³/(9.5 l_m⁴), that of short l is D W²/(3 l_m⁴) with D = v l_tr/2."""
    transport = 1e4
    share = theory.flux_cancellation(transport * np.pi / 2, 1.0)
    assert 6 / (share * transport) == pytest.approx(9.5, rel=0.005)


def test_flux_between_walls_cancels_as_in_a_random_walk():
    """<y v_x y v_x> of straight flights with specular walls (4 sigma of 40000 flights allowed)."""
    rng = np.random.default_rng(9)
    width, transport = 1.0, 0.3
    nodes, weights = np.polynomial.laguerre.laggauss(40)
    angle, start = rng.uniform(0, 2 * np.pi, 40000), rng.uniform(0, width, 40000)
    end = start[:, None] + transport * np.sin(angle)[:, None] * nodes
    folded = np.abs((end + width) % (2 * width) - width)
    flight = (folded - width / 2) @ weights
    products = 2 * np.cos(angle) ** 2 * (start - width / 2) * flight * 12 / width**2
    share = theory.flux_cancellation(transport * np.pi / 2, width)
    error = products.std() / products.size**0.5
    assert abs(products.mean() - share) < 4 * error
    assert error < 0.02 < 1 - share
