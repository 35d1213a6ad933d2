"""A prediction scales, adds and selects together with its bound, its argument and its source."""

import numpy as np
import pytest

from mesokwant import Estimate
from mesokwant.theory import Prediction, propagated


@pytest.fixture
def wire():
    return Prediction([1.0, -2.0, 4.0], [0.1, 0.2, 0.0], "finite width", "Lee & Stone 1985")


def assert_is(prediction, value, bound):
    np.testing.assert_allclose(prediction.value, value, rtol=1e-14)
    np.testing.assert_allclose(prediction.bound, bound, rtol=1e-14, atol=1e-16)
    assert np.shape(prediction.value) == np.shape(prediction.bound) == np.shape(value)


def test_a_prediction_without_bound_needs_no_argument():
    exact = Prediction(2.0)
    assert (exact.value, exact.bound, exact.because, exact.source) == (2.0, 0.0, "", "")
    assert isinstance(exact.value, float) and isinstance(exact.bound, float)


@pytest.mark.parametrize("bound", [0.1, [0.0, 0.1]])
def test_a_bound_without_an_argument_is_refused(bound):
    with pytest.raises(ValueError, match="say in `because`"):
        Prediction([1.0, 2.0], bound)


@pytest.mark.parametrize("bound", [-0.1, np.nan, [0.1, -1e-9], [np.nan, 0.1]])
def test_a_bound_that_is_negative_or_nan_is_refused(bound):
    with pytest.raises(ValueError, match="zero or positive"):
        Prediction([1.0, 2.0], bound, "a guess")


@pytest.mark.parametrize("value", [1.0, [1.0, 2.0, 3.0]])
def test_bounds_of_another_shape_are_refused(value):
    with pytest.raises(ValueError, match="one bound for all values, or one for each"):
        Prediction(value, [0.1, 0.2], "a guess")


def test_one_bound_serves_all_values():
    assert_is(Prediction([1.0, 2.0], 0.1, "a guess"), [1.0, 2.0], [0.1, 0.1])


def test_a_prediction_keeps_its_own_numbers():
    values = np.array([1.0, 2.0])
    prediction = Prediction(values)
    values[0] = 7.0
    assert prediction.value[0] == 1.0


def test_numbers_and_arrays_scale_the_bound_by_their_magnitude(wire):
    factors = np.array([-2.0, 0.5, 1.0])
    for product in (wire * factors, factors * wire):
        assert_is(product, [-2.0, -1.0, 4.0], [0.2, 0.1, 0.0])
        assert (product.because, product.source) == ("finite width", "Lee & Stone 1985")
    for product in (wire * -3, -3 * wire, np.float64(-3) * wire):
        assert_is(product, [-3.0, 6.0, -12.0], [0.3, 0.6, 0.0])
    assert_is(wire / -2, [-0.5, 1.0, -2.0], [0.05, 0.1, 0.0])
    assert_is(-wire, [-1.0, 2.0, -4.0], [0.1, 0.2, 0.0])


def test_numbers_and_arrays_shift_the_value_alone(wire):
    shifts = np.array([1.0, 2.0, 3.0])
    for total in (wire + shifts, shifts + wire):
        assert_is(total, [2.0, 0.0, 7.0], wire.bound)
    assert_is(1 + wire - 1, wire.value, wire.bound)
    assert_is(wire - shifts, [0.0, -4.0, 1.0], wire.bound)
    assert_is(shifts - wire, [0.0, 4.0, -1.0], wire.bound)


def test_a_number_with_an_array_becomes_an_array():
    one = Prediction(2.0, 0.1, "a guess")
    assert_is(one * np.array([1.0, -3.0]), [2.0, -6.0], [0.1, 0.3])
    assert_is(one + np.array([1.0, 2.0]), [3.0, 4.0], [0.1, 0.1])
    assert_is(one - Prediction([1.0, 2.0], 0.2, "b"), [1.0, 0.0], [0.3, 0.3])


def test_bounds_of_two_predictions_add_in_sums_and_differences():
    wire = Prediction(1.0, 0.1, "finite width", "Lee & Stone 1985")
    film = Prediction(0.4, 0.2, "short wire; finite width", "Altshuler 1985")
    for result, value in ((wire + film, 1.4), (wire - film, 0.6)):
        assert_is(result, value, 0.3)
        assert result.because == "finite width; short wire"
        assert result.source == "Lee & Stone 1985; Altshuler 1985"
    assert_is(wire - wire, 0.0, 0.2)
    assert (wire + wire).because == "finite width"


def test_products_with_predictions_and_sums_with_strings_are_refused(wire):
    for operation in (
        lambda: wire * wire,
        lambda: wire / wire,
        lambda: 1 / wire,
        lambda: wire + "x",
        lambda: "x" - wire,
    ):
        with pytest.raises(TypeError):
            operation()


def test_selection_keeps_bound_argument_and_source(wire):
    assert len(wire) == 3
    assert_is(wire[1], -2.0, 0.2)
    assert_is(wire[np.array([True, False, True])], [1.0, 4.0], [0.1, 0.0])
    assert wire[1].because == "finite width" and wire[1].source == "Lee & Stone 1985"
    assert [float(one) for one in wire] == [1.0, -2.0, 4.0]


def test_sum_and_mean_pool_the_bounds_too(wire):
    assert_is(wire.sum(), 3.0, 0.3)
    assert_is(wire.mean(), 1.0, 0.1)
    assert_is(wire[:2].normalized().mean(), 1.0, 0.1)


def test_normalized_is_one_with_the_relative_bound(wire):
    assert_is(wire.normalized(), [1.0, 1.0, 1.0], [0.1, 0.1, 0.0])
    with pytest.raises(ValueError, match="difference"):
        Prediction([0.0, 1.0]).normalized()


def test_with_bound_adds_a_bound_and_its_argument(wire):
    wider = wire.with_bound(0.05, "next order")
    assert_is(wider, wire.value, [0.15, 0.25, 0.05])
    assert wider.because == "finite width; next order"
    assert wider.source == wire.source
    assert_is(wire.with_bound([0.0, 0.1, 0.2], "grid"), wire.value, [0.1, 0.3, 0.2])
    with pytest.raises(ValueError, match="say in `because`"):
        wire.with_bound(0.05, "")


def test_low_and_high_enclose_the_value(wire):
    np.testing.assert_allclose(wire.low, [0.9, -2.2, 4.0])
    np.testing.assert_allclose(wire.high, [1.1, -1.8, 4.0])


def test_only_one_value_converts_to_a_number(wire):
    assert float(wire[1]) == -2.0
    with pytest.raises(TypeError, match="select one value"):
        float(wire)


@pytest.mark.parametrize(
    "prediction, text",
    [
        (
            Prediction(1 / 3, 0.01, "finite width", "Mello & Stone 1991"),
            "0.333 ± 0.010 (bound: finite width; Mello & Stone 1991)",
        ),
        (Prediction(1 / 3, source="Mello & Stone 1991"), "0.333333 (Mello & Stone 1991)"),
        (Prediction(0.5), "0.5"),
        (Prediction(123.4, 25, "a guess"), "123 ± 25 (bound: a guess)"),
        (Prediction(1234.0, 250.0, "a guess"), "1234 ± 250 (bound: a guess)"),
        (Prediction([1.0, 2.0], [0.0, 0.1], "a guess"), "[1,\n 2.00 ± 0.10] (bound: a guess)"),
        (Prediction(1.0, np.inf, "unknown"), "1 ± inf (bound: unknown)"),
    ],
)
def test_text_for_a_terminal(prediction, text):
    assert str(prediction) == text
    assert repr(prediction) == f"<Prediction {text}>"


def test_errors_of_inputs_scale_and_add_like_bounds():
    wire = Prediction([1.0, -2.0], source="Drude", error=[0.1, 0.2])
    np.testing.assert_allclose((-2 * wire + 1).error, [0.2, 0.4])
    np.testing.assert_allclose((wire / -2)[1].error, 0.1)
    np.testing.assert_allclose((wire - wire).error, [0.2, 0.4])
    assert wire.mean().error == pytest.approx(0.15)
    np.testing.assert_allclose(wire.normalized().error, [0.1, 0.1])
    assert str(wire[0]) == "1 (error of inputs: 0.1; Drude)"
    with pytest.raises(ValueError, match="error of a prediction must be zero or positive"):
        Prediction(1.0, error=-0.1)


def test_errors_of_independent_inputs_add_in_quadrature():
    length, width = Estimate(10.0, 0.3, 90), Estimate(4.0, 0.4, 40)

    def area(length, width):
        return Prediction(length * width, 1.0, "rough edges", "Euclid", error=0.5)

    found = propagated(area, length, width)
    assert (found.value, found.bound, found.source) == (40.0, 1.0, "Euclid")
    assert found.error == pytest.approx(np.sqrt(0.5**2 + (4 * 0.3) ** 2 + (10 * 0.4) ** 2))
    curve = propagated(lambda x: np.array([1.0, 2.0]) * x, length)
    np.testing.assert_allclose(curve.error, [0.3, 0.6])


def test_inputs_of_a_prediction_are_estimates_of_one_number():
    for wrong in (10.0, Estimate(np.ones(2), np.ones(2), np.full(2, 5))):
        with pytest.raises(TypeError, match="Estimate of one number"):
            propagated(float, wrong)
