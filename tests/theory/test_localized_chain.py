"""Bounds on closed forms for the disordered chain: they fall with the disorder, and cover it."""

import numpy as np
import pytest

from mesokwant import theory
from tests.theory.simulation import lyapunov


def test_bound_of_the_second_order_falls_as_the_disorder_squared():
    xi = theory.weak_disorder_localization_length([0.1, 0.2, 0.4], 1.2)
    np.testing.assert_array_equal(xi.value, theory.chain_localization_length([0.1, 0.2, 0.4], 1.2))
    relative = xi.normalized().bound
    np.testing.assert_allclose(relative[1:] / relative[:-1], 4, rtol=0.05)


def test_rate_and_length_have_the_same_relative_bound_to_first_order():
    energies = np.array([0.3, 0.8, 1.4])
    length = theory.weak_disorder_localization_length(0.3, energies)
    rate = theory.weak_disorder_decay_rate(0.3, energies)
    np.testing.assert_allclose(rate.value, 1 / length.value)
    np.testing.assert_allclose(rate.normalized().bound, length.normalized().bound, rtol=0.02)


def test_bound_covers_a_simulated_chain_of_strong_disorder():
    expected = theory.weak_disorder_decay_rate(2.0, 1.2)
    rate, error = lyapunov(1.2, 2.0)
    assert expected.low - 4 * error < rate < expected.high + 4 * error
    assert abs(rate - expected.value) > 10 * error  # The bound is needed.


def test_bound_at_the_band_centre_is_smaller_than_the_anomaly():
    anomaly = theory.band_centre_localization_length([0.05, 0.5])
    second = theory.chain_localization_length(np.array([0.05, 0.5]), 0.0)
    np.testing.assert_allclose(anomaly.value / second, 1.094, rtol=1e-3)
    assert np.all(anomaly.low > second)
    assert anomaly.normalized().bound[0] < 1e-4


def test_growth_ratio_of_a_chain_is_two_away_from_the_anomalies():
    bounds = theory.chain_growth_ratio([0.05, 0.5], 1.2).bound
    assert bounds[0] < 1e-3
    assert bounds[0] < bounds[1]
    # Single-parameter scaling fails at the centre, however weak the disorder is.
    assert theory.chain_growth_ratio(0.05, 0.0).bound == pytest.approx(0.094, abs=2e-3)


def test_cumulants_tend_to_a_log_normal_distribution_for_a_long_chain():
    s = np.array([20.0, 200.0])
    mean, variance, skewness = theory.chain_log_conductance_cumulants(s, disorder=0.5)
    np.testing.assert_array_equal(mean.value, -s)
    np.testing.assert_allclose(variance.value / -mean.value, 2 - np.pi**2 / 3 / s, rtol=1e-3)
    assert abs(skewness.value[1]) < abs(skewness.value[0]) / 5


def test_bounds_of_the_cumulants_fall_with_the_disorder_and_for_the_mean_with_length():
    s = np.array([2.0, 20.0])
    strong, weak = (
        theory.chain_log_conductance_cumulants(s, disorder=strength) for strength in (0.6, 0.3)
    )
    for bounded, sharp in zip(strong, weak, strict=True):
        np.testing.assert_allclose(bounded.bound, 4 * sharp.bound)
        np.testing.assert_array_equal(bounded.value, sharp.value)
    relative = strong[0].normalized().bound
    assert relative[0] == pytest.approx(10 * relative[1])


def test_relative_bound_of_the_variance_is_that_of_the_potential():
    _, variance, skewness = theory.chain_log_conductance_cumulants([2.0, 20.0], disorder=0.6)
    np.testing.assert_allclose(variance.normalized().bound, 0.6**2 / 12)
    np.testing.assert_allclose(skewness.bound, 0.6**2 / 12)
