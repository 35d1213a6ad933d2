"""Wires of finite length against their limits, and the density of T against its moments."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from mesokwant import theory

BETAS = [1, 2, 4]


@pytest.mark.parametrize("beta", BETAS)
def test_finite_length_formulas(beta):
    s = np.array([0.3, 1.0, 7.0])
    written = 2 / (15 * beta) * (1 - (1 + 6 * s) / (1 + s) ** 6)
    np.testing.assert_allclose(theory.conductance_variance(s, beta=beta), written, rtol=1e-12)
    written = (1 - 2 / beta) / 3 * s**3 / (1 + s) ** 3
    np.testing.assert_allclose(theory.weak_localization(s, beta=beta), written, rtol=1e-12)
    assert theory.conductance_variance(beta=beta) == pytest.approx(2 / (15 * beta))
    assert theory.conductance_variance(1e60, beta=beta) == pytest.approx(2 / (15 * beta))
    # Single scattering: reflection is a sum of Gaussian |r_mn|², var = 2 s²/β.
    assert theory.conductance_variance(1e-5, beta=beta) == pytest.approx(2e-10 / beta, rel=1e-3)


def test_weak_localization_limits():
    np.testing.assert_allclose(
        theory.weak_localization(beta=np.array(BETAS)), [-1 / 3, 0, 1 / 6], atol=1e-15
    )
    assert theory.conductance(10, 4) == 2
    assert theory.fano_factor() == pytest.approx(1 / 3)
    assert theory.fano_factor(1e-8) == pytest.approx(1e-8)
    assert theory.weak_localization_2d(math.e, 1, beta=1) == pytest.approx(-1 / np.pi)
    assert theory.weak_localization_2d(math.e, 1, beta=4) == pytest.approx(0.5 / np.pi)


def test_transmission_density_counts_modes_and_gives_fano():
    channels, s = 30, 6.0
    lowest = np.cosh(s) ** -2

    def moment(weight):
        # T = 1/cosh² x flattens both ends.
        def integrand(x):
            t = np.cosh(x) ** -2
            density = theory.transmission_density(t, channels, s)
            return density * weight(t) * 2 * t * np.tanh(x)

        return quad(integrand, 1e-7, np.arccosh(lowest**-0.5) - 1e-7)[0]

    assert moment(lambda t: 1) == pytest.approx(channels, rel=1e-5)
    assert moment(lambda t: t) == pytest.approx(channels / s, rel=1e-3)
    noise = moment(lambda t: t * (1 - t)) / moment(lambda t: t)
    assert noise == pytest.approx(theory.fano_factor(), rel=1e-3)
    outside = theory.transmission_density([0, lowest / 2, 1, 1.5], channels, s)
    assert np.array_equal(outside, np.zeros(4))


def test_spinful_variance_table():
    variance = theory.spinful_conductance_variance
    fifteenths = {
        (False, False, False): 8,
        (False, True, False): 4,
        (False, False, True): 4,
        (False, True, True): 2,
        (True, False, False): 2,
        (True, True, False): 1,
        (True, False, True): 1,
        (True, True, True): 1,
    }
    for (spin_orbit, field, zeeman), expected in fifteenths.items():
        found = variance(spin_orbit=spin_orbit, field=field, zeeman=zeeman)
        assert found == pytest.approx(expected / 15)
    # Kramers pairs: T = 2 g, so the table agrees with the functions of beta.
    assert variance(spin_orbit=True) == pytest.approx(4 * theory.conductance_variance(beta=4))
    assert variance() == pytest.approx(4 * theory.conductance_variance(beta=1))


def test_variance_on_the_way_to_localization():
    change = theory.conductance_variance_correction
    slopes = [float(change(1e-6, beta=beta)) * 1e6 for beta in BETAS]
    assert slopes == pytest.approx([-8 / 315, 0, 4 / 315], abs=1e-6)
    assert change(0.1, beta=2) > 0
