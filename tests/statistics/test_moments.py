"""Means, cumulants and paired differences of values whose moments are known."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from mesokwant import statistics

from .assertions import assert_honest, pulls


def test_values_are_the_textbook_ones():
    x = np.random.default_rng(0).normal(size=(3, 40)) ** 2
    np.testing.assert_allclose(statistics.mean(x).value, x.mean(axis=1))
    np.testing.assert_allclose(statistics.mean(x).error, x.std(axis=1, ddof=1) / np.sqrt(40))
    np.testing.assert_allclose(statistics.variance(x).value, x.var(axis=1, ddof=1))
    assert np.array_equal(statistics.mean(x).n, [40, 40, 40])


def test_cumulants_are_unbiased_and_errors_honest():
    x = np.random.default_rng(1).exponential(size=(1500, 60))
    for order, exact in [(2, 1), (3, 2), (4, 6)]:
        value = statistics.cumulant(x, order, resamples=50).value
        assert abs(value.mean() - exact) < 4 * value.std() / np.sqrt(value.size)
    gaussian = np.random.default_rng(2).normal(3, 2, size=(800, 400))
    for estimate, exact in [(statistics.mean(gaussian), 3), (statistics.variance(gaussian), 4)]:
        assert_honest(estimate, exact)
        pull = pulls(estimate, exact)
        assert abs(pull.mean()) < 0.2 and pull.std() == pytest.approx(1, abs=0.1)
    assert_honest(statistics.cumulant(gaussian, 3, standardized=True), 0)
    assert_honest(statistics.cumulant(gaussian, 4, standardized=True), 0)


@pytest.mark.parametrize("scale", [0.1, 7.0])
def test_exponential_distribution_has_skewness_2_and_excess_kurtosis_6(scale):
    x = 3 + np.random.default_rng(20).exponential(scale, size=10**6)
    for order, exact in [(2, 1), (3, 2), (4, 6)]:
        estimate = statistics.cumulant(x, order, standardized=True)
        assert abs(estimate.value - exact) < 0.05 * exact
        assert order == 2 or abs(pulls(estimate, exact)) < 3


def test_standardized_cumulants_equal_those_of_scipy():
    x = np.random.default_rng(21).gamma(2.0, 3.0, size=(4, 30))
    skewness = statistics.cumulant(x, 3, standardized=True).value
    kurtosis = statistics.cumulant(x, 4, standardized=True).value
    np.testing.assert_allclose(skewness, scipy.stats.skew(x, axis=1, bias=False))
    np.testing.assert_allclose(kurtosis, scipy.stats.kurtosis(x, axis=1, bias=False))


def test_error_of_a_standardized_cumulant_is_honest():
    x = np.random.default_rng(22).uniform(size=(800, 400))
    assert_honest(statistics.cumulant(x, 4, standardized=True), -1.2)


@pytest.mark.parametrize("order", [2, 3, 4])
def test_error_of_a_cumulant_is_that_of_the_general_bootstrap(order):
    x = np.random.default_rng(23).gamma(2.0, size=12)
    general = statistics.bootstrap(lambda x: scipy.stats.kstat(x, order), x)
    found = statistics.cumulant(x, order)
    # Both draw the same samples.
    assert (found.value, found.error) == pytest.approx((general.value, general.error), rel=1e-10)
    standardized = statistics.bootstrap(
        lambda x: scipy.stats.kstat(x, order) / scipy.stats.kstat(x, 2) ** (order / 2), x
    )
    found = statistics.cumulant(x, order, standardized=True)
    expected = standardized.value, standardized.error
    assert (found.value, found.error) == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_mean_of_few_samples_has_an_honest_error():
    x = np.random.default_rng(3).normal(size=(4000, 5))
    error = statistics.mean(x).error
    assert np.mean(error**2) == pytest.approx(1 / 5, rel=0.05)
    resampled = statistics.bootstrap(lambda x: x.mean(axis=-1), x[:50]).error
    np.testing.assert_allclose(resampled, error[:50], rtol=0.15)


def test_paired_difference_uses_the_pairing():
    rng = np.random.default_rng(6)
    common, noise = rng.normal(size=1000), 0.1 * rng.normal(size=1000)
    a, b = common + 0.05 + noise, common
    paired = statistics.paired_difference(a, b)
    unpaired = np.hypot(statistics.mean(a).error, statistics.mean(b).error)
    assert abs(pulls(paired, 0.05)) < 3
    assert paired.error < 0.1 * unpaired
    assert statistics.paired_difference(np.stack([a, a]), b).value.shape == (2,)
    with pytest.raises(ValueError, match="1000 and 999"):
        statistics.paired_difference(a, b[:-1])


def test_log_moments_of_a_localized_wire():
    """Log-normal g: the mean and variance of ln g are what was put in."""
    rng = np.random.default_rng(9)
    g = np.exp(rng.normal(-20, np.sqrt(40), size=4000))
    assert abs(pulls(statistics.log_mean(g), -20)) < 3
    assert abs(pulls(statistics.log_variance(g), 40)) < 3


@pytest.mark.parametrize("function", [statistics.log_mean, statistics.log_variance])
def test_logarithm_of_zero_is_refused(function):
    with pytest.raises(ValueError, match="2 of 3 values are zero or negative"):
        function([0.1, 0.0, -1e-18])


def test_unknown_order_is_refused():
    with pytest.raises(ValueError, match="use 2, 3 or 4"):
        statistics.cumulant([1.0, 2.0], 5)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=5, max_size=40),
    st.randoms(use_true_random=False),
)
def test_order_of_samples_is_irrelevant(values, random):
    shuffled = values.copy()
    random.shuffle(shuffled)
    for order in (2, 3, 4):
        first, second = (statistics.cumulant(x, order, resamples=20) for x in (values, shuffled))
        scale = np.ptp(values) ** order
        assert first.value == pytest.approx(second.value, rel=1e-9, abs=1e-9 * scale)
    first, second = statistics.mean(values), statistics.mean(shuffled)
    assert first.value == pytest.approx(second.value, abs=1e-9)
    assert first.error == pytest.approx(second.error, abs=1e-9)


@pytest.mark.parametrize("s, dominated", [(4, False), (32, True)])
def test_mean_deep_in_the_insulator_is_dominated_by_one_sample(s, dominated):
    """A log-normal g with <ln g> = -s and var ln g = 2s: <g> is carried by rare samples."""
    g = np.exp(np.random.default_rng(s).normal(-s, np.sqrt(2 * s), size=(20, 3000)))
    g = np.minimum(g, 1)
    assert np.mean(statistics.mean(g).dominated == dominated) > 0.9
    assert not np.any(statistics.log_mean(g).dominated)
    assert not np.any(statistics.log_variance(g).dominated)
    # Ratios and pairs inherit the flag.
    assert (2 * statistics.mean(g[0])).dominated == dominated
    assert statistics.paired_difference(g[0], 0 * g[0]).dominated == dominated


def test_variance_of_one_distant_sample_is_dominated():
    x = np.random.default_rng(30).normal(size=(2, 400))
    x[1, 7] = 10.0
    assert statistics.variance(x).dominated.tolist() == [False, True]
    assert statistics.mean(x).dominated.tolist() == [False, False]
    both = [statistics.variance(row) for row in x]
    assert statistics.stack(both).dominated.tolist() == [False, True]
    assert statistics.product(*both).dominated and statistics.weighted_mean(both).dominated
    assert "(n = 400, dominated by one sample)" in str(both[1])
    assert "dominated" not in str(both[0])


def test_few_samples_are_not_called_dominated():
    assert not statistics.mean([1.0, 2.0, 9.0]).dominated
    assert not np.any(
        statistics.mean(np.random.default_rng(31).exponential(size=(50, 12))).dominated
    )
