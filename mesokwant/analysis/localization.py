"""Localization length and single-parameter scaling from ln g against length."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..statistics import Estimate, bootstrap, mean
from ..statistics.arrays import Values
from ..statistics.moments import logarithm


def decay_rates(lengths: ArrayLike, g: Values) -> NDArray[np.float64]:
    """1/ξ of every sample, from ln g = -2L/ξ + const: averages and differences keep the pairing.

    Minus half the slope of a straight line through ln g, with the weights 1/L of a variance
    that grows as L. Contacts and the first mean free paths only shift the line.

    Parameters
    ----------
    lengths
        Two or more lengths L, shape (lengths,), all deep in the localized regime.
    g
        Conductances > 0, shape (lengths, ..., samples), a plain or labelled array.

    Returns
    -------
    Array (..., samples), in the inverse unit of the lengths; single samples may be negative,
    and are NaN where one of the lengths is missing.

    Raises
    ------
    ValueError
        If some g is zero, as where it is below the smallest number, 1e-308.

    References
    ----------
    C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997), section on localization.
    """
    return -np.tensordot(_slope(lengths), np.asarray(logarithm(g)), axes=1) / 2


def localization_length(lengths: ArrayLike, g: Values) -> Estimate:
    """Localization length ξ from <ln g> = -2L/ξ + const; see `decay_rates`."""
    rate = mean(decay_rates(lengths, g))
    return Estimate(1 / rate.value, rate.error / rate.value**2, rate.n)


def scaling_ratio(lengths: ArrayLike, g: Values) -> Estimate:
    """Growth of var(ln g) with length over that of -<ln g>: 2 for single-parameter scaling.

    The ratio of slopes, not of values: contacts add a constant to both, of order one.

    Parameters
    ----------
    lengths, g
        As for `decay_rates`, with one point a length.

    References
    ----------
    P. W. Anderson et al., Phys. Rev. B 22, 3519 (1980); C. W. J. Beenakker, Rev. Mod. Phys. 69,
    731 (1997).
    """
    slope = _slope(lengths)

    def ratio(logs: NDArray[np.float64]) -> float:
        grown = np.nanvar(logs, axis=-1, ddof=1)
        return float(-(slope @ grown) / (slope @ np.nanmean(logs, axis=-1)))

    return bootstrap(ratio, np.asarray(logarithm(g)))


def _slope(lengths: ArrayLike) -> NDArray[np.float64]:
    """What each length adds to the slope of a straight line, with the weights 1/L."""
    x = np.asarray(lengths, float)
    lever = (x - len(x) / np.sum(1 / x)) / x
    return lever / np.sum(lever * x)
