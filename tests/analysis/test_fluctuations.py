"""Half-width of a correlation function, on noise whose correlation is known."""

import numpy as np
import pytest
import xarray as xr

from mesokwant.analysis import correlation_width, half_width


def test_half_width_of_a_known_curve():
    lags = np.linspace(0, 5, 400)
    assert half_width(lags, 3 / (1 + lags**2)) == pytest.approx(1, abs=1e-3)
    assert np.isnan(half_width([0, 1], [1.0, 0.8]))


def test_correlation_width_of_correlated_noise():
    points, samples, memory = 40, 1500, 0.8
    rng = np.random.default_rng(6)
    curves = [rng.normal(size=samples)]
    for _ in range(points - 1):
        curves.append(memory * curves[-1] + np.sqrt(1 - memory**2) * rng.normal(size=samples))
    offset = np.linspace(0, 5, points)[:, None]  # a mean that drifts does not count
    energy = 0.1 * np.arange(points)
    g = xr.DataArray(
        np.array(curves) + offset, dims=("energy", "sample"), coords={"energy": energy}
    )
    width = correlation_width(g, "energy")
    expected = half_width(energy, memory ** np.arange(points))
    assert abs(width.value - expected) < 4 * width.error
    assert width.error < 0.02
