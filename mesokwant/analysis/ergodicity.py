"""Fluctuations of one sample along an axis, against those among samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..statistics import Estimate, bootstrap


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
