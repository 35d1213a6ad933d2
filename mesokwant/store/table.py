"""Results as rows: how a block becomes a table, and which points and samples a table holds.

A row is one sample at one point: the axes, ``sample``, the observables,
``error`` (the traceback of a failed sample), ``seconds``, ``resolved`` and
``shapes`` (those of vector and matrix observables, as JSON). Null is missing,
NaN is a computed NaN.

The column of a complex observable has its real parts, and a second one, which `imaginary` names,
has its imaginary parts. They are null where the observable gave real numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..point import Point
from . import spans
from .block import Block


def imaginary(name: str) -> str:
    """The name of the column with the imaginary parts of an observable."""
    return f"{name}.imag"


def table_of(block: Block) -> pa.Table:
    """The rows of a block.

    Raises
    ------
    ValueError
        An observable has other numbers of dimensions at some points than at others.
    """
    measured = block.measurements
    samples = [spans.array(one.numbers) for one in measured]
    sizes = [len(numbers) for numbers in samples]
    resolved = [
        np.isin(numbers, one.resolved) if one.resolved else np.zeros(len(numbers), bool)
        for one, numbers in zip(measured, samples, strict=True)
    ]
    row = pa.array(np.repeat(np.arange(len(measured)), sizes))
    columns: dict[str, pa.Array] = {
        axis: pa.array([one.point[axis] for one in measured]).take(row)
        for axis in measured[0].point
    }
    columns["sample"] = pa.array(np.concatenate(samples))
    for name in block.observables:
        arrays = [one.values.get(name) for one in measured]
        columns |= _observable_columns(name, arrays, sizes)
    columns["error"] = pa.array([one.error or None for one in measured], pa.string()).take(row)
    columns["seconds"] = pa.array(np.full(len(row), block.seconds / len(row), np.float32))
    columns["resolved"] = pa.array(np.concatenate(resolved))
    shapes = [
        {name: array.shape[1:] for name, array in one.values.items() if array.ndim > 1}
        for one in measured
    ]
    columns["shapes"] = pa.array(list(map(json.dumps, shapes))).take(row)
    return pa.table(columns)


def _observable_columns(
    name: str, arrays: Sequence[NDArray | None], sizes: Sequence[int]
) -> dict[str, pa.Array]:
    """The columns of an observable: its real parts, and its imaginary ones where it has some."""
    numbers = sorted({array.ndim - 1 for array in arrays if array is not None})
    if len(numbers) > 1:
        raise ValueError(unequal_dimensions(name, *numbers[:2]))
    columns = {name: _column([None if a is None else a.real for a in arrays], sizes)}
    imaginaries = [a.imag if a is not None and np.iscomplexobj(a) else None for a in arrays]
    if any(array is not None for array in imaginaries):
        columns[imaginary(name)] = _column(imaginaries, sizes)
    return columns


def unequal_dimensions(name: str, one: int, other: int) -> str:
    """Say that an observable must keep its number of dimensions."""
    return (
        f"the observable {name!r} has {one} dimensions at some points and {other} at others; give "
        "it the same number everywhere"
    )


def _column(arrays: Sequence[NDArray | None], sizes: Sequence[int]) -> pa.Array:
    """A column of numbers, or of lists of flattened arrays; null where there is no array.

    Parameters
    ----------
    arrays
        Arrays (samples, ...) or None, all with the same number of dimensions.
    sizes
        Number of samples of each.
    """
    present = [array for array in arrays if array is not None]
    content = np.concatenate([np.asarray(array, float).reshape(-1) for array in present])
    null = np.repeat([array is None for array in arrays], sizes)
    if present[0].ndim == 1:
        values = np.full(len(null), np.nan)
        values[~null] = content
        return pa.array(values, pa.float64(), mask=null)
    widths = [0 if array is None else int(np.prod(array.shape[1:])) for array in arrays]
    offsets = np.concatenate([[0], np.cumsum(np.repeat(widths, sizes))]).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, pa.array(content), mask=pa.array(null))


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


def plain_values(column: pa.ChunkedArray) -> NDArray:
    """A column as a NumPy array; names as texts of NumPy."""
    array = column.to_numpy()
    return array.astype(str) if array.dtype == object else array


def _codes(column: pa.ChunkedArray) -> NDArray:
    """Numbers that are equal where the values are, and sorted alike."""
    array = plain_values(column)
    return np.unique(array, return_inverse=True)[1] if array.dtype.kind == "U" else array
