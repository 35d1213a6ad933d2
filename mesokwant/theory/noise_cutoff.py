"""Noise at a finite frequency: the kernel of a diffusive wire, by Langevin sources and by modes.

The kernel K(f) = <Tr M(E') [1 - M(E)]> with E' = E + hf and M = t t† of the lead of the current is
the weight of what a conductor emits at the frequency f. Over <g> it is the Fano factor at f = 0.
`langevin_noise_kernel` is that of a long diffusive wire, and `wire_noise_kernel` that of the modes
of a wire of any length. The charge is not screened: the current is that of the lead. Where
screening keeps the wire neutral, its noise stays at a third.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from .ballistic_noise import Slab, ballistic_fano_factor
from .lattice import square_lattice_dos

Array = NDArray[np.float64]

NODES = 96
"""Points of the Gauss-Legendre rule along the long wire."""


def langevin_noise_kernel(frequency: ArrayLike) -> Array:
    """Return K(f)/g of a long diffusive wire, from 1/3 at f << E_c/h to 1 at f >> E_c/h.

    The sources 2σ p (1 - p), p = 1 - y, of the current at the place y L drive diffusion. At the
    lead y = 0,

    K/g = 2 ∫_0^1 dy |κ cosh κ(1-y) / sinh κ|² y (1-y),    κ² = -iπ² hf/E_c,   E_c = π² ħD/L².

    Parameters
    ----------
    frequency
        hf/E_c, of either sign.

    Returns
    -------
    The kernel over the conductance, a pure number, of the shape of `frequency`.

    References
    ----------
    K. E. Nagaev, Phys. Rev. B 57, 4628 (1998); Y. Naveh, D. V. Averin, K. K. Likharev, Phys. Rev.
    B 59, 2848 (1999). Both contain screening; here it is left out.

    Examples
    --------
    >>> print(langevin_noise_kernel([0.0, 0.87, 13.0]).round(3))
    [0.333 0.513 0.875]
    """
    given = np.asarray(frequency, float)
    ratio = np.maximum(np.abs(given), 1e-12)[..., None]
    kappa = np.sqrt(-1j * np.pi**2 * ratio)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    # The transfer function decays from the lead on: more points lie there.
    u = (nodes + 1) / 2
    y, step = u**2, weights * u
    decay = np.exp(-kappa * y) + np.exp(-kappa * (2 - y))
    transfer = np.abs(kappa * decay / -np.expm1(-2 * kappa)) ** 2
    return 2 * np.sum(step * transfer * y * (1 - y), axis=-1)


def wire_noise_kernel(
    frequency: ArrayLike,
    s: float,
    velocities: ArrayLike,
    *,
    length: float,
    density: float | None = None,
) -> Array:
    """Return K(f)/g of a wire of any length whose modes have these velocities.

    It is the classical theory of `ballistic_fano_factor` at a finite frequency. The chance T_k of
    leaving the wire through the lead of the current becomes h_k = <exp(2πi f t)>, with the time t
    at which the electron leaves there,

    ± v_n τ dh_n^±/dx = (1 - 2πi f τ) h_n^± - <h>,    h^+(L) = 1,  h^-(0) = 0,

    and the noise of the scattering events has the weight |h_k - h_k'|². At high frequencies the
    kernel is Σ p_n (1 - p_n) of the modes in that lead, with <p_n> = g/N: 1 - 1/(1 + s) and not 1.

    Parameters
    ----------
    frequency
        hf in t, of either sign.
    s
        Resistance of the wire without its contacts in units of theirs, s = N/g - 1 > 0.
    velocities
        Velocities of the open modes in t a/ħ, from `strip_velocities`.
    length
        Length of the wire in a.
    density
        Density of states of the wire, in 1/(t a), if disorder makes it another one than the
        Σ 1/(πv) of the clean modes, such as `smooth_strip_density`. All times grow with it.

    Returns
    -------
    The kernel over the conductance, a pure number, of the shape of `frequency`.

    Raises
    ------
    ValueError
        If there is no open mode, or if a velocity, s, the length or the density is not positive.

    References
    ----------
    M. J. M. de Jong and C. W. J. Beenakker, Physica A 230, 219 (1996), for the semiclassical
    theory of shot noise; solved here at a finite frequency, and for the modes of a wire.

    Examples
    --------
    A wire of fifty mean free paths, at hf = E_c = π² D/L² with D = v l/2:

    >>> cutoff = np.pi**2 / (2 * 50.0)
    >>> print(wire_noise_kernel([0.0, cutoff], 50.0, [1.0, 1.0], length=1.0).round(2))
    [0.33 0.55]
    """
    if not (length > 0 and (density is None or density > 0)):
        raise ValueError(
            f"the length and the density of states of the wire must be positive, not {length!r} "
            f"and {density!r}"
        )
    given = np.abs(np.asarray(frequency, float))
    # It also checks s and the velocities.
    still = float(ballistic_fano_factor(s, velocities))
    speeds = np.asarray(velocities, float)
    slowed = 1.0 if density is None else density / float(np.sum(1 / speeds) / np.pi)
    with threadpool_limits(1):  # On matrices as small, threads cost more than they save.
        slab = Slab(speeds)
        size, coefficients = slab.solved(float(s))
        channels = len(speeds) / (1 + float(s))
        kernels = [
            slab.noise(size, coefficients, _arrivals(speeds, slab.rule(size)[0], size, turn))
            for turn in given.ravel() * (slowed * length / size)
        ]
    return np.where(given > 0, np.reshape(kernels, given.shape) / channels, still)


def smooth_strip_density(energy: ArrayLike, width: int) -> Array:
    """Return the density of states of a strip of the square lattice without steps at thresholds.

    The sum over the modes of a strip with hard walls, by the first terms of Euler and Maclaurin:
    (W + 1) ν(E) - [ν_1(E + 2) + ν_1(E - 2)]/2, with ν of the square lattice and ν_1 of a chain.
    Disorder that broadens the levels by more than the distance of the thresholds has this density.

    Parameters
    ----------
    energy
        Energy in t, from the band centre.
    width
        Sites W across the strip.

    Returns
    -------
    The density of states of a unit of length, in 1/t per lattice constant, of the shape of
    `energy`.

    References
    ----------
    Derived here; `square_lattice_dos`.

    Examples
    --------
    Between two thresholds of the clean strip, its modes have more or fewer states:

    >>> from mesokwant.theory import strip_velocities
    >>> clean = [np.sum(1 / strip_velocities(e, 30)) / np.pi for e in (-1.1, -1.03, -0.96)]
    >>> print(f"{smooth_strip_density(-1.03, 30):.2f}", np.round(clean, 2))
    4.26 [4.72 4.04 3.86]
    """
    e = np.asarray(energy, float)
    walls = np.zeros(e.shape)
    for x in (e + 2, e - 2):
        inside = np.abs(x) < 2
        walls = walls + np.where(inside, 1 / (np.pi * np.sqrt(np.where(inside, 4 - x**2, 1.0))), 0)
    return (width + 1) * square_lattice_dos(e) - walls / 2


def _arrivals(velocities: Array, x: Array, size: float, turned: float) -> NDArray[np.complex128]:
    """h^+ and h^- at x for τ = 1 and 2πf τ = turned, shape (points, modes of both directions).

    Their sums obey v² (h^+ + h^-)'' = a (a - W) (h^+ + h^-) with a = 1 - 2πi f τ and the average
    W: pairs of exponentials decay from the two leads.
    """
    factor = 1 - 1j * max(turned, 1e-9)
    inverse = 1 / velocities
    squares, shapes = np.linalg.eig(
        factor * inverse[:, None] ** 2 * (factor * np.eye(len(inverse)) - inverse / inverse.sum())
    )
    rates = np.sqrt(squares)  # of positive real part

    def solutions(places: Array) -> tuple[NDArray, NDArray]:
        from_left = shapes * np.exp(-np.multiply.outer(places, rates))[:, None]
        from_right = shapes * np.exp(-np.multiply.outer(size - places, rates))[:, None]
        sums = np.concatenate([from_left, from_right], axis=2)
        slopes = np.concatenate([-rates * from_left, rates * from_right], axis=2)
        differences = slopes * velocities[:, None] / factor
        return (sums + differences) / 2, (sums - differences) / 2

    right, left = solutions(np.array([0.0, size]))
    given = np.repeat([1.0, 0.0], len(velocities))
    coefficients = np.linalg.solve(np.concatenate([right[1], left[0]]), given)
    right, left = solutions(x)
    return np.concatenate([right @ coefficients, left @ coefficients], axis=1)
