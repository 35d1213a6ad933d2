"""Arithmetic, selection and display of estimates."""

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import xarray as xr

from mesokwant import statistics
from mesokwant.statistics import Estimate

G = Estimate(2.0, 0.1, 40)


@pytest.fixture
def curves():
    """Values at 5 fluxes and 3 lengths."""
    value = xr.DataArray(
        1 + np.arange(15.0).reshape(5, 3),
        coords={"flux": 0.001 * np.arange(5), "length": [10, 20, 30]},
        dims=("flux", "length"),
    )
    return Estimate(value, 0.02 * value, xr.full_like(value, 400, dtype=int))


def parts(estimate):
    return [np.asarray(part).tolist() for part in (estimate.value, estimate.error, estimate.n)]


# --- arithmetic ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function",
    [
        lambda g: g * 3,
        lambda g: -3 * g,
        lambda g: g / -4,
        lambda g: 5 / g,
        lambda g: -5 / g,
        lambda g: g + 1,
        lambda g: 1 + g,
        lambda g: g - 1,
        lambda g: 1 - g,
        lambda g: -g,
        lambda g: 1 / (2 - 3 * g),
    ],
)
def test_arithmetic_propagates_errors_as_monte_carlo_does(function):
    small = Estimate(2.0, 0.002, 40)
    drawn = function(np.random.default_rng(40).normal(small.value, small.error, 10**5))
    found = function(small)
    assert found.value == pytest.approx(function(small.value))
    assert found.error == pytest.approx(drawn.std(), rel=0.02)
    assert found.n == 40


@pytest.mark.parametrize("numbers", [np.array([1.0, -2.0]), [1, -2], np.array([1, -2])])
def test_arrays_on_either_side_broadcast(numbers):
    for found in (G * numbers, numbers * G):
        assert parts(found) == [[2.0, -4.0], [0.1, 0.2], [40, 40]]
    assert parts(numbers - G) == [[-1.0, -4.0], [0.1, 0.1], [40, 40]]
    assert parts(numbers / G)[1] == pytest.approx([0.025, 0.05])


def test_numpy_scalars_on_the_left_give_a_number():
    for factor in (np.float64(2), np.int64(2), np.array(2.0)):
        found = factor * G
        assert isinstance(found, Estimate) and type(found.value) is float


def test_arithmetic_of_many_points_acts_point_by_point():
    curve = Estimate(np.array([1.0, 2.0]), np.array([0.1, 0.2]), np.array([10, 20]))
    assert parts(curve * [2, -3]) == [[2.0, -6.0], [0.2, pytest.approx(0.6)], [10, 20]]
    table = np.ones((3, 1)) + curve
    assert table.value.shape == table.error.shape == table.n.shape == (3, 2)
    assert table.n.tolist() == 3 * [[10, 20]]


def test_lists_as_values_are_taken_as_arrays():
    assert parts(Estimate([1.0], [0.1], [10]) * 2) == [[2.0], [0.2], [10]]


def test_labels_decide_how_data_arrays_broadcast(curves):
    width = xr.DataArray([1.0, 2.0], coords={"width": [5, 7]}, dims="width")
    for found in (curves * width, curves - width, width.to_numpy()[0] + curves * width):
        assert found.value.dims == found.error.dims == found.n.dims == ("flux", "length", "width")
        assert found.n.dtype.kind == "i" and np.all(found.n == 400)
    by_length = curves.sel(length=20) / curves.value.sel(flux=0, length=20)
    assert by_length.value.dims == ("flux",) and by_length.value[0] == 1
    scaled = G * curves.value
    assert scaled.error.dims == ("flux", "length") and np.all(scaled.error > 0)


def test_data_array_of_other_points_keeps_the_common_ones(curves):
    found = curves - curves.value.isel(flux=slice(1, 3))
    assert found.value.sizes == found.error.sizes == found.n.sizes == {"flux": 2, "length": 3}
    assert np.all(found.value == 0)


def test_data_array_on_the_left_is_refused_with_a_way_out(curves):
    for estimate in (G, curves):
        with pytest.raises(TypeError, match="to the left of a DataArray"):
            curves.value * estimate
    with pytest.raises(TypeError, match="an array would lose its error"):
        np.asarray(G)


def test_two_estimates_do_not_combine_by_operators():
    for combine in (
        lambda: G * G,
        lambda: G / G,
        lambda: G + G,
        lambda: G - G,
    ):
        with pytest.raises(TypeError, match=r"paired_difference.*bootstrap.*product"):
            combine()


@pytest.mark.parametrize("other", [1j, "2", None, object(), np.array(["a"])])
def test_what_is_no_real_number_is_refused(other):
    with pytest.raises(TypeError):
        G * other
    with pytest.raises(TypeError):
        other - G


def test_division_by_zero_is_reported():
    with pytest.raises(ZeroDivisionError):
        G / 0


# --- selection -----------------------------------------------------------------------------


def test_selection_is_that_of_xarray(curves):
    point = curves.sel(flux=0.002, length=30)
    assert parts(point) == [9.0, pytest.approx(0.18), 400]
    assert curves.sel(flux=0.0021, method="nearest").value.dims == ("length",)
    assert parts(curves.isel(flux=-1)) == parts(curves[-1])
    with pytest.raises(KeyError, match="flux"):
        curves.sel(flux=7)


@pytest.mark.parametrize("method", ["sel", "isel"])
def test_selection_by_label_needs_labels(method):
    for estimate in (G, Estimate(np.ones(3), np.ones(3), np.ones(3, int))):
        with pytest.raises(TypeError, match="has no labels"):
            getattr(estimate, method)(flux=0)


def test_indices_and_masks_choose_points(curves):
    plain = curves.numpy()
    assert parts(plain[1:3, 0]) == [[4.0, 7.0], pytest.approx([0.08, 0.14]), [400, 400]]
    assert len(plain[plain.value > 13][:]) == 2
    assert parts(curves[2, 1]) == parts(plain[2, 1])


def test_iteration_goes_over_the_points_of_the_first_axis(curves):
    assert len(curves) == len(curves.numpy()) == 5
    assert [row.value.dims for row in curves] == 5 * [("length",)]
    values = [point.value for row in curves.numpy() for point in row]
    assert values == list(range(1, 16))


def test_single_number_has_no_points():
    for choose in (len, list, lambda g: g[0]):
        with pytest.raises(TypeError, match="single number"):
            choose(G)


# --- other forms ---------------------------------------------------------------------------


def test_numpy_form_has_no_labels(curves):
    plain = curves.numpy()
    assert {type(part) for part in (plain.value, plain.error, plain.n)} == {np.ndarray}
    assert parts(plain) == parts(curves)
    point = curves[0, 0].numpy()
    assert [type(part) for part in (point.value, point.error, point.n)] == [float, float, int]
    assert type(Estimate([1.0, 2.0], [0.1, 0.1], [4, 4]).numpy().value) is np.ndarray


def test_dataset_has_value_error_and_n(curves):
    data = curves.to_dataset()
    assert set(data.data_vars) == {"value", "error", "n", "dominated"}
    assert set(data.coords) == {"flux", "length"}
    xr.testing.assert_equal(data.error, curves.error)
    assert G.to_dataset().value.item() == 2.0
    assert curves.numpy().to_dataset().sizes == {"dim_0": 5, "dim_1": 3}


def test_named_data_arrays_become_a_dataset(curves):
    named = Estimate(curves.value.rename("g"), curves.error, curves.n)
    assert set(named.to_dataset().data_vars) == {"value", "error", "n", "dominated"}


def test_estimate_is_a_value(curves):
    assert parts(pickle.loads(pickle.dumps(curves))) == parts(curves)
    with pytest.raises(FrozenInstanceError):
        curves.value = 0.0


# --- display -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, error, n, text",
    [
        (0.33121, 0.0041, 400, "0.3312 ± 0.0041 (n = 400)"),
        (0.33121, 0.00996, 400, "0.331 ± 0.010 (n = 400)"),
        (12.34, 1.26, 9, "12.3 ± 1.3 (n = 9)"),
        (1234.5, 67.8, 9, "1234 ± 68 (n = 9)"),
        (0.5, 0.0, 4, "0.5 ± 0 (n = 4)"),
        (1.5e-9, 2.34e-11, 4, "1.5e-09 ± 2.3e-11 (n = 4)"),
        (np.nan, np.nan, 0, "nan (n = 0: no error)"),
    ],
)
def test_number_shows_two_digits_of_the_error(value, error, n, text):
    for labelled in (False, True):
        numbers = map(xr.DataArray, (value, error, n)) if labelled else (value, error, n)
        estimate = Estimate(*numbers)
        assert str(estimate) == text
        assert repr(estimate) == f"<Estimate {text}>"


def test_points_show_their_indices():
    estimate = statistics.mean([[1.0, 2.0], [3.0, 3.5]])
    assert str(estimate) == "[0]: 1.50 ± 0.50 (n = 2)\n[1]: 3.25 ± 0.25 (n = 2)"
    assert repr(estimate) == f"<Estimate of 2 points (axis 0: 2)>\n{estimate}"
    assert str(estimate[1]) == "3.25 ± 0.25 (n = 2)"
    assert repr(estimate[:0]) == "<Estimate of 0 points (axis 0: 0)>"


def test_points_show_their_coordinates(curves):
    lines = repr(curves).splitlines()
    assert lines[0] == "<Estimate of 15 points (flux: 5, length: 3)>"
    assert lines[5] == "flux=0.001, length=20: 5.00 ± 0.10 (n = 400)"
    assert len(lines) == 14 and lines[-1] == "... (3 more points)"


def test_dimension_without_coordinate_shows_its_index():
    value = xr.DataArray([1.0, 2.0], dims="lead")
    assert str(Estimate(value, 0.1 * value, 0 * value + 4)).splitlines()[1] == (
        "lead=1: 2.00 ± 0.20 (n = 4)"
    )


def test_notebook_shows_a_table(curves):
    table = curves._repr_html_()
    assert "<tr><th>flux</th><th>length</th><th>value ± error</th><th>n</th></tr>" in table
    assert "<tr><td>0.001</td><td>20</td><td>5.00 ± 0.10</td><td>400</td></tr>" in table
    assert table.count("<tr>") == 14 and "… (3 more points)" in table
    assert "<td>2.00 ± 0.10</td><td>40</td>" in G._repr_html_()


def test_text_in_a_table_is_escaped():
    value = xr.DataArray([1.0], coords={"kind": ["<b>"]}, dims="kind")
    table = Estimate(value, value, value)._repr_html_()
    assert "&lt;b&gt;" in table and "<b>" not in table
