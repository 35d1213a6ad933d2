"""`recompute` computes what a change of code touches, and keeps the rest."""

import re

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.engine import dispatch
from mesokwant.engine.worker import compute
from mesokwant.store.block import COMPUTED, MISSING
from mesokwant.store.store import Store
from tests.helpers.engine import assert_same, run, small

CALLS = []


def weight(factor):
    """An observable whose code depends on a number."""

    def weighted(ensemble):
        CALLS.append("g")
        return factor * ensemble.transmission(1, 0)

    return weighted


def other(ensemble):
    CALLS.append("T")
    return ensemble.transmission(0, 1)


def study(factor):
    return small(observables={"g": weight(factor), "T": other})


@pytest.fixture
def old(tmp_path):
    """A store with g and T, by old code."""
    run(study(1), tmp_path)
    CALLS.clear()
    return tmp_path


def test_changed_code_is_refused_with_both_ways_out(old):
    with pytest.raises(ValueError, match=r"observable 'g'.*\(out=.*recompute=\['g'\]\)$"):
        run(study(2), old)


def test_just_the_changed_observable_is_computed_again(old, tmp_path_factory):
    before = mk.load(old / "small/quick")
    after = run(study(2), old, recompute=["g"])
    # The preflight asks every observable once a sweep; workers asked for g alone.
    assert CALLS.count("T") == 1
    np.testing.assert_array_equal(after.g, 2 * before.g)
    np.testing.assert_array_equal(after["T"], before["T"])
    assert_same(after, run(study(2), tmp_path_factory.mktemp("fresh")))
    CALLS.clear()
    assert_same(run(study(2), old), after)  # Nothing remains to be computed.
    assert CALLS.count("T") == 1


def test_more_samples_join_what_was_computed_again(old, tmp_path_factory):
    run(study(2), old, recompute=["g"], samples=3)
    assert_same(
        run(study(2), old, samples=9), run(study(2), tmp_path_factory.mktemp("f"), samples=9)
    )


def test_an_interrupted_recomputation_continues_and_keeps_the_rest(old, monkeypatch):
    calls = []

    def interrupted(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return compute(*args)

    before = mk.load(old / "small/quick")
    monkeypatch.setattr(dispatch, "compute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(study(2), old, recompute=["g"])
    monkeypatch.undo()
    part = mk.load(old / "small/quick")
    assert {MISSING, COMPUTED} == set(np.unique(part.state))
    np.testing.assert_array_equal(part["T"], before["T"])
    assert np.isnan(part.g.values[part.state.values == MISSING]).all()
    after = run(study(2), old)
    np.testing.assert_array_equal(after.g, 2 * before.g)


def test_a_changed_kind_of_disorder_computes_all_of_its_sweep_again(tmp_path):
    def at_left(site):
        return site.pos[0] < 1

    def at_right(site):
        return site.pos[0] > 1

    at_right.__qualname__ = at_left.__qualname__
    one, two = (small(disorder=mk.Anderson(1.5, where=w)) for w in (at_left, at_right))
    run(one, tmp_path)
    with pytest.raises(ValueError, match=r"recompute=\['anderson'\]"):
        run(two, tmp_path)
    after = run(two, tmp_path, recompute=["anderson"])
    assert_same(after, run(two, tmp_path / "fresh"))


def test_an_unknown_name_is_refused(old):
    with pytest.raises(ValueError, match="there are: "):
        run(study(2), old, recompute=["gg"])


def test_the_store_says_what_was_computed_again(old):
    first = Store(old / "small/quick").provenance
    run(study(2), old, recompute=["g"])
    provenance = Store(old / "small/quick").provenance
    assert provenance["recomputed"][0]["names"] == ["g"]
    assert provenance["recomputed"][0]["kwant"] == first["kwant"] == provenance["kwant"]


def test_code_of_another_python_is_compared_by_nobody_and_said_so(old):
    path = old / "small/quick/study.json"
    before = re.sub(r"2:cpython-3\d+:", "2:cpython-399:", path.read_text())
    path.write_text(before)
    with pytest.warns(RuntimeWarning, match="'g' can't be compared: it was identified by cpython"):
        run(study(1), old)
    assert path.read_text() == before
