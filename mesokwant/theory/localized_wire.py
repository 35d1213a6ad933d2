"""Localization in wires of few channels: what theory expects of a real sample, with bounds.

The ideal results, ξ = (βN + 2 - β) l and var(ln g)/(-<ln g>) -> 2, are those of the
Dorokhov-Mello-Pereyra-Kumar (DMPK) equation: for equivalent channels, with time reversal broken
completely or not at all, and for L >> ξ. Here they become a `Prediction` for a wire with N
channels, mean free path l, width W and length L in a flux f per plaquette: the value, and a bound
on what these limits leave out.

>>> xi = wire_localization_length(20, 10.0, beta=1)
>>> xi.value, xi.bound
(210.0, 10.5)
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from .localization import localization_length
from .magnetoconductance import magnetic_length
from .prediction import Prediction

Array = NDArray[np.float64]

INEQUIVALENT = "channels not equivalent, 1/N, and L_B/ξ in the field"


def remaining_interference(
    flux: ArrayLike, width: float, *, localization_length: ArrayLike
) -> Array:
    """Return the share of the interference that a field leaves in a localized wire: L_B/ξ.

    Time-reversed paths interfere until they enclose a flux quantum, which takes the magnetic
    length L_B; the wire is localized after ξ. The share is an upper bound, and at most 1.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    width
        W between the walls, in lattice constants.
    localization_length
        ξ without the field, in lattice constants.

    Returns
    -------
    The share, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Altshuler and Aronov, JETP Lett. 33, 499 (1981), for L_B; the estimate is derived here.

    Examples
    --------
    >>> print(f"{remaining_interference(0.01, 10, localization_length=100.0):.3f}")
    0.028
    """
    reach = magnetic_length(flux, width)
    return np.minimum(1.0, reach / np.asarray(localization_length, dtype=float))


def wire_localization_length(
    channels: ArrayLike,
    mean_free_path: ArrayLike,
    *,
    beta: ArrayLike,
    remaining: ArrayLike = 0.0,
) -> Prediction:
    """Return ξ = (βN + 2 - β) l of a wire, with a bound for a lattice with N channels.

    Channels of a lattice are not equivalent, as those of the DMPK equation are. Only the leading
    term βN l is universal, and a correction of relative order 1/N is not. An incomplete breaking
    of time reversal makes ξ shorter by at most the share of the interference that is left.

    Parameters
    ----------
    channels
        Number N of open modes.
    mean_free_path
        The l of g = N/(1 + L/l); see `mean_free_path_factor`.
    beta
        Symmetry index.
    remaining
        Share of the interference that the field leaves at β = 2, from `remaining_interference`.

    Returns
    -------
    The length in the unit of `mean_free_path`, of the shape to which the arguments broadcast.

    References
    ----------
    Dorokhov (1983); Mello, Pereyra and Kumar (1988); as in Beenakker, Rev. Mod. Phys. 69, 731
    (1997).

    Examples
    --------
    >>> wire_localization_length([5, 500], 10.0, beta=1).normalized().bound.tolist()
    [0.2, 0.002]
    """
    value = localization_length(channels, mean_free_path, beta=beta)
    share = 1 / np.asarray(channels, dtype=float) + np.asarray(remaining)
    source = "DMPK; Beenakker, RMP 69, 731 (1997)"
    return Prediction(value, value * share, because=INEQUIVALENT, source=source)


def localization_gain(channels: ArrayLike, *, remaining: ArrayLike = 0.0) -> Prediction:
    """Return the factor by which a field lengthens ξ/l in a wire of N channels, 2N/(N + 1).

    Parameters
    ----------
    channels
        Number N of open modes.
    remaining
        Share of the interference that the field leaves, from `remaining_interference`.

    Returns
    -------
    (ξ/l at β = 2)/(ξ/l at β = 1), a pure number, of the shape to which the arguments broadcast.
    The bound is that of `wire_localization_length` at β = 2.

    References
    ----------
    Efetov and Larkin, Sov. Phys. JETP 58, 444 (1983); Dorokhov (1983); as in Beenakker, Rev. Mod.
    Phys. 69, 731 (1997).

    Examples
    --------
    >>> localization_gain([1, 9, 99]).value.round(2).tolist()
    [1.0, 1.8, 1.98]
    """
    number = np.asarray(channels, dtype=float)
    gain = 2 * number / (number + 1)
    return Prediction(
        gain,
        gain * (1 / number + np.asarray(remaining)),
        because=INEQUIVALENT,
        source="2N/(N + 1); Dorokhov 1983, Beenakker 1997",
    )


def many_channel_gain(channels: ArrayLike, *, remaining: float = 0.0) -> Prediction:
    """Return the doubling of ξ/l by a field, as wires of few channels extrapolate to it.

    A straight line in 1/(N + 1) takes the order 1/N of `localization_gain` along, whatever its
    factor is. A relative correction 1/N², read off the two wires with the fewest channels,
    N₁ and N₂, shifts the intercept by 2/(N₁N₂) at most: this is the bound, and with it the share
    of the interference that the field leaves.

    Parameters
    ----------
    channels
        Numbers N of open modes of two or more wires.
    remaining
        Share of the interference that the field leaves in the wire with the most channels.

    Returns
    -------
    The factor 2, a pure number.

    Raises
    ------
    ValueError
        If there are fewer than two wires.

    References
    ----------
    Efetov and Larkin, Sov. Phys. JETP 58, 444 (1983); Dorokhov (1983).

    Examples
    --------
    >>> many_channel_gain([5, 10, 20]).bound
    0.04
    """
    numbers = np.sort(np.atleast_1d(np.asarray(channels, dtype=float)))
    if numbers.size < 2:
        raise ValueError(
            "An extrapolation to many channels needs two wires at least: add a wire of another "
            "width."
        )
    return Prediction(
        2.0,
        2 / (numbers[0] * numbers[1]) + 2 * remaining,
        because="next order, 1/N² from the smallest two N, and L_B/ξ of the largest",
        source="ξ = βN l; Efetov & Larkin 1983, Dorokhov 1983",
    )


def eigenvalues_meeting(x: ArrayLike, *, beta: ArrayLike) -> Array:
    """Return the share of samples whose second transmission eigenvalue still meets the first.

    In -(ln T)/2 the second lies βL/ξ beyond the first, both with a variance L/ξ, so that their
    distance has the spread √(2L/ξ). Their repulsion is left out.

    Parameters
    ----------
    x
        L/ξ, deep in the localized regime.
    beta
        Symmetry index 1 or 2.

    Returns
    -------
    The share, between 0 and 1/2: a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), section on localization, for the crystallized
    eigenvalues; the estimate is derived here.

    Examples
    --------
    >>> print(f"{eigenvalues_meeting(6.0, beta=1):.3f} {eigenvalues_meeting(6.0, beta=2):.4f}")
    0.042 0.0003
    """
    return ndtr(-np.asarray(beta) * np.sqrt(np.asarray(x, dtype=float) / 2))


def wire_growth_ratio(x: float, *, beta: int = 1) -> Prediction:
    """Return the growth of var(ln g) with length over that of -<ln g> in a wire: 2.

    Where the second eigenvalue still meets the first, var ln g is smaller. The bound is the share
    of such samples in the shortest wire, rounded up to a full per cent, of the value.

    Parameters
    ----------
    x
        L/ξ of the shortest wire.
    beta
        Symmetry index; the bound of β = 1 is the larger one.

    Returns
    -------
    The ratio 2, a pure number.

    References
    ----------
    Anderson, Thouless, Abrahams and Fisher, Phys. Rev. B 22, 3519 (1980); Beenakker, Rev. Mod.
    Phys. 69, 731 (1997).

    Examples
    --------
    >>> wire_growth_ratio(6).bound
    0.1
    """
    percent = math.ceil(100 * float(eigenvalues_meeting(x, beta=beta)))
    return Prediction(
        2.0,
        2 * percent / 100,
        because=f"{percent} %: the second eigenvalue still meets the first",
        source="DMPK; Beenakker, RMP 69, 731 (1997)",
    )
