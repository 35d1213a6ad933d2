"""The metal of the self-consistent Born approximation against closed forms and limits."""

import numpy as np
import pytest
from scipy.special import ive

from mesokwant import theory
from mesokwant.theory import self_consistent_born

VARIANCE = 1.5**2 / 12


@pytest.fixture(scope="module")
def white():
    return self_consistent_born(-3.0, VARIANCE)


def exact_green(z):
    """The local Green function by one exact and one numerical integral."""
    rest = z + 2 * np.cos(2 * np.pi * (np.arange(20000) + 0.5) / 20000)
    return np.mean(1 / (np.sqrt(rest - 2) * np.sqrt(rest + 2)))


def test_self_energy_of_white_noise_solves_the_local_equation(white):
    sigma = white.self_energy
    assert abs(sigma - VARIANCE * exact_green(-3.0 - sigma)) < 1e-7


def test_the_fermi_line_moves_by_the_real_part(white):
    shifted = -3.0 - white.self_energy.real
    assert white.density == pytest.approx(theory.square_lattice_filling(shifted), rel=5e-5)
    assert white.dos == pytest.approx(theory.square_lattice_dos(shifted), rel=1e-4)


def test_white_noise_has_one_time_and_it_is_that_of_the_golden_rule(white):
    assert white.transport_time == pytest.approx(white.scattering_time, rel=1e-9)
    golden = 1 / (2 * np.pi * theory.square_lattice_dos(-3.0) * VARIANCE)
    assert white.scattering_time == pytest.approx(golden, rel=5e-3)


def test_conductivity_becomes_that_of_the_golden_rule_at_the_shifted_energy(white):
    weak = self_consistent_born(-3.0, 1.1**2 / 12)
    excess = []
    for metal, variance in ((white, VARIANCE), (weak, 1.1**2 / 12)):
        shifted = -3.0 - metal.self_energy.real
        classical = theory.square_lattice_conductivity(shifted, np.sqrt(12 * variance))
        excess.append(metal.conductivity / classical - 1)
    # What is left is of the second order in the rate.
    assert 0 < excess[1] < 0.6 * excess[0] < 0.01


def test_smooth_disorder_scatters_forward():
    # At a round Fermi line the correlation exp(-(qξ)²/2) has <cos θ> = I_1/I_0 of (k_F ξ)².
    for length, strength in ((1.0, 0.3), (1.4, 0.15)):
        metal = self_consistent_born(-3.5, strength**2, correlation_length=length)
        argument = 4 * np.pi * metal.density * length**2
        forward = ive(1, argument) / ive(0, argument)
        ratio = metal.scattering_time / metal.transport_time
        assert ratio == pytest.approx(1 - forward, rel=0.03)


@pytest.mark.parametrize(
    ("energy", "variance", "message"),
    [(-4.5, 0.2, "band"), (0.0, 0.2, "centre"), (-3.0, 0.0, "positive"), (-3.0, 0.01, "stronger")],
)
def test_what_the_approximation_cannot_say_is_refused(energy, variance, message):
    with pytest.raises(ValueError, match=message):
        self_consistent_born(energy, variance)
