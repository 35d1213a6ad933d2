"""Random vacancies: the law of random phases, against averages over the exact transmission."""

import numpy as np
import pytest

from mesokwant import theory

HOPPINGS = (-1.0, -0.2)


def log_transmission(concentration, places=1000, **options):
    return theory.vacancies_log_transmission(0.3, concentration, places, spacing=7, **options)


def test_two_vacancies_at_random_distances_add_their_logarithms():
    """Distances of many wavelengths have every phase alike: <ln T> = 2 ln T₁."""
    distances = 7 * np.arange(1, 4001)
    found = [np.log(theory.vacancies_transmission(0.3, [0, d], HOPPINGS)) for d in distances]
    assert np.mean(found) == pytest.approx(log_transmission(0.002).value, rel=2e-3)


def test_bound_is_the_phase_averaged_over_a_geometric_distribution():
    concentration, m = 0.05, np.arange(1, 2000)
    cosine = (-2 + np.sqrt(2**2 + 4 * 0.8 * (0.4 - 0.3))) / 1.6  # E = -2 cos k - 0.4 cos 2k
    k = np.arccos(cosine)
    phase = np.sum(concentration * (1 - concentration) ** (m - 1) * np.exp(14j * k * m))
    assert log_transmission(concentration).normalized().bound == pytest.approx(abs(phase))


def test_bound_vanishes_with_the_concentration():
    shares = log_transmission(np.array([0.02, 0.002, 0.0002])).normalized().bound
    assert shares[0] < 0.02
    np.testing.assert_allclose(shares[1:], shares[:-1] / 10, rtol=0.02)


def test_law_holds_within_its_bound_for_random_chains():
    concentration, places = 0.05, 100
    rng = np.random.default_rng(2)
    logarithms = []
    for _ in range(600):
        sites = 7 * np.flatnonzero(rng.random(places) < concentration)
        t = theory.vacancies_transmission(0.3, sites, HOPPINGS) if len(sites) else 1.0
        logarithms.append(np.log(t))
    expected = log_transmission(concentration, places)
    error = np.std(logarithms) / np.sqrt(len(logarithms))
    assert abs(np.mean(logarithms) - expected.value) < 3 * error + expected.bound
    assert error < 0.05 * abs(expected.value)


def test_a_chain_that_a_vacancy_cuts_is_refused():
    with pytest.raises(ValueError, match="beyond the nearest neighbours"):
        log_transmission(0.01, hoppings=(-1.0,))
    with pytest.raises(ValueError, match="2 modes at E = "):
        theory.vacancies_log_transmission(1.0, 0.01, 100, hoppings=(-1.0, -0.8))
