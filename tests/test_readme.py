"""The README does what it says: its examples and commands run as printed, in its order."""

import json
import re
import shlex
from pathlib import Path

import pytest

import mesokwant as mk
from mesokwant.study import catalog
from tests.helpers import ROOT

BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# The study in the README at its printed size takes half a minute; these keep its identity.
SMALL = ["--samples", "6"]
# Claims of so few samples may fail (1); a mistake in the command (2) may not.
MAY_FAIL = ("run weak_localization", "check weak_localization", "run all", "check all")


# `check` and `figure` ask for 700 samples a point, find 6, and say so.
@pytest.mark.filterwarnings("ignore:.* the same run continues it:RuntimeWarning")
def test_the_readme_runs_as_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # All studies take minutes: "all" stands for the one that was run before.
    one = {"weak_localization": "studies.weak_localization"}
    monkeypatch.setattr(catalog, "study_names", lambda: one)
    ran = []
    for language, text in BLOCK.findall((ROOT / "README.md").read_text()):
        if language == "python":
            name = re.match(r"# (\w+\.py)\n", text)
            if name:
                Path(name[1]).write_text(text)
            else:
                exec(compile(text, "README.md", "exec"), {})
            continue
        for line in text.splitlines():
            if line.startswith("mesokwant "):
                ran.append(_run(line.partition("#")[0]))
    assert len(ran) >= 8


def _run(line):
    arguments = shlex.split(line)[1:]
    command = " ".join(arguments[:2])
    if command in ("run weak_localization", "run all"):
        arguments += SMALL
    with pytest.raises(SystemExit) as end:
        mk.main(arguments)
    assert end.value.code in ((0, 1, None) if command in MAY_FAIL else (0, None)), line
    return line


def test_make_targets_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make (\w+)", (ROOT / "README.md").read_text()):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_table_is_what_the_kept_runs_say():
    """Every number of the README's table is a claim in `results/`, and that claim holds."""
    text = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| .* \| (-?[\d.]+ ± [\d.]+) \| ", text, re.MULTILINE)
    assert len({study for study, _ in rows}) >= 6
    for study, measured in rows:
        claims = json.loads((ROOT / f"results/{study}/full/claims.json").read_text())
        found = {
            str(mk.Estimate(c["measured"], c["error"], c["samples"])).partition(" (")[0]: c["holds"]
            for c in claims
        }
        assert found.get(measured), f"{study}: {measured}"


def test_figures_of_the_readme_exist():
    for path in re.findall(r"!\[.*?\]\((.*?)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / path).is_file(), path
