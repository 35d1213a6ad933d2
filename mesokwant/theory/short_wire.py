"""Weak localization in a field where the wire is only some mean free paths long, or as wide.

The formulas of diffusion need l << W and l << L. `isotropic_wire_rise` is the rise of <g> in a
field that is exact at every s = L/l for N >> 1 equivalent modes, and
`short_wire_magnetoconductance` joins it with the Cooperon of the rectangle and with
`flux_cancellation`, by which a field does less between walls that are close.

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

from .bulk_cooperon import few_scatterings_deficit
from .diffusive import weak_localization
from .finite_correlation import flux_cancellation
from .finite_wire import weak_localization_next_order
from .lattice import mean_free_path_factor
from .localization import localization_length
from .magnetoconductance import wire_line_shape
from .prediction import Prediction
from .rectangle import rectangle_magnetoconductance

Array = NDArray[np.float64]

LONGEST = 1e4
"""Largest L/L_B that a rise is translated to."""


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

    The rectangle of diffusion, in a field that flux cancellation weakens, rises as much as a thin
    wire does for some L/L_B. The value is the rise of the isotropic wire of that L/L_B and of
    this L/l, less the next order in L/ξ in the share p that the field has brought back.

    Parameters
    ----------
    flux, length, width, channels, mean_free_path
        As in `wire_magnetoconductance`.

    Returns
    -------
    Prediction of the rise in e²/h, of the shape to which flux and length broadcast. The bound has
    p (1 - p) + 1/10 of the next order, and the `few_scatterings_deficit` of the plane, since the
    field acts on paths of few scatterings otherwise than the decay in a thin wire.

    Notes
    -----
    The wire has to be longer than 2.5 W: in squares, the measured rise is a quarter lower in strong
    fields. (Wires of L/W from 1.3 to 3.3 with l = 0.3 W were simulated.)

    References
    ----------
    Derived in the text of this module, and in `flux_cancellation`.

    Examples
    --------
    >>> sizes = {"length": 500, "width": 20, "channels": 1e6, "mean_free_path": 1.0}
    >>> rise = short_wire_magnetoconductance(1e-3, **sizes)
    >>> round(rise.value, 3)
    0.299
    """
    fluxes, lengths = np.broadcast_arrays(np.asarray(flux, float), np.asarray(length, float))
    transport = mean_free_path / mean_free_path_factor(2)
    weaker = float(np.sqrt(flux_cancellation(mean_free_path, width)))
    diffusive = [
        float(rectangle_magnetoconductance(weaker * abs(f), x, width))
        for f, x in zip(fluxes.ravel(), lengths.ravel(), strict=True)
    ]
    s = lengths / mean_free_path
    rise = isotropic_wire_rise(s, _magnetic_ratio(np.reshape(diffusive, fluxes.shape)))
    xi = localization_length(channels, mean_free_path, beta=1)
    order = weak_localization_next_order(lengths / xi)
    share = rise / -weak_localization(s, beta=1)
    deficit = few_scatterings_deficit(fluxes, transport, lengths / np.pi) * width / lengths
    return Prediction(
        rise - share * order,
        deficit + (share * (1 - share) + 0.1) * order,
        because="paths of few scatterings in the plane, and a part of the next order",
        source="Cooperon of the rectangle at finite L/l and l/W; theory.short_wire",
    )


def _magnetic_ratio(rise: ArrayLike) -> Array:
    """Return the L/L_B for which a long thin wire rises so much, 1/3 - (a coth a - 1)/a²."""
    a = np.concatenate([[0.0], np.geomspace(1e-4, LONGEST, 4000)])
    rises = wire_line_shape(a, magnetic_length=1.0) + 1 / 3
    return np.interp(np.asarray(rise, dtype=float), rises, a)


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
