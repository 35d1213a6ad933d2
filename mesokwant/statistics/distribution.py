"""Histograms with error bars."""

import math

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Samples, split
from .estimate import Estimate


def histogram(samples: Samples, edges: ArrayLike) -> Estimate:
    """Probability density in bins, with the spread over seeds as the error of every bin.

    All axes but the samples are pooled: the transmission eigenvalues of one seed, say, which
    repel each other and are not independent draws. Values outside the bins count in the
    normalization, so the density integrates to the part inside. A bin that no sample fell into
    gets the error of one count, for zero would claim certainty.

    Parameters
    ----------
    samples
        Array (..., samples), or DataArray with the dimension "sample".
    edges
        Ascending edges of the bins; the last bin includes its right edge.

    Returns
    -------
    Estimate with arrays of one entry a bin; n is the number of seeds with any value.

    Raises
    ------
    ValueError
        If every sample is missing.
    """
    values, _ = split(samples)
    values = values.reshape(-1, values.shape[-1])
    edges = np.asarray(edges, dtype=float)
    bins = edges.size - 1
    # Sums over seeds of counts h, of h², of h e and of e², where e is the seed's entries.
    h, hh, he = np.zeros((3, bins))
    entries = squares = 0.0
    seeds = 0
    block = max(1, 2**20 // max(bins, len(values)))
    for start in range(0, values.shape[1], block):
        part = values[:, start : start + block]
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
        seeds += int(np.count_nonzero(present))
    if not entries:
        raise ValueError("There is nothing to draw a histogram of: every sample is missing.")
    share = h / entries
    spread = np.maximum(hh - 2 * share * he + share**2 * squares, 0)
    spread = np.where(h == 0, 1.0, spread)
    error = np.sqrt(spread * seeds / (seeds - 1)) if seeds > 1 else np.full(bins, math.nan)
    widths = np.diff(edges)
    return Estimate(share / widths, error / entries / widths, np.full(bins, seeds))
