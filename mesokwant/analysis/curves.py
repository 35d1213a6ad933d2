"""A claim on a whole curve: one number for all its points, which share samples.

`curve_claim` takes a curve with the covariances of its points, what theory expects of it, and the
curve that would be measured if the statement were false. It gives one claim in place of one a
point.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..statistics import Curve
from ..study.claims import Claim
from ..theory import Prediction


def curve_claim(
    name: str, curve: Curve, expected: Prediction, *, against: Any = None, sigmas: float = 3.0
) -> Claim:
    """The claim that a curve is the expected one, by chi² with the covariances of its points.

    Parameters
    ----------
    name
        What is claimed, in a few words.
    curve
        From `mesokwant.statistics.curve`.
    expected
        One value for each point. The nearest curve within its bounds is compared, and its error
        moves all points together.
    against
        Values (points,) of the curve if the statement were false, such as the theory without the
        effect. The deviate of the measured curve from these is the effect of the claim.
    sigmas
        Statistical tolerance in standard errors.

    Returns
    -------
    mesokwant.Claim
        That the deviate of the curve (`mesokwant.statistics.CurveTest.deviate`) is 0; its p-value
        is that of chi². The bound of the prediction is spent in chi² and is none of the claim.

    Raises
    ------
    ValueError
        If the points have no covariances to compare with, or if the curve cannot be told from the
        one that it is compared against.

    Examples
    --------
    >>> from mesokwant import statistics
    >>> g = np.random.default_rng(1).normal([[2.0], [3.0]], 0.3, size=(2, 500))
    >>> measured = statistics.curve(lambda g: g.mean(axis=-1), g)
    >>> expected = Prediction([2.0, 3.0], source="Drude")
    >>> claim = curve_claim("two resistances", measured, expected, against=[2.0, 2.0])
    >>> claim.verdict, round(claim.tolerance_over_effect, 2)
    ('holds', 0.1)
    """
    options = {"bound": expected.bound, "error": expected.error}
    test = curve.test(expected.value, **options)
    effect = None
    if against is not None:
        effect = float(curve.test(np.asarray(against, dtype=float)).deviate.value)
        if effect == 0:
            raise ValueError(
                f"claim {name!r}: the curve lies on the one that it is compared against, so that "
                "it cannot tell them apart: give the curve of a false statement"
            )
    bound = f"; within the bound: {expected.because}" if np.any(expected.bound) else ""
    source = f"chi² of {test.dof} points{bound}; {expected.source}"
    theory = Prediction(0.0, source=source)
    return Claim(name, test.deviate, theory, sigmas=sigmas, effect=effect)
