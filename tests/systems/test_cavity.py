"""The cavities: shapes, symmetries, and that what leaves them is random."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import Cavity, Stadium
from tests.helpers import shown

SMALL = {"width": 28, "length": 30, "mouth": 2, "bite": 9}
ENERGY = -1.0337

cavities = pytest.mark.parametrize(
    "cavity",
    [Cavity(12, 14, mouth=3, bite=5), Cavity(9, 4, mouth=4), Stadium(5, 9, mouth=3)],
    ids=shown,
)


@pytest.fixture(scope="module")
def samples():
    """Symmetry class beta -> 800 samples of a small cavity with smooth disorder."""
    disorder = mk.Gaussian(0.3, 2.5)

    def ensemble(system, **params):
        return mk.scattering(system, ENERGY, params=params, disorder=disorder, samples=800, seed=2)

    return {
        1: ensemble(Cavity(**SMALL), flux=0.0),
        2: ensemble(Cavity(**SMALL), flux=0.004),
        4: ensemble(Cavity(**SMALL, spin_orbit=True), flux=0.0, theta=0.5),
    }


@pytest.mark.parametrize("beta", [1, 2, 4])
def test_mean_conductance_is_that_of_a_random_matrix(samples, beta):
    spins = 2 if beta == 4 else 1
    g = samples[beta].transmission(1, 0) / spins
    expected = {1: 1 / 3, 2: 1 / 2, 4: 2 / 3}[beta]
    error = g.std() / len(g) ** 0.5
    # The cavity's own resistance is worth up to 5 per cent; 4 standard errors for chance.
    assert abs(g.mean() - expected) < 0.05 * expected + 4 * error


@pytest.mark.parametrize("beta", [1, 2, 4])
def test_mouths_are_open_and_no_path_is_direct(samples, beta):
    # <|S|²> is at least 1/4 here; the mean of 800 samples has |<S>|² about 0.001 by chance.
    for block in (samples[beta].submatrix(0, 0), samples[beta].submatrix(1, 0)):
        assert np.max(np.abs(block.mean(axis=0)) ** 2) < 0.04


@cavities
def test_scattering_is_unitary_and_reciprocal(cavity):
    built = cavity.build()
    forth, back = (kwant.smatrix(built, ENERGY, params={"flux": flux}) for flux in (0.05, -0.05))
    unit = forth.data @ forth.data.conj().T
    np.testing.assert_allclose(unit, np.eye(len(unit)), atol=1e-9)
    assert forth.transmission(1, 0) == pytest.approx(back.transmission(0, 1), abs=1e-9)
    assert forth.transmission(1, 0) == pytest.approx(forth.transmission(0, 1), abs=1e-9)


@cavities
def test_mouths_open_at_one_wall_alone(cavity):
    builder = cavity.builder()
    assert all(lead.padding == [] for lead in builder.leads)
    low, high = ([site.tag[1] for site in lead.interface] for lead in builder.leads)
    assert len(low) == len(high) == cavity.mouth
    assert max(low) + 1 < min(high)
    assert {site.tag[0] for lead in builder.leads for site in lead.interface} == {0}


@cavities
def test_field_goes_on_in_the_leads(cavity):
    built, params = cavity.build(), {"flux": 0.0731}
    matrix = built.hamiltonian_submatrix(params=params)
    for lead, interface in zip(built.leads, built.lead_interfaces, strict=True):
        cell = lead.cell_hamiltonian(params=params)
        np.testing.assert_allclose(cell, matrix[np.ix_(interface, interface)], atol=1e-14)
        # The bonds into the lead carry the phases of those between the next two columns.
        second = [
            built.id_by_site[built.sites[i].family(1, built.sites[i].tag[1])] for i in interface
        ]
        hop = lead.inter_cell_hopping(params=params)
        np.testing.assert_allclose(hop, matrix[np.ix_(interface, second)], atol=1e-14)


def test_spin_orbit_coupling_keeps_kramers_pairs_and_a_field_splits_them():
    built = Cavity(9, 10, mouth=3, bite=4, spin_orbit=True).build()

    def eigenvalues(flux):
        smatrix = kwant.smatrix(built, ENERGY, params={"flux": flux, "theta": 0.5})
        t = smatrix.submatrix(1, 0)
        return np.linalg.eigvalsh(t @ t.conj().T)

    paired, split = eigenvalues(0.0), eigenvalues(0.03)
    np.testing.assert_allclose(paired[::2], paired[1::2], atol=1e-8)
    assert np.abs(split[::2] - split[1::2]).max() > 1e-3


def test_without_coupling_the_spins_see_the_cavity_without_spin():
    params = {"flux": 0.02}
    plain = kwant.smatrix(Cavity(9, 10, 3, 4).build(), ENERGY, params=params)
    spins = Cavity(9, 10, 3, 4, spin_orbit=True).build()
    spinful = kwant.smatrix(spins, ENERGY, params={**params, "theta": 0.0})
    for spin in (0, 1):
        found = spinful.transmission((1, spin), (0, spin))
        assert found == pytest.approx(plain.transmission(1, 0), abs=1e-9)
    assert spinful.transmission((1, 1), (0, 0)) == pytest.approx(0, abs=1e-12)


def test_bite_removes_half_a_disc_and_breaks_the_mirror():
    full, bitten = Cavity(60, 50, mouth=2).build(), Cavity(60, 50, mouth=2, bite=20).build()
    assert len(full.sites) == 60 * 50
    removed = {site.tag for site in full.sites} - {site.tag for site in bitten.sites}
    assert len(removed) == pytest.approx(np.pi * 20**2 / 2, rel=0.02)
    assert {(x, 59 - y) for x, y in removed} != {tuple(tag) for tag in removed}


def test_stadium_has_its_area_and_both_mirrors():
    tags = {tuple(site.tag) for site in Stadium(radius=20, straight=30, mouth=2).build().sites}
    assert len(tags) == pytest.approx(np.pi * 20**2 + 2 * 20 * 30, rel=0.01)
    assert {(39 - x, y) for x, y in tags} == tags
    assert {(x, 69 - y) for x, y in tags} == tags
    assert {y for x, y in tags if x == 0} >= set(range(20, 50))


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: Cavity(4, 9, mouth=2), ValueError, "width .* at least 5 for two mouths .* got 4"),
        (lambda: Cavity(9, 9, mouth=0), ValueError, "mouth must be .* at least 1; got 0"),
        (lambda: Cavity(9, 9, mouth=2, bite=9), ValueError, "bite must be smaller .* got 9"),
        (lambda: Cavity(9, 9, mouth=2, bite=-1), ValueError, "bite must be .* at least 0"),
        (lambda: Cavity(9, 9, mouth=2, spin_orbit=0.5), TypeError, "Kwant parameter theta"),
        (lambda: Stadium(5, 4, mouth=2), ValueError, "straight .* at least 5 for two mouths"),
        (lambda: Stadium(0, 5, mouth=2), ValueError, "radius must be .* at least 1; got 0"),
    ],
)
def test_refuses_with_a_way_out(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()
