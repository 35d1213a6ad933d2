"""Strong scatterers on every site: lifetime, and how often magnetic ones act on a spin.

Each site has a potential V, uniform between -U/2 and U/2, and a spin S of random direction that
acts on the electron by J S·σ. An electron with its spin along S feels V + J, the other one V - J.
Between two collisions it moves in the average medium of all sites, whose self-energy Σ follows
from the coherent-potential approximation: a site in it does not scatter on average,

    t(V) = (V - Σ)/[1 - (V - Σ) G(E - Σ)],    <t> = 0,

with the Green's function G of one site. A collision keeps the spin with the amplitude
t_0 = [t(V + J) + t(V - J)]/2, and acts on it by t_s S·σ with t_s = [t(V + J) - t(V - J)]/2. In
the Born approximation <|t_s|²>/<|t_0|²> is 12 J²/U². Strong potentials saturate |t_0|, more than
|t_s|, so that there are more magnetic collisions. They also hide what magnetic impurities add to
the resistance, which is therefore not a measure of their rate.

>>> for strength in (0.5, 2.5):  # The Born approximation says 1 for both.
...     exchange = 0.02 * strength / 12**0.5
...     found = coherent_potential(-1.0, strength, exchange=exchange)
...     print(f"{found.magnetic_rate / 0.02**2:.2f}")
1.01
1.26
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]

MOMENTA = 200
"""Momenta between 0 and π in each direction; enough for lifetimes above 0.02 t to 0.1 %."""
POTENTIALS = 100
"""Points of the average over the potential."""
PRECISION = 1e-10
MOST_STEPS = 2000
EMPTY = 1e-6
"""A local -Im G in 1/t below which there are no states."""


@dataclass(frozen=True)
class CoherentPotential:
    """The average medium of strong scatterers.

    Attributes
    ----------
    self_energy
        Σ at this energy, in t; the lifetime is -ħ/(2 Im Σ).
    green
        Local Green's function in the medium, per spin, in 1/t; its density of states is
        -Im G/π.
    magnetic_rate
        Collisions that act on the spin, over those that do not.
    """

    self_energy: complex
    green: complex
    magnetic_rate: float


@functools.lru_cache(maxsize=256)
def coherent_potential(
    energy: complex, strength: float, *, exchange: float = 0.0, theta: float = 0.0
) -> CoherentPotential:
    """Return the coherent potential of a square lattice with Anderson disorder and random spins.

    Parameters
    ----------
    energy
        Energy, in t, from the centre of the band; a complex one with a positive imaginary part
        gives what is averaged over a Lorentzian of this half width.
    strength
        U of a potential that is uniform between -U/2 and U/2, in t; positive.
    exchange
        J of classical spins J S·σ of random directions on every site, in t.
    theta
        Half of the angle by which hopping rotates the spin (Ando's model), in radians.

    Returns
    -------
    CoherentPotential
        Self-energy, local Green's function and the share of magnetic collisions.

    Raises
    ------
    ValueError
        If the strength is not positive, or if there are no states at this energy.
    RuntimeError
        If the iteration does not converge.

    References
    ----------
    Soven, Phys. Rev. 156, 809 (1967); Elliott, Krumhansl and Leath, Rev. Mod. Phys. 46, 465
    (1974).

    Examples
    --------
    >>> medium = coherent_potential(-1.0, 2.5)
    >>> print(f"{medium.self_energy:.3f}, {medium.magnetic_rate}")
    -0.117-0.240j, 0.0
    """
    if not strength > 0:
        raise ValueError(f"The strength of the potential must be positive, not {strength}.")
    levels = _levels(theta)
    nodes, weights = np.polynomial.legendre.leggauss(POTENTIALS)
    potentials = nodes * strength / 2 + np.array([[exchange], [-exchange]])
    weights = weights / 2
    sigma = complex(0, -np.pi / 12 * strength**2 * 0.15)  # The Born approximation, about.
    for _ in range(MOST_STEPS):
        green = complex(np.mean(1 / (energy - sigma - levels)))
        amplitudes = (potentials - sigma) / (1 - (potentials - sigma) * green)
        average = complex(np.sum(amplitudes * weights) / 2)
        step = average / (1 + average * green)
        if abs(step) < PRECISION:
            break
        sigma += 0.7 * step
    else:
        raise RuntimeError(
            f"The coherent potential did not converge at E = {energy}, U = {strength}: the energy "
            "may lie at the edge of the band, where there are almost no states."
        )
    if -green.imag < EMPTY:
        raise ValueError(
            f"There are no states at E = {energy} with U = {strength}: choose one in the band."
        )
    up, down = amplitudes
    plain, magnetic = (np.sum(abs(part) ** 2 * weights) for part in (up + down, up - down))
    return CoherentPotential(sigma, green, float(magnetic / plain))


@functools.lru_cache(maxsize=8)
def _levels(theta: float) -> Array:
    """Return the energies of both bands of spin-orbit hopping on a grid of momenta."""
    k = (np.arange(MOMENTA) + 0.5) * np.pi / MOMENTA
    x, y = np.meshgrid(k, k)
    middle = -2 * np.cos(theta) * (np.cos(x) + np.cos(y))
    split = 2 * np.sin(theta) * np.hypot(np.sin(x), np.sin(y))
    return np.concatenate([middle - split, middle + split])
