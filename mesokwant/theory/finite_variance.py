"""Variance of g in samples of finite size: what theory expects of a real rectangle.

The universal values are for N -> inf and l << L, W << ξ. The functions take the number N of
channels, the mean free path l, the sizes L and W, and the flux. They give a `Prediction`: the
value with the next corrections, and a bound on what is still left out with the argument for it.
The variance of one sample in a window of fields is here as well, since it is lower than that
among samples by what neighbouring fields have in common.

>>> ratio = rectangle_wire_variance(0.0, 400.0, 40.0, channels=1e6, mean_free_path=4.0) * 15 / 2
>>> print(f"{ratio.value:.4f} ± {ratio.bound:.4f}: {ratio.because}")
1.0008 ± 0.0100: l/L of it, orders in L/ξ, Cooperons shorter than l
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .diffusive import conductance_variance, conductance_variance_correction
from .localization import localization_length
from .prediction import Prediction
from .rectangle import rectangle_variance, rectangle_variance_in_field

Array = NDArray[np.float64]


def rectangle_wire_variance(
    flux: ArrayLike,
    length: ArrayLike,
    width: float,
    *,
    channels: ArrayLike,
    mean_free_path: ArrayLike,
) -> Prediction:
    """Return the variance of g of a rectangle without a spin index, at finite l and N.

    It is `rectangle_variance_in_field`, with the factor of finite s = L/l of a long wire
    (`conductance_variance`), and with the first two orders in L/ξ of a long wire
    (`conductance_variance_correction`) at β = 1 without a field and at β = 2 in it. N -> inf
    leaves localization out.

    The bound is a sum. Within about l/2 of either lead nothing diffuses: that share of the
    sample, l/L, is the relative bound. The orders in L/ξ are those of a long wire, and their
    size is the bound where L < 2 W; elsewhere it is 1/β of the second order at β = 2, which is
    the larger one. In a field there is also the variance that a Cooperon leaves which decays
    over l, since a strong field ends a Cooperon only after about l.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e: zero, or strong, with L_B << L.
    length, width
        L between the leads and W between the walls, in lattice constants.
    channels
        Number N of open modes.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants; all arguments but the width broadcast.

    Returns
    -------
    The variance in (e²/h)², of the shape to which the arguments broadcast.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987); the orders in L/ξ from the moments of
    the Dorokhov-Mello-Pereyra-Kumar equation, as in Mello and Stone, Phys. Rev. B 44, 3559 (1991).

    Examples
    --------
    >>> square = rectangle_wire_variance(0.0, 100.0, 100.0, channels=50, mean_free_path=5.0)
    >>> print(f"{square.value:.3f} ± {square.bound:.3f}")
    0.175 ± 0.019
    """
    length = np.asarray(length, dtype=float)
    beta = np.where(np.asarray(flux, dtype=float) == 0, 1, 2)
    s = length / np.asarray(mean_free_path, dtype=float)
    x = length / localization_length(channels, mean_free_path, beta=beta)
    long_wire = conductance_variance(s, beta=1) / conductance_variance(beta=1)
    orders = conductance_variance_correction(x, beta=beta)
    value = _in_field(flux, length, width) * long_wire + orders
    second = abs(conductance_variance_correction(x, beta=2)) / beta
    bound = abs(value) / s + np.where(np.less(length, 2 * width), abs(orders), second)
    return Prediction(
        value,
        bound + np.where(beta == 2, _short_cooperon(s), 0.0),
        because="l/L of it, orders in L/ξ, Cooperons shorter than l",
        source="sum over diffusion modes of the rectangle; Lee, Stone & Fukuyama 1987",
    )


def spinful_wire_variance(
    flux: ArrayLike,
    length: ArrayLike,
    width: float,
    *,
    channels: ArrayLike,
    mean_free_path: ArrayLike,
) -> Prediction:
    """Return the variance of Kwant's T with strong spin-orbit coupling, at finite l and N.

    Only singlets count: a rectangle has the variance of T that it has of g without spin, 2/15
    in a long wire, and 1/15 in a field. The first two orders in L/ξ are those of N/2 Kramers
    pairs (β = 4) without a field, and of N channels (β = 2) in it.

    The spin relaxes over about l. The bound is therefore l/L of the value, for the ends where
    nothing diffuses, and what three triplets leave that decay over l.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e: zero, or strong, with L_B << L.
    length, width
        L between the leads and W between the walls, in lattice constants.
    channels
        Number N of open modes of both spins together.
    mean_free_path
        The l of T = N/(1 + L/l), in lattice constants; all arguments but the width broadcast.

    Returns
    -------
    The variance of T in (e²/h)², of the shape to which the arguments broadcast.

    References
    ----------
    Altshuler and Shklovskii, Sov. Phys. JETP 64, 127 (1986); the orders in L/ξ as in
    `conductance_variance_correction`.

    Examples
    --------
    >>> long = {"channels": 1e9, "mean_free_path": 0.1}
    >>> print(f"{spinful_wire_variance(0.0, 1000.0, 10.0, **long).value:.4f}")  # 2/15
    0.1333
    """
    length = np.asarray(length, dtype=float)
    strong = np.asarray(flux, dtype=float) != 0
    s = length / np.asarray(mean_free_path, dtype=float)
    beta, series = np.where(strong, 2, 4), np.where(strong, channels, np.divide(channels, 2))
    x = length / localization_length(series, mean_free_path, beta=beta)
    # At β = 4 the correction is that of g = T/2.
    orders = np.where(strong, 1, 4) * conductance_variance_correction(x, beta=beta)
    value = _in_field(flux, length, width) + orders
    return Prediction(
        value,
        abs(value) / s + 3 * _short_cooperon(s),
        because="l/L of it, and triplets that decay over l",
        source="2/15, and 1/15 in a field, with corrections; Altshuler & Shklovskii 1986",
    )


def unitary_variance(
    length: float, width: float, *, channels: float, mean_free_path: float
) -> Prediction:
    """Return the variance of g of long paths in a rectangle at β = 2, as in a random flux.

    It is that of the rectangle (`rectangle_variance`) with the length L + l, and with the two
    orders in L/ξ of a long wire (`conductance_variance_correction`), whose size is the bound. Paths
    of a few l, which add a share of the order of l/L to it, are left out: they hardly change with
    energy and field, so that the change of g knows nothing of them.

    Parameters
    ----------
    length, width
        L between the leads and W between the walls, in lattice constants.
    channels
        Number N of open modes.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.

    Returns
    -------
    The variance in (e²/h)², with its bound.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987); the orders in L/ξ as in
    `conductance_variance_correction`.

    Examples
    --------
    >>> sizes = {"channels": 1e6, "mean_free_path": 0.01}
    >>> print(f"{unitary_variance(100.0, 0.1, **sizes).value:.5f}")  # A thin wire: 1/15.
    0.06667
    """
    xi = localization_length(channels, mean_free_path, beta=2)
    orders = conductance_variance_correction(length / xi, beta=2)
    share = orders / conductance_variance(beta=2)
    value = rectangle_variance(length + mean_free_path, width, beta=2)
    return Prediction(
        float(value * (1 + share)),
        float(value * abs(share)),
        because="localization, next order in L/ξ",
        source="Lee, Stone & Fukuyama, PRB 35, 1039 (1987)",
    )


def finite_window_variance(correlation: ArrayLike) -> float:
    """Return the variance of one sample along a window of n points, over that among samples.

    [1 - (1/n²) Σ_ij C(|i-j|)] n/(n-1), which is exact for a stationary curve. It is below one,
    because neighbouring points are alike. `analysis.window_variance` measures it.

    Parameters
    ----------
    correlation
        Normalized correlation function C at the lags 0, 1, ... n-1 of the n points.

    Returns
    -------
    The ratio, a pure number.

    Raises
    ------
    ValueError
        If there are fewer than two points.

    References
    ----------
    Lee and Stone, Phys. Rev. Lett. 55, 1622 (1985), for the ergodic hypothesis; the ratio is
    elementary.

    Examples
    --------
    >>> finite_window_variance([1.0, 0.0, 0.0, 0.0])  # Independent points are ergodic.
    1.0
    """
    c = np.asarray(correlation, dtype=float)
    n = len(c)
    if n < 2:
        raise ValueError(
            f"A window of {n} points has no variance: give the correlation at two lags or more."
        )
    lag = abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return float((1 - c[lag].mean()) * n / (n - 1))


def _in_field(flux: ArrayLike, length: ArrayLike, width: float) -> Array:
    """Return `rectangle_variance_in_field` where the length is an array as well."""
    fluxes, lengths = np.broadcast_arrays(np.asarray(flux, float), np.asarray(length, float))
    variances = [
        float(rectangle_variance_in_field(f, x, width))
        for f, x in zip(fluxes.ravel(), lengths.ravel(), strict=True)
    ]
    return np.reshape(variances, fluxes.shape)


def _short_cooperon(s: Array) -> Array:
    """Return the variance of g in a long wire by a Cooperon that decays over l, at s = L/l.

    It is (3/2)(s - 2)/s⁴ for s >> 1. Samples too short for that get its largest value, so that
    a bound never grows with s.
    """
    s = np.maximum(s, 8 / 3)
    return 1.5 * (s - 2) / s**4
