"""A closed ensemble has the Hamiltonians that scattering has, and refuses what needs leads."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import Lattice, Ribbon, SpinOrbitRibbon, Wire

DISORDER = mk.Anderson(2.0) + mk.RandomFlux(0.2)


def torus(**options):
    return mk.hamiltonians(Lattice(4, 5), params={"quanta": 1}, **options)


@pytest.mark.parametrize("numbers", [[0], [3, 1]])
def test_a_sample_has_the_hamiltonian_of_scattering(numbers):
    system, params = Ribbon(4, 6), {"flux": 0.03}
    options = {"params": params, "disorder": DISORDER, "numbers": numbers, "seed": 5}
    closed = mk.hamiltonians(system, leads="dropped", **options)
    problem = mk.scattering(system, -0.7, **options).problem
    for matrix, values in zip(closed, problem.values(numbers), strict=True):
        assert abs(matrix - problem.hamiltonian(values)).max() == 0


def test_a_clean_sample_has_the_hamiltonian_of_kwant():
    system = Lattice(4, 5)
    expected = system.build().hamiltonian_submatrix(params={"quanta": 2})
    [matrix] = mk.hamiltonians(system, params={"quanta": 2})
    assert np.array_equal(matrix.toarray(), expected)


def test_a_sample_depends_on_its_seed_and_number_alone():
    many = torus(disorder=DISORDER, samples=4, seed=2)
    [one] = torus(disorder=DISORDER, numbers=[3], seed=2)
    assert abs(many[3] - one).max() == 0
    assert abs(many[2] - one).max() > 0.1


def test_the_salt_of_a_sample_is_that_of_scattering():
    def onsite(site, salt):
        return kwant.digest.uniform(repr(site), salt)

    lattice = kwant.lattice.chain(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(i) for i in range(5))] = onsite
    builder[lattice.neighbors()] = -1
    first, second = mk.hamiltonians(builder, samples=2, seed=7)
    expected = builder.finalized().hamiltonian_submatrix(params={"salt": "7-1"})
    assert np.array_equal(second.toarray(), expected)
    assert abs(first - second).max() > 0.01


def test_parameters_of_dropped_leads_may_be_missing():
    lattice = kwant.lattice.chain(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(i) for i in range(3))] = 0
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = lambda site, gate: gate
    for part in (builder, lead):
        part[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    assert len(mk.hamiltonians(builder, leads="dropped")) == 1
    with pytest.raises(ValueError, match=r"needs? a value for 'gate'"):
        mk.scattering(builder, 0.1)


def test_positions_are_those_of_the_orbitals():
    system = SpinOrbitRibbon(2, 3, coupling="rashba")
    params = {"alpha": 0.2, "zeeman": 0.0, "flux": 0.0}
    ensemble = mk.hamiltonians(system, params=params, leads="dropped")
    assert ensemble.positions.shape == (12, 2)
    assert np.array_equal(ensemble.positions[::2], ensemble.positions[1::2])


@pytest.mark.parametrize(
    "observable", [mk.Conductance(), mk.ConductanceMatrix(), mk.ShotNoise(), mk.Reflection()]
)
def test_a_closed_system_has_no_conductance(observable):
    with pytest.raises(AttributeError, match=r"closed ensemble has no .* attach"):
        observable(torus())


@pytest.mark.parametrize(
    "observable",
    [mk.closed.Levels(), mk.closed.GapRatio(), mk.closed.LocalDensity(0.1)],
)
def test_scattering_matrices_have_no_spectrum(observable):
    with pytest.raises(TypeError, match="leads='dropped'"):
        observable(mk.scattering(Wire(3, 4), -0.7))


def test_a_system_with_leads_has_no_spectrum_unless_they_are_dropped():
    with pytest.raises(ValueError, match=r"2 leads.*pass leads='dropped'"):
        mk.hamiltonians(Wire(3, 4))
    with pytest.raises(ValueError, match="leads must be 'dropped'"):
        mk.hamiltonians(Wire(3, 4), leads="cut")


def test_a_system_without_leads_does_not_scatter():
    with pytest.raises(ValueError, match=r"no leads.*mesokwant\.hamiltonians"):
        mk.scattering(Lattice(5), -0.7)


@pytest.mark.parametrize(
    "options, answer",
    [
        ({"disorder": mk.Vacancies(0.1)}, "Vacancies"),
        ({"samples": 0}, "positive integer"),
        ({"seed": -1}, "seed"),
        ({"energy": np.nan}, "finite real number"),
        ({"params": {"quanta": 0, "flux": 1}}, "'flux' is no parameter"),
    ],
)
def test_wrong_input_is_refused(options, answer):
    with pytest.raises(ValueError, match=answer):
        mk.hamiltonians(Lattice(4, 5), **{"params": {"quanta": 0}, **options})
