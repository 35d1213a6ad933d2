"""Claims hold and fail as they say."""

import io
import json

import numpy as np
import pytest
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
