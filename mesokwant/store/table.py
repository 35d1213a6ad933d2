"""Results as rows: how a block becomes a table, and which points and samples a table holds.

A row is one sample at one point: the axes, ``sample``, the observables,
``error`` (the traceback of a failed sample), ``seconds``, ``resolved`` and
``shapes`` (those of vector and matrix observables, as JSON). Null is missing,
NaN is a computed NaN.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..point import Point
from . import spans
from .block import Block


def table_of(block: Block) -> pa.Table:
    """The rows of a block."""
    samples = spans.array(block.numbers)
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


def with_observables(table: pa.Table, names: Iterable[str]) -> pa.Table:
    """Mark a table with the observables that its block has, whichever columns were read."""
    return table.replace_schema_metadata({"observables": json.dumps(sorted(names))})


def observables_of(table: pa.Table) -> frozenset[str]:
    """The observables that the block of a table has."""
    return frozenset(json.loads(table.schema.metadata[b"observables"]))


def segments(table: pa.Table, axes: list[str]) -> list[tuple[Point, int, int]]:
    """(point, first sample, last + 1) of every run of consecutive rows."""
    if not len(table):
        return []
    codes = [_codes(table[axis]) for axis in axes]
    sample = table["sample"].to_numpy()
    breaks = np.diff(sample) != 1
    for code in codes:
        breaks |= code[1:] != code[:-1]
    starts, stops = spans.runs(breaks)
    columns = [table[axis].take(starts).to_pylist() for axis in axes]
    values = zip(*columns, strict=True) if axes else [()] * len(starts)
    points = [Point(zip(axes, row, strict=True)) for row in values]
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


def _lists(values: NDArray, good: NDArray) -> pa.Array:
    """An array of lists, one a row, flattened; null where not good."""
    width = int(np.prod(values.shape[1:]))
    offsets = np.arange(len(values) + 1, dtype=np.int32) * width
    return pa.ListArray.from_arrays(offsets, pa.array(values.ravel()), mask=pa.array(~good))


def plain_values(column: pa.ChunkedArray) -> NDArray:
    """A column as a NumPy array; names as texts of NumPy."""
    array = column.to_numpy()
    return array.astype(str) if array.dtype == object else array


def _codes(column: pa.ChunkedArray) -> NDArray:
    """Numbers that are equal where the values are, and sorted alike."""
    array = plain_values(column)
    return np.unique(array, return_inverse=True)[1] if array.dtype.kind == "U" else array
