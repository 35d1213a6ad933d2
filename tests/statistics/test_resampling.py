"""The bootstrap against errors that are known, and against the scatter of repeated experiments."""

import numpy as np
import pytest

from mesokwant import statistics
from mesokwant.statistics import resampling

from .assertions import assert_honest, pulls


def test_groups_change_nothing_but_the_cost(monkeypatch):
    x = np.random.default_rng(4).normal(size=3000)
    grouped = statistics.variance(x, resamples=4000)
    monkeypatch.setattr(resampling, "GROUPS", 3000)
    plain = statistics.variance(x, resamples=4000)
    assert grouped.value == pytest.approx(plain.value, rel=1e-12)
    assert grouped.error == pytest.approx(plain.error, rel=0.05)
    assert plain.error == pytest.approx(np.sqrt(2 / 3000), rel=0.05)


def test_bootstrap_of_a_ratio_follows_shared_samples():
    rng = np.random.default_rng(10)
    common = rng.normal(10, 1, size=400)
    a, b = 2 * common + 0.1 * rng.normal(size=400), common

    def ratio(a, b):
        return a.mean() / b.mean()

    joint = statistics.bootstrap(ratio, a, b)
    assert abs(pulls(joint, 2)) < 3 and joint.n == 400
    assert joint.error < 0.001 < statistics.bootstrap(ratio, a, b[::-1]).error


def test_arrays_of_unequal_numbers_of_samples_are_refused():
    with pytest.raises(ValueError, match=r"\[399, 400\]"):
        statistics.bootstrap(lambda a, b: a.mean() / b.mean(), np.ones(400), np.ones(399))


def test_lengths_that_share_disorder_need_a_joint_bootstrap():
    """A longer wire begins with the shorter one, so that their resistances are correlated.

    The resistance of a classical wire is the sum over its segments. 400 repeated experiments of
    100 samples each give the true scatter of the slope and of the ratio between two lengths.
    """
    segments = np.random.default_rng(23).exponential(size=(30, 400, 100))
    short, long = segments[:20].sum(axis=0), segments.sum(axis=0)

    def slope(short, long):
        return (long.mean(axis=-1) - short.mean(axis=-1)) / 10

    def ratio(short, long):
        return long.mean(axis=-1) / short.mean(axis=-1)

    at_short, at_long = statistics.mean(short), statistics.mean(long)
    relative = np.hypot(at_short.error / at_short.value, at_long.error / at_long.value)
    as_independent = {
        slope: np.hypot(at_short.error, at_long.error) / 10,
        ratio: ratio(short, long) * relative,
    }
    # The correlation cancels what the segments in common do to either quantity.
    excess = {slope: np.sqrt(50 / 10), ratio: np.sqrt((1 / 30 + 1 / 20) / (1 / 20 - 1 / 30))}
    for statistic, exact in [(slope, 1.0), (ratio, 1.5)]:
        joint = statistics.bootstrap(statistic, short, long, resamples=400)
        assert_honest(joint, exact)
        assert pulls(joint, exact).std() == pytest.approx(1, abs=0.12)
        scatter = joint.value.std()
        assert as_independent[statistic].mean() / scatter == pytest.approx(
            excess[statistic], rel=0.1
        )


def test_independent_arrays_have_the_same_error_by_joint_bootstrap_and_by_product():
    a, b = np.random.default_rng(24).normal(10, 1, size=(2, 400))
    joint = statistics.bootstrap(lambda a, b: a.mean() / b.mean(), a, b)
    product = statistics.product(statistics.mean(a), 1 / statistics.mean(b))
    assert product.value == pytest.approx(joint.value)
    assert product.error == pytest.approx(joint.error, rel=0.15)


def test_bootstrap_agrees_with_sums():
    x = np.random.default_rng(11).exponential(size=(4, 300))
    generic = statistics.bootstrap(lambda x: x.var(axis=-1, ddof=1), x, resamples=2000)
    sums = statistics.variance(x, resamples=2000)
    np.testing.assert_allclose(generic.value, sums.value)
    np.testing.assert_allclose(generic.error, sums.error, rtol=0.1)


def test_order_of_samples_moves_the_error_by_its_own_noise():
    rng = np.random.default_rng(16)
    x = rng.normal(size=300)
    errors = [statistics.variance(rng.permutation(x)).error for _ in range(20)]
    assert np.std(errors) / np.mean(errors) < 2 / np.sqrt(2 * resampling.RESAMPLES)


def test_resampling_seed_decides_the_error():
    x = np.random.default_rng(17).normal(size=100)
    for function in (
        statistics.variance,
        lambda x, **seed: statistics.bootstrap(np.var, x, **seed),
    ):
        assert function(x).error == function(x).error
        assert function(x).error != function(x, resampling_seed=1).error


def test_error_of_many_samples_is_right():
    x = np.random.default_rng(18).normal(size=10**6)
    assert statistics.variance(x).error == pytest.approx(np.sqrt(2e-6), rel=0.12)


def test_two_samples_have_an_error():
    two = [0.0, 1.0]
    assert statistics.bootstrap(np.mean, two, resamples=5000).error == pytest.approx(0.5, rel=0.05)


def test_a_statistic_that_is_not_finite_for_some_resample_has_no_error():
    """The cumulant, resampled by its sums, and the general bootstrap follow one rule."""
    values = np.zeros(6)
    values[0] = 1.0  # A third of the resamples miss it and have no variance to divide by.

    def skewness(x):
        with np.errstate(invalid="ignore"):
            return np.mean((x - x.mean()) ** 3) / np.var(x) ** 1.5

    by_sums = statistics.cumulant(values, 3, standardized=True)
    assert np.isfinite(by_sums.value) and np.isnan(by_sums.error)
    assert np.isnan(statistics.bootstrap(skewness, values).error)
