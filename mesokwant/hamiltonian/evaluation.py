"""Evaluate the Hamiltonian of a system, once per set of parameters and by arrays.

`Evaluation` takes a finalized system with the pattern of its Hamiltonian, and `Evaluation.values`
gives the elements for the values of its parameters.

**Once.** The last results are kept. They are given again where the parameters that the system
reads have the same values and the value functions, with all that they read, are the same
(`mesokwant.hamiltonian.snapshot`). A system with the parameter ``salt``, or whose functions read
what has no snapshot, is evaluated every time.

**By arrays.** A value function is called once for all sites or bonds that have it, where it allows
that (`mesokwant.hamiltonian.groups`). A system that `kwant.Builder` did not make, and one whose
value functions draw random numbers, is evaluated by Kwant itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .groups import Groups, Index, is_of_builder, places
from .snapshot import NoSnapshotError, snapshot
from .system import SALT

MOST_READ = 200
"""Number of functions above which a snapshot takes as long as the evaluation that it may save."""
KEPT_BYTES, KEPT_RESULTS = 2**26, 128
"""Memory and number of the results that are kept; the last one always is."""


class Evaluation:
    """The Hamiltonian of a system as a function of its parameters.

    Parameters
    ----------
    system
        A finalized Kwant system.
    offsets
        The orbitals of site ``i`` are ``offsets[i]:offsets[i + 1]``; shape (sites + 1,).
    keys
        Row times the number of orbitals plus column, of every element of the pattern; sorted,
        shape (nnz,).

    Attributes
    ----------
    count
        How often the Hamiltonian was evaluated; results that were kept are not counted.
    """

    def __init__(self, system: Any, offsets: Index, keys: Index) -> None:
        self._system, self._offsets, self._keys = system, offsets, keys
        self._groups: Groups | None = None
        self._kept: dict[Hashable, NDArray[np.complex128]] = {}
        self.count = 0

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        """Elements of H in the order of the pattern, shape (nnz,); read-only."""
        if not is_of_builder(self._system):
            return self._evaluated_by_kwant(params)
        if self._groups is None or not self._groups.are_of(self._system):
            self._groups, self._kept = Groups(self._system, self._offsets, self._keys), {}
        try:
            key = self._snapshot(self._groups, params)
        except NoSnapshotError as error:
            key = None
            if error.random:
                # Random numbers are drawn in the order of Kwant.
                return self._evaluated_by_kwant(params)
        if key is not None and (kept := self._kept.get(key)) is not None:
            return kept
        try:
            result = self._evaluated(self._groups, params)
        except Exception:  # noqa: BLE001 - value functions raise anything
            # Kwant says best what is wrong with a value function.
            return self._evaluated_by_kwant(params)
        if key is not None:
            self._kept[key] = result
            most = min(KEPT_RESULTS, max(1, KEPT_BYTES // max(1, result.nbytes)))
            while len(self._kept) > most:
                self._kept.pop(next(iter(self._kept)), None)
        return result

    def _snapshot(self, groups: Groups, params: Mapping[str, Any]) -> Hashable:
        """What decides the values; None if this can't be known."""
        names = self._system.parameters
        if SALT in names or not names <= params.keys():
            return None
        read = groups.read()
        if len(read) > MOST_READ:
            return None
        return snapshot(([params[name] for name in sorted(names)], read))

    def _evaluated_by_kwant(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        self.count += 1
        matrix = self._system.hamiltonian_submatrix(sparse=True, params=dict(params)).tocoo()
        data = np.zeros(len(self._keys), complex)
        np.add.at(data, places(self._offsets, self._keys, matrix.row, matrix.col), matrix.data)
        data.flags.writeable = False
        return data

    def _evaluated(self, groups: Groups, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        data = groups.values(params)
        self.count += 1
        data.flags.writeable = False
        return data
