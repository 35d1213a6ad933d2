"""Reflection of a disordered wire from mode to mode: Born scattering rates and a kinetic equation.

`born_reflection` takes the energy, the width and the length of a strip of the square lattice
between hard walls, the strength of its on-site disorder and of its random flux. It gives a
`BornReflection`: what the classical theory of the modes expects of |r_nm|², how much of it are
electrons that were scattered once, and what interference adds to the return into the mode of
incidence. No other number enters.

>>> wire = born_reflection(-1.01, 20, 40, strength=2.0)
>>> bool(np.all(wire.factors((3,))[3:8] > 1.7))  # A wave comes back almost twice as often.
True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .boltzmann_wire import kinetic_wire

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BornReflection:
    """Reflection of a wire between its N open modes, in Born approximation.

    Attributes
    ----------
    ladder
        Classical probability of reflection from mode m into mode n, shape (N, N).
    single
        The part of it that was scattered once, shape (N, N).
    crossed
        What interference with the time-reversed path adds to |r_nn|², shape (N,). Electrons that
        were scattered once are their own time-reversed path and are not counted again.
    transmission
        Classical conductance in e²/h.
    """

    ladder: Array
    single: Array
    crossed: Array
    transmission: float

    @property
    def returned(self) -> Array:
        """Expected |r_nn|² of every mode, the coherent part included, shape (N,)."""
        return np.diagonal(self.ladder) + self.crossed

    @property
    def single_share(self) -> Array:
        """Share p_n of single scattering in the reflection into channels far from n, shape (N,).

        The standing waves of one mode overlap 3/2 times as much as those of two modes, which
        the reflection into far channels does not know.
        """
        return np.diagonal(self.single) / 1.5 / (np.diagonal(self.ladder) - self.excess)

    @property
    def excess(self) -> Array:
        """What the overlap of the standing waves of one mode adds to |r_nn|², shape (N,)."""
        return np.diagonal(self.single) / 3

    def far(self, offsets: Sequence[int]) -> Array:
        """Mean classical probability of reflection from n into n ± offset, nan without such modes.

        Parameters
        ----------
        offsets
            Distances of the modes in the order of their transverse energies.
        """
        channels = len(self.ladder)
        place = np.abs(np.subtract.outer(np.arange(channels), np.arange(channels)))
        chosen = np.isin(place, offsets)
        with np.errstate(invalid="ignore"):
            return np.sum(self.ladder * chosen, axis=0) / np.sum(chosen, axis=0)

    def factors(self, offsets: Sequence[int]) -> Array:
        """Expected |r_nn|² over the mean of |r_mn|² for m = n ± offsets, shape (N,)."""
        return self.returned / self.far(offsets)


@lru_cache(maxsize=256)
def born_reflection(
    energy: float, width: int, length: float, *, strength: float, flux: float = 0.0
) -> BornReflection:
    r"""Return the reflection of a disordered strip, classical and with the coherent peak.

    The mode m, with the momentum σ k_m and the profile φ_m(y) = [2/(W + 1)]^½ sin(q_m y), is
    scattered into n within a unit of length with the probability

        G_nm = (S_nm + A_nm)/(v_n v_m),    v_n = 2 sin k_n.

    On-site disorder of the variance a² = strength²/12 gives S_nm = a² Σ_y φ_n² φ_m² (1 + δ_nm/2 +
    δ_{n+m,W+1}/2 of 1/(W + 1)). A random Peierls phase φ gives <sin² φ> times the squared matrix
    element of a current for A_nm, and var(cos φ) times that of a hopping to S_nm. The kinetic
    equation of the 2N modes with all G is solved for a length L by doubling a thin slice.

    Time reversal keeps the on-site disorder and turns the sign of the currents. A path and its
    time-reversed path therefore interfere with a factor S - A where their probability has S + A,
    and lose electrons by S + A: the same equation with these rates gives the `crossed` part. It
    is all of the multiple scattering without a flux, so that 2 - p_n/2 is the factor in a wire
    whose reflection depends smoothly on the mode, and vanishes in a strong flux, 1 + p_n/2.

    Parameters
    ----------
    energy
        Energy in t from the band centre.
    width, length
        Sites across and along the strip.
    strength
        Width of the box distribution of the on-site energies, in t.
    flux
        Width of the box distribution of the Peierls phases of all bonds over 2π, in h/e.

    Raises
    ------
    ValueError
        If no mode is open at this energy, or nothing scatters.

    References
    ----------
    Golubentsev, Sov. Phys. JETP 59, 26 (1984); Akkermans and Montambaux, Mesoscopic Physics of
    Electrons and Photons (2007), chapters 4 and 8.

    Examples
    --------
    >>> wire = born_reflection(-1.01, 20, 40, strength=2.0)
    >>> float(round((wire.ladder.sum() + wire.transmission), 6))  # No electron is lost.
    13.0
    """
    if strength == flux == 0:
        raise ValueError("A wire without disorder reflects nothing: give a strength or a flux.")
    even, odd = _rates(energy, width, strength, flux)
    channels = even.shape[-1]
    if not channels:
        raise ValueError(f"No mode is open at the energy {energy}: take one inside the band.")
    loss = (even + odd).sum(axis=(0, 1))
    reflected, transmitted = kinetic_wire(even[0] + odd[0], even[1] + odd[1], length)
    crossed, _ = kinetic_wire(even[0] - odd[0], even[1] - odd[1], length, loss=loss)
    decay = loss[:, None] + loss[None, :]
    reached = (1 - np.exp(-decay * length)) / decay
    coherent = np.diagonal(crossed - (even - odd)[1] * reached)
    single = (even + odd)[1] * reached
    return BornReflection(reflected, single, coherent.copy(), float(transmitted.sum()))


def _rates(energy: float, width: int, strength: float, flux: float) -> tuple[Array, Array]:
    """Rates G that time reversal keeps and turns: [forward, backward], to mode, from mode."""
    numbers = np.arange(1, width + 1)
    cosines = -energy / 2 - np.cos(np.pi * numbers / (width + 1))
    is_open = np.abs(cosines) < 1
    k = np.arccos(cosines[is_open])
    profile = np.sqrt(2 / (width + 1)) * np.sin(
        np.pi * np.outer(np.arange(width + 2), numbers[is_open]) / (width + 1)
    )
    squares = np.einsum("yn,ym->nm", profile**2, profile**2)
    # Bonds across, from y to y + 1, between inner sites alone.
    up = np.einsum("yn,ym->ynm", profile[2:-1], profile[1:-2])
    across = [np.sum((up + sign * up.swapaxes(1, 2)) ** 2, axis=0) for sign in (1, -1)]
    angle = 2 * np.pi * flux
    sine = (1 - np.sinc(2 * flux)) / 2
    cosine = (1 + np.sinc(2 * flux)) / 2 - np.sinc(flux) ** 2
    velocity = 2 * np.sin(k)
    rates = []
    for sign, bond, site in ((1, cosine, strength**2 / 12), (-1, sine if angle else 0.0, 0.0)):
        # <n, σ k_n| |x+1><x| ± |x><x+1| |m, k_m> = exp(-i σ k_n) ± exp(i k_m), up to a phase.
        along = [2 + 2 * sign * np.cos(k[:, None] * s + k[None, :]) for s in (1, -1)]
        both = [site * squares + bond * (squares * a + across[sign < 0]) for a in along]
        rates.append(np.array(both) / np.multiply.outer(velocity, velocity))
    return rates[0], rates[1]
