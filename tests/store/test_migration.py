"""A store of version 0.1.0 opens, continues, and survives a migration that is killed."""

import json
import shutil

import numpy as np
import pytest

import mesokwant as mk
from mesokwant import files
from mesokwant.engine.identity import identity
from mesokwant.store import migration
from mesokwant.store.manifest import differences, digest
from mesokwant.store.store import Store
from systems import Ribbon, Wire
from tests.helpers import ROOT
from tests.helpers.engine import run

# The study that version 0.1.0 ran, in today's names.
STUDY = mk.Study(
    name="format1",
    sweeps={
        "wire": mk.Sweep(
            system=Wire(width=2, length=3),
            energy=-0.7,
            disorder=mk.Anderson(1.5),
            axes={"anderson.strength": (0.5, 1.0), "length": (3, 4)},
            observables={"g": mk.Conductance(), "T": mk.TransmissionEigenvalues()},
            samples=6,
        ),
        "sum": mk.Sweep(
            system=Ribbon(width=2, length=3),
            params={"flux": 0.01},
            disorder=mk.Anderson(1.5) + mk.Vacancies(0.1) + mk.BondDisorder(0.2),
            axes={"anderson.strength": (0.5, 1.0), "concentration": (0.0, 0.2), "energy": (-0.7,)},
            samples=5,
        ),
    },
    seed=3,
)


def assert_alike(one, other):
    """The same results up to rounding: versions may compute in another order."""
    assert set(one.variables) == set(other.variables)
    for name in one.variables:
        if one[name].dtype.kind == "f":
            np.testing.assert_allclose(one[name].values, other[name].values, rtol=1e-11, atol=1e-13)
        else:
            np.testing.assert_array_equal(one[name].values, other[name].values)


@pytest.fixture
def old(tmp_path):
    """A copy of a store that version 0.1.0 wrote."""
    folder = tmp_path / "format1/quick"
    shutil.copytree(ROOT / "tests/store/data/format1", folder)
    return folder


def test_an_old_store_is_the_same_computation(old, tmp_path):
    assert differences(Store(old).identity, json.loads(json.dumps(identity(STUDY)))) == []
    assert digest(Store(old).identity) == digest(identity(STUDY))
    assert json.loads((old / "study.json").read_text())["format"] == 2


def test_an_old_store_continues_and_its_numbers_stay(old, tmp_path):
    before = mk.load(old)
    after = run(STUDY, tmp_path, samples=9)
    fresh = run(STUDY, tmp_path / "fresh", samples=9)
    for name in ("wire", "sum"):
        assert_alike(after[name].to_dataset(), fresh[name].to_dataset())
        number = before[name].sizes["sample"]
        np.testing.assert_array_equal(before[name].g, after[name].g[..., :number])
    assert before["wire"].energy == -0.7
    assert before["wire"]["anderson.strength"].attrs["units"] == "t"


class Killed(BaseException):
    """Stands for kill -9."""


@pytest.mark.parametrize("instant", range(6))
def test_a_killed_migration_continues(old, tmp_path, monkeypatch, instant):
    calls = iter(range(100))
    write = files.write

    def mortal(*args, **options):
        if next(calls) == instant:
            raise Killed
        write(*args, **options)

    monkeypatch.setattr(migration.files, "write", mortal)
    try:
        Store(old)
    except Killed:
        assert json.loads((old / "study.json").read_text())["format"] == 1
    monkeypatch.undo()
    assert_alike(
        mk.load(old)["wire"].to_dataset(), run(STUDY, tmp_path / "fresh")["wire"].to_dataset()
    )


def test_short_names_follow_their_owners():
    """A short axis name that meant a field of the disorder is renamed; others stay."""
    sweep = {"settings": {"energy": 0.0, "disorder.where": None}, "disorder": ["Anderson"]}
    assert migration._axis_names({**sweep, "axes": ["length", "width"]}) == {
        "length": "length",
        "width": "strength",
    }
    sweep = {
        "settings": {"disorder.0.width": 1.0, "disorder.1.concentration": 1.0},
        "disorder": ["Anderson", "MagneticImpurities"],
    }
    assert migration._axis_names({**sweep, "axes": ["strength", "flux"]}) == {
        "strength": "magnetic_impurities.strength",
        "flux": "flux",
    }
    twice = {"settings": {}, "disorder": ["Anderson", "Anderson"], "axes": ["disorder.1.width"]}
    assert migration._axis_names(twice) == {"disorder.1.width": "anderson.1.strength"}
