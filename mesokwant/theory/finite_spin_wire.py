"""Wires with two spins, of finite length, width and number of channels: the rise of T in a field.

The ideal formulas are for N -> inf and l << W << L << ξ. `spinful_wire_magnetoconductance` has the
Cooperons of the rectangle at any L/l, with a spin that spin-orbit coupling rotates and magnetic
impurities end, and the next order in the number of channels. `spinful_wire_mean_free_path` is the
l of T in a strong field, less what interference is still taking there. Both are for Kwant's T,
which counts both spins.

>>> sizes = {"length": 60, "width": 20, "channels": 1e6, "mean_free_path": 5.0}
>>> for rotation in (0.0, 0.8):  # Three triplets less one singlet, and the singlet alone.
...     rise = spinful_wire_magnetoconductance(1e-3, rotation=rotation, **sizes)
...     print(f"{rise.value:.3f} ± {rise.bound:.3f}")
0.229 ± 0.003
-0.115 ± 0.002
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ballistic_spin import (
    ballistic_spin_correction,
    ballistic_spin_magnetoconductance,
    is_strong,
    spin_loops,
)
from .cooperon_square import removed_next_order
from .diffusive import weak_localization
from .lattice import mean_free_path_factor
from .localization import localization_length
from .magnetoconductance import spinful_wire_line_shape
from .prediction import Prediction

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
    magnetic_rate: float = 0.0,
) -> Prediction:
    """Return the rise T(f) - T(0) of a wire with two spins, coupling and magnetic impurities.

    It is `ballistic_spin_magnetoconductance` less what the field removes of the next order in the
    number of channels, the square of the whole correction (`cooperon_square`). At κl > 3 with the
    transport mean free path l, what is left of the triplet is not counted there: no field acts on
    it, and with it the order would have the wrong sign in the wires of `weak_antilocalization`.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    rotation
        Angle κ by which the coupling rotates a spin over one lattice constant: 2θ in Ando's
        model, 2 arctan(α/2) in Rashba's.
    channels
        Number N of open modes, of both spins.
    mean_free_path
        The l of T = N/(1 + L/l), in lattice constants: π/2 times the transport mean free path.
    magnetic_rate
        Rate of scattering by magnetic impurities, over that of all other scattering.

    Returns
    -------
    The rise in e²/h, of the shape of `flux`. The bound has 1.5 % of the rise for its grid, what
    is open of the next order, and the square of the order for those behind it.

    References
    ----------
    The loops: `ballistic_spin_magnetoconductance`. The next order at full rise: Mello and Stone,
    Phys. Rev. B 44, 3559 (1991). Its share: `cooperon_square`.

    Examples
    --------
    Without coupling each of two spins rises by almost 1/3 in a thin wire and a strong field.

    >>> rise = spinful_wire_magnetoconductance(
    ...     0.02, 150, 12, rotation=0.0, channels=1e9, mean_free_path=5.0
    ... )
    >>> print(f"{rise.value:.3f} ± {rise.bound:.3f}")
    0.585 ± 0.009
    """
    path = mean_free_path / mean_free_path_factor(2)
    options = {"transport_path": path, "magnetic_rate": magnetic_rate}
    rise = ballistic_spin_magnetoconductance(flux, length, width, rotation=rotation, **options)
    full = -float(weak_localization(length / mean_free_path, beta=1))
    triplet, singlet, pairs = spin_loops(
        0.0, length, width, path, rotation=rotation, magnetic_rate=magnetic_rate
    )
    wide = ((0.0 if is_strong(rotation, path) else triplet) - singlet + pairs) / full
    thin = 3 * spinful_wire_line_shape(
        length,
        spin_orbit_length=1 / abs(rotation) if rotation else np.inf,
        dephasing_length=_singlet_length(path, magnetic_rate),
    )
    gone, open_part = removed_next_order(rise / full, thin=thin, wide=wide)
    # At β = 4 a field removes a correction of 1: this is the order of w² = 1.
    order = spinful_weak_localization_next_order(
        length, channels=channels, mean_free_path=mean_free_path, beta=4
    )
    return Prediction(
        rise - gone * order,
        0.015 * abs(rise) + open_part * order + (gone * order) ** 2 / full,
        because="grid of the Cooperon, the next order of short loops, and its square",
        source="Cooperons of the rectangle; theory.ballistic_spin_magnetoconductance",
    )


def spinful_wire_mean_free_path(
    transmission: float,
    flux: float,
    length: float,
    width: float,
    *,
    rotation: float,
    channels: float,
    magnetic_rate: float = 0.0,
) -> Prediction:
    """Return the l of N/(1 + L/l), which is T in a strong field without its interference.

    A field leaves interference of short loops. What it leaves is computed for this l
    (`ballistic_spin_correction`), and taken off.

    Parameters
    ----------
    transmission
        Mean T of the wire in the field, of both spins.
    flux
        Flux f per plaquette, in h/e.
    length, width, rotation, channels, magnetic_rate
        As in `spinful_wire_magnetoconductance`.

    Returns
    -------
    l in lattice constants, with the bound of the correction.

    Raises
    ------
    ValueError
        If T is not between zero and the number of channels.

    References
    ----------
    The loops are derived in `ballistic_cooperon`.

    Examples
    --------
    >>> options = {"rotation": 0.0, "channels": 50}
    >>> l = spinful_wire_mean_free_path(5.0, 6e-3, 60.0, 36.0, **options)
    >>> print(f"{l.value:.2f}, not {60 / (50 / 5.0 - 1):.2f}")
    7.50, not 6.67
    """
    if not 0 < transmission < channels:
        raise ValueError(
            f"{channels} open modes cannot have a mean T of {transmission}: T is that of the wire "
            "in the field, and channels counts the modes of both spins."
        )
    rest, bound = 0.0, 0.0
    for _ in range(3):
        path = length / (channels / min(transmission - rest, 0.99 * channels) - 1)
        correction = ballistic_spin_correction(
            flux,
            length,
            width,
            transport_path=path / mean_free_path_factor(2),
            rotation=rotation,
            magnetic_rate=magnetic_rate,
        )
        rest, bound = float(correction.value), float(correction.bound)
    # dl/dT of the l above.
    slope = path**2 / length * channels / (transmission - rest) ** 2
    return Prediction(path, slope * bound, correction.because, correction.source)


def _singlet_length(path: float, magnetic_rate: float) -> float:
    """Return the length over which magnetic impurities end a singlet."""
    share = magnetic_rate / (1 + magnetic_rate)
    if share == 0:
        return np.inf
    # 1/L_s² = 2 (1/kept - 1)/l², where a singlet keeps 1 - 2p at every scattering.
    return float(path * np.sqrt(max(1 - 2 * share, 0.0) / (4 * share)))
