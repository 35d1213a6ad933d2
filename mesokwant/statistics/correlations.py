"""How two quantities, or one quantity at two places of an axis, fluctuate together.

The functions take values of the same samples and give the covariance, or the autocorrelation
function along an axis, with errors over the samples.
"""

import math
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, Values, each_point, paired
from .estimate import Estimate
from .moments import mean
from .resampling import RESAMPLES, resample_sums


def covariance(
    a: Values, b: Values, *, resamples: int = RESAMPLES, resampling_seed: int = 0
) -> Estimate:
    """Unbiased covariance of two quantities measured on the same samples.

    Parameters
    ----------
    a, b
        Arrays (..., samples) that broadcast against each other, or DataArrays with the dimension
        "sample". A sample that is missing in either is left out.
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        In the product of the two units, with the shape of a * b without the samples.

    Raises
    ------
    TypeError
        If only one of them is a DataArray.
    ValueError
        If the numbers of samples differ.

    Examples
    --------
    >>> covariance([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 5.0]).value
    2.0
    """
    first, second = paired(a, b)

    def statistic(sums: Array) -> Array:
        n, sum_a, sum_b, sum_ab = sums
        return (sum_ab - sum_a * sum_b / n) / (n - 1)

    def one(row: NDArray[np.complex128]) -> tuple[float, float, int]:
        n = row.size
        if n < 2:
            return math.nan, math.nan, n
        deviation = row - row.mean()
        x, y = deviation.real, deviation.imag
        terms = [np.ones(n), x, y, x * y]
        return (*resample_sums(terms, statistic, resamples, resampling_seed), n)

    # One complex number carries the pair through broadcasting and missing samples.
    return each_point(first + 1j * second, one, dtype=complex)


def covariance_of_means(values: Array) -> tuple[Estimate, Array]:
    """Means of several points, and the covariances of these means by the samples they share.

    Parameters
    ----------
    values
        Array (points, samples), NaN where a sample is missing.

    Returns
    -------
    means
        Arrays of shape (points,).
    covariances
        Matrix (points, points) with the squared errors of the means on its diagonal. Points that
        share no samples have no covariance; a point of less than two samples has NaN.

    Examples
    --------
    >>> means, covariances = covariance_of_means(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]))
    >>> bool(np.allclose(covariances, np.array([[1, 2], [2, 4]]) / 3))
    True
    """
    means = mean(values)
    deviation = np.nan_to_num(values - means.value[:, None])
    # Each point has its own number of samples. The product keeps the matrix positive.
    with np.errstate(invalid="ignore"):
        deviation /= np.sqrt(means.n * (means.n - 1.0))[:, None]
    return means, deviation @ deviation.T


def autocorrelation(
    values: Values, axis: int | str, *, resamples: int = RESAMPLES, resampling_seed: int = 0
) -> Estimate:
    """Correlation of the fluctuations along an axis, C(Δ) = <δg(x) δg(x + Δ)>.

    δg(x) = g(x) - <g(x)>, where <...> averages over the samples at that x; the product is
    averaged over the samples and over all x. Samples are drawn with their whole curve, so the
    error knows how few independent points a curve holds. C(0) is the variance averaged over x.

    Parameters
    ----------
    values
        Array (..., samples), or DataArray with the dimension "sample".
    axis
        Axis of equally spaced x: a number for an array (not the last), a name for a DataArray.
        A sample that is missing at one x is left out at all x.
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        In the squared unit of the values, with the lags 0, 1, ... (steps of x) on the last axis;
        for a DataArray on the dimension "<axis>_lag", whose coordinate is Δ.

    Raises
    ------
    ValueError
        If the axis is the one of the samples, or its coordinate is not equally spaced.

    Examples
    --------
    >>> curves = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]  # two points x, three samples
    >>> autocorrelation(curves, axis=0).value
    array([1., 1.])
    """

    def one(curves: Array) -> tuple[Array, Array, NDArray[np.int64]]:
        points, n = curves.shape
        used = np.full(points, n)
        if n < 2:
            return np.full(points, math.nan), np.full(points, math.nan), used
        d = curves - curves.mean(axis=1, keepdims=True)
        lagged = (np.mean(d[: points - lag] * d[lag:], axis=0) for lag in range(points))

        def statistic(sums: Array) -> Array:
            n, first, products = sums[0], sums[1 : 1 + points], sums[1 + points :]
            mean = first / n
            shift = [np.mean(mean[: points - k] * mean[k:], axis=0) for k in range(points)]
            return (products / n - np.array(shift)) * n / (n - 1)

        terms = chain([np.ones(n)], d, lagged)
        return (*resample_sums(terms, statistic, resamples, resampling_seed), used)

    return each_point(values, one, axis=axis)
