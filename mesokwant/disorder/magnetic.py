"""Magnetic impurities: classical spins in random directions that the electron spin couples to.

H = H_clean + strength Σ_i S_i·σ over a random share of the sites, with unit vectors S_i
and σ the Pauli matrices of the electron spin; the strength is in t.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian.structure import Index, Structure, concatenated_ranges
from .base import (
    Disorder,
    Draw,
    Where,
    check_at_least_zero,
    check_fraction,
    chosen_sites,
)

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@dataclass(frozen=True)
class MagneticImpurities(Disorder):
    """Classical spins in random directions, strength * S·σ on the orbitals of a site.

    They break time reversal in spinful systems. The orbitals of a site must come
    as (orbital, spin) with the spin running fastest.

    Parameters
    ----------
    strength
        Exchange energy in t.
    concentration
        Probability that a site carries an impurity.
    where
        Predicate on sites.

    Raises
    ------
    TypeError, ValueError
        If the strength is no finite number >= 0 or the concentration no number from 0 to 1.

    Examples
    --------
    >>> MagneticImpurities(strength=0.2)
    MagneticImpurities(strength=0.2, concentration=1.0, where=None)
    """

    strength: float
    concentration: float = 1.0
    where: Where | None = None

    units: ClassVar[Mapping[str, str]] = {"strength": "t", "concentration": "per site"}

    def __post_init__(self) -> None:
        check_at_least_zero(self, "strength")
        check_fraction(self, "concentration")

    def bind(self, structure: Structure) -> Draw:
        return _RandomSpins(structure, self)


class _RandomSpins(Draw):
    """Draw that adds strength * S·σ to the sites that carry an impurity."""

    real = False
    reads_energy = False

    def __init__(self, structure: Structure, impurities: MagneticImpurities) -> None:
        sites = chosen_sites(structure, impurities.where)
        sizes = np.diff(structure.offsets)[sites]
        if np.any(sizes % 2):
            raise ValueError(
                "magnetic impurities need an even number of orbitals on every site (the spin "
                "runs fastest); choose sites with spin by `where=`"
            )
        self._num_sites = structure.num_sites
        self._impurities = impurities
        starts = concatenated_ranges(structure.offsets[sites], sizes)[::2]
        site = np.repeat(sites, sizes // 2)
        spin = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
        rows, columns = (starts[:, None, None] + spin).reshape(-1, 2).T
        order = np.lexsort((columns, rows))
        self.entries = structure.entries(rows, columns)[order]
        self._site = np.repeat(site, 4)[order]
        self._spin = np.tile(np.arange(4), len(starts))[order]

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        present = rng.random(self._num_sites) < self._impurities.concentration
        directions = rng.normal(size=(self._num_sites, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        terms = self._impurities.strength * present[:, None] * (directions @ PAULI.reshape(3, 4))
        values[at] += terms[self._site, self._spin]
