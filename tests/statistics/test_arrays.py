"""Missing samples, labels and kinds of numbers: the same for every statistic."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import statistics

STATISTICS = [
    statistics.mean,
    statistics.variance,
    lambda x: statistics.cumulant(x, 3),
    lambda x: statistics.cumulant(x, 4, standardized=True),
]


@pytest.mark.parametrize("statistic", STATISTICS)
def test_missing_samples_are_left_out_and_counted(statistic):
    x = np.random.default_rng(13).normal(size=(2, 50))
    x[1, 10:17] = np.nan
    found, short = statistic(x), statistic(x[1, ~np.isnan(x[1])])
    assert found.n.tolist() == [50, 43] and short.n == 43
    assert found.value[1] == pytest.approx(short.value)
    assert found.error[1] == pytest.approx(short.error)


def test_samples_missing_in_one_of_a_pair_or_curve_are_left_out():
    rng = np.random.default_rng(14)
    a, b = rng.normal(size=(2, 30))
    a[3], b[4:6] = np.nan, np.nan
    assert statistics.paired_difference(a, b).n == 27
    assert statistics.covariance(a, b).n == 27
    assert statistics.autocorrelation(np.stack([a, b]), axis=0).n.tolist() == [27, 27]
    assert statistics.linear_fit([0, 1], np.stack([a, b])).n.tolist() == [30, 30]


@pytest.mark.parametrize("values", [[0.5], [np.nan], []])
def test_too_few_samples_have_no_error(values):
    for statistic in STATISTICS:
        assert np.isnan(statistic(values).error)
    assert np.isnan(statistics.covariance(values, values).error)


def test_one_sample_has_no_error_in_any_function():
    assert str(statistics.mean([0.5])) == "0.5 (n = 1: no error)"
    assert statistics.mean([np.nan]).n == 0
    assert np.isnan(statistics.bootstrap(np.mean, [0.5]).error)
    assert np.all(np.isnan(statistics.autocorrelation([[0.5], [0.6]], 0).error))
    assert np.all(np.isnan(statistics.histogram([0.5], [0, 1]).error))


@pytest.fixture
def g():
    rng = np.random.default_rng(15)
    return xr.DataArray(
        rng.normal(size=(40, 5, 3)),
        dims=("sample", "flux", "length"),
        coords={
            "sample": np.arange(40),
            "run": ("sample", np.arange(40)),
            "flux": 0.25 * np.arange(5),
            "length": [10, 20, 50],
        },
    )


def test_labels_survive(g):
    found = statistics.variance(g)
    assert found.value.dims == found.error.dims == found.n.dims == ("flux", "length")
    assert found.value.sel(flux=0.5, length=20) == pytest.approx(
        g.sel(flux=0.5, length=20).var(ddof=1).item()
    )
    assert statistics.covariance(g, g).value.dims == ("flux", "length")
    assert statistics.linear_fit(g.flux, g.isel(length=0)).value.shape == (2,)
    resampled = statistics.bootstrap(lambda g: g.mean("sample"), g, resamples=50)
    assert resampled.error.dims == resampled.n.dims == ("flux", "length")
    assert isinstance(statistics.mean(g[:, 0, 0]).value, float)


def test_correlation_has_labelled_lags(g):
    correlation = statistics.autocorrelation(g, "flux")
    assert correlation.value.dims == ("length", "flux_lag")
    np.testing.assert_allclose(correlation.value.flux_lag, 0.25 * np.arange(5))
    plain = statistics.autocorrelation(g.transpose("length", "flux", "sample").to_numpy(), -2)
    np.testing.assert_allclose(correlation.value, plain.value)
    with pytest.raises(ValueError, match="equally spaced"):
        statistics.autocorrelation(g, "length")


def test_pairs_are_matched_by_labels(g):
    rise = statistics.paired_difference(g, g.isel(flux=0, sample=slice(0, 30)))
    assert rise.value.dims == ("flux", "length") and np.all(rise.n == 30)
    with pytest.raises(TypeError, match="two DataArrays"):
        statistics.paired_difference(g, np.zeros(40))
    with pytest.raises(ValueError):
        statistics.paired_difference(g, g.assign_coords(length=[10, 20, 51]))


def test_array_without_samples_is_refused(g):
    with pytest.raises(ValueError, match="no dimension 'sample'"):
        statistics.mean(g.drop_vars("run").rename(sample="run"))


def test_integers_are_taken():
    assert statistics.mean([1, 2, 3]).value == 2
    assert statistics.median([1, 2, 3]).value == 2


AMPLITUDES = np.array([1j, 2.0, 1.0])


@pytest.mark.parametrize(
    "function",
    [
        *STATISTICS,
        statistics.log_mean,
        statistics.median,
        statistics.log_median,
        statistics.circular_mean,
        statistics.circular_variance,
        lambda t: statistics.covariance(t, [1.0, 2.0, 3.0]),
        lambda t: statistics.covariance([1.0, 2.0, 3.0], t),
        lambda t: statistics.paired_difference(t, t),
        lambda t: statistics.autocorrelation([t, t], axis=0),
        lambda t: statistics.histogram(t, [0, 1]),
        lambda t: statistics.linear_fit([0, 1], [t, t]),
        lambda t: statistics.bootstrap(np.mean, t),
    ],
)
@pytest.mark.parametrize("kind", [np.asarray, lambda t: xr.DataArray(t, dims="sample"), list])
def test_complex_amplitudes_are_refused(function, kind):
    with pytest.raises(TypeError, match=r"real values, and these are complex"):
        function(kind(AMPLITUDES))


def test_bootstrap_takes_amplitudes_and_gives_real_numbers():
    found = statistics.bootstrap(lambda t: abs(t.mean()), AMPLITUDES, resamples=50)
    assert found.value == pytest.approx(abs(AMPLITUDES.mean())) and found.error > 0
