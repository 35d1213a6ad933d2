"""Medians and quantiles of distributions whose quantiles are known, with and without tails."""

import numpy as np
import pytest
import scipy.stats
import xarray as xr

from mesokwant import statistics

from .assertions import assert_honest, pulls


@pytest.mark.parametrize("q", [0.05, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("n", [2, 3, 10, 11])
def test_quantile_is_that_of_numpy(q, n):
    x = np.random.default_rng(0).standard_cauchy(size=(3, n))
    found = statistics.quantile(x, q)
    np.testing.assert_allclose(found.value, np.quantile(x, q, axis=-1))
    assert np.all(found.error > 0) and np.all(found.n == n)


@pytest.mark.parametrize("q, n", [(0.5, 12), (0.5, 13), (0.2, 12), (0.9, 40)])
def test_error_is_that_of_the_general_bootstrap(q, n):
    """Resamples are drawn in another way: the two errors differ by their noise, 4 sigma here."""
    x = np.random.default_rng(1).exponential(size=n)
    general = statistics.bootstrap(lambda x: np.quantile(x, q), x, resamples=4000)
    found = statistics.quantile(x, q, resamples=40000)
    kurtosis = 6
    assert found.error == pytest.approx(general.error, rel=4 * np.sqrt(kurtosis / (4 * 4000)))


@pytest.mark.parametrize("name, q", [("norm", 0.5), ("norm", 0.9), ("cauchy", 0.5)])
def test_errors_of_quantiles_are_honest(name, q):
    law = getattr(scipy.stats, name)
    x = law.rvs(size=(600, 1000), random_state=2)
    found = statistics.quantile(x, q, resamples=400)
    assert_honest(found, law.ppf(q))
    # 68 and 95 per cent of the intervals hold the quantile; 600 intervals, 4 sigma.
    for width, share in [(1, 0.683), (2, 0.954)]:
        covered = np.mean(np.abs(pulls(found, law.ppf(q))) < width)
        assert covered == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 600))
    exact = np.sqrt(q * (1 - q) / 1000) / law.pdf(law.ppf(q))
    assert np.mean(found.error) == pytest.approx(exact, rel=0.1)


def test_median_of_heavy_tails_settles_where_the_mean_does_not():
    x = np.random.default_rng(3).standard_cauchy(size=(100, 1000))
    assert np.ptp(statistics.median(x).value) < 0.5 < 10 < np.ptp(statistics.mean(x).value)


def test_median_of_a_log_normal_distribution():
    g = np.exp(np.random.default_rng(4).normal(-20, 6, size=4000))
    found = statistics.log_median(g)
    assert abs(pulls(found, -20)) < 3
    assert found.error == pytest.approx(np.sqrt(np.pi / 2) * 6 / np.sqrt(4000), rel=0.2)
    assert found.value == pytest.approx(np.log(statistics.median(g).value), abs=0.01)


def test_missing_samples_and_labels_are_kept_as_in_every_statistic():
    x = xr.DataArray(np.random.default_rng(5).normal(size=(30, 2)), dims=("sample", "flux"))
    x[3:6, 1] = np.nan
    found = statistics.median(x)
    assert found.value.dims == ("flux",) and found.n.values.tolist() == [30, 27]
    assert found.value[1] == pytest.approx(np.nanmedian(x[:, 1]))
    assert str(statistics.median([0.5])) == "0.5 (n = 1: no error)"
    assert statistics.median([np.nan]).n == 0


def test_infinite_values_in_the_tail_do_no_harm():
    x = np.arange(100.0)
    x[-3:] = np.inf
    assert statistics.median(x).value == 49.5 and statistics.median(x).error > 0
    assert np.isnan(statistics.quantile(x, 0.96).error)


@pytest.mark.parametrize("q", [0, 1, -0.1, 50, np.nan])
def test_what_is_no_share_is_refused(q):
    with pytest.raises(ValueError, match="0 < q < 1"):
        statistics.quantile([1.0, 2.0], q)


def test_resampling_seed_decides_the_error():
    x = np.random.default_rng(6).normal(size=50)
    assert statistics.median(x).error == statistics.median(x).error
    assert statistics.median(x).error != statistics.median(x, resampling_seed=1).error
