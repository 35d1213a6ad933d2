"""A user's own system, as ``docs/how-to/own-system.md`` writes it."""

import re

import kwant
import numpy as np
import pytest

import mesokwant as mk
from mesokwant.hamiltonian.persite import PerSite
from mesokwant.hamiltonian.structure import structure_of
from tests.helpers import ROOT


@pytest.fixture(scope="module")
def page():
    """The names that the code of the page defines, after it ran as printed."""
    text = (ROOT / "docs/how-to/own-system.md").read_text()
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


def test_value_functions_of_the_page_take_many_sites_at_once(page):
    class Site:
        pos = PerSite(np.array([[0.5, 1.0], [2.0, -1.0]]))
        tag = PerSite(np.array([[1, 2], [3, 4]]))

    assert page["gate"](Site, 1.0, 2.0).shape == ()
    assert page["spinful_hopping"](Site, Site, 0.1).shape == (2, 2)

    lattice = kwant.lattice.square(norbs=2)
    builder = kwant.Builder()
    builder[(lattice(i, j) for i in range(5) for j in range(5))] = page["zeeman"]
    builder[lattice.neighbors()] = page["spinful_hopping"]
    system, params = builder.finalized(), {"field": 0.3, "pitch": 7.0, "flux": 0.01}
    structure = structure_of(system)
    values = structure.values(params)
    expected = system.hamiltonian_submatrix(params=params)[structure.rows, structure.indices]
    np.testing.assert_allclose(values, expected, rtol=0, atol=1e-15)
