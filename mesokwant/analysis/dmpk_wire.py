"""A disordered wire beside the Dorokhov-Mello-Pereyra-Kumar (DMPK) equation, with no parameter.

`DmpkWire` takes the conductances of one wire at many lengths, from a metal to an insulator. The
short lengths give its mean free path l; at all others the DMPK equation (`theory.dmpk_law`) then
knows the distribution of ln g. The wire gives the distance between both: normal deviates of chi²
and of the distribution, the localization length over the expected one, and the growth of var ln g.

All wires of one sample have the same disorder where they are equally far from the left lead.
Mean free path, means and variances therefore share their samples, and every error knows it. The
Monte Carlo behind the table has the same structure, and enlarges all errors by one factor.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from .. import theory
from ..statistics import Estimate, chi2_deviate, distance_deviate
from .localization import decay_rates, ratio_of_slopes, scaling_ratio
from .wire import DiffusiveWire, Regime

Array = NDArray[np.float64]

LONG, SLENDER = 10, 4
"""Lengths at which the DMPK equation is tested: L/l and L/W, at least."""
DEEP = 3
"""Lengths that ξ is taken from, at least, in ξ."""
METAL = 3
"""l is taken from lengths with <g> > N/3."""


class DmpkWire:
    """Wires of one width and symmetry class at many lengths, beside the DMPK equation.

    Parameters
    ----------
    data
        Results with the conductance ``g`` over ``length`` and ``sample``, and with the width, the
        energy, and a uniform ``flux`` as coordinates; a sample that is missing at some length is
        left out at all. The wire has β = 1 where neither a uniform nor a random flux acts on it.

    Attributes
    ----------
    law
        What the DMPK equation expects, a `theory.DmpkLaw`.
    wire
        The wire with its mean free path, a `DiffusiveWire`.
    lengths, s, x
        Lengths in lattice constants, over l, and over ξ of the DMPK equation.
    g
        Conductances, shape (lengths, samples).
    inside, deep
        Lengths at which the DMPK equation is tested, L >= 10 l and L >= 4 W, and those that ξ is
        taken from, L >= 3 ξ; both end with the table.

    Raises
    ------
    ValueError
        If the table of the DMPK equation has no such number of channels, or no length has
        <g> > N/3.
    """

    def __init__(self, data: xr.Dataset) -> None:
        self.flux = float(data.flux)
        self.random_flux = float(data.get("random_flux.strength", 0.0))
        beta = 1 if self.flux == self.random_flux == 0 else 2
        width, energy = int(data.width), float(data.energy)
        channels = int(theory.open_modes(energy, width))
        self.law = theory.dmpk_law(channels, beta=beta)
        self.lengths = data.length.values
        g = data.g.transpose("length", "sample").values
        self.g = g[:, ~np.isnan(g).any(axis=0)]
        self.logs, self.samples = np.log(self.g), self.g.shape[1]
        path, self._path_shares = self._measured_path()
        self.wire = DiffusiveWire(width, channels, path, energy)
        self.s = self.wire.s(self.lengths)
        self.x = self.s / self.law.localization_length
        long = (self.s >= LONG) & (self.lengths >= SLENDER * width)
        self.inside = long & self._tabulated(self.law)
        self.deep = self.inside & (self.x >= DEEP)

    @property
    def other(self) -> theory.DmpkLaw:
        """What the DMPK equation expects of these channels in the other class, β = 2 or 1."""
        return theory.dmpk_law(self.law.channels, beta=3 - self.law.beta)

    def chi2(self, law: theory.DmpkLaw) -> float:
        """Normal deviate of the chi² of <ln g> and var ln g at all tested lengths."""
        return chi2_deviate(self._distances(law), simulated=law.samples)

    def distribution(self, law: theory.DmpkLaw) -> float:
        """Normal deviate of the largest distance between distributions of ln g, of all lengths."""
        chosen = self.inside & self._tabulated(law)
        largest = max(
            distance_deviate(logs, partial(law.log_distribution, s=s), simulated=law.samples)
            for logs, s in zip(self.logs[chosen], self.s[chosen], strict=True)
        )
        # As if all lengths were independent: those that share disorder are fewer in effect.
        share = -np.expm1(np.count_nonzero(chosen) * np.log1p(-ndtr(-largest)))
        return float(-ndtri(share)) if share else largest

    @cached_property
    def length_ratio(self) -> Estimate:
        """ξ over that of the DMPK equation, both from <ln g> at the same lengths."""
        lengths = self.lengths[self.deep]
        rates = decay_rates(lengths, self.g[self.deep])
        typical = np.exp(self.law.log_mean(self.s[self.deep]).value)
        ratio = float(decay_rates(lengths, typical[:, None])[0] / rates.mean())
        # A sample that decays faster and one that makes l longer both lower the ratio.
        shares = rates / rates.mean() + self._path_shares
        error = ratio * float(shares.std(ddof=1)) / self.samples**0.5
        return Estimate(ratio, error * self._enlarged, self.samples)

    @cached_property
    def growth_ratio(self) -> Estimate:
        """Growth of var ln g over that of -<ln g>, over the same of the DMPK equation."""
        lengths, s = self.lengths[self.deep], self.s[self.deep]
        measured = scaling_ratio(lengths, self.g[self.deep])
        ends = self.law.log_mean(s).value, self.law.log_variance(s).value
        ratio = measured * float(1 / ratio_of_slopes(lengths, *ends))
        return Estimate(ratio.value, ratio.error * self._enlarged, ratio.n)

    def regime(self, **first: Any) -> Regime:
        """Where all lengths lie, as columns of `mesokwant.Study.regime`."""
        inside = self.inside if self.flux == 0 else False
        # l_tr = (2/π) l in two dimensions.
        b = 4 * np.pi * self.flux * (2 / np.pi * self.wire.mean_free_path) ** 2
        classes = {"β": self.law.beta, "random flux (h/e)": self.random_flux, "b = l_tr² 4πf": b}
        return self.wire.regime(self.lengths, inside, beta=self.law.beta, **first, **classes)

    @property
    def _enlarged(self) -> float:
        """Factor of all errors by the Monte Carlo."""
        return float((1 + self.samples / self.law.samples) ** 0.5)

    def _tabulated(self, law: theory.DmpkLaw) -> NDArray[np.bool_]:
        """Return which lengths a law has, with the room that derivatives need."""
        return 1.01 * self.s <= law.longest

    def _measured_path(self) -> tuple[Estimate, Array]:
        """Return l, and what every sample adds to ln l."""
        channels, averages = self.law.channels, self.g.mean(axis=1)
        metal = averages > channels / METAL
        if not metal.any():
            raise ValueError(
                f"The mean free path of N = {channels} channels needs a length at which <g> is "
                f"above N/{METAL}: add a shorter one."
            )
        lengths, g, averages = self.lengths[metal], self.g[metal], averages[metal]
        ends = np.log(1.001 * lengths[-1] / self.law.longest), np.log(100.0 * lengths[-1])

        def log_path(averages: Array) -> float:
            def excess(logarithm: float) -> float:
                expected = self.law.mean(lengths / np.exp(logarithm)).value
                return float(lengths @ (channels / averages - channels / expected))

            return float(brentq(excess, *ends, xtol=1e-10))

        shares = np.zeros(self.samples)
        for i, average in enumerate(averages):
            step = 1e-3 * average * (np.arange(len(averages)) == i)
            change = log_path(averages + step) - log_path(averages - step)
            shares += change / (2e-3 * average) * (g[i] - average)
        value = float(np.exp(log_path(averages)))
        error = value * float(shares.std(ddof=1)) / self.samples**0.5
        return Estimate(value, error, self.samples), shares

    def _distances(self, law: theory.DmpkLaw) -> Array:
        """ln g and its squared deviation less what a law expects, shape (2 lengths, samples)."""
        chosen = self.inside & self._tabulated(law)
        s, logs = self.s[chosen], self.logs[chosen]
        squares = (logs - logs.mean(axis=1, keepdims=True)) ** 2
        squares *= self.samples / (self.samples - 1)
        rows = []
        for values, expected in ((logs, law.log_mean), (squares, law.log_variance)):
            # A sample that makes l longer makes s smaller.
            change = (expected(1.01 * s).value - expected(0.99 * s).value) / 0.02
            rows.append(values - expected(s).value[:, None] + change[:, None] * self._path_shares)
        return np.concatenate(rows)
