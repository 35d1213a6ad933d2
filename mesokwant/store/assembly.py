"""Rows of results -> a labelled array."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xarray as xr
from numpy.typing import NDArray

from .block import COMPUTED, FAILED, MISSING
from .table import imaginary, plain_values, unequal_dimensions


class Assembly:
    """Labelled arrays that are filled with rows in any order, some of them twice.

    Parameters
    ----------
    axes
        Axis -> its values: the coordinates. Other rows are left out.
    numbers
        The numbers of the samples.
    dims
        Observable -> names of its inner dimensions, as far as it has told.
    """

    def __init__(
        self, axes: Mapping[str, NDArray], numbers: NDArray, dims: Mapping[str, list[str]]
    ) -> None:
        self._coordinates = {**axes, "sample": numbers}
        self._dims = dims
        shape = tuple(map(len, self._coordinates.values()))
        self._failed = np.zeros(shape, bool)
        self._present = {name: np.zeros(shape, bool) for name in dims}
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
            place, found = _positions(values, plain_values(table[name]))
            places.append(place)
            chosen &= found
        flat = np.ravel_multi_index([place[chosen] for place in places], self._failed.shape)
        table = table.filter(pa.array(chosen))
        good = table["error"].is_null().to_numpy()
        self._failed.reshape(-1)[flat[~good]] = True
        table, flat = table.filter(pa.array(good)), flat[good]
        self._resolved.reshape(-1)[flat] = plain_values(table["resolved"])
        if not len(table):
            return
        for name in self._dims:
            if name not in table.column_names:
                continue
            self._present[name].reshape(-1)[flat] = True
            self._add_observable(name, table, flat)

    def _add_observable(self, name: str, table: pa.Table, flat: NDArray) -> None:
        """Fill in an observable, given the place of every row."""
        if imaginary(name) not in table.column_names:
            self._add_numbers([name], table, flat)
            return
        # Blocks with complex numbers may have been merged with such that have real ones.
        are_complex = table[imaginary(name)].is_valid()
        chosen = are_complex.to_numpy()
        self._add_numbers([name], table.filter(pc.invert(are_complex)), flat[~chosen])
        self._add_numbers([name, imaginary(name)], table.filter(are_complex), flat[chosen])

    def _add_numbers(self, columns: list[str], table: pa.Table, flat: NDArray) -> None:
        """Fill in an observable from the columns of its real and, perhaps, imaginary parts."""
        if not len(table):
            return
        name = columns[0]
        for shape, rows in _by_shape(table, name):
            values = _joined([_elements(table[column], rows) for column in columns])
            place = flat[rows]
            self._put(name, place, values.reshape(len(place), *shape))

    def dataset(self) -> xr.Dataset:
        """What was filled in, as variables over the axes, ``sample`` and inner dimensions."""
        outer = list(self._coordinates)
        found: dict[str, tuple[list[str], NDArray]] = {}
        sizes: dict[str, int] = {}
        for name, dims in self._dims.items():
            array = self._arrays.get(name)
            if array is None:
                array = np.full((*self._failed.shape, *[0] * len(dims)), np.nan)
            inner = array.shape[len(outer) :]
            names = dims or [f"{name}_{i}" for i in range(len(inner))]
            found[name] = [*outer, *names], array
            for dim, length in zip(names, inner, strict=True):
                sizes[dim] = max(length, sizes.get(dim, 0))
        flags = {
            "flag_values": np.array([MISSING, COMPUTED, FAILED], np.int8),
            "flag_meanings": "missing computed failed",
        }
        variables: dict[str, Any] = {
            "state": (outer, self._state(), flags),
            "resolved": (outer, self._resolved),
        }
        for name, (names, array) in found.items():
            inner = tuple(sizes[dim] for dim in names[len(outer) :])
            variables[name] = names, _padded(array, (*self._failed.shape, *inner))
        return xr.Dataset(variables, self._coordinates)

    def _state(self) -> NDArray[np.int8]:
        """Computed is what has all observables; a sample that failed and has not is failed."""
        state = np.where(self._failed, FAILED, MISSING).astype(np.int8)
        state[np.logical_and.reduce(list(self._present.values()))] = COMPUTED
        return state

    def _put(self, name: str, flat: NDArray, values: NDArray) -> None:
        inner = values.shape[1:]
        array = self._arrays.get(name)
        if array is None:
            array = _void((*self._failed.shape, *inner), values.dtype)
        outer = self._failed.ndim
        if array.ndim != outer + len(inner):
            raise ValueError(unequal_dimensions(name, array.ndim - outer, len(inner)))
        if array.dtype != values.dtype:
            array, values = _as_complex(array), _as_complex(values)
        largest = tuple(map(max, inner, array.shape[outer:]))
        array = self._arrays[name] = _padded(array, (*self._failed.shape, *largest))
        rows = array.reshape(self._failed.size, *largest)
        place: tuple[Any, ...] = (flat, *map(slice, inner))
        rows[place] = values


def _by_shape(table: pa.Table, name: str) -> list[tuple[tuple[int, ...], Any]]:
    """(shape of an observable, rows that have it)."""
    if not pa.types.is_list(table[name].type):
        return [((), slice(None))]
    coded = table["shapes"].combine_chunks().dictionary_encode()
    indices = coded.indices.to_numpy()
    shapes = [tuple(json.loads(text)[name]) for text in coded.dictionary.to_pylist()]
    return [(shape, np.flatnonzero(indices == code)) for code, shape in enumerate(shapes)]


def _elements(column: pa.ChunkedArray, rows: Any) -> NDArray:
    """The numbers in some rows of a column, one after another."""
    if pa.types.is_list(column.type):
        return pc.list_flatten(column.take(rows)).to_numpy()
    return column.to_numpy()[rows]


def _joined(parts: list[NDArray]) -> NDArray:
    """Numbers, given as their real parts or as their real and imaginary parts."""
    if len(parts) == 1:
        return parts[0]
    result = np.empty(len(parts[0]), complex)
    result.real, result.imag = parts
    return result


def _void(shape: tuple[int, ...], dtype: Any) -> NDArray:
    """An array of what was not computed; both parts of complex numbers are NaN."""
    return np.full(shape, complex(np.nan, np.nan) if np.dtype(dtype).kind == "c" else np.nan)


def _as_complex(values: NDArray) -> NDArray:
    """The same numbers as complex ones."""
    if np.iscomplexobj(values):
        return values
    result = _void(values.shape, complex)
    real = ~np.isnan(values)
    result[real] = values[real]
    return result


def _padded(array: NDArray, shape: tuple[int, ...]) -> NDArray:
    if array.shape == shape:
        return array
    result = _void(shape, array.dtype)
    result[tuple(map(slice, array.shape))] = array
    return result


def _positions(values: NDArray, wanted: NDArray) -> tuple[NDArray, NDArray]:
    """Where each wanted value stands among the values, and whether it is there at all."""
    order = np.argsort(values)
    place = order[np.minimum(np.searchsorted(values, wanted, sorter=order), len(values) - 1)]
    return place, values[place] == wanted
