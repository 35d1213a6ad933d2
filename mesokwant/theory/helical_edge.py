"""Helical edges: one pair of states, which time reversal protects, around an insulator.

`helical_resistance` takes which contacts carry the current and which measure the voltage, and
gives the fraction of h/e² between ideal contacts. `helical_conductance` takes what share of the
electrons each contact absorbs, and gives the conductance matrix. `edge_mean_free_path` takes the
states of an edge and gives the mean free path among weak magnetic impurities.

An edge state that time reversal reverses into itself is not scattered back. At a contact it is
therefore absorbed or passes by. Magnetic impurities scatter it back, and one edge is then a
single channel: `chain_log_conductance_density` is the distribution of its ln T.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def edge_mean_free_path(strength: float, forward: ArrayLike, backward: ArrayLike) -> float:
    """Return the mean free path of a helical edge among classical spins, to second order in them.

    The impurities are strength * S·σ with independent unit vectors S at all sites. Their average
    over directions is the golden rule for the reflection by one column of sites,

        1/l = strength²/3 Σ_y Σ_a |ψ_b†(y) σ_a ψ_f(y)|²,    a = x, y, z.

    The phases of the spins are random, so that <ln T> = -L/l whatever the wave number is.

    Parameters
    ----------
    strength
        Exchange energy in t.
    forward, backward
        States of one edge that move either way, each with a unit current in e²/h, on the sites
        that carry a spin: shape (sites across, orbitals, states), with the spin running fastest.

    Returns
    -------
    The length in lattice constants along the edge.

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), for the reflection of a thin slice.

    Examples
    --------
    A state on one row of sites that moves with the velocity 2, and its partner:

    >>> up, down = np.array([[[1.0], [0.0]]]) / 2**0.5, np.array([[[0.0], [1.0]]]) / 2**0.5
    >>> round(edge_mean_free_path(0.5, up, down), 3)
    24.0
    """
    ahead, behind = np.asarray(forward), np.asarray(backward)
    orbitals = np.identity(ahead.shape[1] // 2)
    matrices = [np.kron(orbitals, pauli) for pauli in PAULI]
    reflected = sum(
        np.sum(np.abs(np.einsum("yob,op,ypf->ybf", behind.conj(), matrix, ahead)) ** 2)
        for matrix in matrices
    )
    return float(3 / (strength**2 * reflected))
