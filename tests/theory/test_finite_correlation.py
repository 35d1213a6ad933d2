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
