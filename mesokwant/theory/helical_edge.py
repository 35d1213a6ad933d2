"""Helical edges: one pair of states, which time reversal protects, around an insulator.

`helical_resistance` takes which contacts carry the current and which measure the voltage, and
gives the fraction of h/e² between ideal contacts. `helical_conductance` takes what share of the
electrons each contact absorbs, and gives the conductance matrix. `edge_mean_free_path` takes the
states of an edge and gives the mean free path among weak magnetic impurities, and
`columns_log_variance` var ln T to the next order in what one column of sites reflects.

An edge state that time reversal reverses into itself is not scattered back. At a contact it is
therefore absorbed or passes by. Magnetic impurities scatter it back, and one edge is then a
single channel: `chain_log_conductance_density` is the distribution of its ln T.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .disordered_chain import chain_log_conductance_moments

Array = NDArray[np.float64]

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def helical_resistance(contacts: int, current: tuple[int, int], voltage: tuple[int, int]) -> float:
    """Return the resistance between ideal contacts on one closed helical edge.

    Each of the n segments between neighbours conducts e²/h. A current between contacts that are m
    segments apart divides into the shares (n - m)/n and m/n, so that R = m (n - m)/n between them.

    Parameters
    ----------
    contacts
        Number n of contacts on the edge.
    current, voltage
        The contacts (a, b) of the current and (c, d) of the voltage, as their places 0 to n - 1
        around the edge.

    Returns
    -------
    R_ab,cd = (V_c - V_d)/I, a pure number, in h/e².

    References
    ----------
    Büttiker, Phys. Rev. Lett. 57, 1761 (1986); Roth et al., Science 325, 294 (2009).

    Examples
    --------
    >>> helical_resistance(4, (0, 1), (0, 1)), helical_resistance(4, (0, 1), (3, 2))
    (0.75, 0.25)
    >>> helical_resistance(6, (0, 3), (0, 3)), helical_resistance(6, (0, 3), (1, 2))
    (1.5, 0.5)
    """
    apart = (current[1] - current[0]) % contacts

    def potential(place: int) -> float:
        after = (place - current[0]) % contacts
        forward, backward = max(apart - after, 0), min(max(after - apart, 0), contacts - apart)
        return (forward * (contacts - apart) + backward * apart) / contacts

    return potential(voltage[0]) - potential(voltage[1])


def helical_conductance(absorbed: ArrayLike) -> Array:
    """Return the conductance matrix of contacts that absorb only a share of the edge's electrons.

    An electron that leaves a contact goes around the edge one way or the other, and at every
    contact it is absorbed with the probability p_i or passes by. It is never turned around, for
    time reversal forbids it, and passages do not interfere: with q = 1 - p, both ways add to

        T_ji = p_j Π q_k p_i / (1 - Π_all q),    k between i and j.

    Parameters
    ----------
    absorbed
        The probability p_i between 0 and 1 for every contact, in their order around the edge,
        shape (..., contacts).

    Returns
    -------
    G with I = G V in e²/h, shape (..., contacts, contacts).

    References
    ----------
    Büttiker, Phys. Rev. B 38, 9375 (1988), for the contacts of chiral edges; twice of it here.

    Examples
    --------
    >>> helical_conductance([1.0, 1.0, 0.5])[0].round(6).tolist()
    [2.0, -1.5, -0.5]
    """
    p = np.asarray(absorbed, dtype=float)
    contacts = p.shape[-1]
    passed = 1 - p
    around = 1 - np.prod(passed, axis=-1)
    T = np.zeros((*p.shape, contacts))
    for source in range(contacts):
        for step in (1, -1):
            remaining = p[..., source] / around
            for distance in range(1, contacts):
                place = (source + step * distance) % contacts
                T[..., place, source] += remaining * p[..., place]
                remaining = remaining * passed[..., place]
    diagonal = np.arange(contacts)
    G = -T
    G[..., diagonal, diagonal] = T.sum(axis=-2)
    return G


def edge_mean_free_path(
    strength: float, forward: ArrayLike, backward: ArrayLike
) -> tuple[float, float]:
    """Return the mean free path of a helical edge among classical spins, and its columns' spread.

    The impurities are strength * S·σ with independent unit vectors S at all sites. One column of
    sites reflects with the amplitude strength Σ_y S_y·v_y, v_a(y) = ψ_b†(y) σ_a ψ_f(y), and its
    average over the directions is the golden rule,

        1/l = <R> = strength²/3 Σ_y |v(y)|².

    The phases of the amplitudes are random, so that <ln T> = -L/l whatever the wave number is.

    Parameters
    ----------
    strength
        Exchange energy in t.
    forward, backward
        The states of one edge that move either way, each with a unit current in e²/h, on the
        sites that carry a spin: shape (sites across, orbitals), with the spin running fastest.

    Returns
    -------
    The length l in lattice constants along the edge, and the pure number var R/<R>².

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), for the reflection of a thin slice; the spread from
    <S_i S_j S_k S_l> = (δδ + δδ + δδ)/15.

    Examples
    --------
    A state on one row of sites that moves with the velocity 2, and its partner:

    >>> up, down = np.array([[1.0, 0.0]]) / 2**0.5, np.array([[0.0, 1.0]]) / 2**0.5
    >>> length, spread = edge_mean_free_path(0.5, up, down)
    >>> round(length, 3), round(spread, 3)
    (24.0, 0.2)
    """
    ahead, behind = np.asarray(forward), np.asarray(backward)
    orbitals = np.identity(ahead.shape[1] // 2)
    matrices = np.array([np.kron(orbitals, pauli) for pauli in PAULI])
    v = np.einsum("yo,aop,yp->ya", behind.conj(), matrices, ahead)
    size, square = np.sum(np.abs(v) ** 2, axis=1), np.sum(v * v, axis=1)
    reflected = size.sum() / 3
    # Many rows make a Gaussian amplitude; unit vectors have a smaller fourth moment.
    fourth = 2 * reflected**2 + abs(square.sum() / 3) ** 2
    fourth -= 2 / 45 * np.sum(np.abs(square) ** 2 + 2 * size**2)
    return float(1 / (strength**2 * reflected)), float(fourth / reflected**2 - 1)


def columns_log_variance(
    length: ArrayLike, reflected: ArrayLike, *, spread: ArrayLike = 0.0
) -> Array:
    """Return var ln T of a single channel that is made of columns, and not of thin slices.

    With random phases, averages over 1/T of conical functions multiply from column to column. The
    next order in their reflection R changes the average F(s) of any function of T by

        -(1 - spread) s R/4 F''(s),

    so that <ln T> = -s keeps its form and, with V(s) for thin slices, the variance is

        V(s) - (1 - spread) s R/4 [V''(s) + 2],    spread = var R/<R>².

    It is less by R/4 if s >> 1, and by one over the number s/R of columns if s << 1.

    Parameters
    ----------
    length
        s = -<ln T> > 0.
    reflected
        Mean reflection <R> of a column, between 0 and 1.
    spread
        var R/<R>² over the columns.

    Returns
    -------
    The variance, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Abrikosov, Solid State Commun. 37, 997 (1981), for thin slices; expanded here.

    Examples
    --------
    >>> [round(float(columns_log_variance(20.0, R) / columns_log_variance(20.0, 0)), 3)
    ...  for R in (0.02, 0.1)]
    [0.995, 0.973]
    """
    s = np.asarray(length, dtype=float)
    step = 0.1 * s
    # The second derivative of a smooth function, which is itself a correction.
    below, here, above = (
        chain_log_conductance_moments(place)[0] for place in (s - step, s, s + step)
    )
    curvature = (below - 2 * here + above) / step**2
    return here - (1 - np.asarray(spread)) * s * np.asarray(reflected) / 4 * (curvature + 2)
