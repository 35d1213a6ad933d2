"""Exact rates of the disordered chain against simulated chains, and the exact density of ln g."""

import numpy as np
import pytest

from mesokwant import theory
from tests.theory.simulation import lyapunov


@pytest.mark.parametrize("energy, disorder", [(0.0, 1.0), (1.2, 0.6), (1.9, 1.0), (0.5, 3.0)])
def test_chain_lyapunov_against_simulation(energy, disorder):
    rate, error = lyapunov(energy, disorder)
    assert abs(theory.chain_lyapunov(energy, disorder)[0] - rate) < 4 * error


def test_chain_lyapunov_limits():
    rates, spreads = theory.chain_lyapunov([0.0, 0.3, 1.2], 0.05)
    weak = theory.chain_localization_length(0.05, np.array([0.3, 1.2]))
    np.testing.assert_allclose(rates[1:], 1 / weak, rtol=1e-4)
    np.testing.assert_allclose(spreads[1:], rates[1:], rtol=1e-4)
    assert 1 / rates[0] == pytest.approx(theory.chain_localization_length_centre(0.05), rel=1e-4)
    # Single-parameter scaling fails at the centre: Schomerus and Titov.
    assert spreads[0] / rates[0] == pytest.approx(1.047, abs=1e-3)
    more = theory.chain_lyapunov(1.95, 1.0, modes=96)
    np.testing.assert_allclose(theory.chain_lyapunov(1.95, 1.0), more, rtol=1e-6)


def test_chain_lyapunov_variance_against_simulation():
    rng = np.random.default_rng(4)
    energy, disorder, steps, chains = 0.7, 2.5, 3000, 4000
    ratio, log = np.full(chains, 1.2), np.zeros(chains)
    for _ in range(steps):
        ratio = energy - disorder * (rng.random(chains) - 0.5) - 1 / ratio
        log += np.log(np.abs(ratio))
    spread = theory.chain_lyapunov(energy, disorder)[1]
    assert log.var() / steps == pytest.approx(spread, rel=5 * np.sqrt(2 / chains))


@pytest.mark.parametrize("s", [0.5, 3.0, 20.0])
def test_chain_density_is_normalized_with_the_known_mean(s):
    # A midpoint rule in √(-ln g), fine enough for the singular end at g = 1.
    root = (np.arange(4000) + 0.5) / 4000 * (9 + 2 * np.sqrt(s))
    weight = 2 * root * theory.chain_log_conductance_density(-(root**2), s) * (root[1] - root[0])

    def moment(power):
        return np.sum(weight * root ** (2 * power))

    assert moment(0) == pytest.approx(1, abs=1e-5)
    assert moment(1) == pytest.approx(s, rel=1e-5)
    variance, _ = theory.chain_log_conductance_moments(s)
    assert moment(2) - s**2 == pytest.approx(variance, rel=1e-5)


def test_chain_log_conductance_moments_of_a_long_chain():
    variance, skewness = theory.chain_log_conductance_moments([50.0, 200.0])
    np.testing.assert_allclose(variance, [100 - np.pi**2 / 3, 400 - np.pi**2 / 3], rtol=1e-3)
    assert abs(skewness[1]) < abs(skewness[0]) < 0.03
