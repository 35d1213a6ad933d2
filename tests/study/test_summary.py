"""What the claims of a study amount to: counted verdicts, one p-value, and two seeds."""

import io
import json

import numpy as np
import pytest
from rich.console import Console

from mesokwant import Claim, Estimate
from mesokwant.report import stored
from mesokwant.report.seeds import TwoSeeds
from mesokwant.report.summary import Summary, adjusted
from mesokwant.report.tables import claims_table, seeds_table, summary_lines


def claim(z, name="a claim", **options):
    """An equality that lies z standard errors from theory, with an effect of 100 of them."""
    return Claim(name, Estimate(1.0 + 0.01 * z, 0.01, 100), 1.0, **{"effect": 1.0} | options)


def printed(table):
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(table)
    return console.export_text()


EXACT = Claim("exact", Estimate(1.0, 0.0, 1), 1.0)
BLUNT = claim(0.5, "blunt", effect=0.02)


def test_measurements_do_not_count_among_the_claims():
    found = Summary.of([claim(0.1), claim(-1, effect=None), BLUNT, EXACT])
    assert (found.holding, found.failing, found.undecided, found.lacking) == (3, 0, 1, 1)
    assert found.verdict == "all 3 claims hold, 1 undecided"
    assert Summary.of([claim(4), claim(0)]).verdict == "1 of 2 claims fails"
    assert Summary.of([BLUNT]).verdict == "it claims nothing, 1 undecided"
    assert Summary.of([EXACT]).verdict == "its claim holds"


def test_a_blunt_comparison_that_is_off_still_fails():
    assert Summary.of([claim(5, effect=0.02)]).failing == 1


def test_one_p_value_is_that_of_the_farthest_by_holm():
    claims = [claim(2.0, "far"), claim(1.0), EXACT, claim(0.0)]
    found = Summary.of(claims)
    assert found.p_value == pytest.approx(3 * claims[0].p_value)
    assert found.compared == 3
    assert "p = 0.14 (3 comparisons, Holm; farthest: far)" in found.probability
    assert Summary.of([EXACT]).probability == ""
    assert [p is None for p in adjusted(claims)] == [False, False, True, False]


def test_true_statements_fail_as_a_whole_at_the_stated_rate():
    """1000 studies of ten true claims: a p-value below 5 per cent in 5 per cent, within 3 sigma."""
    z = np.random.default_rng(2).normal(size=(1000, 10))
    low = np.mean([Summary.of([claim(one) for one in row]).p_value < 0.05 for row in z])
    assert abs(low - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 1000)


def test_tables_show_effects_that_are_not_said_and_what_undecided_means():
    text = printed(claims_table({"study": [claim(0, effect=None), BLUNT]}, "claims"))
    assert "not said" in text and "150%" in text
    assert "undecided: a measurement, since the tolerance is above 30% of the effect" in text
    assert "measurement" not in printed(claims_table({"study": [claim(0)]}, "claims"))


def test_several_studies_have_one_p_value_too():
    lines = list(summary_lines({"first": [claim(2.5)], "second": [claim(0.1), claim(1)]}, {}))
    assert [line.partition(":")[0] for line in lines] == ["first", "second", "all studies"]
    assert "p = 0.012 (comparison" in lines[0]
    assert "p = 0.037 (3 comparisons, Holm" in lines[2]


FIRST = [claim(0.0, "same"), EXACT, claim(0.0, "full alone"), claim(1.0, "near")]
SECOND = [claim(4.0, "same"), EXACT, claim(0.0, "repeat alone"), claim(0.0, "near")]


def test_two_seeds_stand_beside_each_other():
    rows = printed(seeds_table(TwoSeeds.of(FIRST, SECOND), "seeds")).splitlines()
    (same,) = (row for row in rows if "same" in row)
    assert "+2.8" in same and "holds" in same and "FAILS" in same
    (exact,) = (row for row in rows if "exact" in row)
    assert "+" not in exact
    assert rows.index(same) < min(i for i, row in enumerate(rows) if "alone" in row)


def test_what_differs_on_two_seeds_is_named():
    both = TwoSeeds.of(FIRST, SECOND)
    assert both.counted == (
        "2 of 5 verdicts are the same (same: holds and fails; full alone: holds and no claim; "
        "repeat alone: no claim and holds)"
    )
    assert both.distances == "measured 2.06σ apart in root mean square, at most +2.8σ (same)"
    assert TwoSeeds.of([EXACT], [EXACT]).counted == "the verdict is the same"
    assert TwoSeeds.of([EXACT], [EXACT]).distances == ""
    assert TwoSeeds.of(FIRST, FIRST).counted == "all 4 verdicts are the same"
    assert TwoSeeds.of(FIRST, FIRST).distances == ""  # Nothing is random in them.
    lost = TwoSeeds.of([claim(0.5)], [claim(np.nan)])
    assert lost.counted == "0 of 1 verdicts are the same (a claim: holds and fails)"
    assert lost.distances == ""


def test_names_that_differ_in_a_measured_number_are_paired_in_their_order():
    first = [claim(0, "hf = 0.51 E_c: K"), claim(1, "hf = 3.6 E_c: K"), claim(0, "N = 2: g")]
    second = [claim(2, "hf = 0.5 E_c: K"), claim(3, "hf = 3.5 E_c: K"), claim(0, "N = 2: g")]
    both = TwoSeeds.of(first, second)
    assert [pair.name for pair in both.pairs] == [one.name for one in first]
    assert [pair.z for pair in both.pairs] == pytest.approx([2 / 2**0.5, 2 / 2**0.5, 0])
    # As many as that are not the same claims.
    assert TwoSeeds.of(first, second[1:]).counted.startswith("1 of 4 verdicts are the same")


def test_what_theory_expects_of_each_seed_is_taken_off():
    first = Claim("g", Estimate(1.0, 0.1, 9), 1.0)
    second = Claim("g", Estimate(3.0, 0.1, 9), 3.0)
    assert TwoSeeds.of([first], [second]).pairs[0].z == 0


def test_numbers_of_two_seeds_lie_one_standard_error_apart():
    """300 pairs of right errors: the root mean square of z is 1, within 3 sigma."""
    rng = np.random.default_rng(5)
    runs = [[claim(z, f"claim {i}") for i, z in enumerate(rng.normal(size=300))] for _ in "ab"]
    assert abs(TwoSeeds.of(*runs).spread - 1) < 3 / np.sqrt(600)


def test_studies_with_a_second_seed_have_a_line_about_it():
    claims = {"one": [claim(0.5)], "two": FIRST, "three": [claim(1)]}
    lines = list(summary_lines(claims, {"one": [claim(-0.5)], "two": SECOND}))
    assert lines[1] == "  second seed: the verdict is the same; measured 0.7σ apart"
    assert [line.partition(":")[0] for line in lines] == [
        "one", "  second seed", "two", "  second seed", "three", "all studies",
        "  second seed of 2 of 3 studies",
    ]  # fmt: skip
    assert "3 of 6 verdicts are the same (two: same: holds and fails;" in lines[-1]
    assert "at most +2.8σ (two: same)" in lines[-1]


def test_kept_claims_have_their_p_value_as_one_of_many(tmp_path):
    class Two:
        def claims(self, reading):
            return [claim(2.0, "far"), claim(0.3), EXACT]

    claims = stored.check(Two(), None, tmp_path)
    kept = json.loads((tmp_path / "claims.json").read_text())
    assert kept[0]["p_holm"] == pytest.approx(2 * claims[0].p_value)
    assert "p_holm" not in kept[2]
    again = stored.kept_claims(tmp_path)
    assert [one.as_dict() for one in again] == [one.as_dict() for one in claims]
