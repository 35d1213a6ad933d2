r"""Loss of phase in a diffusive wire: its length, direct transmission, fluctuations, localization.

Voltage probes take electrons at a rate 1/τ_φ and give them back without their phase. The functions
take lengths in lattice constants, with l of g = N/(1 + L/l) and L_φ = √(D τ_φ).

Diffusion ends about l/2 inside either lead, as g = N l/(L + l) says. Direct transmission and
fluctuations are therefore those of the length L + l; the rise in a field has the factor
s³/(1+s)³ of a coherent wire. A long dephased sample is a series of coherent pieces:

>>> pair = [dephased_variance(x, 1.0, dephasing_length=30.0) for x in (1000.0, 2000.0)]
>>> print(f"{pair[0] / pair[1]:.1f}")  # 2³, less what the ends take
7.8
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from .rectangle import rectangle_magnetoconductance, rectangle_variance

Array = NDArray[np.float64]


def direct_share(
    length: ArrayLike, *, dephasing_length: ArrayLike, mean_free_path: ArrayLike
) -> Array:
    """Return the share of the conductance that electrons carry which never lost their phase.

    In a wire of two streams that scatter into each other once in l and lose a share m of their
    electrons per unit of length,

        <T>/(N/(1 + L/l)) = (1 + s) κl / [κl cosh κL + (1 + ml) sinh κL],

    with s = L/l, κ² = m² + 2m/l and L_φ² = l/2m. For l << L_φ it is x/sinh x, x = (L + l)/L_φ.
    It is also the conductance with the imaginary potential -iħ/2τ_φ, where they are lost.

    Parameters
    ----------
    length, dephasing_length, mean_free_path
        L, L_φ and l in lattice constants, which broadcast.

    Returns
    -------
    A pure number between 0 and 1, of the shape to which the arguments broadcast.

    References
    ----------
    M. Büttiker, Phys. Rev. B 33, 3020 (1986), for the probes; the two streams are solved here.

    Examples
    --------
    >>> print(f"{direct_share(100.0, dephasing_length=50.0, mean_free_path=1e-3):.4f}")
    0.5514
    """
    path = np.asarray(mean_free_path, dtype=float)
    lost = (path / np.asarray(dephasing_length, dtype=float)) ** 2 / 2  # ml
    rate = np.sqrt(lost * (lost + 2))  # κl
    s = np.asarray(length, dtype=float) / path
    # sinh(κL)/κl, with its limit without dephasing.
    ratio = np.where(rate > 0, np.sinh(rate * s) / np.where(rate > 0, rate, 1.0), s)
    return (1 + s) / (np.cosh(rate * s) + (1 + lost) * ratio)


def dephasing_length(share: float, length: float, *, mean_free_path: float) -> float:
    """Return the L_φ that makes `direct_share` a given number.

    Parameters
    ----------
    share
        The direct transmission over the conductance without dephasing.
    length, mean_free_path
        L and l in lattice constants.

    Returns
    -------
    L_φ in lattice constants; infinite for a share of 1 and more.

    Raises
    ------
    ValueError
        If the share is not positive, or so small that no electron is scattered before it is lost.

    References
    ----------
    As in `direct_share`.

    Examples
    --------
    >>> share = float(direct_share(100.0, dephasing_length=40.0, mean_free_path=5.0))
    >>> round(dephasing_length(share, 100.0, mean_free_path=5.0), 6)
    40.0
    """
    if share >= 1:
        return float("inf")

    def excess(log: float) -> float:
        phi = np.exp(log)
        found = direct_share(length, dephasing_length=phi, mean_free_path=mean_free_path)
        return float(np.log(found / share))

    low, high = np.log(mean_free_path / 2), np.log(1e6 * length)
    if not share > 0 or excess(low) > 0:
        raise ValueError(
            f"share must be positive and leave L_φ >= l/2, where electrons still diffuse; got "
            f"{share!r}. Use weaker probes."
        )
    return float(np.exp(brentq(excess, low, high, xtol=1e-12)))


def dephased_variance(
    length: ArrayLike,
    width: ArrayLike,
    *,
    dephasing_length: ArrayLike,
    mean_free_path: ArrayLike = 0.0,
) -> Array:
    """Return the variance of g of a rectangle with voltage probes, at β = 1.

    It is `rectangle_variance` with L_φ and the length L + l: 2/15 in a long coherent wire, and
    3 (L_φ/L)³ where W << L_φ << L. The energy is fixed, so no thermal length enters.

    Parameters
    ----------
    length, width
        L between the leads and W between the walls.
    dephasing_length, mean_free_path
        L_φ and l; all arguments broadcast, in lattice constants.

    Returns
    -------
    The variance in (e²/h)², of the shape to which the arguments broadcast.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987); Beenakker and van Houten, Solid State
    Physics 44, 1 (1991), for L_φ << L.

    Examples
    --------
    >>> long = float(dephased_variance(1e4, 1.0, dephasing_length=50.0))
    >>> print(f"{long / (3 * (50 / 1e4) ** 3):.2f}")
    0.99
    """
    extended = np.asarray(length, dtype=float) + np.asarray(mean_free_path, dtype=float)
    return rectangle_variance(extended, width, beta=1, dephasing_length=dephasing_length)


def dephased_magnetoconductance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    dephasing_length: float,
    mean_free_path: float = 0.0,
    single_mode: bool = True,
) -> Array:
    """Return the rise <g(f) - g(0)> of a rectangle with voltage probes.

    Loops without a probe make `rectangle_magnetoconductance` with L_φ. A probe with a single mode
    does not forget everything: T_ij = T_ji without a field, so that what it takes from a place
    and what it sends there are the same random number. A loop through one such probe therefore
    interferes with its reverse. With the Cooperon C of mass m = 1/L_φ² these loops add

        C -> C + m C² = C - m dC/dm,

    for any number of probes; a loop through two probes and its reverse are in different products
    of transmissions, and do not interfere. In a long wire the correction -L_φ/L is half as
    large again.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    length, width
        L between the leads and W between the walls, in lattice constants.
    dephasing_length, mean_free_path
        L_φ and l, in lattice constants.
    single_mode
        Whether each probe has one mode; otherwise loops through probes do not count.

    Returns
    -------
    The rise in e²/h, of the shape of `flux`.

    References
    ----------
    Altshuler and Aronov, in Electron-Electron Interactions in Disordered Systems (1985), Sec. 2,
    for the Cooperon; the loops through a probe are derived here, and the tests find their weight
    in random scattering matrices of a cavity, with probes of one mode and of many.

    Examples
    --------
    >>> sizes = {"dephasing_length": 26.0, "mean_free_path": 6.0}
    >>> rises = [
    ...     float(dephased_magnetoconductance(1e-4, 120, 48, single_mode=x, **sizes))
    ...     for x in (False, True)
    ... ]
    >>> print(f"{rises[0]:.4f} {rises[1]:.4f}")
    0.0038 0.0092
    """
    s = np.inf if mean_free_path == 0 else length / mean_free_path

    def loops(mass: float) -> Array:
        phi = mass**-0.5 if mass else np.inf
        return rectangle_magnetoconductance(flux, length, width, dephasing_length=phi, s=s)

    mass = float(dephasing_length) ** -2
    through = loops(0.95 * mass) - loops(1.05 * mass) if single_mode else 0.0
    return loops(mass) + 10 * through


def static_rate(concentration: float, strength: float, density: float) -> float:
    """Return the rate of scattering by static potentials on some sites, 1/τ in t/ħ.

    For a site with the potential V it is that of its T-matrix V/(1 + iπνV), on average over the
    box [-w/2, w/2]: 2πνn <V²/(1 + π²ν²V²)>. Weak potentials make 2πνn w²/12.

    Parameters
    ----------
    concentration
        Share n of the sites that have a potential.
    strength
        Full width w of the box, in t.
    density
        Local density of states of a site per orbital and t, without the potentials.

    Returns
    -------
    The rate in t/ħ.

    References
    ----------
    P. Sheng, Introduction to Wave Scattering, Localization, and Mesoscopic Phenomena (1995),
    for the T-matrix of a site; the average over the box is done here.

    Examples
    --------
    >>> round(static_rate(0.02, 0.01, density=0.14) / (0.02 * 2 * np.pi * 0.14 * 1e-4 / 12), 4)
    1.0
    """
    half = np.pi * density * strength / 2
    # 1 - arctan(h)/h loses digits at small h.
    share = half**2 / 3 if half < 1e-3 else 1 - np.arctan(half) / half
    return float(2 * concentration / (np.pi * density) * share)


def static_strength(concentration: float, rate: float, density: float) -> float:
    """Return the strength of static potentials that scatter at a rate: inverse of `static_rate`.

    Parameters
    ----------
    concentration, density
        As in `static_rate`.
    rate
        The rate 1/τ in t/ħ.

    Returns
    -------
    The full width of the box, in t.

    Raises
    ------
    ValueError
        If the rate is negative, or no strength makes as high a rate.

    References
    ----------
    As in `static_rate`.

    Examples
    --------
    >>> round(static_strength(0.02, static_rate(0.02, 2.5, density=0.14), density=0.14), 6)
    2.5
    """
    highest = 2 * concentration / (np.pi * density)
    if not 0 <= rate < 0.99 * highest:
        raise ValueError(
            f"rate must be at least 0 and below {0.99 * highest:.4g}, near the highest rate that "
            f"potentials on {concentration} of all sites make; got {rate!r}. Use more sites."
        )
    if rate == 0:
        return 0.0
    return float(brentq(lambda w: static_rate(concentration, w, density) - rate, 0, 200 / density))
