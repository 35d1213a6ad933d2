"""Random spin-orbit coupling: every hopping rotates the spin about an axis of its own.

H_ij -> H_ij U_ij with U_ij = exp(i strength n_ij·σ), unit vectors n_ij in random directions, and
the Pauli matrices σ of the electron spin. The way back rotates the spin back, so that H stays
Hermitian, and time reversal is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian.structure import Index, Structure
from .base import Disorder, Draw, Where, check_at_least_zero
from .bonds import chosen_bonds
from .magnetic import PAULI


@dataclass(frozen=True)
class RandomSpinOrbit(Disorder):
    """Random rotations of the spin on the hoppings, t_ij -> t_ij exp(i strength n_ij·σ).

    Axes n_ij are independent and isotropic. A hopping rotates the spin by the angle 2 strength;
    with π/2 nothing is left of its direction (the SU(2) model has all angles). Unlike a coupling
    that is the same everywhere, it makes the rotation on a path independent of that on another
    path beside it: paths that enclose little area tell their directions apart, too. It scatters
    electrons like other disorder of short range. The orbitals of a site must come as (orbital,
    spin) with the spin running fastest.

    Parameters
    ----------
    strength
        Half the angle of rotation, in rad.
    where
        Predicate on sites: bonds with both ends there.

    Raises
    ------
    TypeError, ValueError
        If the strength is no finite number >= 0.

    References
    ----------
    Asada, Slevin and Ohtsuki, Phys. Rev. Lett. 89, 256601 (2002).

    Examples
    --------
    >>> RandomSpinOrbit(strength=0.1)
    RandomSpinOrbit(strength=0.1, where=None)
    """

    strength: float
    where: Where | None = None

    units: ClassVar[Mapping[str, str]] = {"strength": "rad"}

    def __post_init__(self) -> None:
        check_at_least_zero(self, "strength")

    def bind(self, structure: Structure) -> Draw:
        return _Rotations(structure, self)


class _Rotations(Draw):
    """Draw that multiplies the blocks of spin in every hopping by random rotations."""

    real = False

    def __init__(self, structure: Structure, coupling: RandomSpinOrbit) -> None:
        bonds = chosen_bonds(structure, coupling.where)
        orbitals = np.diff(structure.offsets)[structure.entry_sites[:, bonds.entries]]
        if np.any(orbitals % 2):
            raise ValueError(
                "random spin-orbit coupling needs an even number of orbitals on every site (the "
                "spin runs fastest); choose sites with spin by `where=`"
            )
        self.entries = bonds.entries
        self._strength, self._num_bonds = coupling.strength, bonds.number
        # A rotation mixes two elements: the spins of the column, or on the way back of the row.
        rows, columns = structure.rows[self.entries], structure.indices[self.entries]
        sites = structure.entry_sites[:, self.entries]
        mixed = np.where(bonds.backward, rows, columns)
        spin = (mixed - structure.offsets[np.where(bonds.backward, *sites)]) % 2
        up = spin == 0
        step = np.where(bonds.backward, [[1], [0]], [[0], [1]])[:, up]
        down = structure.entries(rows[up] + step[0], columns[up] + step[1])
        self._pairs = np.stack([np.flatnonzero(up), np.searchsorted(self.entries, down)])
        self._bond, self._backward = bonds.bond[up], bonds.backward[up]

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        axes = rng.normal(size=(self._num_bonds, 3))
        axes /= np.linalg.norm(axes, axis=1, keepdims=True)
        rotations = np.cos(self._strength) * np.eye(2) + 1j * np.sin(self._strength) * (
            axes @ PAULI.reshape(3, 4)
        ).reshape(-1, 2, 2)
        # (A U)_ab = Σ_c U_cb A_ac, and on the way back (U† A)_ab = Σ_c U*_ca A_cb.
        factors = rotations[self._bond].transpose(0, 2, 1)
        factors = np.where(self._backward[:, None, None], factors.conj(), factors)
        places = at[self._pairs]
        values[places] = np.einsum("pij,jp->ip", factors, values[places])
