"""Fluctuations along an axis: how far a sample remembers, and how much it varies along the way.

The half-width of the correlation function of a fingerprint, and the variance of one sample along
an axis against that among samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from xarray import DataArray

from ..statistics import Estimate, bootstrap


def half_width(lags: ArrayLike, correlation: ArrayLike) -> float:
    """Lag at which a correlation function first falls to half its value at lag 0.

    Interpolated linearly between lags; NaN if it stays above. Put a theoretical curve through
    this at the lags of the data: the interpolation then errs alike in both.

    Parameters
    ----------
    lags
        From 0 upwards, shape (lags,).
    correlation
        C at the lags, shape (lags,); it need not be normalized.

    Examples
    --------
    >>> half_width([0.0, 1.0, 2.0], [4.0, 3.0, 1.0])
    1.5
    """
    x, c = np.asarray(lags, dtype=float), np.asarray(correlation, dtype=float)
    below = np.flatnonzero(c <= c[0] / 2)
    if not below.size:
        return float("nan")
    j = below[0]
    return float(x[j - 1] + (x[j] - x[j - 1]) * (c[j - 1] - c[0] / 2) / (c[j - 1] - c[j]))


def correlation_width(values: DataArray, axis: str) -> Estimate:
    """Half-width of the autocorrelation of g along an axis, with its error over samples.

    C(Δ) = <δg(x) δg(x + Δ)> as in `statistics.autocorrelation`, the mean over the samples taken
    off at every x.

    Parameters
    ----------
    values
        DataArray with the dimensions "sample" and the axis, which is equally spaced.
    axis
        Name of the axis.
    """
    curves = values.transpose(axis, "sample").values
    lags = values[axis].values - values[axis].values[0]
    points = len(lags)

    def width(g: np.ndarray) -> float:
        d = g - np.nanmean(g, axis=1, keepdims=True)
        return half_width(lags, [np.nanmean(d[: points - k] * d[k:]) for k in range(points)])

    # An error known to 4 per cent is enough, and the products over all lags take time.
    return bootstrap(width, curves, resamples=300)


def window_variance(curves: ArrayLike) -> Estimate:
    """Variance along the curve of a sample, over the variance among samples.

    The mean over the samples at every point is taken off first. For an ergodic quantity the
    ratio tends to one as the window grows; see `expected_window_variance` for a finite one.

    Parameters
    ----------
    curves
        g, shape (points, samples).
    """

    def ratio(g: np.ndarray) -> float:
        d = g - g.mean(axis=1, keepdims=True)
        return d.var(axis=0, ddof=1).mean() / d.var(axis=1, ddof=1).mean()

    return bootstrap(ratio, np.asarray(curves, dtype=float), resamples=300)


def expected_window_variance(correlation: ArrayLike) -> float:
    """What `window_variance` should be: below one, for points nearby are alike.

    [1 - (1/n²) Σ_ij C(|i-j|)] n/(n-1), exact for a stationary curve.

    Parameters
    ----------
    correlation
        Normalized correlation function C at the lags 0, 1, ... n-1 of the n points.
    """
    c = np.asarray(correlation, dtype=float)
    n = len(c)
    lag = abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return float((1 - c[lag].mean()) * n / (n - 1))
