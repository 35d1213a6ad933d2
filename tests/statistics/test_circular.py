"""Mean direction and circular variance of phases whose law is known."""

import numpy as np
import pytest
import scipy.stats

from mesokwant import statistics

from .assertions import assert_honest, pulls


@pytest.mark.parametrize("centre", [0.0, 3.1, -2.0])
def test_gaussian_phases_have_their_mean_and_variance(centre):
    phases = np.random.default_rng(0).normal(centre, 0.8, size=(500, 300))
    mean = statistics.circular_mean(np.angle(np.exp(1j * phases)), resamples=200)
    mean = np.angle(np.exp(1j * (np.asarray(mean.value) - centre))), mean.error, mean.n
    assert_honest(statistics.Estimate(*mean), 0)
    found = statistics.circular_variance(phases, resamples=200)
    assert found.value.mean() == pytest.approx(1 - np.exp(-(0.8**2) / 2), rel=0.01)
    assert pulls(found, found.value.mean()).std() == pytest.approx(1, abs=0.12)


def test_values_are_those_of_scipy():
    phases = np.random.default_rng(1).uniform(-9, 4, size=(3, 40))
    low, high = -np.pi, np.pi
    np.testing.assert_allclose(
        statistics.circular_mean(phases).value, scipy.stats.circmean(phases, high, low, axis=1)
    )
    np.testing.assert_allclose(
        statistics.circular_variance(phases).value, scipy.stats.circvar(phases, axis=1)
    )


def test_whole_periods_change_nothing():
    rng = np.random.default_rng(2)
    phases = rng.normal(size=50)
    moved = phases + 2 * np.pi * rng.integers(-3, 4, size=50)
    for function in (statistics.circular_mean, statistics.circular_variance):
        assert function(moved).value == pytest.approx(function(phases).value)
        assert function(moved).error == pytest.approx(function(phases).error)


def test_narrow_phases_have_ordinary_moments_without_loss_of_digits():
    x = np.random.default_rng(3).normal(size=400)
    phases = 1 + 1e-9 * x
    assert statistics.circular_mean(phases).error == pytest.approx(
        1e-9 * statistics.mean(x).error, rel=0.1
    )
    found = statistics.circular_variance(phases)
    assert found.value == pytest.approx(x.var() / 2 * 1e-18, rel=1e-5)
    assert found.error == pytest.approx(statistics.variance(x).error / 2 * 1e-18, rel=0.01)


def test_uniform_phases_have_no_direction():
    phases = np.random.default_rng(4).uniform(0, 2 * np.pi, size=2000)
    assert statistics.circular_mean(phases).error > 0.5
    assert statistics.circular_variance(phases).value > 0.9


def test_missing_phases_are_left_out():
    for function in (statistics.circular_mean, statistics.circular_variance):
        found, short = function([0.1, np.nan, 0.4, -0.2]), function([0.1, 0.4, -0.2])
        assert found.n == 3 and (found.value, found.error) == (short.value, short.error)
        assert np.isnan(function([0.3]).error) and np.isnan(function([]).value)
