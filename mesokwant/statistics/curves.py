"""Curves whose points share samples, compared with theory by one chi² instead of point by point.

`curve` takes any statistic of the values of many samples that gives a curve, and resamples it for
the covariances of its points. `Curve.test` compares it with theory: chi², its probability, and the
same as a deviate in standard errors, which a claim takes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import ArrayLike

from .arrays import Array, Values
from .estimate import Estimate
from .least_squares import hotelling, require_samples, whitening
from .resampling import RESAMPLES, resampled

FARTHEST = 37.0
"""Deviate of a probability below the smallest number that is told from zero."""


@dataclass(frozen=True)
class CurveTest:
    """A curve compared with theory.

    Attributes
    ----------
    chi2, dof
        Squared distance in units of the covariances, which is dof (the number of points) on
        average where theory is right and has no bound, and smaller where it has one.
    p_value
        Probability of a chi² at least as large where theory is right.
    n
        Number of samples.
    """

    chi2: float
    dof: int
    p_value: float
    n: int

    @property
    def deviate(self) -> Estimate:
        """The distance of one number with the same probability, in standard errors: z ± 1, z >= 0.

        A claim that it is 0 has the p-value of the curve.
        """
        z = -float(scipy.special.ndtri(self.p_value / 2))
        return Estimate(min(z, FARTHEST), 1.0, self.n)

    def __str__(self) -> str:
        return f"chi²/dof = {self.chi2:.4g}/{self.dof} (p = {self.p_value:.2g})"


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve with the covariances of its points.

    Attributes
    ----------
    points
        Estimate of numpy arrays (points,), for a figure.
    covariance
        Matrix (points, points).
    freedom
        Degrees of freedom of the covariances, which are limited by samples and resamples.
    """

    points: Estimate
    covariance: Array
    freedom: float

    def test(
        self, expected: ArrayLike, *, bound: ArrayLike = 0.0, error: ArrayLike = 0.0
    ) -> CurveTest:
        """Compare the curve with theory.

        Parameters
        ----------
        expected
            What theory expects at each point.
        bound
            The systematic bound at each point. The distance is that of the curve within the
            bounds which lies nearest to the data.
        error
            Standard error of theory at each point that is due to one measured input, such as the
            mean free path: it moves all points together. It is for inputs that were measured on
            other samples; on the same ones, take it into the statistic of `curve`.

        Raises
        ------
        ValueError
            If a combination of the points has no variance.
        """
        values = self.points.value
        size = len(values)
        shift = np.broadcast_to(np.asarray(error, dtype=float), values.shape)
        white = whitening(self.covariance + np.outer(shift, shift))
        target = white @ (values - np.asarray(expected, dtype=float))
        bounds = np.broadcast_to(np.asarray(bound, dtype=float), values.shape)
        distance = _distance(white, target, bounds)
        m = self.freedom
        n = int(np.min(self.points.n))
        return CurveTest(distance * (m - size - 1) / m, size, hotelling(distance, size, m), n)


def curve(
    statistic: Callable[..., Any],
    *arrays: Values,
    resamples: int = RESAMPLES,
    resampling_seed: int = 0,
) -> Curve:
    """A curve from values whose points share samples, with the covariances of the points.

    The same samples are drawn in all arrays, as by `bootstrap`. Everything that is measured on
    these samples belongs into the statistic, such as the mean free path on which the expected
    curve depends: the statistic then gives measured over expected, and `expected` is 1.

    Parameters
    ----------
    statistic
        Takes the arrays with resampled samples and returns real numbers (points,).
    *arrays
        Arrays (..., samples), or DataArrays with the dimension "sample", all of the same number
        of samples.
    resamples, resampling_seed
        Number of resamples, and the seed of the random numbers that draw them.

    Returns
    -------
    Curve
        In the unit of the statistic.

    Raises
    ------
    ValueError
        If the statistic gives no curve, or is not finite for some resample; if there are less
        than twice as many samples, or resamples, as points.

    Notes
    -----
    Covariances of n samples and R resamples are estimates. They are taken as having m degrees of
    freedom, 1/m = 1/(n-1) + 1/(R-1): chi² is that of the inverse matrix without bias [1]_, and its
    probability that of Hotelling's T². Both are exact for means of Gaussian values, and nothing is
    shrunk. Variances need more samples than means do: five of Gaussian values are rejected at the
    stated rate with 600 samples, and twice as often with 60.

    References
    ----------
    .. [1] J. Hartlap, P. Simon and P. Schneider, Astron. Astrophys. 464, 399 (2007).

    Examples
    --------
    >>> g = np.random.default_rng(1).normal([[2.0], [3.0]], 0.3, size=(2, 500))
    >>> measured = curve(lambda g: g.mean(axis=-1), g)
    >>> print(measured.test([2.0, 3.0]))
    chi²/dof = 3.087/2 (p = 0.21)
    >>> measured.test([2.0, 3.1]).p_value < 1e-9
    True
    """
    value, drawn, n = resampled(statistic, arrays, resamples, resampling_seed)
    points = np.asarray(value, dtype=float)
    if points.ndim != 1:
        raise ValueError(
            f"A curve has one number at every point, and the statistic gives shape {points.shape}: "
            "let it return an array (points,)."
        )
    require_samples(len(points), min(n, resamples))
    if not np.all(np.isfinite(drawn)):
        raise ValueError(
            "The statistic is not finite for some resample, so that its points have no "
            "covariances: take more samples, or leave out the points where this happens."
        )
    covariance = np.atleast_2d(np.cov(drawn, rowvar=False)) * n / (n - 1)
    errors = np.sqrt(np.diag(covariance))
    freedom = 1 / (1 / (n - 1) + 1 / (resamples - 1))
    return Curve(Estimate(points, errors, np.full(points.shape, n)), covariance, freedom)


def _distance(white: Array, target: Array, bounds: Array) -> float:
    """The smallest square of target - white @ shift, with every shift within its bound."""
    free = bounds > 0
    if not np.any(free):
        return float(target @ target)
    # This costs 0.2 s, which curves without bounds do not spend.
    from scipy.optimize import lsq_linear

    found = lsq_linear(white[:, free], target, bounds=(-bounds[free], bounds[free]))
    return 2 * float(found.cost)
