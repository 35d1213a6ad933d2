"""The exact wire at β = 2: its limits, and the solutions that other methods give."""

import numpy as np
import pytest

from mesokwant import theory

N_TABULATED = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30]


@pytest.mark.parametrize("channels", [1, 4, 30])
def test_wire_without_length_is_perfect(channels):
    mean, variance, noise = theory.unitary_wire_moments(0.0, channels)
    assert mean == pytest.approx(channels, rel=1e-12)
    assert abs(variance) < 1e-10 * channels**2
    assert abs(noise) < 1e-10 * channels**2


def test_single_mode_is_a_chain():
    for s in (0.5, 2.0, 6.0):
        logs = np.linspace(-s - 14 * s**0.5, -1e-9, 20_001)
        density = theory.chain_log_conductance_density(logs, s)
        g = np.exp(logs)
        mean, square = (np.trapezoid(density * values, logs) for values in (g, g**2))
        expected = theory.unitary_wire_moments(s, 1)
        # The density of a chain is singular at g = 1, where the grid is not exact.
        assert expected[0] == pytest.approx(mean, rel=5e-3)
        assert expected[1] == pytest.approx(square - mean**2, rel=2e-2)


def test_many_modes_are_the_metal():
    s = np.array([2.0, 8.0, 20.0])
    mean, variance, noise = theory.unitary_wire_moments(s, 300)
    expected = theory.wire_moments(s, 300, beta=2)
    np.testing.assert_allclose(mean, expected[0], rtol=1e-6)
    np.testing.assert_allclose(noise, expected[1], rtol=1e-6)
    # The next order of the variance in L/ξ = 1/30 is below 1e-4.
    orders = theory.conductance_variance_correction(s / 600, beta=2)
    np.testing.assert_allclose(variance, theory.conductance_variance(s, beta=2) + orders, rtol=2e-4)


def test_average_decreases_as_its_square_demands():
    # ∂_s <g> = -<g²>/N is the DMPK equation of the first moment.
    s, step, channels = 7.0, 1e-4, 5
    mean, variance, _ = theory.unitary_wire_moments([s - step, s, s + step], channels)
    slope = (mean[2] - mean[0]) / (2 * step)
    assert slope == pytest.approx(-(variance[1] + mean[1] ** 2) / channels, rel=1e-6)


def test_insulator_is_decided_by_its_best_samples():
    # <g> falls as s^(-3/2) e^(-s/4N), four times more slowly than e^<ln g>.
    channels, s = 3, np.array([600.0, 1200.0])
    mean, variance, _ = theory.unitary_wire_moments(s, channels)
    expected = -(s[1] - s[0]) / (4 * channels) - 1.5 * np.log(2)
    assert np.log(mean[1] / mean[0]) == pytest.approx(expected, rel=2e-3)
    # One mode carries it then, and <g²>/<g> tends to 1/4 as in a chain.
    assert (variance / mean)[1] == pytest.approx(0.25, rel=0.02)


@pytest.mark.parametrize("channels", N_TABULATED)
def test_table_of_the_monte_carlo_is_exact_within_its_errors(channels):
    law = theory.dmpk_law(channels, beta=2)
    s = law.s[1:]
    exact = theory.unitary_wire_moments(s, channels)
    for value, found in zip(exact, (law.mean(s), law.variance(s), law.noise(s)), strict=True):
        # 4.5σ of forty lengths; and 2e-3, what slabs of finite thickness leave.
        assert np.all(abs(found.value - value) < 4.5 * found.error + 2e-3 * value)


@pytest.mark.parametrize(("s", "channels"), [(-1.0, 3), (1.0, 0)])
def test_impossible_wires_are_refused(s, channels):
    with pytest.raises(ValueError, match="L/l"):
        theory.unitary_wire_moments(s, channels)
