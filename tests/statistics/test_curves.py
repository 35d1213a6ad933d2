"""Curves whose points share samples, against theory that is right, and theory that is not."""

import numpy as np
import pytest

from mesokwant import statistics

POINTS, SAMPLES = 5, 60


def averages(x):
    return x.mean(axis=-1)


def correlated(rng, common=0.8, size=(POINTS, SAMPLES)):
    """Values around zero that are mostly the same at all points of a sample."""
    shared, own = rng.normal(size=(1, size[1])), rng.normal(size=size)
    return np.sqrt(common) * shared + np.sqrt(1 - common) * own


def compared(statistic, expected, repetitions=250, samples=SAMPLES):
    rng = np.random.default_rng(4)
    for _ in range(repetitions):
        values = correlated(rng, size=(POINTS, samples))
        measured = statistics.curve(statistic, values, resamples=120)
        yield measured.test(np.full(POINTS, expected))


def test_right_theory_is_rejected_at_the_stated_rate():
    """Few samples and resamples: 10 and 32 per cent of p-values below, within 2 sigma."""
    found = list(compared(averages, 0.0))
    p = np.array([one.p_value for one in found])
    for rate in (0.1, 0.32):
        assert abs(np.mean(p < rate) - rate) < 2 * np.sqrt(rate * (1 - rate) / len(p))
    # Without the samples behind the covariances, the same distances are rejected too often.
    chi2 = np.array([one.chi2 for one in found])
    assert abs(chi2.mean() - POINTS) < 3 * chi2.std() / np.sqrt(len(p))


def test_claims_of_deviates_hold_at_their_own_rate():
    z = np.array([one.deviate.value for one in compared(averages, 0.0)])
    assert np.all(z >= 0)
    assert abs(np.mean(z < 1) - 0.683) < 2 * np.sqrt(0.683 * 0.317 / len(z))


def test_variances_that_share_samples_are_one_curve():
    """Variances are skewed and need more samples; 10 and 32 per cent, within 2 sigma."""
    found = compared(lambda x: x.var(axis=-1, ddof=1), 1.0, repetitions=120, samples=600)
    p = np.array([one.p_value for one in found])
    for rate in (0.1, 0.32):
        assert abs(np.mean(p < rate) - rate) < 2 * np.sqrt(rate * (1 - rate) / len(p))


def test_joint_deviation_is_no_deviation_of_every_point():
    """Points that move together by one error each are one deviation, not five."""
    x = correlated(np.random.default_rng(5), common=0.98, size=(POINTS, 2000))
    x -= x.mean(axis=-1, keepdims=True)
    measured = statistics.curve(averages, x)
    error = measured.points.error
    together, apart = error, error * np.array([1, -1, 1, -1, 1])
    assert measured.test(together).p_value > 0.9
    assert measured.test(apart).p_value < 1e-9
    assert measured.test(np.zeros(POINTS)).deviate.value == pytest.approx(0, abs=1e-6)


def test_nearest_curve_within_the_bounds_is_compared():
    x = correlated(np.random.default_rng(6))
    measured = statistics.curve(averages, x)
    values = measured.points.value
    away = values + 0.5 * np.array([1, -1, 0, 0, 0])
    assert measured.test(away).p_value < 1e-6
    assert measured.test(away, bound=[0.5, 0.5, 0, 0, 0]).chi2 == pytest.approx(0, abs=1e-9)
    narrow = measured.test(away, bound=[0.2, 0.2, 0, 0, 0])
    assert narrow.chi2 == pytest.approx(
        min(
            measured.test(away - np.array([first, -second, 0, 0, 0])).chi2
            for first in np.linspace(0, 0.2, 11)
            for second in np.linspace(0, 0.2, 11)
        )
    )


def test_error_of_an_input_moves_all_points_together():
    x = correlated(np.random.default_rng(7))
    measured = statistics.curve(averages, x - x.mean(axis=-1, keepdims=True))
    shifted, tilted = np.full(POINTS, 1.0), np.array([1.0, 0.5, 0, -0.5, -1.0])
    assert measured.test(shifted, error=1.0).p_value > 0.05 > measured.test(shifted).p_value
    assert measured.test(tilted, error=1.0).p_value < 1e-6


def test_curve_far_off_has_the_largest_deviate_and_no_infinity():
    x = 1e-3 * correlated(np.random.default_rng(8), size=(2, 5000))
    one = statistics.curve(averages, x).test([1.0, 2.0])
    assert one.p_value == 0 and one.deviate.value == 37


def test_more_points_than_samples_allow_are_refused():
    x = np.random.default_rng(9).normal(size=(20, 30))
    with pytest.raises(ValueError, match="20 points need at least 40 samples, not 30"):
        statistics.curve(averages, x)
    many = np.random.default_rng(9).normal(size=(20, 300))
    with pytest.raises(ValueError, match="not 30"):
        statistics.curve(averages, many, resamples=30)
    with pytest.raises(ValueError, match="return an array"):
        statistics.curve(np.mean, many)


def test_statistic_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="not finite for some resample"):
        statistics.curve(lambda x: x.mean(axis=-1) * np.nan, np.ones((2, 30)))


def test_model_without_parameters_is_tested_like_a_curve():
    x = correlated(np.random.default_rng(10), size=(POINTS, 400))
    fit = statistics.model_fit(lambda x: 0.1 * x, np.arange(POINTS), x, {})
    test = statistics.curve(averages, x, resamples=4000).test(0.1 * np.arange(POINTS))
    assert fit.dof == test.dof == POINTS
    assert fit.chi2 == pytest.approx(test.chi2, rel=0.2)
    assert str(fit).startswith("chi²/dof") and fit.parameters.value.size == 0
    assert fit(np.array([0.0, 2.0])).value.tolist() == [0.0, 0.2]
    assert fit(np.array([0.0, 2.0])).error.tolist() == [0.0, 0.0]
