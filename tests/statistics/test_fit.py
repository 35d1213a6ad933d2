"""The straight line through points whose law is known."""

import numpy as np
import pytest

from mesokwant import statistics

from .assertions import pulls

X = np.array([10.0, 20, 30, 60])


@pytest.fixture
def values():
    """3 - 0.1 x, with noise that grows with x and noise that all points share."""
    rng = np.random.default_rng(12)
    own = rng.normal(size=(4, 300)) * X[:, None] / 10
    return 3 - 0.1 * X[:, None] + own + rng.normal(size=300)


def test_fit_finds_the_line(values):
    fit = statistics.linear_fit(X, values)
    assert np.all(np.abs(pulls(fit, [3, -0.1])) < 3)
    assert fit.n.tolist() == [300, 300]


def test_fit_is_that_of_numpy_and_its_error_that_of_the_bootstrap(values):
    fit = statistics.linear_fit(X, values)
    weights = 1 / statistics.mean(values).error

    def refit(g):
        return np.polyfit(X, g.mean(axis=1), 1, w=weights)[::-1]

    np.testing.assert_allclose(fit.value, refit(values))
    np.testing.assert_allclose(fit.error, statistics.bootstrap(refit, values).error, rtol=0.1)


def test_points_without_an_error_are_refused(values):
    with pytest.raises(ValueError, match="needs an error at every point"):
        statistics.linear_fit(X, values[:, :1])
