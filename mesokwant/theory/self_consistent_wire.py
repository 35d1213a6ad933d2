r"""A strip in the self-consistent Born approximation: sharp modes become broad ones.

The rates of `born_wire` have the clean modes in them, whose density of states is infinite where a
mode opens. Collisions make the modes broad,

    Σ_n(k) = Σ_m ∫dq/2π S_nm(k - q) G_m(q),    G_n(k) = 1/[E - ε_n + 2 cos k - Σ_n(k)],

with the S_nm(q) of `born_wire` and the closed modes among the m. `self_consistent_wire` takes the
strip and its disorder and gives the mean amplitude in every mode and the resistance, both without a
free number. Where collisions are rare they are those of the golden rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .boltzmann import smoothed_noise
from .boltzmann_wire import BoltzmannWire, born_wire, strip_overlaps

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]

CELLS = 2048
"""Sites around the ring on which amplitudes are found; they decay in a small part of it."""


@dataclass(frozen=True, eq=False)
class SelfConsistentWire:
    """A strip whose modes are broadened by weak scattering.

    Attributes
    ----------
    golden
        The same strip with sharp modes.
    green
        Mean amplitude G_n(x) of every open mode from one site to another one, in 1/t, shape
        (N, distances).
    self_energies
        Σ_n on the mean momentum of every open mode in t, shape (N,).
    conductivity
        σ of the whole strip, in e²/h × lattice constant: g = σ/L in a long metallic wire.
    """

    golden: BoltzmannWire
    green: Complex
    self_energies: Complex
    conductivity: float

    @property
    def stretch(self) -> float:
        """Resistance of a unit of length over that of the sharp modes."""
        return self.golden.conductivity / self.conductivity

    def coherent(self, lengths: ArrayLike) -> Array:
        """|<t_nn>|² of some whole lengths over that at the length 1, shape (N, lengths)."""
        power = np.abs(self.green) ** 2
        return power[:, np.asarray(lengths, int)] / power[:, 1:2]

    def conductance(self, length: float) -> float:
        """Classical conductance in e²/h: the kinetic equation with all rates times `stretch`."""
        return self.golden.conductance(length * self.stretch)


@lru_cache(maxsize=32)
def self_consistent_wire(
    energy: float, width: int, variance: float, *, correlation_length: float = 0.0
) -> SelfConsistentWire:
    """Return the mean amplitudes and the conductivity of a strip with broadened modes.

    Parameters
    ----------
    energy
        Energy in t.
    width
        Sites across.
    variance, correlation_length
        As in `born_wire`: in t² and in lattice constants.

    Returns
    -------
    SelfConsistentWire
        Amplitudes in 1/t, self-energies in t, conductivity in e²/h × lattice constant.

    Raises
    ------
    ValueError
        As `born_wire`; or if the disorder is so weak that an electron comes back around the ring
        of momenta, or so smooth that the ladder does not converge.

    References
    ----------
    T. Ando, Y. Uemura, J. Phys. Soc. Jpn. 36, 959 (1974); the sums over modes are derived here.

    Examples
    --------
    >>> wire = self_consistent_wire(-3.0, 40, 1 / 12)
    >>> print(f"{wire.stretch:.2f}")  # The next mode is near, and broad enough to scatter into.
    1.09
    """
    golden = born_wire(energy, width, variance, correlation_length=correlation_length)
    transverse = np.pi * np.arange(1, width + 1) / (width + 1)
    overlaps = variance * strip_overlaps(width, width, correlation_length)
    momenta = 2 * np.pi * np.fft.fftfreq(CELLS)
    correlation = np.fft.ifft(smoothed_noise(momenta, correlation_length)).real
    # The potential is correlated over a few sites alone.
    near = np.flatnonzero(np.abs(correlation) > 1e-14)
    band = -2 * np.cos(transverse)[:, None] - 2 * np.cos(momenta)

    def scattered(function: NDArray) -> Complex:
        """Σ_m ∫dq/2π S_nm(k - q) f_m(q)."""
        space = np.zeros(band.shape, complex)
        space[:, near] = overlaps @ np.fft.ifft(function, axis=1)[:, near] * correlation[near]
        return np.fft.fft(space, axis=1)

    sigma: Complex = np.full(band.shape, -0.05j)
    for _ in range(500):
        found = scattered(1 / (energy - band - sigma))
        change, sigma = np.abs(found - sigma).max(), (found + sigma) / 2
        if change < 1e-10:
            break
    green = 1 / (energy - band - sigma)
    space = np.fft.ifft(green, axis=1)[: golden.channels]
    # Half of the way around is the square root of the whole.
    if np.any(np.abs(space[:, CELLS // 2] / space[:, 0]) ** 2 > 0.02):
        raise ValueError(
            f"the variance {variance:g} is so small that electrons come back around the ring of "
            "momenta: take stronger disorder, or `born_wire`"
        )
    speed = np.broadcast_to(2 * np.sin(momenta), band.shape)
    bubbles = (_bubble(speed, pair, scattered) for pair in (np.abs(green) ** 2, green**2))
    retarded_advanced, retarded_retarded = bubbles
    weights = -green.imag[: golden.channels]
    return SelfConsistentWire(
        golden,
        space,
        np.sum(sigma[: golden.channels] * weights, axis=1) / np.sum(weights, axis=1),
        retarded_advanced - retarded_retarded,
    )


def _bubble(speed: Array, pair: NDArray, scattered: Callable[[NDArray], Complex]) -> float:
    """Σ_n ∫dk/2π v pair Γ with the ladder Γ = v + Σ S pair Γ."""
    vertex: Complex = speed.astype(complex)
    for _ in range(5000):
        found = speed + scattered(pair * vertex)
        change, vertex = np.abs(found - vertex).max(), found
        if change < 1e-8:
            return float(np.sum(np.mean((speed * pair * vertex).real, axis=1)))
    raise ValueError("the ladder does not converge: take a shorter correlation length")
