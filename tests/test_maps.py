"""Maps of a sample: any lattice in the plane, no color of its own, and a conserved current."""

import itertools
from io import BytesIO

import kwant
import matplotlib as mpl
import numpy as np
import pytest

import mesokwant as mk
from mesokwant import figures
from mesokwant.figures import plane
from mesokwant.figures.maps import site_currents
from systems import EXAMPLES, Chain, SpinOrbitRibbon, Wire
from tests.helpers.lattices import cubic, graphene, random_system, square


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    monkeypatch.setattr(plane, "POINTS", 4000)


def drawn(mark, system, values, **options):
    """The axes with a map."""
    with figures.house_style():
        figure = figures.compose([lambda ax, _: mark(ax, system, values, **options)], None)
    return figure.axes[0]


def colors(ax):
    """The numbers that are drawn as colors, NaN outside the system; first row at the bottom."""
    return np.ma.filled(ax.images[0].get_array(), np.nan)


def color_at(ax, x, y):
    field = colors(ax)
    first, last, bottom, top = ax.images[0].get_extent()
    column = round((x - first) / (last - first) * (field.shape[1] - 1))
    return field[round((y - bottom) / (top - bottom) * (field.shape[0] - 1)), column]


LATTICES = {
    "square": square(6, 9),
    "honeycomb": graphene(5, 7),
    "chain": Chain(length=6).build(),
    "site": Wire(width=1, length=1).build(),
}


@pytest.mark.parametrize("name", LATTICES)
def test_a_uniform_density_has_one_color(name):
    system = LATTICES[name]
    ax = drawn(figures.density_map, system, np.full(len(system.sites), 0.7))
    field = colors(ax)
    assert np.nanmin(field) == pytest.approx(0.7)
    assert np.nanmax(field) == pytest.approx(0.7)
    for site in system.sites:
        place = (*site.pos, 0)[:2]
        assert color_at(ax, *place) == pytest.approx(0.7)


def test_the_hexagons_of_a_honeycomb_are_filled():
    system = graphene(5, 7)
    ax = drawn(figures.density_map, system, np.ones(len(system.sites)))
    # The two sites of a cell are at the vectors 0 and d, and the hexagons have centres at 2 d.
    lattice = kwant.lattice.honeycomb(norbs=1)
    for cell in [(1, 2), (3, 1)]:
        centre = lattice.vec(cell) + 2 * lattice.sublattices[1].offset
        assert min(np.linalg.norm(site.pos - centre) for site in system.sites) > 0.5
        assert color_at(ax, *centre) == pytest.approx(1.0)


def test_missing_sites_are_left_open():
    builder = Wire(width=7, length=9).builder()
    lat = next(iter(builder.sites())).family
    del builder[lat(4, 3)]
    system = builder.finalized()
    ax = drawn(figures.density_map, system, np.ones(len(system.sites)))
    assert np.isnan(color_at(ax, 4, 3))
    assert color_at(ax, 4, 4) == pytest.approx(1.0)


def test_the_color_at_a_site_is_its_value():
    system = square(6, 9)
    values = np.zeros(54)
    (site,) = (i for i, site in enumerate(system.sites) if tuple(site.tag) == (5, 2))
    values[site] = 1.0
    ax = drawn(figures.density_map, system, values)
    assert color_at(ax, 5, 2) > 0.8
    assert max(color_at(ax, 4, 2), color_at(ax, 5, 3)) < 0.15
    assert color_at(ax, 1, 5) == pytest.approx(0, abs=1e-9)


def test_orbitals_of_a_site_are_summed():
    system = SpinOrbitRibbon(width=4, length=6, coupling="rashba", lead_spin_orbit=False)
    params = {"alpha": 0.3, "zeeman": 0.1, "flux": 0.0}
    sample = mk.scattering(system, -0.9, params=params, disorder=mk.Anderson(1.0)).system(0)
    orbitals = kwant.ldos(sample, -0.9)
    of_orbitals = colors(drawn(figures.density_map, sample, orbitals))
    of_sites = colors(drawn(figures.density_map, sample, orbitals.reshape(-1, 2).sum(axis=1)))
    np.testing.assert_allclose(of_orbitals, of_sites)


def test_sites_at_the_same_position_are_summed():
    electrons, holes = (kwant.lattice.square(norbs=1, name=name) for name in "eh")
    builder = kwant.Builder()
    for lat, x, y in itertools.product((electrons, holes), range(4), range(3)):
        builder[lat(x, y)] = 0
    field = colors(drawn(figures.density_map, builder.finalized(), np.full(24, 0.5)))
    assert np.nanmin(field) == pytest.approx(1.0)
    assert np.nanmax(field) == pytest.approx(1.0)


def test_a_density_of_both_signs_has_a_scale_around_zero():
    values = np.linspace(-0.2, 0.5, 54)
    image = drawn(figures.density_map, square(6, 9), values).images[0]
    assert image.norm.vmin == -image.norm.vmax
    image = drawn(figures.density_map, square(6, 9), values + 0.2).images[0]
    assert image.norm.vmin == 0


WIRES = {
    "sites": (Wire(width=6, length=9), {}, mk.Anderson(1.0)),
    "bonds": (Wire(width=6, length=9), {}, mk.BondDisorder(0.7)),
    "tube": (Wire(width=6, length=9, boundary="periodic"), {}, mk.Anderson(1.0)),
    "field": (EXAMPLES["ribbon"], {"flux": 0.03}, mk.Anderson(1.0)),
}


def current_of(name):
    system, params, disorder = WIRES[name]
    ens = mk.scattering(system, -0.9, params=params, disorder=disorder)
    sample = ens.system(0)
    states = kwant.wave_function(sample, -0.9)(0)
    return sample, sum(map(kwant.operator.Current(sample), states)), ens.transmission(1, 0)[0]


@pytest.mark.parametrize("name", WIRES)
def test_the_currents_of_the_sites_of_a_column_add_up_to_the_transmission(name):
    sample, current, transmission = current_of(name)
    places = np.array([site.pos for site in sample.sites])
    hoppings = np.array(list(sample.graph))
    flows = site_currents(places, hoppings, current, 1.0, sample.lead_interfaces)
    for x in np.unique(places[:, 0]):
        total = flows[places[:, 0] == x].sum(axis=0)
        assert total[0] == pytest.approx(transmission, abs=1e-9)


@pytest.mark.parametrize("flip", [1, -1])
def test_streamlines_follow_the_current(flip):
    sample, current, transmission = current_of("tube")
    ax = drawn(figures.current_map, sample, flip * current)
    # The density of the current is that of T through a width of 6, up to its fluctuations.
    assert np.nanmean(colors(ax)) == pytest.approx(transmission / 6, rel=0.3)
    arrows = [p for p in ax.patches if isinstance(p, mpl.patches.FancyArrowPatch)]
    assert arrows
    for arrow in arrows:
        start, *_, end = arrow.get_path().vertices[:2]
        assert flip * (end[0] - start[0]) > 0


def test_a_sample_without_current_has_no_streamlines():
    sample, current, _ = current_of("sites")
    ax = drawn(figures.current_map, sample, 0 * current)
    assert np.nanmax(colors(ax)) == 0
    assert not ax.patches


def test_a_map_is_the_same_picture_every_time():
    sample, current, _ = current_of("sites")
    pictures = []
    for _ in range(2):
        content = BytesIO()
        drawn(figures.current_map, sample, current).figure.savefig(content, format="png", dpi=50)
        pictures.append(content.getvalue())
    assert pictures[0] == pictures[1]


def ones(system):
    return np.ones(len(getattr(system, "sites", [])))


WRONG = {
    "three dimensions": (figures.density_map, cubic(2, 3), ones, "has 3 dimensions: sum"),
    "no positions": (
        figures.density_map,
        random_system(0, sites=5, edges=4, leads=1, orbitals=1, real=True),
        ones,
        r"finalize it from a kwant\.Builder",
    ),
    "too few sites": (figures.density_map, square(2, 3), lambda _: [1.0], "has 1 values, .* 6 sit"),
    "amplitudes": (figures.density_map, square(2, 3), lambda _: [1j] * 6, "finite real numbers"),
    "not finite": (figures.density_map, square(2, 3), lambda _: [np.nan] * 6, "finite real"),
    "several states": (figures.current_map, square(2, 3), lambda _: np.ones((2, 14)), "(2, 14)"),
    "some hoppings": (figures.current_map, square(2, 3), lambda _: [1.0], "1 values, .* 14 hopp"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_values_are_refused(case):
    mark, system, values, answer = WRONG[case]
    with pytest.raises(ValueError, match=answer):
        drawn(mark, system, values(system))
