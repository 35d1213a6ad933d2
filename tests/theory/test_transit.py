"""Times in wires: ballistic and diffusive limits, and the density of states of a strip."""

import numpy as np
import pytest

from mesokwant import theory

STRIP = theory.strip_velocities(-1.0, 30)
DENSITY = np.sum(1 / STRIP) / np.pi


@pytest.mark.parametrize("s", [0.01, 0.7, 5.0, 80.0])
def test_equal_velocities_have_the_closed_form(s):
    """The two streams that scatter into each other, with the first moment of their times."""
    length, speed = 30.0, 1.7
    path = length / s
    diffusion = speed * path / 2
    expected = ((length + path) ** 2 - path**3 / (length + path)) / (6 * diffusion)
    options = {"length": length, "density": 3 / (np.pi * speed)}
    assert theory.wire_transit_time(s, [speed] * 3, **options) == pytest.approx(expected, rel=1e-6)
    found = theory.wire_diffusion_constant(s, [speed] * 3, **options)
    assert found == pytest.approx(diffusion, rel=1e-6)


def test_the_closed_form_is_the_share_that_is_lost_at_a_small_rate():
    """A rate γ loses the share γ τ_T of what passes, with L_φ² = D/γ."""
    length, path, diffusion, rate = 40.0, 9.0, 3.0, 1e-7
    options = {"dephasing_length": np.sqrt(diffusion / rate), "mean_free_path": path}
    lost = (1 - theory.direct_share(length, **options)) / rate
    expected = ((length + path) ** 2 - path**3 / (length + path)) / (6 * diffusion)
    assert lost == pytest.approx(expected, rel=1e-4)


def test_a_ballistic_wire_is_passed_with_the_velocity_of_each_mode():
    found = theory.wire_transit_time(1e-4, STRIP, length=50.0, density=DENSITY)
    assert found == pytest.approx(50 * np.mean(1 / STRIP), rel=1e-3)


def test_a_long_wire_of_different_modes_is_passed_by_diffusion():
    s, length = 400.0, 4000.0
    options = {"length": length, "density": DENSITY}
    time = theory.wire_transit_time(s, STRIP, **options)
    diffusion = theory.wire_diffusion_constant(s, STRIP, **options)
    path = length / s
    assert diffusion == pytest.approx(len(STRIP) * path / (2 * np.pi * DENSITY), rel=1e-3)
    assert time == pytest.approx((length + path) ** 2 / (6 * diffusion), rel=1e-3)


def test_times_grow_with_the_density_and_the_diffusion_constant_falls():
    one, other = ({"length": 60.0, "density": factor * DENSITY} for factor in (1.0, 1.1))
    ratio = theory.wire_transit_time(3.0, STRIP, **other) / theory.wire_transit_time(
        3.0, STRIP, **one
    )
    assert ratio == pytest.approx(1.1)
    ratio = theory.wire_diffusion_constant(3.0, STRIP, **one) / theory.wire_diffusion_constant(
        3.0, STRIP, **other
    )
    assert ratio == pytest.approx(1.1)


def test_a_clean_strip_has_the_density_of_its_modes():
    for energy, width in ((-1.0, 30), (-2.9, 7), (0.4, 12)):
        expected = np.sum(1 / theory.strip_velocities(energy, width)) / np.pi
        found = theory.disordered_strip_density(energy, width, 0.0)
        assert found == pytest.approx(expected, rel=1e-6)


def test_a_wide_disordered_strip_has_the_density_of_the_lattice():
    wide, wider = (theory.disordered_strip_density(-1.5, w, 0.01) for w in (400, 800))
    assert (wider - wide) / 400 == pytest.approx(theory.square_lattice_dos(-1.5), rel=0.01)


def test_strong_disorder_spreads_the_states_over_a_semicircle():
    """Without the lattice, the self-consistent Born sum is Wigner's semicircle."""
    variance = 1e4
    found = theory.disordered_strip_density(0.0, 5, variance)
    assert found == pytest.approx(5 / (np.pi * np.sqrt(variance)), rel=1e-3)


def test_what_is_not_positive_is_refused():
    good = {"length": 10.0, "density": 1.0}
    for s, velocities, changed in (
        (0.0, STRIP, {}),
        (1.0, [], {}),
        (1.0, [1.0, -1.0], {}),
        (1.0, STRIP, {"length": 0.0}),
        (1.0, STRIP, {"density": -1.0}),
    ):
        for function in (theory.wire_transit_time, theory.wire_diffusion_constant):
            with pytest.raises(ValueError, match="positive"):
                function(s, velocities, **{**good, **changed})
    with pytest.raises(ValueError, match="negative"):
        theory.disordered_strip_density(-1.0, 5, -0.1)
