"""The straight line through points that share samples.

`linear_fit` takes abscissas and the values of many samples at each, and gives intercept and slope
with errors that know which points were measured on the same samples.
"""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Values, split
from .correlations import covariance_of_means
from .estimate import Estimate


def linear_fit(x: ArrayLike, values: Values) -> Estimate:
    """Straight line through the means at the points x, weighted by their errors.

    The weights are those of independent points, but the errors are not: samples that the points
    share are followed through the fit, exactly as a bootstrap of whole samples would do at fixed
    weights.

    Parameters
    ----------
    x
        Abscissas, shape (points,).
    values
        Array (points, samples), or DataArray with the dimension "sample" and one other.

    Returns
    -------
    Estimate
        (intercept, slope), in the unit of the values and in that unit over the unit of x; n is
        the number of samples that have any value.

    Raises
    ------
    ValueError
        If a point has no error (fewer than two samples) or an error of zero.

    Examples
    --------
    >>> linear_fit([0, 10], [[1.8, 2.2, 2.0], [6.1, 5.9, 6.0]])
    <Estimate of 2 points (axis 0: 2)>
    [0]: 2.00 ± 0.12 (n = 3)
    [1]: 0.400 ± 0.017 (n = 3)
    """
    array, _ = split(values)
    points, covariance = covariance_of_means(array)
    if not np.all(points.error > 0):
        raise ValueError(
            "A weighted fit needs an error at every point: take two or more samples there, or "
            "leave out the points where all samples are equal."
        )
    design = np.stack([np.ones(len(array)), np.asarray(x, dtype=float)], axis=1)
    solve = np.linalg.pinv(design / points.error[:, None]) / points.error
    used = np.count_nonzero(np.any(~np.isnan(array), axis=0))
    error = np.sqrt(np.diag(solve @ covariance @ solve.T))
    return Estimate(solve @ points.value, error, np.full(2, used))
