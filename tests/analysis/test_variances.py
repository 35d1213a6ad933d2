"""Fluctuations at several points at once, on Gaussian noise of known variance."""

import numpy as np
import pytest

from mesokwant.analysis import standardized, variance_ratio

VARIANCES = np.array([0.2, 1.0, 3.0])


@pytest.fixture
def noise():
    """Points of known variances that share their samples, about different means."""
    rng = np.random.default_rng(3)
    common, own = rng.normal(size=(1, 2000)), rng.normal(size=(3, 2000))
    return np.arange(3)[:, None] + np.sqrt(VARIANCES / 2)[:, None] * (common + own)


def test_variance_of_noise_over_the_expected_is_one(noise):
    ratio = variance_ratio(noise, VARIANCES)
    assert abs(ratio.value - 1) < 4 * ratio.error
    assert variance_ratio(noise, 2 * VARIANCES).value == pytest.approx(ratio.value / 2)


def test_error_of_a_variance_ratio_counts_shared_samples_once(noise):
    one, mean = variance_ratio(noise[:1], VARIANCES[:1]), variance_ratio(noise, VARIANCES)
    repeated = variance_ratio(np.repeat(noise[:1], 3, axis=0), np.repeat(VARIANCES[:1], 3))
    assert repeated.error == pytest.approx(one.error)
    # Variances of amplitudes that share half are correlated by a quarter.
    assert mean.error / one.error == pytest.approx(np.sqrt((1 + 2 / 4) / 3), rel=0.15)


def test_missing_values_are_left_out(noise):
    missing = np.hstack([noise, np.full((3, 5), np.nan)])
    assert variance_ratio(missing, VARIANCES).value == pytest.approx(
        variance_ratio(noise, VARIANCES).value
    )
    np.testing.assert_allclose(standardized(missing)[:, :-5], standardized(noise))


def test_standardized_values_have_mean_zero_and_variance_one(noise):
    deviations = standardized(noise)
    np.testing.assert_allclose(deviations.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(deviations.var(axis=1, ddof=1), 1)
    assert standardized(np.empty((0, 5))).shape == (0, 5)
