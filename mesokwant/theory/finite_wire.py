"""Wires of finite length, width and number of channels: what theory expects of a real sample.

The ideal formulas are for N -> inf and l << W << L << ξ. Here the next corrections are put
together for a wire with N channels, mean free path l, width W and length L, as a `Prediction`:
the value, and a bound on what is still left out with the argument for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .diffusive import weak_localization
from .localization import localization_length
from .magnetoconductance import magnetic_length, wire_line_shape
from .prediction import Prediction
from .rectangle import rectangle_magnetoconductance

Array = NDArray[np.float64]


def weak_localization_next_order(x: ArrayLike) -> Array:
    """Share of the rise of <g> between β = 1 and 2 that the next order in 1/N takes: (2/45) x.

    Parameters
    ----------
    x
        L/ξ with ξ = (N + 1) l, below about 0.5.

    Returns
    -------
    What the next order takes from the full rise 1/3 of a long wire, in e²/h.

    References
    ----------
    <g> at β = 1 and 2 from the Dorokhov-Mello-Pereyra-Kumar equation, as in Mello and Stone,
    Phys. Rev. B 44, 3559 (1991).

    Examples
    --------
    >>> round(float(weak_localization_next_order(0.3)), 4)
    0.0133
    """
    return 2 / 45 * np.asarray(x, dtype=float)


def wire_magnetoconductance(
    flux: ArrayLike, length: ArrayLike, width: float, *, channels: float, mean_free_path: float
) -> Prediction:
    """Rise <g(f) - g(0)> of a wire without a spin index by the quasi-one-dimensional formula.

    [1/3 - (a coth a - 1)/a²] s³/(1+s)³ with a = L/L_B and s = L/l. The bound is the distance to
    the rectangle, for the finite width, and the next order in the number of channels.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    length, width
        L between the leads and W between the walls, in lattice constants; the flux and the
        length broadcast.
    channels
        Number N of open modes.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.

    Returns
    -------
    Prediction of the rise in e²/h, of the shape to which flux and length broadcast.

    References
    ----------
    Altshuler and Aronov, JETP Lett. 33, 499 (1981); Mello and Stone, Phys. Rev. B 44, 3559
    (1991).

    Examples
    --------
    >>> rise = wire_magnetoconductance(1e-3, 500, 20, channels=1000, mean_free_path=1.0)
    >>> round(rise.value, 3), round(rise.bound, 3)
    (0.305, 0.029)
    """
    value = _wire_rise(flux, length, width, mean_free_path)
    rectangle = _rectangle_rise(flux, length, width, mean_free_path)
    order = _next_order(length, channels, mean_free_path)
    return Prediction(
        value,
        abs(value - rectangle) + order,
        because="finite width, |quasi-1D - rectangle|, and next order in L/ξ",
        source="(1/3) s³/(1+s)³ less what that field leaves; Mello & Stone 1991",
    )


def rectangle_wire_magnetoconductance(
    flux: ArrayLike, length: ArrayLike, width: float, *, channels: float, mean_free_path: float
) -> Prediction:
    """Rise <g(f) - g(0)> by the Cooperon of the rectangle and the next order in 1/N.

    The next order counts in the share p of the rise that the field has brought back. The bound is
    l/W of the distance to the quasi-one-dimensional formula, since diffusion across the wire
    needs l << W, and the part p (1 - p) + 1/10 of the next order: at full rise the next order is
    known, up to the order after it, and without a rise there is none.

    Parameters
    ----------
    flux, length, width, channels, mean_free_path
        As in `wire_magnetoconductance`.

    Returns
    -------
    Prediction of the rise in e²/h, of the shape to which flux and length broadcast.

    References
    ----------
    Altshuler and Aronov, in Electron-Electron Interactions in Disordered Systems (1985), Sec. 2;
    Mello and Stone, Phys. Rev. B 44, 3559 (1991).

    Examples
    --------
    >>> sizes = {"length": 500, "width": 20, "channels": 1e6, "mean_free_path": 1.0}
    >>> wire = wire_magnetoconductance(1e-3, **sizes)
    >>> rectangle = rectangle_wire_magnetoconductance(1e-3, **sizes)
    >>> bool(abs(wire.value - rectangle.value) < 0.03 * wire.value)
    True
    """
    rectangle = _rectangle_rise(flux, length, width, mean_free_path)
    distance = abs(_wire_rise(flux, length, width, mean_free_path) - rectangle)
    order = _next_order(length, channels, mean_free_path)
    s = np.asarray(length, dtype=float) / mean_free_path
    share = rectangle / -weak_localization(s, beta=1)
    return Prediction(
        rectangle - share * order,
        distance * mean_free_path / width + (share * (1 - share) + 0.1) * order,
        because="l/W of |quasi-1D - rectangle|, and p (1 - p) + 1/10 of the next order",
        source="Cooperon with leads and walls, Altshuler & Aronov 1985; next order in L/ξ",
    )


def _wire_rise(flux: ArrayLike, length: ArrayLike, width: float, mean_free_path: float) -> Array:
    s = np.asarray(length, dtype=float) / mean_free_path
    reach = magnetic_length(flux, width)
    return wire_line_shape(length, magnetic_length=reach, s=s) - wire_line_shape(length, s=s)


def _rectangle_rise(
    flux: ArrayLike, length: ArrayLike, width: float, mean_free_path: float
) -> Array:
    fluxes, lengths = np.broadcast_arrays(np.asarray(flux, float), np.asarray(length, float))
    rises = [
        float(rectangle_magnetoconductance(f, x, width, s=x / mean_free_path))
        for f, x in zip(fluxes.ravel(), lengths.ravel(), strict=True)
    ]
    return np.reshape(rises, fluxes.shape)


def _next_order(length: ArrayLike, channels: float, mean_free_path: float) -> Array:
    return weak_localization_next_order(
        np.asarray(length, dtype=float) / localization_length(channels, mean_free_path, beta=1)
    )
