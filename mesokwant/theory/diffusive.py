"""The coherent diffusive wire, l << L << localization length, as a function of s = L/l.

Here l is the mean free path of the scaling theory, defined by g = N/(1 + L/l) for N modes
(`lattice.mean_free_path_factor` relates it to the transport mean free path).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def conductance(channels: ArrayLike, s: ArrayLike) -> Array:
    """Return the classical (Drude) conductance of a wire with ideal leads, g = N/(1 + s).

    Parameters
    ----------
    channels
        Number N of open modes.
    s
        Length over mean free path, L/l.

    Returns
    -------
    The conductance in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), section on the diffusive wire.

    Examples
    --------
    >>> print(conductance(10, 4.0))  # Four mean free paths.
    2.0
    """
    return np.asarray(channels, dtype=float) / (1 + np.asarray(s, dtype=float))


def weak_localization(s: ArrayLike = np.inf, *, beta: ArrayLike) -> Array:
    """Return the quantum correction to <g> of a quasi-one-dimensional wire, N >> 1.

    δg = (1 - 2/β) (1/3) s³/(1 + s)³, which is -1/3, 0, +1/6 in a long wire for β = 1, 2, 4.
    Breaking time reversal therefore raises <g> by -weak_localization(s, beta=1).

    Parameters
    ----------
    s
        Length over mean free path, L/l.
    beta
        Symmetry index: 1, 2 or 4 (4 counts each Kramers pair once: twice this in Kwant's T).

    Returns
    -------
    The correction in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Mello and Stone, Phys. Rev. B 44, 3559 (1991); Beenakker, Rev. Mod. Phys. 69, 731 (1997).

    Examples
    --------
    >>> print(f"{weak_localization(beta=1):.4f}")  # A long wire: -1/3.
    -0.3333
    """
    return (1 - 2 / np.asarray(beta)) / 3 * ballistic_factor(s) ** 3


def weak_localization_2d(length: ArrayLike, mean_free_path: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return the quantum correction to the conductivity in two dimensions.

    δσ = (1 - 2/β) (1/π) ln(L/l) has logarithmic accuracy: constants beside the logarithm
    depend on the shape of the sample and on how its contacts cut the diffusion off. Theory
    fixes only the slope in ln L.

    Parameters
    ----------
    length
        Size of the coherent sample, or the dephasing length if that is shorter.
    mean_free_path
        Mean free path, in the unit of `length`.
    beta
        Symmetry index; at 4 each Kramers pair counts once (+(1/π) ln(L/l) for both spins).

    Returns
    -------
    The correction in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Hikami, Larkin and Nagaoka, Prog. Theor. Phys. 63, 707 (1980); Bergmann, Phys. Rep. 107,
    1 (1984).

    Examples
    --------
    >>> print(f"{weak_localization_2d(np.e, 1.0, beta=1) * np.pi:.4f}")
    -1.0000
    """
    logarithm = np.log(np.asarray(length, dtype=float) / np.asarray(mean_free_path, dtype=float))
    return (1 - 2 / np.asarray(beta)) / np.pi * logarithm


def conductance_variance(s: ArrayLike = np.inf, *, beta: ArrayLike) -> Array:
    """Return the variance of g in a quasi-one-dimensional wire, N >> 1 and L >> W.

    var g = 2/(15β) [1 - (1 + 6s)/(1 + s)⁶]. This leaves localization out, which the wire of finite
    N approaches; `conductance_variance_correction` has its first two orders in L/ξ.

    Parameters
    ----------
    s
        Length over mean free path, L/l.
    beta
        Symmetry index: 1, 2 or 4 (4 counts each Kramers pair once: 4 times this in Kwant's T).

    Returns
    -------
    The variance in (e²/h)², of the shape to which the arguments broadcast.

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997); the limit 2/(15β): Lee and Stone, Phys. Rev.
    Lett. 55, 1622 (1985).

    Examples
    --------
    >>> print(f"{conductance_variance(beta=1):.4f}")  # A long wire: 2/15.
    0.1333
    """
    # (1+s)⁶ - 1 - 6s expanded: no cancellation at small s, no overflow at large s.
    u = ballistic_factor(s)
    v = 1 - u
    bracket = u**2 * (15 * v**4 + 20 * u * v**3 + 15 * u**2 * v**2 + 6 * u**3 * v + u**4)
    return 2 / (15 * np.asarray(beta)) * bracket


def conductance_variance_correction(x: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return how far var g of a long wire (s >> 1) leaves 2/(15β) on the way to localization.

    The correction is 8(β-2)/(315β) x - 4(19β²-92β+76)/(4725β) x² + ..., where x = L/ξ with
    ξ = (βN + 2 - β) l. The variance falls with x for β = 1 and rises for β = 4, and at β = 2 only
    the second term is there.

    For N -> inf the orders that are left out are below 0.2 % of the variance at x = 0.3. At x = 0.5
    they are -0.1 % at β = 1, and +2 % at β = 2. With 10 modes the variance at x = 0.3 is 2.3 %
    lower at β = 1, and 0.9 % higher at β = 2: `wire_variance` has this, and simulations of the
    Dorokhov-Mello-Pereyra-Kumar equation (`dmpk_law`) agree with it. At β = 4 they agree below
    x = 0.2. They are 5 % above all orders at x = 0.25 and 12 % at x = 0.3, with any number of
    modes.

    Parameters
    ----------
    x
        Length over localization length, below about 0.5.
    beta
        Symmetry index: 1, 2 or 4 (4 counts each Kramers pair once: 4 times this in Kwant's T).

    Returns
    -------
    The correction in (e²/h)², of the shape to which the arguments broadcast.

    References
    ----------
    Derived here from the moments of the Dorokhov-Mello-Pereyra-Kumar equation, as in Mello and
    Stone, Phys. Rev. B 44, 3559 (1991), to two orders more.

    Examples
    --------
    >>> print(f"{conductance_variance_correction(0.3, beta=1):.4f}")  # 0.1333 becomes 0.1255.
    -0.0078
    """
    x, beta = np.asarray(x, dtype=float), np.asarray(beta)
    second = 4 * (19 * beta**2 - 92 * beta + 76) / (4725 * beta)
    return 8 * (beta - 2) / (315 * beta) * x - second * x**2


def spinful_conductance_variance(
    *, spin_orbit: bool = False, field: bool = False, zeeman: bool = False
) -> float:
    """Return the variance of Kwant's T in a long wire with two spins, (2/15) k s²/β.

    Here s is the degeneracy of the levels, and k is the number of independent series of levels.

    ========== ===== ====== ==== === === =======
    spin-orbit field zeeman β    s   k   var T
    ========== ===== ====== ==== === === =======
    no         no    no     1    2   1   8/15
    no         yes   no     2    2   1   4/15
    no         no    yes    1    1   2   4/15
    no         yes   yes    2    1   2   2/15
    yes        no    no     4    2   1   2/15
    yes        any   any    2    1   1   1/15
    ========== ===== ====== ==== === === =======

    Parameters
    ----------
    spin_orbit
        The spin is rotated many times on the way through.
    field
        A flux well above the correlation field.
    zeeman
        A spin splitting well above the Thouless energy. It breaks time reversal only together
        with spin-orbit coupling, and is here taken to leave both spin bands alike.

    Returns
    -------
    The variance in (e²/h)².

    References
    ----------
    Altshuler and Shklovskii, Sov. Phys. JETP 64, 127 (1986); Beenakker, Rev. Mod. Phys. 69,
    731 (1997), for the count of k, s and β.

    Examples
    --------
    >>> print(f"{spinful_conductance_variance() * 15:.1f}")
    8.0
    """
    if spin_orbit:
        beta, degeneracy, series = (2, 1, 1) if field or zeeman else (4, 2, 1)
    else:
        beta = 2 if field else 1
        degeneracy, series = (1, 2) if zeeman else (2, 1)
    return 2 / 15 * series * degeneracy**2 / beta


def fano_factor(s: ArrayLike = np.inf) -> Array:
    """Return the Fano factor of a diffusive wire, Σ T(1-T)/ΣT at zero temperature.

    F = (1/3) [1 - (1 + s)⁻³] holds to leading order in N and is 1/3 in a long wire. It is the shot
    noise over the value of Poisson.

    Parameters
    ----------
    s
        Length over mean free path, L/l.

    Returns
    -------
    The Fano factor, a pure number, of the shape of `s`.

    References
    ----------
    Beenakker and Büttiker, Phys. Rev. B 46, 1889 (1992); de Jong and Beenakker, Phys. Rev. B
    46, 13400 (1992), for finite s.

    Examples
    --------
    >>> print(f"{fano_factor():.4f}")
    0.3333
    """
    return -np.expm1(-3 * np.log1p(np.asarray(s, dtype=float))) / 3


def transmission_density(transmission: ArrayLike, channels: ArrayLike, s: ArrayLike) -> Array:
    """Return the density of transmission eigenvalues of a diffusive wire, s >> 1.

    ρ(T) = N/(2s) / (T √(1-T)) for cosh⁻² s <= T < 1, and 0 elsewhere. The density counts N
    eigenvalues in all. It is bimodal, and most eigenvalues are exponentially small.

    Parameters
    ----------
    transmission
        Where to evaluate, 0 <= T < 1 (the density diverges, integrably, at 1).
    channels
        Number N of open modes.
    s
        Length over mean free path, L/l.

    Returns
    -------
    The number of eigenvalues per unit of T, of the shape to which the arguments broadcast.

    References
    ----------
    Dorokhov, Solid State Commun. 51, 381 (1984).

    Examples
    --------
    >>> print(transmission_density(0.75, 12, 4.0))  # N/(2s) over 0.75 × 0.5.
    4.0
    """
    transmission = np.asarray(transmission, dtype=float)
    inverse_s = 1 / np.asarray(s, dtype=float)
    inside = (transmission < 1) & (transmission >= np.cosh(np.asarray(s, dtype=float)) ** -2.0)
    safe = np.where(inside, transmission, 0.5)
    density = np.asarray(channels) * inverse_s / 2 / (safe * np.sqrt(1 - safe))
    return np.where(inside, density, 0.0)


def ballistic_factor(s: ArrayLike) -> Array:
    """Return s/(1 + s), the factor of finite length s = L/l, also at s = inf."""
    return -np.expm1(-np.log1p(np.asarray(s, dtype=float)))
