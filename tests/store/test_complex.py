"""Complex observables: two columns of real numbers on disk, complex numbers in labelled arrays."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import mesokwant as mk
from mesokwant.engine.identity import identity
from mesokwant.point import Point
from mesokwant.report.tables import means_table
from mesokwant.store.block import COMPUTED, FAILED, MISSING, Block, Measurement
from mesokwant.store.records import MemoryStore
from mesokwant.store.store import Store
from tests.helpers.engine import assert_same, run, small

LENGTHS, SAMPLES = (2, 3, 4), 6
VOID = complex(np.nan, np.nan)


def amplitude(ensemble):
    return ensemble.submatrix(1, 0)[:, 0, 0]


def matrix(ensemble):
    return ensemble.submatrix(1, 0)


def sometimes_real(ensemble):
    """Real numbers where the energy is negative."""
    t = ensemble.submatrix(1, 0)[:, 0]
    return t.real if ensemble.problem.energy < 0 else t


OBSERVABLES = {"g": mk.Conductance(), "t": amplitude, "m": matrix, "u": sometimes_real}
IDENTITY = identity(small(axes={"length": LENGTHS}, observables=OBSERVABLES))


def numbers(length, sample):
    """The values of a sample; `u` is real at one length."""
    t = complex(length, -sample)
    row = t * np.arange(1, length)
    return {"g": abs(t), "t": t, "m": np.outer(row, row), "u": row.real if length == 3 else row}


def block(length, sample, *, fails=False):
    span, point = ((sample, sample + 1),), Point(length=length)
    if fails:
        return Block("sweep", (Measurement(point, span, error="ValueError: no"),))
    values = {name: np.array([value]) for name, value in numbers(length, sample).items()}
    return Block("sweep", (Measurement(point, span, values),))


def joined(blocks):
    return Block("sweep", tuple(one for block in blocks for one in block.measurements))


cells = st.lists(
    st.tuples(st.sampled_from(LENGTHS), st.integers(0, SAMPLES - 1), st.booleans()),
    min_size=1,
    max_size=12,
    unique_by=lambda cell: cell[:2],
)


@settings(max_examples=30)
@given(cells, st.booleans(), st.booleans(), st.booleans())
def test_complex_numbers_come_back(tmp_path_factory, cells, on_disk, together, merged):
    folder = tmp_path_factory.mktemp("store")
    store = Store.open(folder, IDENTITY) if on_disk else MemoryStore(IDENTITY)
    blocks = [block(length, sample, fails=fails) for length, sample, fails in cells]
    for one in [joined(blocks)] if together else blocks:
        store.write(one)
    if merged:
        store.merge("sweep", others=True)
    data = store.dataset("sweep", {"length": LENGTHS}, SAMPLES)
    state = np.full((len(LENGTHS), SAMPLES), MISSING)
    for length, sample, fails in cells:
        place = LENGTHS.index(length), sample
        state[place] = FAILED if fails else COMPUTED
        if fails:
            continue
        for name, value in numbers(length, sample).items():
            found = data[name].values[place]
            inside = found[tuple(map(slice, np.shape(value)))]
            np.testing.assert_array_equal(inside, value)
            # The padding is not a number in both parts.
            outside = np.ones(np.shape(found), bool)
            outside[tuple(map(slice, np.shape(value)))] = False
            assert np.isnan(found.real[outside]).all()
            assert np.isnan(found.imag[outside]).all() or not np.iscomplexobj(found)
    np.testing.assert_array_equal(data["state"], state)
    for name in ("t", "m") if (state == COMPUTED).any() else ():
        assert data[name].dtype == complex
        void = data[name].values[state != COMPUTED]
        assert np.isnan(void.real).all()
        assert np.isnan(void.imag).all()
    assert data["g"].dtype == float


def test_nan_and_infinities_keep_their_parts(tmp_path):
    store = Store.open(tmp_path, IDENTITY)
    values = np.array([complex(1, np.nan), complex(np.inf, 2), complex(-0.0, -0.0)])
    others = {name: np.zeros((3, 1)) for name in "mu"} | {"g": np.zeros(3)}
    others["m"] = np.zeros((3, 1, 1))
    store.write(Block("sweep", (Measurement(Point(length=2), ((0, 3),), others | {"t": values}),)))
    found = store.dataset("sweep")["t"].values[0]
    assert found.tobytes() == values.tobytes()


def test_the_file_has_two_columns_of_real_numbers(tmp_path):
    store = Store.open(tmp_path, IDENTITY)
    store.write(joined([block(2, 0), block(4, 1), block(3, 2, fails=True)]))
    [path] = tmp_path.rglob("*.parquet")
    schema = pq.read_schema(path)
    assert schema.field("t").type == schema.field("t.imag").type == pa.float64()
    assert pa.types.is_list(schema.field("m.imag").type)
    assert "g.imag" not in schema.names


def test_a_run_stores_complex_observables(tmp_path):
    study = small(observables=OBSERVABLES)
    data = run(study, tmp_path)
    assert_same(mk.load(tmp_path / "small/quick"), data)
    np.testing.assert_allclose((np.abs(data["m"]) ** 2).sum(data["m"].dims[-2:]), data["g"])
    np.testing.assert_array_equal(data["t"], data["m"][..., 0, 0])
    assert (data["u"].sel(energy=-0.7).imag == 0).all()
    assert (data["u"].sel(energy=0.6).imag != 0).any()
    assert_same(mk.run(study, workers=1, progress=False).drop_attrs(), data.drop_attrs())


def test_the_table_of_means_leaves_complex_numbers_out(tmp_path):
    data = run(small(observables=OBSERVABLES), tmp_path)
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(means_table(data, "small"))
    text = console.export_text()
    assert "t is a complex number at every point and sample" in text
    assert "m is an array" in text


def test_a_complex_observable_is_computed_again(tmp_path):
    study = small(observables=OBSERVABLES)
    data = run(study, tmp_path)
    store = Store(tmp_path / "small/quick")
    store.forget("sweep", ["t", "m"])
    [path] = tmp_path.rglob("*.parquet")
    assert not {"t", "t.imag", "m", "m.imag"} & set(pq.read_schema(path).names)
    assert_same(run(study, tmp_path), data)


def test_an_observable_may_not_have_the_name_of_an_imaginary_part():
    with pytest.raises(ValueError, match=r"rename the axis or observable 't\.imag'"):
        run(small(observables={"t": amplitude, "t.imag": amplitude}), None)
