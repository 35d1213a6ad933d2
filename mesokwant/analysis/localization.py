"""Localization length and single-parameter scaling from ln g against length.

It takes conductances of wires or chains of several lengths, all deep in the localized regime, and
gives decay rates, the localization length ξ with <ln g> = -2L/ξ + const, its gain by a field, and
the growth of var(ln g) with length over that of -<ln g>.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from ..statistics import Estimate, bootstrap, mean
from ..statistics.arrays import Values
from ..statistics.moments import logarithm
from ..statistics.resampling import RESAMPLES, resample_sums


def decay_rates(lengths: ArrayLike, g: Values) -> NDArray[np.float64]:
    """1/ξ of every sample, from ln g = -2L/ξ + const: averages and differences keep the pairing.

    Minus half the slope of a straight line through ln g, with the weights 1/L of a variance
    that grows as L. Contacts and the first mean free paths only shift the line.

    Parameters
    ----------
    lengths
        Two or more lengths L, shape (lengths,), all deep in the localized regime.
    g
        Conductances > 0, shape (lengths, ..., samples), or a DataArray with the dimensions
        "length" and "sample" at any place.

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
    return -np.tensordot(slope(lengths), _logarithms(g), axes=1) / 2


def localization_length(lengths: ArrayLike, g: Values) -> Estimate:
    """Localization length ξ from <ln g> = -2L/ξ + const.

    Parameters
    ----------
    lengths, g
        As for `decay_rates`.

    Returns
    -------
    Estimate
        ξ in the unit of the lengths, of the shape of `g` without lengths and samples.
    """
    return 1 / mean(decay_rates(lengths, g))


def localization_length_ratio(lengths: ArrayLike, g: Values, other: Values) -> Estimate:
    """ξ of other conductances over ξ of `g`, where both are of the same samples.

    Parameters
    ----------
    lengths, g
        As for `decay_rates`, with one point a length.
    other
        Conductances of the same lengths and samples, such as those in a field.

    Returns
    -------
    Estimate
        A pure number.
    """
    return bootstrap(
        lambda rates, others: np.nanmean(rates) / np.nanmean(others),
        decay_rates(lengths, g),
        decay_rates(lengths, other),
    )


def many_channel_limit(channels: ArrayLike, gains: Sequence[Estimate]) -> Estimate:
    """Value for N -> ∞ of a quantity that is linear in 1/(N + 1), such as the gain of ξ by a field.

    Parameters
    ----------
    channels
        Numbers N of open modes of two or more wires.
    gains
        One independent estimate for each of the wires.

    Returns
    -------
    Estimate
        The intercept of a straight line against 1/(N + 1) with the weights 1/error², in the unit
        of the estimates; n is the sum of the numbers of samples, as in a weighted mean.
    """
    x = 1 / (np.asarray(channels, dtype=float) + 1)
    line, covariance = np.polyfit(
        x,
        [gain.value for gain in gains],
        1,
        w=[1 / gain.error for gain in gains],
        cov="unscaled",
    )
    return Estimate(float(line[1]), float(np.sqrt(covariance[1, 1])), sum(int(e.n) for e in gains))


def scaling_ratio(lengths: ArrayLike, g: Values) -> Estimate:
    """Growth of var(ln g) with length over that of -<ln g>: 2 for single-parameter scaling.

    The ratio of slopes, not of values: contacts add a constant to both, of order one.

    Parameters
    ----------
    lengths, g
        As for `decay_rates`, with one point a length.

    Returns
    -------
    Estimate
        A pure number.

    References
    ----------
    P. W. Anderson et al., Phys. Rev. B 22, 3519 (1980); C. W. J. Beenakker, Rev. Mod. Phys. 69,
    731 (1997).
    """
    logs = _logarithms(g)
    present = ~np.isnan(logs)
    middles = np.nanmean(logs, axis=-1)
    # Sums of deviations, which millions of samples do not make slower to resample.
    deviations = np.where(present, logs - middles[:, None], 0.0)
    terms = (np.stack([present, deviations, deviations**2])).reshape(-1, logs.shape[-1])

    def ratio(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        counts, first, second = sums.reshape(3, len(logs), *sums.shape[1:])
        shifts = first / counts
        grown = (second - counts * shifts**2) / (counts - 1)
        means = middles.reshape(-1, *[1] * (shifts.ndim - 1)) + shifts
        return ratio_of_slopes(lengths, means, grown)

    value, error = resample_sums(terms, ratio, RESAMPLES, 0)
    return Estimate(float(value), float(error), int(present.any(axis=0).sum()))


def ratio_of_slopes(
    lengths: ArrayLike, means: ArrayLike, variances: ArrayLike
) -> NDArray[np.float64]:
    """Growth of a known variance of ln g with length over that of minus its mean.

    It is what `scaling_ratio` has to find at these lengths, where theory gives both.

    Parameters
    ----------
    lengths
        At least two lengths.
    means, variances
        Mean and variance of ln g, of the shape (length, ...).

    Returns
    -------
    Pure numbers, of the shape (...).

    Examples
    --------
    >>> round(float(ratio_of_slopes([100, 200], [-10, -20], [18, 38])), 9)
    2.0
    """
    levers = slope(lengths)
    growths = [np.tensordot(levers, np.asarray(moment, float), 1) for moment in (variances, means)]
    return -growths[0] / growths[1]


def _logarithms(g: Values) -> NDArray[np.float64]:
    """ln g, the lengths first and the samples last."""
    if isinstance(g, xr.DataArray):
        g = g.transpose("length", ..., "sample")
    return np.asarray(logarithm(g))


def slope(lengths: ArrayLike) -> NDArray[np.float64]:
    """Return what each length adds to the slope of a straight line, with the weights 1/L."""
    x = np.asarray(lengths, float)
    lever = (x - len(x) / np.sum(1 / x)) / x
    return lever / np.sum(lever * x)
