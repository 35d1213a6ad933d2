"""Two-terminal reciprocity: g(f) = g(-f), sample by sample."""

from __future__ import annotations

import numpy as np
from xarray import DataArray

from ..statistics import Estimate
from ..study.claims import Claim
from ..theory import Prediction


def field_asymmetry(g: DataArray) -> Estimate:
    """Largest |g(f) - g(-f)| of a sample, over all negative fields f; its error is zero.

    Parameters
    ----------
    g
        Conductance between two terminals, with the dimension "flux" that has the positive
        partner of each of its negative values.

    Raises
    ------
    KeyError
        A negative field has no positive partner.

    References
    ----------
    M. Büttiker, IBM J. Res. Dev. 32, 317 (1988).
    """
    negative = g.flux.values[g.flux.values < 0]
    difference = abs(g.sel(flux=-negative).values - g.sel(flux=negative).values)
    return Estimate(float(np.nanmax(difference, initial=0.0)), 0.0, difference.size)


def reciprocity_claim(g: DataArray) -> Claim:
    """Every sample has the same two-terminal conductance in opposite fields, to rounding.

    Parameters
    ----------
    g
        As for `field_asymmetry`.
    """
    expected = Prediction(
        0.0,
        1e-8,
        because="rounding",
        source="reciprocity; Büttiker, IBM J. Res. Dev. 32, 317 (1988)",
    )
    return Claim("largest |g(f) - g(-f)| of a sample", field_asymmetry(g), expected)
