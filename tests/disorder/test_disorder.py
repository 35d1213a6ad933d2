"""Disorder: distributions, the one door to randomness, and what stays clean."""

import kwant
import numpy as np
import pytest
from scipy import stats

import mesokwant as mk
from mesokwant.disorder import bind
from mesokwant.disorder.magnetic import PAULI
from mesokwant.hamiltonian.structure import structure_of
from systems import Ribbon, SpinOrbitRibbon, Wire

WIRE = structure_of(Wire(width=6, length=20).build())
SPINFUL = structure_of(SpinOrbitRibbon(width=4, length=10, coupling="rashba").build())
ALL = [
    mk.Anderson(1.3),
    mk.Gaussian(0.5, 0.0),
    mk.Gaussian(0.5, 2.0),
    mk.BondDisorder(0.4),
    mk.RandomFlux(0.3),
    mk.Vacancies(0.1),
    mk.MagneticImpurities(0.4, 0.5),
]


def clean_of(structure):
    params = dict.fromkeys(structure.system.parameters, 0.1)
    return structure.values(params)


def elements(disorder, structure, sample, seed=7, energy=-1.0):
    """The matrix of one sample minus the clean one, dense."""
    clean = clean_of(structure)
    bound = bind(disorder, structure)
    data = clean.copy()
    data[bound.entries] = bound.values(clean[bound.entries], seed, sample, energy)
    n = structure.num_orbitals
    matrices = np.zeros((2, n, n), complex)
    matrices[0, structure.rows, structure.indices] = data
    matrices[1, structure.rows, structure.indices] = clean
    return matrices


def difference(*args, **kwargs):
    matrices = elements(*args, **kwargs)
    return matrices[0] - matrices[1]


@pytest.mark.parametrize("disorder", ALL, ids=lambda d: type(d).__name__)
def test_a_sample_depends_on_seed_and_number_alone(disorder):
    first = difference(disorder, SPINFUL, 3)
    assert np.array_equal(first, difference(disorder, SPINFUL, 3))
    assert not np.array_equal(first, difference(disorder, SPINFUL, 4))
    assert not np.array_equal(first, difference(disorder, SPINFUL, 3, seed=8))


@pytest.mark.parametrize("disorder", ALL, ids=lambda d: type(d).__name__)
def test_every_sample_is_hermitian(disorder):
    matrix, _ = elements(disorder + mk.Anderson(0.5), SPINFUL, 0)
    assert np.array_equal(matrix, matrix.conj().T)


@pytest.mark.parametrize("weak, strong", [(mk.Anderson(0.5), mk.Anderson(2.0)),
                                          (mk.Gaussian(0.1, 1.5), mk.Gaussian(0.4, 1.5)),
                                          (mk.MagneticImpurities(0.2), mk.MagneticImpurities(0.8)),
                                          (mk.BondDisorder(0.1), mk.BondDisorder(0.4))],
                         ids=lambda d: type(d).__name__)  # fmt: skip
def test_strength_scales_the_same_numbers(weak, strong):
    assert np.allclose(4 * difference(weak, SPINFUL, 2), difference(strong, SPINFUL, 2), atol=1e-14)


def test_where_keeps_the_numbers_of_the_other_sites():
    left = mk.Anderson(1.0, where=lambda site: site.tag[0] < 5)
    part = difference(left, WIRE, 0).diagonal()
    chosen = np.array([site.tag[0] < 5 for site in WIRE.sites])
    assert np.array_equal(part[chosen], difference(mk.Anderson(1.0), WIRE, 0).diagonal()[chosen])
    assert not part[~chosen].any()


def test_where_without_any_site_says_so():
    with pytest.raises(ValueError, match="holds on no site"):
        bind(mk.Anderson(1.0, where=lambda site: False), WIRE)


def test_anderson_is_uniform():
    values = np.concatenate([difference(mk.Anderson(2.0), WIRE, i).diagonal() for i in range(40)])
    # One in a thousand seeds fails this.
    assert stats.kstest(values.real, "uniform", (-1.0, 2.0)).pvalue > 1e-3


def test_anderson_acts_alike_on_all_orbitals_unless_told_otherwise():
    diagonal = difference(mk.Anderson(1.0), SPINFUL, 0).diagonal()
    assert np.allclose(diagonal[::2], diagonal[1::2], atol=1e-14)
    staggered = difference(mk.Anderson(1.0, matrix=PAULI[2]), SPINFUL, 0).diagonal()
    assert np.allclose(staggered[::2], diagonal[::2])
    assert np.allclose(staggered[1::2], -diagonal[1::2])


def test_gaussian_has_the_stated_covariance():
    length = 1.5
    structure = structure_of(Wire(width=9, length=9).build())
    bound = bind(mk.Gaussian(0.7, length), structure)
    zero = np.zeros(len(bound.entries))
    values = np.array([bound.values(zero, 1, i, 0.0) for i in range(4000)])
    tags = np.array([site.tag for site in structure.sites])
    centre = int(np.flatnonzero((tags == 4).all(axis=1))[0])
    covariance = np.mean(values[:, [centre]] * values, axis=0)
    distance = np.linalg.norm(tags - 4, axis=1)
    expected = 0.7**2 * np.exp(-(distance**2) / (2 * length**2))
    # 5 standard errors of a covariance of 4000 samples; the sites near the edge are smoothed over
    # fewer neighbours, so compare the inner ones.
    inner = distance <= 3
    assert np.abs(covariance - expected)[inner].max() < 5 * 0.7**2 * np.sqrt(2 / 4000)
    assert np.abs(values.var(axis=0) / 0.49 - 1).max() < 5 * np.sqrt(2 / 4000)


def test_magnetic_impurities_are_random_unit_spins():
    matrix = difference(mk.MagneticImpurities(0.3), SPINFUL, 0)
    spins = []
    for site in range(SPINFUL.num_sites):
        block = matrix[2 * site : 2 * site + 2, 2 * site : 2 * site + 2]
        spins.append([np.trace(block @ pauli).real / 2 for pauli in PAULI])
    assert np.allclose(np.linalg.norm(spins, axis=1), 0.3)
    assert np.abs(np.mean(spins, axis=0)).max() < 5 * 0.3 / np.sqrt(3 * len(spins))


def test_magnetic_impurities_need_spin():
    with pytest.raises(ValueError, match="even number of orbitals"):
        bind(mk.MagneticImpurities(0.1), WIRE)


def test_bonds_keep_their_kind():
    disordered, clean = elements(mk.RandomFlux(0.3), WIRE, 0)
    assert np.allclose(np.abs(disordered), np.abs(clean))
    assert np.ptp(np.angle(disordered[clean != 0])) > 1
    disordered, clean = elements(mk.BondDisorder(0.4), WIRE, 0)
    factor = (disordered[clean != 0] / clean[clean != 0]).real
    assert 0.8 <= factor.min() < factor.max() <= 1.2
    assert bind(mk.BondDisorder(0.4), WIRE).real
    assert not bind(mk.RandomFlux(0.4), WIRE).real


def test_vacancies_are_what_kwant_has_without_the_sites():
    wire = Wire(width=6, length=20)
    structure = structure_of(wire.build())
    matrix, _ = elements(mk.Vacancies(0.15) + mk.Anderson(1.0), structure, 5)
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
])  # fmt: skip
def test_values_that_mean_nothing_are_refused(make):
    with pytest.raises(ValueError, match="must"):
        make()


def test_matrix_must_fit_and_be_hermitian():
    with pytest.raises(ValueError, match="orbitals"):
        bind(mk.Anderson(1.0, matrix=np.eye(2)), WIRE)
    with pytest.raises(ValueError, match="Hermitian"):
        bind(mk.Anderson(1.0, matrix=[[0, 1], [0, 0]]), SPINFUL)


def test_zero_is_the_clean_limit():
    kinds = mk.Anderson, mk.BondDisorder, mk.RandomFlux, mk.Vacancies, mk.MagneticImpurities
    for disorder in (*(kind(0.0) for kind in kinds), mk.Gaussian(0.0, 1.0)):
        assert not difference(disorder, SPINFUL, 0).any()


def test_disorder_is_a_value():
    total = mk.Anderson(1.0) + mk.Vacancies(0.1) + mk.RandomFlux(0.2)
    assert total == (mk.Anderson(1.0) + mk.Vacancies(0.1)) + mk.RandomFlux(0.2)
    assert len({total, total + mk.Anderson(2.0)}) == 2
    assert hash(mk.Anderson(1.0, matrix=np.eye(2)))
    with pytest.raises(TypeError, match="disorder must be a value"):
        mk.scattering(Ribbon(4, 4), -1.0, params={"flux": 0.0}, disorder=1.5)
