"""Holm's rule: one probability for many tests."""

import numpy as np
import pytest

from mesokwant import statistics


def test_one_test_keeps_its_probability():
    assert statistics.holm([0.03]).tolist() == [0.03]
    assert statistics.holm([]).size == 0


def test_adjusted_probabilities_keep_the_order_and_are_probabilities():
    p = np.random.default_rng(0).uniform(size=40)
    adjusted = statistics.holm(p)
    assert np.all(np.diff(adjusted[np.argsort(p)]) >= 0)
    assert np.all(adjusted >= p) and adjusted.max() <= 1
    assert adjusted.min() == pytest.approx(min(1, 40 * p.min()))


@pytest.mark.parametrize("common", [0.0, 0.9])
def test_smallest_adjusted_probability_has_at_most_its_own_rate(common):
    """2000 families of 20 true statements, independent or not: at most 5 per cent are rejected."""
    from scipy.stats import norm

    rng = np.random.default_rng(1)
    shared, own = rng.normal(size=(2000, 1)), rng.normal(size=(2000, 20))
    p = 2 * norm.sf(abs(np.sqrt(common) * shared + np.sqrt(1 - common) * own))
    rejected = np.mean([statistics.holm(row).min() < 0.05 for row in p])
    assert rejected < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)
    assert common or rejected > 0.05 - 3 * np.sqrt(0.05 * 0.95 / 2000) - 0.002


@pytest.mark.parametrize("wrong", [[0.1, np.nan], [1.1], [-0.1], [[0.1]]])
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(ValueError, match="between 0 and 1"):
        statistics.holm(wrong)
