"""A cylinder of finite length and number of channels, with a flux through its bore.

The functions take fluxes, lengths, the number of channels and the mean free path, and give a
`Prediction`: the formulas of `aharonov_bohm` with the next corrections, and a bound on what is
still left out with the argument for it.

Everywhere L + l takes the place of L, since diffusion ends l/2 outside of either lead. This is the
one correction of first order in l/L. The factor s³/(1+s)³ of a wire in a strong field also counts
what paths of less than about l lack, but paths that wind around have at least the length C >> l.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .aharonov_bohm import aharonov_bohm_harmonic, aharonov_bohm_rise, diffuson_and_cooperon
from .diffusive import conductance_variance_correction
from .finite_correlation import CONTACT
from .finite_wire import weak_localization_next_order
from .localization import localization_length
from .prediction import Prediction

Array = NDArray[np.float64]


def cylinder_rise(
    flux: ArrayLike,
    length: float,
    circumference: float,
    *,
    channels: float,
    mean_free_path: float,
) -> Prediction:
    """Return the rise <g(φ)> - <g(0)> of a cylinder at finite l and N.

    It is `aharonov_bohm_rise` for the length L + l, less the next order in 1/N of a wire in a
    field, (2/45) L/ξ of a full rise 1/3. The bound is a sum: the slowest mode of diffusion decays
    over L/π, which is not slow against l, (πl/L)²; the contacts are known to 0.2 l; half the next
    order; and the flux ends at the contacts, where it reflects some of the grazing modes, less than
    one at either end, 2 sin²(πφ)/(1 + L/l)².

    Parameters
    ----------
    flux
        φ through the bore in h/e.
    length, circumference
        L between the leads and C, in lattice constants.
    channels
        Number N of open modes.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.

    Returns
    -------
    Prediction of the rise in e²/h, of the shape of `flux`.

    References
    ----------
    Altshuler, Aronov and Spivak, JETP Lett. 33, 94 (1981); Mello and Stone, Phys. Rev. B 44, 3559
    (1991), for the next order.

    Examples
    --------
    >>> sizes = {"channels": 33, "mean_free_path": 6.0}
    >>> print(f"{cylinder_rise(0.25, 100.0, 50.0, **sizes).value:.3f}")
    0.152
    """
    flux, full = np.asarray(flux, dtype=float), length + mean_free_path
    value = aharonov_bohm_rise(flux, full, circumference)
    moved = aharonov_bohm_rise(flux, full + CONTACT * mean_free_path, circumference)
    ends = 2 * (np.sin(np.pi * flux) * mean_free_path / full) ** 2
    return _with_next_order(value, moved, ends, length, channels, mean_free_path)


def cylinder_harmonic(
    order: ArrayLike,
    length: float,
    circumference: float,
    *,
    channels: float,
    mean_free_path: float,
) -> Prediction:
    """Return the amplitude of cos(2πkφ) in <g>(φ) of a cylinder at finite l and N: h/e over k.

    It is zero for odd k. For even k it is `aharonov_bohm_harmonic` of k/2, with the corrections and
    the bounds of `cylinder_rise`; modes that are reflected at the contacts count for k = 1.

    Parameters
    ----------
    order
        k = 1, 2, ...: h/e has k = 1.
    length, circumference, channels, mean_free_path
        As in `cylinder_rise`.

    Returns
    -------
    Prediction of the amplitude in e²/h, of the shape of `order`.

    References
    ----------
    Altshuler, Aronov and Spivak, JETP Lett. 33, 94 (1981).

    Examples
    --------
    >>> sizes = {"channels": 33, "mean_free_path": 6.0}
    >>> print(cylinder_harmonic([1, 2], 100.0, 50.0, **sizes).value.round(3))
    [ 0.    -0.072]
    """
    order, full = np.asarray(order), length + mean_free_path
    even = order % 2 == 0

    def amplitude(size: float) -> Array:
        pairs = np.where(even, order / 2, 1)
        return np.where(even, aharonov_bohm_harmonic(pairs, size, circumference), 0.0)

    moved = amplitude(full + CONTACT * mean_free_path)
    ends = np.where(order == 1, (mean_free_path / full) ** 2, 0.0)
    return _with_next_order(amplitude(full), moved, ends, length, channels, mean_free_path)


def cylinder_covariance(
    flux: ArrayLike,
    other: ArrayLike,
    length: float,
    circumference: float,
    *,
    channels: float,
    mean_free_path: float,
) -> Prediction:
    """Return the covariance of g(φ) and g(φ') of a cylinder at finite l and N.

    It is `aharonov_bohm_covariance` for the length L + l. Two orders in L/ξ of a long wire at β = 1
    come on top, times S(φ - φ') S(φ + φ')/S(0)², since the first of them needs a Cooperon. The
    bound is 1.2 l/L of the value, which is how far short rectangles in a field lie above theory
    (`conductance_fluctuations` among the studies), and the second order.

    Parameters
    ----------
    flux, other
        φ and φ' through the bore in h/e.
    length, circumference, channels, mean_free_path
        As in `cylinder_rise`.

    Returns
    -------
    Prediction of the covariance in (e²/h)², of the shape to which the fluxes broadcast.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987); Mello and Stone, Phys. Rev. B 44, 3559
    (1991), for the orders in L/ξ.

    Examples
    --------
    >>> sizes = {"channels": 33, "mean_free_path": 6.0}
    >>> print(cylinder_covariance([0, 0.25], [0, 0.25], 100.0, 50.0, **sizes).value.round(3))
    [0.123 0.074]
    """
    full = length + mean_free_path
    difference, total = diffuson_and_cooperon(flux, other, full, circumference)
    largest = diffuson_and_cooperon(0.0, 0.0, full, circumference)[0]
    x = length / localization_length(channels, mean_free_path, beta=1)
    orders = conductance_variance_correction(x, beta=1) * difference * total / largest**2
    value = difference + total + orders
    second = abs(conductance_variance_correction(x, beta=2))
    return Prediction(
        value,
        1.2 * mean_free_path / full * abs(value) + second,
        because="1.2 l/L of it, and the second order in L/ξ",
        source="S(φ - φ') + S(φ + φ'); Lee, Stone & Fukuyama, PRB 35, 1039 (1987)",
    )


def cylinder_power(
    order: ArrayLike,
    length: float,
    circumference: float,
    *,
    channels: float,
    mean_free_path: float,
) -> Prediction:
    """Return the variance of g_k in g(φ) = Σ_k g_k cos(2πkφ), at finite l and N.

    It is the transform of `cylinder_covariance`, with the same relative bound.

    Parameters
    ----------
    order
        k = 0, 1, 2, ... below 16: h/e has k = 1.
    length, circumference, channels, mean_free_path
        As in `cylinder_rise`.

    Returns
    -------
    Prediction of the variance in (e²/h)², of the shape of `order`.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987).

    Examples
    --------
    >>> sizes = {"channels": 1e15, "mean_free_path": 1e-6}
    >>> print(cylinder_power([0, 1, 2], 2.0, 1.0, **sizes).value.round(4))
    [0.0582 0.0541 0.0175]
    """
    order = np.asarray(order)
    flux = np.arange(64) / 64
    sizes = {"channels": channels, "mean_free_path": mean_free_path}
    matrix = cylinder_covariance(flux[:, None], flux, length, circumference, **sizes)
    weights = np.cos(2 * np.pi * order[..., None] * flux) * np.where(order, 2, 1)[..., None] / 64
    value = np.sum(weights @ matrix.value * weights, axis=-1)
    share = matrix.bound[0, 0] / matrix.value[0, 0]
    return Prediction(value, share * value, matrix.because, matrix.source)


def _with_next_order(
    value: Array, moved: Array, ends: Array, length: float, channels: float, mean_free_path: float
) -> Prediction:
    """Take the next order in 1/N off what the flux does to <g>, and state what is left out."""
    x = length / localization_length(channels, mean_free_path, beta=1)
    order = 3 * weak_localization_next_order(x) * value
    kinetic = (np.pi * mean_free_path / (length + mean_free_path)) ** 2
    return Prediction(
        value - order,
        abs(value) * kinetic + abs(moved - value) + abs(order) / 2 + ends,
        because="(πl/L)² of it, contacts known to 0.2 l, half the next order, modes that the end "
        "of the flux reflects",
        source="Cooperon with twice the flux; Altshuler, Aronov & Spivak, JETP Lett. 33, 94 (1981)",
    )
