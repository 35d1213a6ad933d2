"""Weak scattering between the modes of a strip of the square lattice, and its Boltzmann equation.

`born_wire` takes the energy, the width and the disorder of a strip with hard walls. It gives the
rates between its modes by the golden rule, and with them the mean free path of every mode and the
classical conductance of any length. `kinetic_wire` solves the kinetic equation for any rates.
`self_consistent_wire` has the same for modes that the collisions broaden.

>>> wire = born_wire(-3.0, 40, 1 / 12)
>>> print(f"{wire.conductance(100.0):.2f}")
5.08
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .boltzmann import smoothed_noise

Array = NDArray[np.float64]

DOUBLINGS = 22
"""A wire is a thin slice that was doubled so many times."""


@dataclass(frozen=True, eq=False)
class BoltzmannWire:
    """A strip with weak scattering between its N open modes.

    Attributes
    ----------
    momenta, velocities
        Momentum k_n and velocity v_n = 2 sin k_n of every mode, shape (N,).
    forward, backward
        Probability per unit of length of scattering from mode m into n of the same or of the other
        direction, in 1/(lattice constant), shape (N, N), [n, m].
    """

    momenta: Array
    velocities: Array
    forward: Array
    backward: Array

    @property
    def channels(self) -> int:
        """Number N of open modes."""
        return len(self.momenta)

    @property
    def paths(self) -> Array:
        """Length l_n over which the coherent part of mode n decays by 1/e, shape (N,)."""
        return 1 / np.sum(self.forward + self.backward, axis=0)

    @property
    def conductivity(self) -> float:
        """Classical σ of the strip, g = σ/L where it is long, in e²/h × lattice constant."""
        loss = np.diag(np.sum(self.forward + self.backward, axis=0))
        excess = np.linalg.solve(loss - self.forward + self.backward, np.ones(self.channels))
        return float(2 * np.sum(excess))

    def scattering(self, length: float) -> tuple[Array, Array]:
        """Classical probabilities (reflection, transmission) of a length, [to mode, from mode]."""
        return kinetic_wire(self.forward, self.backward, length)

    def conductance(self, length: float) -> float:
        """Classical conductance of a length in e²/h."""
        return float(np.sum(self.scattering(length)[1]))


@lru_cache(maxsize=64)
def born_wire(
    energy: float, width: int, variance: float, *, correlation_length: float = 0.0
) -> BoltzmannWire:
    r"""Return the scattering between the modes of a strip with hard walls.

    The mode n has the profile φ_n(y) = [2/(W + 1)]^½ sin(q_n y) and the velocity v_n = 2 sin k_n:

        G_nm(±) = S_nm(k_n ∓ k_m)/(v_n v_m),
        S_nm(q) = a² s(q) Σ_yy' φ_n(y) φ_m(y) C(y, y') φ_n(y') φ_m(y'),

    with the correlation C(y, y') of `mesokwant.Gaussian`, whose variance is the same at the walls.

    Parameters
    ----------
    energy
        Energy in t.
    width
        Sites across.
    variance, correlation_length
        As in `born_metal`: in t² and in lattice constants.

    Returns
    -------
    BoltzmannWire
        Rates per unit of length, in 1/(lattice constant); the conductances are in e²/h.

    Raises
    ------
    ValueError
        If no mode is open, or if the variance is not positive.

    References
    ----------
    Golubentsev, Sov. Phys. JETP 59, 26 (1984), for white noise; the correlations are derived here.

    Examples
    --------
    >>> wire = born_wire(-3.0, 40, 1 / 12)
    >>> print(f"{wire.channels} {wire.conductance(0.0):.3f}")
    13 13.000
    """
    if not variance > 0:
        raise ValueError(f"the variance of the disorder must be positive, not {variance:g}")
    transverse = np.pi * np.arange(1, width + 1) / (width + 1)
    cosines = -energy / 2 - np.cos(transverse)
    # A mode exactly at its band edge does not propagate, as in `open_modes`.
    is_open = np.abs(cosines) < 1 - 5e-13
    if not is_open.any():
        raise ValueError(f"no mode is open at the energy {energy:g}: take one inside the band")
    momenta = np.arccos(cosines[is_open])
    overlap = variance * strip_overlaps(width, len(momenta), correlation_length)
    velocities = 2 * np.sin(momenta)
    forward, backward = (
        overlap
        * smoothed_noise(momenta[:, None] + sign * momenta, correlation_length)
        / np.outer(velocities, velocities)
        for sign in (-1, 1)
    )
    return BoltzmannWire(momenta, velocities, forward, backward)


def strip_overlaps(width: int, modes: int, correlation_length: float) -> Array:
    """Return how much the disorder couples the profiles of a strip, over its variance.

    Parameters
    ----------
    width
        Sites across.
    modes
        Number of profiles φ_n(y) = [2/(W + 1)]^½ sin(π n y/(W + 1)), at most `width`.
    correlation_length
        ξ of `mesokwant.Gaussian` in lattice constants.

    Returns
    -------
    Σ_yy' φ_n φ_m(y) C(y, y') φ_n φ_m(y'), pure numbers, shape (modes, modes).

    References
    ----------
    Derived here from the smoothing of `mesokwant.Gaussian`, which keeps the variance at the walls.

    Examples
    --------
    >>> print(strip_overlaps(9, 2, 0.0) * 10)
    [[1.5 1. ]
     [1.  1.5]]
    """
    sites = np.arange(1, width + 1)
    numbers = np.arange(1, modes + 1)
    profiles = np.sqrt(2 / (width + 1)) * np.sin(np.pi * np.outer(sites, numbers) / (width + 1))
    if correlation_length == 0:
        smoothing = np.eye(width)
    else:
        smoothing = np.exp(-(((sites[:, None] - sites) / correlation_length) ** 2))
        smoothing /= np.linalg.norm(smoothing, axis=1)[:, None]
    pairs = np.einsum("yj,yn,ym->jnm", smoothing, profiles, profiles, optimize=True)
    return np.sum(pairs**2, axis=0)


def kinetic_wire(
    forward: ArrayLike, backward: ArrayLike, length: float, *, loss: ArrayLike | None = None
) -> tuple[Array, Array]:
    """Return the classical scattering of a wire whose modes scatter into each other.

    Parameters
    ----------
    forward, backward
        Probability per unit of length of scattering from mode m into n, of the same and of the
        other direction, shape (modes, modes), [n, m].
    length
        Length of the wire, in the unit of length of the rates.
    loss
        Probability per unit of length of leaving each mode, shape (modes,); that of scattering into
        any other one by default, so that nothing is lost.

    Returns
    -------
    Probabilities of reflection and of transmission, [to mode, from mode], pure numbers.

    References
    ----------
    The linear kinetic equation of 2N modes; slices are joined as in Datta, Electronic Transport in
    Mesoscopic Systems (1995), section 3.2, with probabilities.

    Examples
    --------
    One mode is transmitted with the probability 1/(1 + L/l), l the length of reflection:

    >>> _, transmission = kinetic_wire([[0.0]], [[0.5]], 2.0)
    >>> print(f"{transmission[0, 0]:.5f}")
    0.50000
    """
    same, other = np.asarray(forward, float), np.asarray(backward, float)
    step = length / 2**DOUBLINGS
    identity = np.eye(len(same))
    reflected = step * other
    leaving = np.sum(same + other, axis=0) if loss is None else np.asarray(loss, float)
    transmitted = identity + step * (same - np.diag(leaving))
    for _ in range(DOUBLINGS):
        between = transmitted @ np.linalg.inv(identity - reflected @ reflected)
        reflected = reflected + between @ reflected @ transmitted
        transmitted = between @ transmitted
    return reflected, transmitted
