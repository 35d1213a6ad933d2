"""Mean and variance of phases, which repeat after 2π.

The functions take arrays of angles in radians and give an `Estimate` for every point. They average
the unit numbers e^(iφ), whose mean has the argument of the mean direction and an absolute value
between 0 (no direction) and 1 (no spread).
"""

import math

import numpy as np

from .arrays import Array, Values, each_point
from .estimate import Estimate
from .resampling import RESAMPLES, resample_sums


def circular_mean(
    phases: Values, *, resamples: int = RESAMPLES, resampling_seed: int = 0
) -> Estimate:
    """Mean direction of phases, the argument of ⟨e^(iφ)⟩.

    Parameters
    ----------
    phases
        Angles in radians: array (..., samples), or DataArray with the dimension "sample".
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        In radians between -π and π, with the shape of the phases without the samples. An error
        near π/√3 = 1.81, that of a uniform phase, says that there is no mean direction.

    Raises
    ------
    TypeError
        If the values are complex: take `numpy.angle` of amplitudes.

    References
    ----------
    .. [1] N. I. Fisher, Statistical Analysis of Circular Data (Cambridge, 1993).

    Examples
    --------
    >>> circular_mean([np.pi - 0.1, -np.pi + 0.3, np.pi - 0.1, -np.pi + 0.3]).value
    -3.04159265...
    """

    def one(row: Array) -> tuple[float, float, int]:
        if row.size == 0:
            return math.nan, math.nan, 0
        direction = _direction(row)
        x = row - direction

        def angle(sums: Array) -> Array:
            return np.arctan2(sums[1], sums[0])

        _, error = resample_sums([np.cos(x), np.sin(x)], angle, resamples, resampling_seed)
        return direction, error, row.size

    return each_point(phases, one)


def circular_variance(
    phases: Values, *, resamples: int = RESAMPLES, resampling_seed: int = 0
) -> Estimate:
    """Circular variance of phases, 1 - abs(⟨e^(iφ)⟩): 0 for equal phases, 1 for uniform ones.

    Narrow distributions have half their ordinary variance; a Gaussian phase of variance σ² has
    1 - exp(-σ²/2).

    Parameters
    ----------
    phases
        Angles in radians: array (..., samples), or DataArray with the dimension "sample".
    resamples, resampling_seed
        Number of resamples of the bootstrap, and the seed of its random numbers.

    Returns
    -------
    Estimate
        Without unit, with the shape of the phases without the samples.

    Raises
    ------
    TypeError
        If the values are complex: take `numpy.angle` of amplitudes.

    Notes
    -----
    The estimate is consistent, not unbiased: n uniform phases give about 1 - 0.89/√n. The mean
    of e^(iφ) by its real and imaginary part (`mean` of cosines and of sines) has no bias.

    References
    ----------
    .. [1] N. I. Fisher, Statistical Analysis of Circular Data (Cambridge, 1993).

    Examples
    --------
    >>> round(circular_variance([0.0, 2 * np.pi, np.pi / 2, np.pi / 2]).value, 6)  # 1 - 1/√2
    0.292893
    """

    def spread(sums: Array) -> Array:
        _, cosine, sine = sums / sums[0]
        # With `cosine` the mean of 1 - cos, this is 1 - abs(⟨e^(iφ)⟩)² without a loss of digits.
        square = 2 * cosine - cosine**2 - sine**2
        return square / (1 + np.sqrt(np.maximum(1 - square, 0)))

    def one(row: Array) -> tuple[float, float, int]:
        if row.size < 2:
            return math.nan, math.nan, row.size
        x = row - _direction(row)
        terms = [np.ones_like(x), 2 * np.sin(x / 2) ** 2, np.sin(x)]
        return (*resample_sums(terms, spread, resamples, resampling_seed), row.size)

    return each_point(phases, one)


def _direction(phases: Array) -> float:
    return math.atan2(np.sin(phases).sum(), np.cos(phases).sum())
