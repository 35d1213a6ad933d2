"""The wire with two spins tends to the ideal formulas, and its bounds shrink with their cause."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.theory import (
    ballistic_spin_magnetoconductance,
    spinful_weak_localization_next_order,
    spinful_wire_magnetoconductance,
    spinful_wire_mean_free_path,
)

SHORT = {"length": 40.0, "width": 14.0, "channels": 40, "mean_free_path": 5.0}
MANY = SHORT | {"channels": 1e9}
PATH = SHORT["mean_free_path"] / theory.mean_free_path_factor(2)
STRONG = 0.02


def test_thin_wire_is_the_ideal_one_without_coupling_and_with_strong_coupling():
    """At 60 l and W = 4 l; the ends and the next order in l/L are what is different."""
    sizes = {"length": 120.0, "width": 8.0, "channels": 1e12, "mean_free_path": np.pi}
    flux = 8e-4
    for rotation, spin_orbit_length in ((0.0, np.inf), (2.0, 0.0)):
        rise = spinful_wire_magnetoconductance(flux, rotation=rotation, **sizes)
        in_field, without = (
            theory.spinful_wire_line_shape(
                120.0, spin_orbit_length=spin_orbit_length, magnetic_length=reach, s=120 / np.pi
            )
            for reach in (theory.magnetic_length(flux, 8.0), np.inf)
        )
        assert rise.value == pytest.approx(in_field - without, rel=0.1)
        assert rise.bound <= 0.016 * abs(rise.value)


def test_rise_falls_steadily_with_the_coupling_and_turns_its_sign():
    rotations = (0.0, 0.05, 0.1, 0.2, 1.0)
    rises = [spinful_wire_magnetoconductance(2e-3, rotation=r, **MANY).value for r in rotations]
    assert np.all(np.diff(rises) < 0)
    assert rises[0] > 0 > rises[-1]


def test_no_field_changes_nothing():
    rise = spinful_wire_magnetoconductance(0.0, rotation=0.1, magnetic_rate=0.1, **SHORT)
    assert rise.value == rise.bound == 0


def test_next_order_is_that_of_each_spin_or_of_a_kramers_pair():
    """In a field, ξ is that of N/2 channels of each spin, or that of N channels at β = 4."""
    sizes = {"channels": 40, "mean_free_path": 2.0}
    pure = spinful_weak_localization_next_order(30.0, beta=1, **sizes)
    coupled = spinful_weak_localization_next_order(30.0, beta=4, **sizes)
    assert pure == pytest.approx(2 / 45 * 30 / (21 * 2) + 2 * 2 / 45 * 30 / (40 * 2))
    assert coupled == pytest.approx(2 / 45 * 30 / (78 * 2) + 2 / 45 * 30 / (80 * 2))


@pytest.mark.parametrize(("rotation", "beta"), [(0.0, 1), (2.0, 4)])
def test_next_order_lowers_the_rise_and_deepens_the_fall(rotation, beta):
    ideal, finite = (
        spinful_wire_magnetoconductance(STRONG, rotation=rotation, **sizes)
        for sizes in (MANY, SHORT)
    )
    taken = ideal.value - finite.value
    order = spinful_weak_localization_next_order(40.0, channels=40, mean_free_path=5.0, beta=beta)
    # In a strong field all of it is gone. Short loops of spin 1 add to it, or compensate it.
    assert (1.0 if beta == 1 else 0.3) * order < taken < 3 * order
    assert 0 < finite.bound - ideal.bound < taken


def test_next_order_of_a_coupling_between_the_ends_can_have_the_other_sign():
    """The correction is small without a field, and not in it."""
    ideal, finite = (
        spinful_wire_magnetoconductance(1e-3, rotation=0.2, **sizes) for sizes in (MANY, SHORT)
    )
    assert ideal.value < finite.value < 0


def test_magnetic_impurities_end_the_singlet_and_the_order_behind_it():
    """The rise is that of the ballistic theory where few Cooperons are left to be squared."""
    rates = np.array([0.0, 0.005, 0.02, 0.1, 1.0])
    falls = [
        spinful_wire_magnetoconductance(STRONG, rotation=2.0, magnetic_rate=rate, **SHORT)
        for rate in rates
    ]
    values = np.array([fall.value for fall in falls])
    assert np.all(np.diff(values) > 0)
    assert abs(values[-1]) < 1e-6
    ideal = [
        float(
            ballistic_spin_magnetoconductance(
                STRONG, 40.0, 14.0, transport_path=PATH, rotation=2.0, magnetic_rate=rate
            )
        )
        for rate in rates
    ]
    shares = (ideal - values)[:-1] / (ideal[0] - values[0])
    assert np.all(np.diff(shares) < 0)
    assert shares[3] < 0.05


def test_strong_field_gives_back_the_mean_free_path_of_a_classical_wire():
    for rotation in (0.1, 2.0):
        correction = theory.ballistic_spin_correction(
            6e-3, 40.0, 14.0, transport_path=PATH, rotation=rotation
        )
        classical = 40 / (1 + 40 / 5.0)
        path = spinful_wire_mean_free_path(
            float(classical + correction.value), 6e-3, 40.0, 14.0, rotation=rotation, channels=40
        )
        assert path.value == pytest.approx(5.0, rel=1e-3)
        assert 0 < path.bound < 0.05 * path.value


def test_correction_changes_with_the_field_as_the_rise():
    options = {"transport_path": PATH, "rotation": 0.1, "magnetic_rate": 0.01}
    fluxes = np.array([0.0, 2e-3, STRONG])
    correction = theory.ballistic_spin_correction(fluxes, 40.0, 14.0, **options).value
    rise = theory.ballistic_spin_magnetoconductance(fluxes, 40.0, 14.0, **options)
    np.testing.assert_allclose(correction - correction[0], rise, atol=2e-3)


def test_more_transmission_than_modes_is_refused():
    with pytest.raises(ValueError, match="cannot have a mean T of 41"):
        spinful_wire_mean_free_path(41.0, 1e-3, 40.0, 14.0, rotation=0.0, channels=40)
