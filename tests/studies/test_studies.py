"""Every study end to end at toy size: it runs, claims, draws, resumes, and checks."""

import subprocess
import sys

import pytest

import mesokwant as mk
from mesokwant.figures import style
from mesokwant.report import stored, tables
from mesokwant.study import catalog
from tests.helpers import ROOT

NAMES = sorted(catalog.study_names())


@pytest.mark.parametrize("name", NAMES)
def test_study_end_to_end(name, tmp_path, monkeypatch):
    # One format of each figure is enough; all of them take longer than the rest of the test.
    monkeypatch.setattr(style, "FORMATS", ("png",))
    study = catalog.find_study(name)
    data = mk.run(study, preset="toy", out=tmp_path, workers=1, progress=False)
    folder = tmp_path / name / "toy"
    configured = study.with_preset("toy")
    reading = configured.read(data)
    # The claims are evaluated but need not hold at this size.
    claims = stored.check(configured, reading, folder)
    assert claims
    assert all(claim.expected.source for claim in claims)
    assert (tables.regime_table(configured, reading) is None) == (study.regime is None)
    paths = stored.draw(configured, reading, folder)
    assert {path.suffix for path in paths} == {".png"}
    again, same_folder = stored.stored(configured, "toy", tmp_path)
    assert same_folder == folder
    assert again.identical(data)


@pytest.mark.parametrize("name", NAMES)
def test_presets_are_valid(name):
    study = catalog.find_study(name)
    assert {"quick", "full", "toy"} <= set(study.presets)
    for preset in study.presets:
        for sweep in study.with_preset(preset).named_sweeps.values():
            for point in sweep.points:
                sweep.at(point)


@pytest.mark.parametrize("name", NAMES)
def test_a_study_says_its_physics(name):
    assert (ROOT / f"studies/{name}.py").read_text().startswith('"""')
    assert catalog.find_study(name).question.endswith("?")


def test_a_study_is_found_with_dashes_too():
    assert catalog.find_study("weak-localization") is catalog.find_study("weak_localization")


def test_a_study_file_is_a_command():
    done = subprocess.run(
        [sys.executable, "studies/weak_localization.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--flux" in done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_repeat_has_a_seed_of_its_own(name):
    study = catalog.find_study(name)
    if "repeat" in study.presets:
        assert study.with_preset("repeat").seed != study.with_preset("full").seed


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["full", "repeat"])
@pytest.mark.parametrize("name", NAMES)
def test_claims_hold_for_the_kept_runs(name, preset):
    """The runs in the repository are of the studies as they are, and complete."""
    study = catalog.find_study(name)
    if preset == "repeat" and not stored.is_repeated(study, ROOT / "results"):
        pytest.skip("no repeat is kept")
    configured = study.with_preset(preset)
    data, _ = stored.stored(configured, preset, ROOT / "results")
    assert not [claim for claim in configured.claims(configured.read(data)) if not claim.holds]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_claims_hold_at_full_size(name, tmp_path):
    study = catalog.find_study(name)
    data = mk.run(study, preset="full", out=tmp_path, progress=False)
    assert not [claim for claim in study.claims(study.read(data)) if not claim.holds]


def test_an_unfinished_run_is_checked_by_what_it_has(tmp_path):
    study = catalog.find_study("weak_localization")
    mk.run(study, preset="toy", out=tmp_path, workers=1, progress=False)
    wanted = study.with_preset("toy").with_options({"samples": 30})
    with pytest.warns(RuntimeWarning, match="has 540 of 810 samples"):
        data, folder = stored.stored(wanted, "toy", tmp_path)
    assert data["free"].sizes["sample"] == 20
    assert stored.check(wanted, wanted.read(data), folder)[0].measured.n == 20
