"""An impurity or vacancy in an infinite chain with hoppings to any number of neighbours.

    H = Σ_j Σ_{m=1..M} t_m (|j+m><j| + h.c.) + U |0><0|,   E(k) = 2 Σ_m t_m cos(mk),

with real t_m: the Kwant hopping -t is t_1 = -1. U -> inf removes the site.
"""

from collections.abc import Sequence

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray


def chain_green(energy: ArrayLike, hoppings: Sequence[float] = (-1.0,)) -> NDArray[np.complex128]:
    """Return the retarded local Green function G(E) = <0|(E + i0 - H)⁻¹|0> of the clean chain.

    With c = cos k the band is a polynomial P(c) = 2 Σ t_m T_m(c) of Chebyshev polynomials, and
    partial fractions of 1/(E - P(c)) over its M roots c_j give

        G = Σ_j 1/(P'(c_j) √(c_j² - 1)):

    -i/|v_j| from every propagating pair (real |c_j| < 1, v = dE/dk), and a contribution from
    every evanescent one (λ = c - √(c²-1) inside the unit circle). The imaginary part is the
    density of states times -π; the real part is the evanescent g_ev of `impurity_transmission`.

    Parameters
    ----------
    energy
        Energy in t; at a band edge G diverges.
    hoppings
        t_1, t_2, ... in t.

    Returns
    -------
    G in 1/t, of the shape of `energy`.

    References
    ----------
    Economou, Green's Functions in Quantum Physics (2006), chapter 5, for nearest neighbours;
    derived here for more.

    Examples
    --------
    >>> print(f"{abs(chain_green(0.0)):.4f}")  # 1/v, with the velocity 2 at the band centre.
    0.5000
    """
    return _modes_and_green(energy, hoppings)[1]


def impurity_transmission(
    energy: ArrayLike, strength: ArrayLike, hoppings: Sequence[float] = (-1.0,)
) -> NDArray[np.float64]:
    """Return the total transmission Σ|t_ba|² of a chain with one impurity, or one vacancy.

    The T-matrix X = U/(1 - U G) of one site scatters alike from and into all p right-moving
    modes, t_ba = δ_ba - i X/√(v_a v_b), so that with G = g_ev - iΓ, Γ = Σ_a 1/v_a,

        T = p - Γ²|X|² = p - 1 + (1 - U g_ev)² / [(1 - U g_ev)² + U²Γ²].

    With one mode, Γ = 1/v, the vacancy has t = i v g_ev/(1 + i v g_ev). With nearest neighbours
    only g_ev = 0: T = 1/(1 + U²/(4 - E²)), and a vacancy transmits nothing.

    Parameters
    ----------
    energy
        Energy in t, away from band edges. Outside the band the result is 0.
    strength
        On-site energy U of the impurity in t; `np.inf` for a vacancy.
    hoppings
        t_1, t_2, ... in t.

    Returns
    -------
    The transmission, at most the number of modes, of the shape to which the arguments broadcast.

    References
    ----------
    Derived here from the Lippmann-Schwinger equation; Economou, Green's Functions in Quantum
    Physics (2006), chapter 6, for the T-matrix of a single impurity.

    Examples
    --------
    >>> print(f"{impurity_transmission(0.0, 2.0):.4f}")  # 1/(1 + U²/4)
    0.5000
    """
    modes, green = _modes_and_green(energy, hoppings)
    strength = np.asarray(strength, dtype=float)
    # Everything is divided by 1 + |U|, so that a vacancy is no special case.
    one = 1 / (1 + np.abs(strength))
    u = np.sign(strength) * (1 - one)
    numerator = (one - u * green.real) ** 2
    scattered = (u * green.imag) ** 2
    propagates = modes > 0
    fraction = numerator / np.where(propagates, numerator + scattered, 1.0)
    return np.where(propagates, modes - 1 + fraction, 0.0)


def vacancies_transmission(
    energy: float, positions: Sequence[int], hoppings: Sequence[float] = (-1.0,)
) -> float:
    """Return the transmission of a chain with any number of vacancies, where it has one mode.

    The removed sites a force ψ_a = 0. With the Green function between them, G_ab = G(|x_a - x_b|),
    and the incoming wave φ_a = exp(ikx_a),

        T = |1 + (i/v) φ† G⁻¹ φ|²,    G(x) = Σ_j λ_j^|x| / (P'(c_j) √(c_j² - 1))

    with P, c_j of `chain_green` and λ_j = c_j - √(c_j² - 1), |λ_j| < 1, or the outgoing exp(ik).

    Parameters
    ----------
    energy
        Energy in t, where the band has one right-moving mode.
    positions
        Sites x_a that are missing.
    hoppings
        t_1, t_2, ... in t.

    Returns
    -------
    The transmission, between 0 and 1.

    Raises
    ------
    ValueError
        If the chain has no or several modes.

    References
    ----------
    Derived here from the Lippmann-Schwinger equation; Economou, Green's Functions in Quantum
    Physics (2006), chapter 6, for one site.

    Examples
    --------
    >>> print(f"{vacancies_transmission(0.5, [3]):.4f}")  # With nearest neighbours it is cut.
    0.0000
    """
    band = chebyshev.chebtrim([0.0, *(2 * np.asarray(hoppings, dtype=float))])
    roots = chebyshev.chebroots([band[0] - energy, *band[1:]]).astype(complex)
    travels = (roots.imag == 0) & (np.abs(roots.real) < 1)
    if np.count_nonzero(travels) != 1:
        raise ValueError(
            f"The chain has {np.count_nonzero(travels)} modes at E = {energy}, not 1: "
            "choose an energy at which it has one right-moving mode."
        )
    slope = chebyshev.chebval(roots, chebyshev.chebder(band))
    # Retarded: the energy is a little above the real axis, and c moves by i0/P'(c).
    root = np.where(
        travels,
        1j * np.sign(slope.real) * np.sqrt(1 - roots.real**2 + 0j),
        np.sqrt(roots - 1) * np.sqrt(roots + 1),
    )
    x = np.asarray(positions)
    distances = np.abs(x[:, None] - x)
    factors = roots - root
    green = np.sum(factors ** distances[..., None] / (slope * root), axis=-1)
    speed = np.abs(slope[travels][0] * root[travels][0])
    wave = factors[travels][0] ** (x - x[0])
    return float(abs(1 + 1j / speed * wave.conj() @ np.linalg.solve(green, wave)) ** 2)


def _modes_and_green(
    energy: ArrayLike, hoppings: Sequence[float]
) -> tuple[NDArray[np.int64], NDArray[np.complex128]]:
    """Return the number of right-moving modes and the local Green function."""
    band = chebyshev.chebtrim([0.0, *(2 * np.asarray(hoppings, dtype=float))])
    slope = chebyshev.chebder(band)
    energies = np.asarray(energy, dtype=float)
    modes = np.empty(energies.shape, dtype=np.int64)
    green = np.empty(energies.shape, dtype=complex)
    for index, value in np.ndenumerate(energies):
        roots = chebyshev.chebroots([band[0] - value, *band[1:]])
        derivative = chebyshev.chebval(roots, slope)
        # Eigenvalues of a real matrix: simple real roots are real to the last bit.
        travels = (roots.imag == 0) & (np.abs(roots.real) < 1)
        modes[index] = np.count_nonzero(travels)
        speed = np.abs(derivative[travels].real) * np.sqrt(1 - roots[travels].real ** 2)
        # The product of two roots, not the root of c² - 1: this branch decays everywhere.
        c = roots[~travels].astype(complex)
        decaying = 1 / (derivative[~travels] * np.sqrt(c - 1) * np.sqrt(c + 1))
        green[index] = -1j * np.sum(1 / speed) + np.sum(decaying)
    return modes, green
