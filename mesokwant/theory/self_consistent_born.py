"""A disordered metal on the square lattice in the self-consistent Born approximation (SCBA).

H = -Σ |i><j| + Σ V_i |i><i| with <V_i V_j> = C(i - j) and <V> = 0. The self-energy of an electron
of the energy E is

    Σ(k) = Σ_q C(q) G(k - q),    G(k) = 1/[E + 2 cos k_x + 2 cos k_y - Σ(k)],

and the conductivity is the bubble of G with the ladder of C. In the space of the lattice both
are products, Σ(r) = C(r) G(r), so that they take a few Fourier transforms. The real part of Σ moves
the Fermi line and with it the number of electrons n; its imaginary part is the rate 1/(2τ).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct, dst
from scipy.special import erfc

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]

CELLS = 256
"""Intervals of the momentum between 0 and π; enough for rates above 0.03 t to 0.1 %."""

ROUNDING = 0.02
"""Width in t by which the Fermi line is rounded where its area is counted on the grid."""


@dataclass(frozen=True)
class BornMetal:
    """What the self-consistent Born approximation says of a metal without a field.

    Attributes
    ----------
    energy
        Energy in t.
    self_energy
        Σ averaged over the spectral density at that energy, in t.
    density
        Electrons n per site and spin: the area inside the Fermi line that Re Σ moves, over (2π)².
    dos
        Density of states ∂n/∂E on that line, per site, spin and t.
    scattering_time
        τ = -1/(2 Im Σ), the time between collisions of the Landau levels, in 1/t.
    transport_time
        τ times the conductivity with the ladder over that without, in 1/t.
    conductivity
        σ in e²/h per spin.
    """

    energy: float
    self_energy: complex
    density: float
    dos: float
    scattering_time: float
    transport_time: float
    conductivity: float


def self_consistent_born(
    energy: float, variance: float, *, correlation_length: float = 0.0
) -> BornMetal:
    """Return the metal that disorder of one variance makes of the square lattice.

    Parameters
    ----------
    energy
        Energy in t, inside the band and away from its centre, where the rate diverges.
    variance
        <V²> in t²: strength²/12 for `mesokwant.Anderson`, strength² for `mesokwant.Gaussian`.
    correlation_length
        The ξ of `mesokwant.Gaussian`: white noise smoothed with exp(-r²/ξ²) on the lattice, and
        not smoothed at 0.

    Returns
    -------
    BornMetal
        Σ in t, the area of the Fermi line, the two times in 1/t and the conductivity in e²/h.

    Raises
    ------
    ValueError
        If the energy is outside the band, if the variance is not positive, or if the disorder is
        too weak for the grid of momenta.

    References
    ----------
    T. Ando, Y. Uemura, J. Phys. Soc. Jpn. 36, 959 (1974); the lattice sums are derived here.

    Examples
    --------
    The golden rule gives 1/(2τ) = π ν <V²>.

    >>> metal = self_consistent_born(-3.0, 1.5**2 / 12)
    >>> print(f"{1 / (2 * metal.scattering_time):.4f} {np.pi * 0.0914 * 1.5**2 / 12:.4f}")
    0.0538 0.0538
    """
    if not 0 < abs(energy) < 4:
        raise ValueError(
            f"the energy {energy:g} is not in the band or at its centre: take 0 < |E| < 4"
        )
    if not variance > 0:
        raise ValueError(f"the variance of the disorder must be positive, not {variance:g}")
    momenta = np.linspace(0, np.pi, CELLS + 1)
    band = -2 * np.cos(momenta)[:, None] - 2 * np.cos(momenta)
    correlation = variance * _correlation(correlation_length)
    sigma: Complex = np.full(band.shape, -0.05j)
    for _ in range(200):
        found = _even(correlation * _even(1 / (energy - band - sigma)) / (2 * CELLS) ** 2)
        change, sigma = np.abs(found - sigma).max(), found
        if change < 1e-10:
            break
    green = 1 / (energy - band - sigma)
    spectral = -green.imag
    mean = complex(_average(sigma * spectral) / _average(spectral))
    speed = 2 * np.sin(momenta[1:-1])[:, None] * np.ones(CELLS + 1)
    # An electron must not come back around the grid, which has 2 CELLS sites.
    if np.exp(-2 * CELLS * abs(mean.imag) / speed.max()) > 1e-3:
        raise ValueError(
            f"the rate {abs(mean.imag):.2g} t is too small for the grid of momenta: take stronger "
            "disorder"
        )
    distance = (energy - band - sigma.real) / ROUNDING
    dos = _average(np.exp(-(distance**2) / 2)) / (ROUNDING * math.sqrt(2 * math.pi))
    inner = green[1:-1]
    pair, squares = np.abs(inner) ** 2, inner**2
    bare = _odd_average(speed**2 * (pair - squares.real))
    retarded_advanced = pair * _vertex(speed, pair, correlation)
    retarded_retarded = squares * _vertex(speed, squares, correlation)
    conductivity = _odd_average(speed * (retarded_advanced - retarded_retarded).real)
    time = -1 / (2 * mean.imag)
    return BornMetal(
        energy=energy,
        self_energy=mean,
        density=_average(erfc(-distance / np.sqrt(2)) / 2),
        dos=dos,
        scattering_time=time,
        transport_time=time * conductivity / bare,
        conductivity=conductivity,
    )


def _correlation(length: float) -> Array:
    """C(r)/C(0) of white noise that is smoothed with exp(-r²/length²), on a quarter of the grid."""
    distance = np.arange(CELLS + 1)
    if length == 0:
        row = (distance == 0).astype(float)
    else:
        j = np.arange(-CELLS, CELLS + 1)
        kernel = np.exp(-((j / length) ** 2))
        shifted = np.exp(-(((j + distance[:, None]) / length) ** 2))
        row = shifted @ kernel / (kernel @ kernel)
    return row[:, None] * row


def _vertex(speed: Array, pair: NDArray, correlation: Array) -> NDArray:
    """The velocity with the ladder, Γ = v + C * (pair Γ), which is odd in k_x and even in k_y."""
    vertex: NDArray = speed.astype(pair.dtype)
    for _ in range(1000):
        space = correlation[1:-1] * _odd(pair * vertex) / (2 * CELLS) ** 2
        found = speed + _odd(space)
        change, vertex = np.abs(found - vertex).max(), found
        if change < 1e-8:
            return vertex
    raise ValueError(
        "the ladder does not converge: the disorder is so smooth that it hardly "
        "scatters backwards; take a shorter correlation length"
    )


def _even(values: NDArray) -> NDArray:
    """The sum over all momenta of a function that is even in both, times cos cos."""
    return dct(dct(values, type=1, axis=0), type=1, axis=1)


def _odd(values: NDArray) -> NDArray:
    """The sum over all momenta of a function that is odd in the first, times sin cos."""
    return dct(dst(values, type=1, axis=0), type=1, axis=1)


def _average(values: NDArray) -> float:
    """The average over all momenta of an even function."""
    return (_even(values)[0, 0] / (2 * CELLS) ** 2).item()


def _odd_average(values: NDArray) -> float:
    """The average over all momenta of a product of two odd functions, without its zeros."""
    return _average(np.pad(values, ((1, 1), (0, 0))))
