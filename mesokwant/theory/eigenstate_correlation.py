r"""Correlations of two eigenstates of a disordered torus, and what weak interactions make of them.

Two eigenstates whose energies differ by ω are dense at the same places, as far as diffusion
reaches in the time 1/ω. Summed over all sites,

    V <Σ_r |ψ_n(r)|² |ψ_m(r)|²> = 1 + (2/β) Π(ω),   Π(ω) = (1/πνV) Re Σ_{q≠0} 1/(D q̂² - iω),

with q = 2πn/L and q̂² = 2 - 2 cos q_x + 2 - 2 cos q_y, to first order in 1/g, g = 2πνD.
`torus_flights` is the same for electrons that fly straight between collisions. An
interaction of first order shifts each level by the sum over the occupied ones of such
correlations, so that the density of states changes by δν/ν = ∫ dω (-f'(ω)) × the interaction × ν
× the correlation, and Π makes this logarithmic in the temperature. Energies are in t, D in t times
the square of the lattice constant, ν per site, spin and t.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .boltzmann import born_metal

Array = NDArray[np.float64]


def torus_diffuson(
    frequency: ArrayLike, sizes: Sequence[int], *, diffusion: float, density: float
) -> Array:
    """Return the sum Π(ω) over the diffusion modes of a torus without the uniform one.

    It is (1/4π²νD) ln(1/ωτ) and a constant on a large torus. The constant is that of diffusion on
    the lattice at all distances, and not that of electrons, which fly straight between collisions:
    only differences between frequencies mean anything.

    Parameters
    ----------
    frequency
        Differences of energies ω, of any sign.
    sizes
        Sites in both directions.
    diffusion
        The diffusion constant D.
    density
        Density of states ν per site and spin.

    Returns
    -------
    The sum, a pure number, of the shape of `frequency`.

    Raises
    ------
    ValueError
        If D, the density or a size is not positive.

    References
    ----------
    Ya. M. Blanter and A. D. Mirlin, Phys. Rev. E 55, 6514 (1997), for the correlation; its sum on a
    torus is compared in the tests with the return probability `torus_diffusion`.

    Examples
    --------
    It grows by ln(2)/(4π²νD) when the frequency is halved.

    >>> p = torus_diffuson([0.05, 0.1], (200, 200), diffusion=5.0, density=0.14)
    >>> print(f"{(p[0] - p[1]) * 4 * np.pi**2 * 0.14 * 5.0 / np.log(2):.2f}")
    1.00
    """
    frequencies = np.asarray(frequency, dtype=float)
    _check(sizes, diffusion, density)
    squares = np.zeros(1)
    for size in sizes:
        steps = 2 - 2 * np.cos(2 * np.pi * np.arange(size) / size)
        squares = (squares[:, None] + steps).ravel()
    # Modes of equal decay are added up once.
    rates, numbers = np.unique(np.round(squares[1:], 12), return_counts=True)
    rates = diffusion * rates
    terms = numbers * rates / (rates**2 + frequencies[..., None] ** 2)
    return terms.sum(axis=-1) / (np.pi * density * np.prod(sizes, dtype=float))


def torus_flights(
    frequency: ArrayLike,
    sizes: Sequence[int],
    *,
    diffusion: float,
    density: float,
    energy: float,
    collisions: int | Sequence[int] = 1,
) -> Array:
    """Return the sum Π(ω) for straight flights between isotropic collisions.

    The ladder of collisions takes the place of diffusion,

        Π(ω) = (τ/πνV) Re Σ_{q≠0} S^(n+1)/(1 - S),    S(q, ω) = <1/(1 - iωτ + i q·v τ)>,

    with the mean over the Fermi line and τ = D/<v_x²>. On a plane it is as logarithmic as
    `torus_diffuson` at all ωτ for a round Fermi line. On a torus of few mean free paths it
    falls a few per cent faster between two frequencies.

    Parameters
    ----------
    frequency
        Differences of energies ω, of any sign.
    sizes
        Sites in both directions.
    diffusion
        The diffusion constant D.
    density
        Density of states ν per site and spin.
    energy
        Energy of the Fermi line of the square lattice.
    collisions
        The least number n of collisions, or several such numbers, which share the ladder. A path
        and itself share 1 at least, a path and its reverse 2, since the loop with 1 is its own
        reverse; between two sites there may be none.

    Returns
    -------
    The sum, a pure number, of the shape of `frequency`; several collisions are the first axis.

    Raises
    ------
    ValueError
        If D, the density or a size is not positive, if `collisions` is negative, or if the energy
        is outside the band or at its centre.

    References
    ----------
    The ladder for a round line is in A. Kawabata, J. Phys. Soc. Jpn. 53, 3540 (1984); the sum on a
    torus is derived here.

    Examples
    --------
    >>> options = {"diffusion": 5.0, "density": 0.14}
    >>> flights = torus_flights([0.05, 0.1], (64, 64), energy=-1.0, **options)
    >>> diffuson = torus_diffuson([0.05, 0.1], (64, 64), **options)
    >>> print(f"{(flights[0] - flights[1]) / (diffuson[0] - diffuson[1]):.2f}")
    1.08
    """
    frequencies = np.asarray(frequency, dtype=float)
    _check(sizes, diffusion, density)
    if np.min(collisions) < 0:
        raise ValueError(f"the least number of collisions must not be negative, not {collisions!r}")
    # Velocities of the Fermi line do not depend on the disorder.
    line = born_metal(energy, 1.0)
    weights = line.weights / line.weights.sum()
    tau = diffusion / float(weights @ line.velocities[:, 0] ** 2)
    steps, numbers = [], []
    for size in sizes:
        # Modes q and -q are alike.
        folded = np.minimum(np.arange(size), size - np.arange(size))
        found, repeated = np.unique(folded, return_counts=True)
        steps.append(2 * np.pi * found / size)
        numbers.append(repeated)
    q = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, len(sizes))[1:]
    degeneracy = np.multiply.outer(*numbers).ravel()[1:]
    # The velocities v and -v of each q are taken together.
    half = len(weights) // 2
    squares = (tau * q @ line.velocities[:half].T) ** 2
    powers = np.asarray(collisions)[..., None] + 1
    sums = np.empty((*powers.shape[:-1], frequencies.size))
    for place, one in enumerate(frequencies.ravel()):
        free = 1 - 1j * one * tau
        ladder = (1 / (free**2 + squares)) @ weights[:half] * 2 * free
        sums[..., place] = np.sum((ladder**powers / (1 - ladder)).real * degeneracy, axis=-1)
    scale = tau / (np.pi * density * np.prod(sizes, dtype=float))
    return scale * sums.reshape(*powers.shape[:-1], *frequencies.shape)


def contact_repulsion_slope(diffusion: ArrayLike, *, beta: int = 1) -> Array:
    """Return d(δν/ν)/d ln T for a repulsion U = 1 on each site between opposite spins.

    Only opposite spins meet on a site: there is a Hartree shift without exchange, which pushes
    levels away from occupied ones that are dense at the same places. The density of states at the
    Fermi level is therefore raised, the more the lower the temperature.

    Parameters
    ----------
    diffusion
        The diffusion constant D.
    beta
        1 with time-reversal symmetry, 2 without.

    Returns
    -------
    The slope -(2/β)/(4π²D), in 1/t, for a plane and to first order in U and in 1/g.

    Raises
    ------
    ValueError
        If D is not positive, or if `beta` is neither 1 nor 2.

    References
    ----------
    The idea is that of B. L. Altshuler and A. G. Aronov, in Electron-Electron Interactions in
    Disordered Systems (1985); the first order is derived here, and compared with the thermal
    average of `torus_diffuson` in the tests.

    Examples
    --------
    >>> print(contact_repulsion_slope(2.0).round(4))
    -0.0253
    """
    if beta not in (1, 2):
        raise ValueError(f"beta must be 1 or 2, not {beta!r}")
    return -2 / beta / (4 * np.pi**2 * _positive(diffusion))


def neighbour_repulsion_slope(diffusion: ArrayLike, energy: ArrayLike) -> Array:
    """Return d(δν/ν)/d ln T for a repulsion V = 1 between spinless neighbours, square lattice.

    Exchange wins over Hartree: two states that are dense at the same places avoid each other
    there. Interference with reversed paths adds equally to both and cancels, so that the slope
    does not know time reversal. With k = <cos k_x>² = (E/4)² of the Fermi line, the exchange less
    the Hartree term of a bond is k - 1 + (1 - k) Π, and there are four bonds.

    Parameters
    ----------
    diffusion
        The diffusion constant D.
    energy
        The energy E.

    Returns
    -------
    The slope 4 (1 - k)/(4π²D), in 1/t, for a plane and to first order in V and in 1/g.

    Raises
    ------
    ValueError
        If D is not positive.

    References
    ----------
    See `contact_repulsion_slope`; the k of the Fermi line is compared with it in the tests.

    Examples
    --------
    >>> print(neighbour_repulsion_slope(2.0, 0.0).round(4))
    0.0507
    """
    share = (np.asarray(energy, dtype=float) / 4) ** 2
    return 4 * (1 - share) / (4 * np.pi**2 * _positive(diffusion))


def thermal_weight(frequency: ArrayLike, kT: ArrayLike) -> Array:
    """Return -f'(ω), the weight with which levels at a distance ω shift the density of states.

    Parameters
    ----------
    frequency
        Differences of energies ω.
    kT
        Temperatures, positive.

    Returns
    -------
    The weight, in 1/t, of the shape to which both broadcast. Its integral over all ω is 1.

    Raises
    ------
    ValueError
        If a temperature is not positive.

    References
    ----------
    The derivative of the Fermi function.

    Examples
    --------
    >>> print(thermal_weight(0.0, 0.05))
    5.0
    """
    temperature = np.asarray(kT, dtype=float)
    if not np.all(temperature > 0):
        raise ValueError("temperatures must be positive")
    # The weight is even, and exp of the negative magnitude never overflows.
    decay = np.exp(-np.abs(np.asarray(frequency, dtype=float) / temperature))
    return decay / (1 + decay) ** 2 / temperature


def _check(sizes: Sequence[int], diffusion: float, density: float) -> None:
    if not (diffusion > 0 and density > 0 and all(size > 0 for size in sizes)):
        raise ValueError("sizes, diffusion constant and density of states must be positive")


def _positive(diffusion: ArrayLike) -> Array:
    constants = np.asarray(diffusion, dtype=float)
    if not np.all(constants > 0):
        raise ValueError("the diffusion constant must be positive")
    return constants
