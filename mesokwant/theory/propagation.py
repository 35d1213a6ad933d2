"""The error of what theory expects, from the errors of the measured inputs of its formula.

`propagated` takes a formula and the estimates that it is evaluated at, such as a mean free path,
and gives a `Prediction` with an error, which a claim adds to that of the measured number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .prediction import Prediction


def propagated(formula: Callable[..., Any], *inputs: Any) -> Prediction:
    """A prediction with the error that measured inputs of its formula give it.

    Parameters
    ----------
    formula
        Called with one number for each input, returns a `Prediction`, a number or an array.
    *inputs
        `mesokwant.Estimate`s of one number each, with independent errors.

    Returns
    -------
    Prediction
        In the unit of the formula, which is evaluated at the values of the inputs. Its error has
        the changes of the value by one standard error of each input, added in quadrature to the
        error that the formula itself returns.

    Raises
    ------
    TypeError
        If an input is no estimate of one number.

    Notes
    -----
    The formula is taken as linear within the errors. Where the inputs and the number that is
    compared share samples, the errors are not independent of each other: one
    `mesokwant.statistics.bootstrap` of measured over expected is right then.

    References
    ----------
    P. R. Bevington and D. K. Robinson, Data Reduction and Error Analysis for the Physical
    Sciences (McGraw-Hill, 2003), Ch. 3.

    Examples
    --------
    >>> from mesokwant import Estimate
    >>> path = Estimate(20.0, 0.5, 400)
    >>> print(propagated(lambda l: Prediction(100 / l, source="Drude"), path))
    5 (error of inputs: 0.13; Drude)
    """
    values = []
    for one in inputs:
        if not hasattr(one, "error") or np.ndim(one.value):
            raise TypeError(
                f"An input of a prediction must be a mk.Estimate of one number, not {one!r}: an "
                "exact number belongs into the formula itself."
            )
        values.append(float(one.value))

    def at(place: int, shift: float) -> Any:
        shifted = [value + shift * (i == place) for i, value in enumerate(values)]
        return _predicted(formula(*shifted)).value

    centre = _predicted(formula(*values))
    changes = [
        (np.asarray(at(i, float(one.error))) - at(i, -float(one.error))) / 2
        for i, one in enumerate(inputs)
    ]
    return replace(centre, error=np.sqrt(sum(np.square(c) for c in (centre.error, *changes))))


def _predicted(result: Any) -> Prediction:
    """What a formula returned, as a prediction."""
    return result if isinstance(result, Prediction) else Prediction(result)
