"""Figures: three formats, the same bytes each time, legible without a display."""

import numpy as np

from mesokwant import Estimate, figures


def sketch():
    with figures.style():
        figure, ((ax,),) = figures.panels()
        x = np.linspace(0, 1, 5)
        estimate = Estimate(x**2, 0.1 + 0 * x, 10)
        figures.points(ax, x, estimate, color="C0", label="data", inside=x > 0.3)
        figures.band(ax, x, estimate, color="C1", label="band")
        figures.theory_line(ax, x, x**2, label="theory")
        ax.legend()
    return figure


def test_three_formats_and_reproducible_bytes(tmp_path):
    for folder in ("a", "b"):
        paths = figures.save(sketch(), tmp_path / folder, "figure")
        assert [path.suffix for path in paths] == [".png", ".pdf", ".svg"]
    for path in paths:
        assert path.read_bytes() == (tmp_path / "a" / path.name).read_bytes()


def test_points_outside_the_regime_are_open():
    (ax,) = sketch().axes
    faces = {line.get_label(): line.get_markerfacecolor() for line in ax.lines}
    assert faces["data"] != "white"
    assert "white" in faces.values()
