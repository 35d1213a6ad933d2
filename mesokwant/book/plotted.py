"""The numbers that a figure shows, as a table.

`plotted` takes the axes of one panel and gives a row for every point, whatever matplotlib drew it
with: lines, markers, error bars, bands, levels, bars, steps, scattered points, maps. Its columns
are those of `COLUMNS`; a cell that does not apply is NaN.

>>> from matplotlib.figure import Figure
>>> axes = Figure().subplots()
>>> _ = axes.errorbar([1.0, 2.0], [3.0, 4.0], [0.1, 0.2], label="measured")
>>> plotted([axes])[["label", "x", "y", "y_low", "y_high"]].values.tolist()
[['measured', 1.0, 3.0, 2.9, 3.1], ['measured', 2.0, 4.0, 3.8, 4.2]]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

import matplotlib.collections as mcollections
import matplotlib.patches as mpatches
import numpy as np
import pandas as pd
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.lines import Line2D

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NUMBERS = ("x", "x_low", "x_high", "y", "y_low", "y_high", "value")
COLUMNS = ("axes", "curve", "kind", "label", *NUMBERS)
"""Columns of the table.

``axes`` and ``curve`` count from 0. ``kind`` is "points", "line", "level", "band", "bars" or
"map". ``x_low`` to ``x_high`` and ``y_low`` to ``y_high`` are error bars, or the width of a bar and
the edges of a band. ``value`` is what colors stand for.
"""

Row = dict[str, Any]
Place = tuple[float, float]


def plotted(axes: Iterable[Axes]) -> pd.DataFrame:
    """All points of some axes and of the insets in them.

    Returns
    -------
    pandas.DataFrame
        A row a point, with the columns `COLUMNS`.
    """
    rows: list[Row] = []
    for number, ax in enumerate(_with_insets(axes)):
        for curve, (kind, label, points) in enumerate(_curves(ax)):
            # matplotlib names what has no label by an underscore.
            common = {"axes": number, "curve": curve, "kind": kind}
            common["label"] = "" if label.startswith("_") else label
            rows += [common | point for point in points]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype(dict.fromkeys(NUMBERS, float))


def labels(axes: Iterable[Axes]) -> list[dict[str, str]]:
    """What the axes of the same numbers are labelled by: ``x``, ``y`` and ``title``."""
    return [
        {"x": ax.get_xlabel(), "y": ax.get_ylabel(), "title": ax.get_title(loc="left")}
        for ax in _with_insets(axes)
    ]


def _with_insets(axes: Iterable[Axes]) -> Iterator[Axes]:
    for ax in axes:
        yield ax
        yield from _with_insets(cast("list[Axes]", ax.child_axes))


def _curves(ax: Axes) -> Iterator[tuple[str, str, list[Row]]]:
    """(kind, label, points) of everything that has points."""
    bars = [c for c in ax.containers if isinstance(c, ErrorbarContainer)]
    errors: dict[Place, Row] = {}
    for bar in bars:
        errors |= _errors(bar)
    drawn: set[Place] = set()
    hidden = {id(part) for c in bars for part in (*c.lines[1], *c.lines[2])}
    named = {id(c.lines[0]): str(c.get_label()) for c in bars if c.lines[0] is not None}

    for line in ax.get_lines():
        if id(line) in hidden:
            continue
        kind, points = _line(line, ax)
        if kind == "points" or id(line) in named:
            for point in points:
                place = _place(point["x"], point["y"])
                point |= errors.get(place, {})
                drawn.add(place)
        if points:
            yield kind, named.get(id(line), str(line.get_label())), points
    alone = [{"x": x, "y": y} | e for (x, y), e in errors.items() if (x, y) not in drawn]
    if alone:
        yield "points", "", alone

    for collection in ax.collections:
        if id(collection) not in hidden:
            kind, points = _collection(collection)
            if points:
                yield kind, str(collection.get_label()), points
    of_bars = {id(p) for c in ax.containers if isinstance(c, BarContainer) for p in c.patches}
    for container in ax.containers:
        if isinstance(container, BarContainer):
            yield "bars", str(container.get_label()), [_bar(p) for p in container.patches]
    for patch in ax.patches:
        if id(patch) not in of_bars and isinstance(patch, mpatches.StepPatch):
            yield "bars", str(patch.get_label()), _steps(patch)
    for image in ax.images:
        yield "map", str(image.get_label()), _image(image)


def _place(x: float, y: float) -> Place:
    """Where a point is, alike for points that are equal within rounding."""
    return float(f"{x:.12g}"), float(f"{y:.12g}")


def _errors(container: ErrorbarContainer) -> dict[Place, Row]:
    """Place of a point -> its error bars."""
    result: dict[Place, Row] = {}
    names = ["x"] * container.has_xerr + ["y"] * container.has_yerr
    line = container.lines[0]
    centers = None if line is None else np.asarray(line.get_xydata(), float)
    for name, bars in zip(names, container.lines[2], strict=False):
        column = 0 if name == "x" else 1
        for i, segment in enumerate(bars.get_segments()):
            low, high = (float(v) for v in segment[:, column])
            center = segment.mean(axis=0) if centers is None else centers[i]
            place = _place(*center)
            result.setdefault(place, {}).update({f"{name}_low": low, f"{name}_high": high})
    return result


def _line(line: Line2D, ax: Axes) -> tuple[str, list[Row]]:
    x, y = (np.asarray(values, float) for values in line.get_data(orig=False))
    if not len(x):
        return "line", []
    transform = line.get_transform()
    if transform == ax.get_yaxis_transform():
        return "level", [{"y": float(y[0])}]
    if transform == ax.get_xaxis_transform():
        return "level", [{"x": float(x[0])}]
    kind = "points" if line.get_linestyle() in ("None", "", " ") else "line"
    return kind, [{"x": float(a), "y": float(b)} for a, b in zip(x, y, strict=True)]


def _collection(collection: Any) -> tuple[str, list[Row]]:
    if isinstance(collection, mcollections.PathCollection):
        places: np.ndarray = np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan)
        values = collection.get_array()
        rows = [{"x": float(x), "y": float(y)} for x, y in places]
        if values is not None and len(values) == len(rows):
            for row, value in zip(rows, np.ravel(values), strict=True):
                row["value"] = float(value)
        return "points", rows
    if isinstance(collection, mcollections.QuadMesh):
        corners = np.asarray(collection.get_coordinates(), float)
        centers = (corners[1:, 1:] + corners[:-1, :-1] + corners[1:, :-1] + corners[:-1, 1:]) / 4
        values = np.ma.filled(np.ma.asarray(collection.get_array(), float), np.nan)
        return "map", _cells(centers.reshape(-1, 2), np.ravel(values))
    if isinstance(collection, mcollections.LineCollection):
        segments = collection.get_segments()
        return "line", [{"x": float(x), "y": float(y)} for part in segments for x, y in part]
    if isinstance(collection, mcollections.PolyCollection):
        return "band", _band(collection)
    return "", []


def _band(collection: Any) -> list[Row]:
    """Lowest and highest edge of a filled area at every abscissa."""
    edges: dict[float, list[float]] = {}
    for path in collection.get_paths():
        for x, y in path.vertices:
            edges.setdefault(float(x), []).append(float(y))
    return [{"x": x, "y_low": min(ys), "y_high": max(ys)} for x, ys in sorted(edges.items())]


def _bar(patch: Any) -> Row:
    low, width = patch.get_x(), patch.get_width()
    return {
        "x": low + width / 2,
        "x_low": low,
        "x_high": low + width,
        "y": patch.get_y() + patch.get_height(),
    }


def _steps(patch: mpatches.StepPatch) -> list[Row]:
    values, edges, _ = patch.get_data()
    spans = zip(edges[:-1], edges[1:], values, strict=True)
    return [{"x": (a + b) / 2, "x_low": a, "x_high": b, "y": y} for a, b, y in spans]


def _image(image: Any) -> list[Row]:
    values: np.ndarray = np.ma.filled(np.ma.asarray(image.get_array(), float), np.nan)
    if values.ndim != 2:  # a picture in colors has no numbers
        return []
    left, right, bottom, top = image.get_extent()
    rows, columns = values.shape
    xs = left + (np.arange(columns) + 0.5) * (right - left) / columns
    # The extent names the lower edge first, and the first row is the upper one unless asked.
    first, last = (bottom, top) if image.origin == "lower" else (top, bottom)
    ys = first + (np.arange(rows) + 0.5) * (last - first) / rows
    places = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    return _cells(places, values.ravel())


def _cells(places: np.ndarray, values: np.ndarray) -> list[Row]:
    cells = zip(places, values, strict=True)
    return [{"x": float(x), "y": float(y), "value": float(v)} for (x, y), v in cells]
