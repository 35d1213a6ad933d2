"""Columns in series with random phases are the single channel that is expected of them."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.analysis import SingleChannel
from mesokwant.analysis.single_channel import Tabulated

REFLECTED, LENGTHS, SAMPLES = 0.02, (50, 150), 800


@pytest.fixture(scope="module")
def channel():
    """Transmissions of columns that all reflect the same, added one after the other."""
    rng = np.random.default_rng(5)
    t, found = np.ones(SAMPLES), []
    for column in range(1, max(LENGTHS) + 1):
        phases = np.exp(2j * np.pi * rng.random(SAMPLES))
        t = t * (1 - REFLECTED) / abs(1 - np.sqrt((1 - t) * REFLECTED) * phases) ** 2
        if column in LENGTHS:
            found.append(t)
    return SingleChannel(np.array(found), LENGTHS, path=1 / REFLECTED, spread=0.0)


def test_columns_have_the_variance_and_the_mean_of_a_single_channel(channel):
    for found in (*channel.pooled, channel.paths):
        # <ln T> of a column is ln(1 - R), and not -R.
        assert abs(found.value - 1) < 4 * found.error + REFLECTED
    assert channel.variances.value.shape == (2,)


def test_golden_rule_is_read_from_the_lengths(channel):
    longer = SingleChannel(channel.t, channel.lengths, path=2 / REFLECTED, spread=0.0)
    assert longer.paths.value == pytest.approx(channel.paths.value / 2)


def test_tabulated_function_is_the_function():
    law = Tabulated(theory.chain_mean_conductance, 0.3, 8.0)
    s = np.array([0.4, 1.7, 7.0])
    np.testing.assert_allclose(law(s), theory.chain_mean_conductance(s), rtol=1e-3)
