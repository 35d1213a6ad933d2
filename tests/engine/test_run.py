"""Runs: what is missing is computed and nothing else; what fails is kept and said so."""

from __future__ import annotations

import concurrent.futures
import json
import os
import pickle
import signal
import threading
import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mesokwant as mk
from mesokwant.engine import dispatch, worker
from mesokwant.engine.results import counts
from mesokwant.engine.tasks import Task, pack
from mesokwant.engine.worker import compute
from mesokwant.point import Point
from mesokwant.solver.batched.backend import BatchedBackend
from mesokwant.solver.reference import KwantBackend
from mesokwant.store import parts, spans
from mesokwant.store.block import COMPUTED, FAILED, MISSING
from mesokwant.store.parts import Part
from mesokwant.store.store import Store
from systems import Chain, Wire
from tests.helpers.engine import assert_same, run, small, sweep

ONE_LENGTH = (Point(length=3, energy=-0.7), Point(length=3, energy=0.6))
"""Two points of the small sweep that have one system."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The small study in one go."""
    return run(small(), tmp_path_factory.mktemp("whole"))


@pytest.fixture
def computed(monkeypatch):
    """Samples in the order in which they were computed."""
    log = []

    def counting(key, task, packed=None):
        block = compute(key, task, packed)
        if block is not None:
            log.extend((point, n) for point, has in block.parts for n in spans.numbers(has))
        return block

    monkeypatch.setattr(dispatch, "compute", counting)
    return log


def test_results_are_those_of_scattering(whole):
    for length in (3, 4):
        ensemble = mk.scattering(
            Wire(width=2, length=length),
            -0.7,
            disorder=mk.Anderson(1.5),
            samples=6,
            seed=3,
            solver="kwant",
        )
        here = whole.sel(length=length, energy=-0.7)
        np.testing.assert_array_equal(here["g"], ensemble.transmission(1, 0))


def test_a_run_again_computes_nothing(tmp_path, computed, whole):
    run(small(), tmp_path)
    assert len(computed) == len(set(computed)) == 24
    assert_same(run(small(), tmp_path), whole)
    assert len(computed) == 24


@settings(max_examples=12)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "length": st.sets(st.sampled_from((3, 4)), min_size=1).map(tuple),
                "energy": st.sets(st.sampled_from((-0.7, 0.6)), min_size=1).map(tuple),
                "samples": st.integers(1, 6),
            }
        ),
        max_size=3,
    )
)
def test_any_history_ends_in_the_same_results(tmp_path_factory, whole, history):
    out = tmp_path_factory.mktemp("history")
    for options in history:
        part = run(small(), out, **options)
        assert part.sizes["sample"] == options["samples"]
        assert (part["state"] == COMPUTED).all()
        np.testing.assert_array_equal(
            part["g"],
            whole["g"].sel(length=list(options["length"]), energy=list(options["energy"]))[
                ..., : options["samples"]
            ],
        )
    assert_same(run(small(), out), whole)


def test_shards_make_the_whole(tmp_path, computed, whole):
    for number in (2, 1):
        part = run(small(), tmp_path, shard=(number, 3))
        assert counts(part)[1] > 0
        assert (part["state"] != FAILED).all()
    assert_same(run(small(), tmp_path, shard=(3, 3)), whole)
    assert len(computed) == len(set(computed)) == 24


def test_several_sweeps_come_as_a_tree(tmp_path):
    study = mk.Study(name="two", sweeps={"a": sweep(), "b": sweep(axes={"energy": (0.6,)})})
    tree = run(study, tmp_path, samples=2)
    assert set(tree.children) == {"a", "b"}
    assert set(mk.load(tmp_path / "two/quick").children) == {"a", "b"}
    assert counts(tree) == (10, 0)


# -- sweeps without a study ------------------------------------------------------------------


def test_a_sweep_runs_in_memory(tmp_path, monkeypatch, whole):
    monkeypatch.chdir(tmp_path)
    data = mk.run(sweep(), seed=3, workers=1, progress=False)
    assert_same(data, whole)
    assert list(tmp_path.iterdir()) == []
    assert "study" not in data.attrs


def test_a_sweep_is_stored_where_it_is_told(tmp_path, computed, whole):
    data = mk.run(sweep(), {"samples": 2}, out=tmp_path / "one", workers=1, progress=False, seed=3)
    assert data.sizes["sample"] == 2
    assert_same(mk.load(tmp_path / "one"), data)
    assert_same(run(sweep(), tmp_path / "one", seed=3), whole)
    assert len(computed) == len(set(computed)) == 24


def test_a_sweep_needs_only_a_system():
    data = mk.run(mk.Sweep(Wire(width=2, length=3)), samples=1, workers=1, progress=False)
    assert data.g.dims == ("sample",)
    assert data.g.item() == pytest.approx(2)
    assert (data.width, data.length, data.energy) == (2, 3, 0)


def test_settings_are_coordinates_with_units(whole):
    assert whole.width == 2
    assert whole.strength == 1.5
    assert whole.strength.attrs["units"] == whole.energy.attrs["units"] == "t"
    assert whole.length.attrs["units"] == "a"
    assert whole.state.attrs["flag_meanings"] == "missing computed failed"


def test_options_are_given_as_a_mapping_or_as_keywords(tmp_path):
    one = run(small(), tmp_path, options={"anderson.strength": 0.5, "samples": 1})
    other = run(small(), tmp_path, strength=0.5, samples=1)
    assert_same(one, other)


# -- executors ------------------------------------------------------------------------------


def test_any_executor_will_do(tmp_path, whole):
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        assert_same(run(small(), tmp_path, executor=executor), whole)
        assert executor.submit(abs, -1).result() == 1  # it stays open


class Distant(concurrent.futures.Executor):
    """Everything that travels is pickled; every worker has forgotten everything."""

    def __init__(self):
        self.sizes = []

    def submit(self, function, /, *args):
        packed = args[2]
        self.sizes.append((packed is not None, len(pickle.dumps(args))))
        worker._known.clear()
        future = concurrent.futures.Future()
        future.set_result(pickle.loads(pickle.dumps(compute(*pickle.loads(pickle.dumps(args))))))
        return future


def test_a_system_travels_only_to_those_that_lack_it(tmp_path, whole):
    distant = Distant()
    assert_same(run(small(), tmp_path, executor=distant), whole)
    assert max(size for sent, size in distant.sizes if not sent) < 1000


class Dying(concurrent.futures.Executor):
    """Loses its worker at some calls, as a process pool does."""

    def __init__(self, at):
        self.calls, self.at = 0, at

    def submit(self, function, /, *args):
        self.calls += 1
        future = concurrent.futures.Future()
        if self.calls in self.at:
            future.set_exception(concurrent.futures.BrokenExecutor("killed"))
        else:
            future.set_result(function(*args))
        return future


def test_a_lost_task_is_done_again(tmp_path, whole):
    assert_same(run(small(), tmp_path, executor=Dying({2, 3, 5})), whole)


def test_a_task_that_kills_its_workers_ends_the_run(tmp_path):
    # The first calls answer that they do not know the sweep, whichever tests ran before.
    worker._known.clear()
    with pytest.raises(RuntimeError, match=r"a worker died 3 times.*fewer workers.*is kept"):
        run(small(), tmp_path, executor=Dying(range(7, 10**6)))
    assert mk.load(tmp_path / "small/quick")["state"].sum() > 0


def test_an_executor_that_is_closed_is_said_so(tmp_path):
    executor = concurrent.futures.ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(RuntimeError, match="pass a working executor"):
        run(small(), tmp_path, executor=executor)


# -- tasks ----------------------------------------------------------------------------------


def test_a_task_returns_when_its_time_is_over():
    packed = pack(sweep(), 3, KwantBackend())
    asked = tuple(Part(point, ((0, 500),)) for point in ONE_LENGTH)
    block = compute(packed.key, Task("s", asked, first=2, seconds=0.0), packed)
    assert block.parts == (Part(ONE_LENGTH[0], ((0, 2),)),)
    block = compute(packed.key, Task("s", asked, first=1, seconds=0.5))
    assert 1 < parts.size(block.parts) < 1000


def tables(*blocks):
    """The values of blocks by point and sample."""
    return {
        (one.point, n, name): values[row].tolist()
        for block in blocks
        for one in block.measurements
        for row, n in enumerate(spans.numbers(one.numbers))
        for name, values in one.values.items()
    }


@pytest.mark.parametrize("backend", [KwantBackend(), BatchedBackend()])
def test_results_do_not_depend_on_the_batch(backend):
    packed = pack(sweep(), 3, backend)
    asked = tuple(Part(point, ((0, 20),)) for point in ONE_LENGTH)
    one = compute(packed.key, Task("s", asked, first=40), packed)
    other = compute(packed.key, Task("s", asked, first=1))
    apart = [
        compute(packed.key, Task("s", (Part(point, span),)))
        for point in ONE_LENGTH
        for span in (((0, 3),), ((3, 4), (7, 20)), ((4, 7),))
    ]
    assert len(tables(one)) == 80
    assert tables(one) == tables(other) == tables(*apart)


# -- failures -------------------------------------------------------------------------------

# An observable that fails for a while; the reason is no part of its code.
BROKEN = "MESOKWANT_TEST_GAUGE_IS_BROKEN"


def flaky(ens):
    if BROKEN in os.environ and set(ens.numbers) & {2, 5} and ens.problem.energy > 0:
        raise ArithmeticError("the gauge broke")
    return ens.transmission(1, 0)


def test_failures_are_kept_and_the_run_goes_on(tmp_path, monkeypatch):
    study = small(observables={"g": flaky})
    monkeypatch.setenv(BROKEN, "yes")
    with pytest.warns(RuntimeWarning) as caught:
        data = run(study, tmp_path)
    [text] = [str(w.message) for w in caught]
    assert "4 samples failed and are left out of all statistics" in text
    assert "length=3, energy=0.6, sample 2 (seed 3): ArithmeticError: the gauge broke" in text
    assert "retry_failed=True" in text
    states = data["state"].sel(energy=0.6)
    assert (states == np.where(np.isin(np.arange(6), (2, 5)), FAILED, COMPUTED)).all()
    assert np.isnan(data["g"].sel(energy=0.6, sample=2)).all()
    failure = Store(tmp_path / "small/quick").failures("sweep")[0]
    assert "in flaky" in failure.traceback
    assert (failure.sample, failure.seed) == (2, 3)

    # They are not computed again unless asked for.
    monkeypatch.delenv(BROKEN)
    with pytest.warns(RuntimeWarning, match="4 samples failed"):
        run(study, tmp_path)
    data = run(study, tmp_path, retry_failed=True)
    assert (data["state"] == COMPUTED).all()
    assert_same(data, run(study, tmp_path / "other"))


def test_failures_of_other_points_are_not_counted(tmp_path, monkeypatch):
    monkeypatch.setenv(BROKEN, "yes")
    study = small(observables={"g": flaky})
    with pytest.warns(RuntimeWarning, match="4 samples failed"):
        run(study, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(study, tmp_path, energy=(-0.7,))
        run(study, tmp_path, samples=2)


def test_a_run_says_that_many_samples_took_the_slow_path():
    """A clean region of the square lattice is singular at the band centre."""
    clean = {"system": Wire(width=7, length=7), "disorder": mk.Anderson(0.0), "axes": {}}
    with pytest.warns(RuntimeWarning, match=r"30 of 30 samples were solved again .* slower.*0.137"):
        data = mk.run(sweep(**clean, solver="batched", samples=30), workers=1, progress=False)
    assert data.resolved.all()
    generic = sweep(**clean, solver="batched", samples=30, energy=0.137)
    assert not mk.run(generic, workers=1, progress=False).resolved.any()


def test_a_run_says_that_its_only_energy_is_at_a_threshold():
    at_threshold = sweep(system=Chain(6), axes={}, energy=2 - 3e-14, samples=2)
    with pytest.warns(RuntimeWarning, match="below a mode threshold"):
        mk.run(at_threshold, workers=1, progress=False)


# -- interruption ---------------------------------------------------------------------------


def test_an_interrupted_run_keeps_what_it_has(tmp_path, whole, monkeypatch):
    calls = []

    def interrupted(*args):
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return compute(*args)

    monkeypatch.setattr(dispatch, "compute", interrupted)
    with pytest.raises(KeyboardInterrupt, match=r"(\d+) of 24 samples are kept in .*run again"):
        run(small(), tmp_path)
    monkeypatch.undo()
    part = mk.load(tmp_path / "small/quick")
    assert 0 < int((part["state"] == COMPUTED).sum()) < 24
    assert_same(run(small(), tmp_path), whole)


def test_a_signal_interrupts_the_wait_for_workers(tmp_path):
    """Ctrl-C while all workers are busy is answered at once."""
    waiting = threading.Event()

    class Idle(concurrent.futures.Executor):
        def submit(self, function, /, *args):
            waiting.set()
            return concurrent.futures.Future()

    def press():
        waiting.wait()
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)

    # A shell lets what it runs in the background ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=press).start()
        start = time.perf_counter()
        with pytest.raises(KeyboardInterrupt, match="0 of 24 samples"):
            run(small(), tmp_path, executor=Idle())
        assert time.perf_counter() - start < 2
    finally:
        signal.signal(signal.SIGINT, before)


def test_results_need_nothing_executed(tmp_path, whole):
    """What is stored is data: JSON and Parquet."""
    run(small(), tmp_path)
    for path in (tmp_path / "small/quick").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert content[:4] == b"PAR1" or json.loads(content)
    assert (mk.load(tmp_path / "small/quick")["state"] != MISSING).all()
