"""Currents, voltages and resistances of a conductor with many leads, from its conductance matrix.

All functions take arrays of conductance matrices G, shape (..., leads, leads), as
`ConductanceMatrix` gives them for every sample: I_q = Σ_p G_qp V_p with G_qp = N_q δ_qp - T_qp in
e²/h. Currents flow from a lead into the conductor, and voltages are those of the leads.

Leads without a current are eliminated one after another. Eliminating the lead f adds
T_qf T_fp / Σ_p T_fp to the transmission from p to q, and its voltage is the mean of the other
voltages with the weights T_fp / Σ_p T_fp. No step subtracts anything, so that small transmissions
keep their relative accuracy. The diagonal of G, which is a difference, is not used: it is checked
against the transmissions. A transmission below `INSULATED` is rounding and counts as zero, and a
voltage that nothing else determines is nan.

Examples
--------
Three leads in a row, each joined to the next by one open channel:

>>> G = [[1, -1, 0], [-1, 2, -1], [0, -1, 1]]
>>> float(four_terminal_resistance(G, current=(0, 2), voltage=(0, 1)))
1.0
>>> eliminated(G, keep=(0, 2))
array([[ 0.5, -0.5],
       [-0.5,  0.5]])
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

INSULATED = 1e-24
"""Transmissions below are zero: the square of the amplitudes that rounding leaves."""

CONSERVED = 1e-6
"""Largest sum of a row or column that passes, relative to the largest conductance."""

PANEL = 32
"""Leads that are eliminated before the others learn of it, all at once by a matrix product."""


CACHED = 2**17
"""Numbers that are worked on at once: a megabyte, which stays near the processor."""


def currents(G: ArrayLike, voltages: ArrayLike) -> NDArray[np.float64]:
    """Currents that flow into a conductor from its leads, I_q = Σ_p T_qp (V_q - V_p).

    A voltage common to all leads therefore makes no current, not even by rounding.

    Parameters
    ----------
    G
        Conductance matrices in e²/h, shape (..., leads, leads).
    voltages
        Voltages of the leads, shape (..., leads).

    Returns
    -------
    numpy.ndarray
        Currents in e²/h times the unit of the voltages, shape (..., leads).

    Raises
    ------
    ValueError
        If the matrices do not conserve current, or if the shapes do not match.

    References
    ----------
    M. Büttiker, Phys. Rev. Lett. 57, 1761 (1986).

    Examples
    --------
    >>> currents([[1, -1, 0], [-1, 2, -1], [0, -1, 1]], [1.0, 0.5, 0.0])
    array([ 0.5,  0. , -0.5])
    """
    transmissions = _transmissions(G)
    given = _of_leads(voltages, transmissions.shape[-1], "voltages")
    differences = given[..., :, None] - given[..., None, :]
    return np.sum(transmissions * differences, axis=-1)


def voltages(G: ArrayLike, currents: ArrayLike, *, ground: int = -1) -> NDArray[np.float64]:
    """Voltages of all leads when given currents flow from them into the conductor.

    Parameters
    ----------
    G
        Conductance matrices in e²/h, shape (..., leads, leads).
    currents
        Currents of the leads, zero for a voltage probe, with the sum zero; shape (..., leads).
    ground
        The lead with the voltage zero; the last one by default.

    Returns
    -------
    numpy.ndarray
        Voltages in h/e² times the unit of the currents, shape (..., leads); nan where no
        transmission joins a lead to the ground.

    Raises
    ------
    ValueError
        If the matrices do not conserve current, if the currents do not add up to zero, or if the
        ground is no lead.

    References
    ----------
    M. Büttiker, Phys. Rev. Lett. 57, 1761 (1986).

    Examples
    --------
    >>> voltages([[1, -1, 0], [-1, 2, -1], [0, -1, 1]], [1.0, 0.0, -1.0])
    array([2., 1., 0.])
    """
    transmissions = _transmissions(G)
    leads = transmissions.shape[-1]
    given = _of_leads(currents, leads, "currents")
    sizes = np.abs(given).max(axis=-1)
    if np.any(np.abs(given.sum(axis=-1)) > CONSERVED * sizes):
        raise ValueError("the currents must add up to zero: what flows in flows out again")
    first = _checked(leads, (range(leads)[ground] if -leads <= ground < 0 else ground,))
    order = [*first, *(lead for lead in range(leads) if lead not in first)]
    factors, sums = _eliminate(transmissions, order, 1)
    remaining = np.broadcast_to(given, (*factors.shape[:-2], leads))[..., order].copy()
    found = np.zeros_like(remaining)
    with np.errstate(divide="ignore", invalid="ignore"):
        for lead in range(leads - 1, 0, -1):
            # What flows into an eliminated lead goes on into the others.
            share = _ratio(factors[..., :lead, lead], sums[..., lead, None])
            remaining[..., :lead] += share * remaining[..., lead, None]
        for lead in range(1, leads):
            weights, own = factors[..., lead, :lead], sums[..., lead]
            # An undetermined voltage (nan) is nothing to a lead that it does not reach.
            parts = np.where(weights == 0, 0.0, weights * found[..., :lead])
            total = parts.sum(axis=-1) + remaining[..., lead] / own
            found[..., lead] = np.where(own > 0, total, np.nan)
    result = np.empty_like(found)
    result[..., order] = found
    return result


def four_terminal_resistance(
    G: ArrayLike, *, current: tuple[int, int], voltage: tuple[int, int]
) -> NDArray[np.float64]:
    """Resistance R_ab,cd = (V_c - V_d) / I, where I flows in through lead a and out through b.

    All other leads float: they carry no current. With ``voltage`` equal to ``current`` this is a
    two-terminal resistance. Onsager's relation is R_ab,cd(B) = R_cd,ab(-B).

    Parameters
    ----------
    G
        Conductance matrices in e²/h, shape (..., leads, leads).
    current
        The leads (a, b) that the current flows in and out through.
    voltage
        The leads (c, d) that the voltage is measured between.

    Returns
    -------
    numpy.ndarray
        Resistances in h/e², shape (...). They are nan where no current flows from a to b, or
        where nothing determines the voltage of c or d.

    Raises
    ------
    ValueError
        If a lead does not exist, if both leads of a pair are the same, or if the matrices do not
        conserve current.

    References
    ----------
    M. Büttiker, IBM J. Res. Dev. 32, 317 (1988).

    Examples
    --------
    A ring of four ideal helical contacts, each joined to both neighbours:

    >>> G = [[2, -1, 0, -1], [-1, 2, -1, 0], [0, -1, 2, -1], [-1, 0, -1, 2]]
    >>> float(four_terminal_resistance(G, current=(0, 3), voltage=(0, 3)))
    0.75
    >>> float(four_terminal_resistance(G, current=(0, 3), voltage=(1, 2)))
    0.25
    """
    matrices = np.asarray(G, float)
    leads = matrices.shape[-1]
    for pair, what in ((current, "current"), (voltage, "voltage")):
        check_pair(pair, what)
    a, b = _checked(leads, current)
    c, d = _checked(leads, voltage)
    given = np.zeros(leads)
    given[a], given[b] = 1.0, -1.0
    found = voltages(matrices, given, ground=b)
    return found[..., c] - found[..., d]


def eliminated(G: ArrayLike, keep: Sequence[int]) -> NDArray[np.float64]:
    """Conductance matrix of some leads while all others float, G_AA - G_AF G_FF^-1 G_FA.

    A lead that floats is a voltage probe: it gives back every electron that it takes, without
    the phase. One that no transmission joins to the others changes nothing.

    Parameters
    ----------
    G
        Conductance matrices in e²/h, shape (..., leads, leads).
    keep
        The leads A that remain, in the order of the result.

    Returns
    -------
    numpy.ndarray
        Conductance matrices in e²/h, shape (..., len(keep), len(keep)). Their rows and columns
        sum to zero, to rounding.

    Raises
    ------
    ValueError
        If a lead does not exist or is named twice, or if the matrices do not conserve current.

    References
    ----------
    M. Büttiker, Phys. Rev. B 33, 3020 (1986).

    Examples
    --------
    >>> eliminated([[1, -1, 0], [-1, 2, -1], [0, -1, 1]], keep=(0, 2))
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    transmissions = _transmissions(G)
    leads = transmissions.shape[-1]
    kept = _checked(leads, keep)
    order = [*kept, *(lead for lead in range(leads) if lead not in set(kept))]
    factors, _ = _eliminate(transmissions, order, len(kept))
    result = 0.0 - factors[..., : len(kept), : len(kept)]
    places = np.arange(len(kept))
    result[..., places, places] = 0.0
    result[..., places, places] = -result.sum(axis=-1)
    return result


def _eliminate(transmissions: NDArray, order: list[int], keep: int) -> tuple[NDArray, NDArray]:
    """Put leads in an order, and eliminate all but the first ones of it, from the last on.

    Returns
    -------
    factors, sums
        In the block of the leads kept, their transmissions with the others eliminated. For an
        eliminated lead f, ``factors[..., f, :f]`` are the weights of the voltages in its own,
        ``factors[..., :f, f]`` the transmissions from it, and ``sums[..., f]`` the sum of those
        to it, all at the time of its elimination. Diagonals mean nothing.

    References
    ----------
    W. K. Grassmann, M. I. Taksar, D. P. Heyman, Oper. Res. 33, 1107 (1985).
    """
    leads = len(order)
    factors = np.take(np.take(transmissions, order, axis=-2), order, axis=-1)
    sums = np.ones(factors.shape[:-1])
    matrices, totals = factors.reshape(-1, leads, leads), sums.reshape(-1, leads)
    together = max(1, CACHED // leads**2)
    for first in range(0, len(matrices), together):
        part = slice(first, first + together)
        _eliminate_in_place(matrices[part], totals[part], keep)
    return factors, sums


def _eliminate_in_place(factors: NDArray, sums: NDArray, keep: int) -> None:
    """Turn transmissions into the factors and sums of `_eliminate`; shape (n, leads, leads)."""
    for end in range(factors.shape[-1], keep, -PANEL):
        start = max(keep, end - PANEL)
        for lead in range(end - 1, start - 1, -1):
            later = slice(lead + 1, end)
            row, column = factors[:, lead, :lead], factors[:, :lead, lead]
            row += (factors[:, None, lead, later] @ factors[:, later, :lead])[:, 0]
            column += (factors[:, :lead, later] @ factors[:, later, lead, None])[:, :, 0]
            sums[:, lead] = row.sum(axis=-1)
            row[...] = _ratio(row, sums[:, lead, None])
        panel = slice(start, end)
        factors[:, :start, :start] += factors[:, :start, panel] @ factors[:, panel, :start]


def _ratio(parts: NDArray, whole: NDArray) -> NDArray:
    """Parts of a whole; zero where the whole is zero."""
    return np.divide(parts, whole, out=np.zeros_like(parts), where=whole != 0)


def _transmissions(G: ArrayLike) -> NDArray[np.float64]:
    """Transmissions T_qp between different leads; the diagonal is zero."""
    matrices = np.array(G, float)
    if matrices.ndim < 2 or matrices.shape[-1] != matrices.shape[-2] or not matrices.size:
        raise ValueError(
            f"conductance matrices have the shape (..., leads, leads), not {matrices.shape}"
        )
    allowed = CONSERVED * np.abs(matrices).max(axis=(-2, -1))
    for axis in (-2, -1):
        # A missing sample is nan, which is larger than nothing.
        if np.any(np.abs(matrices.sum(axis=axis)).max(axis=-1) > allowed):
            raise ValueError(
                "the rows and columns of a conductance matrix must sum to zero: give the matrix "
                "of all leads of a system that conserves current"
            )
    places = np.arange(matrices.shape[-1])
    matrices[..., places, places] = 0.0
    if np.any(matrices.max(axis=(-2, -1)) > allowed):
        raise ValueError(
            "a transmission can't be negative: the elements of a conductance matrix off its "
            "diagonal are -T"
        )
    return np.where(-matrices < INSULATED, 0.0, -matrices)


def _of_leads(values: ArrayLike, leads: int, what: str) -> NDArray[np.float64]:
    array = np.asarray(values, float)
    if array.shape[-1:] != (leads,):
        raise ValueError(f"the {what} have the shape (..., {leads} leads), not {array.shape}")
    return array


def check_pair(pair: Sequence[int], what: str) -> None:
    """Refuse what is no pair of different leads, with a ValueError."""
    if not isinstance(pair, Sequence) or len(pair) != 2:
        raise ValueError(f"{what} names two leads, such as {what}=(0, 1), not {pair!r}")
    if pair[0] == pair[1]:
        raise ValueError(f"{what} names lead {pair[0]} twice: name two different leads")


def _checked(leads: int, chosen: Sequence[int]) -> list[int]:
    """Leads that exist, each once."""
    for lead in chosen:
        if not isinstance(lead, Integral) or not 0 <= lead < leads:
            raise ValueError(f"there is no lead {lead!r}: the leads are 0 to {leads - 1}")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"a lead is named twice among {tuple(chosen)}: name each once")
    return [int(lead) for lead in chosen]
