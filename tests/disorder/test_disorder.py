"""Disorder: the one door to randomness, what stays clean, names and units, what is refused."""

import dataclasses

import kwant
import numpy as np
import pytest

import mesokwant as mk
from mesokwant.disorder.base import Disorder, kind_name, term_names
from mesokwant.disorder.bonds import BondFactors
from mesokwant.disorder.configurations import bind
from mesokwant.disorder.magnetic import PAULI
from mesokwant.disorder.potential import SitePotential
from mesokwant.hamiltonian.structure import structure_of
from mesokwant.solver.problem import make_problem
from systems import Ribbon, SpinOrbitRibbon, Wire
from tests.helpers import shown

from .matrices import SPINFUL, WIRE, difference, matrices

ALL = [
    mk.Anderson(1.3),
    mk.Gaussian(0.5, 0.0),
    mk.Gaussian(0.5, 2.0),
    mk.BondDisorder(0.4),
    mk.RandomFlux(0.3),
    mk.Vacancies(0.1),
    mk.MagneticImpurities(0.4, 0.5),
    mk.RandomSpinOrbit(0.3),
]

every_kind = pytest.mark.parametrize("disorder", ALL, ids=shown)


@every_kind
def test_sample_depends_on_seed_and_number_alone(disorder):
    first = difference(disorder, SPINFUL, 3)
    assert np.array_equal(first, difference(disorder, SPINFUL, 3))
    assert not np.array_equal(first, difference(disorder, SPINFUL, 4))
    assert not np.array_equal(first, difference(disorder, SPINFUL, 3, seed=8))


@every_kind
def test_every_sample_is_hermitian(disorder):
    matrix, _ = matrices(disorder + mk.Anderson(0.5), SPINFUL, 0)
    assert np.array_equal(matrix, matrix.conj().T)


@pytest.mark.parametrize("weak, strong", [(mk.Anderson(0.5), mk.Anderson(2.0)),
                                          (mk.Gaussian(0.1, 1.5), mk.Gaussian(0.4, 1.5)),
                                          (mk.MagneticImpurities(0.2), mk.MagneticImpurities(0.8)),
                                          (mk.BondDisorder(0.1), mk.BondDisorder(0.4))],
                         ids=lambda d: type(d).__name__)  # fmt: skip
def test_strength_scales_the_same_numbers(weak, strong):
    assert np.allclose(4 * difference(weak, SPINFUL, 2), difference(strong, SPINFUL, 2), atol=1e-14)


def test_where_keeps_the_numbers_of_the_other_sites():
    partial = mk.Anderson(1.0, where=lambda site: site.tag[0] < 5)
    part = difference(partial, WIRE, 0).diagonal()
    chosen = np.array([site.tag[0] < 5 for site in WIRE.sites])
    assert np.array_equal(part[chosen], difference(mk.Anderson(1.0), WIRE, 0).diagonal()[chosen])
    assert not part[~chosen].any()


def test_where_without_any_site_says_so():
    with pytest.raises(ValueError, match="holds on no site"):
        bind(mk.Anderson(1.0, where=lambda site: False), WIRE)


def test_anderson_acts_alike_on_all_orbitals_unless_told_otherwise():
    diagonal = difference(mk.Anderson(1.0), SPINFUL, 0).diagonal()
    assert np.allclose(diagonal[::2], diagonal[1::2], atol=1e-14)
    staggered = difference(mk.Anderson(1.0, matrix=PAULI[2]), SPINFUL, 0).diagonal()
    assert np.allclose(staggered[::2], diagonal[::2])
    assert np.allclose(staggered[1::2], -diagonal[1::2])


def test_random_spin_orbit_coupling_needs_spin():
    with pytest.raises(ValueError, match="even number of orbitals"):
        bind(mk.RandomSpinOrbit(0.3), WIRE)


def test_random_spin_orbit_coupling_keeps_time_reversal():
    params = {"alpha": 0.2, "flux": 0.0, "zeeman": 0.0}
    system = SpinOrbitRibbon(3, 5, coupling="rashba")
    problem = make_problem(system, -1.1, params=params, disorder=mk.RandomSpinOrbit(0.7))
    matrix = problem.hamiltonian(problem.values([0])[0]).toarray()
    reversal = np.kron(np.eye(len(matrix) // 2), [[0, -1], [1, 0]])
    np.testing.assert_allclose(reversal @ matrix.conj() @ reversal.T, matrix, atol=1e-14)


def test_magnetic_impurities_need_spin():
    with pytest.raises(ValueError, match="even number of orbitals"):
        bind(mk.MagneticImpurities(0.1), WIRE)


def test_bond_disorder_keeps_a_real_hamiltonian_real_and_random_flux_does_not():
    assert bind(mk.BondDisorder(0.4), WIRE).real
    assert not bind(mk.RandomFlux(0.4), WIRE).real


def test_spins_make_a_real_hamiltonian_complex():
    params = {"alpha": 0.0, "zeeman": 0.0, "flux": 0.0}
    system = SpinOrbitRibbon(3, 5, coupling="rashba")
    disorder = mk.MagneticImpurities(0.5)
    problem = make_problem(system, -1.1, params=params, disorder=disorder)
    assert not np.iscomplexobj(problem.clean) and not problem.real
    sample = problem.hamiltonian(problem.values([0])[0]).toarray()
    blocks = [sample[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] for i in range(15)]
    for block in blocks:
        np.testing.assert_allclose(np.linalg.eigvalsh(block), [-0.5, 0.5], atol=1e-14)


@pytest.mark.parametrize("kind", [mk.BondDisorder, mk.RandomFlux])
def test_where_chooses_bonds_with_both_ends_there(kind):
    inside = {i for i, site in enumerate(WIRE.sites) if site.tag[0] < 5}
    changed = difference(kind(0.4, where=lambda site: site.tag[0] < 5), WIRE, 0)
    whole = difference(kind(0.4), WIRE, 0)
    for row, column in np.argwhere(whole):
        kept = row in inside and column in inside
        assert changed[row, column] == (whole[row, column] if kept else 0)


def test_vacancies_are_what_kwant_has_without_the_sites():
    wire = Wire(width=6, length=20)
    structure = structure_of(wire.build())
    matrix, _ = matrices(mk.Vacancies(0.15) + mk.Anderson(1.0), structure, 5)
    gone = [
        i for i in range(structure.num_sites) if not matrix[i, np.arange(len(matrix)) != i].any()
    ]
    assert 5 < len(gone) < 40
    assert not set(gone) & set(structure.interface_sites.tolist())
    onsite = dict(zip(structure.sites, matrix.diagonal().real, strict=True))
    builder = wire.builder()
    for site, value in onsite.items():
        builder[site] = value
    for index in gone:
        del builder[structure.sites[index]]
    expected = kwant.smatrix(builder.finalized(), -1.0).transmission(1, 0)
    ensemble = mk.scattering(
        wire, -1.0, disorder=mk.Vacancies(0.15) + mk.Anderson(1.0), numbers=[5], seed=7
    )
    assert ensemble.transmission(1, 0)[0] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("other", [mk.Anderson(9.0), mk.BondDisorder(0.8)], ids=shown)
def test_vacancies_have_the_last_word_wherever_they_stand_in_a_sum(other):
    structure = structure_of(Wire(width=6, length=20).build())
    for disorder in (mk.Vacancies(0.2) + other, other + mk.Vacancies(0.2)):
        matrix, _ = matrices(disorder, structure, 3, energy=-1.0)
        cut = ~(matrix - np.diag(matrix.diagonal())).any(axis=1)
        isolated = matrix.diagonal()[cut].real
        assert len(isolated) > 10
        # Removed sites have one energy, farther from E than any element of H is large.
        assert np.ptp(isolated) == 0
        assert abs(isolated[0] + 1.0) >= np.abs(matrix[~cut]).max()


def test_vacancies_grow_with_their_concentration():
    def removed(concentration):
        return difference(mk.Vacancies(concentration), WIRE, 1).diagonal() != 0

    assert np.all(removed(0.3)[removed(0.1)])


def test_islands_cut_off_by_vacancies_do_no_harm():
    # At E = 0 an isolated site is a pole of the linear system.
    ensemble = mk.scattering(
        Wire(width=5, length=12), 1e-12, disorder=mk.Vacancies(0.45), samples=40, solver="kwant"
    )
    transmission = ensemble.transmission(1, 0)
    assert np.all(np.isfinite(transmission))
    reflection = ensemble.transmission(0, 0)
    assert np.allclose(transmission + reflection, ensemble.num_propagating(0), atol=1e-9)


def test_leads_are_clean():
    ensembles = [
        mk.scattering(Wire(5, 8), -1.0, disorder=disorder, samples=2)
        for disorder in (None, mk.Anderson(3.0))
    ]
    momenta = [ensemble[0].lead_info[0].momenta for ensemble in ensembles]
    assert np.array_equal(*momenta)


@pytest.mark.parametrize("make", [
    lambda: mk.Anderson(-1.0), lambda: mk.Anderson(np.nan), lambda: mk.Gaussian(1.0, -2.0),
    lambda: mk.Vacancies(1.5), lambda: mk.Vacancies(-0.1), lambda: mk.BondDisorder(np.inf),
    lambda: mk.MagneticImpurities(1.0, 2.0), lambda: mk.RandomFlux(-0.1),
    lambda: mk.RandomSpinOrbit(-0.1),
])  # fmt: skip
def test_values_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match="must"):
        make()


@pytest.mark.parametrize("value", ["1", None, 1j, True, np.array([1.0]), [0.5]], ids=shown)
@pytest.mark.parametrize("disorder", ALL, ids=shown)
def test_values_of_another_type_are_refused_in_one_sentence(disorder, value):
    for name in disorder.units:
        wanted = f"{type(disorder).__name__}: {name} must be a .*number"
        with pytest.raises(TypeError, match=wanted):
            dataclasses.replace(disorder, **{name: value})


def test_numbers_of_numpy_are_numbers():
    assert mk.Anderson(np.float32(1.5)) == mk.Anderson(np.int64(3) / 2) == mk.Anderson(1.5)


def test_matrix_must_fit_and_be_hermitian():
    with pytest.raises(ValueError, match="orbitals"):
        bind(mk.Anderson(1.0, matrix=np.eye(2)), WIRE)
    with pytest.raises(ValueError, match="Hermitian"):
        bind(mk.Anderson(1.0, matrix=[[0, 1], [0, 0]]), SPINFUL)
    with pytest.raises(TypeError, match="matrix must be a square array of numbers"):
        mk.Anderson(1.0, matrix="sigma_z")


def test_where_must_be_a_function_of_a_site():
    with pytest.raises(TypeError, match="must be a function of a kwant Site"):
        bind(mk.Anderson(1.0, where=3), WIRE)


def test_zero_is_the_clean_limit():
    kinds = mk.Anderson, mk.BondDisorder, mk.RandomFlux, mk.Vacancies, mk.MagneticImpurities
    others = mk.Gaussian(0.0, 1.0), mk.RandomSpinOrbit(0.0)
    for disorder in (*(kind(0.0) for kind in kinds), *others):
        assert not difference(disorder, SPINFUL, 0).any()


def test_disorder_is_a_value():
    total = mk.Anderson(1.0) + mk.Vacancies(0.1) + mk.RandomFlux(0.2)
    assert total == (mk.Anderson(1.0) + mk.Vacancies(0.1)) + mk.RandomFlux(0.2)
    assert len({total, total + mk.Anderson(2.0)}) == 2
    assert hash(mk.Anderson(1.0, matrix=np.eye(2)))
    with pytest.raises(TypeError, match="disorder must be a value"):
        mk.scattering(Ribbon(4, 4), -1.0, params={"flux": 0.0}, disorder=1.5)


@every_kind
def test_every_kind_has_a_unit_for_each_of_its_numbers(disorder):
    fields = {field.name for field in dataclasses.fields(disorder)}
    assert set(disorder.units) == fields - {"where", "matrix"}
    assert "units" not in fields


def test_terms_are_named_by_their_kind():
    assert [kind_name(disorder) for disorder in ALL] == [
        "anderson", "gaussian", "gaussian", "bond_disorder", "random_flux", "vacancies",
        "magnetic_impurities", "random_spin_orbit",
    ]  # fmt: skip
    assert term_names(None) == ()
    assert term_names(mk.Anderson(1.0)) == ("anderson",)
    total = mk.Anderson(1.0) + mk.RandomFlux(0.1) + mk.Anderson(2.0)
    assert term_names(total) == ("anderson.0", "random_flux", "anderson.1")


def test_acronym_in_the_name_of_a_kind_stays_one_word():
    class RKKYCoupling(Disorder):
        pass

    assert kind_name(RKKYCoupling()) == "rkky_coupling"


def test_kind_without_bind_is_told_what_is_missing():
    class Nothing(Disorder):
        pass

    with pytest.raises(NotImplementedError, match=r"Nothing .* a method bind\(structure\)"):
        bind(Nothing(), WIRE)


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros(120, complex), 0.0], ids=shown)
def test_site_potential_of_another_shape_or_complex_is_refused(wrong):
    @dataclasses.dataclass(frozen=True)
    class Fixed(Disorder):
        def bind(self, structure):
            return SitePotential(structure, lambda rng: wrong)

    with pytest.raises(ValueError, match="array of 120 real numbers, one per site"):
        difference(Fixed(), WIRE, 0)


def test_bond_factor_is_that_of_the_hopping_to_the_smaller_site():
    @dataclasses.dataclass(frozen=True)
    class Numbered(Disorder):
        def bind(self, structure):
            return BondFactors(structure, lambda rng, n: 1j * np.arange(1, n + 1), real=False)

    disordered, clean = matrices(Numbered(), WIRE, 0)
    rows, columns = np.nonzero(np.triu(clean))
    factors = disordered[rows, columns] / clean[rows, columns]
    np.testing.assert_allclose(factors, 1j * np.arange(1, len(rows) + 1))
    np.testing.assert_array_equal(disordered, disordered.conj().T)
