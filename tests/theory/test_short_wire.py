"""Short wires in a field tend to the known limits of long ones and of strong fields."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.theory.ballistic_cooperon import loop_rise, pair_correction
from mesokwant.theory.cooperon_square import removed_next_order


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


def test_the_next_order_counts_as_the_square_of_the_cooperon_in_thin_and_wide_wires():
    sizes = {"length": 120.0, "width": 24, "mean_free_path": 9.0}
    full = -theory.weak_localization(120 / 9, beta=1)
    order = theory.weak_localization_next_order(120 / 9 / 31)
    loops = (120.0, 24.0, 9.0 / theory.mean_free_path_factor(2))
    wide = -(loop_rise(0.0, *loops) + pair_correction(*loops)) / full
    assert 1.2 < wide < 2
    for flux in (2e-5, 1e-3):
        many, few = (
            theory.short_wire_magnetoconductance(flux, channels=n, **sizes) for n in (1e9, 30)
        )
        p = many.value / full
        taken = (many.value - few.value) / order
        assert taken == pytest.approx(p * (1 + wide - p), rel=0.01)
        # The bound of the order is half of the way to either end, and its square is added.
        open_part = (few.bound - many.bound) / order
        assert open_part == pytest.approx(p * (wide - 1) / 2 + taken**2 * order / full, rel=0.05)


def test_square_of_the_cooperon_ends_with_the_cooperon():
    shares = np.linspace(0, 2, 21)
    gone, bound = removed_next_order(shares, thin=-1.0, wide=-1.6)
    assert np.all(np.diff(gone) >= 0)
    assert (gone[-1], bound[-1]) == pytest.approx(((1 + 1.6**2) / 2, (1.6**2 - 1) / 4))
    assert (gone[1] / shares[1]) == pytest.approx(2 * 1.3 - 0.1)
    exact = removed_next_order(0.3, thin=-1.0, wide=-1.0)
    assert exact == pytest.approx((0.3 * 1.7, 0.0))


def test_square_of_two_spins_is_four_times_that_of_a_kramers_pair():
    """Two spins of shares 1 and 0.3: the fall of a pair by the same share goes the other way."""
    for share in (1.0, 0.3):
        two = removed_next_order(2 * share, thin=-2.0, wide=-2.0)[0]
        pair = removed_next_order(-share, thin=1.0, wide=1.0)[0]
        assert two == pytest.approx(4 * pair)
