"""The gaps between Landau levels of the square lattice, and the disorder that closes them.

In the self-consistent Born approximation with all levels, a state at the energy E has
Σ = <V²> G(E - Σ), where G(z) is the local Green function of the clean lattice in the field. Real
z solve E = z + <V²> G(z) where there is a gap: between two levels, for dE/dz > 0.

Levels repel each other, and all of them sink with the real part of Σ: a gap therefore closes
later than single levels of the half width Γ would meet, and at a lower energy.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ellipk

from .landau import lattice_landau_levels, square_lattice_filling
from .lattice import square_lattice_dos

Array = NDArray[np.float64]

POINTS = 1000
"""Points between two levels, on which the largest disorder is looked for."""


def square_lattice_green_real(energy: ArrayLike) -> Array:
    """Return the real part of the local Green function of the clean lattice without a field.

    Re G(E) = sign(E) K(E²/16)/(2π) for |E| < 4, with the complete elliptic integral K of
    parameter m. Weak box disorder of the full width W shifts a band by Re Σ = W²/12 Re G.

    Parameters
    ----------
    energy
        Energy in t, |E| < 4.

    Returns
    -------
    The real part in 1/t, of the shape of `energy`.

    References
    ----------
    Economou, Green's Functions in Quantum Physics (2006), chapter 5.

    Examples
    --------
    >>> print(f"{square_lattice_green_real(-3.0):.4f}")
    -0.3041
    """
    energy = np.asarray(energy, dtype=float)
    return np.sign(energy) * ellipk(energy**2 / 16) / (2 * np.pi)


def landau_green(energy: ArrayLike, flux: ArrayLike) -> Array:
    """Return the local Green function of the clean lattice in a field, between Landau levels.

    G = Re G_0 - π ν tan(π n/f): the sum over levels n(E_n) = f (n + 1/2) of the weight f, which
    adds the tangent to its integral Re G_0. It has the pole f/(E - E_n) at every level.

    Parameters
    ----------
    energy
        Energy in t, in the lower half of the band and off the levels.
    flux
        Flux per plaquette in h/e.

    Returns
    -------
    The real Green function in 1/t, of the shape to which the arguments broadcast.

    References
    ----------
    Derived here from Σ_n 1/(x - n - 1/2) = -π tan(πx); the levels below the bottom of the band,
    which this sum has and the lattice has not, change it by a few per cent at the lowest gap.

    Examples
    --------
    >>> print(f"{landau_green(-3.636, 0.03):.2f}")  # Halfway between the two lowest levels.
    -0.36
    """
    filled = square_lattice_filling(energy) / np.asarray(flux, dtype=float)
    oscillation = np.pi * square_lattice_dos(energy) * np.tan(np.pi * filled)
    return square_lattice_green_real(energy) - oscillation


def landau_gap_edges(strength: ArrayLike, flux: float, *, filled: int = 1) -> Array:
    """Return the edges of the gap above so many broadened Landau levels.

    The edges are E(z) = z + W²/12 G(z) at the two z between the levels with dE/dz = 0. The gap is
    closed where W²/12 |dG/dz| > 1 everywhere.

    Parameters
    ----------
    strength
        Full width W of the box distribution of the site energies, in t.
    flux
        Flux per plaquette in h/e.
    filled
        Number of levels below the gap.

    Returns
    -------
    The lower and the upper edge in t, shape (2, ...) with that of `strength`; nan where there is
    no gap.

    References
    ----------
    Derived here from the self-consistent Born approximation, as in Ando, Fowler and Stern,
    Rev. Mod. Phys. 54, 437 (1982), section VI, with the Green function of all levels.

    Examples
    --------
    >>> print(landau_gap_edges([0.5, 1.5, 3.0], 0.03).round(2))
    [[-3.77 -3.75   nan]
     [-3.51 -3.66   nan]]
    """
    strengths = np.asarray(strength, dtype=float)
    below, above = lattice_landau_levels([filled - 1, filled], flux)
    # The poles of G lie at n(E) = f (n + 1/2), which is b²/16 above the levels.
    z = np.linspace(below, above + (2 * np.pi * flux) ** 2 / 8, POINTS)
    z = z[np.abs(square_lattice_filling(z) / flux - filled) < 0.5]
    green = landau_green(z, flux)
    edges = [_edges(z + one**2 / 12 * green) for one in strengths.ravel()]
    return np.reshape(np.transpose(edges), (2, *strengths.shape))


def _edges(energies: Array) -> tuple[float, float]:
    """Return the ends of the part of a curve that rises."""
    rising = np.flatnonzero(np.diff(energies) > 0)
    if not rising.size:
        return np.nan, np.nan
    return float(energies[rising[0]]), float(energies[rising[-1] + 1])


def landau_gap_strength(energy: ArrayLike, flux: float) -> Array:
    """Return the disorder at which the states of broadened Landau levels reach an energy.

    It is the largest W²/12 = (E - z)/G(z) on the branch of real z that begins with z = E for
    W = 0. Low in a gap, where G(E) > 0, the level below reaches the energy first, but sinks out of
    its way again at a larger disorder.

    Parameters
    ----------
    energy
        Energies in t between two clean Landau levels in the lower half of the band.
    flux
        Flux per plaquette in h/e.

    Returns
    -------
    The full width W of the box distribution of the site energies in t, of the shape of `energy`.

    Raises
    ------
    ValueError
        If an energy lies below the lowest level.

    References
    ----------
    Derived here from the same equations as `landau_gap_edges`.

    Examples
    --------
    In the middle of the clean gap disorder brings the upper level down.

    >>> print(landau_gap_strength([-3.745, -3.636], 0.03).round(2))
    [2.01 1.36]
    """
    energies = np.asarray(energy, dtype=float)
    strengths = [_gap_strength(float(one), flux) for one in energies.ravel()]
    return np.reshape(strengths, energies.shape)


def _gap_strength(energy: float, flux: float) -> float:
    """Return the disorder for one energy."""
    upper = int(np.floor(square_lattice_filling(energy) / flux + 0.5))
    if upper < 1:
        raise ValueError(
            f"The energy {energy} lies below the lowest Landau level at the flux {flux}: "
            "give an energy between two levels."
        )
    # G falls from +∞ to -∞ between the levels, and z moves towards the level that pushes.
    level = upper - 1 if landau_green(energy, flux) > 0 else upper
    end = float(lattice_landau_levels(level, flux))
    z = energy + (end - energy) * np.arange(1, POINTS) / POINTS
    ratio = (energy - z) / landau_green(z, flux)
    return float(np.sqrt(12 * ratio.max()))
