"""Terms of the disorder bound to a system: which elements of H they change, and how.

All of them draw for every site or bond of the scattering region in their fixed
order, and only then choose and place. So a sample keeps its numbers whatever
its strength or `where`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components

from ..hamiltonian.structure import Index, Structure

Matrix = tuple[tuple[complex, ...], ...]
"""A matrix as a tuple of rows: a value, unlike an array."""

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


class Draw(Protocol):
    """One term of the disorder, bound to a system.

    `entries` are the positions in the pattern of H that it changes, sorted;
    `apply` changes their values, one sample, in place.
    """

    entries: Index
    real: bool
    last: bool

    def apply(
        self, values: NDArray, at: Index, rng: np.random.Generator, energy: float
    ) -> None: ...


class Potential:
    """V_i times a matrix on the orbitals of every chosen site."""

    last = False

    def __init__(
        self,
        structure: Structure,
        sites: Index,
        matrix: Matrix | None,
        noise: Callable[[np.random.Generator, int], NDArray],
        scale: float,
    ) -> None:
        self._num_sites, self._noise, self._scale = structure.num_sites, noise, scale
        starts, sizes = structure.offsets[sites], np.diff(structure.offsets)[sites]
        if matrix is None:
            orbitals = _spans(starts, sizes)
            self.entries = structure.entries(orbitals, orbitals)
            self._site = np.repeat(sites, sizes)
            self._factor: NDArray | float = 1.0
        else:
            block = _hermitian_block(matrix, sizes)
            row, column = np.nonzero(block)
            rows = (starts[:, None] + row).ravel()
            columns = (starts[:, None] + column).ravel()
            order = np.lexsort((columns, rows))
            self.entries = structure.entries(rows, columns)[order]
            self._site = np.repeat(sites, len(row))[order]
            self._factor = np.tile(block[row, column], len(sites))[order]
        if not np.any(np.imag(self._factor)):
            self._factor = np.real(self._factor)
        self.real = not np.iscomplexobj(self._factor)

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        noise = self._scale * self._noise(rng, self._num_sites)
        values[at] += self._factor * noise[self._site]


class Spins:
    """strength * S·σ on the sites that carry an impurity."""

    last = False
    real = False

    def __init__(
        self, structure: Structure, sites: Index, strength: float, concentration: float
    ) -> None:
        sizes = np.diff(structure.offsets)[sites]
        if np.any(sizes % 2):
            raise ValueError(
                "magnetic impurities need an even number of orbitals on every site (the spin "
                "runs fastest); choose sites with spin by `where=`"
            )
        self._num_sites = structure.num_sites
        self._strength, self._concentration = strength, concentration
        starts = _spans(structure.offsets[sites], sizes)[::2]
        site = np.repeat(sites, sizes // 2)
        spin = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
        rows, columns = (starts[:, None, None] + spin).reshape(-1, 2).T
        order = np.lexsort((columns, rows))
        self.entries = structure.entries(rows, columns)[order]
        self._site = np.repeat(site, 4)[order]
        self._spin = np.tile(np.arange(4), len(starts))[order]

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        present = rng.random(self._num_sites) < self._concentration
        directions = rng.normal(size=(self._num_sites, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        terms = self._strength * present[:, None] * (directions @ PAULI.reshape(3, 4))
        values[at] += terms[self._site, self._spin]


class Bonds:
    """A factor on every hopping between two chosen sites; its conjugate on the way back."""

    last = False

    def __init__(
        self,
        structure: Structure,
        sites: Index,
        factor: Callable[[np.random.Generator, int], NDArray],
        real: bool,
    ) -> None:
        self.real = real
        self._factor = factor
        # Bonds are numbered by (smaller, larger site), in that order.
        row, column = structure.entry_sites
        keys = np.minimum(row, column) * structure.num_sites + np.maximum(row, column)
        between = row != column
        bonds, bond = np.unique(keys[between], return_inverse=True)
        self._num_bonds = len(bonds)
        chosen = np.isin(row[between], sites) & np.isin(column[between], sites)
        self.entries = np.flatnonzero(between)[chosen]
        self._bond = bond[chosen]
        self._backward = row[self.entries] > column[self.entries]

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        factor = self._factor(rng, self._num_bonds)[self._bond]
        values[at] *= np.where(self._backward, factor.conj(), factor)


class Removed:
    """Elements to and from removed sites are zero; their on-site energy is off resonance.

    A site without hoppings takes no part in transport, whatever its on-site
    energy: one a hopping away from E keeps the linear system regular. Sites
    that the vacancies cut off from every lead are removed too: an island with
    a level at E would make the system singular, and says nothing.
    """

    last = True
    real = True

    def __init__(self, structure: Structure, sites: Index, concentration: float) -> None:
        sites = np.setdiff1d(sites, structure.interface_sites)
        self._num_sites, self._concentration = structure.num_sites, concentration
        self._removable = np.zeros(structure.num_sites, bool)
        self._removable[sites] = True
        # All elements: vacancies may cut off sites far from them.
        self.entries = np.arange(len(structure.indices))
        self._row, self._column = structure.entry_sites[:, self.entries]
        self._pairs = np.unique(structure.entry_sites, axis=1)
        self._interface_sites = structure.interface_sites
        self._diagonal = structure.rows[self.entries] == structure.indices[self.entries]

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        removed = self._removable & (rng.random(self._num_sites) < self._concentration)
        removed |= self._cut_off(removed)
        cut = removed[self._row] | removed[self._column]
        isolated = energy - np.abs(values).max(initial=0.0)
        values[at[cut]] = np.where(self._diagonal[cut], isolated, 0.0)

    def _cut_off(self, removed: NDArray) -> NDArray:
        """Whether each site has no way to a lead left."""
        row, column = self._pairs[:, ~removed[self._pairs].any(axis=0)]
        n = self._num_sites
        bonds = sp.csr_array((np.ones(len(row), np.int8), (row, column)), shape=(n, n))
        _, component = connected_components(bonds, directed=False)
        return ~np.isin(component, component[self._interface_sites])


def _spans(starts: Index, sizes: Index) -> Index:
    """The integers start ... start + size - 1 of every span, one after the other."""
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(starts, sizes) + inside


def _hermitian_block(matrix: ArrayLike, sizes: Iterable[int]) -> NDArray:
    block = np.atleast_2d(np.array(matrix, complex))
    if set(map(int, sizes)) != {len(block)} or block.shape != (len(block),) * 2:
        raise ValueError(
            f"the matrix of the disorder has shape {block.shape} but the sites have "
            f"{sorted(set(map(int, sizes)))} orbitals; choose sites by `where=`"
        )
    if not np.allclose(block, block.conj().T, atol=1e-14):
        raise ValueError("the matrix of the disorder must be Hermitian")
    return block
