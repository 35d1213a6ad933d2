"""Dephased samples of finite length, width and number of channels, as a `Prediction`.

The formulas of `dephasing` are for N -> inf. The next order in 1/N is that of the Cooperon's
return: in a coherent long wire it is known, and where the Cooperon decays over L_φ the coherent
piece is shorter. With a = L/L_φ and F(a) = (a coth a - 1)/a² the pieces are 3 F(a) L long, which
is L for L << L_φ and 3 L_φ for L >> L_φ.

>>> sizes = {"channels": 32, "mean_free_path": 6.0}
>>> pair = [dephased_wire_variance(120, 48, dephasing_length=x, **sizes) for x in (1e9, 30.0)]
>>> print(f"{pair[0].value:.3f} {pair[1].value:.3f}")
0.121 0.024
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .dephasing import dephased_magnetoconductance, dephased_variance
from .diffusive import conductance_variance, conductance_variance_correction
from .finite_wire import weak_localization_next_order
from .lattice import mean_free_path_factor
from .localization import localization_length
from .magnetoconductance import wire_line_shape
from .prediction import Prediction
from .short_paths import field_per_path

Array = NDArray[np.float64]


def dephased_wire_variance(
    length: float,
    width: float,
    *,
    dephasing_length: ArrayLike,
    channels: float,
    mean_free_path: float,
) -> Prediction:
    """Return the variance of g with voltage probes at β = 1, at finite l and N.

    It is `dephased_variance` with the relative orders of `conductance_variance_correction` for
    coherent pieces of the length 3 F(a) L. The bound is l/L of it, for the ends, and half of what
    the orders take, since they are those of coherent wires.

    Parameters
    ----------
    length, width
        L between the leads and W between the walls, in lattice constants.
    dephasing_length
        L_φ in lattice constants, one or many.
    channels
        Number N of open modes.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.

    Returns
    -------
    The variance in (e²/h)², of the shape of `dephasing_length`.

    References
    ----------
    As in `dephased_variance` and `conductance_variance_correction`.

    Examples
    --------
    >>> sizes = {"channels": 32, "mean_free_path": 6.0, "dephasing_length": 40.0}
    >>> found = dephased_wire_variance(120, 48, **sizes)
    >>> print(f"{found.value:.3f} ± {found.bound:.3f}")
    0.039 ± 0.004
    """
    phi = np.asarray(dephasing_length, dtype=float)
    value = dephased_variance(length, width, dephasing_length=phi, mean_free_path=mean_free_path)
    x = _piece_over_localization(length, phi, channels, mean_free_path)
    orders = conductance_variance_correction(x, beta=1) / conductance_variance(beta=1)
    return Prediction(
        value * (1 + orders),
        value * (mean_free_path / length + abs(orders) / 2),
        because="l/L of it, and half of the orders in the coherent piece over ξ",
        source="modes of diffusion that decay over L_φ; Lee, Stone & Fukuyama 1987",
    )


def dephased_wire_rise(
    flux: float,
    length: float,
    width: float,
    *,
    dephasing_length: ArrayLike,
    channels: float,
    mean_free_path: float,
) -> Prediction:
    """Return the rise <g(f) - g(0)> with voltage probes of one mode, at finite l and N.

    It is `dephased_magnetoconductance` with the relative next order in 1/N of coherent pieces of
    the length 3 F(a) L. The bound is a sum of shares: (l_tr/l_B)² with l_B² = 1/(4π f), for the
    loops that a field ends before they diffuse; (l/L_φ)², for those that probes end before; and
    half of the next order.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    length, width
        L between the leads and W between the walls, in lattice constants.
    dephasing_length
        L_φ in lattice constants, one or many.
    channels, mean_free_path
        As in `dephased_wire_variance`; l_tr = 2l/π.

    Returns
    -------
    The rise in e²/h, of the shape of `dephasing_length`.

    References
    ----------
    As in `dephased_magnetoconductance`; Mello and Stone, Phys. Rev. B 44, 3559 (1991), for the
    next order.

    Examples
    --------
    >>> sizes = {"channels": 32, "mean_free_path": 6.0, "dephasing_length": 26.0}
    >>> found = dephased_wire_rise(1e-4, 120, 48, **sizes)
    >>> print(f"{found.value:.4f} ± {found.bound:.4f}")
    0.0088 ± 0.0008
    """
    phi = np.asarray(dephasing_length, dtype=float)
    rises = [
        dephased_magnetoconductance(
            flux, length, width, dephasing_length=float(p), mean_free_path=mean_free_path
        )
        for p in phi.ravel()
    ]
    value = np.reshape(rises, phi.shape)
    transport = mean_free_path / mean_free_path_factor(2)
    x = _piece_over_localization(length, phi, channels, mean_free_path)
    order = 3 * weak_localization_next_order(x)
    ballistic = field_per_path(flux, transport) + (mean_free_path / phi) ** 2
    return Prediction(
        value * (1 - order),
        value * (ballistic + order / 2),
        because="(l_tr/l_B)² and (l/L_φ)² of it, and half the next order",
        source="Cooperon with L_φ, and loops through one probe",
    )


def _piece_over_localization(
    length: float, phi: Array, channels: float, mean_free_path: float
) -> Array:
    """Return 3 F(a) L/ξ, the length of a coherent piece over the localization length at β = 1."""
    share = -3 * wire_line_shape(length, dephasing_length=phi)
    return share * length / localization_length(channels, mean_free_path, beta=1)
