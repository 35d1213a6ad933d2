"""The exact conductance of N equivalent modes without time-reversal symmetry, at any length.

At β = 2 the equation of Dorokhov, Mello, Pereyra and Kumar (DMPK) is that of free fermions. With
λ = 1/T - 1 and Δ the product of all λ_j - λ_i, the ratio of the joint density to Δ obeys

    N ∂_s Q = Σ_n ∂_n λ_n (1 + λ_n) ∂_n Q - const · Q.

The Legendre functions P_m(1 + 2λ) and P_(-1/2+iκ)(1 + 2λ) are the eigenfunctions, the polynomials
with the eigenvalues m(m+1) and the others with -(κ² + 1/4). A perfect wire, λ = 0, thus becomes a
determinant of P_m times a determinant of integrals over κ, chosen so that the m-th is orthogonal
to all P_j but P_m. Both determinants together give <g> as a sum of N positive terms,

    <g> = Σ_m t_m,   t_m = ∫_0^∞ dκ w_m(κ) e^(-[κ² + (m+1/2)²] s/N),
    w_m = (2m+1)/[(N-1-m)! (N+m)!] · 2κ tanh(πκ) |Γ(N+1/2+iκ)|² / [κ² + (m+1/2)²],

m from 0 to N - 1. From ∂_s <g> = -<g²>/N follows the variance, and from the average of 1/(1+λ)²
the noise. Nothing is expanded: no order of 1/N, of l/L or of L/ξ is left out.

>>> mean, variance, noise = unitary_wire_moments(60.0, 20)
>>> print(f"{mean:.4f}, {variance:.4f}, {noise:.4f}")
0.2498, 0.0648, 0.1239
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, loggamma

Array = NDArray[np.float64]

NARROW = 1 / 16
"""Largest step of κ. The integrand has no pole within 1/2 of the real axis: the sum is exact."""
BEYOND = 20.0
"""The integrals end at N + BEYOND, where |Γ|² has fallen below the precision of a number."""


def unitary_wire_moments(s: ArrayLike, channels: int) -> tuple[Array, Array, Array]:
    """Return <g>, var g and the noise <Σ T(1-T)> of a wire at β = 2, of any length.

    Parameters
    ----------
    s
        Length over the mean free path, L/l >= 0.
    channels
        Number N of open modes, 1 or more.

    Returns
    -------
    <g> in e²/h, var g in (e²/h)² and <Σ T(1-T)> in 2e³|V|/h, each of the shape of `s`. They are
    exact to about 1e-12 of <g> and of <g²>.

    Raises
    ------
    ValueError
        If a length is negative, or if there is less than one mode.

    References
    ----------
    Beenakker and Rejaei, Phys. Rev. Lett. 71, 3689 (1993), for the free fermions; Frahm, Phys. Rev.
    Lett. 74, 4706 (1995), for the exact averages. The sums are derived here.

    Examples
    --------
    >>> mean, variance, noise = unitary_wire_moments([0.0, 40.0], 400)
    >>> (variance.round(3) + 0.0).tolist(), float((noise / mean)[1].round(3))
    ([0.0, 0.067], 0.334)
    """
    lengths = np.asarray(s, dtype=float)
    if channels < 1 or np.any(lengths < 0):
        raise ValueError(
            f"A wire has one mode and a length of 0 at least, not channels = {channels} and "
            f"s = {lengths.min():.4g}: give N >= 1 and L/l >= 0."
        )
    moments = [_moments(float(one), int(channels)) for one in lengths.ravel()]
    mean, variance, noise = np.transpose(moments).reshape(3, *lengths.shape)
    return mean, variance, noise


def _moments(s: float, channels: int) -> tuple[float, float, float]:
    """<g>, var g and the noise at one length."""
    rate = s / channels
    # A Gaussian of the width rate^(-1/2) needs steps that are smaller than it.
    step = min(NARROW, 1 / 4 / np.sqrt(rate)) if rate else NARROW
    kappa = step * np.arange(1, int((channels + BEYOND) / step))
    m = np.arange(channels)[:, None]
    squares = kappa**2 + (m + 0.5) ** 2
    logs = 2 * loggamma(channels + 0.5 + 1j * kappa).real - squares * rate
    logs = logs - gammaln(channels - m) - gammaln(channels + m + 1) - np.log(squares)
    terms = 2 * step * (2 * m + 1) * kappa * np.tanh(np.pi * kappa) * np.exp(logs)
    mean, square = terms.sum(), (squares * terms).sum()
    # <Σ T²> has κ² + 1/4 - m(m+1) where <g²> has κ² + 1/4 + m(m+1).
    transmitted = square - (2 * m * (m + 1) * terms).sum()
    return float(mean), float(square - mean**2), float(mean - transmitted)
