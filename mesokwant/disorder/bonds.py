"""Random factors on the hoppings, H_ij -> f_ij H_ij: amplitudes or phases.

`BondDisorder` and `RandomFlux` are values; `BondFactors` is the draw that both become on a
system, and that a user's own random hopping can become too. `chosen_bonds` numbers the bonds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian.structure import Index, Structure
from .base import Disorder, Draw, Where, check_at_least_zero, chosen_sites


@dataclass(frozen=True)
class BondDisorder(Disorder):
    """Random hopping amplitudes, t_ij -> t_ij (1 + δ), δ uniform in [-strength/2, strength/2].

    Parameters
    ----------
    strength
        Full width of the box, in units of the hopping itself.
    where
        Predicate on sites: bonds with both ends there.

    Raises
    ------
    TypeError, ValueError
        If the strength is no finite number >= 0.

    Examples
    --------
    >>> BondDisorder(strength=0.5)
    BondDisorder(strength=0.5, where=None)
    """

    strength: float
    where: Where | None = None

    units: ClassVar[Mapping[str, str]] = {"strength": "t"}

    def __post_init__(self) -> None:
        check_at_least_zero(self, "strength")

    def bind(self, structure: Structure) -> Draw:
        def factors(rng: np.random.Generator, num_bonds: int) -> NDArray:
            return 1 + self.strength * rng.uniform(-0.5, 0.5, num_bonds)

        return BondFactors(structure, factors, where=self.where, real=True)


@dataclass(frozen=True)
class RandomFlux(Disorder):
    """Random Peierls phases, t_ij -> t_ij exp(2πi φ_ij), φ uniform in [-strength/2, strength/2].

    The flux of a plaquette, in h/e, is the sum of φ around it. The disorder breaks time
    reversal (β = 2) at zero average field.

    Parameters
    ----------
    strength
        Full width of the distribution of φ in h/e; 1 is complete randomness.
    where
        Predicate on sites: bonds with both ends there.

    Raises
    ------
    TypeError, ValueError
        If the strength is no finite number >= 0.

    References
    ----------
    P. A. Lee and D. S. Fisher, Phys. Rev. Lett. 47, 882 (1981).

    Examples
    --------
    >>> RandomFlux(strength=1.0)
    RandomFlux(strength=1.0, where=None)
    """

    strength: float
    where: Where | None = None

    units: ClassVar[Mapping[str, str]] = {"strength": "h/e"}

    def __post_init__(self) -> None:
        check_at_least_zero(self, "strength")

    def bind(self, structure: Structure) -> Draw:
        def factors(rng: np.random.Generator, num_bonds: int) -> NDArray:
            return np.exp(2j * np.pi * self.strength * rng.uniform(-0.5, 0.5, num_bonds))

        return BondFactors(structure, factors, where=self.where, real=False)


class BondFactors(Draw):
    """Draw that multiplies every hopping between two chosen sites by a factor.

    The hopping back gets the conjugate factor, so H stays Hermitian.

    Parameters
    ----------
    structure
        The structure that `Disorder.bind` was given.
    factors
        Function ``factors(rng, num_bonds)`` that returns the factors of all bonds, shape
        (num_bonds,). The bonds are ordered by their two sites, the smaller number first,
        and the factor is that of H_ij with i < j. It is called once per sample.
    where
        Predicate on sites: a bond is chosen if both its ends are; None chooses all bonds.
    real
        Whether the factors are real.

    Raises
    ------
    ValueError
        If `where` holds on no site.
    """

    reads_energy = False

    def __init__(
        self,
        structure: Structure,
        factors: Callable[[np.random.Generator, int], NDArray],
        *,
        where: Where | None = None,
        real: bool,
    ) -> None:
        self.real = real
        self._factors = factors
        bonds = chosen_bonds(structure, where)
        self.entries = bonds.entries
        self._num_bonds, self._bond, self._backward = bonds.number, bonds.bond, bonds.backward

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        factor = self._factors(rng, self._num_bonds)[self._bond]
        values[at] *= np.where(self._backward, factor.conj(), factor)


@dataclass(frozen=True)
class Bonds:
    """Matrix elements of the hoppings of a system, each with its bond.

    Attributes
    ----------
    number
        How many bonds the system has, chosen or not.
    entries
        Positions of the elements of the chosen bonds in the pattern of H, sorted.
    bond
        The bond of each of them; bonds are ordered by their two sites, the smaller number first.
    backward
        Whether an element is of H_ji, with i < j.
    """

    number: int
    entries: Index
    bond: Index
    backward: NDArray[np.bool_]


def chosen_bonds(structure: Structure, where: Where | None) -> Bonds:
    """Number the bonds of a system, and choose those with both ends at sites of a predicate.

    Raises
    ------
    ValueError
        If `where` holds on no site.
    """
    sites = chosen_sites(structure, where)
    row, column = structure.entry_sites
    keys = np.minimum(row, column) * structure.num_sites + np.maximum(row, column)
    between = row != column
    pairs, bond = np.unique(keys[between], return_inverse=True)
    chosen = np.isin(row[between], sites) & np.isin(column[between], sites)
    entries = np.flatnonzero(between)[chosen]
    return Bonds(len(pairs), entries, bond[chosen], row[entries] > column[entries])
