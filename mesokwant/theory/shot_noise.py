"""Shot noise of disordered conductors: the Fano factor of wires and chains, and its thermal end.

The Fano factor of an ensemble is F = <Σ T(1-T)>/<Σ T>, with all T at one energy. Energies are in
one unit, and lengths in the mean free path l of g = N/(1 + L/l), s = L/l.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from .ballistic_noise import ballistic_fano_factor
from .diffusive import fano_factor
from .prediction import Prediction
from .wire_moments import wire_moment_orders

Array = NDArray[np.float64]

STEPS = 100
"""Steps, from x = 0 to the largest x, in which the density of eigenvalues is followed."""


def fano_factor_weak_localization(conductance: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return what weak localization adds to the Fano factor of a long wire, (2/β - 1) 4/(45 g).

    At β = 1 interference takes 1/3 from Σ T but only 1/45 from Σ T(1-T), and not a third of 1/3.

    Parameters
    ----------
    conductance
        <g> in e²/h (4 counts each Kramers pair once: half of Kwant's T).
    beta
        Symmetry index: 1, 2 or 4.

    Returns
    -------
    The addition, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    de Jong and Beenakker, Phys. Rev. B 46, 13400 (1992); Beenakker, Rev. Mod. Phys. 69, 731
    (1997), for the density of T.

    Examples
    --------
    >>> print(f"{fano_factor_weak_localization(4.0, beta=1):.4f}")
    0.0222
    """
    return (2 / np.asarray(beta) - 1) * 4 / 45 / np.asarray(conductance, float)


def wire_fano_factor(
    s: ArrayLike, channels: float, *, beta: int, velocities: ArrayLike | None = None
) -> Prediction:
    """Return the Fano factor of a wire with N modes, with weak localization and the next order.

    The leading order is that of the classical theory, and the others are those of `wire_moments`.

    Parameters
    ----------
    s
        Length over mean free path, L/l; N/g - 1 where interference does not change g.
    channels
        Number N of open modes.
    beta
        Symmetry index: 1, 2 or 4.
    velocities
        Velocities of the modes, for `ballistic_fano_factor`; all equal by default.

    Returns
    -------
    Prediction of the Fano factor, a pure number, of the shape of `s`. The bound is the last order
    times s/N. With velocities, it is also what the slowest mode changes in the classical theory:
    that mode may be closer to its threshold than ħ/τ, where it is not one that is scattered now
    and then.

    References
    ----------
    de Jong and Beenakker, Phys. Rev. B 46, 13400 (1992) and Physica A 230, 219 (1996), and
    `wire_moments`.

    Examples
    --------
    >>> rise = wire_fano_factor(8.0, 40, beta=1) - wire_fano_factor(8.0, 40, beta=2)
    >>> print(f"{rise.value:.4f}")
    0.0193
    """
    g, noise = wire_moment_orders(s, channels, beta=beta)
    orders = np.cumsum(noise, axis=0) / np.cumsum(g, axis=0)
    source = "Fano factor with weak localization; de Jong & Beenakker 1992"
    expected = Prediction(
        fano_factor(s) + orders[2] - orders[0],
        abs(orders[2] - orders[1]) * np.asarray(s, float) / channels,
        because="the next order in s/N",
        source=source,
    )
    if velocities is None:
        return expected
    classical = ballistic_fano_factor(s, velocities)
    faster = ballistic_fano_factor(s, np.sort(velocities)[1:])
    slowest = Prediction(
        classical - fano_factor(s), abs(classical - faster), because="the slowest mode"
    )
    return expected + slowest


def wire_eigenvalue_count(x: ArrayLike, channels: float, s: float) -> Array:
    """Return how many transmission eigenvalues T of a diffusive wire lie above 1/cosh² x.

    For s >> 1 this is g x up to x = s (Dorokhov). At any s, and N >> 1, the number is

    (2N/π) Im[s cot² v/2 - ln sin v], where s cot v - v = i x,  0 < Re v < π/2.

    This is a wire in series with the 2N modes of ideal contacts.

    Parameters
    ----------
    x
        At least 0; T = 1/cosh² x.
    channels
        Number N of open modes.
    s
        Length over mean free path, L/l.

    Returns
    -------
    The number of eigenvalues, of the shape of `x`.

    References
    ----------
    Dorokhov, Solid State Commun. 51, 381 (1984); Nazarov, Phys. Rev. Lett. 73, 134 (1994), for
    conductors in series.

    Examples
    --------
    The share of the conductance, T > 0.9, is arccosh(1/√0.9) = 0.327 in a long wire:

    >>> print(f"{wire_eigenvalue_count(0.327, 1000, 99.0) / 10:.3f}")
    0.327
    """
    v = _angle(x, float(s))
    return 2 * channels / np.pi * np.imag(s / np.tan(v) ** 2 / 2 - np.log(np.sin(v)))


def wire_eigenvalue_density(x: ArrayLike, channels: float, s: float) -> Array:
    """Return the density of x of `wire_eigenvalue_count`, (2N/π) Re cot v.

    Parameters
    ----------
    x, channels, s
        As in `wire_eigenvalue_count`.

    Returns
    -------
    The number of eigenvalues per unit of x, of the shape of `x`; about g for x < s.

    References
    ----------
    As for `wire_eigenvalue_count`.

    Examples
    --------
    >>> print(f"{wire_eigenvalue_density(0.0, 1000, 99.0):.2f}")
    10.00
    """
    return 2 * channels / np.pi * np.real(1 / np.tan(_angle(x, float(s))))


def chain_fano_factor(length: ArrayLike) -> Array:
    """Return F = 1 - <T²>/<T> of a chain with weak disorder, at any length: 3/4 for a long one.

    Abrikosov's distribution of T gives, with s = 2L/ξ,

    <T²>/<T> = ∫ du u e^(-u²/s) (tanh u + u/cosh² u)/cosh u / ∫ du 2u² e^(-u²/s)/cosh u.

    Both averages are those of rare samples with T near 1. In the typical sample T is small, and
    the noise is that of independent electrons.

    Parameters
    ----------
    length
        s = 2L/ξ > 0.

    Returns
    -------
    The Fano factor, a pure number, of the shape of `length`.

    References
    ----------
    Abrikosov, Solid State Commun. 37, 997 (1981), for the density; integrated here.

    Examples
    --------
    >>> print(chain_fano_factor([1.0, 8.0, np.inf]).round(3))
    [0.374 0.635 0.75 ]
    """
    s = np.asarray(length, float)[..., None]
    nodes, weights = np.polynomial.legendre.leggauss(200)
    # e^(-u²/s)/cosh u has decayed at the end.
    end = np.minimum(40.0, 7 * np.sqrt(s))
    u = end * (nodes + 1) / 2
    weight = weights * u * np.exp(-(u**2) / s) / np.cosh(u)
    squares = np.sum(weight * (np.tanh(u) + u / np.cosh(u) ** 2), axis=-1)
    return 1 - squares / np.sum(weight * 2 * u, axis=-1)


def thermal_noise_crossover(bias: ArrayLike, *, fano: ArrayLike = 1 / 3) -> Array:
    """Return the noise of a conductor over its thermal noise 4kTg: 1 - F + F v coth v.

    It is 1 at no bias and F times eV/2kT at a high one, and 2/3 + (1/3) v coth v in a diffusive
    wire. The transmissions are taken to be those of one energy.

    Parameters
    ----------
    bias
        v = eV/2kT.
    fano
        Fano factor F.

    Returns
    -------
    The ratio, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Büttiker, Phys. Rev. B 46, 12485 (1992); Nagaev, Phys. Lett. A 169, 103 (1992).

    Examples
    --------
    >>> print(thermal_noise_crossover([0.0, 30.0]).round(3))
    [ 1.    10.667]
    """
    v, fano = np.asarray(bias, float), np.asarray(fano, float)
    safe = np.where(v == 0, 1.0, v)
    return 1 - fano + fano * np.where(v == 0, 1.0, safe / np.tanh(safe))


def _angle(x: ArrayLike, s: float) -> NDArray[np.complex128]:
    """The solution v of s cot v - v = i x, followed from x = 0 on with Newton's method."""
    # The density ends where the equation has a double solution, which is imaginary.
    end = np.sqrt(s * (1 + s)) + np.arcsinh(np.sqrt(s))
    places = np.minimum(np.asarray(x, float), (1 - 1e-9) * end)
    start = brentq(lambda v: s * np.cos(v) - v * np.sin(v), 0.0, np.pi / 2)
    v = np.full(places.shape, start + 0j)
    # The steps become small there.
    for share in 1 - np.linspace(1, 0, STEPS) ** 2:
        for _ in range(6):
            sine = np.sin(v)
            v = v + (s * np.cos(v) / sine - v - 1j * share * places) / (s / sine**2 + 1)
    return v
