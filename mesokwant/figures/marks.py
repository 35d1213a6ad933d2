"""The few marks that panels are made of: measured points, bands, lines of theory, levels, ticks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis

from ..statistics.estimate import Estimate
from ..theory.prediction import Prediction
from .style import COLORS


def colored(items: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Each item with a color of its own; where there are too many the colors start again.

    >>> [color for _, color in colored(range(9))][8] == COLORS[0]
    True
    """
    return zip(items, cycle(COLORS), strict=False)


def each(
    items: Sequence[Any], *, inside: Any = True, label: str = ""
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each item with what `points` needs to draw it: color, label, and whether it is filled.

    Parameters
    ----------
    items
        Anything, one curve each.
    inside
        Whether each item lies in the regime of the theory: one truth value, or one an item.
    label
        A format for the legend, such as ``"L = {} a"``; empty for no label.

    Examples
    --------
    >>> [style["label"] for _, style in each([40, 80], label="L = {} a")]
    ['L = 40 a', 'L = 80 a']
    """
    for (item, color), chosen in zip(colored(items), _repeated(inside, len(items)), strict=True):
        yield item, {"color": color, "inside": chosen, "label": label.format(item)}


def points(
    ax: Axes,
    x: Any,
    estimate: Estimate,
    *,
    color: str = COLORS[0],
    label: str = "",
    inside: Any = True,
) -> None:
    """Measured points with error bars; those outside the regime of the theory are drawn open.

    Parameters
    ----------
    ax
        The axes.
    x, estimate
        One-dimensional and of the same length, or one number and one estimate.
    color, label
        Of the points.
    inside
        Whether each point belongs to the regime that the claims are about.
    """
    xs = np.atleast_1d(np.asarray(x, dtype=float))
    values = np.atleast_1d(np.asarray(estimate.value, dtype=float))
    errors = np.atleast_1d(np.asarray(estimate.error, dtype=float))
    chosen = np.array(_repeated(inside, len(xs)))
    ax.errorbar(xs, values, errors, fmt="none", ecolor=color, elinewidth=0.9)
    for shown, face in ((chosen, color), (~chosen, "white")):
        if shown.any():
            name = label if face != "white" or not chosen.any() else ""
            marks: Any = {"color": color, "markerfacecolor": face, "label": name or None}
            ax.plot(xs[shown], values[shown], "o", **marks)


def band(ax: Axes, x: Any, estimate: Estimate, *, color: str, label: str = "") -> None:
    """A measured curve with a band of one standard error."""
    value, error = np.asarray(estimate.value), np.asarray(estimate.error)
    ax.fill_between(x, value - error, value + error, color=color, alpha=0.25, linewidth=0)
    ax.plot(x, value, color=color, label=label or None)


def theory_line(
    ax: Axes,
    x: Any,
    y: Any,
    *,
    color: str = "black",
    label: str = "",
    line: str = "--",
    bound: str = "",
) -> None:
    """A line of theory: thin, over the data.

    Parameters
    ----------
    ax, x
        Axes and abscissas.
    y
        Values, or a `Prediction` of them.
    color, label
        Of the line.
    line
        Line style of matplotlib.
    bound
        Legend of the systematic bound of a prediction, which is then drawn as a grey band.
    """
    value = y.value if isinstance(y, Prediction) else y
    ax.plot(x, value, line, color=color, linewidth=1.0, zorder=5, label=label or None)
    if bound and isinstance(y, Prediction):
        ax.fill_between(x, y.low, y.high, color="0.88", linewidth=0, label=bound)


def level(ax: Axes, y: float, *, color: str = "0.8", line: str = "-", label: str = "") -> None:
    """A thin horizontal line across the panel, such as zero."""
    ax.axhline(y, color=color, linewidth=0.8, linestyle=line, label=label or None)


def ticks(axis: Axis, *places: float) -> None:
    """Label these places alone, by plain numbers: for a short logarithmic axis."""
    low, high = axis.get_view_interval()
    axis.set_ticks(places, [f"{place:g}" for place in places])
    axis.set_ticks([], minor=True)
    axis.set_view_interval(low, high, ignore=True)


def _repeated(inside: Any, length: int) -> list[bool]:
    return [bool(inside)] * length if np.ndim(inside) == 0 else [bool(i) for i in inside]
