"""What `compose` does with a panel that is drawn: its letter, its title, its legend, its strip.

`finish` takes the axes of the panel and its letter, and gives the height that all this takes beside
the panel itself.
"""

from __future__ import annotations

from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes

from .residuals import GAP, HEIGHT, strip_of

LABELS = 1.05
"""Width in inches that the labels of an ordinate take from a panel."""
PANEL_HEIGHT = 2.0
"""Height in inches of the axes of a panel, by which its strip of residuals is scaled."""
POINTS = 72
"""Points per inch."""


def finish(ax: Axes, letter: str) -> float:
    """Put the letter before the title, the legend above the axes, and the label below the strip.

    Parameters
    ----------
    ax
        The axes of a panel that is drawn.
    letter
        Such as "(a)"; empty for none.

    Returns
    -------
    float
        Inches that legend and strip take.
    """
    height = _legend_above(ax)
    title = f"{letter} {ax.get_title(loc='left')}".strip()
    ax.set_title(title, loc="left", pad=rcParams["axes.titlepad"] + height * POINTS)
    strip = strip_of(ax)
    if strip is None:
        return height
    strip.set_xlabel(ax.get_xlabel())
    ax.set_xlabel("")
    return height + (HEIGHT + GAP) * PANEL_HEIGHT


def _legend_above(ax: Axes) -> float:
    """Set a legend above the axes, with as many columns as fit; its height in inches."""
    labels = ax.get_legend_handles_labels()[1]
    if ax.get_legend() is not None or not labels:
        return 0.0
    figure: Any = ax.get_figure()
    place: Any = ax.get_subplotspec()
    columns = place.get_topmost_subplotspec().get_gridspec().ncols
    across = figure.get_size_inches()[0] / columns - LABELS
    for columns in range(min(4, len(labels)), 0, -1):
        legend = ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            borderaxespad=0.2,
            borderpad=0.2,
            columnspacing=1.2,
            ncols=columns,
        )
        box = legend.get_window_extent()
        if box.width <= across * figure.dpi:
            break
    return float(box.height / figure.dpi)
