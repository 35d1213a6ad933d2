"""Random on-site potentials, H = H_clean + Σ_i V_i |i><i|: uncorrelated or smooth.

`Anderson` and `Gaussian` are values; `SitePotential` is the draw that both become on a
system, and that a user's own potential can become too. V is in t, lengths in the lattice
constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from ..hamiltonian.structure import Index, Structure, concatenated_ranges
from .base import (
    Disorder,
    Draw,
    Where,
    check_at_least_zero,
    chosen_sites,
    site_positions,
)

Matrix = tuple[tuple[complex, ...], ...]
"""A matrix as a tuple of rows: a value, unlike an array."""


@dataclass(frozen=True)
class Anderson(Disorder):
    """White-noise potential, uniform in [-strength/2, strength/2] on every site.

    Parameters
    ----------
    strength
        Full width of the box in t; <V²> = strength²/12.
    where
        Predicate on sites: only these are disordered.
    matrix
        The potential acts as ``V * matrix`` on the orbitals of a site (any
        array-like; kept as a tuple of rows); the unit matrix by default.

    Raises
    ------
    TypeError, ValueError
        If the strength is no finite number >= 0.

    References
    ----------
    P. W. Anderson, Phys. Rev. 109, 1492 (1958).

    Examples
    --------
    >>> Anderson(strength=1.5, where=None).strength
    1.5
    """

    strength: float
    where: Where | None = None
    matrix: Matrix | None = None

    units: ClassVar[Mapping[str, str]] = {"strength": "t"}

    def __post_init__(self) -> None:
        check_at_least_zero(self, "strength")
        _store_rows(self)

    def bind(self, structure: Structure) -> Draw:
        def potential(rng: np.random.Generator) -> NDArray:
            return self.strength * rng.uniform(-0.5, 0.5, structure.num_sites)

        return SitePotential(structure, potential, where=self.where, matrix=self.matrix)


@dataclass(frozen=True)
class Gaussian(Disorder):
    """Correlated Gaussian potential, <V(r) V(r')> = strength² exp(-|r - r'|²/(2 ξ²)).

    It is white noise on the sites, smoothed with exp(-|r - r'|²/ξ²); the variance is
    normalized on every site, also near the edges. The stated correlation is that of a
    continuum: the lattice lowers it, per direction, by a share of up to 4 exp(-π²ξ²/2) of
    its value, which is 3 % at ξ = 1 and negligible above 1.5.

    Parameters
    ----------
    strength
        Root mean square of the potential in t.
    correlation_length
        ξ in lattice constants (the length unit of the site positions); 0 is
        white noise.
    where, matrix
        See `Anderson`.

    Raises
    ------
    TypeError, ValueError
        If the strength or the correlation length is no finite number >= 0.

    Examples
    --------
    >>> Gaussian(strength=0.5, correlation_length=3.0).units["correlation_length"]
    'a'
    """

    strength: float
    correlation_length: float
    where: Where | None = None
    matrix: Matrix | None = None

    units: ClassVar[Mapping[str, str]] = {"strength": "t", "correlation_length": "a"}

    def __post_init__(self) -> None:
        check_at_least_zero(self, "strength", "correlation_length")
        _store_rows(self)

    def bind(self, structure: Structure) -> Draw:
        if self.correlation_length == 0:
            smoothing = None
        else:
            smoothing = _smoothing(site_positions(structure), self.correlation_length)

        def potential(rng: np.random.Generator) -> NDArray:
            noise = rng.normal(size=structure.num_sites)
            return self.strength * (noise if smoothing is None else smoothing @ noise)

        return SitePotential(structure, potential, where=self.where, matrix=self.matrix)


class SitePotential(Draw):
    """Draw that adds V_i times a matrix to the orbitals of every chosen site i.

    Parameters
    ----------
    structure
        The structure that `Disorder.bind` was given.
    potential
        Function of a random-number generator that returns V on all sites in t, real,
        shape (structure.num_sites,). It is called once per sample.
    where
        Predicate on sites: the others stay clean; None chooses all sites.
    matrix
        Hermitian matrix on the orbitals of a site; None is the unit matrix.

    Raises
    ------
    ValueError
        If no site is chosen, if the matrix is not Hermitian or does not fit the orbitals, or
        (for a sample) if the potential has another shape or is complex.
    """

    reads_energy = False

    def __init__(
        self,
        structure: Structure,
        potential: Callable[[np.random.Generator], NDArray],
        *,
        where: Where | None = None,
        matrix: ArrayLike | None = None,
    ) -> None:
        self._num_sites, self._potential = structure.num_sites, potential
        sites = chosen_sites(structure, where)
        starts, sizes = structure.offsets[sites], np.diff(structure.offsets)[sites]
        if matrix is None:
            orbitals = concatenated_ranges(starts, sizes)
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
        self._is_scalar = np.array_equal(self._site, np.arange(self._num_sites))

    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        potential = np.asarray(self._potential(rng))
        if potential.shape != (self._num_sites,) or np.iscomplexobj(potential):
            raise ValueError(
                f"the potential must be an array of {self._num_sites} real numbers, one per site, "
                f"not one of shape {potential.shape} and type {potential.dtype}"
            )
        terms = self._factor * (potential if self._is_scalar else potential[self._site])
        if len(at) == len(values):
            # The entries are sorted, so that these are all values in their order.
            values += terms
        else:
            values[at] += terms


def _smoothing(positions: NDArray, correlation_length: float) -> sp.csr_array:
    """Sparse matrix with rows of unit length, cut where the Gaussian is below 1e-7."""
    neighbours = cKDTree(positions)
    near = neighbours.sparse_distance_matrix(
        neighbours, 4.0 * correlation_length, output_type="coo_matrix"
    )
    weights = np.exp(-((near.data / correlation_length) ** 2))
    n = len(positions)
    kernel = sp.csr_array((weights, (near.row, near.col)), shape=(n, n))
    norms = np.sqrt(np.asarray(kernel.multiply(kernel).sum(axis=1))).ravel()
    return sp.csr_array(sp.diags_array(1 / norms) @ kernel)


def _store_rows(term: Anderson | Gaussian) -> None:
    """Store the matrix as a tuple of rows, however it was given: the value stays hashable."""
    if term.matrix is None:
        return
    try:
        rows = np.atleast_2d(np.array(term.matrix, complex))
    except (TypeError, ValueError):
        raise TypeError(
            f"{type(term).__name__}: matrix must be a square array of numbers on the orbitals of "
            f"a site, not {term.matrix!r}"
        ) from None
    object.__setattr__(term, "matrix", tuple(tuple(row.tolist()) for row in rows))


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
