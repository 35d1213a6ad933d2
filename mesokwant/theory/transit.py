"""Times in disordered wires: how long electrons take to pass, and the states that they fill.

The classical theory of `mesokwant.theory.ballistic_noise` for N modes with velocities v_n has the
probability p_k(x) that an electron at x in mode k came from the left, and T_k(x) that it will leave
to the right. Electrons that do both fill the states

    g τ_T = ∫ dx Σ_k p_k(x) T_k(x) / v_k        (modes k of both directions),

which is the mean time τ_T of those that pass. Without the restriction, all states are filled: the
mean time that an electron dwells in the wire is 2πħ times their density over the 2N incoming modes,
from ballistic to diffusive wires and for any disorder.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from .ballistic_noise import Slab

Array = NDArray[np.float64]


def wire_transit_time(
    s: ArrayLike, velocities: ArrayLike, *, length: ArrayLike, density: float
) -> Array:
    """Return the mean time that electrons take to pass a wire whose modes have these velocities.

    For equal velocities it is [(L + l)² - l³/(L + l)]/(6D): L/v if L << l = 2D/v, and (L + l)²/6D
    in a diffusive wire.

    Parameters
    ----------
    s
        Resistance of the wire without its contacts in units of theirs, s = N/g - 1 > 0.
    velocities
        Velocities of the open modes in t a/ħ, from `strip_velocities`.
    length
        Length of the wire in a.
    density
        Density of states of a unit of length, in 1/(t a): Σ 1/(πv) of clean modes, or
        `disordered_strip_density`. All times grow with it.

    Returns
    -------
    The time in 1/t, of the shape to which `s` and `length` broadcast.

    Raises
    ------
    ValueError
        If there is no open mode, or if a velocity, s, the length or the density is not positive.

    References
    ----------
    M. J. M. de Jong and C. W. J. Beenakker, Physica A 230, 219 (1996), for the classical theory; V.
    Gasparian, T. Christen, and M. Büttiker, Phys. Rev. A 54, 4022 (1996), for the states.

    Examples
    --------
    At s = 1, two modes of velocity 1 have L = l = 2D:

    >>> time = wire_transit_time(1.0, [1.0, 1.0], length=1.0, density=2 / np.pi)
    >>> print(f"{time:.4f} {(2**2 - 1 / 2) / 3:.4f}")
    1.1667 1.1667
    """
    speeds, resistances, lengths = _checked(s, velocities, length, density)
    inverse = np.tile(1 / speeds, 2)
    times = []
    with threadpool_limits(1):  # On matrices as small, threads cost more than they save.
        slab = Slab(speeds)
        for resistance in resistances.ravel():
            size, coefficients = slab.solved(float(resistance))
            x, steps = slab.rule(size)
            right, left = slab.occupations(x, size, coefficients)
            came = np.concatenate([right, left], axis=1)
            leaves = 1 - np.concatenate([left, right], axis=1)
            states = float(steps @ (came * leaves) @ inverse)
            times.append(states * (1 + resistance) / len(speeds) / size)
    slowed = density / (np.sum(1 / speeds) / np.pi)
    return np.reshape(times, resistances.shape) * lengths * slowed


def wire_diffusion_constant(
    s: ArrayLike, velocities: ArrayLike, *, length: ArrayLike, density: float
) -> Array:
    """Return D of a wire from its resistance, whose modes have these velocities.

    Einstein's relation D = N l/(2πν), where ν is the density of states of a unit of length and l
    is that of N/g = 1 + c + L/l. Modes of different velocities have a slightly larger contact
    resistance than the 1 of equal ones, which the classical theory gives.

    Parameters
    ----------
    s, velocities, length, density
        See `wire_transit_time`.

    Returns
    -------
    D in t a², that is, in units of the hopping in t times the lattice constant squared; of the
    shape to which `s` and `length` broadcast.

    Raises
    ------
    ValueError
        If there is no open mode, or if a velocity, s, the length or the density is not positive.

    References
    ----------
    Einstein's relation as in Datta, Electronic Transport in Mesoscopic Systems (1995), section 1.7;
    the contacts as in `wire_transit_time`.

    Examples
    --------
    >>> print(wire_diffusion_constant(2.0, [1.0, 1.0], length=8.0, density=2 / np.pi).round(9))
    2.0
    """
    speeds, resistances, lengths = _checked(s, velocities, length, density)
    with threadpool_limits(1):
        slab = Slab(speeds)
        sizes = [slab.solved(float(resistance))[0] for resistance in resistances.ravel()]
    return lengths / np.reshape(sizes, resistances.shape) * np.sum(speeds) / (np.pi * density)


def disordered_strip_density(energy: float, width: int, variance: ArrayLike) -> Array:
    """Return the density of states of a strip with white noise, by the self-consistent Born sum.

    The mean over the strip of G = Σ_n ∫ dk/2π 1/(E - ε_n - ε_k - Σ) has the one self-energy
    Σ = <V²> G: it moves the levels and broadens the steps at the thresholds of the modes.

    Parameters
    ----------
    energy
        Energy in t, from the band centre.
    width
        Sites W across the strip, between hard walls.
    variance
        <V²> in t², strength²/12 of `mesokwant.Anderson`; 0 for a clean strip.

    Returns
    -------
    The density of states of a unit of length, in 1/t per lattice constant, of the shape of
    `variance`.

    Raises
    ------
    ValueError
        If the variance is negative.

    References
    ----------
    T. Ando, Y. Uemura, J. Phys. Soc. Jpn. 36, 959 (1974); for a strip, derived here.

    Examples
    --------
    >>> from mesokwant.theory import strip_velocities
    >>> clean = np.sum(1 / strip_velocities(-1.0, 40)) / np.pi
    >>> print(f"{disordered_strip_density(-1.0, 40, 1e-6) / clean:.4f}")
    1.0000
    """
    variances = np.asarray(variance, float)
    if not np.all(variances >= 0):
        raise ValueError(f"the variance of the disorder must not be negative, not {variance!r}")
    transverse = -2 * np.cos(np.pi * np.arange(1, width + 1) / (width + 1))
    green = np.full(variances.shape, -0.5j)
    for _ in range(2000):
        z = energy + 1e-12j - (variances * green)[..., None] - transverse
        # The two roots have their cuts where the level lies in the band of the chain alone.
        found = np.mean(1 / (np.sqrt(z - 2) * np.sqrt(z + 2)), axis=-1)
        change = np.max(np.abs(found - green))
        green = (green + found) / 2
        if change < 1e-12:
            break
    return -green.imag * width / np.pi


def _checked(
    s: ArrayLike, velocities: ArrayLike, length: ArrayLike, density: float
) -> tuple[Array, Array, Array]:
    """Velocities, and resistances and lengths of one shape; what is not positive is refused."""
    resistances, lengths = np.broadcast_arrays(np.asarray(s, float), np.asarray(length, float))
    if not (np.all(lengths > 0) and density > 0):
        raise ValueError(
            f"the length and the density of states of the wire must be positive, not {length!r} "
            f"and {density!r}"
        )
    speeds = np.asarray(velocities, float)
    if speeds.size == 0 or not (np.all(speeds > 0) and np.all(resistances > 0)):
        raise ValueError(
            "the wire needs open modes with positive velocities and a positive s = N/g - 1"
        )
    return speeds, resistances, lengths
