"""Evaluate the sites and bonds of a finalized `kwant.Builder` by groups that share a value.

`Groups` takes a finalized system, or a lead, with the pattern of its Hamiltonian, and
`Groups.values` gives the elements for the values of its parameters.

A value function is called once for all sites (or bonds) of the same families that
have it, with objects in the form of a single site (`mesokwant.hamiltonian.persite`). These allow
operations on each site by itself and no others, and a function that does more raises an error and
is called one by one for this evaluation. Otherwise its result is compared with the one-by-one
evaluation: the first time for all sites, later for some sites chosen at random and for the
outermost ones. Where the two differ by more than `TOLERANCE`, the function is called one by one
from then on, for the evaluation that showed the difference, too.

The elements are those of `kwant.system.System.hamiltonian_submatrix`: to the last bit where the
value functions round numbers and arrays alike, as those in `systems` do; else up to the rounding
errors of the functions. Whether a function is called by arrays depends on the values of the
parameters alone, and not on what was evaluated before, unless it failed a comparison.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Protocol

import numpy as np
import tinyarray
from numpy.typing import NDArray

from . import kwant
from .persite import Family, ManySites, blocks

Index = NDArray[np.int64]
Other = kwant.builder.Other

TOLERANCE = 1e-12
"""Largest difference between the two ways to evaluate a function, over its largest value.

It lies far above rounding errors, so that these never decide how a function is called.
"""
FEWEST = 16
"""A function of fewer sites or bonds is called one by one."""
COMPARED = 16
"""Number of sites or bonds, chosen at random, that are compared at every evaluation; of few, it is
a quarter."""


def is_of_builder(system: Any) -> bool:
    """Whether a system or lead has the values that `kwant.Builder` gave it, and its parameters."""
    kinds = (kwant.builder.FiniteSystem, kwant.builder.InfiniteSystem)
    kind = next((kind for kind in kinds if isinstance(system, kind)), None)
    if kind is None or system.parameters is None:
        return False
    methods = ["hamiltonian", "hamiltonian_submatrix"]
    if kind is kwant.builder.InfiniteSystem:
        methods += ["cell_hamiltonian", "inter_cell_hopping"]
    return all(
        name not in vars(system) and getattr(type(system), name) is getattr(kind, name)
        for name in methods
    )


class Groups:
    """The sites and bonds of a system, grouped by their values.

    Parameters
    ----------
    system
        A finalized system or lead that `is_of_builder`. It is not kept.
    offsets, keys
        See `mesokwant.hamiltonian.evaluation.Evaluation`. The sites of a lead are those of its
        unit cell and then those of the cell before that it is joined to; the on-site elements of
        the latter are zero.
    """

    def __init__(self, system: Any, offsets: Index, keys: Index) -> None:
        self._offsets, self._keys = offsets, keys
        self._tables = (list(system.onsites), list(system.hoppings), system.sites, system.graph)
        self._groups: list[_Group] = []
        sites = _Sites.of(system.sites)
        number = np.arange(len(system.onsites))
        self._add_groups(system.onsites, (number,), sites, (number,))

        # Kwant evaluates a bond in the direction in which it has a value.
        edges = np.array(list(system.graph), np.int64).reshape(-1, 2)
        valued = [number for number, (value, _) in enumerate(system.hoppings) if value is not Other]
        ends = edges[valued].T
        arguments = (ends[0], ends[1])
        if isinstance(system, kwant.builder.InfiniteSystem):
            # Kwant evaluates a bond of a lead where one of its sites lies in the unit cell.
            moved = [
                system.symmetry.to_fd(system.sites[i], system.sites[j]) for i, j in edges[valued]
            ]
            sites = _Sites.of(list(dict.fromkeys(chain.from_iterable(moved))))
            numbers = {site: number for number, site in enumerate(sites.sites)}
            to, source = np.array([[numbers[site] for site in pair] for pair in moved]).T
            arguments = (to, source)
        self._add_groups([system.hoppings[n] for n in valued], (ends[0], ends[1]), sites, arguments)

    def are_of(self, system: Any) -> bool:
        """Whether a system has the same sites, bonds and values as the one that was grouped."""
        tables = (system.onsites, system.hoppings, system.sites, system.graph)
        return _same(tables, self._tables)

    def read(self) -> list[Any]:
        """Collect the functions and constants that decide the values and may change."""
        return [value for group in self._groups for value in group.read()]

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        """Evaluate the elements of H in the order of the pattern, shape (nnz,)."""
        data = np.zeros(len(self._keys), complex)
        for group in self._groups:
            group.bonds.enter(group.values(params), data)
        data += 0.0  # turns -0.0 into 0.0, as Kwant does by leaving out what is zero
        return data

    def _add_groups(
        self,
        pairs: list[Any],
        ends: tuple[Index, ...],
        sites: _Sites,
        arguments: tuple[Index, ...],
    ) -> None:
        """Group sites, or bonds, by value, families and direction.

        Parameters
        ----------
        pairs
            Value and names of its parameters, of each.
        ends
            Its sites in the system: one, or for a bond the two.
        sites, arguments
            The arguments of its value function, as numbers of `sites`.
        """
        if not pairs:
            return
        norbs = np.diff(self._offsets)
        # Kwant needs the block whose row is the site with the larger number: that block, or its
        # conjugate transpose.
        conjugated = ends[0] < ends[-1]
        values = _numbered(id(pair) for pair in pairs)
        constant = np.array([names is None for _, names in pairs])
        pooled = constant | (np.bincount(values)[values] < FEWEST)
        # What is evaluated one by one in any case needs no group of its own.
        label = np.where(constant, 0, np.where(pooled, 1, values + 2))
        for kind in (
            np.where(pooled, 0, sites.family[arguments[0]]),
            np.where(pooled, 0, sites.family[arguments[-1]]),
            norbs[ends[0]],
            norbs[ends[-1]],
            conjugated,
        ):
            label = label * (int(kind.max()) + 1) + kind
        label = np.unique(label, return_inverse=True)[1]
        order = np.argsort(label, kind="stable")
        for chosen in np.split(order, np.cumsum(np.bincount(label))[:-1]):
            first = int(chosen[0])
            rows, columns = ends[0][chosen], ends[-1][chosen]
            if conjugated[first]:
                rows, columns = columns, rows
            numbers = [argument[chosen] for argument in arguments]
            bonds = _Bonds(
                values=[pairs[number] for number in chosen],
                sites=list(zip(*[[sites.sites[i] for i in each] for each in numbers], strict=True)),
                conjugated=bool(conjugated[first]),
                **self._block_places(rows, columns, len(ends) == 1),
            )
            if constant[first]:
                self._groups.append(_Constants(bonds))
            elif pooled[first]:
                self._groups.append(_OneByOne(bonds))
            else:
                self._groups.append(_AtOnce(bonds, [sites.many(each) for each in numbers]))

    def _block_places(self, rows: Index, columns: Index, onsite: bool) -> dict[str, Any]:
        """Places in the pattern of the blocks of bonds and of their transposes."""
        norbs = np.diff(self._offsets)
        row = self._offsets[rows][:, None, None] + np.arange(norbs[rows[0]])[:, None]
        column = self._offsets[columns][:, None, None] + np.arange(norbs[columns[0]])
        row, column = np.broadcast_arrays(row, column)
        at, keys = self._offsets, self._keys
        mirrored = None if onsite else places(at, keys, column, row)
        return {"places": places(at, keys, row, column), "mirrored": mirrored}


@dataclass(frozen=True, eq=False)
class _Bonds:
    """Bonds, or sites, with blocks of one shape.

    Attributes
    ----------
    values
        Value and names of its parameters, of every bond, as Kwant has them.
    sites
        The arguments of the value functions: (site,) or (site, site).
    conjugated
        Whether the blocks are the conjugate transposes of the values.
    places, mirrored
        Places in the pattern of the blocks and of their transposes, shape (bonds, rows, columns).
        Sites have no transposes.
    """

    values: list[tuple[Any, Any]]
    sites: list[tuple[Any, ...]]
    conjugated: bool
    places: Index
    mirrored: Index | None

    def __len__(self) -> int:
        return len(self.sites)

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of a value."""
        rows, columns = self.places.shape[1:]
        return (columns, rows) if self.conjugated else (rows, columns)

    @cached_property
    def distinct(self) -> dict[int, Any]:
        """The values that occur, by their `id`."""
        return {id(value): value for value, _ in self.values}

    def enter(self, values: NDArray[np.complex128], elements: NDArray[np.complex128]) -> None:
        """Enter values, shape (bonds, *shape), into the elements of H."""
        if self.conjugated:
            values = values.conj().transpose(0, 2, 1)
        elements[self.places] = values
        if self.mirrored is not None:
            elements[self.mirrored] = values.conj()

    def call(self, params: Mapping[str, Any], numbers: Iterable[int]) -> NDArray[np.complex128]:
        """Call the value functions for some bonds, each by itself, as Kwant does."""
        results = []
        for number in numbers:
            function, names = self.values[number]
            result = function(*self.sites[number], *[params[name] for name in names])
            results.append(_matrix(result, self.shape))
        return np.array(results, complex).reshape(-1, *self.shape)


class _Group(Protocol):
    """Bonds that are evaluated in the same way."""

    bonds: _Bonds

    def read(self) -> list[Any]:
        """Collect the functions and constants that decide the values and may change."""
        ...

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        """Evaluate the values, shape (bonds, *shape)."""
        ...


class _OneByOne:
    """Bonds whose value functions are called one by one."""

    def __init__(self, bonds: _Bonds) -> None:
        self.bonds = bonds

    def read(self) -> list[Any]:
        return list(self.bonds.distinct.values())

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        return self.bonds.call(params, range(len(self.bonds)))


class _Constants:
    """Bonds whose values are constants; those that can't change are read once."""

    def __init__(self, bonds: _Bonds) -> None:
        self.bonds = bonds
        self._immutable = all(_is_immutable(value) for value in bonds.distinct.values())
        self._known: NDArray[np.complex128] | None = None

    def read(self) -> list[Any]:
        return [] if self._immutable else list(self.bonds.distinct.values())

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        if self._known is not None:
            return self._known
        distinct, shape = self.bonds.distinct, self.bonds.shape
        matrices = [_matrix(value, shape) for value in distinct.values()]
        number = {key: number for number, key in enumerate(distinct)}
        chosen = [number[id(value)] for value, _ in self.bonds.values]
        result = np.array(matrices, complex).reshape(-1, *shape)[chosen]
        if self._immutable:
            self._known = result
        return result


class _AtOnce:
    """Bonds between the same families that have the same value function."""

    def __init__(self, bonds: _Bonds, many: Sequence[ManySites]) -> None:
        self.bonds, self._many = bonds, many
        self._function, self._names = bonds.values[0]
        self._differs = False
        self._outermost: set[int] | None = None
        self._random = np.random.default_rng(0)

    def read(self) -> list[Any]:
        return [self._function]

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        everywhere = range(len(self.bonds))
        if self._differs or (values := self._at_once(params)) is None:
            return self.bonds.call(params, everywhere)
        numbers = everywhere if self._outermost is None else self._some()
        single = self.bonds.call(params, numbers)
        # NaN differs from everything.
        if not np.all(np.abs(values[numbers] - single) <= TOLERANCE * np.abs(values).max()):
            self._differs = True
            return self.bonds.call(params, everywhere)
        if self._outermost is None:
            self._outermost = _outermost(self._many)
        return values

    def _at_once(self, params: Mapping[str, Any]) -> NDArray[np.complex128] | None:
        """Call the function for all bonds at once; None if it does not allow that."""
        try:
            # Python raises an error where NumPy would go on with an infinite number.
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                result = self._function(*self._many, *[params[name] for name in self._names])
                return blocks(result, self.bonds.shape, len(self.bonds))
        except Exception:  # noqa: BLE001 - a function that is called so may raise anything
            return None

    def _some(self) -> list[int]:
        """Choose the bonds to compare, once all have been compared."""
        size = len(self.bonds)
        some = self._random.choice(size, min(COMPARED, size // 4), replace=False)
        return sorted({*some.tolist(), *(self._outermost or ())})


def _outermost(many: Sequence[ManySites]) -> set[int]:
    """Numbers of the first and last sites, also along every axis of their positions."""
    ends = {0, many[0].size - 1}
    for sites in many:
        try:
            positions = sites.pos.data
        except AttributeError:  # Families need no positions.
            continue
        ends.update(positions.argmin(axis=0).tolist(), positions.argmax(axis=0).tolist())
    return ends


def places(offsets: Index, keys: Index, rows: Index, columns: Index) -> Index:
    """Places of elements in the pattern; see `find`."""
    return find(keys, rows.astype(np.int64) * offsets[-1] + columns)


def find(keys: Index, wanted: Index) -> Index:
    """Find elements in the pattern.

    Parameters
    ----------
    keys
        Row times the number of orbitals plus column, of every element of the pattern; sorted.
    wanted
        The same of the elements to find, in any shape.

    Returns
    -------
    numpy.ndarray
        Positions in the pattern, in the shape of ``wanted``.

    Raises
    ------
    ValueError
        If an element lies outside the pattern.
    """
    found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    if not np.array_equal(keys[found], wanted):
        raise ValueError("the Hamiltonian has elements outside the hoppings of its own graph")
    return found


@dataclass(frozen=True, eq=False)
class _Sites:
    """Sites, with the number of the family of each, the families, and its place in its own."""

    sites: Sequence[Any]
    family: Index
    members: list[Family]
    within: Index

    @classmethod
    def of(cls, sites: Sequence[Any]) -> _Sites:
        family = _numbered(site.family for site in sites)
        members, within = [], np.empty(len(sites), np.int64)
        for number in range(int(family.max(initial=-1)) + 1):
            chosen = np.flatnonzero(family == number)
            within[chosen] = np.arange(len(chosen))
            members.append(Family([sites[i] for i in chosen.tolist()]))
        return cls(sites, family, members, within)

    def many(self, numbers: Index) -> ManySites:
        """Some sites of one family in the form of one site."""
        return ManySites(self.members[self.family[numbers[0]]], self.within[numbers])


def _numbered(values: Iterable[Hashable]) -> Index:
    """Number values, equal ones alike, in the order in which they first occur."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64)


def _same(tables: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether tables of values are the same; comparing arrays in them may fail."""
    try:
        pairs = zip(tables, others, strict=True)
        return bool(all(one is other or one == other for one, other in pairs))
    except ValueError:
        return False


def _matrix(value: Any, shape: tuple[int, int]) -> Any:
    """Read a value as Kwant does: as a complex matrix."""
    if shape == (1, 1) and type(value) in (int, float, complex, np.float64, np.complex128):
        return value
    matrix = tinyarray.matrix(value, complex)
    if matrix.shape != shape:
        raise ValueError(f"a value has shape {matrix.shape}, but the orbitals need {shape}")
    return matrix


def _is_immutable(value: Any) -> bool:
    return isinstance(value, int | float | complex | np.number) or (
        type(value).__module__ == "tinyarray"
    )
