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
