"""Lengths from the resistance of a wire against its length."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from xarray import DataArray

from .. import theory
from ..statistics import Estimate, bootstrap
from ..statistics.arrays import Samples


def mean_free_path(lengths: ArrayLike, g: Samples, channels: int, *, beta: int = 2) -> Estimate:
    """Mean free path l of a diffusive wire, from its resistance against its length.

    1/g = (1 + L/l)/N, with the contact resistance 1/N that the number of open
    channels fixes: l is the one unknown, the least-squares slope of N/<g> - 1
    through the origin. Weak localization, (1 - 2/β) s³/(1+s)³/3 with s = L/l,
    is taken off <g> first; best is β = 2, where there is none.

    Parameters
    ----------
    lengths
        Lengths L, shape (lengths,).
    g
        Conductances, shape (lengths, samples), or a DataArray with the
        dimension "sample" and one other.
    channels
        Number of open channels N.
    beta
        Symmetry index of the wire.

    Returns
    -------
    Estimate
        l, in the unit of the lengths: the length of the DMPK equation, larger
        than the transport mean free path (`theory.mean_free_path_factor`).

    Raises
    ------
    ValueError
        No length is given.

    Source
    ------
    C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997), Sec. III.
    """
    if np.size(lengths) == 0:
        raise ValueError("a mean free path needs a length at which the wire is a metal: add one")
    x = np.asarray(lengths, float)
    # Plain arrays are resampled quickly.
    samples = g.transpose(..., "sample").values if isinstance(g, DataArray) else np.asarray(g)

    def slope_inverse(values: NDArray[np.float64]) -> float:
        average = np.nanmean(values, axis=-1)
        length, before = np.inf, 0.0
        for _ in range(100):
            classical = average - theory.weak_localization(x / length, beta=beta)
            length, before = np.sum(x * x) / np.sum(x * (channels / classical - 1)), length
            if beta == 2 or abs(length - before) < 1e-9 * length:
                break
        return float(length)

    return bootstrap(slope_inverse, samples)
