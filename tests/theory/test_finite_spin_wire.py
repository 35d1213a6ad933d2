"""The wire with two spins tends to the ideal formulas, and its bounds shrink with their cause."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.theory import (
    singlet_wire_magnetoconductance,
    spin_flip_length,
    spinful_weak_localization_next_order,
    spinful_wire_magnetoconductance,
)

LONG = {"length": 400, "width": 16, "channels": 1e12, "mean_free_path": 1e-3}
"""Long, thin, of many channels, and diffusive: all corrections are small."""

SHORT = {"length": 60, "width": 20, "channels": 40, "mean_free_path": 4.0}
STRONG = 0.02
WEAK = 2e-4


def ideal(flux, spin_orbit_length):
    """The sum over the Cooperons of a thin wire in a field, less that without a field."""
    reach = theory.magnetic_length(flux, LONG["width"])
    in_field, without = (
        theory.spinful_wire_line_shape(
            LONG["length"], spin_orbit_length=spin_orbit_length, magnetic_length=length
        )
        for length in (reach, np.inf)
    )
    return in_field - without


@pytest.mark.parametrize("flux", [WEAK, STRONG])
def test_long_wire_is_the_ideal_one_without_coupling_and_with_strong_coupling(flux):
    free = spinful_wire_magnetoconductance(flux, rotation=0.0, **LONG)
    singlet = singlet_wire_magnetoconductance(flux, decay_length=np.inf, **LONG)
    for rise, spin_orbit_length in ((free, np.inf), (singlet, 0.0)):
        expected = ideal(flux, spin_orbit_length)
        assert rise.value == pytest.approx(expected, rel=0.01)
        assert abs(rise.value - expected) <= 1.02 * rise.bound <= 0.01 * abs(expected)


def test_coupling_that_ends_the_triplet_leaves_the_singlet():
    sizes = SHORT | {"mean_free_path": 8.0}
    strong = spinful_wire_magnetoconductance(STRONG, rotation=1.0, **sizes)
    singlet = singlet_wire_magnetoconductance(STRONG, decay_length=np.inf, **sizes)
    assert strong.value == pytest.approx(singlet.value, rel=0.01)
    assert strong.bound == pytest.approx(singlet.bound, rel=0.01)


def test_rise_falls_steadily_with_the_coupling_and_turns_its_sign():
    rotations = (0.0, 0.02, 0.05, 0.1, 0.2)
    rises = [spinful_wire_magnetoconductance(STRONG, rotation=r, **LONG).value for r in rotations]
    assert np.all(np.diff(rises) < 0)
    assert rises[0] > 0 > rises[-1]


def test_no_field_changes_nothing():
    for rise in (
        spinful_wire_magnetoconductance(0.0, rotation=0.1, **SHORT),
        singlet_wire_magnetoconductance(0.0, decay_length=30.0, **SHORT),
    ):
        assert rise.value == rise.bound == 0


def test_next_order_is_that_of_each_spin_or_of_a_kramers_pair():
    """In a field, ξ is that of N/2 channels of each spin, or that of N channels at β = 4."""
    sizes = {"channels": 40, "mean_free_path": 2.0}
    pure = spinful_weak_localization_next_order(30.0, beta=1, **sizes)
    coupled = spinful_weak_localization_next_order(30.0, beta=4, **sizes)
    assert pure == pytest.approx(2 / 45 * 30 / (21 * 2) + 2 * 2 / 45 * 30 / (40 * 2))
    assert coupled == pytest.approx(2 / 45 * 30 / (78 * 2) + 2 / 45 * 30 / (80 * 2))


def test_next_order_lowers_the_rise_and_deepens_the_fall():
    many, few = SHORT | {"channels": 1e9}, SHORT | {"channels": 20}
    for sizes in (SHORT, few):
        for kind, options in (
            (spinful_wire_magnetoconductance, {"rotation": 0.0}),
            (singlet_wire_magnetoconductance, {"decay_length": np.inf}),
        ):
            ideal, finite = (kind(STRONG, **options, **chosen) for chosen in (many, sizes))
            taken = ideal.value - finite.value
            assert 0 < taken < 0.2
            # Half of what the next order takes is the bound that it adds.
            assert finite.bound - ideal.bound == pytest.approx(taken / 2)


def test_expected_value_is_in_the_middle_of_rectangle_and_long_wire():
    sizes = SHORT | {"channels": 1e9}
    s = sizes["length"] / sizes["mean_free_path"]
    reach = theory.magnetic_length(STRONG, 20)
    wire = theory.wire_line_shape(60, magnetic_length=reach, s=s) - theory.wire_line_shape(60, s=s)
    ends = sorted([wire, theory.rectangle_magnetoconductance(STRONG, 60, 20, s=s)])
    rise = spinful_wire_magnetoconductance(STRONG, rotation=0.0, **sizes)
    assert (rise.low / 2, rise.high / 2) == pytest.approx(ends)


def test_flux_cancellation_is_part_of_the_bound_in_weak_fields_only():
    """Across L_B = L/3 the bound drops by the share l/(2W) of the rise."""
    flux_at_third = theory.magnetic_length(1.0, 20) / (60 / 3)
    weak, strong = (
        spinful_wire_magnetoconductance(f * flux_at_third, rotation=0.0, **SHORT)
        for f in (0.999, 1.001)
    )
    assert weak.bound - strong.bound == pytest.approx(4.0 / 20 / 2 * weak.value, rel=0.01)


def test_bound_of_a_weak_coupling_grows_as_its_square():
    def excess(rotation):
        rise = spinful_wire_magnetoconductance(STRONG, rotation=rotation, **SHORT)
        none = spinful_wire_magnetoconductance(STRONG, rotation=0.0, **SHORT)
        return (rise.bound - none.bound) / (none.value - rise.value)

    assert excess(0.05) == pytest.approx(0.2**2, rel=1e-6)
    assert excess(0.1) == pytest.approx(0.4**2, rel=1e-6)


def test_impurities_end_the_singlet_over_their_decay_length():
    decays = np.array([np.inf, 40.0, 20.0, 10.0, 2.0])
    falls = singlet_wire_magnetoconductance(STRONG, decay_length=decays, **LONG)
    assert np.all(np.diff(falls.value) > 0)
    assert abs(falls.value[-1]) < 0.02 * abs(falls.value[0])


def test_bound_grows_with_the_path_over_the_decay_length():
    decay, path = 30.0, 4.0
    sizes = SHORT | {"channels": 1e12}
    fall = singlet_wire_magnetoconductance(STRONG, decay_length=decay, **sizes)
    rectangle = theory.rectangle_magnetoconductance(
        STRONG, 60, 20, dephasing_length=decay, s=60 / path
    )
    wire = -2 * fall.value - rectangle
    expected = abs(wire - rectangle) / 2 + path / (2 * decay) * rectangle
    assert fall.bound == pytest.approx(expected, rel=1e-6)


def test_fall_broadcasts_over_paths_and_decay_lengths():
    paths, decays = np.array([4.0, 3.0]), np.array([np.inf, 15.0])
    sizes = SHORT | {"mean_free_path": paths}
    falls = singlet_wire_magnetoconductance(STRONG, decay_length=decays, **sizes)
    for fall, path, decay in zip(falls, paths, decays, strict=True):
        one = singlet_wire_magnetoconductance(
            STRONG, decay_length=decay, **(SHORT | {"mean_free_path": path})
        )
        assert (fall.value, fall.bound) == pytest.approx((one.value, one.bound))


def test_spin_flip_length_is_that_of_diffusion_between_flips():
    """L_s² = Dτ/2, from the rates themselves with v = 1: D = τ_tot/2 and l = (π/2) τ_tot."""
    elastic, flips = 5.0, 80.0
    total = 1 / (1 / elastic + 1 / flips)
    assert spin_flip_length(np.pi / 2 * elastic, elastic / flips) == pytest.approx(
        np.sqrt(total / 2 * flips / 2)
    )
