"""What theory expects of a disordered chain: exact rates, and bounds that fall with disorder."""

import numpy as np
import pytest

from mesokwant import theory
from tests.theory.simulation import lyapunov


def test_exact_exponent_is_that_of_a_simulated_chain_of_strong_disorder():
    rate, error = lyapunov(1.2, 2.0)
    assert abs(rate - theory.chain_lyapunov(1.2, 2.0)[0]) < 4 * error
    # The closed form of weak disorder is off by much more.
    assert abs(rate - 1 / theory.chain_localization_length(2.0, 1.2)) > 10 * error


def test_growth_ratio_of_a_chain_is_two_away_from_the_anomalies():
    ratios = theory.chain_growth_ratio([0.05, 0.5], 1.2).value
    np.testing.assert_allclose(ratios, 2, atol=0.006)
    assert abs(ratios[0] - 2) < abs(ratios[1] - 2) / 50
    # Single-parameter scaling fails at the centre, however weak the disorder is.
    assert theory.chain_growth_ratio(0.05, 0.0).value == pytest.approx(2.094, abs=1e-3)


def test_cumulants_tend_to_a_log_normal_distribution_for_a_long_chain():
    s = np.array([20.0, 200.0])
    law = theory.chain_log_conductance_cumulants(s, disorder=0.1, energy=1.2)
    mean, variance, skewness = law
    np.testing.assert_array_equal(mean.value, -s)
    np.testing.assert_allclose(variance.value / -mean.value, 2 - np.pi**2 / 3 / s, rtol=1e-3)
    assert abs(skewness.value[1]) < abs(skewness.value[0]) / 5


def test_variance_grows_by_the_exact_rate():
    s = np.array([100.0, 300.0])
    for disorder, energy in ((0.7, 1.2), (0.5, 0.0)):
        variance = theory.chain_log_conductance_cumulants(s, disorder=disorder, energy=energy)[1]
        growth = np.diff(variance.value) / np.diff(s)
        exact = theory.chain_growth_ratio(disorder, energy).value
        assert growth[0] == pytest.approx(exact, abs=1e-4)


def test_bounds_of_the_cumulants_fall_as_the_disorder_squared():
    s = np.array([2.0, 20.0])
    strong, weak = (
        theory.chain_log_conductance_cumulants(s, disorder=strength, energy=1.2)
        for strength in (0.6, 0.3)
    )
    for bounded, sharp in zip(strong, weak, strict=True):
        np.testing.assert_allclose(bounded.bound / sharp.bound, 4, rtol=0.05)


@pytest.mark.parametrize("s", [0.3, 2.0, 30.0])
def test_distribution_is_the_integral_of_the_density(s):
    log_g = np.linspace(-s - 12 * np.sqrt(s), -1e-9, 20001)
    share = theory.chain_log_conductance_distribution(log_g, s)
    assert np.all(np.diff(share) >= 0)
    assert share[-1] == pytest.approx(1, abs=1e-4)
    mean = log_g[-1] - np.trapezoid(share, log_g)
    assert mean == pytest.approx(-s, rel=2e-3)
    inside = np.linspace(-s - np.sqrt(s), -0.5 * s, 5)
    slopes = [
        np.diff(theory.chain_log_conductance_distribution([x - 0.02, x + 0.02], s))[0] / 0.04
        for x in inside
    ]
    np.testing.assert_allclose(slopes, theory.chain_log_conductance_density(inside, s), rtol=2e-2)
