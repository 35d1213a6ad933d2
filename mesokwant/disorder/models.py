"""The kinds of disorder, as values.

H = H_clean + Σ_i V_i |i><i| for potentials, H_ij -> f_ij H_ij for bonds, and
the removal of sites for vacancies; in units of the hopping t.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from ..hamiltonian.structure import Index, Structure
from .draws import Bonds, Draw, Matrix, Potential, Removed, Spins

Where = Callable[[Any], bool]
"""A predicate on `kwant.builder.Site`."""


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
            f"disorder must be a value such as mk.Anderson(strength=1.5) or a sum of them, "
            f"not {disorder!r}"
        )
    return disorder.terms if isinstance(disorder, Sum) else (disorder,)


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

    References
    ----------
    P. W. Anderson, Phys. Rev. 109, 1492 (1958).
    """

    strength: float
    where: Where | None = None
    matrix: Matrix | None = None

    def __post_init__(self) -> None:
        _at_least_zero(self, strength=self.strength)
        _as_rows(self)

    def bind(self, structure: Structure) -> Draw:
        sites = _chosen(structure, self.where)
        return Potential(
            structure, sites, self.matrix, lambda rng, n: rng.uniform(-0.5, 0.5, n), self.strength
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
            return Potential(
                structure, sites, self.matrix, lambda rng, n: rng.normal(size=n), self.strength
            )
        smooth = self._smoothing(structure)
        return Potential(
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
        return Spins(structure, _chosen(structure, self.where), self.strength, self.concentration)


@dataclass(frozen=True)
class BondDisorder(Disorder):
    """Random hopping amplitudes, t_ij -> t_ij (1 + δ), δ uniform in [-strength/2, strength/2].

    Parameters
    ----------
    strength
        Full width of the box, in units of the hopping itself.
    where
        Predicate on sites: bonds with both ends there.
    """

    strength: float
    where: Where | None = None

    def __post_init__(self) -> None:
        _at_least_zero(self, strength=self.strength)

    def bind(self, structure: Structure) -> Draw:
        return Bonds(
            structure,
            _chosen(structure, self.where),
            lambda rng, n: 1 + self.strength * rng.uniform(-0.5, 0.5, n),
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
        return Bonds(
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
        return Removed(structure, _chosen(structure, self.where), self.concentration)


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
