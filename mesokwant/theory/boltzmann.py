r"""Weak scattering and the Boltzmann equation on the Fermi line of the square lattice.

The disorder is that of `mesokwant.Gaussian` and, at a correlation length ξ = 0, of
`mesokwant.Anderson`: white noise of the sites that is smoothed with K(r) = exp(-r²/ξ²),

    Σ_r <V_0 V_r> exp(iqr) = a² s(q_x) s(q_y),    s(q) = [Σ_j K(j) cos qj]²/Σ_j K(j)².

`born_metal` takes an energy and such a disorder and gives the two times of an infinite metal: τ
between two collisions, and τ_tr after which a velocity is forgotten. They are of second order in
the disorder, and `born_energy_shift` is the real part that belongs to them. `born_wire` has the
same for the modes of a strip. Energies are in t, lengths in the lattice constant, and hbar = 1.

>>> metal = born_metal(-3.0, 0.1**2, correlation_length=3.0)
>>> print(f"{metal.transport_time / metal.scattering_time:.1f}")
18.7
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ive

Array = NDArray[np.float64]

ANGLES = 360
"""Points of the Fermi line; what is periodic and smooth converges exponentially with them."""

CELLS = 1024
"""Momenta in every direction for the real part of the self-energy."""


@dataclass(frozen=True, eq=False)
class BoltzmannMetal:
    """An infinite metal with weak scattering, at one energy.

    Attributes
    ----------
    momenta
        Points of the Fermi line at equal steps of the angle, shape (points, 2).
    velocities
        Their velocities in t × lattice constant, shape (points, 2).
    weights
        Density of states of each point, per site, spin and t, shape (points,).
    rates
        Rate 1/τ of collisions at each point in t, shape (points,).
    scattering_time
        τ = 1/<1/τ>, averaged over the line, in 1/t.
    transport_time
        τ_tr = D/<v_x²>, in 1/t.
    diffusion
        D in t × lattice constant².
    """

    momenta: Array
    velocities: Array
    weights: Array
    rates: Array
    scattering_time: float
    transport_time: float
    diffusion: float

    @property
    def mean_free_path(self) -> float:
        """The length l of g = N/(1 + L/l), 2D/<|v_x|>, in lattice constants."""
        speed = np.sum(self.weights * np.abs(self.velocities[:, 0])) / np.sum(self.weights)
        return float(2 * self.diffusion / speed)

    def rate(self, angles: ArrayLike) -> Array:
        """Rate 1/τ of collisions in t, of electrons that move at some angles of the momentum."""
        own = np.arctan2(self.momenta[:, 1], self.momenta[:, 0])
        return np.interp(np.asarray(angles, float), own, self.rates, period=2 * np.pi)


def smoothed_noise(momentum: ArrayLike, correlation_length: float) -> Array:
    """Return the power spectrum of smoothed white noise in one direction, over its variance.

    Parameters
    ----------
    momentum
        q in 1/(lattice constant).
    correlation_length
        ξ of the smoothing exp(-r²/ξ²) in lattice constants; 0 is white noise.

    Returns
    -------
    s(q), a pure number of the shape of `momentum`.

    References
    ----------
    The Fourier transform of `mesokwant.Gaussian` on the sites; derived here.

    Examples
    --------
    In the continuum it is (2π)^½ ξ exp(-q²ξ²/2):

    >>> print(f"{smoothed_noise(0.5, 2.0) / (np.sqrt(2 * np.pi) * 2 * np.exp(-0.5)):.4f}")
    1.0000
    """
    momentum = np.asarray(momentum, float)
    if correlation_length == 0:
        return np.ones(momentum.shape)
    j = np.arange(-np.ceil(6 * correlation_length), np.ceil(6 * correlation_length) + 1)
    kernel = np.exp(-((j / correlation_length) ** 2))
    return (np.cos(momentum[..., None] * j) @ kernel) ** 2 / np.sum(kernel**2)


@lru_cache(maxsize=64)
def born_metal(
    energy: float, variance: float, *, correlation_length: float = 0.0
) -> BoltzmannMetal:
    r"""Return the times of the square lattice from the golden rule and the Boltzmann equation.

        1/τ(k) = Σ_k' P(k, k'),    v_x(k) = Σ_k' P(k, k') [Λ(k) - Λ(k')],    D = <v_x Λ>,

    with P = 2π a² s(k_x - k_x') s(k_y - k_y') δ(E - ε_k').

    Parameters
    ----------
    energy
        Energy in t, inside the band and away from its centre.
    variance
        <V²> = a² in t²: strength²/12 for `mesokwant.Anderson`, strength² for `mesokwant.Gaussian`.
    correlation_length
        ξ of `mesokwant.Gaussian` in lattice constants.

    Returns
    -------
    BoltzmannMetal
        Rates in t, times in 1/t, and D.

    Raises
    ------
    ValueError
        If the energy is outside the band or at its centre, or if the variance is not positive.

    References
    ----------
    Akkermans and Montambaux, Mesoscopic Physics of Electrons and Photons (2007), chapter 4.

    Examples
    --------
    >>> metal = born_metal(-1.0, 2.0**2 / 12)
    >>> print(f"{metal.scattering_time:.2f} {metal.diffusion:.2f}")
    3.36 8.62
    """
    if not 0 < abs(energy) < 4:
        raise ValueError(
            f"the energy {energy:g} is not in the band or at its centre: take 0 < |E| < 4"
        )
    if not variance > 0:
        raise ValueError(f"the variance of the disorder must be positive, not {variance:g}")
    angle = 2 * np.pi * (np.arange(ANGLES) + 0.5) / ANGLES - np.pi
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    # Holes at E > 0 move as electrons at -E: k -> (π, π) - k keeps all differences of momenta.
    momenta = _fermi_radius(-abs(energy), direction)[:, None] * direction
    velocities = 2 * np.sin(momenta)
    radius = np.sum(momenta * direction, axis=1)
    weights = radius / np.sum(velocities * direction, axis=1) / (2 * np.pi * ANGLES)
    change = momenta[:, None] - momenta
    spectrum = np.prod(smoothed_noise(change, correlation_length), axis=-1)
    gain = 2 * np.pi * variance * spectrum * weights
    rates = gain.sum(axis=1)
    # A constant solves the equation without a source: the last term leaves it out.
    operator = np.diag(rates) - gain + rates.mean() * weights / weights.sum()
    path = np.linalg.solve(operator, velocities[:, 0])
    diffusion = np.average(velocities[:, 0] * path, weights=weights)
    return BoltzmannMetal(
        momenta,
        velocities,
        weights,
        rates,
        scattering_time=float(1 / np.average(rates, weights=weights)),
        transport_time=float(diffusion / np.average(velocities[:, 0] ** 2, weights=weights)),
        diffusion=float(diffusion),
    )


def round_line_time_ratio(radius: ArrayLike) -> Array:
    r"""Return τ_tr/τ of a round Fermi line in a Gaussian-correlated potential.

        τ_tr/τ = 1/[1 - I_1(K)/I_0(K)],    K = (k_F ξ)²,

    which is 1 for point scatterers and 2K for a smooth potential.

    Parameters
    ----------
    radius
        k_F ξ, a pure number.

    Returns
    -------
    The ratio, a pure number of the shape of `radius`.

    References
    ----------
    Derived here from the golden rule with the rates exp(K cos θ) of a change of angle θ.

    Examples
    --------
    >>> print(f"{round_line_time_ratio(3.0):.2f}")
    17.45
    """
    square = np.square(np.asarray(radius, float))
    return 1 / (1 - ive(1, square) / ive(0, square))


@lru_cache(maxsize=64)
def born_energy_shift(energy: float, variance: float, *, correlation_length: float = 0.0) -> float:
    """Return by how much disorder moves the energy of electrons: Re Σ on the Fermi line.

    An electron of the energy E in the disorder has the momenta of a clean one at E - Re Σ.

    Parameters
    ----------
    energy, variance, correlation_length
        As in `born_metal`: in t, in t², and in lattice constants.

    Returns
    -------
    Re Σ in t, averaged over the spectral density.

    Raises
    ------
    ValueError
        As `born_metal`.

    References
    ----------
    Akkermans and Montambaux, Mesoscopic Physics of Electrons and Photons (2007), chapter 3; the
    first iteration of `self_consistent_born`, which is for stronger disorder.

    Examples
    --------
    Electrons in the lower half of the band are pushed down by the levels above them.

    >>> bool(born_energy_shift(-3.0, 1 / 12) < 0)
    True
    """
    metal = born_metal(energy, variance, correlation_length=correlation_length)
    q = 2 * np.pi * np.fft.fftfreq(CELLS)
    band = -2 * np.cos(q)[:, None] - 2 * np.cos(q)
    green = 1 / (energy - band + 0.5j / metal.scattering_time)
    spectrum = smoothed_noise(q, correlation_length)
    correlation = np.fft.fft2(spectrum[:, None] * spectrum)
    sigma = variance * np.fft.ifft2(correlation * np.fft.fft2(green)) / CELLS**2
    return float(np.average(sigma.real, weights=-green.imag))


def _fermi_radius(energy: float, direction: Array) -> Array:
    """Length of the momentum in each direction, for E < 0, by bisection, shape (directions,)."""
    low, high = np.zeros(len(direction)), np.pi / np.abs(direction).max(axis=1)
    for _ in range(60):
        middle = (low + high) / 2
        inside = -2 * np.sum(np.cos(middle[:, None] * direction), axis=1) < energy
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return (low + high) / 2
