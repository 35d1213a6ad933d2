"""Histograms of values that can be counted by hand."""

import numpy as np
import pytest

from mesokwant import statistics


def test_histogram_counts_values_and_leaves_out_missing_ones():
    found = statistics.histogram([0.1, 0.2, 1.0, 2.0, 3.0, -1, np.nan, 0.3], [0, 0.5, 1, 2])
    np.testing.assert_allclose(found.value, np.array([3, 0, 2]) / 7 / [0.5, 0.5, 1])
    binomial = np.sqrt(np.array([3 * 4, np.nan, 2 * 5]) / 7**2 / 6) / [0.5, 0.5, 1]
    np.testing.assert_allclose(found.error[[0, 2]], binomial[[0, 2]])
    assert found.error[1] == pytest.approx(np.sqrt(7 / 6) / 7 / 0.5)
    assert np.array_equal(found.n, [7, 7, 7])


def test_histogram_without_values_is_refused():
    with pytest.raises(ValueError, match="every sample is missing"):
        statistics.histogram([np.nan], [0, 1])


def test_histogram_of_many_samples_uses_all_of_them():
    x = np.random.default_rng(18).normal(size=10**6)
    assert statistics.histogram(x, np.linspace(-1, 1, 11)).n[0] == 10**6


def test_histogram_of_samples_of_more_than_a_million_values():
    x = np.tile(np.linspace(0, 1, 2**20 + 8)[:, None], 2)
    found = statistics.histogram(x, [0, 0.25, 1])
    np.testing.assert_allclose(found.value, 1, rtol=1e-5)
    assert found.n[0] == 2
