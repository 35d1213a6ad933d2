"""Claims hold and fail as they say."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from rich.console import Console

from mesokwant import Claim, Estimate, Prediction
from mesokwant.report.tables import claims_table


def claim(value, error, expected=1.0, bound=0.0, because="", **options):
    measured = Estimate(value, error, 100)
    if options.keys() & {"above", "below"}:
        return Claim("a claim", measured, source="a source", **options)
    prediction = Prediction(expected, bound, because=because, source="a source")
    return Claim("a claim", measured, prediction, **options)


def test_a_claim_can_fail():
    assert claim(1.02, 0.01).holds
    assert not claim(1.04, 0.01).holds
    assert claim(1.04, 0.01, bound=0.02, because="finite size").holds
    assert not claim(1.04, 0.01, sigmas=2, bound=0.01, because="finite size").holds


def test_one_sided_claims_need_the_distance():
    assert claim(1.2, 0.03, sigmas=5, above=1.0).holds
    assert not claim(1.1, 0.03, sigmas=5, above=1.0).holds
    assert claim(0.8, 0.03, sigmas=5, below=1.0).holds
    assert not claim(1.2, 0.03, sigmas=5, below=1.0).holds


@pytest.mark.parametrize("value, error", [(np.nan, 0.1), (1.0, np.nan), (1.0, np.inf)])
@pytest.mark.parametrize("options", [{}, {"above": 1.0}, {"below": 1.0}])
def test_a_claim_with_nan_fails(value, error, options):
    assert not claim(value, error, **options).holds


def test_a_bound_needs_its_reason():
    with pytest.raises(ValueError, match="because"):
        claim(1.0, 0.1, bound=0.1)


@pytest.mark.parametrize("options", [{}, {"above": 0.0, "below": 1.0}, {"expected": 1, "above": 0}])
def test_a_claim_is_about_one_expected_number(options):
    with pytest.raises(TypeError, match="give what is expected, or above"):
        Claim("a claim", Estimate(1.0, 0.1, 100), **options)


def test_a_number_is_a_prediction_without_a_bound():
    plain = Claim("a claim", Estimate(1.0, 0.1, 100), np.float64(1.2), source="a source")
    assert plain.expected.value == 1.2
    assert plain.expected.source == "a source"
    assert plain.tolerance == pytest.approx(0.3)


def test_claims_are_kept_and_shown():
    claims = [
        claim(np.float64(1.02), 0.01, np.float64(1.0)),
        claim(2.0, 0.01, bound=0.1, because="finite size"),
    ]
    assert [json.loads(json.dumps(c.as_dict()))["holds"] for c in claims] == [True, False]
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(claims_table({"study": claims}, "claims"))
    text = console.export_text()
    assert "holds" in text
    assert "FAILS" in text
    assert "+ 0.1 (1)" in text
    assert "(1) finite size" in text


def test_claim_with_a_tolerance_wide_against_its_effect_is_undecided():
    measured = Estimate(0.01, 0.02, 100)
    assert Claim("none", measured, 0.0, effect=0.3).verdict == "holds"
    assert Claim("none", measured, 0.0, effect=0.1).verdict == "undecided"
    assert Claim("none", Estimate(0.4, 0.02, 100), 0.0, effect=0.1).verdict == "fails"
    assert Claim("none", measured, 0.0, effect=0.1).as_dict()["verdict"] == "undecided"


def test_distance_from_theory_is_in_standard_errors():
    assert Claim("a third", Estimate(0.35, 0.01, 100), 0.33).z == pytest.approx(2)
    assert Claim("exact", Estimate(1.0, 0.0, 1), 1.0).z is None


@pytest.mark.parametrize("effect", [0.0, -1.0, float("nan"), float("inf")])
def test_effect_is_a_positive_number(effect):
    with pytest.raises(ValueError, match="how far from theory"):
        Claim("none", Estimate(0.0, 0.1, 10), 0.0, effect=effect)


def test_errors_of_the_inputs_of_theory_widen_the_tolerance():
    expected = Prediction(1.0, 0.1, "finite size", error=0.04)
    one = Claim("a number", Estimate(1.3, 0.03, 100), expected)
    assert one.error == pytest.approx(0.05)
    assert one.tolerance == pytest.approx(3 * 0.05 + 0.1)
    assert one.z == pytest.approx(0.3 / 0.05)
    assert not Claim("a number", Estimate(1.3, 0.03, 100), replace(expected, error=0.0)).holds


def test_p_value_is_that_of_the_distance_beyond_the_bound():
    normal = scipy.stats.norm
    assert claim(1.05, 0.02).p_value == pytest.approx(2 * normal.sf(2.5))
    bounded = claim(1.05, 0.02, bound=0.03, because="finite size")
    assert bounded.p_value == pytest.approx(2 * normal.sf(1))
    assert claim(1.05, 0.02, bound=0.1, because="finite size").p_value == 1
    assert claim(1.05, 0.02, above=1.0).p_value == pytest.approx(normal.cdf(2.5))
    assert claim(1.05, 0.02, below=1.0).p_value == pytest.approx(normal.sf(2.5))
    assert claim(1.0, 0.0).p_value is None
    assert claim(np.nan, 0.1).p_value is None


def test_p_value_of_a_true_statement_is_uniform():
    """1000 measurements of a true statement; Kolmogorov and Smirnov's p above 0.003 (3 sigma)."""
    values = np.random.default_rng(3).normal(1.0, 0.1, size=1000)
    p = [claim(value, 0.1).p_value for value in values]
    assert scipy.stats.kstest(p, "uniform").pvalue > 0.003


def test_an_equality_with_an_error_has_to_say_its_effect():
    assert claim(1.0, 0.1).lacks_effect
    assert not claim(1.0, 0.1, effect=1.0).lacks_effect
    assert not claim(1.0, 0.0).lacks_effect
    assert not claim(1.0, 0.1, above=0.0).lacks_effect


@pytest.mark.parametrize(
    "one",
    [
        claim(1.02, 0.01, bound=0.1, because="finite size", sigmas=2, effect=1.0),
        claim(1.02, 0.01, effect=0.01),
        claim(1.2, 0.03, above=1.0),
        claim(0.8, 0.03, below=1.0, effect=0.4),
        claim(1.0, 0.0),
        claim(1.0, np.nan),
        Claim("of inputs", Estimate(1.0, 0.1, 9, True), Prediction(1.0, source="a", error=0.2)),
    ],
)
def test_a_claim_comes_back_from_its_file(one):
    kept = one.as_dict()
    again = Claim.from_dict(json.loads(json.dumps(kept)))
    assert json.dumps(again.as_dict()) == json.dumps(kept)
    assert again.verdict == one.verdict == kept["verdict"]


def test_claims_of_earlier_versions_are_read():
    kept = claim(1.02, 0.01, bound=0.1, because="finite size").as_dict()
    for added in ("z", "p", "verdict"):
        del kept[added]
    assert Claim.from_dict(kept).verdict == "holds"
    assert Claim.from_dict(kept).z == pytest.approx(2)
