"""Exponential localization in wires and chains.

The localization length ξ is defined throughout by <ln g> = -2L/ξ.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gamma

Array = NDArray[np.float64]


def log_conductance(length: ArrayLike, localization_length: ArrayLike) -> Array:
    """Return the mean of ln g deep in the localized regime, L >> ξ: <ln g> = -2L/ξ.

    In a chain (N = 1) this holds for every length, elsewhere up to a constant.

    Parameters
    ----------
    length, localization_length
        L and ξ, in the same unit.

    Returns
    -------
    The mean of ln g, with g in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), section on localization.

    Examples
    --------
    >>> print(log_conductance(300.0, 100.0))
    -6.0
    """
    return -2 * np.asarray(length, dtype=float) / np.asarray(localization_length)


def log_conductance_variance(length: ArrayLike, localization_length: ArrayLike) -> Array:
    """Return the variance of ln g deep in the localized regime of a wire, var ln g = 4L/ξ.

    So var(ln g)/(-<ln g>) = 2, whatever the disorder (single-parameter scaling). In two
    dimensions the variance grows as L^(2/3) instead.

    Parameters
    ----------
    length, localization_length
        L and ξ, in the same unit.

    Returns
    -------
    The variance, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), section on localization.

    Examples
    --------
    >>> print(log_conductance_variance(300.0, 100.0))
    12.0
    """
    return -2 * log_conductance(length, localization_length)


def localization_length(
    channels: ArrayLike, mean_free_path: ArrayLike, *, beta: ArrayLike
) -> Array:
    """Return the localization length of a quasi-one-dimensional wire, ξ = (βN + 2 - β) l.

    Breaking time reversal doubles it at large N.

    Parameters
    ----------
    channels
        Number N of open modes; at beta = 4 Kramers pairs of modes.
    mean_free_path
        The l of g = N/(1 + L/l); see `mean_free_path_factor`.
    beta
        Symmetry index.

    Returns
    -------
    The length in the unit of `mean_free_path`, of the shape to which the arguments broadcast.

    References
    ----------
    Dorokhov (1983); Mello, Pereyra and Kumar (1988); as in Beenakker, Rev. Mod. Phys. 69, 731
    (1997).

    Examples
    --------
    >>> print(localization_length(1, 50.0, beta=1))  # A chain: ξ = 2l for every beta.
    100.0
    """
    beta = np.asarray(beta, dtype=float)
    return (beta * np.asarray(channels) + 2 - beta) * np.asarray(mean_free_path, dtype=float)


def localization_gain(channels: ArrayLike) -> Array:
    """Return the factor by which broken time reversal lengthens ξ/l in a wire, 2N/(N + 1).

    It is exact for equivalent channels, and 2 for many of them.

    Parameters
    ----------
    channels
        Number N of open modes.

    Returns
    -------
    (ξ/l at β = 2)/(ξ/l at β = 1), a pure number, of the shape of `channels`.

    References
    ----------
    Efetov and Larkin, Sov. Phys. JETP 58, 444 (1983); Dorokhov (1983); as in Beenakker, Rev. Mod.
    Phys. 69, 731 (1997).

    Examples
    --------
    >>> print(localization_gain([1, 9, 99]))
    [1.   1.8  1.98]
    """
    number = np.asarray(channels, dtype=float)
    return 2 * number / (number + 1)


def chain_localization_length(disorder: ArrayLike, energy: ArrayLike) -> Array:
    """Return ξ of a chain with weak box disorder, to second order: ξ = 24 (4 - E²)/W².

    It fails at the band centre (`chain_localization_length_centre`, 9 % longer) and at the band
    edges (`chain_localization_length_edge`).

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.
    energy
        Energy, |E| < 2, in t.

    Returns
    -------
    The length in lattice constants, of the shape to which the arguments broadcast.

    References
    ----------
    Thouless, in Ill-Condensed Matter (1979); Kappus and Wegner, Z. Phys. B 45, 15 (1981).

    Examples
    --------
    >>> print(chain_localization_length(0.5, 1.0))
    288.0
    """
    return 24 * (4 - np.square(energy)) / np.square(np.asarray(disorder, dtype=float))


def chain_localization_length_centre(disorder: ArrayLike) -> Array:
    """Return ξ of a chain with weak box disorder at E = 0, at the anomaly: ξ = 105.045/W².

    1/ξ = (W²/12) [Γ(3/4)/Γ(1/4)]², where second-order perturbation theory gives ξ = 96/W².

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.

    Returns
    -------
    The length in lattice constants, of the shape of `disorder`.

    References
    ----------
    Kappus and Wegner, Z. Phys. B 45, 15 (1981); Derrida and Gardner, J. Physique 45, 1283
    (1984).

    Examples
    --------
    >>> print(f"{chain_localization_length_centre(1.0):.3f}")
    105.045
    """
    return 12 / np.square(np.asarray(disorder, dtype=float)) * (gamma(1 / 4) / gamma(3 / 4)) ** 2


def chain_localization_length_edge(disorder: ArrayLike) -> Array:
    """Return ξ of a chain with weak box disorder at the band edge, |E| = 2.

    1/ξ = 6^(1/3) √π/(2 Γ(1/6)) (W²/12)^(1/3) = 0.2893 (W²/12)^(1/3).

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.

    Returns
    -------
    The length in lattice constants, of the shape of `disorder`.

    References
    ----------
    Derrida and Gardner, J. Physique 45, 1283 (1984).

    Examples
    --------
    >>> print(f"{1 / chain_localization_length_edge(12**0.5):.4f}")
    0.2893
    """
    variance = np.square(np.asarray(disorder, dtype=float)) / 12
    return 2 * gamma(1 / 6) / (6 ** (1 / 3) * np.sqrt(np.pi) * variance ** (1 / 3))
