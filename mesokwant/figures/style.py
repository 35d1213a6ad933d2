"""The style of all figures: colors, fonts, files that are the same every time.

`house_style` is the style as a context, `StudyFigure` a figure that keeps the style in which it was
made, and `save` writes a figure to files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure

from .. import files

FORMATS = ("png", "pdf", "svg")

# Okabe and Ito's palette: told apart by readers with any colour vision, and in print. A wine red
# stands for their yellow, which is faint on white.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#882255")

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
"""Shapes of points, one for each of the colors, for readers who do not see the colors."""

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
