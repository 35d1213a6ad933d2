"""The Fano factor, the density of T, and the chain: limits, sum rules and other formulas."""

import numpy as np
import pytest

from mesokwant import theory

BETAS = [1, 2, 4]


@pytest.mark.parametrize("beta", BETAS)
def test_orders_of_the_moments_are_those_of_other_formulas(beta):
    s, channels = np.array([0.3, 2.0, 9.0]), 50.0
    g, noise = theory.wire_moment_orders(s, channels, beta=beta)
    np.testing.assert_allclose(g[0], theory.conductance(channels, s))
    np.testing.assert_allclose(noise[0] / g[0], theory.fano_factor(s))
    np.testing.assert_allclose(g[1], theory.weak_localization(s, beta=beta), atol=1e-12)
    total = theory.wire_moments(s, channels, beta=beta)
    np.testing.assert_allclose(total, [g.sum(axis=0), noise.sum(axis=0)])


def test_next_order_of_the_conductance_is_that_of_weak_localization():
    one, two = (theory.wire_moment_orders(1e5, 1e7, beta=beta)[0][2] for beta in (1, 2))
    assert one - two == pytest.approx(theory.weak_localization_next_order(1e-2), rel=1e-3)


@pytest.mark.parametrize("beta", BETAS)
def test_single_scattering_reflects_in_proportion_to_the_length(beta):
    # 1 - T is exponentially distributed in every mode: <ΣR> = Ns, and Σ T(1-T) is the same.
    g, noise = theory.wire_moments(1e-6, 7, beta=beta)
    assert 7 - g == pytest.approx(7e-6, rel=1e-4)
    assert noise == pytest.approx(7e-6, rel=1e-4)


def test_weak_localization_of_a_long_wire():
    g = 100.0
    for beta in BETAS:
        n = 1e7
        conductance, noise = theory.wire_moments(n / g, n, beta=beta)
        found = noise / conductance - 1 / 3
        # The next order is about 1 % of it here.
        expected = theory.fano_factor_weak_localization(g, beta=beta)
        assert found == pytest.approx(expected, rel=0.03, abs=2e-6)


def test_fano_factor_of_a_real_wire_has_a_small_bound():
    velocities = theory.strip_velocities(-1.0, 60)
    equal = theory.wire_fano_factor([2.0, 8.0], 40, beta=1)
    found = theory.wire_fano_factor([2.0, 8.0], 40, beta=1, velocities=velocities)
    assert np.all(found.value < equal.value)
    assert np.all(found.bound < [4e-3, 1e-3])
    assert found.value[1] == pytest.approx(equal.value[1], abs=2e-3)


def test_equal_velocities_give_the_formula():
    s = np.array([1e-3, 0.5, 4.0, 20.0])
    np.testing.assert_allclose(
        theory.ballistic_fano_factor(s, np.ones(4)), theory.fano_factor(s), rtol=1e-6
    )


def test_ballistic_noise_has_the_diffusive_limit_for_all_velocities():
    velocities = theory.strip_velocities(-1.0, 25)
    assert len(velocities) == theory.open_modes(-1.0, 25)
    far = theory.ballistic_fano_factor([100.0, 1000.0], velocities)
    np.testing.assert_allclose(far, 1 / 3, rtol=1e-3)
    # A unit of velocity changes nothing.
    other = theory.ballistic_fano_factor(2.0, 3 * velocities)
    assert other == pytest.approx(theory.ballistic_fano_factor(2.0, velocities))


@pytest.mark.parametrize("wrong", [([], 1.0), ([1.0, 0.0], 1.0), ([1.0], 0.0)])
def test_ballistic_noise_refuses_what_has_no_fano_factor(wrong):
    velocities, s = wrong
    with pytest.raises(ValueError, match="open modes"):
        theory.ballistic_fano_factor(s, velocities)


@pytest.mark.parametrize("s", [0.5, 3.0, 10.0])
def test_eigenvalues_have_the_moments_of_the_wire(s):
    x = np.linspace(0, 3 * s + 5, 1501)
    density, count = (
        f(x, 1.0, s) for f in (theory.wire_eigenvalue_density, theory.wire_eigenvalue_count)
    )
    t = np.cosh(x) ** -2.0
    g = np.trapezoid(density * t, x)
    assert count[-1] == pytest.approx(1)
    assert g == pytest.approx(1 / (1 + s), rel=5e-3)
    noise = np.trapezoid(density * t * (1 - t), x)
    assert noise / g == pytest.approx(theory.fano_factor(s), rel=5e-3)
    inside = x < s
    summed = np.cumsum(density * x[1])
    np.testing.assert_allclose(count[inside][1:], summed[inside][:-1], atol=0.03)


def test_eigenvalues_of_a_long_wire_are_dorokhovs():
    channels, s = 5000, 400.0
    t = np.array([0.2, 0.6, 0.95])
    density = theory.wire_eigenvalue_density(np.arccosh(t**-0.5), channels, s)
    expected = theory.transmission_density(t, channels, 1 + s) * 2 * t * np.sqrt(1 - t)
    np.testing.assert_allclose(density, expected, rtol=1e-3)


@pytest.mark.parametrize("s", [0.5, 4.0, 20.0])
def test_chain_fano_factor_is_that_of_the_density(s):
    root = (np.arange(6000) + 0.5) / 6000 * (9 + 2 * np.sqrt(s))
    weight = 2 * root * theory.chain_log_conductance_density(-(root**2), s)
    g = np.exp(-(root**2))
    expected = 1 - np.sum(weight * g**2) / np.sum(weight * g)
    assert theory.chain_fano_factor(s) == pytest.approx(expected, rel=1e-4)


def test_chain_fano_factor_limits():
    assert theory.chain_fano_factor(np.inf) == pytest.approx(3 / 4)
    assert theory.chain_fano_factor(1e-4) == pytest.approx(1e-4, rel=1e-3)
    assert np.all(np.diff(theory.chain_fano_factor(np.geomspace(0.01, 1e3, 20))) > 0)


def test_thermal_noise_crossover_limits():
    v = np.array([0.0, 1e-4, 40.0])
    found = theory.thermal_noise_crossover(v, fano=0.3)
    np.testing.assert_allclose(found, [1, 1, 0.7 + 0.3 * 40], rtol=1e-6)
    np.testing.assert_allclose(theory.thermal_noise_crossover(v, fano=0.0), 1)
    assert theory.thermal_noise_crossover(2.0) == theory.thermal_noise_crossover(-2.0)
