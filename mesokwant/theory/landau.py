"""Landau levels of the square lattice: energies, widths by disorder, and the classical Hall line.

H = -Σ exp(iφ_ij) |i><j| over nearest neighbours, the phases around a plaquette adding up to
2π `flux`. With b = 2π `flux` = (a/l_B)², the mass at the bottom of the band is 1/2 and the
cyclotron frequency is 2b. A level holds `flux` electrons per site and spin. `strength` is the full
width of a box distribution of the site energies, <V²> = `strength`²/12.
"""

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import ArrayLike, NDArray

from .lattice import square_lattice_dos

Array = NDArray[np.float64]


def lattice_landau_levels(level: ArrayLike, flux: ArrayLike) -> Array:
    """Return the energies of the lowest Landau levels of the square lattice.

    E_n = -4 + b (2n + 1) - (b²/16) [(2n + 1)² + 1] + O(b³), b = 2π `flux`. The second order is
    the mean of -(k_x⁴ + k_y⁴)/12 in the level.

    Parameters
    ----------
    level
        Number n = 0, 1, ... of the level.
    flux
        Flux per plaquette in h/e, well below 1/(2n + 1).

    Returns
    -------
    The energies in t, of the shape to which the arguments broadcast.

    References
    ----------
    Derived here by perturbation theory in the field; Hofstadter, Phys. Rev. B 14, 2239 (1976),
    has the spectrum.

    Examples
    --------
    >>> print(lattice_landau_levels([0, 1, 2], 0.03).round(4))
    [-3.8159 -3.4567 -3.1153]
    """
    b, odd = 2 * np.pi * np.asarray(flux, dtype=float), 2 * np.asarray(level) + 1
    return -4 + b * odd - b**2 / 16 * (odd**2 + 1)


def landau_level_width(strength: ArrayLike, flux: ArrayLike) -> Array:
    """Return the half width Γ of a Landau level that uncorrelated disorder broadens.

    In the self-consistent Born approximation of one level, Σ = <V²> f/(E - E_n - Σ), the density
    of states is a semicircle of half width Γ = 2 (<V²> f)^½ = `strength` (`flux`/3)^½.

    Parameters
    ----------
    strength
        Full width of the box distribution of the site energies, in t.
    flux
        Flux per plaquette in h/e.

    Returns
    -------
    The half width in t, of the shape to which the arguments broadcast.

    References
    ----------
    Ando, Fowler and Stern, Rev. Mod. Phys. 54, 437 (1982), section VI: Γ² = (2/π) ω_c/τ.

    Examples
    --------
    >>> print(f"{landau_level_width(1.5, 0.03):.3f}")
    0.150
    """
    return np.asarray(strength, dtype=float) * np.sqrt(np.asarray(flux, dtype=float) / 3)


def landau_overlap_strength(flux: ArrayLike) -> Array:
    """Return the disorder at which neighbouring Landau levels begin to overlap.

    Their distance is 2b = 4π `flux` and each has the half width Γ, so that the gap closes at
    2Γ = 2b: `strength` = 2π (3 `flux`)^½.

    Parameters
    ----------
    flux
        Flux per plaquette in h/e.

    Returns
    -------
    The full width of the box distribution of the site energies in t, of the shape of `flux`.

    References
    ----------
    Derived here from `landau_level_width` and the distance of levels at the bottom of the band.

    Examples
    --------
    >>> print(f"{landau_overlap_strength(0.03):.3f}")
    1.885
    """
    return 2 * np.pi * np.sqrt(3 * np.asarray(flux, dtype=float))


def square_lattice_filling(energy: ArrayLike) -> Array:
    """Return the number of electrons below an energy without a field, per site and spin.

    n(E) = ∫_{-4}^E ν, the area inside the line of the energy E in units of (2π)² (Luttinger).

    Parameters
    ----------
    energy
        Energy in t.

    Returns
    -------
    The number per site and spin, of the shape of `energy`: 0 below the band and 1 above.

    References
    ----------
    Derived here by integration of `square_lattice_dos` from the band centre, where n = 1/2.

    Examples
    --------
    >>> print(f"{square_lattice_filling(-3.9) / 0.1 * 4 * np.pi:.2f}")  # 1/(4π) at the bottom
    1.01
    """
    energy = np.clip(np.asarray(energy, dtype=float), -4.0, 4.0)
    nodes, weights = leggauss(60)
    # ε = E x² keeps the nodes away from the logarithm at the band centre.
    x = (nodes + 1) / 2
    # At the centre itself ν is infinite, and the integral over nothing is zero.
    distance = np.maximum(np.abs(energy), 1e-9)
    density = square_lattice_dos(distance[..., None] * x**2)
    return 0.5 + energy * np.sum(weights * x * density, axis=-1)


def classical_hall_resistance(energy: ArrayLike, flux: ArrayLike) -> Array:
    """Return the Hall resistance of free electrons without quantization, R_xy = B/(n e).

    In h/e² it is f/n(E): the flux per plaquette over the number of electrons per site.

    Parameters
    ----------
    energy
        Fermi energy in t, inside the band.
    flux
        Flux per plaquette in h/e.

    Returns
    -------
    The resistance in h/e² (per spin), in the unit of one over e²/h, of the shape to which the
    arguments broadcast.

    References
    ----------
    Drude's, as in Ashcroft and Mermin, Solid State Physics (1976), chapter 1, with the density
    of `square_lattice_filling`.

    Examples
    --------
    It meets the plateau 1/ν where ν levels are filled, n = ν f.

    >>> print(f"{classical_hall_resistance(-3.3, square_lattice_filling(-3.3) / 2):.3f}")
    0.500
    """
    return np.asarray(flux, dtype=float) / square_lattice_filling(energy)
