"""Medians and quantiles over the samples, for distributions with heavy tails.

The functions take arrays of values and give an `Estimate` for every point. A resistance between
probes has a distribution so wide that its mean over samples does not settle; its quantiles do.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, Values, each_point
from .estimate import Estimate
from .moments import logarithm
from .resampling import RESAMPLES


def quantile(
    values: Values, q: float, *, resamples: int = RESAMPLES, resampling_seed: int = 0
) -> Estimate:
    """Value that the share q of the samples lies below.

    Between two samples it is interpolated linearly, as `numpy.quantile` does.

    Parameters
    ----------
    values
        Array (..., samples), or DataArray with the dimension "sample".
    q
        Share of the samples, between 0 and 1.
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        In the unit of the values, with their shape without the samples. The error is NaN where a
        resample meets infinite values.

    Raises
    ------
    ValueError
        If q is not between 0 and 1. The extremes themselves are refused, because the bootstrap
        gives them a wrong error.
    TypeError
        If the values are complex.

    Notes
    -----
    A resample of n samples is never drawn. Its order statistics are the samples at the ranks
    ⌈n U⌉, where U is an order statistic of n uniform random numbers, which has a beta
    distribution [1]_. The cost is that of sorting the values.

    An error needs samples on both sides of the quantile: about 10 / min(q, 1 - q) samples or more.
    It is then itself known to about n^(-1/4).

    References
    ----------
    .. [1] A. D. Hutson and M. D. Ernst, J. R. Stat. Soc. B 62, 89 (2000).

    Examples
    --------
    >>> resistance = np.random.default_rng(1).standard_cauchy(size=2000)
    >>> quantile(resistance, 0.75)
    <Estimate 0.974 ± 0.071 (n = 2000)>
    """
    if not 0 < q < 1:
        raise ValueError(
            f"A quantile needs 0 < q < 1, not {q}: the bootstrap has no error for the extremes."
        )

    def one(row: Array) -> tuple[float, float, int]:
        n = row.size
        if n < 2:
            return (float(row[0]) if n else math.nan), math.nan, n
        ordered = np.sort(row)
        rank = min(math.floor(q * (n - 1)), n - 2)
        share = q * (n - 1) - rank

        def between(lower: Array, upper: Array) -> Array:
            return (1 - share) * lower + share * upper

        with np.errstate(invalid="ignore"):
            lower, upper = _neighbours(n, rank, resamples, resampling_seed)
            drawn = between(ordered[lower], ordered[upper])
            error = float(np.std(drawn, ddof=1)) * math.sqrt(n / (n - 1))
            return float(between(ordered[rank], ordered[rank + 1])), error, n

    return each_point(values, one)


def median(values: Values, *, resamples: int = RESAMPLES, resampling_seed: int = 0) -> Estimate:
    """Median over the samples.

    Parameters
    ----------
    values
        Array (..., samples), or DataArray with the dimension "sample".
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        In the unit of the values, with their shape without the samples.

    Raises
    ------
    TypeError
        If the values are complex.

    Examples
    --------
    >>> median([0.1, 0.2, 0.3, 1e6]).value
    0.25
    """
    return quantile(values, 0.5, resamples=resamples, resampling_seed=resampling_seed)


def log_median(values: Values, *, resamples: int = RESAMPLES, resampling_seed: int = 0) -> Estimate:
    """Median of ln g over the samples.

    Where g spreads over decades, the error of the median is symmetric on this scale alone.

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
    TypeError
        If the values are complex.

    Examples
    --------
    >>> round(log_median([1e-9, 1e-4, 1.0]).value, 6)  # -4 ln 10
    -9.21034
    """
    return median(logarithm(values), resamples=resamples, resampling_seed=resampling_seed)


@lru_cache(maxsize=8)
def _neighbours(
    n: int, rank: int, resamples: int, resampling_seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which ordered samples have the ranks `rank` and `rank + 1`, from 0, in each resample."""
    rng = np.random.default_rng(resampling_seed)
    lower = rng.beta(rank + 1, n - rank, size=resamples)
    # The next order statistic is the smallest of n - rank - 1 uniform numbers above this one.
    upper = 1 - (1 - lower) * rng.uniform(size=resamples) ** (1 / (n - rank - 1))
    first, second = (np.minimum((n * u).astype(int), n - 1) for u in (lower, upper))
    return first, second
