"""Covariance and autocorrelation of values whose correlations are known."""

import numpy as np
import pytest

from mesokwant import statistics

from .assertions import assert_honest


def test_covariance_is_the_textbook_one():
    x = np.random.default_rng(0).normal(size=(3, 40)) ** 2
    np.testing.assert_allclose(statistics.covariance(x, x).value, x.var(axis=1, ddof=1))
    np.testing.assert_allclose(statistics.covariance(x[0], x[1]).value, np.cov(x[:2])[0, 1])


def test_covariance_has_an_honest_error():
    rng = np.random.default_rng(5)
    common, a, b = rng.normal(size=(3, 600, 200))
    estimate = statistics.covariance(common + a, common + 0.5 * b)
    assert_honest(estimate, 1)


def test_error_of_the_covariance_is_that_of_the_general_bootstrap():
    rng = np.random.default_rng(9)
    a, b = rng.exponential(size=(2, 12)) + rng.exponential(size=12)
    general = statistics.bootstrap(lambda a, b: np.cov(a, b)[0, 1], a, b)
    # Both draw the same samples.
    assert statistics.covariance(a, b).error == pytest.approx(general.error, rel=1e-10)


def test_error_of_the_autocorrelation_is_that_of_the_general_bootstrap():
    g = np.random.default_rng(11).exponential(size=(4, 12))

    def correlation(g):
        covariance = np.cov(g)
        return np.array([covariance.diagonal(lag).mean() for lag in range(4)])

    general = statistics.bootstrap(correlation, g)
    found = statistics.autocorrelation(g, axis=0)
    np.testing.assert_allclose(found.value, general.value, rtol=1e-10)
    np.testing.assert_allclose(found.error, general.error, rtol=1e-10)


def test_large_mean_costs_no_digits():
    g = np.random.default_rng(10).normal(size=(4, 50))
    far = g + 1e6
    for statistic in (
        lambda x: statistics.covariance(x[0], x[1]),
        lambda x: statistics.autocorrelation(x, axis=0),
    ):
        np.testing.assert_allclose(statistic(far).value, statistic(g).value, atol=1e-8)
        np.testing.assert_allclose(statistic(far).error, statistic(g).error, atol=1e-8)


def moving_averages(rng, points, samples):
    """Sums over three neighbours: C = 3, 2, 1, 0, 0, ..."""
    noise = rng.normal(size=(points + 2, samples))
    return noise[:-2] + noise[1:-1] + noise[2:]


def test_autocorrelation_of_moving_averages():
    rng = np.random.default_rng(8)
    g = np.stack([moving_averages(rng, 12, 100) for _ in range(200)]) + np.arange(12)[:, None]
    estimate = statistics.autocorrelation(g, axis=1, resamples=400)
    exact = np.array([3, 2, 1] + 9 * [0])
    assert estimate.value.shape == (200, 12)
    for lag in (0, 1, 2, 5):
        assert_honest(estimate[:, lag], exact[lag])
    average_variance = statistics.variance(g[0], resamples=10).value.mean()
    assert estimate.value[0, 0] == pytest.approx(average_variance)


@pytest.mark.parametrize("axis", [-1, 1])
def test_axis_of_the_samples_is_refused(axis):
    with pytest.raises(ValueError, match="last axis holds the samples"):
        statistics.autocorrelation(np.ones((3, 4)), axis)
