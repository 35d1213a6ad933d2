"""Wires with two spins, of finite length, width and number of channels: the rise of T in a field.

The ideal formulas are for N -> inf and l << W << L << ξ. The functions take the flux, the number
N of channels of both spins, the mean free path l, the width W, the length L, and the coupling of
the spin. They give a `Prediction` of Kwant's T(f) - T(0), which counts both spins: the value with
the next corrections, and a bound on what is still left out with the argument for it.

>>> sizes = {"length": 200, "width": 20, "channels": 1e9, "mean_free_path": 1e-3}
>>> for rotation in (0.0, 0.8):  # Three triplets less one singlet, and the singlet alone.
...     rise = spinful_wire_magnetoconductance(1e-3, rotation=rotation, **sizes)
...     print(f"{rise.value:.2f} ± {rise.bound:.2f}")
0.52 ± 0.02
-0.24 ± 0.02
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .diffusive import weak_localization
from .localization import localization_length
from .magnetoconductance import magnetic_length, wire_line_shape
from .prediction import Prediction
from .rectangle import rectangle_magnetoconductance, rectangle_spin_magnetoconductance

Array = NDArray[np.float64]


def spinful_weak_localization_next_order(
    length: ArrayLike, *, channels: float, mean_free_path: ArrayLike, beta: int
) -> Array:
    """Return what the next order in 1/N takes from the full rise of T in a strong field.

    The next order raises the conductance of each spin or Kramers pair by (1/45) L/ξ without a
    field, and lowers that of each spin by (2/45) L/ξ in it, where ξ doubles. So it lowers the
    rise at β = 1, and lets T fall further at β = 4.

    Parameters
    ----------
    length
        L between the leads, in lattice constants.
    channels
        Number N of open modes, of both spins.
    mean_free_path
        The l of T = N/(1 + L/l), in lattice constants.
    beta
        Symmetry index without a field: 1 for two spins without coupling, where
        ξ = (N/2 + 1) l, or 4 with strong coupling, where ξ = (2N - 2) l.

    Returns
    -------
    What is taken, in e²/h, of the shape to which length and mean free path broadcast.

    References
    ----------
    <g> at β = 1, 2 and 4 from the Dorokhov-Mello-Pereyra-Kumar equation, as in Mello and Stone,
    Phys. Rev. B 44, 3559 (1991).

    Examples
    --------
    Without coupling it is (2/45) L/ξ for each spin, here at L = 0.3 ξ.

    >>> taken = spinful_weak_localization_next_order(
    ...     300.0, channels=2e6, mean_free_path=1e-3, beta=1
    ... )
    >>> print(f"{taken / (2 / 45 * 0.3):.3f}")
    2.000
    """
    pairs, length = channels / 2, np.asarray(length, dtype=float)
    without_field = length / localization_length(pairs, mean_free_path, beta=beta)
    # In a field the two spins are independent wires at β = 1, and one wire of N channels at β = 4.
    spins, modes = (2, pairs) if beta == 1 else (1, channels)
    in_field = length / localization_length(modes, mean_free_path, beta=2)
    return 2 / 45 * (without_field + spins * in_field)


def spinful_wire_magnetoconductance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    rotation: float,
    channels: float,
    mean_free_path: float,
) -> Prediction:
    """Return the rise T(f) - T(0) of a wire with two spins and linear Rashba coupling.

    It is `rectangle_spin_magnetoconductance`, moved half of the way to the wire with L >> W, less
    the next order in the number of channels in the share of the effect that the field has
    removed. Both corrections are those of two spins without coupling where κl <= 1, and those of
    the singlet elsewhere.

    The bound is a sum. It has half of the distance between rectangle and long wire, since l of
    the order of W/2 may lie anywhere between the two, and half of the next order. Where L_B > L/3
    it has a share l/(2W), because flux cancels along paths between the walls. Where κl <= 1 it
    has a share (κl)² of what the coupling changes.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    rotation
        Angle κ by which the coupling turns a spin over one lattice constant, as in
        `rectangle_spin_magnetoconductance`.
    channels
        Number N of open modes, of both spins.
    mean_free_path
        The l of T = N/(1 + L/l), in lattice constants.

    Returns
    -------
    The rise in e²/h, of the shape of `flux`.

    References
    ----------
    Iordanskii, Lyanda-Geller and Pikus, JETP Lett. 60, 206 (1994), for the Cooperons; Mello and
    Stone, Phys. Rev. B 44, 3559 (1991), for finite s and the next order.

    Examples
    --------
    Without coupling each of two spins rises by 1/3 in a long wire and a strong field.

    >>> rise = spinful_wire_magnetoconductance(
    ...     0.02, 400, 20, rotation=0.0, channels=1e9, mean_free_path=1e-3
    ... )
    >>> print(f"{rise.value:.3f} ± {rise.bound:.3f}")
    0.666 ± 0.003
    """
    kappa_l = rotation * mean_free_path
    beta, cooperons = (1, 2) if kappa_l <= 1 else (4, -1)
    s = length / mean_free_path
    spinful = rectangle_spin_magnetoconductance(flux, length, width, rotation=rotation, s=s)
    rectangle, wire = _one_cooperon(flux, length, width, s, np.inf)
    distance = cooperons * (wire - rectangle)
    order = spinful_weak_localization_next_order(
        length, channels=channels, mean_free_path=mean_free_path, beta=beta
    ) * _share(rectangle, s)
    value = spinful + distance / 2 - order
    bound = abs(distance) / 2 + order / 2
    bound = bound + _flux_cancellation(flux, length, width, mean_free_path) * abs(value)
    if kappa_l <= 1:
        bound = bound + kappa_l**2 * abs(spinful - 2 * rectangle)
    return Prediction(
        value,
        bound,
        because="rectangle or wire, flux cancellation, (κl)², next order in L/ξ",
        source="Cooperon of spin 0 and 1; Iordanskii, Lyanda-Geller & Pikus 1994",
    )


def singlet_wire_magnetoconductance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    channels: float,
    mean_free_path: ArrayLike,
    decay_length: ArrayLike,
) -> Prediction:
    """Return the fall T(f) - T(0) < 0 of a wire in which a decaying singlet alone is left.

    This is the wire with strong spin-orbit coupling and magnetic impurities. The value is that of
    one negative Cooperon, in the middle of the rectangle and the wire with L >> W, with the next
    order in the number of channels. To the bound of `spinful_wire_magnetoconductance` it adds a
    share l/(2 L_s): the Cooperon has no paths shorter than l, which is much where it diffuses
    over L_s only.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    channels
        Number N of open modes, of both spins.
    mean_free_path
        The l of T = N/(1 + L/l), in lattice constants.
    decay_length
        L_s over which the singlet decays, from `spin_flip_length`; infinite without impurities.

    Returns
    -------
    The change in e²/h, of the shape to which flux, mean free path and decay length broadcast.

    References
    ----------
    Hikami, Larkin and Nagaoka, Prog. Theor. Phys. 63, 707 (1980), for the singlet; Beenakker and
    van Houten, Phys. Rev. B 38, 3232 (1988), for paths shorter than l.

    Examples
    --------
    In a long wire and a strong field the fall is 1/3 without impurities.

    >>> sizes = {"length": 400, "width": 20, "channels": 1e9, "mean_free_path": 1e-3}
    >>> for decay in (np.inf, 20.0):
    ...     fall = singlet_wire_magnetoconductance(0.02, decay_length=decay, **sizes)
    ...     print(f"{fall.value:.3f} ± {fall.bound:.3f}")
    -0.333 ± 0.001
    -0.047 ± 0.001
    """
    path = np.asarray(mean_free_path, dtype=float)
    s = length / path
    rectangle, wire = _one_cooperon(flux, length, width, s, decay_length)
    order = spinful_weak_localization_next_order(
        length, channels=channels, mean_free_path=mean_free_path, beta=4
    ) * _share(rectangle, s)
    value = -(rectangle + wire) / 2 - order
    share = _flux_cancellation(flux, length, width, mean_free_path)
    bound = abs(wire - rectangle) / 2 + order / 2 + share * abs(value)
    bound = bound + path / np.asarray(decay_length, dtype=float) / 2 * abs(rectangle)
    return Prediction(
        value,
        bound,
        because="rectangle or wire, flux cancellation, next order in L/ξ, l over the decay length",
        source="singlet decays at 2/τ; Hikami, Larkin & Nagaoka 1980",
    )


def spin_flip_length(mean_free_path: ArrayLike, added_resistance: ArrayLike) -> Array:
    """Return the length over which magnetic impurities end the singlet, from the resistance.

    Impurities J S·σ that scatter at the rate 1/τ end the singlet after L_s = √(Dτ/2). Their rate
    is in the resistance as well, 1/l = (1 + x)/l_0. With l = (π/2) v τ_tot and D = v² τ_tot/2 it
    follows that L_s = (l/π) √(1 + 1/x) = l_0/(π √(x (1 + x))).

    Parameters
    ----------
    mean_free_path
        The l_0 of T = N/(1 + L/l_0) without magnetic impurities.
    added_resistance
        The x that magnetic impurities add to the resistivity, relative to the rest, at least zero.

    Returns
    -------
    L_s in the unit of `mean_free_path`, of the shape to which the arguments broadcast; infinite
    without impurities.

    References
    ----------
    Hikami, Larkin and Nagaoka, Prog. Theor. Phys. 63, 707 (1980), for the rate 2/τ.

    Examples
    --------
    >>> print(f"{spin_flip_length(np.pi, 0.01):.2f} {spin_flip_length(np.pi, 0.0)}")
    9.95 inf
    """
    x = np.asarray(added_resistance, dtype=float)
    with np.errstate(divide="ignore"):
        return np.asarray(mean_free_path, dtype=float) / (np.pi * np.sqrt(x * (1 + x)))


def _one_cooperon(
    flux: ArrayLike, length: float, width: float, s: ArrayLike, decay_length: ArrayLike
) -> tuple[Array, Array]:
    """Return the rise of g by one Cooperon of the rectangle, and by one of the wire with L >> W."""
    points = np.broadcast(flux, s, decay_length)
    rises = [
        float(rectangle_magnetoconductance(f, length, width, dephasing_length=decay, s=ratio))
        for f, ratio, decay in points
    ]
    reach = magnetic_length(flux, width)
    wire = wire_line_shape(
        length, magnetic_length=reach, dephasing_length=decay_length, s=s
    ) - wire_line_shape(length, dephasing_length=decay_length, s=s)
    return np.reshape(rises, points.shape), wire


def _share(rise: Array, s: ArrayLike) -> Array:
    """Return the share of the full effect that the field has removed."""
    return rise / -weak_localization(s, beta=1)


def _flux_cancellation(
    flux: ArrayLike, length: float, width: float, mean_free_path: ArrayLike
) -> Array:
    """Return the share that paths between the walls leave open in weak fields, L_B > L/3."""
    weak = magnetic_length(flux, width) > length / 3
    return np.where(weak, np.asarray(mean_free_path) / width / 2, 0.0)
