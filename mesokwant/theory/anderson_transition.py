"""The Anderson transition in three dimensions: exponents of theory, and numbers of the literature.

At a critical strength of disorder the localization length diverges as ξ ~ |W - W_c|^-ν. No closed
form is known for ν in three dimensions. `self_consistent_exponent` is what the self-consistent
theory of localization gives; the two constants are what numerical work found for the band centre
of the cubic lattice with a box distribution of width W, as a `Prediction` with its error.

References
----------
.. [1] K. Slevin and T. Ohtsuki, New J. Phys. 16, 015012 (2014).
"""

from __future__ import annotations

from .prediction import Prediction

ANDERSON_DISORDER = Prediction(
    16.543,
    source="box disorder, E = 0; Slevin & Ohtsuki, New J. Phys. 16, 015012 (2014)",
    error=0.001,
)
"""W_c in t."""
ANDERSON_EXPONENT = Prediction(
    1.571, source="orthogonal, d = 3; Slevin & Ohtsuki, New J. Phys. 16, 015012 (2014)", error=0.004
)
"""ν."""


def self_consistent_exponent(dimension: float) -> float:
    """Return ν of the self-consistent theory of localization, 1/(d - 2), and 1/2 from d = 4 on.

    In the insulator, the probability to return is the share of the modes q from 0 to a cutoff 1,
    1 = λ ∫ q^(d-1)/(q² + ξ⁻²) dq, with the disorder λ. This gives λ - λ_c ~ ξ^(2-d) below the upper
    critical dimension 4, and ξ⁻², the exponent of a mean field, above it. The theory neglects
    critical fluctuations, and ν is too small in three dimensions.

    Parameters
    ----------
    dimension
        d > 2. At d = 2 there is no transition, and ν diverges.

    Returns
    -------
    The exponent, a pure number.

    Raises
    ------
    ValueError
        For a dimension without a transition.

    References
    ----------
    D. Vollhardt and P. Wölfle, Phys. Rev. Lett. 48, 699 (1982).

    Examples
    --------
    >>> self_consistent_exponent(3)
    1.0
    """
    if not dimension > 2:
        raise ValueError(
            f"Box disorder has no transition in {dimension} dimensions: give a dimension above 2."
        )
    return max(1 / (dimension - 2), 1 / 2)
