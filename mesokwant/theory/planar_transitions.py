"""Transitions in two dimensions: what numerical work of others found, and classical percolation.

Without a field and without spin-orbit coupling all states of a disordered plane are localized.
Spin-orbit coupling makes a metal that ends at a critical disorder (the symplectic class), and in
a quantizing field one energy in each Landau level has extended states (the quantum Hall class).
No closed form is known for the exponents ν of ξ ~ |x - x_c|^-ν. The constants are `Prediction`s
with the errors of their sources. In smooth disorder without tunnelling and interference, the
edges of Hall droplets would meet as clusters of classical percolation do, with an exact ν = 4/3.

References
----------
.. [1] Y. Asada, K. Slevin and T. Ohtsuki, Phys. Rev. B 70, 035115 (2004).
.. [2] P. Markos and L. Schweitzer, J. Phys. A 39, 3221 (2006).
.. [3] K. Slevin and T. Ohtsuki, Phys. Rev. B 80, 041304 (2009).
.. [4] M. P. M. den Nijs, J. Phys. A 12, 1857 (1979).
.. [5] F. Wegner, Z. Phys. B 51, 279 (1983).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfi

from .prediction import Prediction

SYMPLECTIC_EXPONENT = Prediction(
    2.746, source="SU(2) model; Asada, Slevin & Ohtsuki, PRB 70, 035115 (2004)", error=0.009
)
"""ν of the symplectic class in two dimensions."""
SYMPLECTIC_DISORDER = Prediction(
    5.838,
    source="Ando's model, θ = π/6, E = 0.01; Markos & Schweitzer, J. Phys. A 39, 3221 (2006)",
    error=0.007,
)
"""W_c of Ando's model with box disorder, in t."""
SYMPLECTIC_CONDUCTANCE = Prediction(
    1.42, source="periodic squares; Markos & Schweitzer, J. Phys. A 39, 3221 (2006)", error=0.005
)
"""Mean conductance of periodic squares at W_c, both spins counted, in e²/h."""
PLATEAU_EXPONENT = Prediction(
    2.593, source="network model; Slevin & Ohtsuki, PRB 80, 041304 (2009)", error=0.006
)
"""ν of the step between two Hall plateaus."""
PERCOLATION_EXPONENT = Prediction(4 / 3, source="den Nijs, J. Phys. A 12, 1857 (1979)")
"""ν of classical percolation in two dimensions."""


def lowest_level_filling(
    energy: ArrayLike, strength: ArrayLike, flux: ArrayLike
) -> NDArray[np.float64]:
    """Return the filled share of the lowest Landau level in white noise, exactly.

    n = 1/2 + arctan(erfi(E/s))/π, with the variance s² = W² f/12 of the density of states dn/dE.
    Noise is white where the lattice constant is well below the magnetic length, and the level is
    alone where s is well below the distance of the next one.

    Parameters
    ----------
    energy
        Energy from the middle of the level, in t.
    strength
        Full width W of the box distribution of the site energies, in t.
    flux
        Flux f per plaquette in h/e.

    Returns
    -------
    The share, between 0 and 1, of the shape to which the arguments broadcast.

    References
    ----------
    F. Wegner, Z. Phys. B 51, 279 (1983).

    Examples
    --------
    >>> print(lowest_level_filling([0.0, 0.2041], 2.0, 1 / 8).round(3))
    [0.5   0.827]
    """
    width = np.asarray(strength, dtype=float) * np.sqrt(np.asarray(flux, dtype=float) / 12)
    scaled = np.asarray(energy, dtype=float) / width
    return np.asarray(0.5 + np.arctan(erfi(scaled)) / np.pi)
