"""Limits of ratios measured/theory as the sample grows: what is left when corrections vanish."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..statistics import Fit, model_fit
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
