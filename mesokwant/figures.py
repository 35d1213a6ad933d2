"""One style for all figures, the few marks that they are made of, and panels put together.

A panel is a function ``panel(ax, reading)`` that draws on matplotlib axes and labels them.
`compose` makes a figure of panels: it sets the grid, letters and legends. `draw` makes the figure
of a study from its results, in the house style, and a notebook shows what it returns. Drawing never
computes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import cycle
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from . import files
from .names import unknown
from .statistics.estimate import Estimate
from .theory.prediction import Prediction

if TYPE_CHECKING:
    from .study.study import Study

FORMATS = ("png", "pdf", "svg")

# Okabe and Ito's palette: told apart by readers with any colour vision, and in print. A wine red
# stands for their yellow, which is faint on white.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#882255")

PANEL_SIZES = {1: (3.4, 2.7), 2: (3.5, 2.7), 3: (3.1, 2.6)}
"""Columns of a figure -> size of a panel in inches."""

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
}
# The same figure is the same file: no random identifiers in the SVG.
_REPRODUCIBLE: Any = {"svg.hashsalt": "mesokwant"}

Panel = Callable[[Axes, Any], None]

SCREEN_DPI = 200
"""Dots per inch of figures in notebooks, which show them at half of it, for sharp screens."""


class StudyFigure(Figure):
    """A matplotlib figure that keeps its style, and that notebooks show without pyplot.

    matplotlib takes some parameters of a style when it draws, and not when a figure is made. This
    figure is therefore drawn with the parameters that were in force when it was made.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The backend is no part of a style, and to set it would load pyplot.
        self._parameters = {k: v for k, v in mpl.rcParams.copy().items() if k != "backend"}

    def draw(self, renderer: Any) -> None:
        """Draw the figure in its style."""
        with mpl.rc_context(self._parameters):
            super().draw(renderer)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """The picture, and the size at which a notebook shows it."""
        content = BytesIO()
        with mpl.rc_context(self._parameters):
            self.savefig(content, format="png", dpi=SCREEN_DPI)
        width, height = self.get_size_inches() * SCREEN_DPI / 2
        return content.getvalue(), {"width": round(width), "height": round(height)}


@contextmanager
def house_style(file: str | Path | None = None) -> Iterator[None]:
    """The style of all figures, as a context.

    It starts from matplotlib's defaults, so that no ``matplotlibrc`` changes the figures.

    Parameters
    ----------
    file
        A matplotlib style to apply on top: a name that matplotlib knows, or a file.

    Raises
    ------
    FileNotFoundError
        There is no such style.
    """
    with mpl.rc_context():
        backend = mpl.rcParams._get_backend_or_none()  # type: ignore[attr-defined]
        mpl.rcdefaults()
        if backend is not None:
            mpl.rcParams["backend"] = backend
        mpl.rcParams.update(_STYLE)
        if file is not None:
            from matplotlib import style as styles

            try:
                styles.use(str(file))
            except OSError as error:
                raise FileNotFoundError(
                    f"there is no style {str(file)!r}: give the name of a style of matplotlib, or "
                    "the path of a style file"
                ) from error
        mpl.rcParams.update(_REPRODUCIBLE)
        yield


def draw(
    study: Study,
    data: Any,
    *,
    panel: str | None = None,
    width: float | None = None,
    style: str | Path | None = None,
) -> StudyFigure:
    """Draw the figure of a study from its results; a notebook shows it.

    Parameters
    ----------
    study
        The study whose panels are drawn.
    data
        Its results, from `mesokwant.run` or `mesokwant.load`.
    panel
        The letter of one panel that is drawn alone; all panels by default.
    width
        Width of the figure in inches; its height follows. An axis label is legible down to the
        width of a journal's column, 86 / 25.4.
    style
        A matplotlib style, by name or file, on top of the house style.

    Returns
    -------
    matplotlib.figure.Figure
        The figure keeps its style: ``figure.savefig("figure.pdf")`` writes it to a file.

    Raises
    ------
    TypeError
        What is to be drawn is no study.
    ValueError
        The study has no panels, or none of this letter.
    FileNotFoundError
        There is no such style.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> def conductances(ax, data):
    ...     ax.plot(data["length"], data["g"].mean("sample"), "o")
    ...     ax.set(xlabel="length (a)", ylabel="conductance ($e^2/h$)")
    >>> sweep = mk.Sweep(Wire(width=3, length=5), axes={"length": (4, 8)}, samples=1)
    >>> study = mk.Study("wires", sweep, panels=[conductances])
    >>> figure = draw(study, mk.run(study.sweeps, workers=1, progress=False))
    >>> figure.axes[0].get_xlabel()
    'length (a)'
    """
    if not hasattr(study, "panels"):
        raise TypeError(f"draw takes a mesokwant.Study and its results, not {study!r}")
    if not study.panels:
        raise ValueError(
            f"study {study.name!r} has no panels to draw: give it functions (axes, reading), as "
            "mesokwant.Study(..., panels=[...])"
        )
    with house_style(style):
        return compose(study.panels, study.read(data), only=panel, width=width)


def compose(
    panels: Sequence[Panel], reading: Any, *, only: str | None = None, width: float | None = None
) -> StudyFigure:
    """A figure of panels, lettered (a), (b), ...

    Parameters
    ----------
    panels
        Functions that draw one panel each.
    reading
        What each of them is handed besides its axes.
    only
        The letter of a panel that is to be drawn alone, without its letter.
    width
        Width of the figure in inches; its height follows.

    Raises
    ------
    ValueError
        No panel has this letter.
    """
    letters = ascii_lowercase[: len(panels)]
    if only is not None:
        if only not in letters or len(only) != 1:
            raise ValueError(unknown("panel", only, letters))
        panels = [panels[letters.index(only)]]
    columns = {1: 1, 2: 2, 4: 2}.get(len(panels), 3)
    rows = math.ceil(len(panels) / columns)
    across, up = PANEL_SIZES[columns]
    size = np.array([columns * across, rows * up])
    figure = StudyFigure(figsize=tuple(size if width is None else size * width / size[0]))
    axes = figure.subplots(rows, columns, squeeze=False).flat
    for panel, letter, ax in zip(panels, letters, axes, strict=False):
        panel(ax, reading)
        if only is None and len(panels) > 1:
            ax.set_title(f"({letter})")
        if ax.get_legend() is None and ax.get_legend_handles_labels()[1]:
            ax.legend()
    for ax in list(figure.axes)[len(panels) :]:
        ax.remove()
    return figure


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


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG, PDF and SVG, without dates; return the paths.

    It is saved in the style that is in force: call this inside `house_style`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for suffix in FORMATS:
        path = folder / f"{name}.{suffix}"
        metadata = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}.get(suffix)
        content = BytesIO()
        figure.savefig(content, format=suffix, metadata=metadata)
        files.write(path, content.getvalue())
        paths.append(path)
    return paths


def _repeated(inside: Any, length: int) -> list[bool]:
    return [bool(inside)] * length if np.ndim(inside) == 0 else [bool(i) for i in inside]
