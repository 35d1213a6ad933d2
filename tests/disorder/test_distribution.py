"""The distribution and the correlations of every kind of disorder, against what it states.

All random numbers are seeded, so no test fails by chance; the bounds say how unlikely the
numbers would be. A Kolmogorov-Smirnov test holds if its p-value is above 1e-3, a moment if
it lies within five standard errors.
"""

import numpy as np
import pytest
from scipy import stats

import mesokwant as mk
from mesokwant.disorder.magnetic import PAULI
from mesokwant.disorder.potential import _smoothing
from mesokwant.hamiltonian.structure import structure_of
from systems import Chain, Ribbon, Wire
from tests.helpers import shown

from .matrices import SPINFUL, WIRE, difference, matrices, potentials

LEAST_P, SIGMAS = 1e-3, 5


def assert_uniform(values, width):
    """Check that the values are uniform in [-width/2, width/2] and fill the box."""
    values = np.ravel(values)
    assert np.abs(values).max() <= width / 2
    assert np.ptp(values) > 0.99 * width
    assert stats.kstest(values, "uniform", (-width / 2, width)).pvalue > LEAST_P


def assert_count(count, trials, probability):
    """Check that a number of successes is that of independent trials."""
    error = np.sqrt(trials * probability * (1 - probability))
    assert abs(count - trials * probability) < SIGMAS * error


@pytest.mark.parametrize("strength", [0.4, 2.0])
def test_anderson_potential_fills_its_box_uniformly(strength):
    values = potentials(mk.Anderson(strength), WIRE, 40)
    assert_uniform(values, strength)
    # <V²> = strength²/12; the fourth moment of a box gives V² the variance 4/5 <V²>².
    relative = np.mean(values**2) / (strength**2 / 12) - 1
    assert abs(relative) < SIGMAS * np.sqrt(0.8 / values.size)


@pytest.mark.parametrize("disorder", [mk.Anderson(1.0), mk.Gaussian(0.5, 0.0)], ids=shown)
def test_white_noise_has_no_correlation_between_sites_samples_or_seeds(disorder):
    values = potentials(disorder, WIRE, 400)
    values /= values.std()
    other = potentials(disorder, WIRE, 400, seed=8)
    other /= other.std()
    for product in (values[:, 1:] * values[:, :-1], values[1:] * values[:-1], values * other):
        assert abs(product.mean()) < SIGMAS / np.sqrt(product.size)


def test_terms_of_a_sum_have_random_numbers_of_their_own():
    values = potentials(mk.Anderson(1.0) + mk.Anderson(1.0), WIRE, 100)
    # Equal numbers would give the variance 4/12 and not 2/12; for the triangular density of
    # the sum, <V⁴> = 2.4 <V²>².
    assert abs(np.mean(values**2) * 6 - 1) < SIGMAS * np.sqrt(1.4 / values.size)


@pytest.mark.parametrize("correlation_length", [0.0, 1.5])
def test_gaussian_potential_is_normal_with_the_stated_strength_on_every_site(correlation_length):
    values = potentials(mk.Gaussian(0.7, correlation_length), WIRE, 1000)
    for site in (0, 5, 63, 119):  # corners and the inside
        assert stats.kstest(values[:, site], "norm", (0, 0.7)).pvalue > LEAST_P
    assert np.abs(values.var(axis=0) / 0.49 - 1).max() < SIGMAS * np.sqrt(2 / 1000)


@pytest.mark.parametrize("correlation_length", [1.0, 1.5, 2.0])
def test_gaussian_potential_has_the_stated_covariance(correlation_length):
    strength, samples = 0.7, 4000
    structure = structure_of(Wire(width=11, length=11).build())
    values = potentials(mk.Gaussian(strength, correlation_length), structure, samples)
    tags = np.array([site.tag for site in structure.sites])
    centre = int(np.flatnonzero((tags == 5).all(axis=1))[0])
    covariance = np.mean(values[:, [centre]] * values, axis=0)
    distance = np.linalg.norm(tags - 5, axis=1)
    expected = strength**2 * np.exp(-(distance**2) / (2 * correlation_length**2))
    # The stated formula holds up to the discreteness of the lattice, relative to the variance
    # in each of two directions, and for sites away from the edges.
    lattice = 2 * 4 * np.exp(-((np.pi * correlation_length) ** 2) / 2)
    inner = distance <= 4
    allowed = strength**2 * (SIGMAS * np.sqrt(2 / samples) + lattice)
    assert np.abs(covariance - expected)[inner].max() < allowed


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_smoothing_gives_the_covariance_to_the_discreteness_of_the_lattice(dimension):
    correlation_length, size = 1.2, 11
    tags = np.array(list(np.ndindex(*(size,) * dimension)))
    smoothing = _smoothing(tags.astype(float), correlation_length)
    covariance = (smoothing @ smoothing.T).toarray()
    np.testing.assert_allclose(covariance.diagonal(), 1)
    centre = int(np.flatnonzero((tags == size // 2).all(axis=1))[0])
    distance = np.linalg.norm(tags - size // 2, axis=1)
    expected = np.exp(-(distance**2) / (2 * correlation_length**2))
    error = np.abs(covariance[centre] - expected)[distance <= 2].max()
    correction = 4 * np.exp(-((np.pi * correlation_length) ** 2) / 2)
    assert correction / 10 < error < dimension * correction


@pytest.mark.parametrize("correlation_length", [2.0, 5.0])
def test_smoothing_is_cut_where_nothing_is_left(correlation_length):
    places = np.arange(121.0)[:, None]
    smoothing = _smoothing(places, correlation_length)
    covariance = (smoothing @ smoothing.T).toarray()[60]
    expected = np.exp(-((places[:, 0] - 60) ** 2) / (2 * correlation_length**2))
    np.testing.assert_allclose(covariance, expected, atol=1e-6)


def test_matrix_and_orbitals_share_the_potential_of_their_site():
    for disorder in (mk.Anderson(1.0), mk.Gaussian(0.5, 1.5)):
        plain = difference(disorder, SPINFUL, 0).diagonal()
        np.testing.assert_allclose(plain[::2], plain[1::2], atol=1e-14)
        kind = type(disorder)
        fields = {name: getattr(disorder, name) for name in disorder.units}
        sigma_y = difference(kind(**fields, matrix=PAULI[1]), SPINFUL, 0)
        np.testing.assert_allclose(np.diag(sigma_y, 1)[::2], -1j * plain[::2], atol=1e-14)
        assert not sigma_y.diagonal().any()


@pytest.mark.parametrize("strength", [0.4, 1.2])
def test_bond_disorder_scales_hoppings_uniformly_and_symmetrically(strength):
    factors = []
    for sample in range(20):
        disordered, clean = matrices(mk.BondDisorder(strength), WIRE, sample)
        np.testing.assert_array_equal(disordered, disordered.T)
        assert not disordered.diagonal().any()
        forward = np.triu(clean) != 0
        factors.append((disordered[forward] / clean[forward]).real)
    assert_uniform(np.array(factors) - 1, strength)
    product = (factors[0] - 1) * (factors[1] - 1)
    assert abs(product.mean()) < SIGMAS * strength**2 / 12 / np.sqrt(product.size)


@pytest.mark.parametrize("strength", [0.3, 1.0])
@pytest.mark.parametrize("structure", [WIRE, SPINFUL], ids=["wire", "spinful"])
def test_random_flux_gives_every_bond_one_uniform_phase(structure, strength):
    phases = []
    for sample in range(30):
        disordered, clean = matrices(mk.RandomFlux(strength), structure, sample)
        np.testing.assert_allclose(np.abs(disordered), np.abs(clean), atol=1e-14)
        rows, columns = np.nonzero(np.triu(clean, 2 if structure is SPINFUL else 1))
        phase = np.angle(disordered[rows, columns] / clean[rows, columns]) / (2 * np.pi)
        norb = structure.num_orbitals // structure.num_sites
        bond, first, which = np.unique(
            rows // norb * structure.num_sites + columns // norb,
            return_index=True,
            return_inverse=True,
        )
        assert len(bond) > 50
        np.testing.assert_allclose(
            np.exp(2j * np.pi * phase), np.exp(2j * np.pi * phase[first][which]), atol=1e-12
        )
        phases.append(phase[first])
    assert_uniform(phases, strength)


def test_random_spin_orbit_coupling_rotates_the_spin_about_isotropic_axes():
    strength, axes = 0.4, []
    for sample in range(20):
        disordered, clean = matrices(mk.RandomSpinOrbit(strength), SPINFUL, sample)
        found, without = (
            m.reshape(-1, 2, len(m) // 2, 2).swapaxes(1, 2) for m in (disordered, clean)
        )
        rows, columns = np.nonzero(np.triu(abs(without).max(axis=(2, 3)), 1))
        rotation = np.linalg.solve(without[rows, columns], found[rows, columns])
        unit = np.einsum("bij,aji->ba", rotation, PAULI) / 2j / np.sin(strength)
        np.testing.assert_allclose(np.trace(rotation, axis1=1, axis2=2), 2 * np.cos(strength))
        np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1)
        axes.append(unit.real)
    axes = np.concatenate(axes)
    # The mean of n n^T is 1/3; an element of it has the variance 4/45 or 1/15 of one axis.
    np.testing.assert_allclose(
        axes.T @ axes / len(axes), np.eye(3) / 3, atol=SIGMAS * np.sqrt(4 / 45 / len(axes))
    )
    assert np.all(abs(axes.mean(axis=0)) < SIGMAS / np.sqrt(3 * len(axes)))


def test_random_flux_adds_to_the_flux_of_a_field():
    structure = structure_of(Ribbon(2, 2).build())
    params = {"flux": 0.1}
    # Sites in order (0, 0), (0, 1), (1, 0), (1, 1); the loop is counterclockwise.
    loop = ([2, 3, 1, 0], [0, 2, 3, 1])
    ensemble = mk.scattering(
        Ribbon(2, 2), -1.0, params=params, disorder=mk.RandomFlux(0.2), samples=3
    )
    clean = structure.system.hamiltonian_submatrix(params=params)
    values = ensemble.problem.values(range(3))
    for sample in range(3):
        matrix = ensemble.problem.hamiltonian(values[sample]).toarray()
        turned = np.angle(matrix[loop] / clean[loop]).sum() / (2 * np.pi)
        flux = np.angle(np.prod(matrix[loop])) / (2 * np.pi)
        assert 0 < abs(turned) < 0.4
        assert flux == pytest.approx(0.1 + turned, abs=1e-12)


def test_magnetic_impurities_are_isotropic_spins_at_the_stated_concentration():
    strength, concentration, samples = 0.3, 0.4, 60
    spins = []
    for sample in range(samples):
        matrix = difference(mk.MagneticImpurities(strength, concentration), SPINFUL, sample)
        for site in range(SPINFUL.num_sites):
            orbitals = slice(2 * site, 2 * site + 2)
            block = matrix[orbitals, orbitals]
            assert abs(np.trace(block)) < 1e-14
            spins.append([np.trace(block @ pauli).real / 2 for pauli in PAULI])
            matrix[orbitals, orbitals] = 0
        assert not matrix.any()
    spins = np.array(spins)
    present = spins.any(axis=1)
    assert_count(present.sum(), len(spins), concentration)
    unit = spins[present] / strength
    np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1)
    # A direction is isotropic if every component is uniform (Archimedes) and the azimuth
    # about one axis is uniform and independent of the component along it.
    for component in unit.T:
        assert stats.kstest(component, "uniform", (-1, 2)).pvalue > LEAST_P
    azimuth = np.arctan2(unit[:, 1], unit[:, 0])
    assert stats.kstest(azimuth, "uniform", (-np.pi, 2 * np.pi)).pvalue > LEAST_P
    second_moments = unit.T @ unit / len(unit)
    # <n_a² n_b²> = 1/15 and 1/5 for unit vectors: the largest standard error is (4/45/n)^½.
    assert np.abs(second_moments - np.eye(3) / 3).max() < SIGMAS * np.sqrt(4 / 45 / len(unit))


@pytest.mark.parametrize("concentration", [0.05, 0.15])
def test_vacancies_are_independent_at_the_stated_concentration(concentration):
    # Sites of one sublattice are cut off by vacancies on the same sublattice hardly ever, so
    # all that are missing were drawn.
    samples = 300
    structure = structure_of(Wire(width=10, length=20).build())
    tags = np.array([site.tag for site in structure.sites])
    inner = (tags[:, 0] > 0) & (tags[:, 0] < 19) & (tags.sum(axis=1) % 2 == 0)
    disorder = mk.Vacancies(concentration, where=lambda site: sum(site.tag) % 2 == 0)
    missing = np.array(
        [(difference(disorder, structure, i).diagonal() != 0)[inner] for i in range(samples)]
    )
    assert_count(missing.sum(), missing.size, concentration)
    # The counts of independent sites are binomial.
    counts = missing.sum(axis=1)
    expected = inner.sum() * concentration * (1 - concentration)
    assert abs(counts.var(ddof=1) / expected - 1) < SIGMAS * np.sqrt(2 / samples)


def test_chain_has_disorder_in_one_dimension_too():
    structure = structure_of(Chain(60).build())
    assert_uniform(potentials(mk.Anderson(1.0), structure, 40), 1.0)
    values = potentials(mk.Gaussian(1.0, 2.0), structure, 2000)
    for distance in (1, 2, 5):
        measured = np.mean(values[:, 30] * values[:, 30 + distance])
        assert abs(measured - np.exp(-(distance**2) / 8)) < SIGMAS * np.sqrt(2 / 2000)
