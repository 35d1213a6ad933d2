"""The run that repeats a study with another seed, on its page and in the index."""

import dataclasses
from pathlib import Path

import pytest

import mesokwant as mk
from mesokwant.book import pages
from mesokwant.book.assets import Facts
from mesokwant.book.entries import Entry, claims_rows, headline
from mesokwant.book.runs import StoredRun
from mesokwant.book.statements import Statement
from mesokwant.book.whole import totals


def claim(z, name="rise"):
    """A claim whose measured number lies z standard errors from theory."""
    return mk.Claim(name, mk.Estimate(1 + 0.1 * z, 0.1, 9), mk.Prediction(1.0), effect=9.0)


def run(preset, *claims):
    return StoredRun("wires", preset, Path("wires") / preset, claims=list(claims))


def entry(*runs):
    return Entry(list(runs), Statement(headline="rise"), Facts(source="pass"))


@pytest.fixture
def both():
    return entry(
        run("full", claim(0.0), claim(1.0, "full alone")),
        run("repeat", claim(4.0), claim(0.0, "repeat alone")),
        run("quick", claim(-1.0)),
    )


def test_the_table_has_both_seeds_side_by_side_and_what_fails_first(both):
    columns, rows = claims_rows(both)
    first = dict(zip(columns, rows[0]["cells"], strict=True))
    assert rows[0]["kind"] == "fails"
    assert first["measured"].startswith("1.00") and first["second seed"].startswith("1.40")
    assert (first["z"], first["z (second seed)"], first["z between"]) == ("+0.0", "+4.0", "+2.8")
    assert (first["verdict"], first["verdict (second seed)"]) == ("holds", "fails")
    assert first["z (quick)"] == "−1.0"
    assert [row["cells"][0] for row in rows] == ["rise", "full alone", "repeat alone"]


def test_a_study_fails_that_fails_on_the_second_seed(both):
    assert both.run.verdict == "holds"
    assert both.verdict == "fails"
    assert both.badge == "holds, second seed fails"
    index = pages.index_page([both], title="t")
    assert 'data-verdict="fails"' in index
    assert '<option value="fails">' in index


def test_both_seeds_are_said_on_the_page_and_in_the_index(both):
    agreeing = dataclasses.replace(both, runs=[both.run, run("repeat", *both.run.claims)])
    for page in (pages.index_page([agreeing], title="t"), pages.study_page(agreeing)):
        assert "holds on both seeds" in page
        assert "<dt>second seed</dt><dd>1.00 ± 0.10 (n = 9) (holds)</dd>" in page
    page = pages.study_page(both)
    assert "0 of 3 verdicts are the same (rise: holds and fails;" in page.replace("\\", "")
    assert "mesokwant run wires --preset repeat" in page


def test_the_whole_counts_the_verdicts_of_both_seeds(both):
    alone = entry(dataclasses.replace(run("full", claim(0.5)), study="other"))
    whole = dict(totals([both, alone]))
    assert whole["studies with a second seed"] == "1"
    assert whole["verdicts on both seeds"] == "0 of 3 the same"
    assert whole["distance between the seeds"] == "2.83 standard errors in root mean square"
    assert not [name for name, _ in totals([alone]) if "seed" in name]


def test_a_study_without_a_repeat_is_shown_as_before():
    alone = entry(run("full", claim(0.5)))
    assert alone.badge == alone.verdict == "holds"
    assert headline(alone)["second"] == ""
    assert "second seed" not in claims_rows(alone)[0]
    # A repeat of a run whose own claims are not known repeats nothing that is shown.
    assert entry(run("full"), run("repeat", claim(0))).second is None


def test_what_is_wrong_with_the_repeat_is_a_problem_of_the_page(both):
    repeat = dataclasses.replace(both.runs[1], problems=["it is damaged"])
    assert entry(both.run, repeat).problems == ["second seed: it is damaged"]
