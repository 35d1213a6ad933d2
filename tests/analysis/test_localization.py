"""Shared analysis on synthetic data whose answer is known."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.analysis import decay_rates, localization_length, mean_free_path, scaling_ratio


def test_mean_free_path_of_synthetic_wires():
    lengths = np.array([50.0, 100.0, 200.0])
    rng = np.random.default_rng(3)
    mean = theory.conductance(40, lengths / 17.0)
    estimates = [
        mean_free_path(lengths, rng.normal(mean[:, None], 0.3, (3, 400)), 40) for _ in range(40)
    ]
    pulls = [(e.value - 17.0) / e.error for e in estimates]
    assert abs(np.mean(pulls)) < 4 / np.sqrt(40)
    assert np.std(pulls) == pytest.approx(1, abs=4 / np.sqrt(80))


def test_exact_data_give_the_exact_length():
    lengths = np.array([10.0, 30.0])
    g = np.repeat(theory.conductance(7, lengths / 4.0)[:, None], 5, axis=1)
    assert mean_free_path(lengths, g, 7).value == pytest.approx(4.0, rel=1e-12)


def test_mean_free_path_needs_a_length():
    with pytest.raises(ValueError, match="needs a length"):
        mean_free_path([], np.empty((0, 5)), 7)


def test_mean_free_path_takes_weak_localization_off():
    lengths = np.array([10.0, 30.0])
    mean = theory.conductance(7, lengths / 12.0) + theory.weak_localization(lengths / 12.0, beta=1)
    g = np.repeat(mean[:, None], 5, axis=1)
    assert mean_free_path(lengths, g, 7, beta=1).value == pytest.approx(12.0, rel=1e-7)
    assert mean_free_path(lengths, g, 7).value < 11.9


def random_walks(lengths, xi, samples, rng):
    """ln g of wires that share their first part: steps of mean -2/ξ and variance 4/ξ a site."""
    steps = np.diff(lengths, prepend=0)[:, None]
    walk = rng.normal(-2 * steps / xi, np.sqrt(4 * steps / xi), (len(lengths), samples))
    return np.exp(0.8 + walk.cumsum(axis=0))


def test_localization_of_synthetic_wires():
    lengths, xi = np.array([300, 500, 1000]), 70.0
    rng = np.random.default_rng(5)
    pulls, scaling = [], []
    for _ in range(25):
        g = random_walks(lengths, xi, 300, rng)
        found = localization_length(lengths, g)
        pulls.append((found.value - xi) / found.error)
        ratio = scaling_ratio(lengths, g)
        scaling.append((ratio.value - 2) / ratio.error)
    for pull in (pulls, scaling):
        assert abs(np.mean(pull)) < 4 / np.sqrt(25)
        assert np.std(pull) == pytest.approx(1, abs=4 / np.sqrt(50))


def test_decay_rates_are_exact_for_exact_lines():
    lengths = np.array([10.0, 25.0, 60.0])
    xi = np.array([[4.0, 5.0], [6.0, 7.0]])
    g = np.exp(1.5 - 2 * lengths[:, None, None] / xi)
    np.testing.assert_allclose(decay_rates(lengths, g), 1 / xi, rtol=1e-12)
    g[1, 0, 1] = np.nan
    assert np.isnan(decay_rates(lengths, g)).sum() == 1
