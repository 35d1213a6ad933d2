"""Estimates against distributions whose moments are exact; no transport."""

import doctest
import importlib
from dataclasses import FrozenInstanceError

import kwant
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from mesokwant import statistics, theory
from mesokwant.statistics import Estimate, resampling

STATISTICS = [
    statistics.mean,
    statistics.variance,
    lambda x: statistics.cumulant(x, 3),
    lambda x: statistics.cumulant(x, 4, standardized=True),
]


def pulls(estimate, expected):
    return (np.asarray(estimate.value) - expected) / np.asarray(estimate.error)


def assert_honest(estimate, expected):
    """Over many independent points: no bias, and the errors are the scatter of the values."""
    value, error = np.asarray(estimate.value), np.asarray(estimate.error)
    assert abs(value.mean() - expected) < 4 * value.std() / np.sqrt(value.size)
    assert np.sqrt(np.mean(error**2)) == pytest.approx(value.std(), rel=0.1)


@pytest.mark.parametrize("name", ["estimate", "resampling"])
def test_doctests(name):
    result = doctest.testmod(importlib.import_module(f"mesokwant.statistics.{name}"))
    assert result.attempted > 0 and result.failed == 0


# --- exact ensembles -----------------------------------------------------------------------


@pytest.mark.parametrize("beta, symmetry", [(1, "AI"), (2, "A"), (4, "AII")])
def test_chaotic_cavity(beta, symmetry):
    rng = np.random.RandomState(7)
    n1, n2 = 2, 3
    pair = 2 if beta == 4 else 1  # at beta = 4 theory counts Kramers pairs once
    g, noise = [], []
    for _ in range(4000):
        s = kwant.rmt.circular(pair * (n1 + n2), symmetry, rng=rng)
        t = s[pair * n1 :, : pair * n1]
        eigenvalues = np.linalg.svd(t, compute_uv=False) ** 2
        g.append(eigenvalues.sum() / pair)
        noise.append(np.sum(eigenvalues * (1 - eigenvalues)) / pair)
    for estimate, expected in [
        (statistics.mean(g), theory.cavity_conductance(n1, n2, beta=beta)),
        (statistics.variance(g), theory.cavity_conductance_variance(n1, n2, beta=beta)),
        (statistics.mean(noise), theory.cavity_shot_noise(n1, n2, beta=beta)),
    ]:
        assert abs(pulls(estimate, expected)) < 3
        assert estimate.error < 0.05 * estimate.value


@pytest.mark.parametrize("beta, symmetry", [(1, "AI"), (2, "A")])
def test_distribution_of_a_single_mode(beta, symmetry):
    rng = np.random.RandomState(3)
    t = [abs(kwant.rmt.circular(2, symmetry, rng=rng)[1, 0]) ** 2 for _ in range(4000)]
    edges = np.linspace(0, 1, 9)
    # Probability of a bin: the integral of (β/2) T^(β/2 - 1) is T^(β/2).
    expected = np.diff(edges ** (beta / 2)) / np.diff(edges)
    found = statistics.histogram(t, edges)
    pull = pulls(found, expected)
    assert np.max(np.abs(pull)) < 3.5 and np.sum(pull**2) < 20
    assert np.sum(found.value * np.diff(edges)) == pytest.approx(1)


def test_pooled_eigenvalues_repel():
    """Level repulsion makes the counts of one seed vary less than independent draws."""
    rng = np.random.RandomState(2)
    phases = [np.angle(np.linalg.eigvals(kwant.rmt.circular(8, rng=rng))) for _ in range(500)]
    found = statistics.histogram(np.transpose(phases), np.linspace(-np.pi, np.pi, 5))
    np.testing.assert_array_less(np.abs(pulls(found, 1 / (2 * np.pi))), 3.5)
    binomial = np.sqrt(0.25 * 0.75 / (8 * 500)) / (np.pi / 2)
    assert np.all(found.error < 0.7 * binomial)


# --- synthetic data: values and honest errors ----------------------------------------------


def test_values_are_the_textbook_ones():
    x = np.random.default_rng(0).normal(size=(3, 40)) ** 2
    np.testing.assert_allclose(statistics.mean(x).value, x.mean(axis=1))
    np.testing.assert_allclose(statistics.mean(x).error, x.std(axis=1, ddof=1) / np.sqrt(40))
    np.testing.assert_allclose(statistics.variance(x).value, x.var(axis=1, ddof=1))
    np.testing.assert_allclose(statistics.covariance(x, x).value, x.var(axis=1, ddof=1))
    np.testing.assert_allclose(statistics.covariance(x[0], x[1]).value, np.cov(x[:2])[0, 1])
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


def test_few_samples_still_have_an_honest_mean():
    x = np.random.default_rng(3).normal(size=(4000, 5))
    error = statistics.mean(x).error
    assert np.mean(error**2) == pytest.approx(1 / 5, rel=0.05)
    resampled = statistics.bootstrap(lambda x: x.mean(axis=-1), x[:50]).error
    np.testing.assert_allclose(resampled, error[:50], rtol=0.15)


def test_groups_change_nothing_but_the_cost(monkeypatch):
    x = np.random.default_rng(4).normal(size=3000)
    grouped = statistics.variance(x, resamples=4000)
    monkeypatch.setattr(resampling, "GROUPS", 3000)
    plain = statistics.variance(x, resamples=4000)
    assert grouped.value == pytest.approx(plain.value, rel=1e-12)
    assert grouped.error == pytest.approx(plain.error, rel=0.05)
    assert plain.error == pytest.approx(np.sqrt(2 / 3000), rel=0.05)


def test_covariance_error():
    rng = np.random.default_rng(5)
    common, a, b = rng.normal(size=(3, 600, 200))
    estimate = statistics.covariance(common + a, common + 0.5 * b)
    assert_honest(estimate, 1)


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


def curves(rng, points, samples):
    """Moving averages over three neighbours: C = 3, 2, 1, 0, 0, ..."""
    noise = rng.normal(size=(points + 2, samples))
    return noise[:-2] + noise[1:-1] + noise[2:]


def test_autocorrelation():
    rng = np.random.default_rng(8)
    g = np.stack([curves(rng, 12, 100) for _ in range(200)]) + np.arange(12)[:, None]
    estimate = statistics.autocorrelation(g, axis=1, resamples=400)
    exact = np.array([3, 2, 1] + 9 * [0])
    assert estimate.value.shape == (200, 12)
    for lag in (0, 1, 2, 5):
        assert_honest(estimate[:, lag], exact[lag])
    average_variance = statistics.variance(g[0], resamples=10).value.mean()
    assert estimate.value[0, 0] == pytest.approx(average_variance)


def test_log_moments_of_a_localized_wire():
    """Log-normal g: the mean and variance of ln g are what was put in."""
    rng = np.random.default_rng(9)
    g = np.exp(rng.normal(-20, np.sqrt(40), size=4000))
    assert abs(pulls(statistics.log_mean(g), -20)) < 3
    assert abs(pulls(statistics.log_variance(g), 40)) < 3
    for function in (statistics.log_mean, statistics.log_variance):
        with pytest.raises(ValueError, match="2 of 3 samples are zero or negative"):
            function([0.1, 0.0, -1e-18])


def test_histogram_counts():
    found = statistics.histogram([0.1, 0.2, 1.0, 2.0, 3.0, -1, np.nan, 0.3], [0, 0.5, 1, 2])
    np.testing.assert_allclose(found.value, np.array([3, 0, 2]) / 7 / [0.5, 0.5, 1])
    binomial = np.sqrt(np.array([3 * 4, np.nan, 2 * 5]) / 7**2 / 6) / [0.5, 0.5, 1]
    np.testing.assert_allclose(found.error[[0, 2]], binomial[[0, 2]])
    assert found.error[1] == pytest.approx(np.sqrt(7 / 6) / 7 / 0.5)
    assert np.array_equal(found.n, [7, 7, 7])


# --- functions of several curves -----------------------------------------------------------


def test_bootstrap_of_a_ratio_follows_shared_seeds():
    rng = np.random.default_rng(10)
    common = rng.normal(10, 1, size=400)
    a, b = 2 * common + 0.1 * rng.normal(size=400), common

    def ratio(a, b):
        return a.mean() / b.mean()

    joint = statistics.bootstrap(ratio, a, b)
    assert abs(pulls(joint, 2)) < 3 and joint.n == 400
    assert joint.error < 0.001 < statistics.bootstrap(ratio, a, b[::-1]).error
    with pytest.raises(ValueError, match=r"\[399, 400\]"):
        statistics.bootstrap(ratio, a, b[:-1])


def test_bootstrap_agrees_with_sums():
    x = np.random.default_rng(11).exponential(size=(4, 300))
    generic = statistics.bootstrap(lambda x: x.var(axis=-1, ddof=1), x, resamples=2000)
    sums = statistics.variance(x, resamples=2000)
    np.testing.assert_allclose(generic.value, sums.value)
    np.testing.assert_allclose(generic.error, sums.error, rtol=0.1)


def test_linear_fit():
    rng = np.random.default_rng(12)
    x = np.array([10.0, 20, 30, 60])
    g = 3 - 0.1 * x[:, None] + rng.normal(size=(4, 300)) * x[:, None] / 10 + rng.normal(size=300)
    fit = statistics.linear_fit(x, g)
    assert np.all(np.abs(pulls(fit, [3, -0.1])) < 3)
    weights = 1 / statistics.mean(g).error
    slope, intercept = np.polyfit(x, g.mean(axis=1), 1, w=weights)
    np.testing.assert_allclose(fit.value, [intercept, slope])

    def refit(g):
        return np.polyfit(x, g.mean(axis=1), 1, w=weights)[::-1]

    np.testing.assert_allclose(fit.error, statistics.bootstrap(refit, g).error, rtol=0.1)
    with pytest.raises(ValueError, match="needs an error at every point"):
        statistics.linear_fit(x, g[:, :1])


# --- missing samples, labels, order, size --------------------------------------------------


@pytest.mark.parametrize("statistic", STATISTICS)
def test_missing_samples_are_left_out_and_counted(statistic):
    x = np.random.default_rng(13).normal(size=(2, 50))
    x[1, 10:17] = np.nan
    found, short = statistic(x), statistic(x[1, ~np.isnan(x[1])])
    assert found.n.tolist() == [50, 43] and short.n == 43
    assert found.value[1] == pytest.approx(short.value)
    assert found.error[1] == pytest.approx(short.error)


def test_missing_samples_in_pairs_and_curves():
    rng = np.random.default_rng(14)
    a, b = rng.normal(size=(2, 30))
    a[3], b[4:6] = np.nan, np.nan
    assert statistics.paired_difference(a, b).n == 27
    assert statistics.covariance(a, b).n == 27
    assert statistics.autocorrelation(np.stack([a, b]), axis=0).n.tolist() == [27, 27]
    assert statistics.linear_fit([0, 1], np.stack([a, b])).n.tolist() == [30, 30]


def test_too_few_samples_have_no_error():
    assert str(statistics.mean([0.5])) == "0.5 (n = 1: no error)"
    for samples in ([0.5], [np.nan], []):
        for statistic in STATISTICS:
            assert np.isnan(statistic(samples).error)
        assert np.isnan(statistics.covariance(samples, samples).error)
    assert statistics.mean([np.nan]).n == 0
    assert np.isnan(statistics.bootstrap(np.mean, [0.5]).error)
    assert np.all(np.isnan(statistics.autocorrelation([[0.5], [0.6]], 0).error))
    assert np.all(np.isnan(statistics.histogram([0.5], [0, 1]).error))
    with pytest.raises(ValueError, match="every sample is missing"):
        statistics.histogram([np.nan], [0, 1])


def test_labels_survive():
    rng = np.random.default_rng(15)
    g = xr.DataArray(
        rng.normal(size=(40, 5, 3)),
        dims=("sample", "flux", "length"),
        coords={
            "sample": np.arange(40),
            "seed": ("sample", np.arange(40)),
            "flux": 0.25 * np.arange(5),
            "length": [10, 20, 50],
        },
    )
    found = statistics.variance(g)
    assert found.value.dims == found.error.dims == found.n.dims == ("flux", "length")
    assert found.value.sel(flux=0.5, length=20) == pytest.approx(
        g.sel(flux=0.5, length=20).var(ddof=1).item()
    )
    rise = statistics.paired_difference(g, g.isel(flux=0, sample=slice(0, 30)))
    assert rise.value.dims == ("flux", "length") and np.all(rise.n == 30)
    assert statistics.covariance(g, g).value.dims == ("flux", "length")

    correlation = statistics.autocorrelation(g, "flux")
    assert correlation.value.dims == ("length", "flux_lag")
    np.testing.assert_allclose(correlation.value.flux_lag, 0.25 * np.arange(5))
    plain = statistics.autocorrelation(g.transpose("length", "flux", "sample").to_numpy(), -2)
    np.testing.assert_allclose(correlation.value, plain.value)
    with pytest.raises(ValueError, match="equally spaced"):
        statistics.autocorrelation(g, "length")

    fit = statistics.linear_fit(g.flux, g.isel(length=0))
    assert fit.value.shape == (2,)
    resampled = statistics.bootstrap(lambda g: g.mean("sample"), g, resamples=50)
    assert resampled.error.dims == resampled.n.dims == ("flux", "length")
    assert isinstance(statistics.mean(g[:, 0, 0]).value, float)
    with pytest.raises(TypeError, match="two DataArrays"):
        statistics.paired_difference(g, np.zeros(40))
    with pytest.raises(ValueError, match="no dimension 'sample'"):
        statistics.mean(g.rename(sample="run"))
    with pytest.raises(ValueError):
        statistics.paired_difference(g, g.assign_coords(length=[10, 20, 51]))


def test_the_samples_are_no_axis_of_a_correlation():
    for axis in (-1, 1):
        with pytest.raises(ValueError, match="last axis holds the samples"):
            statistics.autocorrelation(np.ones((3, 4)), axis)


def test_amplitudes_and_unknown_orders_are_refused():
    with pytest.raises(TypeError):
        statistics.mean(np.array([1j, 2.0]))
    with pytest.raises(ValueError, match="use 2, 3 or 4"):
        statistics.cumulant([1.0, 2.0], 5)
    assert statistics.mean([1, 2, 3]).value == 2


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=5, max_size=40),
    st.randoms(use_true_random=False),
)
def test_order_of_samples_is_irrelevant(samples, random):
    shuffled = samples.copy()
    random.shuffle(shuffled)
    for order in (2, 3, 4):
        first, second = (statistics.cumulant(x, order, resamples=20) for x in (samples, shuffled))
        scale = np.ptp(samples) ** order
        assert first.value == pytest.approx(second.value, rel=1e-9, abs=1e-9 * scale)
    first, second = statistics.mean(samples), statistics.mean(shuffled)
    assert first.value == pytest.approx(second.value, abs=1e-9)
    assert first.error == pytest.approx(second.error, abs=1e-9)


def test_order_of_samples_moves_the_error_by_its_own_noise():
    rng = np.random.default_rng(16)
    x = rng.normal(size=300)
    errors = [statistics.variance(rng.permutation(x)).error for _ in range(20)]
    assert np.std(errors) / np.mean(errors) < 2 / np.sqrt(2 * resampling.RESAMPLES)


def test_results_are_deterministic():
    x = np.random.default_rng(17).normal(size=100)
    assert statistics.variance(x).error == statistics.variance(x).error
    assert statistics.variance(x).error != statistics.variance(x, seed=1).error
    first, second = (statistics.bootstrap(np.median, x) for _ in range(2))
    assert first.error == second.error


def test_many_samples_are_cheap():
    x = np.random.default_rng(18).normal(size=10**6)
    assert statistics.variance(x).error == pytest.approx(np.sqrt(2e-6), rel=0.12)
    edges = np.linspace(-1, 1, 11)
    assert statistics.histogram(x, edges).n[0] == 10**6


# --- printing ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, error, n, text",
    [
        (0.33121, 0.0041, 400, "0.3312 ± 0.0041 (n = 400)"),
        (0.33121, 0.00996, 400, "0.331 ± 0.010 (n = 400)"),
        (12.34, 1.26, 9, "12.3 ± 1.3 (n = 9)"),
        (1234.5, 67.8, 9, "1234 ± 68 (n = 9)"),
        (0.5, 0.0, 4, "0.5 ± 0 (n = 4)"),
        (1.5e-9, 2.34e-11, 4, "1.5e-09 ± 2.3e-11 (n = 4)"),
        (np.nan, np.nan, 0, "nan (n = 0: no error)"),
    ],
)
def test_print(value, error, n, text):
    assert str(Estimate(value, error, n)) == text
    assert repr(Estimate(value, error, n)) == f"<Estimate {text}>"


def test_estimate_of_many_points():
    estimate = statistics.mean([[1.0, 2.0], [3.0, 3.5]])
    assert str(estimate) == "[1.50 ± 0.50 (n = 2),\n 3.25 ± 0.25 (n = 2)]"
    assert str(estimate[1]) == "3.25 ± 0.25 (n = 2)"
    with pytest.raises(FrozenInstanceError):
        estimate.value = 0.0
