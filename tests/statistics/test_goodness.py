"""Deviates of chi² and of the largest distance are 0 ± 1 where theory is right."""

import numpy as np
import pytest
from scipy.special import ndtr

from mesokwant.statistics import chi2_deviate, distance_deviate


def deviates(of, repetitions=400):
    rng = np.random.default_rng(3)
    return np.array([of(rng) for _ in range(repetitions)])


@pytest.mark.parametrize("simulated", [np.inf, 150.0])
def test_chi2_of_correlated_points_is_a_standard_normal_deviate(simulated):
    mixing = np.array([[1, 0, 0], [1, 2, 0], [0.5, 1, 1]])

    def one(rng):
        values = mixing @ rng.normal(size=(3, 150))
        if simulated < np.inf:
            values -= (mixing @ rng.normal(size=(3, 150))).mean(axis=1)[:, None]
        return chi2_deviate(values, simulated=simulated)

    found = deviates(one)
    # Errors of a mean and of a spread of 400 values: 0.05 and 0.035, allowed at 4 sigma.
    assert abs(found.mean()) < 0.2
    assert abs(found.std() - 1) < 0.15


@pytest.mark.parametrize("simulated", [np.inf, 300])
def test_distance_is_a_standard_normal_deviate(simulated):
    def one(rng):
        values = rng.normal(size=300)
        if simulated == np.inf:
            return distance_deviate(values, ndtr)
        other = np.sort(rng.normal(size=simulated))
        below = lambda x: np.searchsorted(other, x, side="right") / simulated  # noqa: E731
        return distance_deviate(values, below, simulated=simulated)

    found = deviates(one)
    # The asymptotic law of the distance is a little conservative at 300 values.
    assert abs(found.mean()) < 0.25
    assert abs(found.std() - 1) < 0.15


def test_wrong_theories_have_large_deviates():
    values = np.random.default_rng(4).normal(size=(2, 4000))
    assert chi2_deviate(values + np.array([[0.0], [0.2]])) > 6
    assert distance_deviate(1.5 * values[0], ndtr) > 6
    assert distance_deviate(values[0] + 5, ndtr) == 35


def test_more_points_than_samples_are_refused():
    with pytest.raises(ValueError, match="samples"):
        chi2_deviate(np.random.default_rng(5).normal(size=(20, 12)))
