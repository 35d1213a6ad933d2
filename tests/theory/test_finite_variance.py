"""Variance of finite samples: its limits, the signs of its corrections, and its bounds."""

import numpy as np
import pytest

from mesokwant import theory

IDEAL = {"channels": np.inf, "mean_free_path": 1e-6}
STRONG = 0.05
"""A flux per plaquette that leaves nothing of the Cooperon in the wires below."""


def test_ideal_long_wire_is_universal():
    variance = theory.rectangle_wire_variance([0.0, STRONG], 600, 10, **IDEAL)
    np.testing.assert_allclose(variance.value, [2 / 15, 1 / 15], rtol=5e-3)
    spinful = theory.spinful_wire_variance([0.0, STRONG], 600, 10, **IDEAL)
    universal = [
        theory.spinful_conductance_variance(spin_orbit=True, field=field) for field in (False, True)
    ]
    np.testing.assert_allclose(spinful.value, universal, rtol=5e-3)
    assert np.all(variance.bound < 1e-6) and np.all(spinful.bound < 1e-6)


def test_ideal_rectangle_has_the_variance_of_its_shape():
    lengths = np.array([5.0, 10.0, 25.0])
    for flux in (0.0, 2e-3):
        variance = theory.rectangle_wire_variance(flux, lengths, 10, **IDEAL)
        shape = [theory.rectangle_variance_in_field(flux, x, 10.0) for x in lengths]
        np.testing.assert_allclose(variance.value, shape, rtol=1e-6)


def test_short_wire_has_the_variance_of_finite_mean_free_path():
    paths = 400 / np.array([5.0, 10.0, 20.0])
    variance = theory.rectangle_wire_variance(0.0, 400, 1, channels=1e12, mean_free_path=paths)
    exact = theory.conductance_variance(400 / paths, beta=1)
    np.testing.assert_allclose(variance.value, exact, rtol=1e-5)
    # The relative bound is the share of the sample at the leads.
    np.testing.assert_allclose(variance.normalized().bound, paths / 400, rtol=1e-6)


def test_localization_lowers_the_variance_without_a_field_and_raises_it_in_one():
    sizes = {"length": 600, "width": 10, "mean_free_path": 1.0}
    ideal = theory.rectangle_wire_variance([0.0, STRONG], channels=np.inf, **sizes)
    real = theory.rectangle_wire_variance([0.0, STRONG], channels=3000, **sizes)
    x = 600 / np.array([3001.0, 6000.0])
    change = (real.value - ideal.value) / x
    assert change[0] == pytest.approx(-8 / 315, rel=0.03)  # First order in L/ξ at β = 1.
    assert change[1] == pytest.approx(128 / 9450 * x[1], rel=1e-9)  # Second order at β = 2.


def test_localization_raises_the_variance_with_spin_orbit_coupling():
    sizes = {"length": 600, "width": 10, "mean_free_path": 1.0}
    ideal = theory.spinful_wire_variance([0.0, STRONG], channels=np.inf, **sizes)
    real = theory.spinful_wire_variance([0.0, STRONG], channels=6000, **sizes)
    change = real.value - ideal.value
    # Half of the channels are Kramers pairs, and T is twice their conductance.
    x = 600 / (4 * 3000 - 2)
    assert change[0] == pytest.approx(4 * 16 / 1260 * x, rel=0.1)
    assert 0 < change[1] < change[0]


@pytest.mark.parametrize("function", ["rectangle_wire_variance", "spinful_wire_variance"])
@pytest.mark.parametrize("flux", [0.0, STRONG])
def test_bound_shrinks_with_the_mean_free_path(function, flux):
    paths = np.geomspace(1e-3, 600, 20)
    variance = getattr(theory, function)(flux, 600, 10, channels=1e9, mean_free_path=paths)
    assert np.all(np.diff(variance.bound) > 0)
    assert variance.bound[0] < 1e-6


def test_bound_shrinks_with_the_number_of_channels():
    channels = np.array([50, 500, 5000, np.inf])
    for flux, length in ((0.0, 15), (0.0, 400), (STRONG, 400)):
        variance = theory.rectangle_wire_variance(
            flux, length, 10, channels=channels, mean_free_path=1.0
        )
        assert np.all(np.diff(variance.bound) < 0)


def test_orders_of_a_long_wire_are_no_bound_but_for_their_rest():
    """All of them count as bound where L < 2 W, and elsewhere the second order at β = 2."""
    wire = {"width": 10, "channels": 100, "mean_free_path": 1.0}
    correction = theory.conductance_variance_correction
    for length, orders in (
        (19.0, -correction(19 / 101, beta=1)),
        (20.0, correction(20 / 101, beta=2)),
    ):
        variance = theory.rectangle_wire_variance(0.0, length, **wire)
        assert variance.bound - variance.value / length == pytest.approx(orders)


def test_field_adds_the_variance_of_a_cooperon_that_decays_over_the_mean_free_path():
    s = 40.0
    # A Cooperon that decays over l in a long wire, 12/(π⁴ β) Σ (n² + s²/π²)⁻² at β = 2.
    n = np.arange(1, 10_000)
    cooperon = 6 / np.pi**4 * np.sum((n**2 + (s / np.pi) ** 2) ** -2.0)
    variance = theory.rectangle_wire_variance(
        STRONG, 400, 10, channels=np.inf, mean_free_path=400 / s
    )
    assert variance.bound - variance.value / s == pytest.approx(cooperon, rel=1e-6)
    spinful = theory.spinful_wire_variance(0.0, 400, 10, channels=np.inf, mean_free_path=400 / s)
    assert spinful.bound - spinful.value / s == pytest.approx(3 * cooperon, rel=1e-6)


def test_variance_broadcasts():
    lengths, paths = np.array([40.0, 80.0, 160.0]), np.array([[3.0], [6.0]])
    many = theory.rectangle_wire_variance(1e-3, lengths, 20, channels=9, mean_free_path=paths)
    assert many.value.shape == many.bound.shape == (2, 3)
    one = theory.rectangle_wire_variance(1e-3, 80.0, 20, channels=9, mean_free_path=6.0)
    assert (many.value[1, 1], many.bound[1, 1]) == (one.value, one.bound)


def test_window_of_independent_points_is_ergodic():
    assert theory.finite_window_variance([1.0, 0.0, 0.0, 0.0]) == 1.0


def test_window_of_equal_points_has_no_variance():
    assert theory.finite_window_variance(np.ones(7)) == pytest.approx(0.0, abs=1e-12)


def test_long_window_of_a_rectangle_is_ergodic():
    # Windows of 4, 12 and 36 h/e through the sample, where half an h/e is one step.
    correlation = theory.rectangle_field_correlation(np.arange(72) / 2 / (60 * 20), 60, 20)
    values = np.array([theory.finite_window_variance(correlation[:n]) for n in (8, 24, 72)])
    assert np.all(np.diff(values) > 0)
    # With a correlation that falls as 1/Δf, what is missing falls as ln n/n.
    assert 2 < (1 - values[1]) / (1 - values[2]) < 3


def test_window_without_a_curve_is_refused():
    with pytest.raises(ValueError, match="A window of 1 points has no variance"):
        theory.finite_window_variance([1.0])


def test_unitary_variance_of_a_long_wire_has_the_orders_of_the_exact_equation():
    channels, path = 400.0, 0.05
    for x in (0.1, 0.3):
        length = x * 2 * channels * path
        found = theory.unitary_variance(length, 1e-3, channels=channels, mean_free_path=path)
        orders = theory.conductance_variance_correction(x, beta=2)
        assert found.value == pytest.approx(1 / 15 + orders, rel=1e-4)
        assert found.bound == pytest.approx(abs(orders), rel=1e-4)


def test_unitary_variance_of_a_square_is_that_of_its_shape():
    found = theory.unitary_variance(99.0, 100.0, channels=1e9, mean_free_path=1.0)
    assert found.value == pytest.approx(float(theory.rectangle_variance(1, 1, beta=2)))
    assert found.bound < 1e-12
