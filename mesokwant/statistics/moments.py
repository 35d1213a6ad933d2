"""Means, cumulants and their logarithmic and paired versions."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from .arrays import Array, Samples, each_point, paired
from .estimate import Estimate
from .resampling import RESAMPLES, resample_sums


def mean(samples: Samples) -> Estimate:
    """Mean over the samples, with the error s/√n.

    This is what the bootstrap tends to with many resamples.

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    """

    def one(row: Array) -> tuple[float, float, int]:
        n = row.size
        if n == 0:
            return math.nan, math.nan, 0
        return row.mean(), row.std(ddof=1) / math.sqrt(n) if n > 1 else math.nan, n

    return each_point(samples, one)


def variance(samples: Samples, *, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Unbiased variance over the samples.

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    resamples, seed
        Of the bootstrap.
    """
    return cumulant(samples, 2, resamples=resamples, seed=seed)


def cumulant(
    samples: Samples,
    order: int,
    *,
    standardized: bool = False,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Cumulant of order 2, 3 or 4, unbiased (Fisher's k-statistics).

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    order
        2: variance, 3: third central moment, 4: fourth central moment - 3 variance².
    standardized
        Divide by variance^(order/2): skewness and excess kurtosis, 0 for a Gaussian. The ratio
        is consistent, not unbiased.
    resamples, seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        For another order.
    """
    if order not in (2, 3, 4):
        raise ValueError(f"There is no cumulant of order {order} here: use 2, 3 or 4.")

    def statistic(sums: Array) -> Array:
        k = _k_statistic(sums, order)
        return k / _k_statistic(sums, 2) ** (order / 2) if standardized else k

    def one(row: Array) -> tuple[float, float, int]:
        if row.size < order:
            return math.nan, math.nan, row.size
        terms = _powers(row - row.mean(), order)
        return (*resample_sums(terms, statistic, resamples, seed), row.size)

    return each_point(samples, one)


def log_mean(samples: Samples) -> Estimate:
    """Mean of ln g over the samples, the typical rather than the average conductance.

    Parameters
    ----------
    samples
        g > 0: array (..., samples), or DataArray with the dimension "sample".

    Raises
    ------
    ValueError
        If some g is zero or negative.
    """
    return mean(logarithm(samples))


def log_variance(samples: Samples, *, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Unbiased variance of ln g over the samples.

    Parameters
    ----------
    samples
        g > 0: array (..., samples), or DataArray with the dimension "sample".
    resamples, seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        If some g is zero or negative.
    """
    return variance(logarithm(samples), resamples=resamples, seed=seed)


def paired_difference(a: Samples, b: Samples) -> Estimate:
    """Mean of a - b over seeds that both have; what fluctuates alike in both cancels.

    Parameters
    ----------
    a, b
        The same seeds under two conditions: arrays (..., samples) that broadcast against each
        other, or DataArrays with the dimension "sample", matched by its coordinate.

    Raises
    ------
    ValueError
        If the numbers of samples differ.
    """
    left, right = paired(a, b)
    return mean(left - right)


def logarithm(samples: Samples) -> Any:
    """ln g, refused where some g is zero or negative; shape and labels are kept."""
    values = samples if isinstance(samples, xr.DataArray) else np.asarray(samples)
    blocked = int(np.sum(np.asarray(values) <= 0))
    if blocked:
        raise ValueError(
            f"ln g needs g > 0, but {blocked} of {values.size} samples are zero or negative: "
            "take shorter systems, or put NaN there and say so with the result."
        )
    return np.log(values)


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
