"""Lay out a finalized Kwant system for a linear solver, once per system.

`structure_of` takes a finalized system and gives its `Structure`: the sparsity pattern of the
Hamiltonian, the orbitals of every site, and the orbitals that each lead attaches to. Disorder
and solvers name the elements of H by their positions in this pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import kwant
from .evaluation import Evaluation
from .groups import Index, find


@dataclass(frozen=True, eq=False)
class Structure:
    """Sparsity pattern, orbitals and lead interfaces of a finalized Kwant system.

    The pattern follows the graph and not the values: every hopping of the graph
    is a dense block of orbitals, whatever the parameters are. All fields,
    energies and disorder configurations therefore share one pattern.

    Attributes
    ----------
    system
        The finalized Kwant system.
    offsets
        The orbitals of site ``i`` are ``offsets[i]:offsets[i + 1]``; shape (sites + 1,).
    indptr, indices
        The pattern of the Hamiltonian as compressed sparse rows; the columns of
        each row are sorted. Shapes (orbitals + 1,) and (nnz,).
    entry_sites
        The sites (row, column) of every entry of the pattern, shape (2, nnz).
    """

    system: Any
    offsets: Index
    indptr: Index
    indices: Index
    entry_sites: Index

    @property
    def num_sites(self) -> int:
        """Number of sites."""
        return len(self.offsets) - 1

    @property
    def num_orbitals(self) -> int:
        """Number of orbitals, the size of the Hamiltonian."""
        return int(self.offsets[-1])

    @cached_property
    def rows(self) -> Index:
        """Row of every entry of the pattern, shape (nnz,)."""
        return np.repeat(np.arange(self.num_orbitals), np.diff(self.indptr))

    @cached_property
    def diagonal(self) -> NDArray[np.bool_]:
        """Whether an entry of the pattern lies on the diagonal, shape (nnz,)."""
        return self.rows == self.indices

    @cached_property
    def transposed(self) -> Index:
        """Position of the transposed partner of every entry, shape (nnz,)."""
        return np.lexsort((self.rows, self.indices))

    @cached_property
    def interfaces(self) -> list[Index]:
        """Orbitals that each lead attaches to, in the order of the lead's own orbitals."""
        return [
            np.concatenate([np.arange(self.offsets[s], self.offsets[s + 1]) for s in interface])
            if len(interface)
            else np.empty(0, np.int64)
            for interface in self.system.lead_interfaces
        ]

    @cached_property
    def interface_sites(self) -> Index:
        """All sites that a lead attaches to, sorted."""
        sites = [site for interface in self.system.lead_interfaces for site in interface]
        return np.unique(np.asarray(sites, int))

    @property
    def sites(self) -> tuple[Any, ...]:
        """The `kwant.builder.Site` of every site.

        Raises
        ------
        ValueError
            If the system was not made by a `kwant.Builder` and has no sites.
        """
        try:
            return tuple(self.system.sites)
        except AttributeError:
            raise ValueError(
                "disorder that depends on a site's position or family needs a system that was "
                "finalized from a kwant.Builder; this low-level system has no sites"
            ) from None

    def entries(self, rows: Index, columns: Index) -> Index:
        """Find matrix elements in the pattern.

        Parameters
        ----------
        rows, columns
            Orbitals, shape (elements,).

        Returns
        -------
        numpy.ndarray
            Positions in the pattern, shape (elements,).

        Raises
        ------
        ValueError
            If an element lies outside the pattern.
        """
        return find(self.keys, rows.astype(np.int64) * self.num_orbitals + columns)

    @cached_property
    def keys(self) -> Index:
        """Row times the number of orbitals plus column of every entry, sorted, shape (nnz,)."""
        return self.rows * self.num_orbitals + self.indices

    @cached_property
    def evaluation(self) -> Evaluation:
        """The Hamiltonian as a function of its parameters, with the last values."""
        return Evaluation(self.system, self.offsets, self.keys)

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        """Evaluate the Hamiltonian, or return its values if they are known for these parameters.

        Parameters
        ----------
        params
            Values of the parameters.

        Returns
        -------
        numpy.ndarray
            Elements of H in the order of the pattern, shape (nnz,); read-only.
        """
        return self.evaluation.values(params)

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: not what follows from the rest."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def concatenated_ranges(starts: Index, sizes: Index) -> Index:
    """Concatenate the ranges ``start, ..., start + size - 1``.

    Parameters
    ----------
    starts, sizes
        First element and length of every range, shape (ranges,).

    Returns
    -------
    numpy.ndarray
        All ranges, one after the other, shape (sum of ``sizes``,).

    Examples
    --------
    >>> concatenated_ranges(np.array([10, 3]), np.array([2, 3]))
    array([10, 11,  3,  4,  5])
    """
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(starts, sizes) + within


class _Kept:
    """The structure of a system, kept with the system as one of its attributes.

    A copy of the system shares the attribute, and the user may change the system; so it is
    checked whether the structure is that of the system as it is.
    """

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self._system = _layout(structure.system)

    def belongs_to(self, system: Any) -> bool:
        if self.structure.system is not system:
            return False
        graph, *others = _layout(system)
        return graph is self._system[0] and others == self._system[1:]

    def __reduce__(self) -> Any:
        # Neither a pickle nor a deep copy of the system takes the structure with it, and the
        # pickle can be read without mesokwant.
        return dict, ()


def _layout(system: Any) -> list[Any]:
    """What of a system decides its structure."""
    interfaces = [tuple(interface) for interface in system.lead_interfaces]
    return [system.graph, [tuple(entry) for entry in system.site_ranges], interfaces]


_ATTRIBUTE = "_mesokwant_structure"


def structure_of(system: Any, params: Mapping[str, Any] | None = None) -> Structure:
    """Work out the structure of a finalized system, or return it if it is known.

    It is kept with a system that was finalized from a `kwant.Builder` with declared numbers of
    orbitals, for as long as the system lives.

    Parameters
    ----------
    system
        A finalized Kwant system.
    params
        Values of its parameters. They are needed only where the lattices don't say
        their number of orbitals, so that Kwant must evaluate the Hamiltonian to learn it.
    """
    declared = getattr(system, "site_ranges", None) is not None
    if not declared or type(system) is not kwant.builder.FiniteSystem:
        return _laid_out(system, params)
    kept = vars(system).get(_ATTRIBUTE)
    if not isinstance(kept, _Kept) or not kept.belongs_to(system):
        kept = _Kept(_laid_out(system, params))
        setattr(system, _ATTRIBUTE, kept)
    return kept.structure


def _laid_out(system: Any, params: Mapping[str, Any] | None) -> Structure:
    if getattr(system, "site_ranges", None) is None:
        evaluated = system.hamiltonian_submatrix(
            sparse=True, return_norb=True, params=dict(params or {})
        )
        norbs = evaluated[1]
        offsets = np.concatenate([[0], np.cumsum(norbs)]).astype(np.int64)
    else:
        ranges = np.asarray(system.site_ranges)
        norbs = np.repeat(ranges[:-1, 1], np.diff(ranges[:, 0]))
        offsets = np.concatenate([[0], np.cumsum(norbs)]).astype(np.int64)

    edges = np.array(list(system.graph), np.int64).reshape(-1, 2)
    onsite = np.arange(len(offsets) - 1, dtype=np.int64)
    pairs = np.concatenate([np.stack([onsite, onsite], axis=1), edges])
    heights, widths = np.diff(offsets)[pairs].T
    sizes = heights * widths
    # The elements of each block are numbered row by row.
    element = concatenated_ranges(np.zeros_like(sizes), sizes)
    width = np.repeat(widths, sizes)
    rows = np.repeat(offsets[pairs[:, 0]], sizes) + element // width
    columns = np.repeat(offsets[pairs[:, 1]], sizes) + element % width

    order = np.lexsort((columns, rows))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=offsets[-1]))])
    return Structure(
        system=system,
        offsets=offsets,
        indptr=indptr.astype(np.int64),
        indices=columns[order],
        entry_sites=np.repeat(pairs, sizes, axis=0)[order].T.copy(),
    )
