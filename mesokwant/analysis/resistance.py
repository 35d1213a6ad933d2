"""Lengths from the resistance of a wire against its length."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..statistics import Estimate, bootstrap
from ..statistics.points import Samples


def mean_free_path(lengths: ArrayLike, g: Samples, channels: int) -> Estimate:
    """Mean free path l of a diffusive wire, from its resistance against its length.

    1/g = (1 + L/l)/N, with the contact resistance 1/N that the number of open
    channels fixes: l is the one unknown, the least-squares slope of N/<g> - 1
    through the origin. Take g where weak localization is suppressed (β = 2).

    Parameters
    ----------
    lengths
        Lengths L, shape (lengths,).
    g
        Conductances, shape (lengths, samples), or a DataArray with the
        dimension "sample" and one other.
    channels
        Number of open channels N.

    Returns
    -------
    Estimate
        l, in the unit of the lengths: the length of the DMPK equation, larger
        than the transport mean free path (`theory.mean_free_path_factor`).

    Source
    ------
    C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997), Sec. III.
    """
    x = np.asarray(lengths, float)

    def slope_inverse(values: ArrayLike) -> float:
        excess = channels / np.nanmean(np.asarray(values), axis=-1) - 1
        return float(np.sum(x * x) / np.sum(x * excess))

    return bootstrap(slope_inverse, g)
