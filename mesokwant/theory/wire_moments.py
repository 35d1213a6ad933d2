"""Average conductance and shot noise of a diffusive wire, to three orders in the number of modes.

The Dorokhov-Mello-Pereyra-Kumar equation says how the joint distribution of the transmissions T_n
of N modes changes with s = L/l. For the power sums p_i = Σ_n T_n^i it gives

    (N + η) ∂_s <p_i> = -i [Σ_{a=1}^i <p_a p_{i+1-a}> - Σ_{a=1}^{i-1} <p_a p_{i-a}>]
                        - η [i² <p_{i+1}> - i (i-1) <p_i>],        η = 2/β - 1.

For a product p_i p_j the right-hand sides of both are multiplied by the other factor, and
2 (1 + η) i j (p_{i+j} - p_{i+j+1}) is added to them. These equations close order by order in 1/N:
averages are of order N, and covariances of order 1. Every order is a sum of powers of 1 + s with
rational coefficients, which are found here without rounding.

>>> g, noise = wire_moments(1e4, 1e7, beta=2)
>>> print(f"{noise / g:.4f}")
0.3333
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Polynomial = dict[int, Fraction]
"""A sum of powers of 1 + s: power -> coefficient."""

ORDERS = 3
LEADING, FIRST, COVARIANCES = 5, 4, 4
"""Largest i of each order, and largest i + j, that the last order of <p_2> needs."""


def wire_moments(s: ArrayLike, channels: ArrayLike, *, beta: int) -> tuple[Array, Array]:
    """Return <Σ T> and <Σ T(1-T)> of a diffusive wire, to the orders N, 1 and 1/N.

    In a long wire they tend to N/s - η/3 and N/(3s) - η/45, with η = 2/β - 1, and to a next order
    proportional to s/N.

    Parameters
    ----------
    s
        Length over mean free path, L/l.
    channels
        Number N of open modes.
    beta
        Symmetry index: 1, 2 or 4 (4 counts each Kramers pair once).

    Returns
    -------
    The conductance in e²/h and the shot noise in 2e³|V|/h, of the shape to which the arguments
    broadcast.

    References
    ----------
    Mello and Stone, Phys. Rev. B 44, 3559 (1991), for the method and the conductance; de Jong and
    Beenakker, Phys. Rev. B 46, 13400 (1992), for the noise; both are solved here to higher order.

    Examples
    --------
    >>> g, noise = wire_moments(8.0, 60, beta=1)
    >>> print(f"{g:.3f} {noise:.3f}")
    6.436 2.228
    """
    g, noise = wire_moment_orders(s, channels, beta=beta)
    return g.sum(axis=0), noise.sum(axis=0)


def wire_moment_orders(s: ArrayLike, channels: ArrayLike, *, beta: int) -> tuple[Array, Array]:
    """Return the orders N, 1 and 1/N of `wire_moments` along a first axis of length 3.

    Parameters
    ----------
    s, channels, beta
        As in `wire_moments`.

    Returns
    -------
    The orders of the conductance in e²/h and of the shot noise in 2e³|V|/h, each of the shape
    (3, ...).

    References
    ----------
    As for `wire_moments`.

    Examples
    --------
    >>> g, noise = wire_moment_orders(1e6, 1.0, beta=1)
    >>> print(f"{g[1] * 3:.3f} {noise[1] * 45:.3f}")
    -1.000 -1.000
    """
    u, n = np.broadcast_arrays(1 + np.asarray(s, float), np.asarray(channels, float))
    sums = [
        np.stack([n ** (1.0 - order) * _evaluated(p, u) for order, p in enumerate(orders)])
        for orders in _averages(beta)
    ]
    return sums[0], sums[0] - sums[1]


@lru_cache
def _averages(beta: int) -> tuple[list[Polynomial], list[Polynomial]]:
    """The three orders of <p_1> and of <p_2>."""
    eta = Fraction(2, beta) - 1
    leading = _leading()

    def moved(before: dict[int, Polynomial], i: int) -> Polynomial:
        """What an order adds to the derivative of the next one, by η."""
        return _total(
            _scaled(-eta, _derivative(before[i])),
            _scaled(-eta * i * i, before[i + 1]),
            _scaled(eta * i * (i - 1), before[i]),
        )

    first: dict[int, Polynomial] = defaultdict(dict)
    for i in range(1, FIRST + 1):
        change = _quadratic(
            i, lambda a, b: _total(_product(leading[a], first[b]), _product(first[a], leading[b]))
        )
        first[i] = _solved(2 * i, _total(change, moved(leading, i)), 0)

    covariance = _covariances(eta, leading)
    second: dict[int, Polynomial] = defaultdict(dict)
    for i in (1, 2):
        change = _quadratic(
            i,
            lambda a, b: _total(
                _product(leading[a], second[b]),
                _product(first[a], first[b]),
                _product(second[a], leading[b]),
                covariance[a, b],
            ),
        )
        second[i] = _solved(2 * i, _total(change, moved(first, i)), 0)
    return [leading[1], first[1], second[1]], [leading[2], first[2], second[2]]


def _leading() -> dict[int, Polynomial]:
    """<p_i> in the order N."""
    leading: dict[int, Polynomial] = defaultdict(dict)
    leading[1] = {-1: Fraction(1)}
    for i in range(2, LEADING + 1):
        change = _quadratic(i, lambda a, b: _product(leading[a], leading[b]))
        leading[i] = _solved(2 * i, change, 1)
    return leading


def _covariances(
    eta: Fraction, leading: dict[int, Polynomial]
) -> dict[tuple[int, int], Polynomial]:
    """Covariances of p_i and p_j in the order 1."""
    found: dict[tuple[int, int], Polynomial] = defaultdict(dict)

    def with_other(other: int) -> Callable[[int, int], Polynomial]:
        return lambda a, b: _total(
            _product(leading[a], found[b, other]), _product(leading[b], found[a, other])
        )

    for total in range(2, COVARIANCES + 1):
        for i in range(1, total // 2 + 1):
            j = total - i
            source = _total(leading[total], _scaled(Fraction(-1), leading[total + 1]))
            change = _total(
                _quadratic(i, with_other(j)),
                _quadratic(j, with_other(i)),
                _scaled(2 * (1 + eta) * i * j, source),
            )
            found[i, j] = found[j, i] = _solved(2 * (i + j), change, 0)
    return found


def _quadratic(i: int, product: Callable[[int, int], Polynomial]) -> Polynomial:
    """The terms of the derivative of p_i that are products of two sums.

    Those that hold the unknown itself are empty yet: `_solved` takes them as its `power`.
    """
    gains = [_scaled(Fraction(i), product(a, i - a)) for a in range(1, i)]
    losses = [_scaled(Fraction(-i), product(a, i + 1 - a)) for a in range(1, i + 1)]
    return _total(*gains, *losses)


def _solved(power: int, change: Polynomial, start: int) -> Polynomial:
    """The solution of y' = -power y/u + change with y = start at u = 1."""
    grown = {a + 1: c / (a + 1 + power) for a, c in change.items()}
    return _total(grown, {-power: start - sum(grown.values(), Fraction(0))})


def _evaluated(polynomial: Polynomial, u: Array) -> Array:
    terms = [float(c) * u**power for power, c in polynomial.items()]
    return sum(terms, np.zeros_like(u))


def _total(*polynomials: Polynomial) -> Polynomial:
    total: Polynomial = defaultdict(Fraction)
    for polynomial in polynomials:
        for power, c in polynomial.items():
            total[power] += c
    return {power: c for power, c in total.items() if c}


def _scaled(factor: Fraction, polynomial: Polynomial) -> Polynomial:
    return {power: factor * c for power, c in polynomial.items()}


def _product(a: Polynomial, b: Polynomial) -> Polynomial:
    return _total(*({i + j: x * y for j, y in b.items()} for i, x in a.items()))


def _derivative(polynomial: Polynomial) -> Polynomial:
    return {power - 1: power * c for power, c in polynomial.items()}
