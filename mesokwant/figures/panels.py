"""Panels put together: the grid, letters and legends of a figure.

A panel is a function ``panel(ax, reading)`` that draws on matplotlib axes and labels them.
`compose` makes a figure of panels. `draw` makes the figure of a study from its results, in the
house style, and a notebook shows what it returns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from ..names import unknown
from .finishing import finish
from .residuals import strip_of
from .style import StudyFigure, house_style

if TYPE_CHECKING:
    from ..study.study import Study

Panel = Callable[[Axes, Any], None]

PANEL_SIZES = {1: (3.4, 2.7), 2: (3.5, 2.7), 3: (3.1, 2.6)}
"""Columns of a figure -> size of a panel in inches."""


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

    A title that a panel sets stands behind its letter. A legend that a panel does not place itself
    stands above its axes, outside of the data.

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
    axes = figure.subplots(rows, columns, squeeze=False)
    # Legends and strips of residuals take no room from the panels: the figure grows by it.
    added = np.zeros(axes.shape)
    for panel, letter, ax in zip(panels, letters, axes.flat, strict=False):
        panel(ax, reading)
        place = np.unravel_index(letters.index(letter), axes.shape)
        added[place] = finish(ax, f"({letter})" if only is None and len(panels) > 1 else "")
    for ax in axes.flat[len(panels) :]:
        ax.remove()
    if any(strip_of(ax) for ax in figure.axes):
        _nest(figure.axes)
    across, up = figure.get_size_inches()
    figure.set_size_inches(across, up + added.max(axis=1).sum())
    return figure


def _nest(axes: Sequence[Axes]) -> None:
    """Give panels without a strip a grid of their own, as those with a strip have.

    matplotlib counts labels as part of a nested grid, and not as part of a panel that is in none:
    panels with a strip would be narrower than the others.
    """
    for ax in axes:
        place = ax.get_subplotspec()
        if place is not None and place.get_topmost_subplotspec() is place:
            ax.set_subplotspec(place.subgridspec(1, 1)[0])
