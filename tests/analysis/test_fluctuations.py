"""Half-width of a correlation function, on noise whose correlation is known."""

import numpy as np
import pytest

from mesokwant.analysis import correlation_width, half_width, mean_square_change
from mesokwant.statistics import autocorrelation, bootstrap

LAGS = 0.1 * np.arange(40)
MEMORY = 0.8


@pytest.fixture
def curves():
    """Noise with the correlation MEMORY ** steps, and a mean that drifts."""
    rng = np.random.default_rng(6)
    rows = [rng.normal(size=1500)]
    for _ in LAGS[1:]:
        rows.append(MEMORY * rows[-1] + np.sqrt(1 - MEMORY**2) * rng.normal(size=1500))
    return np.array(rows) + np.linspace(0, 5, len(LAGS))[:, None]


def test_half_width_of_known_curves():
    lags = np.linspace(0, 5, 400)
    assert half_width(lags, 3 / (1 + lags**2)) == pytest.approx(1, abs=1e-3)
    assert np.isnan(half_width([0, 1], [1.0, 0.8]))
    scales = np.array([0.5, 1.0, 20.0])[:, None]
    found = half_width(lags, 1 / (1 + (lags / scales) ** 2))
    assert found[:2] == pytest.approx([0.5, 1.0], abs=1e-3)
    assert np.isnan(found[2])


def test_half_width_scales_with_the_lags_of_each_curve():
    lags = np.array([[0.0, 1.0, 2.0], [0.0, 10.0, 20.0]])
    assert np.array_equal(half_width(lags, [4.0, 3.0, 1.0]), [1.5, 15.0])


def test_correlation_width_of_correlated_noise(curves):
    width = bootstrap(lambda g: correlation_width(LAGS, g), curves, resamples=200)
    expected = half_width(LAGS, MEMORY ** np.arange(len(LAGS)))
    assert abs(width.value - expected) < 4 * width.error
    assert 0 < width.error < 0.02


def test_correlation_width_is_that_of_the_autocorrelation(curves):
    expected = half_width(LAGS, autocorrelation(curves, axis=0, resamples=2).value)
    assert correlation_width(LAGS, curves) == pytest.approx(expected, rel=1e-12)


def test_a_background_that_no_lag_changes_is_left_out_of_the_width(curves):
    both = np.concatenate([curves + 3, curves - 3], axis=-1)
    known = np.mean(np.var(curves, axis=-1))
    expected = correlation_width(LAGS, curves)
    assert correlation_width(LAGS, both, variance=known) == pytest.approx(expected, rel=1e-12)
    assert not correlation_width(LAGS, both) < 2 * expected


def test_correlation_widths_of_several_curves_at_once(curves):
    several = np.stack([curves, curves[::-1], curves**2])
    expected = [correlation_width(LAGS, one) for one in several]
    assert correlation_width(LAGS, several) == pytest.approx(expected, rel=1e-12)


def test_missing_values_are_left_out_of_the_correlation(curves):
    samples = curves.shape[1] // 2
    missing = curves.copy()
    missing[:, samples:] = np.nan
    expected = correlation_width(LAGS, curves[:, :samples])
    assert correlation_width(LAGS, missing) == pytest.approx(expected, rel=1e-12)
    missing = curves.copy()
    missing[3, 5] = np.nan
    assert correlation_width(LAGS, missing) == pytest.approx(
        correlation_width(LAGS, curves), rel=0.01
    )


def test_change_is_the_variance_less_the_correlation(curves):
    change = mean_square_change(curves)
    exact = 1 - MEMORY ** np.arange(len(LAGS))
    np.testing.assert_allclose(change[:12], exact[:12], atol=0.06)  # Four standard errors.


def test_change_does_not_see_what_a_sample_keeps(curves):
    own = np.random.default_rng(8).normal(size=curves.shape[1])
    np.testing.assert_allclose(mean_square_change(curves + own), mean_square_change(curves))


def test_a_sample_with_a_missing_value_does_not_change(curves):
    holed = np.column_stack([curves, np.full(len(LAGS), 7.0)])
    holed[3, -1] = np.nan
    np.testing.assert_allclose(mean_square_change(holed), mean_square_change(curves))
