"""One style for all figures, and the few marks they are made of. Drawing never computes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from . import files
from .statistics import Estimate

FORMATS = ("png", "pdf", "svg")

# Okabe and Ito's palette: told apart by readers with any colour vision, and in print. A wine red
# stands for their yellow, which is faint on white.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#882255")

_STYLE: Any = {
    "axes.prop_cycle": cycler(color=COLORS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "font.size": 8,
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "mathtext.fontset": "stix",
    "savefig.dpi": 220,
    # The same figure is the same file: no random identifiers in the SVG.
    "svg.hashsalt": "mesokwant",
}


@contextmanager
def style() -> Iterator[None]:
    """The style of all figures, as a context."""
    with mpl.rc_context(_STYLE):
        yield


def panels(rows: int = 1, columns: int = 1, *, size: tuple[float, float] = (3.4, 2.7)) -> Any:
    """A figure and its array of axes; ``size`` of one panel in inches."""
    figure = Figure(figsize=(columns * size[0], rows * size[1]))
    return figure, figure.subplots(rows, columns, squeeze=False)


def colored(items: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Each item with a color of its own; where there are too many the colors start again.

    >>> [color for _, color in colored(range(9))][8] == COLORS[0]
    True
    """
    return zip(items, cycle(COLORS), strict=False)


def points(
    ax: Axes, x: Any, estimate: Estimate, *, color: str, label: str = "", inside: Any = True
) -> None:
    """Measured points with error bars; those outside the regime of the theory are drawn open.

    Parameters
    ----------
    x, estimate
        One-dimensional, of the same length.
    inside
        Whether each point belongs to the regime that the claims are about.
    """
    ax.errorbar(x, estimate.value, estimate.error, fmt="none", ecolor=color, elinewidth=0.9)
    for chosen, face in ((True, color), (False, "white")):
        shown = [bool(i) is chosen for i in _repeated(inside, len(x))]
        if any(shown):
            xs = [v for v, s in zip(x, shown, strict=True) if s]
            ys = [float(v) for v, s in zip(estimate.value, shown, strict=True) if s]
            name = label if chosen or not any(_repeated(inside, len(x))) else ""
            ax.plot(xs, ys, "o", color=color, markerfacecolor=face, label=name or None)


def band(ax: Axes, x: Any, estimate: Estimate, *, color: str, label: str = "") -> None:
    """A measured curve with a band of one standard error."""
    low, high = estimate.value - estimate.error, estimate.value + estimate.error
    ax.fill_between(x, low, high, color=color, alpha=0.25, linewidth=0)
    ax.plot(x, estimate.value, color=color, label=label or None)


def theory_line(ax: Axes, x: Any, y: Any, *, color: str = "black", label: str = "") -> None:
    """A line of theory: thin and dashed, over the data."""
    ax.plot(x, y, "--", color=color, linewidth=1.0, zorder=5, label=label or None)


def ticks(axis: Axis, *places: float) -> None:
    """Label these places alone, by plain numbers: for a short logarithmic axis."""
    low, high = axis.get_view_interval()
    axis.set_ticks(places, [f"{place:g}" for place in places])
    axis.set_ticks([], minor=True)
    axis.set_view_interval(low, high, ignore=True)


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG, PDF and SVG, without dates; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for suffix in FORMATS:
        path = folder / f"{name}.{suffix}"
        metadata = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}.get(suffix)
        content = BytesIO()
        with mpl.rc_context(_STYLE):
            figure.savefig(content, format=suffix, metadata=metadata)
        files.write(path, content.getvalue())
        paths.append(path)
    return paths


def _repeated(inside: Any, length: int) -> list[bool]:
    return [bool(inside)] * length if not hasattr(inside, "__len__") else [bool(i) for i in inside]
