"""Figures: three formats, the same bytes each time, legible without a display."""

from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest

from mesokwant import Estimate, Prediction, Study, draw, figures
from tests.helpers.engine import sweep


def marks(ax, estimate):
    x = np.linspace(0, 1, 5)
    figures.points(ax, x, estimate, color="C0", label="data", inside=x > 0.3)
    figures.band(ax, x, estimate, color="C1", label="band")
    prediction = Prediction(x**2, 0.1, because="finite size")
    figures.theory_line(ax, x, prediction, label="theory", bound="bound")
    ax.set(xlabel="flux (h/e)", ylabel="conductance ($e^2/h$)")


def sketch(panels=(marks,), **options):
    x = np.linspace(0, 1, 5)
    with figures.house_style():
        return figures.compose(panels, Estimate(x**2, 0.1 + 0 * x, 10), **options)


def test_three_formats_and_reproducible_bytes(tmp_path):
    for folder in ("a", "b"):
        with figures.house_style():
            paths = figures.save(sketch(), tmp_path / folder, "figure")
        assert [path.suffix for path in paths] == [".png", ".pdf", ".svg"]
    for path in paths:
        assert path.read_bytes() == (tmp_path / "a" / path.name).read_bytes()


def test_points_outside_the_regime_are_open():
    (ax,) = sketch().axes
    faces = {line.get_label(): line.get_markerfacecolor() for line in ax.lines}
    assert faces["data"] != "white"
    assert "white" in faces.values()


@pytest.mark.parametrize("number, lines", [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2)])
def test_panels_fill_a_grid_and_are_lettered(number, lines):
    figure = sketch([marks] * number)
    assert len(figure.axes) == number
    rows = {round(ax.get_subplotspec().rowspan.start) for ax in figure.axes}
    assert len(rows) == lines
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ([""] if number == 1 else [f"({letter})" for letter in "abcde"[:number]])
    assert all(ax.get_legend() is not None for ax in figure.axes)


def test_one_panel_has_the_width_of_a_column():
    with figures.house_style():
        figure = sketch([marks] * 4, only="b", width=86 / 25.4)
        figure.draw_without_rendering()
    (ax,) = figure.axes
    assert figure.get_size_inches()[0] == pytest.approx(86 / 25.4)
    # Nothing is cut off, and every label is large enough to read.
    drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert min(drawn.x0, drawn.y0) >= 0
    assert drawn.x1 <= width
    assert drawn.y1 <= height
    texts = (ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_legend().texts)
    assert min(text.get_fontsize() for text in texts) >= 7
    with pytest.raises(ValueError, match="there is no panel 'x'"):
        sketch([marks] * 4, only="x")


def test_the_bound_is_drawn_from_the_prediction():
    (ax,) = sketch().axes
    labels = ax.get_legend_handles_labels()[1]
    assert {"data", "band", "theory", "bound"} == set(labels)


def test_a_matplotlibrc_does_not_leak_unless_asked(tmp_path):
    (tmp_path / "own.mplstyle").write_text("font.size: 15\n")
    with mpl.rc_context({"font.size": 20, "legend.frameon": True}):
        with figures.house_style():
            assert mpl.rcParams["font.size"] == 8
            assert not mpl.rcParams["legend.frameon"]
        with figures.house_style(tmp_path / "own.mplstyle"):
            assert mpl.rcParams["font.size"] == 15
        assert mpl.rcParams["font.size"] == 20


def test_each_item_has_a_style_of_its_own():
    items = list(figures.each([40, 80], inside=[True, False], label="L = {} a"))
    assert [item for item, _ in items] == [40, 80]
    assert [style["inside"] for _, style in items] == [True, False]
    assert len({style["color"] for _, style in items}) == 2


def study(panels):
    return Study("sketch", sweep(), reading=lambda data: 2 * data, panels=panels)


def line(ax, estimate):
    ax.plot(estimate.value, label="value")
    ax.set(xlabel="flux (h/e)", ylabel="conductance ($e^2/h$)")


def test_the_figure_of_a_study_is_drawn_from_its_reading():
    data = Estimate(np.linspace(0, 1, 5), np.full(5, 0.1), 10)
    figure = draw(study([line, marks]), data)
    assert len(figure.axes) == 2
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), 2 * data.value)
    figure = draw(study([line, marks]), data, panel="b", width=2.0)
    assert len(figure.axes) == 1
    assert figure.get_size_inches()[0] == 2.0


def test_a_study_without_panels_has_no_figure():
    with pytest.raises(ValueError, match="'sketch' has no panels to draw: give it functions"):
        draw(study([]), 1.0)
    with pytest.raises(ValueError, match="there is no panel 'c'"):
        draw(study([line, marks]), Estimate(np.ones(5), np.ones(5), 10), panel="c")


def pixels(figure):
    content = BytesIO()
    figure.savefig(content, format="rgba", dpi=100)
    return content.getvalue()


def test_a_figure_keeps_its_style_after_the_context():
    data = Estimate(np.linspace(0, 1, 5), np.full(5, 0.1), 10)
    with figures.house_style():
        expected = pixels(draw(study([line]), data))
    with mpl.rc_context({"xtick.labelsize": 20, "axes.grid": True, "mathtext.fontset": "cm"}):
        figure = draw(study([line]), data)
        assert pixels(figure) == expected
        assert mpl.rcParams["xtick.labelsize"] == 20
    assert pixels(draw(study([line]), data, style="grayscale")) != expected


def test_a_notebook_is_given_a_picture_and_its_size():
    picture, size = sketch()._repr_png_()
    assert picture.startswith(b"\x89PNG")
    assert size == {"width": 340, "height": 270}
