"""Fluctuations among samples at several points at once: pooled ratios, and their distribution.

The functions take conductances of shape (points, samples). They give one number or one curve for
all points, which may share their samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..statistics import Estimate, bootstrap


def variance_ratio(values: ArrayLike, expected: ArrayLike) -> Estimate:
    """Variance among samples over the expected one, averaged over the points.

    All points are resampled together, so they may be of the same samples.

    Parameters
    ----------
    values
        g, shape (points, samples); a missing value is NaN.
    expected
        Expected variances in the squared unit of g, shape (points,).

    Returns
    -------
    Estimate
        The mean ratio, a pure number.

    Examples
    --------
    >>> print(f"{variance_ratio([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]], [1.0, 2.0]).value:.3f}")
    1.500
    """
    g = np.asarray(values, dtype=float) / np.sqrt(expected)[:, None]
    # An error known to 4 per cent is enough.
    return bootstrap(lambda g: np.nanvar(g, axis=1, ddof=1).mean(), g, resamples=300)


def standardized(values: ArrayLike) -> NDArray[np.float64]:
    """Deviations (g - <g>)/rms g at every point, sample by sample.

    Parameters
    ----------
    values
        g, shape (points, samples); a missing value is NaN.

    Returns
    -------
    Numbers of mean 0 and variance 1 at every point, of the shape of the values.

    Examples
    --------
    >>> standardized([[1.0, 2.0, 3.0]])
    array([[-1.,  0.,  1.]])
    """
    g = np.asarray(values, dtype=float)
    deviations = g - np.nanmean(g, axis=1, keepdims=True)
    return deviations / np.nanstd(g, axis=1, ddof=1, keepdims=True)
