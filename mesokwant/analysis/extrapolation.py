"""Limits of ratios measured/theory as the sample grows: what is left when corrections vanish."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..statistics import Fit, model_fit
from ..statistics.arrays import Values
from ..statistics.estimate import Estimate


def limit_fit(measured: Values | Estimate, **corrections: ArrayLike) -> Fit:
    """Fit of a ratio that approaches a limit as small parameters vanish.

    The model is linear, ``limit + Σ coefficient * correction``, so that the fit has one solution.
    A universal number is thus measured at sizes of which none is universal yet: the limit is
    claimed, and chi² says whether the corrections have the form that was named.

    Parameters
    ----------
    measured
        The ratio at every point, as an `Estimate` of independent points, or as values of shape
        (points, samples) whose means it is, where the points share samples.
    **corrections
        Name -> small parameter at every point, shape (points,), such as l/L and (l/L)².

    Returns
    -------
    Fit
        Parameters "limit" and one coefficient of each name.

    Raises
    ------
    ValueError
        If no correction is named, if one has another number of points than the ratio or is called
        "limit", or if there are fewer points than parameters.

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
    if "limit" in corrections:
        raise ValueError("'limit' is the name of the limit itself: call the correction otherwise")
    points = len(measured.value) if isinstance(measured, Estimate) else len(measured)
    terms = {name: np.asarray(values, dtype=float) for name, values in corrections.items()}
    for name, values in terms.items():
        if values.shape != (points,):
            raise ValueError(
                f"the correction {name!r} has the shape {values.shape}, and there are {points} "
                "points: give one number for every point"
            )

    def model(
        x: NDArray[np.float64], limit: float = 0.0, **coefficients: float
    ) -> NDArray[np.float64]:
        slopes = [coefficients[name] for name in terms]
        return limit + np.tensordot(slopes, np.asarray(x, dtype=float), axes=1)

    start = {"limit": 1.0, **dict.fromkeys(terms, 0.0)}
    return model_fit(model, np.stack(list(terms.values())), measured, start)
