"""Histograms with error bars.

`histogram` takes values of many samples and the edges of bins, and gives the probability density
in every bin with its error over the samples.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Values, split
from .estimate import Estimate


def histogram(values: Values, edges: ArrayLike) -> Estimate:
    """Probability density in bins, with the scatter among samples as the error of every bin.

    All axes but that of the samples are pooled: for example the transmission eigenvalues of one
    sample, which repel each other and are not independent draws. Values outside the bins count
    in the normalization, so the density integrates to the share of the values inside. A bin that
    no value fell into gets the error of one count, because zero would claim certainty.

    Parameters
    ----------
    values
        Array (..., samples), or DataArray with the dimension "sample".
    edges
        Ascending edges of the bins, shape (bins + 1,), in the unit of the values; the last bin
        includes its right edge.

    Returns
    -------
    Estimate
        In one over the unit of the values, with arrays of shape (bins,); n is the number of
        samples that have any value.

    Raises
    ------
    ValueError
        If every sample is missing.

    Examples
    --------
    >>> histogram([0.1, 0.2, 0.3, 0.9], [0.0, 0.5, 1.0])
    <Estimate of 2 points (axis 0: 2)>
    [0]: 1.50 ± 0.50 (n = 4)
    [1]: 0.50 ± 0.50 (n = 4)
    """
    array, _ = split(values)
    array = array.reshape(-1, array.shape[-1])
    edges = np.asarray(edges, dtype=float)
    bins = edges.size - 1
    # Sums over the samples of counts h, of h², of h e and of e², where e is the number of values
    # that a sample has.
    h, hh, he = np.zeros((3, bins))
    entries = squares = 0.0
    used = 0
    batch = max(1, 2**20 // max(bins, len(array)))
    for start in range(0, array.shape[1], batch):
        part = array[:, start : start + batch]
        index = np.searchsorted(edges, part, side="right") - 1
        index[part == edges[-1]] = bins - 1
        inside = (index >= 0) & (index < bins)
        flat = (np.arange(part.shape[1]) * bins + index)[inside]
        counts = np.bincount(flat, minlength=part.shape[1] * bins).reshape(-1, bins)
        present = np.sum(~np.isnan(part), axis=0)
        h += counts.sum(axis=0)
        hh += (counts**2).sum(axis=0)
        he += present @ counts
        entries += present.sum()
        squares += (present**2).sum()
        used += int(np.count_nonzero(present))
    if not entries:
        raise ValueError(
            "There is nothing to draw a histogram of, since every sample is missing: take samples "
            "that have a value."
        )
    share = h / entries
    spread = np.maximum(hh - 2 * share * he + share**2 * squares, 0)
    spread = np.where(h == 0, 1.0, spread)
    error = np.sqrt(spread * used / (used - 1)) if used > 1 else np.full(bins, math.nan)
    widths = np.diff(edges)
    return Estimate(share / widths, error / entries / widths, np.full(bins, used))
