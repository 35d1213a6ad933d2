"""Evaluate the Hamiltonian of a system, once per set of parameters and by arrays.

`Evaluation` takes a finalized system with the pattern of its Hamiltonian, and `Evaluation.values`
gives the elements for the values of its parameters.

**Once.** The last results are kept. They are given again where the parameters that the system
reads have the same values and the value functions, with all that they read, are the same
(`mesokwant.hamiltonian.snapshot`). A system with the parameter ``salt``, or whose functions read
what has no snapshot, is evaluated every time.

**By arrays.** A value function is called once for all sites (or bonds) of the same families that
have it, with objects in the form of a single site (`mesokwant.hamiltonian.persite`). These allow
operations on each site by itself and no others, and a function that does more raises an error and
is called one by one for this evaluation. Otherwise its result is compared with the one-by-one
evaluation: the first time for all sites, later for some sites chosen at random and for the
outermost ones. Where the two differ by more than `TOLERANCE`, the function is called one by one
from then on, for the evaluation that showed the difference, too.

The elements are those of `kwant.system.System.hamiltonian_submatrix`: to the last bit where the
value functions round numbers and arrays alike, as those in `systems` do; else up to the rounding
errors of the functions. Whether a function is called by arrays depends on the values of the
parameters alone, and not on what was evaluated before, unless it failed a comparison. A system
that `kwant.Builder` did not make, and one whose value functions draw random numbers, is evaluated
by Kwant itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import tinyarray
from numpy.typing import NDArray

from . import kwant
from .persite import Family, ManySites, blocks
from .snapshot import NoSnapshotError, snapshot
from .system import SALT

Index = NDArray[np.int64]
Other = kwant.builder.Other

TOLERANCE = 1e-12
"""Largest difference between the two ways to evaluate a function, over its largest value.

It lies far above rounding errors, so that these never decide how a function is called.
"""
FEWEST = 16
"""A function of fewer sites or bonds is called one by one."""
COMPARED = 16
"""Number of sites or bonds, chosen at random, that are compared at every evaluation."""
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
        self._tables: tuple[Any, ...] | None = None
        self._groups: list[_Group] = []
        self._kept: dict[Hashable, NDArray[np.complex128]] = {}
        self.count = 0

    def values(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        """Elements of H in the order of the pattern, shape (nnz,); read-only."""
        if not self._is_of_builder():
            return self._evaluated_by_kwant(params)
        self._group()
        try:
            key = self._snapshot(params)
        except NoSnapshotError as error:
            key = None
            if error.random:
                # Random numbers are drawn in the order of Kwant.
                return self._evaluated_by_kwant(params)
        if key is not None and (kept := self._kept.get(key)) is not None:
            return kept
        try:
            result = self._evaluated(params)
        except Exception:  # noqa: BLE001 - value functions raise anything
            # Kwant says best what is wrong with a value function.
            return self._evaluated_by_kwant(params)
        if key is not None:
            self._kept[key] = result
            most = min(KEPT_RESULTS, max(1, KEPT_BYTES // max(1, result.nbytes)))
            while len(self._kept) > most:
                self._kept.pop(next(iter(self._kept)), None)
        return result

    def _is_of_builder(self) -> bool:
        system = self._system
        return (
            isinstance(system, kwant.builder.FiniteSystem)
            and system.parameters is not None
            and all(
                name not in vars(system)
                and getattr(type(system), name) is getattr(kwant.builder.FiniteSystem, name)
                for name in ("hamiltonian", "hamiltonian_submatrix")
            )
        )

    def _snapshot(self, params: Mapping[str, Any]) -> Hashable:
        """What decides the values; None if this can't be known."""
        names = self._system.parameters
        if SALT in names or not names <= params.keys():
            return None
        read = [value for group in self._groups for value in group.read()]
        if len(read) > MOST_READ:
            return None
        return snapshot(([params[name] for name in sorted(names)], read))

    def _evaluated_by_kwant(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        self.count += 1
        matrix = self._system.hamiltonian_submatrix(sparse=True, params=dict(params)).tocoo()
        data = np.zeros(len(self._keys), complex)
        np.add.at(data, self._places(matrix.row, matrix.col), matrix.data)
        data.flags.writeable = False
        return data

    def _evaluated(self, params: Mapping[str, Any]) -> NDArray[np.complex128]:
        data = np.zeros(len(self._keys), complex)
        for group in self._groups:
            group.bonds.enter(group.values(params), data)
        self.count += 1
        data += 0.0  # turns -0.0 into 0.0, as Kwant does by leaving out what is zero
        data.flags.writeable = False
        return data

    def _places(self, rows: Index, columns: Index) -> Index:
        return find(self._keys, rows.astype(np.int64) * self._offsets[-1] + columns)

    def _group(self) -> None:
        """Group sites and bonds by their values, unless the system is as it was."""
        system = self._system
        tables = (system.onsites, system.hoppings, system.sites, system.graph)
        if self._tables is not None and _same(tables, self._tables):
            return
        self._tables = (list(system.onsites), list(system.hoppings), system.sites, system.graph)
        self._groups, self._kept = [], {}
        families = _families(system.sites)
        sites = np.arange(len(system.sites))
        self._add_groups(system.onsites, sites, sites, np.zeros(len(sites), bool), families)

        # Kwant evaluates a bond in the direction in which it has a value, and needs the block
        # whose row is the site with the larger number: that block, or its conjugate transpose.
        edges = np.array(list(system.graph), np.int64).reshape(-1, 2)
        valued = [number for number, (value, _) in enumerate(system.hoppings) if value is not Other]
        to, source = edges[valued].T
        self._add_groups([system.hoppings[n] for n in valued], to, source, to < source, families)

    def _add_groups(
        self,
        pairs: list[Any],
        to: Index,
        source: Index,
        conjugated: NDArray[np.bool_],
        families: tuple[Index, list[Family], Index],
    ) -> None:
        """Group bonds, or sites as bonds to themselves, by value, families and direction."""
        if not pairs:
            return
        onsite = to is source
        norbs = np.diff(self._offsets)
        family, members, within = families
        values = _numbered(id(pair) for pair in pairs)
        constant = np.array([names is None for _, names in pairs])
        pooled = constant | (np.bincount(values)[values] < FEWEST)
        # What is evaluated one by one in any case needs no group of its own.
        label = np.where(constant, 0, np.where(pooled, 1, values + 2))
        for kind in (
            np.where(pooled, 0, family[to]),
            np.where(pooled, 0, family[source]),
            norbs[to],
            norbs[source],
            conjugated,
        ):
            label = label * (int(kind.max()) + 1) + kind
        label = np.unique(label, return_inverse=True)[1]
        order = np.argsort(label, kind="stable")
        for chosen in np.split(order, np.cumsum(np.bincount(label))[:-1]):
            first = int(chosen[0])
            ends = (to[chosen],) if onsite else (to[chosen], source[chosen])
            rows, columns = to[chosen], source[chosen]
            if conjugated[first]:
                rows, columns = columns, rows
            bonds = _Bonds(
                values=[pairs[number] for number in chosen],
                sites=list(
                    zip(*[[self._system.sites[i] for i in end] for end in ends], strict=True)
                ),
                conjugated=bool(conjugated[first]),
                **self._block_places(rows, columns, onsite),
            )
            if constant[first]:
                self._groups.append(_Constants(bonds))
            elif pooled[first]:
                self._groups.append(_OneByOne(bonds))
            else:
                many = [ManySites(members[family[end[0]]], within[end]) for end in ends]
                self._groups.append(_AtOnce(bonds, many))

    def _block_places(self, rows: Index, columns: Index, onsite: bool) -> dict[str, Any]:
        """Places in the pattern of the blocks of bonds and of their transposes."""
        norbs = np.diff(self._offsets)
        row = self._offsets[rows][:, None, None] + np.arange(norbs[rows[0]])[:, None]
        column = self._offsets[columns][:, None, None] + np.arange(norbs[columns[0]])
        row, column = np.broadcast_arrays(row, column)
        mirrored = None if onsite else self._places(column, row)
        return {"places": self._places(row, column), "mirrored": mirrored}


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
        some = self._random.choice(len(self.bonds), COMPARED, replace=False)
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


def _families(sites: Sequence[Any]) -> tuple[Index, list[Family], Index]:
    """Number of the family of every site, the families, and the place of every site in its own."""
    numbers = _numbered(site.family for site in sites)
    members, within = [], np.empty(len(sites), np.int64)
    for number in range(int(numbers.max(initial=-1)) + 1):
        chosen = np.flatnonzero(numbers == number)
        within[chosen] = np.arange(len(chosen))
        members.append(Family([sites[i] for i in chosen.tolist()]))
    return numbers, members, within


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
