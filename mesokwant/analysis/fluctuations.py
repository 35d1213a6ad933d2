"""Fluctuations along an axis: how far a sample remembers, and how much it varies along the way.

The half-width of the correlation function of a fingerprint, and the variance of one sample along
an axis against that among samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..statistics import Estimate, bootstrap
from ..theory.finite_correlation import half_width


def correlation_width(
    lags: ArrayLike, curves: ArrayLike, *, variance: float | None = None
) -> NDArray[np.float64]:
    """Half-width of the autocorrelation of curves of many samples.

    C(Δ) = <δg(x) δg(x + Δ)> as in `statistics.autocorrelation`, the mean over the samples taken
    off at every x. There is no error: give this function to `statistics.bootstrap` together with
    the curves of everything else that enters the result.

    Parameters
    ----------
    lags
        The axis of the curves less its first value, equally spaced, shape (..., points).
    curves
        g, shape (..., points, samples); a missing value is NaN.
    variance
        Variance of the part of g that changes along the axis, where it is known. What C(0) has
        beyond it is taken for a background that is the same at all lags. By default all of C(0)
        changes.

    Returns
    -------
    The half-widths in the unit of the lags, shape (...); see `half_width`.

    Examples
    --------
    >>> print(correlation_width([0.0, 1.0, 2.0], [[1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]))
    0.5
    """
    g = np.asarray(curves, dtype=float)
    deviation = g - np.nanmean(g, axis=-1, keepdims=True)
    present = ~np.isnan(deviation)
    deviation = np.where(present, deviation, 0.0)
    # All products of two points at once: those at one distance lie on a diagonal.
    products = deviation @ deviation.swapaxes(-1, -2)
    pairs = present.astype(float) @ present.swapaxes(-1, -2).astype(float)
    correlation = [
        np.trace(products, lag, axis1=-2, axis2=-1) / np.trace(pairs, lag, axis1=-2, axis2=-1)
        for lag in range(g.shape[-2])
    ]
    found = np.stack(correlation, axis=-1)
    if variance is not None:
        found = found - found[..., :1] + variance
    return half_width(lags, found)


def mean_square_change(curves: ArrayLike) -> NDArray[np.float64]:
    """Half the mean square of the change of g along an axis, ½<[δg(x + Δ) - δg(x)]²>.

    It is var g less the correlation of g(x) and g(x + Δ). What fluctuates from sample to sample,
    but does not change along the axis, is not in it, such as paths of a few mean free paths.
    There is no error: give this function to `statistics.bootstrap` or `statistics.curve`.

    Parameters
    ----------
    curves
        g, shape (points, samples), at equally spaced points; a sample with a missing value is
        left out.

    Returns
    -------
    The change at the lags 0, 1, ... points - 1, in the squared unit of g, shape (points,).

    Examples
    --------
    >>> print(mean_square_change([[1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]))
    [0. 2. 4.]
    """
    g = np.asarray(curves, dtype=float)
    g = g[:, np.all(np.isfinite(g), axis=0)]
    deviation = g - g.mean(axis=1, keepdims=True)
    covariance = deviation @ deviation.T / (g.shape[1] - 1)
    variance = np.diag(covariance)
    change = (variance[:, None] + variance) / 2 - covariance
    # All pairs of points at once: those at one distance lie on two diagonals.
    points = np.arange(len(g))
    distance = abs(points[:, None] - points).ravel()
    return np.bincount(distance, change.ravel()) / np.bincount(distance)


def window_variance(
    curves: ArrayLike, *, points: int | None = None, variance: float | None = None
) -> Estimate:
    """Variance along the curve of a sample, over the variance among samples.

    The mean over the samples at every point is taken off first. For an ergodic quantity the
    ratio tends to one as the window grows; see `theory.finite_window_variance` for a finite one.

    Parameters
    ----------
    curves
        g, shape (points, samples).
    points
        Points of a window; every curve is cut into as many as it has. By default a curve is one.
    variance
        Variance among samples where theory says it; by default the measured one.

    Examples
    --------
    >>> curves = np.random.default_rng(1).normal(size=(50, 400))
    >>> window_variance(curves, points=10, variance=1.0)
    <Estimate 0.985 ± 0.010 (n = 400)>
    """
    values = np.asarray(curves, dtype=float)
    size = len(values) if points is None else points
    starts = range(0, len(values) - size + 1, size)

    def ratio(g: np.ndarray) -> float:
        d = g - g.mean(axis=1, keepdims=True)
        along = np.mean([d[start : start + size].var(axis=0, ddof=1) for start in starts])
        # The mean that was taken off took 1/samples of the variance along.
        among = d.var(axis=1).mean() if variance is None else variance * (1 - 1 / g.shape[1])
        return float(along / among)

    return bootstrap(ratio, values, resamples=300)
