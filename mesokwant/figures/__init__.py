"""One style for all figures, the few marks that they are made of, and panels put together.

Panels draw on matplotlib axes what they are handed, and label it. Drawing never computes.

- `style`: the house style, and figures that keep it and are saved in three formats.
- `panels`: figures made of panels.
- `marks`: points with error bars, bands, lines of theory.
- `residuals`: a strip below a panel with the distance of its points from theory.
- `maps`: densities and currents of a sample in the plane.
"""

from .maps import current_map, density_map
from .marks import band, colored, each, level, points, theory_curve, theory_line, ticks
from .panels import PANEL_SIZES, Panel, compose, draw
from .residuals import residuals
from .style import COLORS, FORMATS, MARKERS, SCREEN_DPI, StudyFigure, house_style, save

__all__ = [
    "COLORS",
    "FORMATS",
    "MARKERS",
    "PANEL_SIZES",
    "SCREEN_DPI",
    "Panel",
    "StudyFigure",
    "band",
    "colored",
    "compose",
    "current_map",
    "density_map",
    "draw",
    "each",
    "house_style",
    "level",
    "points",
    "residuals",
    "save",
    "theory_curve",
    "theory_line",
    "ticks",
]
