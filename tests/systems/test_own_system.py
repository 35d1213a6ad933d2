"""A user's own system, as ``docs/own-system.md`` writes it."""

import re

import kwant
import pytest

import mesokwant as mk
from tests.helpers import ROOT


@pytest.fixture(scope="module")
def page():
    """The names that the code of the page defines, after it ran as printed."""
    text = (ROOT / "docs/own-system.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    names = {"__name__": "own_system"}
    for block in blocks:
        exec(compile(block, "own-system.md", "exec"), names)
    return names


def test_page_runs_as_printed(page):
    assert page["ens"].transmission(1, 0).shape == (50,)


def test_graphene_has_its_sites_and_three_neighbours_inside(page):
    builder = page["Graphene"](width=4, length=6).builder()
    assert len(list(builder.sites())) == 2 * 4 * 6
    inner = [site for site in builder.sites() if 0 < site.tag[0] < 5 and 1 < site.tag[1] < 4]
    edges = [site for site in builder.sites() if 0 < site.tag[0] < 5 and site.tag[1] in (0, 4)]
    assert {builder.degree(site) for site in inner} == {3}
    assert {builder.degree(site) for site in edges} == {2}


def test_zigzag_edges_carry_one_mode_at_the_dirac_point_and_a_mass_closes_it(page):
    built = page["Graphene"](width=8, length=10).build()
    edge = kwant.smatrix(built, 0.05, params={"mass": 0.0})
    assert edge.num_propagating(0) == 1
    assert edge.transmission(1, 0) == pytest.approx(1, abs=1e-8)
    assert kwant.smatrix(built, 0.05, params={"mass": 0.2}).num_propagating(0) == 0


def test_value_equality_and_sweepable_fields(page):
    graphene = page["Graphene"]
    assert graphene(4, 6) == graphene(4, 6) != graphene(4, 7)
    assert len({graphene(4, 6), graphene(4, 6)}) == 1
    sweep = mk.Sweep(
        system=graphene(4, 6),
        axes={"width": (4, 6), "mass": (0.0, 0.1)},
        observables={"g": mk.Conductance(1, 0)},
    )
    assert sweep.full_name("width") == "system.width"
    assert sweep.full_name("mass") == "params.mass"


def test_any_object_with_a_method_build_is_a_system(page):
    class Built:
        def build(self):
            return page["Graphene"](4, 6).build()

    clean = mk.scattering(Built(), 0.4, params={"mass": 0.0})
    assert clean.transmission(1, 0)[0] == pytest.approx(clean.num_propagating(0), abs=1e-8)
