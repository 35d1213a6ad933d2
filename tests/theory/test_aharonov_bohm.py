"""A cylinder with a flux against lattice sums, Fourier integrals and its limits."""

import numpy as np
import pytest

from mesokwant import theory

FLUXES = np.array([0.1, 0.25, 0.4])
IDEAL = {"channels": 1e15, "mean_free_path": 1e-6}
REAL = {"channels": 33, "mean_free_path": 6.0}


def return_probability(a):
    a = np.where(a < 1e-3, 1e-3, a)
    return (a / np.tanh(a) - 1) / a**2


@pytest.mark.parametrize("length", [0.7, 2.0, 12.0])
def test_the_rise_is_a_sum_over_cooperons(length):
    m = np.arange(-3000, 3001)
    for flux in FLUXES:
        terms = return_probability(2 * np.pi * length * abs(m))
        terms = terms - return_probability(2 * np.pi * length * abs(m + 2 * flux))
        assert theory.aharonov_bohm_rise(flux, length, 1.0) == pytest.approx(terms.sum(), abs=1e-5)


def test_the_rise_of_a_long_cylinder_is_that_of_a_wire_in_a_strong_field():
    full = -theory.weak_localization(beta=1)
    # At φ = 1/4 the nearest Cooperons decay over C/π.
    rises = [theory.aharonov_bohm_rise(0.25, length, 1.0) for length in (100.0, 200.0)]
    assert 2 * rises[1] - rises[0] == pytest.approx(full, rel=1e-3)


def test_the_mean_has_half_the_period_and_is_even():
    rise = theory.aharonov_bohm_rise(FLUXES, 3.0, 1.0)
    assert theory.aharonov_bohm_rise(FLUXES + 0.5, 3.0, 1.0) == pytest.approx(rise)
    assert theory.aharonov_bohm_rise(-FLUXES, 3.0, 1.0) == pytest.approx(rise)


def test_harmonics_add_up_to_the_rise():
    k = np.arange(1, 60)[:, None]
    amplitudes = theory.aharonov_bohm_harmonic(k, 2.0, 1.0)
    series = np.sum(amplitudes * (np.cos(4 * np.pi * k * FLUXES) - 1), axis=0)
    assert theory.aharonov_bohm_rise(FLUXES, 2.0, 1.0) == pytest.approx(series)


@pytest.mark.parametrize("length", [0.7, 2.0, 5.0])
def test_the_covariance_is_a_sum_over_diffusons_and_cooperons(length):
    n, m = np.arange(1, 400)[:, None], np.arange(-300, 301)

    def modes(x):
        return 6 / np.pi**4 * np.sum((n**2 + (2 * length * (m + x)) ** 2) ** -2.0)

    for flux, other in ((0.0, 0.0), (0.0, 0.5), (0.1, 0.4), (0.25, 0.25)):
        expected = modes(flux - other) + modes(flux + other)
        found = theory.aharonov_bohm_covariance(flux, other, length, 1.0)
        assert found == pytest.approx(expected, rel=1e-4)


def test_a_quarter_of_a_flux_quantum_halves_the_variance_of_a_long_cylinder():
    variances = theory.aharonov_bohm_covariance([0, 0.25], [0, 0.25], 200.0, 1.0)
    assert variances == pytest.approx([2 / 15, 1 / 15], rel=1e-6)


def test_powers_are_the_variances_of_uncorrelated_harmonics():
    flux = np.arange(64) / 64
    matrix = theory.aharonov_bohm_covariance(flux[:, None], flux, 2.0, 1.0)
    weights = 2 / 64 * np.cos(2 * np.pi * np.arange(6)[:, None] * flux)
    weights[0] /= 2
    powers = theory.aharonov_bohm_power(np.arange(6), 2.0, 1.0)
    assert weights @ matrix @ weights.T == pytest.approx(np.diag(powers), abs=1e-12)


def test_a_real_cylinder_tends_to_the_ideal_one():
    ideal, sizes = (2.0, 1.0), {"length": 2.0, "circumference": 1.0, **IDEAL}
    rise = theory.cylinder_rise(FLUXES, **sizes)
    assert rise.value == pytest.approx(theory.aharonov_bohm_rise(FLUXES, *ideal), rel=1e-4)
    assert np.all(rise.bound < 1e-4)
    found = theory.cylinder_covariance(FLUXES, 0.1, **sizes).value
    expected = theory.aharonov_bohm_covariance(FLUXES, 0.1, *ideal)
    assert found == pytest.approx(expected, rel=1e-4)
    powers = theory.cylinder_power([0, 1, 2], **sizes).value
    assert powers == pytest.approx(theory.aharonov_bohm_power([0, 1, 2], *ideal), rel=1e-4)


def test_localization_lowers_rise_and_variance_and_l_lengthens_the_cylinder():
    sizes = {"length": 100.0, "circumference": 50.0}
    many = {"channels": 1e9, "mean_free_path": REAL["mean_free_path"]}
    for predict in (
        lambda **numbers: theory.cylinder_rise(0.25, **numbers),
        lambda **numbers: theory.cylinder_covariance(0.0, 0.0, **numbers),
        lambda **numbers: theory.cylinder_power(1, **numbers),
    ):
        assert predict(**sizes, **REAL).value < predict(**sizes, **many).value
    longer = theory.aharonov_bohm_rise(0.25, 106.0, 50.0)
    assert theory.cylinder_rise(0.25, **sizes, **many).value == pytest.approx(longer)


def test_odd_harmonics_are_absent_from_the_mean_and_even_ones_make_the_rise():
    harmonics = theory.cylinder_harmonic(np.arange(1, 40), 100.0, 50.0, **REAL).value
    assert not np.any(harmonics[::2])
    rise = theory.cylinder_rise(0.25, 100.0, 50.0, **REAL).value
    assert -2 * np.sum(harmonics[1::4]) == pytest.approx(rise)
