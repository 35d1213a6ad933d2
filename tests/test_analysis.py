"""Shared analysis on synthetic data whose answer is known."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.analysis import mean_free_path


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
