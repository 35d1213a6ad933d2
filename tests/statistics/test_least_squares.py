"""Fits of models to synthetic data whose parameters are known, with and without shared samples."""

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import xarray as xr

from mesokwant import statistics
from mesokwant.statistics import Estimate

from .assertions import pulls

X = np.linspace(0.0, 3.0, 5)
START = {"amplitude": 1.0, "length": 1.0}
EXACT = {"amplitude": 2.0, "length": 1.5}


def decay(x, amplitude, length):
    return amplitude * np.exp(-np.asarray(x) / length)


def line(x, offset, slope):
    return offset + slope * np.asarray(x)


def shared(rng, model, exact, samples, *, noise=0.1, common=0.3):
    """Values of samples whose points share most of their fluctuations."""
    own = noise * rng.normal(size=(X.size, samples))
    return model(X, **exact)[:, None] + own + common * rng.normal(size=samples)


def independent(rng, model, exact, errors):
    return Estimate(rng.normal(model(X, **exact), errors), errors, np.full(X.size, 100))


ERRORS = np.array([0.05, 0.04, 0.03, 0.02, 0.02])


def test_fit_of_independent_points_is_that_of_scipy():
    data = independent(np.random.default_rng(0), decay, EXACT, ERRORS)
    fit = statistics.model_fit(decay, X, data, START)
    best, covariance = scipy.optimize.curve_fit(
        decay, X, data.value, [1, 1], sigma=ERRORS, absolute_sigma=True
    )
    np.testing.assert_allclose(fit.parameters.value, best, rtol=1e-5)
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-3)
    assert fit.chi2 == pytest.approx(np.sum(((decay(X, *best) - data.value) / ERRORS) ** 2))
    assert fit.dof == 3 and fit.p_value == pytest.approx(scipy.stats.chi2.sf(fit.chi2, 3))


def fits(data, model, start, repetitions):
    found = [statistics.model_fit(model, X, data(), start) for _ in range(repetitions)]
    parameters = np.array([[fit.parameters.value, fit.parameters.error] for fit in found])
    return found, parameters[:, 0], parameters[:, 1]


def assert_covered(value, error, exact):
    """68 and 95 per cent of the intervals hold the parameter; allowed: 4 sigma."""
    pull = (value - np.array(list(exact.values()))) / error
    for width, share in [(1, 0.683), (2, 0.954)]:
        covered = np.mean(np.abs(pull) < width, axis=0)
        allowed = 4 * np.sqrt(share * (1 - share) / len(pull))
        np.testing.assert_allclose(covered, share, atol=allowed)


def assert_uniform(probabilities):
    """The p-values of right models are uniform: a Kolmogorov-Smirnov test at 0.1 per cent."""
    assert scipy.stats.kstest(probabilities, "uniform").pvalue > 1e-3


@pytest.mark.parametrize(
    "model, exact, start",
    [(decay, EXACT, START), (line, {"offset": 1.0, "slope": -0.2}, {"offset": 0, "slope": 0})],
)
def test_intervals_of_independent_points_cover_the_parameters(model, exact, start):
    rng = np.random.default_rng(1)
    found, value, error = fits(lambda: independent(rng, model, exact, ERRORS), model, start, 200)
    assert_covered(value, error, exact)
    assert_uniform([fit.p_value for fit in found])
    assert np.mean([fit.chi2 for fit in found]) == pytest.approx(3, abs=4 * np.sqrt(6 / 200))


@pytest.mark.parametrize("samples", [16, 200])
def test_intervals_of_shared_samples_cover_the_parameters(samples):
    """Even 16 samples for 5 points: an uncorrected fit would be wrong there by a third."""
    rng = np.random.default_rng(2)
    exact = {"offset": 1.0, "slope": -0.2}
    found, value, error = fits(
        lambda: shared(rng, line, exact, samples), line, {"offset": 0, "slope": 0}, 250
    )
    width = np.sqrt(np.mean(error**2, axis=0)) / value.std(axis=0)
    np.testing.assert_allclose(width, 1, atol=4 / np.sqrt(2 * 250))
    assert_uniform([fit.p_value for fit in found])
    chi2 = np.array([fit.chi2 for fit in found])
    assert abs(chi2.mean() - 3) < 4 * chi2.std() / np.sqrt(chi2.size)
    if samples > 100:
        assert_covered(value, error, exact)


def test_shared_samples_are_not_independent_points():
    """Common fluctuations cancel in the length, and chi² of independent points misses them."""
    values = shared(np.random.default_rng(3), decay, EXACT, 400)
    fit = statistics.model_fit(decay, X, values, START)
    naive = statistics.model_fit(decay, X, statistics.mean(values), START)
    assert np.all(np.abs(pulls(fit.parameters, list(EXACT.values()))) < 3)
    assert naive.chi2 < 0.3 * naive.dof
    boot = statistics.bootstrap(
        lambda v: scipy.optimize.curve_fit(decay, X, v.mean(axis=1), [2, 1.5])[0],
        values,
        resamples=100,
    )
    assert fit["amplitude"].error < boot.error[0]


def test_samples_of_separate_points_give_the_fit_of_independent_estimates():
    """Disjoint samples, padded with NaN, have no covariance."""
    values = np.full((5, 2000), np.nan)
    for i, row in enumerate(
        np.random.default_rng(4).normal(decay(X, 2, 1.5)[:, None], 1, (5, 400))
    ):
        values[i, 400 * i : 400 * (i + 1)] = row
    fit = statistics.model_fit(decay, X, values, START)
    independent = statistics.model_fit(decay, X, statistics.mean(values), START)
    np.testing.assert_allclose(fit.parameters.value, independent.parameters.value, rtol=1e-6)
    np.testing.assert_allclose(fit.parameters.error, independent.parameters.error, rtol=0.02)
    assert fit["length"].n == 400


def test_wrong_model_has_a_small_probability():
    values = shared(np.random.default_rng(5), decay, EXACT, 300)
    assert statistics.model_fit(line, X, values, {"offset": 0, "slope": 0}).p_value < 1e-6


def test_line_with_the_same_weights_is_the_linear_fit():
    values = np.random.default_rng(6).normal(line(X, 1, 2)[:, None], 0.3, size=(5, 10**4))
    fit = statistics.model_fit(line, X, values, {"offset": 0, "slope": 0})
    simple = statistics.linear_fit(X, values)
    np.testing.assert_allclose(fit.parameters.value, simple.value, atol=0.2 * simple.error.min())
    np.testing.assert_allclose(fit.parameters.error, simple.error, rtol=0.02)


def test_curve_has_the_error_of_its_parameters():
    data = independent(np.random.default_rng(7), line, {"offset": 1.0, "slope": -0.2}, ERRORS)
    fit = statistics.model_fit(line, X, data, {"offset": 0, "slope": 0})
    design = np.stack([np.ones(3), np.array([-1.0, 0.5, 7.0])])
    curve = fit(design[1])
    np.testing.assert_allclose(curve.value, fit.parameters.value.to_numpy() @ design)
    np.testing.assert_allclose(
        curve.error, np.sqrt(np.diag(design.T @ fit.covariance @ design)), rtol=1e-6
    )
    assert fit(0.0).error == pytest.approx(fit["offset"].error, rel=1e-6)
    assert "offset" in str(fit) and "chi²/dof" in str(fit)


def test_labelled_values_are_taken():
    values = shared(np.random.default_rng(8), decay, EXACT, 60)
    labelled = xr.DataArray(values.T, dims=("sample", "length"), coords={"length": X})
    fit, plain = (statistics.model_fit(decay, X, v, START) for v in (labelled, values))
    np.testing.assert_allclose(fit.parameters.value, plain.parameters.value)


def test_as_many_parameters_as_points_leave_no_dof():
    fit = statistics.model_fit(line, X[:2], Estimate([1.0, 2.0], [0.1, 0.1], [9, 9]), {
        "offset": 0, "slope": 0
    })  # fmt: skip
    assert fit.dof == 0 and np.isnan(fit.p_value) and fit.chi2 == pytest.approx(0, abs=1e-12)


def test_what_cannot_be_fitted_is_refused():
    values = shared(np.random.default_rng(9), decay, EXACT, 40)
    refused = [
        ("cannot determine 3 parameters", lambda x, a, b, c: a + b * x + c, X[:2], values[:2]),
        ("do not determine all", lambda x, a, b, c: a + b + c * x, X, values),
        ("shape", lambda x, a, b, c: a + b + c, X, values),
        ("not finite at the start", lambda x, a, b, c: a / (b - 1) + c * x, X, values),
        ("at least 10 samples, not 9", None, X, values[:, :9]),
        ("no variance", None, X, values[[0, 1, 2, 3, 3]]),
        ("positive error", None, X, np.where(X[:, None] > 1, values, 1.0)),
        ("on one axis", None, X, statistics.mean(values[0])),
        ("select one curve", None, X, values[0]),
    ]
    for message, model, x, data in refused:
        with pytest.raises(ValueError, match=message), np.errstate(divide="ignore"):
            statistics.model_fit(model or line_of_three, x, data, {"a": 1.0, "b": 1.0, "c": 1.0})
    with pytest.raises(TypeError, match="needs real values"):
        statistics.model_fit(decay, X, values + 0j, START)
    with pytest.raises(KeyError):
        statistics.model_fit(decay, X, values, START)["width"]


def line_of_three(x, a, b, c):
    return a + b * x + c * x**2
