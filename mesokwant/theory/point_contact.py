"""A smooth point contact: the barrier of Eckart on the lattice, and a saddle in a field.

H = p_x² + p_y² + V0/cosh²(x/d) + ω_y² y²/4 on the square lattice, where p² stands for 2 - 2 cos p:
the mass is 1/2, energies are in t, and here they count from the bottom of the band, -4. Near its
top the barrier is a saddle with ω_x = 2 V0^½/d. Modes n = 0, 1, ... do not mix without a field,
so that the conductance is Σ_n T_n, with the levels of `parabola_levels` in one of the functions
`eckart_transmission`, `lattice_eckart_transmission` and `saddle_point_transmission`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh_tridiagonal
from scipy.special import expit

Array = NDArray[np.float64]


def parabola_levels(modes: int, omega_y: float, *, flux: float = 0.0) -> Array:
    """Return the lowest levels of a parabolic channel of the lattice, at its bottom k = 0.

    They are the eigenvalues of -|y><y±1| + [4 - 2 cos(2π `flux` y) + ω_y² y²/4] |y><y|, a
    chain across the channel; without field they are
    ω_y (n + 1/2) - (ω_y²/64)(2n² + 2n + 1) + O(ω_y³), and in the continuum
    (ω_y² + ω_c²)^½ (n + 1/2) with ω_c = 4π `flux`.

    Parameters
    ----------
    modes
        How many levels.
    omega_y
        ħω_y of the parabola in t, positive and well below 1.
    flux
        Flux per plaquette in h/e.

    Returns
    -------
    The energies in t above the bottom of the band, shape (modes,).

    Raises
    ------
    ValueError
        If there is no positive number of modes, or no positive ω_y.

    References
    ----------
    The levels are eigenvalues; their second order is derived here as the mean of -p⁴/12.

    Examples
    --------
    >>> print(parabola_levels(2, 0.1).round(5))
    [0.04984 0.14921]
    """
    if modes < 1 or not omega_y > 0:
        raise ValueError(
            f"There are no levels of {modes} modes and ω_y = {omega_y}: give at least one mode "
            "and a positive ω_y."
        )
    # A level ends at y² = 4 (2n + 1)/ω_y; its tail has died out at this many sites.
    half = int(np.ceil(4 * np.sqrt((modes + 4) / omega_y)))
    y = np.arange(-half, half + 1)
    diagonal = (omega_y * y / 2) ** 2 + 4 - 2 * np.cos(2 * np.pi * flux * y)
    # The bottom of the band of a row is -2 cos(0) = -2 and that across is -2: together -4.
    bonds = -np.ones(2 * half)
    return eigh_tridiagonal(
        diagonal, bonds, eigvals_only=True, select="i", select_range=(0, modes - 1)
    )


def eckart_transmission(energy: ArrayLike, *, height: ArrayLike, reach: ArrayLike) -> Array:
    """Return the transmission through the barrier `height`/cosh²(x/`reach`) for the mass 1/2.

    T = sinh²(πkd)/[sinh²(πkd) + cosh²((π/2)(4 V0 d² - 1)^½)] with k² = E; for 4 V0 d² < 1 the
    last square is one of a cosine, and for a well of V0 d² = -ℓ(ℓ+1) nothing is reflected.

    Parameters
    ----------
    energy
        Energy of the motion along x in t, counted from the foot of the barrier.
    height
        V0 in t.
    reach
        d in lattice constants, positive.

    Returns
    -------
    The transmission between 0 and 1, of the shape to which the arguments broadcast; 0 where the
    energy is not positive.

    References
    ----------
    Eckart, Phys. Rev. 35, 1303 (1930); Landau and Lifshitz, Quantum Mechanics (1977), section 25.

    Examples
    --------
    >>> print(eckart_transmission([0.0, 0.2, 1.0], height=0.2, reach=16.0).round(3))
    [0.    0.527 1.   ]
    """
    return expit(_eckart_exponent(energy, height, reach))


def lattice_eckart_transmission(energy: ArrayLike, *, height: ArrayLike, reach: ArrayLike) -> Array:
    """Return the transmission through the barrier of Eckart on the lattice, to its first order.

    The kinetic energy 2 - 2 cos p = p² - p⁴/12 changes the exponent ln(T/(1 - T)) of
    `eckart_transmission` by

        (πd/8) [V0^½ (V0 - E) - (2/3)(V0^{3/2} - E^{3/2})] - (π/64) ω_x,   ω_x = 2 V0^½/d.

    The first term is the change of the action ∫|p| dx under the barrier, and the second one
    raises the top by ω_x²/128. Both together are the level shift of a parabola,
    -(ω²/64)(2n² + 2n + 1), continued to ω = iω_x.

    Parameters
    ----------
    energy, height, reach
        As in `eckart_transmission`; the height is positive, and all energies are well below 1.

    Returns
    -------
    The transmission between 0 and 1, of the shape to which the arguments broadcast.

    Raises
    ------
    ValueError
        If a height or a reach is not positive.

    References
    ----------
    Derived here by perturbation theory in the lattice constant.

    Examples
    --------
    >>> plain = eckart_transmission(0.4, height=0.4, reach=9.0)
    >>> print(f"{lattice_eckart_transmission(0.4, height=0.4, reach=9.0) - plain:.4f}")
    -0.0017
    """
    e, top, d = (np.asarray(x, dtype=float) for x in (energy, height, reach))
    if not (np.all(top > 0) and np.all(d > 0)):
        raise ValueError(
            "The lattice shifts the top of a barrier: give a positive height and reach."
        )
    above = np.maximum(e, 0.0)
    action = np.sqrt(top) * (top - above) - 2 / 3 * (top**1.5 - above**1.5)
    shift = np.pi * d / 8 * action - np.pi / 32 * np.sqrt(top) / d
    return expit(_eckart_exponent(e, top, d) + shift)


def saddle_point_frequencies(
    *, omega_x: ArrayLike, omega_y: ArrayLike, omega_c: ArrayLike
) -> tuple[Array, Array]:
    """Return ω_x and ω_y of the saddle without a field that transmits as this one in a field.

    With Ω² = ω_c² + ω_y² - ω_x² and R = (Ω⁴ + 4 ω_x² ω_y²)^½ they are [(R - Ω²)/2]^½ and
    [(R + Ω²)/2]^½. A field raises the thresholds, by which modes depopulate, and sharpens the
    steps: in a strong one ω_x ω_y/ω_c and ω_c.

    Parameters
    ----------
    omega_x, omega_y
        ħω_x along and ħω_y across the saddle without a field, in t, not both zero.
    omega_c
        The cyclotron energy ħω_c in t: 4π times the flux per plaquette in h/e.

    Returns
    -------
    Two arrays for `saddle_point_transmission`, in t, of the shape to which the arguments
    broadcast.

    References
    ----------
    Fertig and Halperin, Phys. Rev. B 36, 7969 (1987); Büttiker, Phys. Rev. B 41, 7906 (1990),
    whose E_1 is half the first one, and E_2 the second.

    Examples
    --------
    >>> along, across = saddle_point_frequencies(omega_x=0.1, omega_y=0.2, omega_c=2.0)
    >>> print(f"{along:.4f} {across:.4f}")
    0.0100 2.0075
    """
    x, y, c = (np.asarray(w, dtype=float) for w in (omega_x, omega_y, omega_c))
    square, product = c**2 + y**2 - x**2, x * y
    root = np.hypot(square, 2 * product)
    # The larger of the two has no cancellation, and their product is known.
    larger = np.sqrt((root + np.abs(square)) / 2)
    smaller = product / larger
    return np.where(square >= 0, smaller, larger), np.where(square >= 0, larger, smaller)


def eckart_transmission_in_field(
    energy: ArrayLike,
    mode: ArrayLike,
    *,
    height: ArrayLike,
    reach: ArrayLike,
    omega_y: ArrayLike,
    omega_c: ArrayLike,
) -> Array:
    """Return the transmission through the barrier of Eckart in a field, to first order.

    The saddle at the top of the barrier has the modes ω_1 and ω_2 of `saddle_point_frequencies`.
    The next term of the barrier, (2/3) V0 (x/d)⁴, is taken in the mean over both, which moves the
    energy ε of the motion across the barrier by

        (2/3)(V0/d⁴) [6 X² - (3/2)(g/ω_1)² + 6 Y² + (3/2) A² - 24 X Y],
        X = ε g/ω_1²,   Y = A (n + 1/2),   g = (ω_y² + ω_1²)/(ω_1² + ω_2²),
        A = (ω_2² - ω_y²)/[ω_2 (ω_1² + ω_2²)],

    and T = 1/(1 + exp(-2πε/ω_1)). Without a field the terms with A vanish, and the second one
    opens the barrier by 1/(4d²).

    Parameters
    ----------
    energy
        Energy above the threshold V0 + ω_2 (n + 1/2) of the saddle, in t.
    mode
        Index n of the mode.
    height, reach
        V0 in t and d in lattice constants, both positive; the barrier is long, V0 d² >> 1.
    omega_y, omega_c
        ħω_y of the channel, positive, and the cyclotron energy, in t.

    Returns
    -------
    The transmission between 0 and 1, of the shape to which the arguments broadcast. It is for
    energies near the threshold, by much less than V0.

    References
    ----------
    Fertig and Halperin, Phys. Rev. B 36, 7969 (1987), for the saddle; the first order is derived
    here from oscillators, by ω -> iω for the motion across the barrier.

    Examples
    --------
    >>> shape = {"height": 0.2, "reach": 16.0, "omega_y": 0.15}
    >>> print(eckart_transmission_in_field(0.0, 0, **shape, omega_c=[0.0, 0.4]).round(3))
    [0.527 0.508]
    """
    e, top, d = (np.asarray(x, dtype=float) for x in (energy, height, reach))
    along, across = saddle_point_frequencies(
        omega_x=2 * np.sqrt(top) / d, omega_y=omega_y, omega_c=omega_c
    )
    both, y = along**2 + across**2, np.asarray(omega_y, dtype=float)
    share = (y**2 + along**2) / both
    amplitude = (across**2 - y**2) / (across * both)
    slow, fast = e * share / along**2, amplitude * (np.asarray(mode) + 0.5)
    mean = 6 * (slow**2 + fast**2) - 24 * slow * fast
    mean = mean + 1.5 * (amplitude**2 - (share / along) ** 2)
    return expit(2 * np.pi * (e - 2 / 3 * top / d**4 * mean) / along)


def _eckart_exponent(energy: ArrayLike, height: ArrayLike, reach: ArrayLike) -> Array:
    """ln(T/(1 - T)) of the barrier of Eckart, from logarithms that do not overflow."""
    e, top, d = (np.asarray(x, dtype=float) for x in (energy, height, reach))
    with np.errstate(divide="ignore"):
        over = _log_sinh(np.pi * np.sqrt(np.maximum(e, 0.0)) * d)
        root = np.pi / 2 * np.emath.sqrt(4 * top * d**2 - 1)
        under = np.where(
            np.isreal(root),
            np.logaddexp(root.real, -root.real),
            np.log(2 * np.abs(np.cos(root.imag))),
        )
    return 2 * (over - under)


def _log_sinh(x: Array) -> Array:
    """ln(2 sinh x) for x >= 0."""
    return x + np.log(-np.expm1(-2 * x))
