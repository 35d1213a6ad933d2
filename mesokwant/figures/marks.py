"""The few marks that panels are made of: measured points, bands, lines of theory, levels, ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from numpy.typing import NDArray

from ..statistics.estimate import Estimate
from ..theory.prediction import Prediction
from .style import COLORS, MARKERS

CURVE_POINTS = 200
"""Points of a line of theory."""


def colored(items: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Each item with a color of its own; where there are too many the colors start again.

    >>> [color for _, color in colored(range(9))][8] == COLORS[0]
    True
    """
    return zip(items, cycle(COLORS), strict=False)


def each(
    items: Sequence[Any], *, inside: Any = True, label: str = ""
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each item with what `points` needs to draw it: color, marker, label, and whether filled.

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
    chosen = _repeated(inside, len(items))
    # As many colors as markers: an item beyond them would otherwise repeat an earlier one.
    shapes = (MARKERS[(i + i // len(COLORS)) % len(MARKERS)] for i in range(len(items)))
    for (item, color), marker, one in zip(colored(items), shapes, chosen, strict=True):
        yield item, {"color": color, "marker": marker, "inside": one, "label": label.format(item)}


def points(
    ax: Axes,
    x: Any,
    estimate: Estimate,
    *,
    color: str = COLORS[0],
    marker: str = "o",
    label: str = "",
    inside: Any = True,
) -> None:
    """Measured points with error bars; those outside the regime of the theory are drawn open.

    Points that one sample dominates (`Estimate.dominated`) are open too, and have no error bar,
    since their error means nothing.

    Parameters
    ----------
    ax
        The axes.
    x, estimate
        One-dimensional and of the same length, or one number and one estimate.
    color, marker, label
        Of the points.
    inside
        Whether each point belongs to the regime that the claims are about.
    """
    xs = np.atleast_1d(np.asarray(x, dtype=float))
    values = np.atleast_1d(np.asarray(estimate.value, dtype=float))
    errors = np.atleast_1d(np.asarray(estimate.error, dtype=float))
    dominated = np.broadcast_to(np.asarray(estimate.dominated, dtype=bool), xs.shape)
    chosen = np.array(_repeated(inside, len(xs))) & ~dominated
    errors = np.where(dominated, np.nan, errors)
    ax.errorbar(xs, values, errors, fmt="none", ecolor=color, elinewidth=0.9)
    for shown, face in ((chosen, color), (~chosen, "white")):
        if shown.any():
            name = label if face != "white" or not chosen.any() else ""
            marks: Any = {"color": color, "markerfacecolor": face, "label": name or None}
            ax.plot(xs[shown], values[shown], marker, linestyle="none", **marks)


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


def theory_curve(
    ax: Axes,
    formula: Callable[[NDArray[np.float64]], Any],
    low: float,
    high: float,
    *,
    spacing: str = "linear",
    evaluations: int | None = None,
    **style: Any,
) -> None:
    """A line of theory without kinks, from a formula instead of from points.

    Parameters
    ----------
    ax
        The axes.
    formula
        Takes abscissas (points,), gives values or a `Prediction` of them.
    low, high
        The first and the last abscissa.
    spacing
        "linear", or "log" for abscissas that are equally spaced on a logarithmic axis.
    evaluations
        For a formula that takes long: the number of abscissas at which it is evaluated, with a
        cubic spline between them. By default, it is evaluated at all `CURVE_POINTS`.
    **style
        Color, label, line and bound, as in `theory_line`.

    Raises
    ------
    ValueError
        If the spacing is of another kind, or has no place for abscissas that are not positive.
    """
    spaced: dict[str, Callable[..., Any]] = {"linear": np.linspace, "log": np.geomspace}
    if spacing not in spaced or (spacing == "log" and min(low, high) <= 0):
        raise ValueError(
            f"A curve from {low} to {high} cannot have {spacing!r} spacing: use 'linear', or "
            "'log' for positive abscissas."
        )
    x = spaced[spacing](low, high, CURVE_POINTS)
    if evaluations is None:
        theory_line(ax, x, formula(x), **style)
        return
    # This costs 0.1 s, which figures without costly formulas do not spend.
    from scipy.interpolate import CubicSpline

    scaled: Callable[[Any], Any] = np.log if spacing == "log" else np.asarray
    places = spaced[spacing](low, high, evaluations)
    found = formula(places)
    if not isinstance(found, Prediction):
        found = Prediction(found)
    value, bound = (
        CubicSpline(scaled(places), part)(scaled(x)) for part in (found.value, found.bound)
    )
    theory_line(ax, x, Prediction(value, np.maximum(bound, 0), found.because), **style)


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
