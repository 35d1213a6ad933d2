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
    figure = sketch()
    picture, size = figure._repr_png_()
    assert picture.startswith(b"\x89PNG")
    width, height = figure.get_size_inches()
    assert size == {"width": round(100 * width), "height": round(100 * height)}


def with_residuals(ax, estimate, **options):
    x = np.array([1.0, 2.0, 4.0, 8.0])
    expected = Prediction(np.array([1.0, -2.0, 3.0, 4.0]), 0.1, "finite size", error=0.03)
    measured = Estimate(1.1 * expected.value, np.full(4, 0.04), np.full(4, 10))
    figures.points(ax, x, measured, label="data")
    figures.residuals(ax, x, measured, expected, **options)
    figures.residuals(ax, x[0], measured[0], expected[0], color="C1", **options)
    ax.set_title("a message")
    ax.set(xscale="log", xlabel="length (a)", ylabel="conductance ($e^2/h$)")


def test_residuals_stand_below_their_panel_on_the_same_abscissas():
    with figures.house_style():
        figure = figures.compose([with_residuals, line], Estimate(np.ones(3), np.ones(3), 1))
        figure.draw_without_rendering()
    panel, _, strip = figure.axes
    assert strip.get_position().y1 <= panel.get_position().y0
    assert strip.get_xlim() == panel.get_xlim() and strip.get_xscale() == "log"
    assert (panel.get_xlabel(), strip.get_xlabel()) == ("", "length (a)")
    # Measured over theory is 1.1 at every point, whatever the sign of the value.
    np.testing.assert_allclose(strip.lines[1].get_ydata(), 10)
    (bars, *_) = strip.containers[0][2]
    top = [segment[1, 1] for segment in bars.get_segments()]
    np.testing.assert_allclose(top, 10 + 5 / np.array([1, 2, 3, 4]))
    band = strip.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(10) and band[:, 1].min() == pytest.approx(-10)
    drawn = figure.get_tightbbox()
    assert min(drawn.x0, drawn.y0) >= 0


def test_panels_with_a_strip_are_as_wide_as_those_without():
    def plain(ax, _):
        ax.plot([1.0, 2.0], [1.0, 2.0])

    def with_strip(ax, _):
        figures.residuals(ax, [1.0, 2.0], Estimate(np.ones(2), np.ones(2), 9), np.ones(2))

    with figures.house_style():
        figure = figures.compose([plain, with_strip], None)
        figure.draw_without_rendering()
    first, second = (ax.get_window_extent() for ax in figure.axes[:2])
    assert first.width == pytest.approx(second.width, rel=0.1)
    assert second.x1 > 0.95 * figure.bbox.width


def test_residuals_may_be_differences():
    def differences(ax, estimate):
        with_residuals(ax, estimate, relative=False)

    strip = sketch([differences]).axes[1]
    np.testing.assert_allclose(strip.lines[1].get_ydata(), [0.1, -0.2, 0.3, 0.4])
    assert strip.get_ylabel() == "residual"
    with pytest.raises(ValueError, match="relative=False"):
        sketch([lambda ax, e: figures.residuals(ax, 1.0, Estimate(0.1, 0.1, 3), 0.0)])


def test_a_title_stands_behind_the_letter_and_the_legend_above_the_data():
    with figures.house_style():
        figure = figures.compose([with_residuals, line], Estimate(np.ones(3), np.ones(3), 1))
        figure.draw_without_rendering()
    for ax, title in zip(figure.axes, ["(a) a message", "(b)"], strict=False):
        assert ax.get_title(loc="left") == title
        box = ax.get_legend().get_window_extent()
        assert box.y0 >= ax.get_window_extent().y1 - 1
        (above,) = ax.findobj(lambda found, title=title: title == getattr(found, "_text", ""))
        assert above.get_window_extent().y0 >= box.y1 - 2
    alone = sketch([with_residuals, line], only="a").axes[0]
    assert alone.get_title(loc="left") == "a message"


def test_curves_have_two_hundred_points_however_few_are_computed():
    calls = []

    def slow(x):
        calls.append(len(x))
        return Prediction(np.exp(-x), 0.1 * np.exp(-x), "finite size")

    def curves(ax, estimate):
        figures.theory_curve(ax, slow, 0.1, 5.0, spacing="log", evaluations=15, bound="bound")
        figures.theory_curve(ax, slow, 0.1, 5.0)

    (ax,) = sketch([curves]).axes
    assert calls == [15, 200]
    for curve in ax.lines:
        x, y = curve.get_data()
        assert len(x) == 200
        np.testing.assert_allclose(y, np.exp(-x), atol=2e-3)
    with pytest.raises(ValueError, match="'log' for positive"):
        sketch([lambda ax, e: figures.theory_curve(ax, slow, 0.0, 1.0, spacing="log")])


def test_points_that_one_sample_dominates_are_open_and_have_no_error_bar():
    def two(ax, estimate):
        flags = np.array([False, True])
        two = Estimate(np.ones(2), np.full(2, 0.1), np.full(2, 90), flags)
        figures.points(ax, [0.0, 1.0], two, label="data")

    (ax,) = sketch([two]).axes
    assert [mark.get_markerfacecolor() for mark in ax.lines] == [figures.COLORS[0], "white"]
    (bars,) = ax.containers[0][2]
    assert sum(len(segment) > 0 for segment in bars.get_segments()) == 1


def test_curves_differ_by_shape_where_they_have_one_color():
    styles = [style for _, style in figures.each(range(20))]
    assert len({(one["color"], one["marker"]) for one in styles}) == 20
    assert len({one["marker"] for one in styles[:8]}) == 8
