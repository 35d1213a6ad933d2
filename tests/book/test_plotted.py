"""The table of a figure has every number that the figure shows."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from mesokwant import figures
from mesokwant.book.plotted import plotted
from mesokwant.statistics import Estimate


@pytest.fixture
def ax():
    return Figure().subplots()


def test_points_of_the_house_have_their_error_bars(ax):
    estimate = Estimate(np.array([3.0, 5.0, 4.0]), np.array([0.1, 0.2, 0.3]), np.array([9, 9, 9]))
    inside = [True, False, True]
    figures.points(ax, [0.1, 0.2, 0.3], estimate, label="measured", inside=inside)
    table = plotted([ax]).sort_values("x")
    assert set(table.kind) == {"points"}
    np.testing.assert_allclose(table.x, [0.1, 0.2, 0.3])
    np.testing.assert_allclose(table.y, estimate.value)
    np.testing.assert_allclose(table.y_high - table.y_low, 2 * estimate.error)
    assert list(table.label) == ["measured", "", "measured"]


def test_error_bars_in_both_directions_belong_to_their_points(ax):
    ax.errorbar([1, 2], [3, 4], xerr=[0.1, 0.2], yerr=0.5, fmt="o", label="both")
    table = plotted([ax])
    np.testing.assert_allclose(table[["x_low", "x_high"]], [[0.9, 1.1], [1.8, 2.2]])
    np.testing.assert_allclose(table[["y_low", "y_high"]], [[2.5, 3.5], [3.5, 4.5]])
    assert set(table.label) == {"both"}


def test_error_bars_without_markers_are_kept(ax):
    ax.errorbar([1.0], [2.0], [0.5], fmt="none")
    (row,) = plotted([ax]).to_dict("records")
    assert (row["x"], row["y"], row["y_low"], row["y_high"]) == (1.0, 2.0, 1.5, 2.5)


def test_lines_levels_and_bands_are_told_apart(ax):
    ax.plot([0, 1], [2, 3], label="theory")
    ax.axhline(0.5, label="a level")
    ax.axvline(7.0)
    ax.fill_between([0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0], label="bound")
    table = plotted([ax]).set_index("kind")
    assert table.loc["line", "y"].tolist() == [2, 3]
    levels = table.loc["level"]
    assert levels.y.dropna().tolist() == [0.5]
    assert levels.x.dropna().tolist() == [7.0]
    assert table.loc["band", ["x", "y_low", "y_high"]].values.tolist() == [
        [0, 1, 4],
        [1, 2, 5],
        [2, 3, 6],
    ]


def test_bars_and_steps_have_their_edges(ax):
    counts, edges, _ = ax.hist([0.5, 1.5, 1.6], bins=[0, 1, 2])
    ax.stairs(counts, edges)
    table = plotted([ax])
    for _, one in table.groupby("curve"):
        assert one[["x_low", "x_high", "y"]].values.tolist() == [[0, 1, 1], [1, 2, 2]]


@pytest.mark.parametrize("origin", ["lower", "upper"])
def test_an_image_has_its_values_where_they_are_drawn(ax, origin):
    ax.imshow([[1.0, 2.0], [3.0, 4.0]], extent=(0, 2, 0, 2), origin=origin)
    table = plotted([ax]).set_index(["x", "y"]).value
    assert table[0.5, 0.5] == (1.0 if origin == "lower" else 3.0)


def test_maps_scattered_points_and_insets_are_found(ax):
    ax.pcolormesh([0, 1, 2], [0, 1], [[5.0, 6.0]])
    ax.scatter([1, 2], [3, 4], c=[7.0, 8.0])
    ax.inset_axes((0.5, 0.5, 0.4, 0.4)).plot([10], [20], "o")
    table = plotted([ax])
    assert table[table.kind == "map"].value.tolist() == [5.0, 6.0]
    assert table[(table.kind == "points") & (table["axes"] == 0)].value.tolist() == [7.0, 8.0]
    assert table[table["axes"] == 1][["x", "y"]].values.tolist() == [[10, 20]]
