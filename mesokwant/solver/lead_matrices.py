"""The matrices that the modes of a lead depend on, evaluated once and kept.

`matrices_of` takes a lead and the values of its parameters, and gives its `LeadMatrices`. They
are kept as long as the lead lives, and are found again for every energy while nothing that its
value functions read has changed (`mesokwant.hamiltonian.snapshot`). Value functions are called once
for many sites or bonds where they allow it, as those of the region are
(`mesokwant.hamiltonian.groups`), and by Kwant where they don't.
"""

from __future__ import annotations

import hashlib
import weakref
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian import kwant
from ..hamiltonian.groups import Groups, is_of_builder
from ..hamiltonian.snapshot import NoSnapshotError, snapshot
from ..hamiltonian.structure import structure_of

KEPT_MATRICES = 16
"""Sets of parameter values for which the matrices of a lead are kept."""


@dataclass(frozen=True, eq=False)
class LeadMatrices:
    """What the modes of a lead depend on beside the energy.

    Attributes
    ----------
    cell
        Hamiltonian of a unit cell, shape (orbitals, orbitals).
    hop
        Hopping from one cell to the next, filled up with zeros to the same shape.
    interface
        Number of orbitals that the lead attaches with.
    projectors
        Projectors on the blocks of its conservation law, if it has one.
    symmetries
        Its time reversal, particle-hole and chiral symmetry, as Kwant gives them.
    preserved
        Whether the matrices obey the conservation law and the symmetries.
    """

    cell: NDArray
    hop: NDArray
    interface: int
    projectors: list[Any] | None
    symmetries: tuple[Any, Any, Any]
    preserved: bool

    @classmethod
    def of(cls, lead: Any, params: dict[str, Any], *, by_kwant: bool = False) -> LeadMatrices:
        """Evaluate the matrices of a lead, by Kwant or by arrays where this is possible."""
        evaluated = None if by_kwant else _evaluated_by_arrays(lead, params)
        if evaluated is None:
            evaluated = (
                lead.cell_hamiltonian(params=params),
                lead.inter_cell_hopping(params=params),
            )
        cell, part = evaluated
        symmetry = _symmetry(lead, params)
        hop = np.zeros_like(cell, dtype=part.dtype)
        hop[:, : part.shape[1]] = part
        projectors, *symmetries = symmetry
        return cls(
            cell=cell,
            hop=hop,
            interface=part.shape[1],
            projectors=projectors,
            symmetries=tuple(symmetries),
            preserved=not symmetry.validate(cell) and not symmetry.validate(hop),
        )

    @cached_property
    def _common(self) -> Any:
        """The hash of all but the hopping between cells."""
        operators = [*(self.projectors or []), *self.symmetries]
        common = hashlib.sha256(repr([self.projectors is None, self.preserved]).encode())
        for matrix in (self.cell, *operators):
            common.update(_content(matrix))
        return common

    @cached_property
    def cell_digest(self) -> bytes:
        """Digest of all but the hopping between cells."""
        return self._common.digest()

    @cached_property
    def digests(self) -> tuple[bytes, bytes]:
        """Digests of the lead and of its mirror image."""
        own, mirrored = self._common.copy(), self._common.copy()
        own.update(_content(self.hop))
        mirrored.update(_content(self.hop.conj().T))
        return own.digest(), mirrored.digest()

    def has_plain_modes(self, energy: float) -> bool:
        """Whether no discrete symmetry shapes the modes at this energy."""
        time_reversal, particle_hole, chiral = self.symmetries
        others = particle_hole is not None or chiral is not None
        return self.preserved and time_reversal is None and (energy != 0 or not others)

    def less_energy(self, energy: float) -> NDArray:
        """The Hamiltonian of a unit cell less the energy."""
        cell = self.cell.copy()
        cell.flat[:: len(cell) + 1] -= energy
        return cell


def _content(matrix: Any) -> bytes:
    """Bytes that are equal for equal matrices, dense or sparse; the sum makes 0 of -0."""
    if matrix is None:
        return b"none"
    dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return repr(dense.shape).encode() + (dense.astype(complex) + 0.0).tobytes()


_kept_matrices: weakref.WeakKeyDictionary[Any, OrderedDict[Hashable, LeadMatrices]] = (
    weakref.WeakKeyDictionary()
)
"""The matrices of leads, as long as the leads live."""


def has_own_matrices(lead: Any) -> bool:
    """Whether the modes of a lead are those that its matrices have by Kwant."""
    own = getattr(lead.modes, "__func__", None)
    return isinstance(lead, kwant.system.InfiniteSystem) and (
        own is kwant.system.InfiniteSystem.modes
    )


def matrices_of(lead: Any, params: dict[str, Any]) -> LeadMatrices:
    """Evaluate the matrices of a lead, or find those of the same parameters and functions.

    Parameters
    ----------
    lead
        A lead that `has_own_matrices`.
    params
        Values of its own parameters.
    """
    try:
        key = (snapshot(tuple(sorted(params.items()))), _functions(lead))
    except NoSnapshotError as error:
        # Random numbers are drawn in the order of Kwant.
        return LeadMatrices.of(lead, params, by_kwant=error.random)
    kept = _kept_matrices.setdefault(lead, OrderedDict())
    if key not in kept:
        kept[key] = LeadMatrices.of(lead, params)
        while len(kept) > KEPT_MATRICES:
            kept.popitem(last=False)
    return kept[key]


class _Elements:
    """The matrix elements of a lead: groups of sites and bonds, and the place of each element."""

    def __init__(self, lead: Any) -> None:
        structure = structure_of(lead)
        self.groups = Groups(lead, structure.offsets, structure.keys)
        size = int(structure.offsets[lead.cell_size])
        self._shape = size, structure.num_orbitals
        # The other rows belong to the cell before, which is joined to this one.
        self._chosen = structure.rows < size
        self._places = structure.rows[self._chosen], structure.indices[self._chosen]

    def evaluated(self, params: dict[str, Any]) -> tuple[NDArray, NDArray]:
        """Hamiltonian of a unit cell, and its hopping from the orbitals of the cell before."""
        matrix = np.zeros(self._shape, complex)
        matrix[self._places] = self.groups.values(params)[self._chosen]
        size = len(matrix)
        return matrix[:, :size].copy(), matrix[:, size:].copy()


_kept_elements: weakref.WeakKeyDictionary[Any, _Elements] = weakref.WeakKeyDictionary()
"""The elements of leads, as long as the leads live."""


def _evaluated_by_arrays(lead: Any, params: dict[str, Any]) -> tuple[NDArray, NDArray] | None:
    """Evaluate the matrices of a lead; None if Kwant must do it, or says what is wrong."""
    if not is_of_builder(lead) or getattr(lead, "site_ranges", None) is None:
        return None
    try:
        elements = _kept_elements.get(lead)
        if elements is None or not elements.groups.are_of(lead):
            elements = _kept_elements[lead] = _Elements(lead)
        return elements.evaluated(params)
    except Exception:  # noqa: BLE001 - value functions raise anything
        return None


def _functions(lead: Any) -> Hashable:
    """A snapshot of all values and value functions of a lead.

    Raises
    ------
    NoSnapshotError
        If the lead is not of a kind whose values are known, or if one has no snapshot.
    """
    if type(lead) is not kwant.builder.InfiniteSystem:
        raise NoSnapshotError("only the values of a finalized kwant.Builder are known")
    if not _has_constant_symmetry(lead):
        raise NoSnapshotError("a symmetry that is a function of the site has no snapshot")
    # Many sites share one value.
    pairs = (*lead.onsites, *lead.hoppings)
    return snapshot(tuple({id(value): value for value, _ in pairs}.values()))


_kept_symmetries: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
"""Conservation laws and symmetries of leads where they depend on no parameter."""


def _symmetry(lead: Any, params: dict[str, Any]) -> Any:
    """The `kwant.physics.DiscreteSymmetry` of a lead, whose evaluation takes as long as modes."""
    if not _has_constant_symmetry(lead):
        return lead.discrete_symmetry(params=params)
    if lead not in _kept_symmetries:
        _kept_symmetries[lead] = lead.discrete_symmetry(params=params)
    return _kept_symmetries[lead]


def _has_constant_symmetry(lead: Any) -> bool:
    if type(lead) is not kwant.builder.InfiniteSystem:
        return False
    operators = [*(lead._cons_law or ()), *lead._symmetries]
    return not any(callable(each.onsite) for each in operators if each is not None)
