"""The straight line through points that share seeds."""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Samples, split
from .estimate import Estimate
from .moments import mean


def linear_fit(x: ArrayLike, samples: Samples) -> Estimate:
    """Straight line through the means at the points x, weighted by their errors.

    The weights are those of independent points; the errors are not: seeds that the points share
    are followed through the fit, exactly as a bootstrap of whole seeds would at fixed weights.

    Parameters
    ----------
    x
        Abscissas, (points,).
    samples
        Array (points, samples), or DataArray with the dimension "sample" and one other.

    Returns
    -------
    Estimate of (intercept, slope); n is the number of seeds with any value.

    Raises
    ------
    ValueError
        If a point has no error (fewer than two samples) or an error of zero.
    """
    values, _ = split(samples)
    points = mean(values)
    if not np.all(points.error > 0):
        raise ValueError(
            "A weighted fit needs an error at every point: take two or more samples there, or "
            "leave out the points where all samples are equal."
        )
    design = np.stack([np.ones(len(values)), np.asarray(x, dtype=float)], axis=1)
    solve = np.linalg.pinv(design / points.error[:, None]) / points.error
    deviation = np.nan_to_num(values - points.value[:, None]) / points.n[:, None]
    seeds = np.count_nonzero(np.any(~np.isnan(values), axis=0))
    error = np.sqrt(np.sum((solve @ deviation) ** 2, axis=1) * seeds / (seeds - 1))
    return Estimate(solve @ points.value, error, np.full(2, seeds))
