"""Thouless energy and correlation field of wires of finite length, width and mean free path.

The ideal formulas are for l << W << L. Here a wire with N channels, mean free path l, width W and
length L gets what they expect of it, with a bound on what they leave out. The contacts make the
wire longer by l, so that diffusion takes place on L' = L + l. What is left out:

* The contacts: l/2 at either end is right to a tenth or two (diffusion in two dimensions that
  starts at a plane ends 0.82 l_tr outside, and l/2 is 0.79 l_tr): 0.2 l/L of E_c.
* ν changes with the disorder, by about ħ/(2 E_F τ), and diffusion across the wire is not slow
  against 1/τ, (l/W)²/2.
* The field sees the walls: for l of the order of W flux cancels along a path, and the correlation
  field is larger, by a share of order l/W.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .lattice import (
    diffusion_constant,
    mean_free_path_factor,
    square_lattice_dos,
    thouless_energy,
)
from .prediction import Prediction
from .rectangle import rectangle_field_correlation

Array = NDArray[np.float64]

CONTACT = 0.2
"""What is not known of the length that the two contacts add, in mean free paths."""


def half_width(lags: ArrayLike, correlation: ArrayLike) -> Array:
    """Return the lag at which a correlation function first falls to half its value at lag 0.

    It is interpolated linearly between lags. Put a theoretical curve through this at the lags of
    the data: the interpolation then errs alike in both.

    Parameters
    ----------
    lags
        From 0 upwards, shape (..., lags).
    correlation
        C at the lags, shape (..., lags); it need not be normalized.

    Returns
    -------
    The half-width in the unit of the lags, shape (...); NaN where C stays above one half.

    Examples
    --------
    >>> print(half_width([0.0, 1.0, 2.0], [[4.0, 3.0, 1.0], [4.0, 2.0, 1.0]]))
    [1.5 1. ]
    """
    x, c = np.broadcast_arrays(np.asarray(lags, float), np.asarray(correlation, float))
    half = c[..., :1] / 2
    below = c <= half
    after = np.maximum(np.argmax(below, axis=-1), 1)[..., None]
    (x0, x1), (c0, c1) = (
        (np.take_along_axis(a, after - 1, -1), np.take_along_axis(a, after, -1)) for a in (x, c)
    )
    fall = np.where(below.any(axis=-1, keepdims=True), c0 - c1, np.nan)
    return np.asarray(x0 + (x1 - x0) * (c0 - half) / fall)[..., 0][()]


def wire_thouless_energy(
    length: ArrayLike, width: float, *, channels: float, mean_free_path: float, energy: float
) -> Prediction:
    """Return E_c = π² ħD/(L + l)² of a wire on the square lattice, by its resistance.

    The resistance gives D = N l/(2πνW), with the density of states ν of the clean lattice. The
    bound has the contacts, 0.2 l/L; diffusion across the wire, (l/W)²/2; and the density of
    states, ħ/(2 E_F τ) with E_F from the bottom of the band.

    Parameters
    ----------
    length, width
        L between the leads and W between the walls, in lattice constants.
    channels
        Number N of open modes, without spin.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.
    energy
        Energy in t from the band centre, for the density of states.

    Returns
    -------
    E_c in t with its bound, of the shape of `length`.

    References
    ----------
    Thouless, Phys. Rep. 13, 93 (1974); Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987).

    Examples
    --------
    >>> sizes = {"channels": 23, "mean_free_path": 10.0, "energy": -1.0}
    >>> short, long = wire_thouless_energy([90, 190], 40, **sizes).value
    >>> print(f"{short / long:.6f}")  # Twice the length L + l, a quarter of the energy.
    4.000000
    """
    lengths = np.asarray(length, dtype=float)
    diffusion = diffusion_constant(channels * mean_free_path / width, square_lattice_dos(energy))
    value = thouless_energy(diffusion, lengths + mean_free_path)
    rate = 2 * diffusion * (mean_free_path_factor(2) / mean_free_path) ** 2
    share = (
        CONTACT * mean_free_path / lengths
        + (mean_free_path / width) ** 2 / 2
        + rate / (2 * (4 + energy))
    )
    return Prediction(
        value,
        share * value,
        because="contacts, diffusion across, density of states",
        source="E_c = π² ħD/L²; Lee, Stone & Fukuyama, PRB 35, 1039 (1987)",
    )


def thouless_exponent(lengths: ArrayLike, *, mean_free_path: float) -> Prediction:
    """Return the exponent of E_c against L + l, which is -2, for wires of several lengths.

    The bound is what 0.2 l of unknown length at the contacts does to the slope between the
    shortest and the longest wire.

    Parameters
    ----------
    lengths
        Two or more lengths L between the leads, in lattice constants.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.

    Returns
    -------
    The exponent and its bound, each a pure number.

    References
    ----------
    Thouless, Phys. Rep. 13, 93 (1974).

    Examples
    --------
    >>> print(thouless_exponent([100, 400], mean_free_path=10.0))
    -2.000 ± 0.011 (bound: contacts, a tenth of l at either end; E_c = π² ħD/L²; Thouless, \
Phys. Rep. 13, 93 (1974))
    """
    ends = np.sort(np.asarray(lengths, dtype=float))[[0, -1]]
    share = CONTACT * mean_free_path / ends
    return Prediction(
        -2.0,
        (share[0] - share[1]) / np.diff(np.log(ends + mean_free_path))[0],
        because="contacts, a tenth of l at either end",
        source="E_c = π² ħD/L²; Thouless, Phys. Rep. 13, 93 (1974)",
    )


def correlation_field(
    fluxes: ArrayLike, length: float, width: float, *, mean_free_path: float
) -> Prediction:
    """Return the field at which <δg(f) δg(f + Δf)> of a wire has fallen to one half.

    It is the half-width of `rectangle_field_correlation` for the length L + l, interpolated
    between the fluxes as `half_width` does. The bound is l/W of it, for the flux that cancels
    along paths that meet the walls before they are scattered.

    Parameters
    ----------
    fluxes
        Differences Δf from 0 upwards at which data are measured, in h/e per plaquette.
    length, width
        L between the leads and W between the walls, in lattice constants.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.

    Returns
    -------
    The flux through the area (L + l) W in h/e, a pure number, with its bound. It is NaN, without a
    bound, where the correlation stays above one half at all fluxes.

    References
    ----------
    Altshuler and Khmelnitskii, JETP Lett. 42, 359 (1985); Lee, Stone and Fukuyama, Phys. Rev. B
    35, 1039 (1987).

    Examples
    --------
    In a long wire it is 1.17 h/e, to the accuracy of the interpolation.

    >>> fluxes = np.array([0.0, 1.1, 1.2]) / (200 * 5)
    >>> print(f"{correlation_field(fluxes, 199.9, 5, mean_free_path=0.1).value:.2f}")
    1.17
    """
    full = length + mean_free_path
    value = half_width(fluxes, rectangle_field_correlation(fluxes, full, width)) * full * width
    return Prediction(
        value,
        np.nan_to_num(value * mean_free_path / width),
        because="flux cancellation, l/W",
        source="Altshuler & Khmelnitskii, JETP Lett. 42, 359 (1985)",
    )
