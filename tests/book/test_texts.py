"""Docstrings, formulas, statements and citations as the book shows them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mesokwant as mk
from mesokwant.book import mathml, prose, sources
from mesokwant.book.entries import slug
from mesokwant.book.statements import CHAPTERS, OTHER, chapter_order, statements
from mesokwant.book.whole import BASE, STEP, histogram
from mesokwant.study import catalog
from tests.helpers import ROOT

SAID = statements(ROOT / "studies")


@given(st.text(alphabet="<>scriptb/=&`*_$|\\{}[]()!^~# \n", max_size=60))
def test_no_html_of_a_docstring_gets_through(text):
    shown = prose.markdown(text)
    # Code is code in any case, and TeX goes to the typesetter.
    outside = "".join(prose.KEPT.split(shown)[::2])
    plain = re.sub(r"</?su[bp]>", "", outside)
    assert not re.search(r"(?<!\\)<", plain)


@given(st.text(max_size=40))
def test_an_escaped_name_has_no_bare_punctuation(text):
    assert not re.search(r"(?<!\\)[<>`*_\[\]]", re.sub(r"\\.", "", prose.escaped(text)))


def test_formulas_in_plain_text_are_typeset():
    assert prose.markdown("R_14,14 <= <T> for k_F ξ >> 1") == (
        "R<sub>14,14</sub> ≤ ⟨T⟩ for k<sub>F</sub> ξ ≫ 1"
    )
    assert prose.markdown("|+> and ω^½") == "|+⟩ and ω<sup>½</sup>".replace("|", "\\|")
    assert prose.markdown("* a list\n  goes on with a*b") == "* a list\n  goes on with a\\*b"


def test_a_wrapped_sentence_is_no_list_and_no_comment():
    assert prose.markdown("it has 5\n% more\n- 1 in all\n1. of them") == (
        "it has 5\n\\% more\n\\- 1 in all\n1\\. of them"
    )
    assert prose.markdown("Parts:\n\n- one\n- two\n\n1. three") == (
        "Parts:\n\n- one\n- two\n\n1. three"
    )


def test_an_indented_formula_stays_as_it_is():
    assert prose.markdown("It is\n\n    T_1 = <x>\n\nhere") == (
        "It is\n\n```text\nT_1 = <x>\n```\n\nhere"
    )


def test_a_docstring_is_cut_at_a_sentence():
    physics, limits = prose.paragraphs("Physics. What limits the agreement: width.", "What limits")
    assert (physics, limits) == ("Physics.", "What limits the agreement: width.")
    assert prose.paragraphs("Physics.", "What limits") == ("Physics.", "")


def test_a_formula_with_something_unknown_is_refused():
    for wrong in (r"\unheard{x}", r"\begin{aligned}a&=b\end{aligned}", r"\left( x"):
        with pytest.raises(ValueError, match="the formula"):
            mathml.formula(wrong)


@pytest.mark.parametrize("name", SAID)
def test_the_formulas_of_the_book_are_typeset(name):
    said = SAID[name]
    assert said.chapter in CHAPTERS
    assert re.fullmatch(r"[^.].*\.", said.statement)
    for tex in (said.hamiltonian, *(tex for tex, _ in said.formulas)):
        assert not tex or mathml.formula(tex, block=True).startswith("<math")


def test_every_study_has_a_statement():
    assert not set(catalog.study_names()) - set(SAID)


def test_a_wrong_table_of_statements_names_the_file(tmp_path):
    (tmp_path / "book.toml").write_text("[one]\nchapters = 'x'\n")
    with pytest.raises(ValueError, match=r"book\.toml.*chapters"):
        statements(tmp_path)


def test_chapters_stand_in_their_order_and_others_behind_them():
    names = [OTHER, "Zoology", *reversed(CHAPTERS), "Astronomy"]
    assert sorted(names, key=chapter_order) == [*CHAPTERS, "Astronomy", "Zoology", OTHER]


def test_citations_in_any_form_are_one_reference():
    texts = [
        "Mello and Stone, Phys. Rev. B 44,\n  3559 (1991), and P. A. Mello and A. D. Stone, PRB "
        "44, 3559 (1991)",
        "de Jong & Beenakker, PRB 46, 13400 (1992); Altshuler et al., PRB 22, 5142 (1980)",
        "Abrikosov, Solid State Commun. 37, 997 (1981); Mello & Stone 1991",
    ]
    found = sources.references(texts)
    assert [one.key for one in found] == [
        "MelloStone1991",
        "JongBeenakker1992",
        "Altshuler1980",
        "Abrikosov1981",
    ]
    assert found[0].authors == ("P. A. Mello", "A. D. Stone")
    text = sources.bibtex(found)
    assert text.count("@article{") == 4
    assert "author = {Altshuler and others}" in text
    assert "doi = {10.1103/PhysRevB.44.3559}" in text


def test_equal_keys_get_letters():
    one = sources.references(["Büttiker, PRB 33, 3020 (1986); Büttiker, PRL 57, 1761 (1986)"])
    assert re.findall(r"@article\{(.*),", sources.bibtex(one)) == ["Büttiker1986", "Büttiker1986b"]


def test_pages_of_different_names_are_different():
    names = ["a b", "a-b", "a_b", "<b>", "b", "..", "/"]
    assert len({slug(name) for name in names}) == len(names)
    assert all(re.fullmatch(r"[\w-]+", slug(name)) for name in names)


def test_the_histogram_of_normal_claims_is_the_normal_distribution():
    z = np.random.default_rng(3).normal(size=4000)
    bound = mk.Prediction(0.0, 0.1, because="of a test")
    claims = [mk.Claim("", mk.Estimate(value, 1.0, 9), mk.Prediction(0.0)) for value in z]
    claims += [mk.Claim("", mk.Estimate(9.0, 1.0, 9), bound), mk.Claim("", mk.Estimate(0, 0, 9), 0)]
    shown = histogram(claims)
    heights = np.array([bar["height"] for bar in shown["unbounded"]])
    line = np.array([[float(x) for x in p.split()] for p in shown["normal"][1:].split("L")])
    centers = [bar["x"] + bar["width"] / 2 for bar in shown["unbounded"]]
    expected = BASE - np.interp(centers, *line.T)
    # Counts are Poisson's: four standard errors, and what a bar has more than its centre.
    count = 4000 * STEP * 0.399 / (BASE - line[:, 1].min())
    assert np.all(np.abs(heights - expected) * count < 4 * np.sqrt(expected * count + 1) + 12)
    assert len(shown["bars"]) >= len(shown["unbounded"])
    assert "4001 claims. Of 4000" in shown["alternative"]


def test_claims_without_an_error_have_no_histogram():
    assert histogram([mk.Claim("", mk.Estimate(1.0, 0.0, 1), 1.0)]) is None
