"""The README and the pages of ``docs/`` do what they say: code and commands run as printed.

Blocks of the languages ``python`` and ``sh`` run, page by page and in the order of the page, in an
empty folder. A Python block whose first line is ``# NAME.py`` is written to that file instead. What
a block prints is what the comments behind its calls of ``print`` say. Of the ``sh`` blocks, lines
that begin with ``mesokwant`` run. Other languages, such as ``bash`` and ``text``, are for reading.
The cells of the tutorials run when the book is built.
"""

import contextlib
import io
import json
import re
import shlex
from pathlib import Path

import pytest

import mesokwant as mk
from mesokwant.engine import executors
from mesokwant.study import catalog
from tests.helpers import ROOT
from tools import readme_table

README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# Claims of few samples may fail (1); a mistake in the command (2) may not.
MAY_FAIL = ("run", "check")


@pytest.fixture
def small(monkeypatch):
    """Commands take seconds: "all" is one study and "quick" is "toy", in one process and format."""
    one = {"weak_localization": "studies.weak_localization"}
    monkeypatch.setattr(catalog, "study_names", lambda: one)
    presets = catalog.find_study("weak_localization").presets
    monkeypatch.setitem(presets, "quick", presets["toy"])
    monkeypatch.setattr(executors, "cores", lambda: 1)
    monkeypatch.setattr("mesokwant.figures.style.FORMATS", ("svg",))


# `check` and `figure` ask for all samples of a preset, and say so where a run computed fewer.
@pytest.mark.filterwarnings("ignore:.* the same run continues it:RuntimeWarning")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_runs_as_printed(page, small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": page.stem.replace("-", "_")}
    for language, text in BLOCK.findall(page.read_text()):
        if language == "sh":
            for line in text.splitlines():
                if line.startswith("mesokwant "):
                    run_command(line)
        elif name := re.match(r"# (\w+\.py)\n", text):
            Path(name[1]).write_text(text)
        else:
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                exec(compile(text, page.name, "exec"), names)
            assert output.getvalue().splitlines() == printed(text), page.name


def run_command(line):
    """Run a command line as the shell would, and check its exit status."""
    _, *arguments = shlex.split(line, comments=True)
    with pytest.raises(SystemExit) as end:
        mk.main(arguments)
    assert end.value.code in ((0, 1, None) if arguments[0] in MAY_FAIL else (0, None)), line


def printed(text):
    """What a block says that it prints: the comment behind a print, or the lines below it."""
    lines, expected, below = text.splitlines(), [], False
    for line in lines:
        if re.match(r" *print\(", line):
            _, _, comment = line.partition("  # ")
            below = not comment
            expected += [comment] if comment else []
        elif below and line.startswith("# "):
            expected.append(line.removeprefix("# "))
        else:
            below = False
    return expected


def test_expected_output_is_read_from_comments():
    text = "print(1)  # 1\nx = 2  # two\nprint(x, x)\n# 2 2\n# and more\n\n# a remark\n"
    assert printed(text) == ["1", "2 2", "and more"]


def test_commands_and_blocks_are_found_on_the_pages():
    found = [block for page in PAGES for block in BLOCK.findall(page.read_text())]
    commands = [line for kind, text in found if kind == "sh" for line in text.splitlines()]
    named = {line.split()[1] for line in commands if line.startswith("mesokwant ")}
    assert named == {"list", "show", "run", "check", "figure", "figures", "status"}
    assert sum(kind == "python" for kind, _ in found) >= 15


def test_make_targets_of_the_pages_exist():
    makefile = (ROOT / "Makefile").read_text()
    for page in PAGES:
        for target in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_and_pictures_of_the_page_exist(page):
    for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_page_can_be_reached_from_the_readme():
    linked = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+\.md)", page.read_text())
    }
    assert set(PAGES) - {README} <= linked


def test_the_table_is_what_the_kept_runs_say():
    """The README's table is up to date, and all claims that it shows hold."""
    text = README.read_text()
    shown = text.split(readme_table.BEGIN)[1].split(readme_table.END)[0]
    assert shown.strip() == readme_table.table()
    studies = set(re.findall(r"^\| `(\w+)`", shown, re.MULTILINE))
    assert studies == {path.parts[-3] for path in ROOT.glob("results/*/full/claims.json")}
    assert all(claim.holds for study in studies for claim in readme_table.kept_claims(study))


def test_the_line_below_the_table_names_what_fails_on_a_second_seed(tmp_path, monkeypatch):
    for study, preset, value in (("a", "full", 1.0), ("a", "repeat", 1.5), ("b", "full", 1.0)):
        claim = mk.Claim("<g> is one", mk.Estimate(value, 0.1, 9), mk.Prediction(1.0))
        folder = tmp_path / study / preset
        folder.mkdir(parents=True)
        (folder / "claims.json").write_text(json.dumps([claim.as_dict()]))
    monkeypatch.setattr(readme_table, "RESULTS", tmp_path)
    line = readme_table.seeds(["a", "b"])
    assert line.startswith("Runs with a second seed are kept for 1 of 2 studies, ")
    assert r"0 of 1 verdicts are the same (a: \<g> is one: holds and fails)" in line
    assert "measured 3.5σ apart" in line
