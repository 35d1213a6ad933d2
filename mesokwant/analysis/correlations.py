"""How far a fingerprint remembers: the half-width of its correlation function."""

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


def correlation_width(samples: DataArray, axis: str) -> Estimate:
    """Half-width of the autocorrelation of g along an axis, with its error over seeds.

    C(Δ) = <δg(x) δg(x + Δ)> as in `statistics.autocorrelation`, the mean over the samples taken
    off at every x.

    Parameters
    ----------
    samples
        DataArray with the dimensions "sample" and the axis, which is equally spaced.
    axis
        Name of the axis.
    """
    curves = samples.transpose(axis, "sample").values
    lags = samples[axis].values - samples[axis].values[0]
    points = len(lags)

    def width(g: np.ndarray) -> float:
        d = g - np.nanmean(g, axis=1, keepdims=True)
        return half_width(lags, [np.nanmean(d[: points - k] * d[k:]) for k in range(points)])

    # An error known to 4 per cent is enough, and the products over all lags take time.
    return bootstrap(width, curves, resamples=300)
