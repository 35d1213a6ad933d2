"""The kernel of noise at a finite frequency: its limits, and where two theories meet."""

import numpy as np
import pytest

from mesokwant import theory

STRIP = theory.strip_velocities(-1.03, 20)


def scaled_kernel(ratio, s, velocities):
    """The kernel of a wire of length 1 at hf/E_c, with D = N l/(2 Σ 1/v) and l = 1/s."""
    diffusion = len(velocities) / s / (2 * np.sum(1 / np.asarray(velocities)))
    frequency = np.asarray(ratio) * np.pi**2 * diffusion
    return theory.wire_noise_kernel(frequency, s, velocities, length=1.0)


def test_the_langevin_kernel_rises_from_a_third_to_one():
    kernel = theory.langevin_noise_kernel([0.0, 0.1, 1.0, 10.0, 1e2, 1e4])
    assert kernel[0] == pytest.approx(1 / 3, rel=1e-9)
    assert np.all(np.diff(kernel) > 0)
    assert kernel[-1] == pytest.approx(1.0, abs=0.01)


def test_the_langevin_kernel_leaves_a_third_with_the_square_of_the_frequency():
    rise = theory.langevin_noise_kernel([0.01, 0.02]) - 1 / 3
    assert rise[1] / rise[0] == pytest.approx(4.0, rel=1e-3)


def test_high_frequencies_approach_one_with_the_inverse_root():
    """Noise comes from within the distance of diffusion in a period: 1 - K/g is 1/Re κ."""
    ratio = 1e4
    expected = 1 / np.sqrt(np.pi**2 * ratio / 2)
    found = 1 - theory.langevin_noise_kernel(ratio)
    assert found == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("velocities", [np.ones(2), STRIP], ids=["one velocity", "strip"])
def test_a_long_wire_of_modes_has_the_langevin_kernel(velocities):
    ratio = np.array([0.0, 0.2, 1.0, 5.0])
    difference = scaled_kernel(ratio, 1e3, velocities) - theory.langevin_noise_kernel(ratio)
    assert np.abs(difference).max() < 2e-3


@pytest.mark.parametrize("velocities", [np.ones(2), STRIP], ids=["one velocity", "strip"])
@pytest.mark.parametrize("s", [0.5, 6.0])
def test_low_frequencies_have_the_fano_factor(s, velocities):
    low = scaled_kernel(1e-4, s, velocities)
    assert low == pytest.approx(theory.ballistic_fano_factor(s, velocities), abs=1e-5)


@pytest.mark.parametrize("s", [0.5, 6.0])
def test_high_frequencies_have_the_noise_of_the_outgoing_modes(s):
    """Modes of one velocity are filled by g/N each."""
    found = scaled_kernel(3e4, s, np.ones(3))
    assert found == pytest.approx(1 - 1 / (1 + s), rel=0.01)


def test_both_signs_of_the_frequency_and_both_units_of_time_agree():
    one = theory.wire_noise_kernel([0.1, -0.1], 4.0, STRIP, length=30.0)
    other = theory.wire_noise_kernel(0.3, 4.0, 3 * STRIP, length=30.0)
    assert one == pytest.approx(np.array([other, other]), rel=1e-9)


def test_twice_the_density_of_states_is_twice_the_time():
    density = 2 * np.sum(1 / STRIP) / np.pi
    one = theory.wire_noise_kernel(0.1, 4.0, STRIP, length=30.0, density=density)
    assert one == pytest.approx(theory.wire_noise_kernel(0.2, 4.0, STRIP, length=30.0), rel=1e-9)


@pytest.mark.parametrize("width", [12, 60])
def test_the_smooth_density_is_the_mean_over_energies_of_that_of_the_modes(width):
    """Between two thresholds, the integral of the density is the change of the momenta over π."""
    transverse = -2 * np.cos(np.pi * np.arange(1, width + 1) / (width + 1))
    # Many thresholds lie between the two energies.
    ends = np.array([-1.6, -0.5])
    cosines = np.clip((transverse - ends[:, None]) / 2, -1, 1)
    states = np.diff(np.arccos(cosines).sum(axis=1))[0] / np.pi
    energies = np.linspace(*ends, 400)
    smooth = np.trapezoid(theory.smooth_strip_density(energies, width), energies)
    assert states == pytest.approx(smooth, abs=0.3)


@pytest.mark.parametrize(
    "s, velocities, length", [(0.0, [1.0], 9.0), (2.0, [], 9.0), (2.0, [1.0], 0.0)]
)
def test_wires_without_a_kernel_are_refused(s, velocities, length):
    with pytest.raises(ValueError, match="positive"):
        theory.wire_noise_kernel(0.1, s, velocities, length=length)
