"""Results as rows: how a block becomes a table, and tables a labelled array.

A row is one sample at one point: the axes, ``sample``, the observables,
``error`` (the traceback of a failed sample), ``seconds``, ``resolved`` and
``shapes`` (those of vector and matrix observables, as JSON). Null is missing,
NaN is a computed NaN.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xarray as xr
from numpy.typing import NDArray

from ..study.sweep import Point
from . import spans
from .spans import Spans

MISSING, COMPUTED, FAILED = 0, 1, 2
"""Values of the variable ``state``."""

RESERVED = ("sample", "error", "seconds", "resolved", "shapes", "state")


@dataclass(frozen=True, eq=False)
class Block:
    """Results of some samples at one point.

    Attributes
    ----------
    sweep, point, samples
        Which rows these are.
    values
        Observable -> array (samples, ...); rows of failed samples are void.
    errors
        Sample -> traceback, of the samples that failed.
    resolved
        The samples that the solver's guard sent to a safer path.
    seconds
        Time that the block took.
    """

    sweep: str
    point: Point
    samples: Spans
    values: Mapping[str, NDArray]
    errors: Mapping[int, str] = field(default_factory=dict)
    resolved: tuple[int, ...] = ()
    seconds: float = 0.0


def table_of(block: Block) -> pa.Table:
    """The rows of a block."""
    samples = spans.array(block.samples)
    number = len(samples)
    good = ~np.isin(samples, list(block.errors))
    columns = {name: pa.array([value] * number) for name, value in block.point.items()}
    columns["sample"] = pa.array(samples)
    shapes = {}
    for name, array in block.values.items():
        values = np.asarray(array, float)
        if values.ndim == 1:
            columns[name] = pa.array(values, pa.float64(), mask=~good)
        else:
            shapes[name] = values.shape[1:]
            columns[name] = _lists(values, good)
    columns["error"] = pa.array([block.errors.get(s) for s in samples.tolist()], pa.string())
    columns["seconds"] = pa.array(np.full(number, block.seconds / number, np.float32))
    columns["resolved"] = pa.array(np.isin(samples, list(block.resolved)))
    columns["shapes"] = pa.array([json.dumps(shapes)] * number)
    return pa.table(columns)


def segments(table: pa.Table, axes: list[str]) -> list[tuple[tuple[Any, ...], int, int]]:
    """(values of the axes, first sample, last + 1) of every run of consecutive rows."""
    if not len(table):
        return []
    columns = [_codes(table[axis]) for axis in axes]
    sample = table["sample"].to_numpy()
    breaks = np.diff(sample) != 1
    for column in columns:
        breaks |= column[1:] != column[:-1]
    starts, stops = spans.runs(breaks)
    points = zip(*(table[axis].take(starts).to_pylist() for axis in axes), strict=True)
    if not axes:
        points = iter([()] * len(starts))  # type: ignore[assignment]
    first, last = sample[starts].tolist(), (sample[stops - 1] + 1).tolist()
    return list(zip(points, first, last, strict=True))


def unique(table: pa.Table, axes: list[str]) -> pa.Table:
    """The rows in order of point and sample, each sample once, a success before a failure."""
    failed = table["error"].is_valid().to_numpy()
    keys = [table["sample"].to_numpy(), *(_codes(table[axis]) for axis in reversed(axes))]
    order = np.lexsort([failed, *keys])
    new = np.zeros(len(order), bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    return table.take(order[new])


class Assembly:
    """Labelled arrays that are filled with rows in any order, some of them twice.

    Parameters
    ----------
    axes
        Axis -> its values: the coordinates. Other rows are left out.
    samples
        The numbers of the samples.
    dims
        Observable -> names of its inner dimensions, as far as it has told.
    """

    def __init__(
        self, axes: Mapping[str, NDArray], samples: NDArray, dims: Mapping[str, list[str]]
    ) -> None:
        self._coordinates = {**axes, "sample": samples}
        self._dims = dims
        shape = tuple(map(len, self._coordinates.values()))
        self._state = np.zeros(shape, np.int8)
        self._resolved = np.zeros(shape, bool)
        self._arrays: dict[str, NDArray] = {}

    def add(self, table: pa.Table) -> None:
        """Fill in rows.

        Raises
        ------
        ValueError
            An observable was a number in one row and a vector in another.
        """
        places, chosen = [], np.ones(len(table), bool)
        for name, values in self._coordinates.items():
            place, found = _positions(values, _plain(table[name]))
            places.append(place)
            chosen &= found
        flat = np.ravel_multi_index([place[chosen] for place in places], self._state.shape)
        table = table.filter(pa.array(chosen))
        good = table["error"].is_null().to_numpy()
        state = self._state.reshape(-1)
        bad = flat[~good]
        state[bad[state[bad] != COMPUTED]] = FAILED
        table, flat = table.filter(pa.array(good)), flat[good]
        state[flat] = COMPUTED
        self._resolved.reshape(-1)[flat] = _plain(table["resolved"])
        if not len(table):
            return
        for name in self._dims:
            column = table[name]
            if pa.types.is_list(column.type):
                for shape, rows in _by_shape(table["shapes"], name):
                    values = pc.list_flatten(column.take(rows)).to_numpy()
                    self._put(name, flat[rows], values.reshape(len(rows), *shape))
            else:
                self._put(name, flat, column.to_numpy())

    def dataset(self) -> xr.Dataset:
        """What was filled in, as variables over the axes, ``sample`` and inner dimensions."""
        outer = list(self._coordinates)
        found: dict[str, tuple[list[str], NDArray]] = {}
        sizes: dict[str, int] = {}
        for name, dims in self._dims.items():
            array = self._arrays.get(name)
            if array is None:
                array = np.full((*self._state.shape, *[0] * len(dims)), np.nan)
            inner = array.shape[len(outer) :]
            names = dims or [f"{name}_{i}" for i in range(len(inner))]
            found[name] = [*outer, *names], array
            for dim, length in zip(names, inner, strict=True):
                sizes[dim] = max(length, sizes.get(dim, 0))
        variables: dict[str, Any] = {
            "state": (outer, self._state),
            "resolved": (outer, self._resolved),
        }
        for name, (names, array) in found.items():
            inner = tuple(sizes[dim] for dim in names[len(outer) :])
            variables[name] = names, _padded(array, (*self._state.shape, *inner))
        return xr.Dataset(variables, self._coordinates)

    def _put(self, name: str, flat: NDArray, values: NDArray) -> None:
        inner = values.shape[1:]
        array = self._arrays.get(name)
        if array is None:
            array = np.full((*self._state.shape, *inner), np.nan)
        outer = self._state.ndim
        if array.ndim != outer + len(inner):
            raise ValueError(
                f"the observable {name!r} has {array.ndim - outer} dimensions at some points and "
                f"{len(inner)} at others; give it the same number everywhere"
            )
        largest = tuple(map(max, inner, array.shape[outer:]))
        array = self._arrays[name] = _padded(array, (*self._state.shape, *largest))
        rows = array.reshape(self._state.size, *largest)
        place: tuple[Any, ...] = (flat, *map(slice, inner))
        rows[place] = values


def _lists(values: NDArray, good: NDArray) -> pa.Array:
    """An array of lists, one a row, flattened; null where not good."""
    width = int(np.prod(values.shape[1:]))
    offsets = np.arange(len(values) + 1, dtype=np.int32) * width
    return pa.ListArray.from_arrays(offsets, pa.array(values.ravel()), mask=pa.array(~good))


def _by_shape(column: pa.ChunkedArray, name: str) -> list[tuple[tuple[int, ...], NDArray]]:
    """(shape of an observable, rows that have it)."""
    coded = column.combine_chunks().dictionary_encode()
    indices = coded.indices.to_numpy()
    shapes = [tuple(json.loads(text)[name]) for text in coded.dictionary.to_pylist()]
    return [(shape, np.flatnonzero(indices == code)) for code, shape in enumerate(shapes)]


def _padded(array: NDArray, shape: tuple[int, ...]) -> NDArray:
    if array.shape == shape:
        return array
    result = np.full(shape, np.nan)
    result[tuple(map(slice, array.shape))] = array
    return result


def _positions(values: NDArray, wanted: NDArray) -> tuple[NDArray, NDArray]:
    """Where each wanted value stands among the values, and whether it is there at all."""
    order = np.argsort(values)
    place = order[np.minimum(np.searchsorted(values, wanted, sorter=order), len(values) - 1)]
    return place, values[place] == wanted


def _plain(column: pa.ChunkedArray) -> NDArray:
    array = column.to_numpy()
    return array.astype(str) if array.dtype == object else array


def _codes(column: pa.ChunkedArray) -> NDArray:
    """Numbers that are equal where the values are, and sorted alike."""
    array = _plain(column)
    return np.unique(array, return_inverse=True)[1] if array.dtype.kind == "U" else array
