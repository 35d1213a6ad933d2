"""Finite wires tend to the ideal formulas, and their corrections have the right sign and size."""

import numpy as np
import pytest

from mesokwant import theory

LONG = {"width": 10, "channels": 1e9, "mean_free_path": 0.05}
"""Quasi-one-dimensional, diffusive and far from localization at L = 500."""


@pytest.mark.parametrize(
    "rise", [theory.wire_magnetoconductance, theory.rectangle_wire_magnetoconductance]
)
def test_the_full_rise_of_a_long_wire_is_a_third(rise):
    expected = rise(1e-2, 500, **LONG)
    remainder = -theory.wire_line_shape(500, magnetic_length=theory.magnetic_length(1e-2, 10))
    assert expected.value + remainder == pytest.approx(1 / 3, rel=0.02)
    assert expected.bound < 0.02 / 3


@pytest.mark.parametrize(
    "rise", [theory.wire_magnetoconductance, theory.rectangle_wire_magnetoconductance]
)
def test_there_is_no_rise_without_a_field(rise):
    assert rise(0.0, 200, 20, channels=40, mean_free_path=8.0).value == 0


def test_formula_and_rectangle_agree_in_the_narrow_limit_and_the_bound_says_by_how_much():
    for ratio, most in ((3, 0.35), (10, 0.06), (30, 0.01)):
        sizes = {"length": 10.0 * ratio, "width": 10, "channels": 1e9, "mean_free_path": 0.05}
        flux = 2 / (2 * np.pi * 10 * sizes["length"] / np.sqrt(3))  # L = 2 L_B
        wire = theory.wire_magnetoconductance(flux, **sizes)
        rectangle = theory.rectangle_wire_magnetoconductance(flux, **sizes)
        assert 0 <= wire.value - rectangle.value <= most * wire.value
        # The grid of the Cooperon is good to 0.3 per cent.
        assert wire.bound == pytest.approx(wire.value - rectangle.value, abs=1e-6)
        assert rectangle.bound < 0.01 * wire.bound


def test_the_next_order_lowers_the_rise_and_falls_as_1_over_n():
    sizes = {"length": 200, "width": 10, "mean_free_path": 10.0}
    many = theory.rectangle_wire_magnetoconductance(3e-3, channels=1e9, **sizes)
    drops = [
        many.value - theory.rectangle_wire_magnetoconductance(3e-3, channels=n - 1, **sizes).value
        for n in (100, 200)
    ]
    assert drops[0] > 0
    assert drops[0] / drops[1] == pytest.approx(2)
    # At full rise it is (2/45) L/ξ with ξ = 100 l.
    full = float(theory.weak_localization(20.0, beta=1))
    assert drops[0] == pytest.approx(2 / 45 * 0.2 * many.value / -full, rel=1e-6)
    assert theory.weak_localization_next_order(0.2) == pytest.approx(2 / 45 * 0.2)


def test_lengths_and_fluxes_broadcast():
    sizes = {"width": 10, "channels": 40, "mean_free_path": 5.0}
    lengths, fluxes = np.array([50.0, 100.0]), np.array([[1e-4], [1e-3], [5e-3]])
    both = theory.wire_magnetoconductance(fluxes, lengths, **sizes)
    assert both.value.shape == both.bound.shape == (3, 2)
    assert both[2][1].value == theory.wire_magnetoconductance(5e-3, 100.0, **sizes).value
