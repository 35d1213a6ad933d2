"""Claims hold and fail as they say."""

import io
import json

import numpy as np
import pytest
from rich.console import Console

from mesokwant import Claim, Estimate
from mesokwant.study.claims import claims_table


def claim(value, error, expected=1.0, **kwargs):
    return Claim("a claim", Estimate(value, error, 100), expected, "a source", **kwargs)


def test_a_claim_can_fail():
    assert claim(1.02, 0.01).holds
    assert not claim(1.04, 0.01).holds
    assert claim(1.04, 0.01, systematic=0.02, because="finite size").holds
    assert not claim(1.04, 0.01, sigmas=2, systematic=0.01, because="finite size").holds


def test_one_sided_claims_need_the_distance():
    assert claim(1.2, 0.03, sigmas=5, relation=">").holds
    assert not claim(1.1, 0.03, sigmas=5, relation=">").holds
    assert claim(0.8, 0.03, sigmas=5, relation="<").holds
    assert not claim(1.2, 0.03, sigmas=5, relation="<").holds


@pytest.mark.parametrize("value, error", [(np.nan, 0.1), (1.0, np.nan), (1.0, np.inf)])
@pytest.mark.parametrize("relation", "=<>")
def test_what_is_not_known_holds_nothing(value, error, relation):
    assert not claim(value, error, relation=relation).holds


def test_a_systematic_bound_needs_its_reason():
    with pytest.raises(ValueError, match="because"):
        claim(1.0, 0.1, systematic=0.1)
    with pytest.raises(ValueError, match="relation"):
        claim(1.0, 0.1, relation="~")


def test_claims_are_kept_and_shown():
    found = [
        claim(np.float64(1.02), 0.01, np.float64(1.0)),
        claim(2.0, 0.01, systematic=0.1, because="finite size"),
    ]
    assert [json.loads(json.dumps(c.as_dict()))["holds"] for c in found] == [True, False]
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(claims_table({"study": found}, "claims"))
    text = console.export_text()
    assert "holds" in text
    assert "FAILS" in text
    assert "+ 0.1 (1)" in text
    assert "(1) finite size" in text
