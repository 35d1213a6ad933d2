"""Vacancies: sites that are missing at random, as if the system were built without them.

Removing a site by a large on-site energy would only approximate it; here every hopping to
the site is cut, so the S-matrix is that of the smaller system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from ..hamiltonian.structure import Index, Structure
from .base import Disorder, Draw, Where, check_fraction, chosen_sites


@dataclass(frozen=True)
class Vacancies(Disorder):
    """Sites removed at random, exactly: every hopping to them is cut.

    A site that a lead attaches to stays: the leads are clean. The sample with
    a larger concentration keeps the vacancies that it had at a smaller one.
    Sites that vacancies cut off from every lead are removed with them.

    Parameters
    ----------
    concentration
        Probability that a site is missing.
    where
        Predicate on sites.

    Raises
    ------
    TypeError, ValueError
        If the concentration is no number from 0 to 1.

    Examples
    --------
    >>> Vacancies(concentration=0.1)
    Vacancies(concentration=0.1, where=None)
    """

    concentration: float
    where: Where | None = None

    units: ClassVar[Mapping[str, str]] = {"concentration": "per site"}

    def __post_init__(self) -> None:
        check_fraction(self, "concentration")

    def bind(self, structure: Structure) -> Draw:
        return _RemovedSites(structure, self)


class _RemovedSites(Draw):
    """Draw that sets the elements to and from removed sites to zero.

    A site without hoppings takes no part in transport, whatever its on-site
    energy: an on-site energy well below E keeps the linear system regular. Sites
    that the vacancies cut off from every lead are removed too: an island with
    a level at E would make the system singular, and no current reaches it.
    """

    real = True
    last = True

    def __init__(self, structure: Structure, vacancies: Vacancies) -> None:
        self._concentration = vacancies.concentration
        self._num_sites = structure.num_sites
        sites = chosen_sites(structure, vacancies.where)
        self._removable = np.zeros(structure.num_sites, bool)
        self._removable[np.setdiff1d(sites, structure.interface_sites)] = True
        # All elements may change, because vacancies may cut off sites far from them.
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
        """Which sites have no path to a lead without the removed ones, shape (sites,)."""
        row, column = self._pairs[:, ~removed[self._pairs].any(axis=0)]
        n = self._num_sites
        bonds = sp.csr_array((np.ones(len(row), np.int8), (row, column)), shape=(n, n))
        _, component = connected_components(bonds, directed=False)
        return ~np.isin(component, component[self._interface_sites])
