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


def test_the_rectangle_with_all_corrections_tends_to_that_of_diffusion():
    sizes = {"length": 300, "width": 30, "channels": 1e9}
    diffusive = float(theory.rectangle_magnetoconductance(3e-4, 300, 30))
    short = [
        theory.short_wire_magnetoconductance(3e-4, mean_free_path=path, **sizes)
        for path in (1.0, 4.0)
    ]
    assert short[0].value == pytest.approx(diffusive, rel=0.01)
    assert 0 < short[0].bound < short[1].bound
