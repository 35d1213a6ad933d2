"""The store: append-only blocks, whole or not at all, in any order and by any number of writers."""

from __future__ import annotations

import json
import os
import random as random_module
import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mesokwant as mk
from mesokwant import files
from mesokwant.engine.identity import identity
from mesokwant.point import Point
from mesokwant.store import spans
from mesokwant.store import store as store_module
from mesokwant.store.assembly import Assembly
from mesokwant.store.block import COMPUTED, FAILED, MISSING, Block, Measurement
from mesokwant.store.records import MemoryStore
from mesokwant.store.store import Store
from mesokwant.store.table import table_of
from tests.helpers.engine import assert_same, files_of, small

quick = settings(max_examples=40)

LENGTHS, ENERGIES, SAMPLES = (3, 4), (-0.7, 0.6), 12
IDENTITY = identity(small())


def value(length, energy, sample):
    return length + 0.1 * energy + 0.001 * sample


def measurements(length, energy, span, failing=()):
    """Fixed numbers, vectors whose length depends on the point, and one failure a sample."""
    point = Point(length=length, energy=energy)
    result = []
    for n in range(*span):
        if n in failing:
            error = f"Traceback\nValueError: sample {n}"
            result.append(Measurement(point, ((n, n + 1),), error=error))
            continue
        values = np.array([value(length, energy, n)])
        of_sample = {"g": values, "T": values[:, None] * np.arange(1, length)}
        resolved = (n,) if n % 5 == 0 else ()
        result.append(Measurement(point, ((n, n + 1),), of_sample, resolved))
    return result


def block(*of_points, seconds=1.0):
    """What a worker would send: a block of some samples at a point, or at several points."""
    if not isinstance(of_points[0], tuple):
        of_points = (of_points,)
    return Block("sweep", tuple(m for one in of_points for m in measurements(*one)), seconds)


def of_values(length, values):
    """A block of one point with given values."""
    numbers = ((0, len(next(iter(values.values())))),)
    return Block("sweep", (Measurement(Point(length=length, energy=0.6), numbers, values),))


def filled(blocks):
    """The same in memory: plain arrays, one sample after another."""
    shape = (len(LENGTHS), len(ENERGIES), SAMPLES)
    state = np.full(shape, MISSING)
    g, t = np.full(shape, np.nan), np.full((*shape, 3), np.nan)
    for one in blocks:
        for part in one.measurements:
            i = LENGTHS.index(part.point["length"]), ENERGIES.index(part.point["energy"])
            for n in spans.numbers(part.numbers):
                if not part.error:
                    state[i][n] = COMPUTED
                    g[i][n] = value(*part.point.values(), n)
                    t[i][n, : LENGTHS[i[0]] - 1] = g[i][n] * np.arange(1, LENGTHS[i[0]])
                elif state[i][n] == MISSING:
                    state[i][n] = FAILED
    return state, g, t


def check(store, blocks):
    axes = {"length": LENGTHS, "energy": ENERGIES}
    data = store.dataset("sweep", axes, SAMPLES)
    state, g, t = filled(blocks)
    np.testing.assert_array_equal(data["state"], state)
    np.testing.assert_array_equal(data["g"], g)
    np.testing.assert_array_equal(data["T"], t[..., : data.sizes["channel"]])
    for point, samples in store.present("sweep").items():
        i = LENGTHS.index(point["length"]), ENERGIES.index(point["energy"])
        assert list(spans.numbers(samples)) == np.flatnonzero(state[i]).tolist()
    for point, samples in store.present("sweep", retry_failed=True).items():
        i = LENGTHS.index(point["length"]), ENERGIES.index(point["energy"])
        assert list(spans.numbers(samples)) == np.flatnonzero(state[i] == COMPUTED).tolist()
    failures = {(f.point["length"], f.point["energy"], f.sample) for f in store.failures("sweep")}
    assert failures == {
        (LENGTHS[i], ENERGIES[j], n) for i, j, n in np.argwhere(state == FAILED).tolist()
    }
    return data


spans_of_samples = st.tuples(st.integers(0, SAMPLES - 1), st.integers(1, SAMPLES)).map(
    lambda s: (s[0], min(SAMPLES, s[0] + s[1]))
)
some_samples = st.tuples(
    st.sampled_from(LENGTHS),
    st.sampled_from(ENERGIES),
    spans_of_samples,
    st.sets(st.integers(0, SAMPLES - 1), max_size=3),
)
some_blocks = st.lists(
    st.builds(
        lambda of_points, seconds: block(*of_points, seconds=seconds),
        # A block has each of its samples once.
        st.lists(some_samples, min_size=1, max_size=3, unique_by=lambda one: one[:2]),
        st.floats(0.1, 9.0),
    ),
    max_size=8,
)


@quick
@given(some_blocks, st.randoms(use_true_random=False), st.integers(2, 4))
def test_any_blocks_in_any_order_by_any_writers_are_one_dataset(
    tmp_path_factory, blocks, random, many
):
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "MOST_SMALL_BLOCKS", many)  # so that writers merge on their way
        writers = [Store.open(folder, IDENTITY) for _ in range(3)]
        for one in blocks:
            random.choice(writers).write(one)
            if random.random() < 0.2:
                random.choice(writers).merge("sweep", others=random.random() < 0.5)
        before = check(writers[0], blocks)
        writers[1].merge("sweep", others=True)
        assert_same(check(Store(folder), blocks), before)
        assert len(list(folder.rglob("*.parquet"))) <= 1


@quick
@given(some_blocks)
def test_memory_and_disk_answer_alike(tmp_path_factory, blocks):
    on_disk, in_memory = (
        Store.open(tmp_path_factory.mktemp("store"), IDENTITY),
        MemoryStore(IDENTITY),
    )
    for one in blocks:
        on_disk.write(one)
        in_memory.write(one)
    assert_same(check(in_memory, blocks), check(on_disk, blocks))


class Killed(BaseException):
    """Stands for kill -9: nothing after it is done."""


@quick
@given(some_blocks, st.integers(0, 40), st.integers(2, 4))
def test_a_writer_may_die_at_any_instant(tmp_path_factory, blocks, instant, many):
    """At every call that changes the folder, before or after it."""
    folder = tmp_path_factory.mktemp("store")
    written = []
    calls = iter(range(10**9))

    def mortal(function):
        def call(*args, **options):
            if next(calls) == instant:
                raise Killed
            result = function(*args, **options)
            if next(calls) == instant:
                raise Killed
            return result

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "MOST_SMALL_BLOCKS", many)
        store = Store.open(folder, IDENTITY)
        for name in ("replace", "unlink"):
            patch.setattr(files.Path, name, mortal(getattr(files.Path, name)))
        try:
            for one in blocks:
                store.write(one)
                written.append(one)
            store.merge("sweep", others=True)
        except Killed:
            pass
        patch.undo()
        # What was written is there; the block that was being written may be.
        after = Store.open(folder, IDENTITY)
        lacking = blocks[: len(written) + 1] if len(written) < len(blocks) else blocks
        try:
            check(after, written)
        except AssertionError:
            check(after, lacking)
        for one in blocks:
            after.write(one)
        check(after, blocks)


def test_missing_failed_and_computed_nan_are_three_things(tmp_path):
    store = Store.open(tmp_path, IDENTITY)
    one = block(3, -0.7, (0, 3), {1})
    one.measurements[0].values["g"][0] = np.nan
    store.write(one)
    data = store.dataset("sweep", {"length": LENGTHS, "energy": ENERGIES}, 4)
    point = data.sel(length=3, energy=-0.7)
    assert point["state"].values.tolist() == [COMPUTED, FAILED, COMPUTED, MISSING]
    assert np.isnan(point["g"].values).tolist() == [True, True, False, True]
    assert "null" in str(next(iter(store.rows("sweep")))["g"])


def test_a_later_success_replaces_a_failure_whatever_the_order(tmp_path):
    for order in (1, -1):
        store = Store.open(tmp_path / str(order), IDENTITY)
        for one in (block(3, -0.7, (0, 4), {2}), block(3, -0.7, (2, 3)))[::order]:
            store.write(one)
        assert not store.failures("sweep")
        store.merge("sweep", others=True)
        assert not store.failures("sweep")
        assert (store.dataset("sweep")["state"] == COMPUTED).all()


def test_load_opens_what_is_there(tmp_path):
    store = Store.open(tmp_path, IDENTITY)
    with pytest.raises(FileNotFoundError, match="no results"):
        mk.load(tmp_path)
    store.write(block(4, 0.6, (7, 9)))
    store.write(block(3, 0.6, (2, 3)))
    data = mk.load(tmp_path)
    assert data["length"].values.tolist() == [3, 4]
    assert data["sample"].values.tolist() == [2, 7, 8]
    assert data.width == 2
    assert data.width.attrs["units"] == data.length.attrs["units"] == "a"
    assert data["g"].attrs["units"] == "e²/h"


def test_channels_of_all_sizes_share_a_dimension(tmp_path):
    study = small(
        observables={"a": mk.TransmissionEigenvalues(), "b": mk.TransmissionEigenvalues()}
    )
    store = Store.open(tmp_path, identity(study))
    store.write(of_values(3, {"a": np.ones((2, 3)), "b": np.zeros((2, 0))}))
    data = mk.load(tmp_path)
    assert data["a"].dims == data["b"].dims
    assert np.isnan(data["b"]).all()


def test_an_observable_keeps_its_number_of_dimensions(tmp_path):
    store = Store.open(tmp_path, IDENTITY)
    store.write(block(3, 0.6, (0, 2)))
    other = of_values(4, {"g": np.ones((1, 2)), "T": np.ones((1, 2))})
    store.write(other)
    with pytest.raises(ValueError, match=r"'g' has .* dimensions at some points"):
        store.dataset("sweep")
    mixed = (*block(3, 0.6, (0, 2)).measurements, *other.measurements)
    with pytest.raises(ValueError, match=r"'g' has 0 dimensions at some points and 1 at others"):
        store.write(Block("sweep", mixed))


def test_axes_may_be_names_switches_or_numbers():
    point = Point(kind="b", on=True, n=3)
    table = table_of(Block("s", (Measurement(point, ((0, 2),), {"g": np.arange(2.0)}),)))
    axes = {"kind": np.array(["a", "b"]), "on": np.array([True]), "n": np.array([2.5, 3.0])}
    assembly = Assembly(axes, np.arange(2), {"g": []})
    assembly.add(table)
    assert assembly.dataset()["g"].sel(kind="b", on=True, n=3).values.tolist() == [0.0, 1.0]


# -- damage ---------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["truncate", "flip", "empty"])
def test_a_damaged_block_is_set_aside_and_said_so(tmp_path, harm):
    store = Store.open(tmp_path, IDENTITY)
    store.write(block(3, -0.7, (0, 4)))
    [path] = tmp_path.rglob("*.parquet")
    store.write(block(4, -0.7, (0, 4)))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes({"truncate": content[:100], "flip": content, "empty": b""}[harm])
    with pytest.warns(RuntimeWarning, match=r"damaged.*computes them again"):
        present = store.present("sweep")
    assert list(present) == [Point(length=4, energy=-0.7)]
    assert path.with_suffix(".damaged").exists()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(store, [block(4, -0.7, (0, 4))])


def test_a_damaged_block_is_not_merged_away(tmp_path):
    store = Store.open(tmp_path, IDENTITY)
    for start in range(4):
        store.write(block(3, -0.7, (start, start + 1)))
    path = sorted(tmp_path.rglob("*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.warns(RuntimeWarning, match=r"damaged"):
        store.merge("sweep", others=True)
    assert spans.size(store.present("sweep")[Point(length=3, energy=-0.7)]) == 3


def test_a_block_of_another_computation_is_refused(tmp_path):
    other = Store.open(tmp_path / "other", identity(small(seed=4)))
    other.write(block(3, -0.7, (0, 4)))
    store = Store.open(tmp_path / "mine", IDENTITY)
    [path] = (tmp_path / "other").rglob("*.parquet")
    place = tmp_path / "mine/data/sweep" / path.name
    place.parent.mkdir(parents=True)
    place.write_bytes(path.read_bytes())
    with pytest.raises(ValueError, match="another computation"):
        store.present("sweep")
    assert place.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_damaged_study_file_is_written_anew_and_nothing_is_lost(tmp_path, content):
    Store.open(tmp_path, IDENTITY).write(block(3, -0.7, (0, 4)))
    (tmp_path / "study.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"is damaged.*run the study again"):
        Store(tmp_path)
    with pytest.warns(RuntimeWarning, match=r"damaged.*written anew"):
        store = Store.open(tmp_path, IDENTITY)
    check(store, [block(3, -0.7, (0, 4))])
    assert (tmp_path / "study.damaged").read_bytes() == content


def test_a_store_of_another_format_is_refused(tmp_path):
    Store.open(tmp_path, IDENTITY)
    path = tmp_path / "study.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(ValueError, match="not of format"):
        Store(tmp_path)


def test_a_store_of_another_study_is_refused_and_left_alone(tmp_path):
    Store.open(tmp_path, IDENTITY).write(block(3, -0.7, (0, 4)))
    before = files_of(tmp_path)
    with pytest.raises(ValueError, match=r"seed was 3, is now 4.*out="):
        Store.open(tmp_path, identity(small(seed=4)))
    assert files_of(tmp_path) == before


def test_a_full_disk_changes_nothing(tmp_path, monkeypatch):
    store = Store.open(tmp_path, IDENTITY)
    store.write(block(3, -0.7, (0, 4)))
    before = files_of(tmp_path)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left.*parquet"):
        store.write(block(4, -0.7, (0, 4)))
    assert files_of(tmp_path) == before


def test_half_written_files_are_ignored_and_those_of_the_dead_removed(tmp_path):
    store = Store.open(tmp_path, IDENTITY)
    store.write(block(3, -0.7, (0, 4)))
    folder = tmp_path / "data/sweep"
    dead, alive = folder / ".dead.part", folder / ".alive.part"
    for path in (dead, alive):
        path.write_bytes(b"PAR1")
    long_ago = time.time() - 2 * files.ABANDONED
    os.utime(dead, (long_ago, long_ago))
    check(Store.open(tmp_path, IDENTITY), [block(3, -0.7, (0, 4))])
    assert alive.exists()
    assert not dead.exists()


# -- size -----------------------------------------------------------------------------------


def test_small_files_are_kept_few(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "MOST_SMALL_BLOCKS", 8)
    store = Store.open(tmp_path, IDENTITY)
    order = list(range(100))
    random_module.Random(0).shuffle(order)
    for n in order:
        store.write(block(3, -0.7, (n, n + 1)))
        assert len(list(tmp_path.rglob("*.parquet"))) <= 8
    store.merge("sweep", others=True)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1
    assert store.present("sweep") == {Point(length=3, energy=-0.7): ((0, 100),)}


def test_a_block_that_vanishes_was_merged(tmp_path):
    """A reader between the listing and the opening of a block loses nothing."""
    store = Store.open(tmp_path, IDENTITY)
    blocks = [block(3, -0.7, (n, n + 1)) for n in range(5)]
    for one in blocks:
        store.write(one)
    rows = store.rows("sweep")
    seen = [next(rows)]
    Store(tmp_path).merge("sweep", others=True)
    seen += list(rows)
    assert {n for table in seen for n in table["sample"].to_pylist()} == set(range(5))
