"""Disorder as values, and the one door to randomness.

H = H_clean + Σ_i V_i |i><i| for potentials, H_ij -> f_ij H_ij for bonds, and
the removal of sites for vacancies; in units of the hopping t.

The pair (seed, sample) decides every random number. The stream of a sample is
drawn for all sites or bonds of the scattering region in their fixed order and
only then scaled, masked and placed. So the same sample at another field,
energy, strength or `where`, in another batch or on another worker, is the
same configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from .structure import Index, Structure

Where = Callable[[Any], bool]
Matrix = tuple[tuple[complex, ...], ...]
"""A matrix as a tuple of rows: a value, unlike an array."""

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def stream(seed: int, sample: int, term: int) -> np.random.Generator:
    """Random numbers of one term of the disorder in one sample (counter-based, Philox)."""
    key = np.array([seed, sample], np.uint64)
    counter = np.array([0, 0, 0, term], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


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


class Disorder:
    """Base of all disorder values: they add, and are bound to a system by the solver."""

    def __add__(self, other: Disorder) -> Sum:
        return Sum(terms_of(self) + terms_of(other))

    def bind(self, structure: Structure) -> Draw:
        raise NotImplementedError


@dataclass(frozen=True)
class Sum(Disorder):
    """Several kinds of disorder at once; the stream of each depends on its place."""

    terms: tuple[Disorder, ...]


def terms_of(disorder: Disorder | None) -> tuple[Disorder, ...]:
    """The terms of a disorder, none for None."""
    if disorder is None:
        return ()
    if not isinstance(disorder, Disorder):
        raise TypeError(
            f"disorder must be a value such as mk.Anderson(width=1.5) or a sum of them, "
            f"not {disorder!r}"
        )
    return disorder.terms if isinstance(disorder, Sum) else (disorder,)


@dataclass(frozen=True)
class Anderson(Disorder):
    """White-noise potential, uniform in [-width/2, width/2] on every site.

    Parameters
    ----------
    width
        Width of the box in t; <V²> = width²/12.
    where
        Predicate on sites: only these are disordered.
    matrix
        The potential acts as ``V * matrix`` on the orbitals of a site (any
        array-like; kept as a tuple of rows); the unit matrix by default.

    References
    ----------
    P. W. Anderson, Phys. Rev. 109, 1492 (1958).
    """

    width: float
    where: Where | None = None
    matrix: Matrix | None = None

    def __post_init__(self) -> None:
        _at_least_zero(self, width=self.width)
        _as_rows(self)

    def bind(self, structure: Structure) -> Draw:
        sites = _chosen(structure, self.where)
        return _Potential(
            structure, sites, self.matrix, lambda rng, n: rng.uniform(-0.5, 0.5, n), self.width
        )


@dataclass(frozen=True)
class Gaussian(Disorder):
    """Correlated Gaussian potential, <V(r) V(r')> = strength² exp(-|r - r'|²/(2 ξ²)).

    Made by smoothing white noise on the sites with exp(-|r - r'|²/ξ²), with
    the variance normalized on every site, also near the edges.

    Parameters
    ----------
    strength
        Root mean square of the potential in t.
    correlation_length
        ξ in lattice constants (the length unit of the site positions); 0 is
        white noise.
    where, matrix
        See `Anderson`.
    """

    strength: float
    correlation_length: float
    where: Where | None = None
    matrix: Matrix | None = None

    def __post_init__(self) -> None:
        _at_least_zero(self, strength=self.strength, correlation_length=self.correlation_length)
        _as_rows(self)

    def bind(self, structure: Structure) -> Draw:
        sites = _chosen(structure, self.where)
        if self.correlation_length == 0:
            return _Potential(
                structure, sites, self.matrix, lambda rng, n: rng.normal(size=n), self.strength
            )
        smooth = self._smoothing(structure)
        return _Potential(
            structure,
            sites,
            self.matrix,
            lambda rng, n: smooth @ rng.normal(size=n),
            self.strength,
        )

    def _smoothing(self, structure: Structure) -> sp.csr_array:
        """Rows of unit length, cut where the Gaussian is below 1e-7."""
        positions = np.array([site.pos for site in structure.sites])
        tree = cKDTree(positions)
        near = tree.sparse_distance_matrix(
            tree, 4.0 * self.correlation_length, output_type="coo_matrix"
        )
        weights = np.exp(-((near.data / self.correlation_length) ** 2))
        n = len(positions)
        kernel = sp.csr_array((weights, (near.row, near.col)), shape=(n, n))
        norms = np.sqrt(np.asarray(kernel.multiply(kernel).sum(axis=1))).ravel()
        return sp.csr_array(sp.diags_array(1 / norms) @ kernel)


@dataclass(frozen=True)
class MagneticImpurities(Disorder):
    """Classical spins in random directions, strength * S·σ on the orbitals of a site.

    Breaks time reversal in spinful systems. The orbitals of a site must come
    as (orbital, spin) with the spin running fastest.

    Parameters
    ----------
    strength
        Exchange energy in t.
    concentration
        Fraction of the sites that carry an impurity.
    where
        Predicate on sites.
    """

    strength: float
    concentration: float = 1.0
    where: Where | None = None

    def __post_init__(self) -> None:
        _at_least_zero(self, strength=self.strength)
        _fraction(self, concentration=self.concentration)

    def bind(self, structure: Structure) -> Draw:
        return _Spins(structure, _chosen(structure, self.where), self)


@dataclass(frozen=True)
class BondDisorder(Disorder):
    """Random hopping amplitudes, t_ij -> t_ij (1 + δ), δ uniform in [-width/2, width/2].

    Parameters
    ----------
    width
        Width of the box, in units of the hopping itself.
    where
        Predicate on sites: bonds with both ends there.
    """

    width: float
    where: Where | None = None

    def __post_init__(self) -> None:
        _at_least_zero(self, width=self.width)

    def bind(self, structure: Structure) -> Draw:
        return _Bonds(
            structure,
            _chosen(structure, self.where),
            lambda rng, n: 1 + self.width * rng.uniform(-0.5, 0.5, n),
            real=True,
        )


@dataclass(frozen=True)
class RandomFlux(Disorder):
    """Random Peierls phases, t_ij -> t_ij exp(2πi φ_ij), φ uniform in [-strength/2, strength/2].

    The flux of a plaquette, in h/e, is the sum of φ around it. Breaks time
    reversal (β = 2) at zero average field.

    Parameters
    ----------
    strength
        Width of the distribution of φ in h/e; 1 is complete randomness.
    where
        Predicate on sites: bonds with both ends there.

    References
    ----------
    P. A. Lee and D. S. Fisher, Phys. Rev. Lett. 47, 882 (1981).
    """

    strength: float
    where: Where | None = None

    def __post_init__(self) -> None:
        _at_least_zero(self, strength=self.strength)

    def bind(self, structure: Structure) -> Draw:
        return _Bonds(
            structure,
            _chosen(structure, self.where),
            lambda rng, n: np.exp(2j * np.pi * self.strength * rng.uniform(-0.5, 0.5, n)),
            real=False,
        )


@dataclass(frozen=True)
class Vacancies(Disorder):
    """Sites removed at random, exactly: every hopping to them is cut.

    A site that a lead attaches to stays: the leads are clean. The sample with
    a larger concentration keeps the vacancies that it had at a smaller one.
    Sites that vacancies cut off from every lead go with them.

    Parameters
    ----------
    concentration
        Probability that a site is missing.
    where
        Predicate on sites.
    """

    concentration: float
    where: Where | None = None

    def __post_init__(self) -> None:
        _fraction(self, concentration=self.concentration)

    def bind(self, structure: Structure) -> Draw:
        return _Removed(structure, _chosen(structure, self.where), self.concentration)


# -- the terms bound to a system ------------------------------------------------------------


class _Potential:
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


class _Spins:
    """strength * S·σ on the sites that carry an impurity."""

    last = False
    real = False

    def __init__(self, structure: Structure, sites: Index, model: MagneticImpurities) -> None:
        sizes = np.diff(structure.offsets)[sites]
        if np.any(sizes % 2):
            raise ValueError(
                "magnetic impurities need an even number of orbitals on every site (the spin "
                "runs fastest); choose sites with spin by `where=`"
            )
        self._num_sites, self._model = structure.num_sites, model
        starts = _spans(structure.offsets[sites], sizes)[::2]
        site = np.repeat(sites, sizes // 2)
        spin = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
        rows, columns = (starts[:, None, None] + spin).reshape(-1, 2).T
        order = np.lexsort((columns, rows))
        self.entries = structure.entries(rows, columns)[order]
        self._site = np.repeat(site, 4)[order]
        self._spin = np.tile(np.arange(4), len(starts))[order]

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        present = rng.random(self._num_sites) < self._model.concentration
        directions = rng.normal(size=(self._num_sites, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        terms = self._model.strength * present[:, None] * (directions @ PAULI.reshape(3, 4))
        values[at] += terms[self._site, self._spin]


class _Bonds:
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


class _Removed:
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


# -- small helpers --------------------------------------------------------------------------


def _spans(starts: Index, sizes: Index) -> Index:
    """The integers start ... start + size - 1 of every span, one after the other."""
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(starts, sizes) + inside


def _chosen(structure: Structure, where: Where | None) -> Index:
    if where is None:
        return np.arange(structure.num_sites)
    chosen = np.flatnonzero([bool(where(site)) for site in structure.sites])
    if len(chosen) == 0:
        raise ValueError(
            "the predicate `where` of the disorder holds on no site of the scattering region; "
            "it is called with a kwant Site (site.pos, site.tag, site.family)"
        )
    return chosen


def _as_rows(model: Anderson | Gaussian) -> None:
    """Keep the matrix as a tuple of rows, however it was given: the value stays hashable."""
    if model.matrix is not None:
        rows = np.atleast_2d(np.array(model.matrix, complex))
        object.__setattr__(model, "matrix", tuple(tuple(row.tolist()) for row in rows))


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


def _at_least_zero(model: object, **values: float) -> None:
    for name, value in values.items():
        if not (np.isfinite(value) and value >= 0):
            raise ValueError(
                f"{type(model).__name__}: {name} must be a finite number >= 0 "
                f"(0 is the clean limit), not {value!r}"
            )


def _fraction(model: object, **values: float) -> None:
    for name, value in values.items():
        if not 0 <= value <= 1:
            raise ValueError(
                f"{type(model).__name__}: {name} must lie between 0 and 1, not {value!r}"
            )


@dataclass(frozen=True, eq=False)
class Configurations:
    """The disorder bound to a system: the elements of H that vary, and their values by sample.

    Attributes
    ----------
    entries
        Positions in the pattern of all elements that any term changes, sorted.
    """

    draws: tuple[Draw, ...]

    @cached_property
    def entries(self) -> Index:
        parts = [draw.entries for draw in self.draws]
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)

    @cached_property
    def _places(self) -> list[Index]:
        return [np.searchsorted(self.entries, draw.entries) for draw in self.draws]

    @property
    def real(self) -> bool:
        return all(draw.real for draw in self.draws)

    def values(self, clean: NDArray, seed: int, sample: int, energy: float) -> NDArray:
        """Values of the varying elements of H in one sample, given their clean values.

        The energy only keeps isolated sites off resonance: see `Vacancies`.
        """
        values = clean.copy() if self.real else clean.astype(complex)
        # Vacancies come last: what is cut stays cut.
        for last in (False, True):
            for term, (draw, at) in enumerate(zip(self.draws, self._places, strict=True)):
                if draw.last is last:
                    draw.apply(values, at, stream(seed, sample, term), energy)
        return values


def bind(disorder: Disorder | None, structure: Structure) -> Configurations:
    """Bind a disorder, or None, to the structure of a system."""
    return Configurations(tuple(term.bind(structure) for term in terms_of(disorder)))
