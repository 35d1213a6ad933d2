"""The first Hall plateau: how its quantization fails with disorder, for bars of several widths.

`HallPlateau` takes the results of a sweep over energy, disorder and width at one field, and gives
the median of ln |R_xy - 1/ν|, its slope against the width, and the disorder at which wider bars
cease to be better quantized: the end of the plateau.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import theory
from ..statistics import Estimate, bootstrap, log_median

Array = NDArray[np.float64]

NO_GAIN = 0.1
"""Decay per magnetic length of width below which a plateau has ended."""

RESAMPLES = 400
"""Resamples of a bootstrap that takes the medians of all points."""


class HallPlateau:
    """The plateau R_xy = h/e² between the two lowest Landau levels of the lattice, at one field.

    Disorder is given in W_o, at which single levels overlap (`theory.landau_overlap_strength`),
    and widths in the magnetic length l_B = (2π flux)^-½.

    Parameters
    ----------
    data
        Dataset with R_xy as ``hall`` and R_xx as ``longitudinal``, over energy,
        anderson.strength, width and sample, and with the coordinate ``flux``.

    Attributes
    ----------
    flux, overlap
        Flux per plaquette in h/e, and W_o in t.
    energies, shares
        Energies in t, and where they lie between the clean levels 0 and 1.
    strengths
        Strengths of the disorder in W_o.
    widths
        Widths of the bars in l_B.
    born
        W_E/W_o for every energy: where states reach it in the self-consistent Born approximation
        (`theory.landau_gap_strength`).
    logs
        ln |R_xy - 1|, shape (energies, strengths, widths, samples). It stays above rounding, and a
        missing sample makes the numbers of its point nan.
    longitudinal_logs
        ln |R_xx|, of the same shape: the overlap of opposite edges.
    """

    def __init__(self, data: Any) -> None:
        self.flux = float(data.flux)
        below, above = theory.lattice_landau_levels([0, 1], self.flux)
        self.energies = data.energy.values
        self.shares = (self.energies - below) / (above - below)
        self.overlap = float(theory.landau_overlap_strength(self.flux))
        self.strengths = data["anderson.strength"].values / self.overlap
        self.born = theory.landau_gap_strength(self.energies, self.flux) / self.overlap
        self.widths = data.width.values * np.sqrt(2 * np.pi * self.flux)
        data = data.transpose("energy", "anderson.strength", "width", "sample")
        limits = np.finfo(float)
        self.logs = np.log(np.maximum(np.abs(data.hall.values - 1), limits.eps / 2))
        self.longitudinal_logs = np.log(np.maximum(np.abs(data.longitudinal.values), limits.tiny))

    @cached_property
    def medians(self) -> Estimate:
        """Median of |R_xy - 1| with the error of its logarithm, (energies, strengths, widths)."""
        found = log_median(np.exp(self.logs))
        value = np.exp(found.value)
        return Estimate(value, value * found.error, found.n)

    @cached_property
    def decay(self) -> Estimate:
        """Decay of the median per l_B of width, shape (energies, strengths)."""
        return bootstrap(self.decay_of, self.logs, resamples=RESAMPLES)

    @cached_property
    def ends(self) -> Estimate:
        """Disorder at which the plateau ends, in W_o, for every energy."""
        return bootstrap(self.ends_of, self.logs, resamples=RESAMPLES)

    def decay_of(self, logs: Array) -> Array:
        """Decay per l_B of medians of some samples, from a straight line through all widths."""
        centred = self.widths - self.widths.mean()
        decay: Array = -np.median(logs, axis=-1) @ centred / (centred @ centred)
        return decay

    def ends_of(self, logs: Array) -> Array:
        """Ends from some samples: where the decay first falls below `NO_GAIN`; nan if it does not.

        The decay is interpolated between neighbouring strengths.
        """
        ends = np.full(len(self.energies), np.nan)
        for i, decay in enumerate(self.decay_of(logs)):
            steps = np.flatnonzero((decay[:-1] >= NO_GAIN) & (decay[1:] < NO_GAIN))
            if steps.size:
                pair = [steps[0] + 1, steps[0]]
                ends[i] = np.interp(NO_GAIN, decay[pair], self.strengths[pair])
        return ends

    @cached_property
    def straightness(self) -> Estimate:
        """Decay of |R_xx| among the wider half of the bars over that among the narrower half.

        It is 1 for an exponential. The first energy and strength are taken.
        """
        half = len(self.widths) // 2

        def ratio(logs: Array) -> float:
            medians = np.median(logs[0, 0], axis=-1)
            parts = slice(half), slice(half, None)
            narrow, wide = (np.polyfit(self.widths[p], medians[p], 1)[0] for p in parts)
            return float(wide / narrow)

        return bootstrap(ratio, self.longitudinal_logs, resamples=RESAMPLES)
