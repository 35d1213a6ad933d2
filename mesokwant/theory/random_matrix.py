"""Chaotic cavities and level statistics: what the random-matrix ensembles fix exactly."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def cavity_conductance(n1: ArrayLike, n2: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return the mean g of a chaotic cavity with ideal leads of N1 and N2 modes.

    <g> = β N1 N2/(βN + 2 - β) with N = N1 + N2 is exact for every N.

    Parameters
    ----------
    n1, n2
        Modes in the leads; at beta = 4 Kramers pairs of modes.
    beta
        Symmetry index; at 4 twice this is Kwant's T.

    Returns
    -------
    The mean in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Baranger and Mello, Phys. Rev. Lett. 73, 142 (1994); Jalabert, Pichard and Beenakker,
    Europhys. Lett. 27, 255 (1994).

    Examples
    --------
    >>> print(cavity_conductance(4, 4, beta=2))  # Half of the modes.
    2.0
    """
    n1, n2, beta = _floats(n1, n2, beta)
    return beta * n1 * n2 / (beta * (n1 + n2) + 2 - beta)


def cavity_conductance_variance(n1: ArrayLike, n2: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return the variance of g of a chaotic cavity with ideal leads.

    var g = 2β N1 N2 (β(N1-1)+2)(β(N2-1)+2) / {(β(N-2)+2)(β(N-1)+2)² (β(N-1)+4)} is exact for every
    N = N1 + N2. It tends to 1/(8β) for two wide equal leads.

    Parameters
    ----------
    n1, n2
        Modes in the leads; at beta = 4 Kramers pairs of modes.
    beta
        Symmetry index; at 4 four times this is the variance of Kwant's T.

    Returns
    -------
    The variance in (e²/h)², of the shape to which the arguments broadcast.

    References
    ----------
    Baranger and Mello, Phys. Rev. Lett. 73, 142 (1994); Savin and Sommers, Phys. Rev. B 73,
    081307 (2006).

    Examples
    --------
    >>> print(f"{cavity_conductance_variance(10**4, 10**4, beta=1):.4f}")  # 1/8.
    0.1250
    """
    n1, n2, beta = _floats(n1, n2, beta)
    return 2 * cavity_shot_noise(n1, n2, beta=beta) / (beta * (n1 + n2 - 1) + 2)


def cavity_shot_noise(n1: ArrayLike, n2: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return the mean of Σ T(1-T) of a chaotic cavity with ideal leads.

    <Σ T(1-T)> = β N1 N2 (β(N1-1)+2)(β(N2-1)+2) / {(β(N-2)+2)(β(N-1)+2)(β(N-1)+4)} is exact for
    every N = N1 + N2. Divided by <g> it is the Fano factor, 1/4 for two wide equal leads.

    Parameters
    ----------
    n1, n2
        Modes in the leads; at beta = 4 Kramers pairs of modes.
    beta
        Symmetry index.

    Returns
    -------
    The mean, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Savin and Sommers, Phys. Rev. B 73, 081307 (2006).

    Examples
    --------
    >>> fano = cavity_shot_noise(1000, 1000, beta=2) / cavity_conductance(1000, 1000, beta=2)
    >>> print(f"{fano:.4f}")
    0.2500
    """
    n1, n2, beta = _floats(n1, n2, beta)
    n = n1 + n2
    above = beta * n1 * n2 * (beta * (n1 - 1) + 2) * (beta * (n2 - 1) + 2)
    return above / ((beta * (n - 2) + 2) * (beta * (n - 1) + 2) * (beta * (n - 1) + 4))


def cavity_transmission_density(transmission: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return the distribution of T of a chaotic cavity with one ideal mode in either lead.

    P(T) = (β/2) T^(β/2 - 1) favours small T at β = 1, is uniform at 2, and favours large T at 4.

    Parameters
    ----------
    transmission
        Where to evaluate, 0 < T <= 1.
    beta
        Symmetry index (at 4 one Kramers pair a lead).

    Returns
    -------
    The probability density of T, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Baranger and Mello, Phys. Rev. Lett. 73, 142 (1994); Jalabert, Pichard and Beenakker,
    Europhys. Lett. 27, 255 (1994).

    Examples
    --------
    >>> print(cavity_transmission_density(0.25, beta=1))
    1.0
    """
    transmission, beta = _floats(transmission, beta)
    return beta / 2 * transmission ** (beta / 2 - 1)


def circular_probability(
    modes: ArrayLike, *, beta: ArrayLike, time_reversed: bool = False
) -> Array:
    """Return the mean |S_mn|² in a circular ensemble: coherent backscattering without a sample.

    It is 1/N at β = 2. At β = 1 it is 2/(N+1) into the time-reversed mode, m = n, and 1/(N+1)
    elsewhere. At β = 4 it is 0 into the time-reversed mode, and 1/(N-1) elsewhere.

    Parameters
    ----------
    modes
        Size N of S: all modes of all leads, both spins counted.
    beta
        Symmetry index.
    time_reversed
        Whether the outgoing mode is the time reverse of the incoming one.

    Returns
    -------
    The mean probability, between 0 and 1, of the shape to which the arguments broadcast.

    References
    ----------
    Baranger and Mello, Phys. Rev. Lett. 73, 142 (1994); the values follow from unitarity and
    from S = S^T (β = 1) or S = -S^T in a basis of time-reversed modes (β = 4).

    Examples
    --------
    >>> print(circular_probability(3, beta=1, time_reversed=True))  # 2/(N+1)
    0.5
    """
    modes, beta = _floats(modes, beta)
    # Weights of (m = n, m != n) are 2:1, 1:1, 0:1, and a row sums to one.
    special = np.where(beta == 4, 0.0, 2 / beta)
    return (special if time_reversed else 1.0) / (modes - 1 + special)


def spacing_ratio(beta: int) -> float:
    """Return the mean <r> of r = min(δ_n, δ_{n+1})/max(δ_n, δ_{n+1}) of consecutive spacings.

    It is 2 ln 2 - 1 = 0.3863 for independent levels. For large matrices of the Gaussian ensembles
    numerics give 0.5307, 0.5996 and 0.6744. Kramers degeneracy must be removed first.

    Parameters
    ----------
    beta
        0 (independent levels, a localized system), 1, 2 or 4.

    Returns
    -------
    The mean ratio, between 0 and 1.

    Raises
    ------
    ValueError
        For another beta.

    References
    ----------
    Atas, Bogomolny, Giraud and Roux, Phys. Rev. Lett. 110, 084101 (2013), Table I.

    Examples
    --------
    >>> spacing_ratio(2)
    0.5996
    """
    values = {0: 2 * np.log(2) - 1, 1: 0.5307, 2: 0.5996, 4: 0.6744}
    if beta not in values:
        raise ValueError(f"No spacing ratio is known for beta = {beta}: use 0, 1, 2 or 4.")
    return values[beta]


def _floats(*arguments: ArrayLike) -> tuple[Array, ...]:
    return tuple(np.asarray(argument, dtype=float) for argument in arguments)
