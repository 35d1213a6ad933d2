"""Shot noise of a wire from ballistic to diffusive, for modes that have different velocities.

The classical theory of N modes with velocities v_n between two reservoirs: an electron leaves its
mode at a rate 1/τ, and is then in mode m, of either direction, with a probability proportional to
the density of states 1/v_m. With p_n^±(x) the part of mode n that comes from the left reservoir,
and the average <p> = Σ_m (p_m^+ + p_m^-)/(2 v_m) / Σ_m 1/v_m,

    ± v_n τ dp_n^±/dx = <p> - p_n^±,    p^+(0) = 1,  p^-(L) = 0,    g = Σ_n p_n^+(L).

An electron at x in mode k leaves to the right with the probability T_k = 1 - p_-k, by time
reversal, and the shot noise is that of the scattering events,

    Σ T(1-T) = ∫ dx Σ_kk' w_kk' p_k (1 - p_k') (T_k - T_k')²,   w_kk' = 1/(2 τ v_k v_k' Σ_m 1/v_m).

Equal velocities give (1/3) [1 - (1 + s)⁻³]; others a lower Fano factor at s = L/l of about 1, since
fast modes are still ballistic where the slow ones are scattered already.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

Array = NDArray[np.float64]

NODES = 48
"""Points of the Gauss-Legendre rule along the wire; they are dense at the leads."""


def strip_velocities(energy: float, width: int) -> Array:
    """Return the velocities 2 sin k_n of the open modes of a strip of the square lattice.

    The walls are hard, E = -2 cos k_n - 2 cos[π n/(W + 1)].

    Parameters
    ----------
    energy
        Energy in t, from the band centre.
    width
        Sites W across the strip.

    Returns
    -------
    Velocities in t a/ħ, shape (open modes,).

    References
    ----------
    S. Datta, Electronic Transport in Mesoscopic Systems (Cambridge, 1995), Sec. 1.6.

    Examples
    --------
    >>> print(strip_velocities(-1.0, 3).round(3))
    [1.957 1.732]
    """
    transverse = -2 * np.cos(np.pi * np.arange(1, width + 1) / (width + 1))
    cosines = (transverse - energy) / 2
    return 2 * np.sqrt(1 - cosines[abs(cosines) < 1] ** 2)


def ballistic_fano_factor(s: ArrayLike, velocities: ArrayLike) -> Array:
    """Return the Fano factor of a wire of any length whose modes have these velocities.

    Parameters
    ----------
    s
        Resistance of the wire without its contacts in units of theirs, s = N/g - 1 > 0, which is
        L/l for equal velocities.
    velocities
        Velocities of the open modes, in any unit.

    Returns
    -------
    The Fano factor, a pure number, of the shape of `s`.

    Raises
    ------
    ValueError
        If there is no open mode, or if a velocity or s is not positive.

    References
    ----------
    M. J. M. de Jong and C. W. J. Beenakker, Physica A 230, 219 (1996), for the semiclassical
    theory of shot noise; solved here for the modes of a wire.

    Examples
    --------
    Equal velocities give the known formula, (1/3) (1 - 1/8) at s = 1:

    >>> print(f"{3 * ballistic_fano_factor(1.0, [1.0, 1.0]):.4f}")
    0.8750
    >>> print(f"{3 * ballistic_fano_factor(1.0, strip_velocities(-1.0, 60)):.4f}")
    0.8444
    """
    speeds, lengths = np.asarray(velocities, float), np.asarray(s, float)
    if speeds.size == 0 or not (np.all(speeds > 0) and np.all(lengths > 0)):
        raise ValueError(
            "the Fano factor needs open modes with positive velocities and a positive s = N/g - 1"
        )
    with threadpool_limits(1):  # On matrices as small, threads cost more than they save.
        slab = Slab(speeds)
        found = [slab.fano_factor(float(x)) for x in lengths.ravel()]
    return np.reshape(found, lengths.shape)


class Slab:
    """The solutions of the equation of the classical theory, with τ = 1.

    In the sums p^+ + p^- it is a symmetric problem of second order, whose solutions are a
    constant, x, and pairs of exponentials that decay from the two leads.
    """

    def __init__(self, velocities: Array) -> None:
        self.weights = 1 / velocities / np.sum(1 / velocities)
        self.inverse = 1 / velocities
        laplacian = np.diag(self.inverse) - np.outer(self.weights, self.inverse)
        root = np.sqrt(self.inverse)
        squares, vectors = np.linalg.eigh(root[:, None] * laplacian * root)
        self.rates = np.sqrt(squares[1:])
        self.shapes = (root[:, None] * vectors)[:, 1:]

    def fano_factor(self, s: float) -> float:
        """The Fano factor of the slab with N/g - 1 = s."""
        length, coefficients = self.solved(s)
        right, left = self.occupations(self.rule(length)[0], length, coefficients)
        leaving = 1 - np.concatenate([left, right], axis=1)
        return self.noise(length, coefficients, leaving) * (1 + s) / len(self.weights)

    def solved(self, s: float) -> tuple[float, Array]:
        """The length with N/g - 1 = s, in units of velocity times τ, and the solution there."""
        length = 2 * s * float(np.mean(1 / self.inverse))
        for _ in range(30):
            coefficients, resistance = self._solved(length)
            if abs(resistance - s) < 1e-10 * s:
                break
            length *= s / resistance
        return length, coefficients

    def _solved(self, length: float) -> tuple[Array, float]:
        """Coefficients of the solutions, and N/g - 1, for a length in units of velocity times τ."""
        right, left = self._occupations(np.array([0.0, length]), length)
        n = len(self.weights)
        boundary = np.concatenate([right[0], left[1]])
        given = np.repeat([1.0, 0.0], n)
        coefficients = np.linalg.solve(boundary, given)
        return coefficients, n / float(np.sum(right[1] @ coefficients)) - 1

    def _occupations(self, x: Array, length: float) -> tuple[Array, Array]:
        """p^+ and p^- at x of every solution, each (points, modes, solutions)."""
        from_left = self.shapes * np.exp(-np.multiply.outer(x, self.rates))[:, None]
        from_right = self.shapes * np.exp(-np.multiply.outer(length - x, self.rates))[:, None]
        constant = np.ones((len(x), len(self.weights), 1))
        places = constant * x[:, None, None]
        sums = np.concatenate([constant, places, from_left, from_right], axis=2)
        growing = [0 * constant, constant, -self.rates * from_left, self.rates * from_right]
        # v (p^+ + p^-)' = -(p^+ - p^-).
        flows = -np.concatenate(growing, axis=2) / self.inverse[:, None]
        return (sums + flows) / 2, (sums - flows) / 2

    def rule(self, length: float) -> tuple[Array, Array]:
        """Points along the slab, and their weights."""
        places, steps = _dense_at_the_ends()
        return length * places, length * steps

    def occupations(self, x: Array, length: float, coefficients: Array) -> tuple[Array, Array]:
        """p^+ and p^- at x, each (points, modes)."""
        right, left = self._occupations(x, length)
        return right @ coefficients, left @ coefficients

    def noise(self, length: float, coefficients: Array, leaving: NDArray) -> float:
        """Σ T(1-T), from all scattering events.

        `leaving` is what an event changes, at the points of `rule` and for all modes of both
        directions: the probability of leaving to the right, or h of `noise_cutoff`.
        """
        x, steps = self.rule(length)
        filled = np.concatenate(self.occupations(x, length, coefficients), axis=1)
        density = np.tile(self.weights, 2)

        def average(values: NDArray) -> NDArray:
            return values @ density

        empty, squares = 1 - filled, np.abs(leaving) ** 2
        events = average(filled * squares) * average(empty)
        events -= 2 * np.real(average(filled * leaving) * average(empty * leaving).conj())
        events += average(filled) * average(empty * squares)
        return float(steps @ events) * float(np.sum(self.inverse)) / 2


@lru_cache
def _dense_at_the_ends() -> tuple[Array, Array]:
    """Points between 0 and 1, and weights, of a rule for functions that bend at both ends."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    u = (nodes + 1) / 2
    return u**2 * (3 - 2 * u), 3 * weights * u * (1 - u)
