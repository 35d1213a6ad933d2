"""A single channel of random scatterers, as it is measured: its transmissions against its laws.

`SingleChannel` takes the transmissions of one channel at several lengths, such as those of a
helical edge with magnetic impurities. It compares var ln T and <T> with what theory has for the
measured <ln T>, in which there is no parameter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

from .. import theory
from ..statistics import Estimate, bootstrap, log_mean

Array = NDArray[np.float64]


class Tabulated:
    """A positive function of s > 0 by a spline between nodes, for what every resample needs.

    Parameters
    ----------
    function
        Function of an array.
    low, high
        Range of s.
    """

    def __init__(self, function: Callable[[Array], ArrayLike], low: float, high: float) -> None:
        nodes = np.geomspace(low, high, 12)
        self._spline = CubicSpline(np.log(nodes), np.log(function(nodes)))

    def __call__(self, s: ArrayLike) -> Array:
        result: Array = np.exp(self._spline(np.log(s)))
        return result


class SingleChannel:
    """Transmissions of one channel of many lengths against Abrikosov's functions.

    Parameters
    ----------
    t
        Transmissions, shape (lengths, samples).
    lengths
        Lengths in sites, shape (lengths,).
    path
        Mean free path of the golden rule in sites: a column of sites reflects 1/path.
    spread
        Relative variance of what a column reflects, as in `theory.columns_log_variance`.

    Attributes
    ----------
    s
        The measured -<ln T>, shape (lengths,).
    """

    def __init__(self, t: Array, lengths: ArrayLike, *, path: float, spread: float) -> None:
        self.t, self.lengths = np.asarray(t), np.asarray(lengths)
        self.path, self.spread = path, spread
        self.s: Array = -log_mean(self.t).value
        self._range = float(self.s.min()) / 1.5, 1.5 * float(self.s.max())

    @cached_property
    def variance(self) -> Tabulated:
        """var ln T of a single channel of such columns against s."""

        def columns(s: Array) -> Array:
            return theory.columns_log_variance(s, 1 / self.path, spread=self.spread)

        return Tabulated(columns, *self._range)

    @cached_property
    def mean(self) -> Tabulated:
        """<T> of a single channel against s."""
        return Tabulated(theory.chain_mean_conductance, *self._range)

    @cached_property
    def variances(self) -> Estimate:
        """var ln T over that of theory at the measured <ln T>, for every length."""
        return bootstrap(self._variances, self.t)

    @cached_property
    def pooled(self) -> tuple[Estimate, Estimate]:
        """Mean over the lengths of var ln T, and of <T>, over those of theory."""
        variances = bootstrap(lambda t: self._variances(t).mean(), self.t)
        return variances, bootstrap(lambda t: self._means(t).mean(), self.t)

    @cached_property
    def paths(self) -> Estimate:
        """-L/<ln T> over the mean free path of the golden rule, mean over the lengths."""
        lengths = self.lengths / self.path
        return bootstrap(lambda t: np.mean(-lengths / np.log(t).mean(axis=-1)), self.t)

    def _variances(self, t: Array) -> Array:
        logs = np.log(t)
        return logs.var(axis=-1, ddof=1) / self.variance(-logs.mean(axis=-1))

    def _means(self, t: Array) -> Array:
        return t.mean(axis=-1) / self.mean(-np.log(t).mean(axis=-1))
