"""Averages and variance of a diffusive wire, order by order in the number of modes.

The Dorokhov-Mello-Pereyra-Kumar equation says how the joint distribution of the transmissions T_n
of N modes changes with s = L/l. For the power sums p_i = Σ_n T_n^i it gives

    (N + η) ∂_s <p_i> = -i [Σ_{a=1}^i <p_a p_{i+1-a}> - Σ_{a=1}^{i-1} <p_a p_{i-a}>]
                        - η [i² <p_{i+1}> - i (i-1) <p_i>],        η = 2/β - 1.

For products of p_i the right-hand side of each is multiplied by the other factors, and for every
pair i, j 2 (1 + η) i j (p_{i+j} - p_{i+j+1}) is added in the place of p_i p_j. These equations
close order by order in 1/N: a cumulant of m sums is of the order N^(2-m). Every order is a sum of
powers of 1 + s with rational coefficients, which are found here without rounding.

>>> g, noise = wire_moments(1e4, 1e7, beta=2)
>>> print(f"{noise / g:.4f}")
0.3333
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Polynomial = dict[int, Fraction]
"""A sum of powers of 1 + s: power -> coefficient."""

ORDERS, VARIANCE_ORDERS = 3, 5
"""Numbers of orders of the averages and of the variance."""


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
    g, squares = (_orders((i,), s, channels, beta, ORDERS) for i in (1, 2))
    return g, g - squares


def wire_variance(s: ArrayLike, channels: ArrayLike, *, beta: int) -> Array:
    """Return the variance of g of a diffusive wire, to the orders 1 to 1/N⁴.

    In a wire of s >> 1 they are powers of x = L/ξ, with ξ = (βN + 2 - β) l: at β = 1 var g is
    2/15 - 8x/315 - 4x²/1575 - 0.00118 x³ - 0.00028 x⁴. Nothing of L/l is left out.

    The orders are good to 0.1 % at x = 0.3, and to 1 % at x = 0.5, as the exact variance at β = 2
    says. At β = 4 there is more than orders in x beyond x = 0.2, where `dmpk_law` has to be taken:
    12 % at x = 0.3.

    Parameters
    ----------
    s
        Length over mean free path, L/l.
    channels
        Number N of open modes.
    beta
        Symmetry index: 1, 2 or 4 (4 counts each Kramers pair once: 4 times this in Kwant's T).

    Returns
    -------
    The variance in (e²/h)², of the shape to which the arguments broadcast.

    References
    ----------
    Mello and Stone, Phys. Rev. B 44, 3559 (1991), for the method and the order 1/N; it is solved
    here to higher order.

    Examples
    --------
    >>> print(f"{wire_variance(1e4, 1e9, beta=1):.4f} {wire_variance(7.0, 20, beta=1):.4f}")
    0.1333 0.1231
    """
    return np.asarray(_orders((1, 1), s, channels, beta, VARIANCE_ORDERS).sum(axis=0))


def _orders(
    indices: tuple[int, ...], s: ArrayLike, channels: ArrayLike, beta: int, number: int
) -> Array:
    """Return the first orders of a cumulant, in a first axis."""
    u, n = np.broadcast_arrays(1 + np.asarray(s, float), np.asarray(channels, float))
    eta = Fraction(2, beta) - 1
    found = [_cumulant(eta, indices, order) for order in range(number)]
    powers = [n ** (2.0 - len(indices) - order) for order in range(number)]
    return np.stack([n * _evaluated(one, u) for n, one in zip(powers, found, strict=True)])


@lru_cache(maxsize=4096)
def _cumulant(eta: Fraction, indices: tuple[int, ...], order: int) -> Polynomial:
    """The cumulant of the sums p_i of these ascending indices, in the order N^(2 - m - order)."""
    if order < 0:
        return {}
    if indices == (1,) and order == 0:
        return {-1: Fraction(1)}

    def one(*sums: int, less: int = 0) -> Polynomial:
        return _cumulant(eta, tuple(sorted(sums)), order - less)

    changes = [_scaled(-eta, _derivative(one(*indices, less=1)))]
    for place, i in enumerate(indices):
        rest = indices[:place] + indices[place + 1 :]
        for a in range(1, i + 1):
            found = _products(eta, (a, i + 1 - a), rest, order, indices)
            changes += (_scaled(Fraction(-i), product) for product in found)
        for a in range(1, i):
            found = _products(eta, (a, i - a), rest, order, indices)
            changes += (_scaled(Fraction(i), product) for product in found)
        changes.append(_scaled(-eta * i * i, one(i + 1, *rest, less=1)))
        changes.append(_scaled(eta * i * (i - 1), one(i, *rest, less=1)))
    for first, second in combinations(range(len(indices)), 2):
        i, j = indices[first], indices[second]
        rest = tuple(k for place, k in enumerate(indices) if place not in (first, second))
        source = _total(one(i + j, *rest), _scaled(Fraction(-1), one(i + j + 1, *rest)))
        changes.append(_scaled(2 * (1 + eta) * i * j, source))
    start = int(len(indices) == 1 and order == 0)
    return _solved(2 * sum(indices), _total(*changes), start)


def _products(
    eta: Fraction,
    pair: tuple[int, int],
    rest: tuple[int, ...],
    order: int,
    unknown: tuple[int, ...],
) -> Iterator[Polynomial]:
    """The terms of the cumulant of p_a p_b and the others, but those of the unknown times <p_1>.

    The latter are in `_solved`.
    """
    a, b = pair
    yield _cumulant(eta, tuple(sorted((a, b, *rest))), order - 2)
    for number in range(len(rest) + 1):
        for places in combinations(range(len(rest)), number):
            with_a = tuple(sorted((a, *(rest[n] for n in places))))
            with_b = tuple(sorted((b, *(k for n, k in enumerate(rest) if n not in places))))
            for part in range(order + 1):
                orders = ((with_a, part), (with_b, order - part))
                if (unknown, order) not in orders:
                    yield _product(*(_cumulant(eta, *one) for one in orders))


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
