"""How well a theory without parameters agrees with samples: normal deviates of chi² and distance.

`chi2_deviate` takes values that should have the mean zero at many points of the same samples, and
`distance_deviate` takes values and the distribution that they should have. Each gives one number,
which is 0 ± 1 where the theory is right and large where it is not, so that it can be claimed with
an error of 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import kolmogorov, ndtri

from .arrays import Array
from .correlations import covariance_of_means
from .least_squares import hotelling, require_samples, whitening

LARGEST = 35.0
"""Deviate that a probability too small for a number is given."""


def chi2_deviate(values: ArrayLike, *, simulated: float = np.inf) -> float:
    """Normal deviate of the chi² of means that theory expects to be zero.

    The covariances of the points, which share samples, are estimated from the samples; the
    probability of a larger chi² is Hotelling's, which takes this into account [1]_.

    Parameters
    ----------
    values
        Measured values less what theory expects, shape (points, samples), without missing ones.
    simulated
        Number of samples of a simulation that the theory is from. Its points share samples as the
        measured ones do, so that it adds the share ``samples/simulated`` to all covariances.

    Returns
    -------
    float
        The normal deviate that is exceeded as rarely as chi²: a pure number, 0 ± 1 where theory is
        right, and 35 at most.

    Raises
    ------
    ValueError
        If the points are more than the samples can weigh, or if one follows from others.

    References
    ----------
    .. [1] H. Hotelling, Ann. Math. Stat. 2, 360 (1931).

    Examples
    --------
    >>> values = np.random.default_rng(1).normal(size=(4, 500))
    >>> abs(chi2_deviate(values)) < 3 < chi2_deviate(values + 0.3)
    True
    """
    array = np.asarray(values, dtype=float)
    points, samples = array.shape
    require_samples(points, samples)
    means, covariances = covariance_of_means(array)
    chi2 = np.sum((whitening(covariances) @ means.value) ** 2) / (1 + samples / simulated)
    return _deviate(hotelling(float(chi2), points, samples - 1))


def distance_deviate(
    values: ArrayLike, distribution: Callable[[Array], Array], *, simulated: float = np.inf
) -> float:
    """Normal deviate of the largest distance of a sample from a distribution (Kolmogorov-Smirnov).

    Parameters
    ----------
    values
        Independent values, shape (samples,).
    distribution
        Function that gives the share of values below each of its arguments.
    simulated
        Number of samples of a simulation that the distribution is from.

    Returns
    -------
    float
        The normal deviate that is exceeded as rarely as the distance: a pure number, 0 ± 1 where
        theory is right, and 35 at most.

    References
    ----------
    .. [1] N. Smirnov, Ann. Math. Stat. 19, 279 (1948).

    Examples
    --------
    >>> from scipy.special import ndtr
    >>> values = np.random.default_rng(1).normal(size=2000)
    >>> abs(distance_deviate(values, ndtr)) < 3 < distance_deviate(values + 0.2, ndtr)
    True
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    samples = ordered.size
    expected, steps = distribution(ordered), np.arange(samples + 1) / samples
    distance = max(np.max(steps[1:] - expected), np.max(expected - steps[:-1]))
    effective = samples / (1 + samples / simulated)
    return _deviate(kolmogorov(np.sqrt(effective) * distance))


def _deviate(probability: float) -> float:
    """Return the normal deviate that is exceeded with a probability."""
    return float(min(-ndtri(probability), LARGEST)) if probability else LARGEST
