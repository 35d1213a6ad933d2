"""Weak localization in a field where the wire is only some mean free paths long, or as wide.

The formulas of diffusion need l << W and l << L. `isotropic_wire_rise` is the rise of <g> in a
field that is exact at every s = L/l for N >> 1 equivalent modes of a thin wire.
`short_wire_magnetoconductance` is for wires of any width: it has the loops of the rectangle
(`ballistic_magnetoconductance`) and the next order in L/ξ.

The equation of `isotropic_wire_rise` follows as that of Dorokhov, Mello, Pereyra and Kumar does. A
thin slab with isotropic, symmetric reflection and with phases that a field makes opposite is added
to the right of a wire, and averages are taken to leading order in N. With x = L/l, τ = 1/(1 + x),
the reflections w = <Tr r'(B) r'(-B)*>/N from the right and the transmissions
z = <Tr tt†(B) tt†(-B)>/N obey

    w' = 1 - 2 (1 + μ) w + w²,
    z' = -2z + 2τ² - 2τz + 2zw - 2μ (z - τ²),
    ρ' = -2τρ + z₀ - z,

w(0) = ρ(0) = 0 and z(0) = 1, where z₀ = (2τ + τ⁴)/3 is z for μ = 0, and ρ is the rise. For
μ -> ∞ it is (1/3) s³/(1+s)³, and for s -> ∞ with a = L/L_B it is 1/3 - (a coth a - 1)/a², with
L_B = l/(2μ + μ²)^½.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ballistic_cooperon import loop_rise, pair_correction
from .ballistic_rectangle import ballistic_magnetoconductance
from .cooperon_square import removed_next_order
from .diffusive import weak_localization
from .finite_wire import weak_localization_next_order
from .lattice import mean_free_path_factor
from .localization import localization_length
from .prediction import Prediction

Array = NDArray[np.float64]


def isotropic_wire_rise(s: ArrayLike, magnetic_ratio: ArrayLike) -> Array:
    """Return the rise of <g> in a field at every length of a wire with N >> 1 equivalent modes.

    Parameters
    ----------
    s
        Length over mean free path, L/l.
    magnetic_ratio
        a = L/L_B, zero or positive.

    Returns
    -------
    The rise in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Derived in the text of this module. The limit of a strong field: Mello and Stone, Phys. Rev. B
    44, 3559 (1991); of a long wire: Altshuler and Aronov, JETP Lett. 33, 499 (1981).

    Examples
    --------
    >>> print(f"{isotropic_wire_rise(10.0, 3.0):.4f}, {isotropic_wire_rise(1e4, 3.0):.4f}")
    0.1129, 0.1095
    """
    lengths, ratios = np.broadcast_arrays(np.asarray(s, float), np.asarray(magnetic_ratio, float))
    rises = [
        _rise(float(x), float(a)) for x, a in zip(lengths.ravel(), ratios.ravel(), strict=True)
    ]
    return np.reshape(rises, lengths.shape)


def short_wire_magnetoconductance(
    flux: ArrayLike, length: ArrayLike, width: float, *, channels: float, mean_free_path: float
) -> Prediction:
    """Rise <g(f) - g(0)> of a rectangle that is only some mean free paths long and wide.

    It is `ballistic_magnetoconductance` less what the field removes of the next order in L/ξ
    (`cooperon_square`): p (2c - p) of it, where the field has brought back the share p of the full
    rise, and c is between 1 and the sum of all loops over that of a thin wire.

    Parameters
    ----------
    flux, length, width, channels, mean_free_path
        As in `wire_magnetoconductance`.

    Returns
    -------
    Prediction of the rise in e²/h, of the shape to which flux and length broadcast. The bound has
    1.5 % of the rise for its grid, what is open of the next order, and its square for the orders
    behind it.

    References
    ----------
    The loops: `ballistic_magnetoconductance`. The next order at full rise: Mello and Stone, Phys.
    Rev. B 44, 3559 (1991). Its share is derived here, and was compared with wires of 8 modes that
    were composed of slabs, as those of `dmpk_wires`, in a field.

    Examples
    --------
    >>> sizes = {"length": 100, "width": 20, "channels": 1e6, "mean_free_path": 6.0}
    >>> rise = short_wire_magnetoconductance(1e-3, **sizes)
    >>> round(rise.value, 2), round(rise.bound, 3)
    (0.18, 0.003)
    """
    fluxes, lengths = np.broadcast_arrays(np.asarray(flux, float), np.asarray(length, float))
    transport = float(mean_free_path / mean_free_path_factor(2))
    loops = [
        float(ballistic_magnetoconductance(f, float(x), float(width), transport_path=transport))
        for f, x in zip(fluxes.ravel(), lengths.ravel(), strict=True)
    ]
    rise = np.reshape(loops, fluxes.shape)
    full = -weak_localization(lengths / mean_free_path, beta=1)
    all_loops = [
        loop_rise(0.0, *sizes) + pair_correction(*sizes)
        for sizes in ((float(x), float(width), transport) for x in lengths.ravel())
    ]
    wide = np.reshape(all_loops, fluxes.shape) / full
    share = rise / full
    gone, open_part = removed_next_order(share, thin=-1.0, wide=wide)
    xi = localization_length(channels, mean_free_path, beta=1)
    order = weak_localization_next_order(lengths / xi)
    return Prediction(
        rise - gone * order,
        0.015 * rise + open_part * order + (gone * order) ** 2 / full,
        because="grid of the Cooperon, the next order of short loops, and its square",
        source="loops of the rectangle at any L/l; theory.ballistic_magnetoconductance",
    )


@lru_cache(maxsize=4096)
def _rise(s: float, a: float) -> float:
    """Return ρ(s) of the equations in the text of this module."""
    # This costs 0.1 s, which users of other formulas do not spend.
    from scipy.integrate import solve_ivp

    if a == 0 or s == 0:
        return 0.0
    ratio = (a / s) ** 2
    mass = ratio / (1 + np.sqrt(1 + ratio))

    def change(x: float, state: Array) -> list[float]:
        w, z, rise = state
        t = 1 / (1 + x)
        return [
            1 - 2 * (1 + mass) * w + w * w,
            -2 * z + 2 * t * t - 2 * t * z + 2 * z * w - 2 * mass * (z - t * t),
            -2 * t * rise + (2 * t + t**4) / 3 - z,
        ]

    precise = {"rtol": 1e-8, "atol": 1e-11}
    return float(solve_ivp(change, (0, s), [0, 1, 0], method="LSODA", **precise).y[2, -1])
