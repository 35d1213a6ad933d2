"""A diffusive cylinder with an Aharonov-Bohm flux: its mean conductance and its fluctuations.

A flux φ in units of h/e goes through the bore of a cylinder of circumference C and length L,
between ideal leads. A diffuson of the fluxes φ and φ' has the wave numbers q_x = πn/L, n >= 1,
along the cylinder and q_y = 2π(m + φ - φ')/C around it, and a Cooperon has 2π(m + φ + φ')/C. The
Cooperon of one sample therefore sees twice the flux, and the mean oscillates with h/2e [1]_, while
one sample oscillates with h/e, at random [2]_.

The functions take fluxes and lengths in any unit. They give the limit of l << C and of many
channels; `finite_cylinder` has the corrections of a real cylinder.

References
----------
.. [1] B. L. Altshuler, A. G. Aronov and B. Z. Spivak, JETP Lett. 33, 94 (1981).
.. [2] P. A. Lee, A. D. Stone and H. Fukuyama, Phys. Rev. B 35, 1039 (1987).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import zeta

Array = NDArray[np.float64]

CUT = 40.0
"""Terms below exp(-CUT) are left out of the sums."""


def aharonov_bohm_harmonic(order: ArrayLike, length: float, circumference: float) -> Array:
    """Return the amplitude of cos(4πkφ) in <g>(φ), the oscillation with h/2e over k.

    It is (2C/πL) ln[1 - exp(-πkC/L)], the sum over modes -2 Σ_nm 1/(q_x² + q_y²)/L² after a
    Poisson summation over m.

    Parameters
    ----------
    order
        k = 1, 2, ...
    length, circumference
        L between the leads and C, in the same unit.

    Returns
    -------
    The amplitude in e²/h, which is negative, of the shape of `order`.

    References
    ----------
    Altshuler, Aronov and Spivak, JETP Lett. 33, 94 (1981); with leads derived here.

    Examples
    --------
    >>> print(f"{aharonov_bohm_harmonic(1, 2.0, 1.0):.4f}")
    -0.0742
    """
    ratio = np.pi * circumference / length
    winding = np.exp(-ratio * np.asarray(order, dtype=float))
    return 2 * circumference / (np.pi * length) * np.log1p(-winding)


def aharonov_bohm_rise(flux: ArrayLike, length: float, circumference: float) -> Array:
    """Return the rise <g(φ)> - <g(0)> of a cylinder for l -> 0, with the period 1/2 in φ.

    It is Σ_m [F(2πL|m|/C) - F(2πL|m + 2φ|/C)] with F(a) = (a coth a - 1)/a², summed here by its
    harmonics. In a long cylinder the rise at φ = 1/4 is that of a wire in a strong field, 1/3.

    Parameters
    ----------
    flux
        φ through the bore in h/e.
    length, circumference
        L between the leads and C, in the same unit.

    Returns
    -------
    The rise in e²/h, of the shape of `flux`.

    References
    ----------
    Altshuler, Aronov and Spivak, JETP Lett. 33, 94 (1981); with leads derived here.

    Examples
    --------
    >>> print(aharonov_bohm_rise([0.25, 0.5], 200.0, 1.0).round(3))  # 1/3 but for 1/a
    [0.331 0.   ]
    """
    orders = np.arange(1, _terms(length, circumference) + 1)
    angle = 2 * np.pi * np.asarray(flux, dtype=float)[..., None] * orders
    # 1 - cos(2x) = 2 sin²x has no cancellation at small x.
    return -2 * np.sin(angle) ** 2 @ aharonov_bohm_harmonic(orders, length, circumference)


def aharonov_bohm_covariance(
    flux: ArrayLike, other: ArrayLike, length: float, circumference: float
) -> Array:
    """Return the covariance of g(φ) and g(φ') of a cylinder for l -> 0, S(φ - φ') + S(φ + φ').

    S(x) = (6/π⁴) Σ_{n>=1} Σ_m [n² + (2L(m + x)/C)²]⁻², from one diffuson and one Cooperon.

    Parameters
    ----------
    flux, other
        φ and φ' through the bore in h/e.
    length, circumference
        L between the leads and C, in the same unit.

    Returns
    -------
    The covariance in (e²/h)², of the shape to which the fluxes broadcast.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987); in a flux derived here.

    Examples
    --------
    >>> print(f"{aharonov_bohm_covariance(0, 0, 100.0, 1.0):.4f}")  # A long wire: 2/15.
    0.1333
    """
    difference, total = diffuson_and_cooperon(flux, other, length, circumference)
    return difference + total


def aharonov_bohm_power(order: ArrayLike, length: float, circumference: float) -> Array:
    """Return the variance of the amplitude g_k of one cylinder, g(φ) = Σ_k g_k cos(2πkφ).

    It is (6C/π³L) Σ_n n⁻³ (1 + πknC/L) exp(-πknC/L) for l -> 0, and half of that for k = 0. The
    amplitudes of different k are not correlated.

    Parameters
    ----------
    order
        k = 0, 1, 2, ...: h/e has k = 1.
    length, circumference
        L between the leads and C, in the same unit.

    Returns
    -------
    The variance in (e²/h)², of the shape of `order`.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987); the Poisson sum is derived here.

    Examples
    --------
    >>> print(aharonov_bohm_power([0, 1, 2], 2.0, 1.0).round(4))
    [0.0582 0.0541 0.0175]
    """
    order = np.asarray(order, dtype=float)
    n = np.arange(1, _terms(length, circumference) + 1)
    decay = np.pi * circumference / length * order[..., None] * n
    winding = np.sum((1 + decay) * np.exp(-decay) / n**3, axis=-1)
    scale = 6 * circumference / (np.pi**3 * length)
    return scale * np.where(order == 0, zeta(3) / 2, winding)


def diffuson_and_cooperon(
    flux: ArrayLike, other: ArrayLike, length: float, circumference: float
) -> Array:
    """Return what the diffuson and the Cooperon add to the covariance, stacked: S(φ ∓ φ')."""
    flux, other = np.broadcast_arrays(np.asarray(flux, float), np.asarray(other, float))
    orders = np.arange(_terms(length, circumference) + 1)
    angles = 2 * np.pi * np.stack([flux - other, flux + other])[..., None] * orders
    return np.asarray(np.cos(angles) @ aharonov_bohm_power(orders, length, circumference) / 2)


def _terms(length: float, circumference: float) -> int:
    """Return how many harmonics are above the rounding error."""
    return int(np.ceil(CUT * length / (np.pi * circumference)))
