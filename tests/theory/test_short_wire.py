"""Short wires in a field tend to the known limits of long ones and of strong fields."""

import numpy as np
import pytest

from mesokwant import theory


def test_a_strong_field_brings_back_all_of_a_wire_of_any_length():
    for s in (0.5, 3.0, 30.0):
        full = -theory.weak_localization(s, beta=1)
        # What is left falls as L_B/l.
        assert theory.isotropic_wire_rise(s, 1e4 * s) == pytest.approx(full, rel=1e-3)


def test_a_long_wire_has_the_line_shape_of_diffusion():
    a = np.array([0.3, 1.0, 3.0, 10.0])
    line = theory.wire_line_shape(a, magnetic_length=1.0) + 1 / 3
    np.testing.assert_allclose(theory.isotropic_wire_rise(3e3, a), line, rtol=0.01)
    # It is approached as l/L.
    errors = [theory.isotropic_wire_rise(s, 1.0) / line[1] - 1 for s in (100.0, 200.0)]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)


def test_the_rise_grows_with_the_field_and_vanishes_without_it():
    rises = theory.isotropic_wire_rise(8.0, np.array([0.0, 0.5, 1.0, 2.0, 8.0, 40.0]))
    assert rises[0] == 0
    assert np.all(np.diff(rises) > 0)
    assert rises[1] / theory.isotropic_wire_rise(8.0, 0.05) == pytest.approx(100, rel=0.03)


def test_loops_in_a_thin_wire_rise_as_those_of_equivalent_modes():
    # l is W/3 or less, and b is small. The mean free path of the thin wire is π/2 times the other.
    length, width, transport = 200.0, 12.0, 4.0
    flux = 4e-4
    path = transport * theory.mean_free_path_factor(2)
    weaker = np.sqrt(theory.flux_cancellation(path, width))
    a = length / theory.magnetic_length(weaker * flux, width)
    loops = theory.ballistic_magnetoconductance(flux, length, width, transport_path=transport)
    assert loops == pytest.approx(theory.isotropic_wire_rise(length / path, a), rel=0.05)


def test_the_next_order_counts_twice_in_a_weak_field_and_once_at_full_rise():
    sizes = {"length": 120.0, "width": 24, "mean_free_path": 9.0}
    full = -theory.weak_localization(120 / 9, beta=1)
    order = theory.weak_localization_next_order(120 / 9 / 31)
    for flux, times in ((2e-5, 2.0), (1e-2, 1.0)):
        many, few = (
            theory.short_wire_magnetoconductance(flux, channels=n, **sizes) for n in (1e9, 30)
        )
        share = min(many.value / full, 1.0)
        assert (many.value - few.value) / (share * order) == pytest.approx(times, rel=0.02)
        assert many.bound < few.bound < 0.06 * few.value
