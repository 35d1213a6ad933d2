"""One sample as a system of Kwant: every tool of Kwant sees its Hamiltonian and its leads."""

import pickle

import kwant
import matplotlib as mpl
import numpy as np
import pytest

import mesokwant as mk
from systems import EXAMPLES, HallBar, SpinOrbitRibbon, Wire
from tests.helpers.lattices import graphene, random_system, spinful, square

ENERGY = -0.87
FIELD = {"flux": 0.03}


def from_salt(site, salt):
    return 0.8 * kwant.digest.uniform(repr(site.tag), salt) - 0.4


SAMPLES = {
    "sites and bonds": lambda: mk.scattering(
        square(5, 8), ENERGY, disorder=mk.Anderson(1.0) + mk.BondDisorder(0.5), samples=4
    ),
    "magnetic field": lambda: mk.scattering(
        square(6, 8, field=True, terminals="abc"),
        ENERGY,
        params=FIELD,
        disorder=mk.Anderson(1.0),
        samples=4,
    ),
    "random flux": lambda: mk.scattering(
        graphene(4, 6), 1.1, disorder=mk.RandomFlux(0.5), samples=4
    ),
    "vacancies": lambda: mk.scattering(
        graphene(4, 6), 0.3, disorder=mk.Vacancies(0.1), numbers=[7, 3]
    ),
    "spin": lambda: mk.scattering(
        spinful(4, 6), ENERGY, disorder=mk.Anderson(1.0) + mk.BondDisorder(0.5), samples=4
    ),
    "salt": lambda: mk.scattering(square(4, 6, onsite=from_salt), ENERGY, samples=4, seed=2),
    "no positions": lambda: mk.scattering(
        random_system(3, sites=9, edges=9, leads=3, orbitals=2, real=False), 0.1, numbers=[3]
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_kwant_finds_the_same_scattering_matrix(name):
    ens = SAMPLES[name]()
    expected = ens.data[ens.numbers.index(3)]
    sample = ens.system(3)
    found = kwant.smatrix(sample, ens.problem.energy, check_hermiticity=True)
    np.testing.assert_allclose(found.data, expected, atol=1e-10)
    again = mk.scattering(sample, ens.problem.energy, solver="kwant")
    np.testing.assert_allclose(again.data[0], found.data, atol=1e-12)


def test_leads_follow_the_energy():
    def solved(energy):
        system = HallBar(width=6, arm_width=4, gap=4, end=3)
        return mk.scattering(system, energy, params=FIELD, disorder=mk.Anderson(0.5), samples=2)

    found = kwant.smatrix(solved(-2.5).system(1), -2.1)
    expected = solved(-2.1)
    for a, b in [(0, 1), (2, 3), (5, 5)]:
        assert found.transmission(a, b) == pytest.approx(expected.transmission(a, b)[1], abs=1e-9)


@pytest.mark.parametrize("name", ["sites and bonds", "magnetic field", "random flux", "spin"])
def test_densities_of_all_leads_add_up_to_the_density_of_states(name):
    ens = SAMPLES[name]()
    sample, energy = ens.system(3), ens.problem.energy
    states, density = kwant.wave_function(sample, energy), kwant.operator.Density(sample)
    of_leads = [sum(map(density, states(lead))) for lead in range(len(sample.leads))]
    assert min(of_lead.min() for of_lead in of_leads) > 0
    orbitals = kwant.ldos(sample, energy).reshape(len(of_leads[0]), -1)
    np.testing.assert_allclose(sum(of_leads) / (2 * np.pi), orbitals.sum(axis=1), rtol=1e-9)


def cut(system, x):
    """The hoppings of a system from the left of a vertical line to the right of it."""
    places = [site.pos[0] for site in system.sites]
    return [(i, j) for i, j in system.graph if places[j] < x < places[i]]


BARS = {
    "sites": (Wire(width=5, length=8), {}, mk.Anderson(1.0)),
    "bonds": (Wire(width=5, length=8), {}, mk.BondDisorder(0.7)),
    "field": (EXAMPLES["ribbon"], FIELD, mk.Anderson(1.0) + mk.RandomFlux(0.2)),
    "spin and field": (
        SpinOrbitRibbon(width=4, length=7, coupling="rashba", lead_spin_orbit=False),
        {"alpha": 0.4, "zeeman": 0.2, **FIELD},
        mk.Anderson(1.0) + mk.BondDisorder(0.5),
    ),
    "missing sites": (EXAMPLES["ribbon"], FIELD, mk.Vacancies(0.15)),
}


@pytest.mark.parametrize("name", BARS)
def test_the_current_through_every_cut_is_the_transmission(name):
    system, params, disorder = BARS[name]
    ens = mk.scattering(system, ENERGY, params=params, disorder=disorder, samples=2, seed=5)
    sample = ens.system(1)
    states = kwant.wave_function(sample, ENERGY)(0)
    for x in np.arange(system.length - 1) + 0.5:
        current = kwant.operator.Current(sample, where=cut(sample, x), sum=True)
        total = sum(map(current, states))
        assert total == pytest.approx(ens.transmission(1, 0)[1], abs=1e-9)


def test_moments_see_the_disorder():
    ens = mk.scattering(Wire(width=5, length=8), ENERGY, disorder=mk.Anderson(3.0), samples=4)
    sample = ens.system(3)
    sites = kwant.kpm.LocalVectors(sample)
    spectrum = kwant.kpm.SpectralDensity(
        sample,
        num_moments=20,
        vector_factory=sites,
        num_vectors=len(sites),
        kernel=lambda moments: moments,
    )
    levels = np.linalg.eigvalsh(sample.hamiltonian_submatrix())
    assert spectrum.integrate() == pytest.approx(1)
    energies = spectrum.integrate(distribution_function=lambda energy: energy**2)
    assert energies == pytest.approx(np.mean(levels**2))


@pytest.mark.filterwarnings("ignore:plotly is not available:RuntimeWarning")
def test_kwant_draws_a_sample_with_its_leads():
    ens = mk.scattering(EXAMPLES["hall-bar"], ENERGY, params=FIELD)
    with mpl.rc_context({"backend": "agg"}):
        figure = kwant.plotter.plot(ens.system(0), num_lead_cells=1, show=False)
    assert figure.axes


@pytest.mark.filterwarnings("ignore:Not specfying norbs is deprecated")
def test_a_sample_without_declared_orbitals_has_densities():
    lat = kwant.lattice.chain()
    builder = kwant.Builder()
    builder[(lat(x) for x in range(5))] = 0
    builder[lat.neighbors()] = -1
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lat(0)] = 0
    lead[lat.neighbors()] = -1
    builder.attach_lead(lead)
    builder.attach_lead(lead.reversed())
    ens = mk.scattering(builder, 0.0)
    sample = ens.system(0)
    (state,) = kwant.wave_function(sample, 0.0)(0)
    # The velocity is 2 t a / ħ in the band centre of a chain, and the current is 1.
    np.testing.assert_allclose(kwant.operator.Density(sample)(state), 0.5)


def test_a_sample_is_pickled():
    ens = SAMPLES["magnetic field"]()
    sample = pickle.loads(pickle.dumps(ens.system(3)))
    np.testing.assert_allclose(kwant.smatrix(sample, ENERGY).data, ens.data[3], atol=1e-10)


def test_a_sample_leaves_its_system_alone():
    system = square(5, 8, field=True)
    before = system.hamiltonian_submatrix(params=FIELD)
    mk.scattering(system, ENERGY, params=FIELD, disorder=mk.Anderson(1.0)).system(0)
    assert system.parameters == system.leads[0].parameters == {"flux"}
    np.testing.assert_array_equal(system.hamiltonian_submatrix(params=FIELD), before)


def test_only_the_parameters_of_the_sample_are_accepted():
    ens = SAMPLES["magnetic field"]()
    sample = ens.system(3)
    kwant.smatrix(sample, ENERGY, params=dict(FIELD))
    with pytest.raises(ValueError, match=r"one sample at flux=0.03, .* compute another ensemble"):
        kwant.smatrix(sample, ENERGY, params={"flux": 0.04})
    with pytest.raises(ValueError, match=r"one sample at flux=0.03, .* compute another ensemble"):
        sample.leads[0].modes(ENERGY, params={"flux": 0.04})


def test_a_sample_that_was_not_solved_is_refused():
    with pytest.raises(ValueError, match=r"no sample 9 in this ensemble: .* numbers=\[9\]"):
        SAMPLES["vacancies"]().system(9)
