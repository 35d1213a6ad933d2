"""Localization lengths against simulated chains, and against each other."""

import numpy as np
import pytest

from mesokwant import theory
from tests.theory.simulation import lyapunov


@pytest.mark.parametrize(
    "energy, disorder, formula",
    [
        (1.2, 0.6, lambda w: theory.chain_localization_length(w, 1.2)),
        (0.0, 0.6, theory.chain_localization_length_centre),
        (2.0, 0.1, theory.chain_localization_length_edge),
    ],
)
def test_chain_localization_length(energy, disorder, formula):
    rate, error = lyapunov(energy, disorder)
    assert error < 0.02 * rate
    assert abs(rate - 1 / formula(disorder)) < 3 * error + 0.01 * rate


def test_localization_lengths_agree():
    disorder, energy = 0.5, 0.7
    # One channel: l = 2 l_tr, l_tr = v τ with 1/τ = 2πν<V²>, ν = 1/(πv); back and forward alike.
    velocity = np.sqrt(4 - energy**2)
    born = velocity / (2 * np.pi / (np.pi * velocity) * disorder**2 / 12)
    single = theory.localization_length(1, theory.mean_free_path_factor(1) * born, beta=1)
    assert single == pytest.approx(theory.chain_localization_length(disorder, energy))
    doubling = theory.localization_length(1000, 1, beta=2) / theory.localization_length(
        1000, 1, beta=1
    )
    assert doubling == pytest.approx(2, rel=1e-2)
    ratio = theory.log_conductance_variance(70, 8) / -theory.log_conductance(70, 8)
    assert ratio == 2
    assert theory.chain_localization_length_centre(1.0) == pytest.approx(105.045, abs=1e-3)


def test_gain_by_broken_time_reversal_is_the_ratio_of_localization_lengths():
    channels = np.array([1, 5, 200])
    ratio = theory.localization_length(channels, 7.0, beta=2) / theory.localization_length(
        channels, 7.0, beta=1
    )
    np.testing.assert_allclose(theory.localization_gain(channels), ratio)
