"""Two-terminal reciprocity: g(f) = g(-f), sample by sample."""

from __future__ import annotations

import numpy as np
from xarray import DataArray

from ..statistics import Estimate


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

    Source
    ------
    M. Büttiker, IBM J. Res. Dev. 32, 317 (1988).
    """
    negative = g.flux.values[g.flux.values < 0]
    difference = abs(g.sel(flux=-negative).values - g.sel(flux=negative).values)
    return Estimate(float(np.nanmax(difference, initial=0.0)), 0.0, difference.size)
