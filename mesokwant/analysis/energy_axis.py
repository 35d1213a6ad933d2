"""An energy axis as the integrals over Fermi windows need it: checked, and with weights.

A window is -f' at a chemical potential, or the difference of two Fermi functions over the distance
of their chemical potentials; both have the integral one. Values are taken to be straight between
the points of the axis, and the integral of that broken line is done exactly, so that the
weights depend on the axis alone and are smooth in temperature and potentials.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from scipy.special import spence

MARGIN = 8.0
"""How many kT an axis must go beyond a window: f(8 kT) = 0.0003."""

FINENESS = 4
"""How many intervals of the axis a window must have where kT = 0."""

NARROW = 1e-4
"""Width over kT below which a window is that of its middle, -f'; the next term is (1e-4)² / 24."""

Number = float | Sequence[float] | NDArray[Any] | xr.DataArray


def check_axis(values: xr.DataArray, one: Number, other: Number, kT: Number) -> None:
    """Refuse an axis that is too narrow or too coarse for a window of energies.

    It must reach `MARGIN` times kT beyond the window on both sides. There, its spacing must not
    be larger than kT, or for kT = 0 than a quarter of the window.

    Parameters
    ----------
    values
        What has the dimension "energy".
    one, other
        The two ends of the window, in any order.
    kT
        Temperature.

    Raises
    ------
    ValueError
        With what to add to the axis.
    """
    energies = values["energy"].to_numpy()
    ends = xr.broadcast(*(xr.DataArray(end) for end in (one, other, kT)))
    for first, second, temperature in zip(*(end.values.ravel() for end in ends), strict=True):
        if not 0 <= temperature < np.inf:
            raise ValueError(f"kT must be a finite number and not negative, not {temperature}")
        if not np.isfinite([first, second]).all():
            raise ValueError("the bias and the Fermi energy must be finite numbers")
        low, high = sorted((first, second))
        margin = MARGIN * temperature
        if energies[0] > low - margin or energies[-1] < high + margin:
            raise ValueError(
                f"the energies go from {energies[0]:g} to {energies[-1]:g}, but the window from "
                f"{low:g} to {high:g} at kT = {temperature:g} needs those from {low - margin:g} to "
                f"{high + margin:g}: extend the axis, or lower kT or the bias"
            )
        inside = (energies[1:] > low - margin) & (energies[:-1] < high + margin)
        step = np.diff(energies)[inside].max(initial=0)
        allowed = temperature or (high - low) / FINENESS
        if allowed and step > allowed * (1 + 1e-9):
            what = f"kT = {temperature:g}" if temperature else "a quarter of the window"
            raise ValueError(
                f"the energies are {step:g} apart, which is more than {what}: add energies between "
                f"{low - margin:g} and {high + margin:g} with a spacing of at most {allowed:g}"
            )


def window_average(values: xr.DataArray, one: Any, other: Any, kT: Any) -> xr.DataArray:
    """Average over the energies between two chemical potentials, or with -f' where they are equal.

    Parameters
    ----------
    values
        What has the dimension "energy", in increasing order.
    one, other
        The two chemical potentials, in any order; DataArrays.
    kT
        Temperature, a DataArray.
    """
    energies = values["energy"].to_numpy()
    ends = xr.broadcast(one, other, kT)
    weights = [
        _weights(energies, min(first, second), max(first, second), temperature)
        for first, second, temperature in zip(*(end.values.ravel() for end in ends), strict=True)
    ]
    labels = {name: ends[0].coords[name] for name in ends[0].dims if name in ends[0].coords}
    weight = xr.DataArray(
        np.reshape(weights, (*ends[0].shape, len(energies))),
        {**labels, "energy": values["energy"]},
        (*ends[0].dims, "energy"),
    )
    return xr.dot(weight, values, dim="energy")


def quanta(x: Any, kT: Any) -> Any:
    """Bose's x / (exp(x / kT) - 1): kT at x = 0; at kT = 0, -x for negative x and else 0.

    It is also ∫ f(E + x) [1 - f(E)] dE.
    """
    return xr.apply_ufunc(_quanta, x, kT)


def _quanta(x: ArrayLike, kT: ArrayLike) -> NDArray[np.float64]:
    x, kT = np.broadcast_arrays(np.asarray(x, float), np.asarray(kT, float))
    result = np.maximum(-x, 0.0)
    # x and -x differ by x; of the positive one, the exponential of its negative is safe.
    size = np.abs(x)
    warm = (kT > 0) & (size > 0)
    ratio = np.divide(size, kT, out=np.ones_like(size), where=warm)
    factor = np.exp(-ratio) / -np.expm1(-ratio)
    return np.where(warm, result + size * factor, np.where(kT > 0, kT, result))


def _weights(energies: NDArray, low: float, high: float, kT: float) -> NDArray[np.float64]:
    """Weights of the points of the axis in the integral of a window times a broken line.

    The window is the second derivative of a function Φ. Two integrations by parts leave the
    changes of the slope of Φ at the points. Beyond the axis, the line goes on at its last values,
    so that the weights add up to one.
    """
    width = high - low
    if width <= NARROW * kT:
        middle = (low + high) / 2
        bent = np.maximum(energies - middle, 0.0)
        if kT:
            bent = bent + kT * np.log1p(np.exp(-np.abs(energies - middle) / kT))
    else:
        inside = np.clip(energies, low, high) - low
        bent = inside**2 / (2 * width) + np.maximum(energies - high, 0.0)
        if kT:
            rounding = _rounding((energies - low) / kT) - _rounding((energies - high) / kT)
            bent = bent + kT**2 * rounding / width
    slopes = np.diff(bent) / np.diff(energies)
    return np.diff(slopes, prepend=0.0, append=1.0)


def _rounding(x: NDArray) -> NDArray[np.float64]:
    """The integral of log(1 + exp(x)) from -∞, less x²/2 where x is positive: bounded."""
    small = -spence(1 + np.exp(-np.abs(x)))  # -Li_2(-exp(-|x|))
    return np.where(x > 0, np.pi**2 / 6 - small, small)


def labelled(**given: Number) -> list[xr.DataArray]:
    """Numbers as scalars, sequences as arrays with a dimension of their own name."""
    result = []
    for name, value in given.items():
        array = value if isinstance(value, xr.DataArray) else np.asarray(value, float)
        if isinstance(array, np.ndarray):
            if array.ndim > 1:
                raise ValueError(f"{name} must be a number, a sequence of them, or a DataArray")
            dims = [name] if array.ndim else []
            array = xr.DataArray(array, {name: array} if dims else None, dims)
        result.append(array)
    return result


def in_order(values: xr.DataArray) -> xr.DataArray:
    """Values in increasing order of the energy."""
    if not isinstance(values, xr.DataArray) or "energy" not in values.dims:
        raise ValueError(
            "an energy window needs a DataArray with the dimension 'energy': give the sweep that "
            "axis, such as axes={'energy': (...)}"
        )
    ordered = values.sortby("energy")
    energies = ordered["energy"].to_numpy()
    if len(energies) < 2 or np.any(np.diff(energies) == 0):
        raise ValueError("the axis 'energy' needs two or more different energies")
    return ordered
