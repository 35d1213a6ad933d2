"""The command line: what its commands print, write and return."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

import mesokwant as mk
from mesokwant.cli.commands import mesokwant
from mesokwant.cli.options import settable
from mesokwant.store.store import Store
from mesokwant.study import catalog
from tests.helpers.engine import FILE, files_of

CLAIMS = """
import dataclasses


def claims(data):
    low = mk.Estimate(float(data["g"].min()), 0.0, 1)
    return [mk.Claim("g is not negative", low, above=LIMIT, source="unitarity")]


def samples(ax, data):
    ax.plot(data["sample"], data["g"][0, 0])


def energies(ax, data):
    ax.plot(data["energy"], data["g"][0, :, 0], label="one sample")


study = dataclasses.replace(study, claims=claims, panels=(samples, energies))
"""

MAIN = """
mk.main(study, __name__)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "wire_study.py").write_text(FILE + CLAIMS.replace("LIMIT", "-0.1") + MAIN)
    (tmp_path / "wrong_study.py").write_text(FILE + CLAIMS.replace("LIMIT", "9.9"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments, status=0):
    result = CliRunner().invoke(mesokwant, arguments)
    assert result.exit_code == status, result.output
    return result.output


def test_run_checks_draws_and_says_where(folder):
    output = call("run", "wire_study.py", "--workers", "1")
    assert "g is not negative" in output
    assert "holds" in output
    for name in ("figure.png", "figure.pdf", "figure.svg", "claims.json", "study.json"):
        assert (folder / "results/small/quick" / name).is_file()
    assert "results/small/quick" in output
    (folder / "results/small/quick/figure.png").unlink()
    assert "figure.png" in call("figure", "wire_study.py")
    assert "holds" in call("check", "wire_study.py")


def test_a_failing_claim_is_status_1(folder):
    assert "FAILS" in call("run", "wrong_study.py", "--workers", "1", status=1)
    assert "FAILS" in call("check", "wrong_study.py", status=1)
    stored = json.loads((folder / "results/small/quick/claims.json").read_text())
    assert [claim["holds"] for claim in stored] == [False]


def test_options_set_axes_and_settings(folder):
    call(
        "run", "wire_study.py", "--workers", "1", "--out", "other", "--samples", "2",
        "--length", "3,5.0", "--energy", "0.1:0.4:4",
        "--anderson.strength", "0.5",
    )  # fmt: skip
    data = mk.load("other/small/quick")
    assert data["length"].values.tolist() == [3, 5]
    assert data["energy"].values.tolist() == [0.1, 0.2, 0.3, 0.4]
    assert data.strength == 0.5
    assert data.sizes["sample"] == 2


def test_shards_leave_claims_to_the_last(folder):
    first = call("run", "wire_study.py", "--workers", "1", "--shard", "1/2")
    assert "12 of 24 samples" in first
    assert "Claims and figure wait for the rest" in first
    assert "the same command without --shard" in first
    assert not (folder / "results/small/quick/claims.json").exists()
    assert "holds" in call("run", "wire_study.py", "--workers", "1", "--shard", "2/2")


def test_status_counts_what_was_asked_for(folder):
    call("run", "wire_study.py", "--workers", "1", "--samples", "4", "--shard", "1/2")
    output = call("status")
    assert "small/quick" in output
    for text in ("length=3, energy=-0.7", "/4", "left ("):
        assert text in output
    done = [int(n) for n in re.findall(r"(\d)/4", output)]
    assert sum(done) == 8
    call("run", "wire_study.py", "--workers", "1", "--samples", "2", "--length", "5")
    assert "not asked for by the last run" in call("status")


def test_status_changes_nothing_and_survives_damage(folder):
    call("run", "wire_study.py", "--workers", "1")
    before = files_of(folder)
    call("status")
    assert files_of(folder) == before
    (folder / "results/small/quick/study.json").write_text("{")
    assert "is damaged" in " ".join(call("status").replace("│", " ").split())


def test_many_points_are_counted_together(folder):
    call("run", "wire_study.py", "--workers", "1", "--samples", "1", "--energy", "-1:1:20")
    assert "40 points, each 1/1" in call("status")


def test_help_lists_what_can_be_set(folder):
    output = " ".join(call("run", "wire_study.py", "--help").split())
    for text in ("--length, --system.length", "--energy", "--shard", "--executor", "--preset"):
        assert text in output
    assert "where" not in output


def test_names_of_options_are_not_taken_by_settings(folder):
    study = catalog.find_study("wire_study.py")
    names = [one.name for one in settable(study, {"length", "energy"})]
    assert "system.length" in names
    assert "length" not in names


def test_a_study_file_runs_itself(folder):
    done = subprocess.run(
        [sys.executable, "wire_study.py", "--workers", "2"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "holds" in done.stdout
    assert Store(folder / "results/small/quick").failures("sweep") == []


@pytest.fixture
def installed(folder, monkeypatch):
    """Two studies, one of which has a claim that fails, and one that can't be imported."""
    original = catalog.find_study
    known = {
        name: dataclasses.replace(original(f"{name}_study.py"), name=name)
        for name in ("wire", "wrong")
    }

    def find(name):
        if name == "broken":
            raise ValueError("broken has no `study`")
        return known.get(name) or original(name)

    monkeypatch.setattr(catalog, "study_names", lambda: dict.fromkeys(known))
    monkeypatch.setattr(catalog, "find_study", find)
    return folder


def test_run_all_ends_with_one_table_and_resumes(installed):
    output = call("run", "all", "--workers", "1", status=1)
    assert output.count("g is not negative") == 2
    assert "holds" in output
    assert "FAILS" in output
    assert "all studies (quick)" in output
    before = files_of(installed / "results")
    assert call("run", "all", "--workers", "1", status=1)
    assert files_of(installed / "results") == before
    assert "FAILS" in call("check", "all", status=1)


def test_run_all_goes_on_where_one_study_can_not(installed, monkeypatch):
    names = ("broken", "wire")
    monkeypatch.setattr(catalog, "study_names", lambda: dict.fromkeys(names))
    output = call("run", "all", "--workers", "1", status=1)
    assert "broken: broken has no `study`" in output
    assert "holds" in output
    assert "not done, see above: broken" in output


def test_figures_draws_all_that_is_stored(installed):
    call("run", "all", "--workers", "1", status=1)
    for path in installed.glob("results/*/quick/figure.*"):
        path.unlink()
    call("run", "wire_study.py", "--workers", "1")
    output = call("figures")
    assert output.count("figure:") == 2
    assert "small/quick: not an installed study" in output
    assert len(list(installed.glob("results/w*/quick/figure.*"))) == 6
    assert "there are no results in elsewhere" in call("figures", "--out", "elsewhere", status=2)
