"""Means and cumulants of values over the samples, of ln g, and of paired differences.

The functions take arrays of values and give an `Estimate` for every point.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from .arrays import Array, Values, each_point, paired, require_real
from .estimate import Estimate
from .resampling import RESAMPLES, resample_sums

SHARE = 0.1
"""Share of one sample in a sum from which on it dominates, with at least `EQUAL_SHARES` / n."""
EQUAL_SHARES = 10


def mean(values: Values) -> Estimate:
    """Mean over the samples, with the error s/√n.

    The bootstrap tends to this error with many resamples.

    Parameters
    ----------
    values
        Array (..., samples), or DataArray with the dimension "sample".

    Returns
    -------
    Estimate
        In the unit of the values, with their shape without the samples. It is `dominated` where
        one sample carries more than a tenth of the sum of the absolute values.

    Examples
    --------
    >>> mean([[1.0, 2.0], [3.0, np.nan]])
    <Estimate of 2 points (axis 0: 2)>
    [0]: 1.50 ± 0.50 (n = 2)
    [1]: 3 (n = 1: no error)
    """

    def one(row: Array) -> tuple[float, float, int, bool]:
        n = row.size
        if n == 0:
            return math.nan, math.nan, 0, False
        error = row.std(ddof=1) / math.sqrt(n) if n > 1 else math.nan
        return row.mean(), error, n, _is_dominated(np.abs(row))

    return each_point(values, one)


def variance(values: Values, *, resamples: int = RESAMPLES, resampling_seed: int = 0) -> Estimate:
    """Unbiased variance over the samples.

    Parameters
    ----------
    values
        Array (..., samples), or DataArray with the dimension "sample".
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        In the squared unit of the values, with their shape without the samples. It is `dominated`
        where one sample carries more than a tenth of the sum of squares.

    Examples
    --------
    >>> variance([1.0, 2.0, 3.0]).value
    1.0
    """
    return cumulant(values, 2, resamples=resamples, resampling_seed=resampling_seed)


def cumulant(
    values: Values,
    order: int,
    *,
    standardized: bool = False,
    resamples: int = RESAMPLES,
    resampling_seed: int = 0,
) -> Estimate:
    """Cumulant of order 2, 3 or 4, unbiased (Fisher's k-statistics [1]_).

    Parameters
    ----------
    values
        Array (..., samples), or DataArray with the dimension "sample".
    order
        2: variance, 3: third central moment, 4: fourth central moment - 3 variance².
    standardized
        Divide by variance^(order/2): skewness and excess kurtosis, which are 0 for a Gaussian.
        The ratio is consistent, not unbiased.
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        In the unit of the values to the power `order`, or without unit if standardized, with the
        shape of the values without the samples. Fewer than `order` samples give NaN. It is
        `dominated` where one sample carries more than a tenth of the sum of squares Σ (x - <x>)².

    Raises
    ------
    ValueError
        For another order.

    References
    ----------
    .. [1] R. A. Fisher, Proc. London Math. Soc. s2-30, 199 (1930).

    Examples
    --------
    >>> cumulant([0.0, 0.0, 3.0], 3).value
    9.0
    >>> round(cumulant([0.0, 0.0, 3.0], 3, standardized=True).value, 6)  # √3
    1.732051
    """
    if order not in (2, 3, 4):
        raise ValueError(f"There is no cumulant of order {order} here: use 2, 3 or 4.")

    def statistic(sums: Array) -> Array:
        k = _k_statistic(sums, order)
        return k / _k_statistic(sums, 2) ** (order / 2) if standardized else k

    def one(row: Array) -> tuple[float, float, int, bool]:
        if row.size < order:
            return math.nan, math.nan, row.size, False
        deviation = row - row.mean()
        terms = _powers(deviation, order)
        value, error = resample_sums(terms, statistic, resamples, resampling_seed)
        return value, error, row.size, _is_dominated(deviation**2)

    return each_point(values, one)


def log_mean(values: Values) -> Estimate:
    """Mean of ln g over the samples: exp of it is the typical, not the average conductance.

    Parameters
    ----------
    values
        g > 0: array (..., samples), or DataArray with the dimension "sample".

    Returns
    -------
    Estimate
        Without unit, with the shape of the values without the samples.

    Raises
    ------
    ValueError
        If some g is zero or negative.

    Examples
    --------
    >>> log_mean(np.exp([-2.0, -4.0]))
    <Estimate -3.0 ± 1.0 (n = 2)>
    """
    return mean(logarithm(values))


def log_variance(
    values: Values, *, resamples: int = RESAMPLES, resampling_seed: int = 0
) -> Estimate:
    """Unbiased variance of ln g over the samples.

    Parameters
    ----------
    values
        g > 0: array (..., samples), or DataArray with the dimension "sample".
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        Without unit, with the shape of the values without the samples.

    Raises
    ------
    ValueError
        If some g is zero or negative.

    Examples
    --------
    >>> log_variance(np.exp([-2.0, -4.0])).value
    2.0
    """
    return variance(logarithm(values), resamples=resamples, resampling_seed=resampling_seed)


def paired_difference(a: Values, b: Values) -> Estimate:
    """Mean of a - b over the samples that both have; what fluctuates alike in both cancels.

    Parameters
    ----------
    a, b
        Values of the same samples under two conditions: arrays (..., samples) that broadcast
        against each other, or DataArrays with the dimension "sample", matched by its coordinate.

    Returns
    -------
    Estimate
        In the unit of the values, with the shape of a - b without the samples.

    Raises
    ------
    TypeError
        If only one of them is a DataArray.
    ValueError
        If the numbers of samples differ.

    Examples
    --------
    >>> paired_difference([1.1, 5.2, 9.3], [1.0, 5.0, 9.0])
    <Estimate 0.200 ± 0.058 (n = 3)>
    """
    first, second = paired(a, b)
    return mean(first - second)


def logarithm(values: Values) -> Any:
    """Return ln g with the shape and the labels of g.

    Raises
    ------
    TypeError
        If some g is complex.
    ValueError
        If some g is zero or negative.

    Examples
    --------
    >>> logarithm([1.0, np.nan])
    array([ 0., nan])
    """
    require_real(values)
    g = values if isinstance(values, xr.DataArray) else np.asarray(values)
    blocked = int(np.sum(np.asarray(g) <= 0))
    if blocked:
        raise ValueError(
            f"ln g needs g > 0, but {blocked} of {g.size} values are zero or negative: take "
            "shorter systems, or put NaN there and say so with the result."
        )
    return np.log(g)


def _is_dominated(parts: Array) -> bool:
    """Whether one of these positive parts, one a sample, carries too much of their sum.

    Of few samples each carries much, which says nothing about their distribution. With less than
    100 samples, it is therefore ten times the equal share 1/n that is too much.
    """
    return bool(parts.max() > max(SHARE, EQUAL_SHARES / parts.size) * parts.sum())


def _powers(x: Array, order: int) -> Iterator[Array]:
    power = np.ones_like(x)
    yield power
    for _ in range(order):
        power = power * x
        yield power


def _k_statistic(sums: Array, order: int) -> Array:
    """Fisher's unbiased cumulant from power sums (orders 0, 1, 2, ... on the first axis)."""
    n = sums[0]
    raw = sums / n
    m1, m2 = raw[1], raw[2] - raw[1] ** 2
    if order == 2:
        return m2 * n / (n - 1)
    if order == 3:
        m3 = raw[3] - 3 * m1 * raw[2] + 2 * m1**3
        return m3 * n**2 / ((n - 1) * (n - 2))
    m4 = raw[4] - 4 * m1 * raw[3] + 6 * m1**2 * raw[2] - 3 * m1**4
    return ((n + 1) * m4 - 3 * (n - 1) * m2**2) * n**2 / ((n - 1) * (n - 2) * (n - 3))
