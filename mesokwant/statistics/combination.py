"""Several estimates of one number each -> one: a product, a weighted mean, or a curve.

`product` and `weighted_mean` add the errors of independent estimates in quadrature. Which
estimates of a study are independent is said in `mesokwant.statistics`, section "What shares
what"; values that share samples need `bootstrap` instead.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from .estimate import Estimate


def product(*estimates: Estimate) -> Estimate:
    """Product of independent estimates, with relative errors added in quadrature.

    Ratios are products as well: ``product(a, 1 / b)``. Exact factors need no function, since
    estimates multiply with numbers.

    Parameters
    ----------
    *estimates
        Independent estimates of one number each.

    Returns
    -------
    Estimate
        In the product of the units; n is the smallest of the numbers of samples.

    Raises
    ------
    TypeError
        If a factor is no `Estimate`.
    ValueError
        If there are no factors, or one has many points.

    Notes
    -----
    The error is that of the linearized product, (error/value)² = Σ (error_i/value_i)². It needs
    relative errors well below one.

    Examples
    --------
    >>> product(Estimate(2.0, 0.03, 400), Estimate(5.0, 0.1, 300))
    <Estimate 10.00 ± 0.25 (n = 300)>
    """
    factors = _numbers(estimates, "product")
    values = np.array([factor.value for factor in factors])
    # The products of the other factors, rather than a division, allow for a factor of zero.
    others = [np.prod(np.delete(values, i)) for i in range(len(factors))]
    error = math.hypot(*(f.error * other for f, other in zip(factors, others, strict=True)))
    dominated = any(factor.dominated for factor in factors)
    return Estimate(float(np.prod(values)), error, min(f.n for f in factors), dominated)


def weighted_mean(estimates: Iterable[Estimate]) -> Estimate:
    """Mean of independent estimates of the same quantity, with the weights 1/error².

    These weights give the smallest error that a mean can have, (Σ 1/error²)^(-1/2).

    Parameters
    ----------
    estimates
        Independent estimates of one number each.

    Returns
    -------
    Estimate
        In the unit of the estimates; n is the sum of the numbers of samples.

    Raises
    ------
    TypeError
        If one is no `Estimate`.
    ValueError
        If there are no estimates, if one has many points, or if one has no error or an error of
        zero.

    Notes
    -----
    Where the error grows with the value, as that of a variance does, low values get too much
    weight: the mean is then too low by about 2 error²/value, with the error of one estimate.

    Examples
    --------
    >>> weighted_mean([Estimate(1.0, 0.1, 100), Estimate(1.3, 0.2, 25)])
    <Estimate 1.060 ± 0.089 (n = 125)>
    """
    numbers = _numbers(estimates, "weighted_mean")
    value, error, n, dominated = (np.array(part) for part in _columns(numbers))
    if not np.all(error > 0):
        raise ValueError(
            "A weighted mean needs a positive error of every estimate: leave out those without "
            "an error, or with an error of zero."
        )
    weights = error**-2
    return Estimate(
        float(np.sum(weights * value) / np.sum(weights)),
        float(np.sum(weights) ** -0.5),
        int(np.sum(n)),
        bool(np.any(dominated)),
    )


def stack(estimates: Iterable[Estimate]) -> Estimate:
    """Estimates of one number each, put together into an estimate of many points.

    Parameters
    ----------
    estimates
        Any number of estimates of one number each, in one unit. They need not be independent.

    Returns
    -------
    Estimate
        Its value, error, n and dominated are numpy arrays of shape (estimates,).

    Raises
    ------
    TypeError
        If one is no `Estimate`.
    ValueError
        If there are no estimates, or one has many points.

    Examples
    --------
    >>> stack([Estimate(1.0, 0.1, 100), Estimate(1.3, 0.2, 25)])
    <Estimate of 2 points (axis 0: 2)>
    [0]: 1.00 ± 0.10 (n = 100)
    [1]: 1.30 ± 0.20 (n = 25)
    """
    return Estimate(*(np.array(part) for part in _columns(_numbers(estimates, "stack"))))


def _numbers(estimates: Iterable[Estimate], function: str) -> list[Estimate]:
    """The estimates with Python numbers inside, refused where one is not a single number."""
    estimates = list(estimates)
    if not estimates:
        raise ValueError(f"`{function}` needs at least one Estimate.")
    for estimate in estimates:
        if not isinstance(estimate, Estimate):
            raise TypeError(
                f"`{function}` takes estimates, not {type(estimate).__name__}: multiply or shift "
                "an Estimate by exact numbers with the operators."
            )
        if np.ndim(estimate.value):
            raise ValueError(
                f"`{function}` takes estimates of one number each, but one has "
                f"{np.size(estimate.value)} points: select a point with brackets or `sel` first."
            )
    return [estimate.numpy() for estimate in estimates]


def _columns(numbers: list[Estimate]) -> list[list[Any]]:
    return [[getattr(e, part) for e in numbers] for part in ("value", "error", "n", "dominated")]
