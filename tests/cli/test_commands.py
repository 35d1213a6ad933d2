"""The command line: what its commands print, write and return."""

from __future__ import annotations

import dataclasses
import errno
import importlib
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
import importlib


def claims(data):
    low = mk.Estimate(float(data["g"].min()), 0.0, 1)
    return [mk.Claim("g is not negative", low, above=LIMIT, source="unitarity")]


def samples(ax, data):
    ax.plot(data["sample"], data["g"][0, 0])


def energies(ax, data):
    ax.plot(data["energy"], data["g"][0, :, 0], label="one sample")


study = dataclasses.replace(study, claims=claims, panels=(samples, energies))
"""

FOUR = 'source="unitarity")] * 4'

PLAIN = FILE.replace("length=(3, 4), energy=(-0.7, 0.6)", "length=(3, 4)")
"""A study without claims and panels."""

TWO = """
import mesokwant as mk
from systems import Wire

axis = dict(energy=(-0.7, 0.6))
study = mk.Study(
    name="two",
    sweeps=dict(
        curve=mk.Sweep(Wire(width=2, length=3), axes=axis, samples=1),
        point=mk.Sweep(Wire(width=2, length=5), energy=-0.5, samples=1),
    ),
)
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


def test_a_run_ends_with_its_verdict_and_the_figure_to_open(folder):
    last = call("run", "wire_study.py", "--workers", "1").splitlines()[-1]
    asked = "small (Does a small wire conduct?)"
    assert last == f"{asked}: its claim holds; open results/small/quick/figure.png"
    (folder / "four_study.py").write_text(
        FILE + CLAIMS.replace("LIMIT", "-0.1").replace('source="unitarity")]', FOUR)
    )
    last = call("run", "four_study.py", "--workers", "1").splitlines()[-1]
    assert last == f"{asked}: all 4 claims hold; open results/small/quick/figure.png"


def test_a_failing_claim_is_status_1(folder):
    output = call("run", "wrong_study.py", "--workers", "1", status=1)
    assert "FAILS" in output
    last = output.splitlines()[-1]
    assert last.endswith(": 1 of 1 claims fails; open results/small/quick/figure.png")
    assert "FAILS" in call("check", "wrong_study.py", status=1)
    stored = json.loads((folder / "results/small/quick/claims.json").read_text())
    assert [claim["holds"] for claim in stored] == [False]


def test_check_shows_the_claims_on_both_seeds_when_a_repeat_is_stored(folder):
    presets = 'study = dataclasses.replace(study, presets={"full": {}, "repeat": {"seed": 8}})\n'
    (folder / "seeds_study.py").write_text(FILE + CLAIMS.replace("LIMIT", "-0.1") + presets)
    call("run", "seeds_study.py", "--preset", "full", "--workers", "1")
    alone = call("check", "seeds_study.py", "--preset", "full")
    assert "two seeds" not in alone
    call("run", "seeds_study.py", "--preset", "repeat", "--workers", "1")
    both = call("check", "seeds_study.py", "--preset", "full")
    assert "small on two seeds" in both
    assert both.count("holds") > alone.count("holds")
    assert "second seed" not in alone and "second seed: the verdict is the same" in both


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
    for text in ("length=3, energy=-0.7", "/4", "remaining ("):
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


def test_status_says_samples_beyond_those_asked_for_in_words(folder):
    call("run", "wire_study.py", "--workers", "1", "--samples", "5")
    call("run", "wire_study.py", "--workers", "1", "--samples", "2")
    output = call("status")
    assert "5 (2 asked)" in output
    assert "5/2" not in output


def test_a_study_without_claims_shows_its_means(folder):
    (folder / "plain_study.py").write_text(PLAIN)
    output = call("run", "plain_study.py", "--workers", "1")
    data = mk.load("results/small/quick")
    for length in (3, 4):
        expected = mk.statistics.mean(data.g).sel(length=length)
        assert re.search(rf"│ +{length} │ +{re.escape(str(expected))} │", output), output
    assert "g, e²/h" in output
    assert "T is an array at every point and sample (channel: 2)" in output
    assert "claim" not in output


def test_many_means_are_cut_short(folder):
    (folder / "plain_study.py").write_text(PLAIN)
    lengths = ",".join(map(str, range(2, 48)))
    output = call("run", "plain_study.py", "--workers", "1", "--samples", "1", "--length", lengths)
    assert output.count("(n = 1: no error)") == 40
    assert "... 6 more points" in output


def test_means_of_several_sweeps_are_tables_of_their_own(folder):
    (folder / "two_study.py").write_text(TWO)
    output = call("run", "two_study.py", "--workers", "1")
    assert "curve: mean ± standard error" in output
    assert "point: mean ± standard error" in output


def test_a_run_says_if_there_is_nothing_to_compute(folder):
    sentence = "small: nothing to compute: all samples are stored"
    assert "nothing to compute" not in call("run", "wire_study.py", "--workers", "1")
    assert sentence in call("run", "wire_study.py", "--workers", "1")
    assert sentence in call("run", "wire_study.py", "--workers", "1", "--samples", "2")
    assert "nothing to compute" not in call(
        "run", "wire_study.py", "--workers", "1", "--samples", "7"
    )
    shard = call("run", "wire_study.py", "--workers", "1", "--samples", "9", "--shard", "1/2")
    assert "nothing to compute" not in shard
    shard = call("run", "wire_study.py", "--workers", "1", "--samples", "9", "--shard", "1/2")
    assert "small: nothing to compute: all samples of shard 1/2 are stored" in shard


def test_claims_are_paragraphs_in_a_narrow_terminal(folder, monkeypatch):
    wide = call("run", "wire_study.py", "--workers", "1")
    assert "unitarity" in wide
    assert max(map(len, wide.splitlines())) > 60
    monkeypatch.setenv("COLUMNS", "60")
    narrow = call("check", "wire_study.py")
    assert re.search(
        r"g is not negative\n  measured .*\n  expected > -0.1 by .*\n(.*\n)?  holds", narrow
    )
    assert "unitarity" not in narrow
    assert max(map(len, narrow.splitlines())) <= 60


def test_a_disk_that_fails_keeps_only_what_was_computed(folder, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied", "results")

    kept = "what was computed before is kept"
    monkeypatch.setattr(catalog, "draw_system", refuse)
    assert call("show", "wire", status=1).strip() == "Error: Permission denied: results"
    call("run", "wire_study.py", "--workers", "1")
    monkeypatch.setattr("mesokwant.files.write", refuse)
    assert kept not in call("check", "wire_study.py", status=1)
    output = call("run", "wire_study.py", "--workers", "1", "--samples", "9", status=1)
    assert "Permission denied: results; what was computed before is kept" in output


def test_systems_are_shown_with_other_fields(folder):
    output = call("show", "wire", "--width", "3", "--length", "4")
    assert output.startswith("Wire(width=3, length=4, ")
    assert (folder / "results/systems/wire.png").is_file()
    assert "--boundary" in call("show", "wire", "--help")


def test_a_sample_is_shown_by_its_density(folder, monkeypatch):
    drawn = []

    def scattering(*args, **options):
        drawn.append(options)
        return mk.scattering(*args, **options)

    monkeypatch.setattr("mesokwant.report.sample.scattering", scattering)
    monkeypatch.setattr("mesokwant.figures.plane.POINTS", 1000)
    output = call(
        "show", "ribbon", "--density", "-0.9", "--flux", "0.02", "--width", "4", "--lead", "1",
        "--vacancies.concentration", "0.1", "--sample", "3", "--seed", "5",
    )  # fmt: skip
    assert output.startswith("Ribbon(width=4, ")
    assert (folder / "results/systems/ribbon-density.png").is_file()
    (options,) = drawn
    assert options["params"] == {"flux": 0.02}
    assert options["disorder"] == mk.Vacancies(0.1)
    assert (options["numbers"], options["seed"]) == ([3], 5)


def test_help_is_grouped_by_sweep(folder):
    (folder / "two_study.py").write_text(TWO)
    output = call("run", "two_study.py", "--help")
    sections = dict(re.findall(r"^(\S.*):\n((?:  .*\n)+)", output, re.MULTILINE))
    assert list(sections) == ["Options", "All sweeps", "Sweep curve alone", "Sweep point alone"]
    assert "An axis takes VALUES, written V,V,... or FIRST:LAST:NUMBER." in output
    together = " ".join(sections["All sweeps"].split())
    assert "--energy VALUES Axis in t [default: see each sweep]" in together
    assert "--width, --system.width V Setting in a [default: 2]" in together
    assert "[default: -0.7, 0.6]" in sections["Sweep curve alone"]
    assert "--point.energy V" in sections["Sweep point alone"]
    assert "[default: -0.5]" in sections["Sweep point alone"]
    # What is the same in all sweeps is named once.
    assert "width" not in sections["Sweep curve alone"] + sections["Sweep point alone"]


def test_options_of_one_sweep_leave_the_others_alone(folder):
    (folder / "two_study.py").write_text(TWO)
    call("run", "two_study.py", "--workers", "1", "--point.length", "7", "--curve.energy", "0.1")
    data = mk.load("results/two/quick")
    assert (int(data["curve"].length), int(data["point"].length)) == (3, 7)
    assert data["curve"].energy.values.tolist() == [0.1]
    # One value is for the sweep that has the axis, and for the one that has the setting.
    call("run", "two_study.py", "--workers", "1", "--energy", "0.2", "--out", "other")
    data = mk.load("other/two/quick")
    assert data["curve"].energy.values.tolist() == [0.2]
    assert float(data["point"].energy) == 0.2


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


def test_check_all_compares_two_seeds_and_fails_on_either(installed, monkeypatch):
    def claims(data):
        low = mk.Estimate(float(data["g"].min()), 0.0, 1)
        return [mk.Claim("g is low", low, below=limit)]

    presets = {"full": {}, "repeat": {"like": "full", "seed": 8}}
    wire = dataclasses.replace(catalog.find_study("wire"), presets=presets, claims=claims)
    monkeypatch.setattr(catalog, "study_names", lambda: {"wire": None})
    monkeypatch.setattr(catalog, "find_study", lambda name: wire)
    lows = [
        float(mk.run(wire, preset=one, out="results", workers=1, progress=False)["g"].min())
        for one in presets
    ]
    assert lows[0] < lows[1]
    limit = 2 * lows[1]
    assert "second seed: the verdict is the same" in call("check", "all", "--preset", "full")
    limit = sum(lows) / 2
    output = call("check", "all", "--preset", "full", status=1)
    assert "second seed: 0 of 1 verdicts are the same (g is low: holds and fails)" in output


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


def test_a_study_file_imports_what_lies_beside_it(folder):
    (folder / "my_helper.py").write_text("FACTOR = 2\n\n\ndef doubled(x):\n    return FACTOR * x\n")
    text = FILE.replace("g=mk.Conductance()", "g=g").replace(
        "import mesokwant as mk",
        "import mesokwant as mk\nfrom my_helper import doubled\n\n\n"
        "def g(ens):\n    return doubled(ens.transmission(1, 0))\n",
    )
    # The file has the name of a module of the standard library.
    (folder / "statistics.py").write_text(text)
    call("run", "statistics.py", "--workers", "2")
    data = mk.load("results/small/quick")
    call("run", "wire_study.py", "--workers", "1", "--out", "other")
    assert (data.g == 2 * mk.load("other/small/quick").g).all()
    assert "mean" in importlib.import_module("statistics").__all__
