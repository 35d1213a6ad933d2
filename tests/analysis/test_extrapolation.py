"""Limits of ratios: the fit finds what is left when named corrections vanish."""

import numpy as np
import pytest

from mesokwant.analysis import limit_curve, limit_fit
from mesokwant.statistics import Estimate, curve

X = np.array([0.04, 0.06, 0.1, 0.15, 0.2])


def noisy(rng, size=400):
    """Values whose means are 1 + 0.8 x - 2 x² with errors of half a per cent."""
    return (1 + 0.8 * X - 2 * X**2)[:, None] + 0.1 * rng.standard_normal((len(X), size))


def test_a_limit_lies_within_its_error():
    """In 200 data sets the deviates of the limit have the variance 1 (allowed: 4 sigma)."""
    rng = np.random.default_rng(4)
    deviates = []
    for _ in range(200):
        limit = limit_fit(noisy(rng), first=X, second=X**2)["limit"]
        deviates.append((limit.value - 1) / limit.error)
    assert abs(np.mean(deviates)) < 4 / 200**0.5
    assert abs(np.var(deviates) - 1) < 4 * (2 / 200) ** 0.5


def test_a_missing_correction_shows_in_chi_squared():
    rng = np.random.default_rng(5)
    values = (1 + 8 * X**2)[:, None] + 0.05 * rng.standard_normal((len(X), 400))
    assert limit_fit(values, first=X).p_value < 1e-3
    assert limit_fit(values, first=X, second=X**2).p_value > 1e-3


def test_the_curve_is_drawn_from_small_parameters():
    exact = Estimate(1 + 0.7 * X, np.full(len(X), 0.01), np.full(len(X), 100))
    curve = limit_fit(exact, first=X)(np.array([[1.0, 1.0], [0.0, 0.1]]))
    assert np.allclose(curve.value, [1.0, 1.07])


def test_groups_have_limits_of_their_own_and_share_coefficients():
    exact = Estimate(np.append(1 + 0.7 * X, 2 + 0.7 * X), np.full(10, 0.01), np.full(10, 100))
    both = np.append(X, X)
    found = limit_fit(exact, ["one"] * 5 + ["two"] * 5, first=both)
    assert np.allclose([found[name].value for name in ("one", "two", "first")], [1, 2, 0.7])
    alone = limit_fit(exact[:5], first=X)["limit"]
    assert found["one"].error < alone.error


@pytest.mark.parametrize(
    "corrections, message",
    [
        ({}, "needs a correction"),
        ({"limit": X}, "call the correction otherwise"),
        ({"first": X[:3]}, "one number for every point"),
    ],
)
def test_wrong_corrections_are_refused(corrections, message):
    with pytest.raises(ValueError, match=message):
        limit_fit(Estimate(X, X, np.full(len(X), 9)), **corrections)


def test_the_limit_of_curves_has_the_chi_squared_of_its_points():
    """In 100 data sets chi² of 3 correlated points is 3 on average (allowed: 4 sigma)."""
    rng = np.random.default_rng(7)
    exact = np.array([1.0, 1.0, 1.0])
    chi2 = []
    for _ in range(100):
        sizes = []
        for x in X[:3]:
            noise = rng.standard_normal((3, 300)) + rng.standard_normal(300)
            means = exact + x * np.array([0.5, 1.0, -1.0])
            sizes.append(curve(lambda g: g.mean(axis=-1), means[:, None] + noise, resamples=100))
        chi2.append(limit_curve(sizes, X[:3]).test(exact).chi2)
    assert abs(np.mean(chi2) - 3) < 4 * (2 * 3 / 100) ** 0.5


def test_one_size_has_no_limit():
    with pytest.raises(ValueError, match="two different sizes"):
        limit_curve([], [0.1])
