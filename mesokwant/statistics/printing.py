"""Text and HTML of estimates: what a terminal and a notebook show.

The functions take the value, the error, the number of samples and the flag of domination of an
estimate, as numbers, arrays or DataArrays of one shape, and give text. A number is one line; of
many points, the first `MAX_POINTS` are shown with their coordinates, or with their indices where
there are none.
"""

import html
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import xarray as xr

MAX_POINTS = 12
DOMINATED = ", dominated by one sample"
"""Added to the number of samples of an estimate that cannot be trusted."""


def text(value: Any, error: Any, n: Any, dominated: Any) -> str:
    """One line for every point: "flux=0.1: 0.3312 ± 0.0041 (n = 400)"."""
    if np.ndim(value) == 0:
        return _line(value, error, n, dominated)
    lines = [
        f"{_label(value, index)}: {_line(*numbers)}"
        for index, *numbers in _first_points(value, error, n, dominated)
    ]
    remaining = _remaining(value)
    return "\n".join([*lines, f"... {remaining}"] if remaining else lines)


def points_and_sizes(value: Any) -> str:
    """The number of points and the sizes of their dimensions: "15 points (flux: 5, length: 3)"."""
    shape = np.shape(value)
    dims = getattr(value, "dims", None) or [f"axis {axis}" for axis in range(len(shape))]
    sizes = ", ".join(f"{dim}: {size}" for dim, size in zip(dims, shape, strict=True))
    return f"{_points(math.prod(shape))} ({sizes})"


def table(value: Any, error: Any, n: Any, dominated: Any) -> str:
    """An HTML table with a row for every point: its coordinates, value ± error, and n."""
    if isinstance(value, xr.DataArray):
        names = [str(dim) for dim in value.dims]
    else:
        names = [f"axis {axis}" for axis in range(np.ndim(value))]
    rows = [
        [
            *_coordinates(value, index),
            _value_and_error(v, e),
            f"{int(count)}{DOMINATED * bool(mark)}",
        ]
        for index, v, e, count, mark in _first_points(value, error, n, dominated)
    ]
    lines = [_row([*names, "value ± error", "n"], "th"), *(_row(row, "td") for row in rows)]
    remaining = _remaining(value)
    if remaining:
        lines.append(f'<tr><td colspan="{len(names) + 2}">… {remaining}</td></tr>')
    return "\n".join(["<table>", *lines, "</table>"])


def _first_points(*parts: Any) -> Iterator[tuple[Any, ...]]:
    """(index, value, error, n, dominated) of the points that are shown."""
    arrays = np.broadcast_arrays(*map(np.asarray, parts))
    for index in islice(np.ndindex(arrays[0].shape), MAX_POINTS):
        yield (index, *(array[index] for array in arrays))


def _remaining(value: Any) -> str:
    remaining = np.size(value) - MAX_POINTS
    return f"({_points(remaining, 'more ')})" if remaining > 0 else ""


def _points(number: int, more: str = "") -> str:
    return f"{number} {more}point{'' if number == 1 else 's'}"


def _label(value: Any, index: tuple[int, ...]) -> str:
    coordinates = _coordinates(value, index)
    if isinstance(value, xr.DataArray):
        return ", ".join(
            f"{dim}={coordinate}" for dim, coordinate in zip(value.dims, coordinates, strict=True)
        )
    return f"[{', '.join(coordinates)}]"


def _coordinates(value: Any, index: tuple[int, ...]) -> list[str]:
    """The coordinate of a point on every dimension; its index where there is no coordinate."""
    if not isinstance(value, xr.DataArray):
        return [str(i) for i in index]
    coordinates = (
        value.coords[dim].values[i] if dim in value.coords else i
        for dim, i in zip(value.dims, index, strict=True)
    )
    return [f"{x:.6g}" if isinstance(x, float) else str(x) for x in coordinates]


def _line(value: Any, error: Any, n: Any, dominated: Any) -> str:
    value, error, n = float(value), float(error), int(n)
    mark = DOMINATED * bool(dominated)
    if math.isnan(error):
        return f"{_value_and_error(value, error)} (n = {n}: no error{mark})"
    return f"{_value_and_error(value, error)} (n = {n}{mark})"


def _value_and_error(value: float, error: float) -> str:
    """Two digits of the error, and the value to the same place."""
    if math.isnan(error):
        return f"{value:.6g}"
    if not 1e-6 < error < 1e5:
        return f"{value:.6g} ± {error:.2g}"
    places = max(0, 1 - math.floor(math.log10(float(f"{error:.1e}"))))
    return f"{value:.{places}f} ± {error:.{places}f}"


def _row(cells: list[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
