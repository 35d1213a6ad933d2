"""One claim for a curve instead of one a point."""

import numpy as np
import pytest

from mesokwant import Prediction, statistics
from mesokwant.analysis import curve_claim

X = np.arange(5.0)


def measured(slope, seed=0, samples=400):
    """A line through the origin with values that every sample shares in part."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(1, samples)) + rng.normal(size=(5, samples))
    return statistics.curve(lambda x: x.mean(axis=-1), slope * X[:, None] + 0.3 * noise)


def claimed(slope, bound=0.0, against=None):
    expected = Prediction(1.0 * X, bound, "finite size" * bool(bound), "a line")
    return curve_claim("a line", measured(slope), expected, against=against)


def test_claim_has_the_probability_of_the_curve():
    claim = claimed(1.0, against=0 * X)
    assert claim.p_value == pytest.approx(measured(1.0).test(X).p_value)
    assert claim.verdict == "holds" and claim.tolerance_over_effect < 0.1
    assert claim.expected.source == "chi² of 5 points; a line"


def test_curve_of_another_slope_fails():
    assert claimed(1.05).verdict == "fails"
    within = claimed(1.05, bound=0.3)
    assert within.verdict == "holds"
    assert "within the bound: finite size" in within.expected.source


def test_curve_that_cannot_tell_the_statement_from_its_opposite_is_a_measurement():
    assert claimed(1.0, against=1.005 * X).verdict == "undecided"
