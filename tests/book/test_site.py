"""A small site: one good run, one that is damaged, and names and texts that are hostile."""

import json
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote

import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner

import mesokwant as mk
from mesokwant.book import assets, runs
from mesokwant.book.exports import export
from mesokwant.book.site import build
from mesokwant.cli.commands import mesokwant
from mesokwant.report import stored
from mesokwant.study import catalog

HOSTILE = "<script>alert(1)</script>".replace("/", "-")
"""What a user may call a folder."""

STUDY = '''"""Wires: <script>alert(2)</script> and <g> stay text.

A clean wire conducts $g = N$. What limits the agreement: nothing (Beenakker, RMP 69, 731 (1997)).
"""

import mesokwant as mk
from mesokwant import figures
from systems import Wire


def claims(data):
    g = mk.statistics.mean(data.g.isel(length=0))
    name = "<script>alert(3)</script>"
    yield mk.Claim("g is not negative", g, above=-1.0, source="unitarity")
    yield mk.Claim(name, mk.Estimate(1.0, 0.1, 9), mk.Prediction(3.0, source="none"), effect=5.0)


def conductance(ax, data):
    """Conductance against length, without <b>disorder</b>."""
    figures.points(ax, data.length, mk.statistics.mean(data.g), label="measured")
    ax.set(xlabel="length", ylabel="g")


study = mk.Study(
    name="wires",
    question="Is a <i>wire</i> a wire?",
    sweeps=mk.Sweep(
        Wire(width=3, length=4), axes={"length": (4, 6)}, disorder=mk.Anderson(1.0), samples=4
    ),
    claims=claims,
    panels=(conductance,),
)
'''


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a study's file, and results that are in several states."""
    folder = tmp_path_factory.mktemp("book")
    file, results = folder / "wires.py", folder / "results"
    file.write_text(STUDY)
    study = catalog.find_study(str(file))
    data = mk.run(study, out=results, workers=1, progress=False)
    run = results / "wires" / "quick"
    stored.check(study, study.read(data), run)
    stored.draw(study, study.read(data), run)
    hostile = results / HOSTILE / "full"
    shutil.copytree(run, hostile)
    (hostile / "claims.json").write_text("[{")
    (hostile / "study.json").write_text('{"format": 99}')
    return folder


@pytest.fixture(scope="module")
def site(place):
    out = place / "site"
    built = build(out, place / "results", study_files=[str(place / "wires.py")])
    assert list(built.warnings) == []
    return out


class Page(HTMLParser):
    """Tags of a page with their attributes."""

    def __init__(self, path):
        super().__init__()
        self.tags = []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def pages(site):
    return {path: Page(path) for path in [site / "index.html", *site.glob("studies/*.html")]}


def test_each_study_has_a_page_and_a_statement(site):
    names = {path.stem for path in site.glob("studies/*.html")}
    assert len(names) == 2
    assert "wires" in names
    text = (site / "index.html").read_text()
    assert text.count('class="mk-card ') == 2
    assert 'data-verdict="fails"' in text


def test_names_and_texts_of_users_are_escaped(site):
    for path, page in pages(site).items():
        text = path.read_text()
        assert not re.search(r"<script>\s*alert", text)
        assert not re.search(r"<(b|i)>", text)
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        assert all("src" in one or one.get("id") for one in scripts if one)
    assert "alert(1)" in (site / "index.html").read_text()


def test_a_damaged_run_is_shown_with_what_it_has(site):
    (page,) = (path for path in site.glob("studies/*.html") if path.stem != "wires")
    text = page.read_text()
    assert "its claims cannot be read" in text
    assert "not of format 2" in text
    assert "figure.svg" in text


def test_nothing_is_asked_of_an_outside_address(site):
    for page in pages(site).values():
        for tag, attributes in page.tags:
            address = attributes.get("src") or (attributes.get("href") if tag == "link" else "")
            assert not re.match(r"(https?:)?//", address or "")


def test_links_and_pictures_resolve_and_have_texts(site):
    for path, page in pages(site).items():
        for tag, attributes in page.tags:
            target = attributes.get("href") or attributes.get("src") or ""
            target = target.partition("#")[0].partition("?")[0]
            if target and not re.match(r"\w+:", target):
                assert (path.parent / unquote(target)).exists(), (path.name, target)
            if tag == "img":
                assert "alt" in attributes


def test_claims_that_fail_come_first_and_red(site):
    text = (site / "studies" / "wires.html").read_text()
    rows = re.findall(r'<tr class="mk-(\w+)">', text)
    assert rows == ["fails", "holds"]


def test_formulas_are_mathml_and_the_source_is_highlighted(site):
    text = (site / "studies" / "wires.html").read_text()
    assert "<math" in text
    assert "highlight-python" in text
    assert "Beenakker1997" in (site / "studies" / "wires" / "sources.bib").read_text()


def test_what_did_not_change_is_not_made_again(place, site, monkeypatch):
    monkeypatch.setattr(assets, "drawn", None)
    monkeypatch.setattr(assets, "device", None)
    before = {p: p.stat().st_mtime_ns for p in site.glob("studies/**/*") if p.is_file()}
    build(site, place / "results", study_files=[str(place / "wires.py")])
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_a_study_without_results_loses_its_page(place, site, tmp_path):
    results, out = tmp_path / "results", tmp_path / "site"
    shutil.copytree(place / "results", results)
    shutil.copytree(site, out)
    shutil.rmtree(results / "wires")
    build(out, results)
    assert not list(out.glob("studies/wires*"))


def test_a_half_computed_run_says_so(place, tmp_path):
    folder = tmp_path / "wires" / "quick"
    shutil.copytree(place / "results" / "wires" / "quick", folder)
    request = json.loads((folder / "request.json").read_text())
    request["sweep"]["samples"] = 10
    (folder / "request.json").write_text(json.dumps(request))
    (run,) = runs.found(tmp_path)["wires"]
    assert run.problems == ["8 of 20 samples are computed; the same run continues it"]
    assert len(run.claims) == 2


def test_exports_have_the_same_numbers_in_all_formats(place, tmp_path):
    arguments = (str(place / "wires.py"), "quick", place / "results", tmp_path)
    (csv,) = export(*arguments, format="csv")
    (plain,) = export(*arguments, format="json")
    (netcdf,) = export(*arguments, format="netcdf")
    (bib,) = export(*arguments, format="bibtex")
    table = pd.read_csv(csv)
    (curve,) = json.loads(plain.read_text())[0]["curves"]
    with xr.open_dataset(netcdf) as data:
        for column in ("x", "y", "y_low", "y_high"):
            assert table[column].tolist() == pytest.approx(curve[column])
            assert data[column].values.tolist() == pytest.approx(curve[column])
        assert set(data.panel.values) == {"a"}
    assert curve["label"] == "measured"
    assert "Beenakker1997" in bib.read_text()


def test_a_wrong_format_is_refused(place, tmp_path):
    with pytest.raises(ValueError, match="csv"):
        export(str(place / "wires.py"), "quick", place / "results", tmp_path, format="cvs")


def test_no_results_are_no_book(tmp_path):
    with pytest.raises(FileNotFoundError, match="no results"):
        build(tmp_path / "site", tmp_path)


def test_the_commands_write_what_the_functions_do(place, site, tmp_path):
    study, results = str(place / "wires.py"), str(place / "results")
    wrote = ["export", study, "--out", results, "--to", str(tmp_path)]
    done = CliRunner().invoke(mesokwant, wrote)
    assert done.exit_code == 0
    assert done.output.split() == [str(tmp_path / "wires_a.csv")]
    made = ["book", study, "--results", results, "--out", str(site), "--workers", "1"]
    done = CliRunner().invoke(mesokwant, made)
    assert done.exit_code == 0, done.output
    assert str(site / "index.html") in done.output
    done = CliRunner().invoke(mesokwant, ["book", "--results", str(tmp_path / "none")])
    assert done.exit_code == 2
    assert "no results" in done.output
