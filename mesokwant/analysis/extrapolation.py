"""Limits of measured over theory as the sample grows: what is left when corrections vanish.

`limit_fit` is for numbers, `limit_curve` for whole curves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..statistics import Curve, Fit, model_fit
from ..statistics.arrays import Values
from ..statistics.estimate import Estimate


def limit_fit(
    measured: Values | Estimate, groups: Sequence[str] | None = None, **corrections: ArrayLike
) -> Fit:
    """Fit of a ratio that approaches a limit as small parameters vanish.

    The model is linear, ``limit + Σ coefficient * correction``, so that the fit has one solution.
    A universal number is thus measured at sizes of which none is universal yet: the limit is
    claimed, and chi² says whether the corrections have the form that was named.

    Parameters
    ----------
    measured
        The ratio at every point, as an `Estimate` of independent points, or as values of shape
        (points, samples) whose means it is, where the points share samples.
    groups
        Name of the group of every point, where groups have limits of their own and share the
        coefficients.
    **corrections
        Name -> small parameter at every point, shape (points,), such as l/L and (l/L)².

    Returns
    -------
    Fit
        Parameters "limit", or one of the name of each group, and one coefficient of the name of
        each correction. The abscissas of its curve are the corrections, shape (names, points),
        after one row a group, of 1 where the point belongs to it (without groups, of ones).

    Raises
    ------
    ValueError
        If no correction is named, if one has another number of points than the ratio or the name
        of a limit, or if there are fewer points than parameters.

    Examples
    --------
    >>> x = np.array([0.05, 0.1, 0.2])
    >>> ratio = Estimate(1.0 + 0.7 * x, np.full(3, 0.01), np.full(3, 100))
    >>> found = limit_fit(ratio, path_over_length=x)
    >>> print(f"{found['limit'].value:.3f} ± {found['limit'].error:.3f}")
    1.000 ± 0.012
    """
    if not corrections:
        raise ValueError("limit_fit needs a correction that vanishes: name one, such as l/L")
    means = measured.value if isinstance(measured, Estimate) else np.asarray(measured)
    points = len(means)
    named = np.array(["limit"] * points if groups is None else list(groups))
    limits = list(dict.fromkeys(named.tolist()))
    rows = {name: (named == name).astype(float) for name in limits}
    for name, values in corrections.items():
        if name in rows:
            raise ValueError(f"{name!r} is the name of a limit: call the correction otherwise")
        rows[name] = np.asarray(values, dtype=float)
    for name, row in rows.items():
        if row.shape != (points,):
            raise ValueError(
                f"the correction {name!r} has the shape {row.shape}, and there are {points} "
                "points: give one number for every point"
            )

    def model(x: NDArray[np.float64], **coefficients: float) -> NDArray[np.float64]:
        return np.tensordot([coefficients[name] for name in rows], np.asarray(x, float), axes=1)

    start = {name: float(name in limits) for name in rows}
    return model_fit(model, np.stack(list(rows.values())), measured, start)


def limit_curve(curves: Sequence[Curve], correction: ArrayLike) -> Curve:
    """A curve in the limit of a small parameter, from the curves of several sizes.

    At every abscissa, it is the intercept of a straight line against the small parameter. All
    abscissas have the same weights of the sizes, those of the least squares for the mean square
    errors of the curves, so that the covariances of the limit follow from those of the sizes.

    Parameters
    ----------
    curves
        One curve a size, all at the same abscissas, whose samples are independent.
    correction
        The small parameter of every size, such as l/L, shape (sizes,).

    Raises
    ------
    ValueError
        There are fewer than two different sizes.

    Examples
    --------
    >>> sizes = [Curve(Estimate([1 + x, 2 + x], [0.1, 0.1], 50), np.eye(2) / 100, 49)
    ...          for x in (0.1, 0.2)]
    >>> limit_curve(sizes, [0.1, 0.2]).points.value.round(6)
    array([1., 2.])
    """
    x = np.asarray(correction, dtype=float)
    if len(np.unique(x)) < 2:
        raise ValueError("the limit of a curve needs two different sizes or more: add one")
    weights = np.array([1 / np.trace(curve.covariance) for curve in curves])
    design = np.stack([np.ones_like(x), x], axis=1)
    shares = np.linalg.solve(design.T @ (weights[:, None] * design), design.T * weights)[0]
    points = shares @ np.array([curve.points.value for curve in curves])
    covariance = np.tensordot(shares**2, np.array([curve.covariance for curve in curves]), axes=1)
    samples = np.min([curve.points.n for curve in curves], axis=0)
    found = Estimate(points, np.sqrt(np.diag(covariance)), samples)
    return Curve(found, covariance, min(curve.freedom for curve in curves))
