"""Wave packets move as the exponential of the Hamiltonian says, and densities add up."""

import numpy as np
import pytest
import scipy.linalg

import mesokwant as mk
from mesokwant.closed import Evolution, LocalDensity, evolve
from mesokwant.closed.chebyshev import spectral_bounds
from systems import Lattice, SpinOrbitRibbon

TIMES = (0.0, 0.3, 7.0, 100.0, -20.0)


def torus(quanta=0, samples=1, strength=3.0, energy=-0.4):
    return mk.hamiltonians(
        Lattice(5, 6),
        params={"quanta": quanta},
        disorder=mk.Anderson(strength),
        samples=samples,
        energy=energy,
    )


def some_states(size, dtype, number=3):
    rng = np.random.default_rng(1)
    states = rng.normal(size=(size, number)).astype(dtype)
    if dtype is complex:
        states += 1j * rng.normal(size=states.shape)
    return states / np.linalg.norm(states, axis=0)


@pytest.mark.parametrize("quanta", [0, 2], ids=["real", "complex"])
@pytest.mark.parametrize("dtype", [float, complex])
def test_evolution_is_that_of_the_matrix_exponential(quanta, dtype):
    [matrix] = torus(quanta)
    states = some_states(30, dtype)
    found = evolve(matrix, states, TIMES)
    for time, at_time in zip(TIMES, found, strict=True):
        expected = scipy.linalg.expm(-1j * time * matrix.toarray()) @ states
        assert np.abs(at_time - expected).max() < 1e-11


@pytest.mark.parametrize("width", [None, 0.3])
def test_norm_and_energy_are_conserved(width):
    [matrix] = torus(2)
    found = evolve(matrix, some_states(30, float), (0.0, 1.0, 50.0, 1000.0), width=width)
    norms = np.sum(np.abs(found) ** 2, axis=1)
    energies = np.einsum("tiv,ij,tjv->tv", found.conj(), matrix.toarray(), found).real
    assert np.abs(norms - norms[0]).max() < 1e-10
    assert np.abs(energies - energies[0]).max() < 1e-10


def test_the_filter_weighs_levels_by_a_gaussian():
    [matrix] = torus(1)
    levels, vectors = np.linalg.eigh(matrix.toarray())
    states = some_states(30, complex)
    found = evolve(matrix, states, [0.0], energy=-0.5, width=0.2)[0]
    weights = np.abs(vectors.conj().T @ found) ** 2
    before = np.abs(vectors.conj().T @ states) ** 2
    gaussian = np.exp(-((levels + 0.5) ** 2) / (2 * 0.2**2))
    assert np.allclose(weights, gaussian[:, None] * before, atol=1e-12)


def test_amplitudes_at_some_orbitals_are_those_of_the_whole():
    [matrix] = torus()
    states = some_states(30, float)
    whole = evolve(matrix, states, TIMES, width=0.5)
    assert np.allclose(
        evolve(matrix, states, TIMES, width=0.5, orbitals=[3, 17]), whole[:, [3, 17]]
    )
    assert np.allclose(evolve(matrix, states[:, 1], TIMES, width=0.5), whole[..., 1], atol=1e-13)


def test_bounds_enclose_the_spectrum():
    for matrix in torus(2, samples=5, strength=20.0):
        centre, half = spectral_bounds(matrix)
        assert np.abs(np.linalg.eigvalsh(matrix.toarray()) - centre).max() <= half


def test_a_clean_packet_is_ballistic():
    # Along each direction <x²> = 2t² from a site, until it has gone around.
    chain = mk.hamiltonians(Lattice(60), samples=2, disorder=mk.Anderson(0.0))

    def start(positions):
        return (positions[:, 0] == 30).astype(float)

    def spread(states, positions):
        return np.sum((positions[:, 0] - 30) ** 2 * np.abs(states) ** 2, axis=1)

    times = (0.0, 2.0, 8.0)
    found = Evolution(start, times, spread)(chain)
    assert np.allclose(found, 2 * np.square(times), atol=1e-8)


def test_an_evolution_at_some_sites_sees_these_alone():
    def start(positions):
        return np.identity(len(positions))[:, :2]

    def densities(states, positions):
        assert positions.shape == (6, 2) and np.all(positions[:, 0] == 1)
        return np.sum(np.abs(states) ** 2, axis=1)

    ensemble = torus(samples=2)
    observable = Evolution(start, (1.0, 2.0), densities, at=lambda r: r[0] == 1, inner=("packet",))
    assert observable(ensemble).shape == (2, 2, 2)
    assert observable.dims == ("time", "packet")


@pytest.mark.parametrize("quanta", [0, 2])
def test_the_local_density_is_that_of_the_eigenstates(quanta):
    ensemble = torus(quanta, samples=2)
    energies = (-5.0, 0.1, 2.0)
    found = LocalDensity(0.25, energies=energies)(ensemble)
    for matrix, density in zip(ensemble, found, strict=True):
        levels, vectors = np.linalg.eigh(matrix.toarray())
        lines = np.exp(-((np.array(energies)[:, None] - levels) ** 2) / (2 * 0.25**2))
        expected = lines / (0.25 * np.sqrt(2 * np.pi)) @ np.abs(vectors.T) ** 2
        assert np.abs(density - expected).max() < 1e-12


def test_the_integral_of_the_local_density_counts_orbitals():
    system = SpinOrbitRibbon(2, 3, coupling="rashba")
    params = {"alpha": 0.2, "zeeman": 0.1, "flux": 0.0}
    ensemble = mk.hamiltonians(system, params=params, leads="dropped")
    energies = tuple(np.arange(-7, 7, 0.1))
    density = LocalDensity(0.2, energies=energies, where=lambda site: site.pos[0] == 1)(ensemble)
    assert density.shape == (1, len(energies), 2)
    assert np.allclose(density.sum(axis=1) * 0.1, 2, atol=1e-9)


def test_without_energies_the_density_is_that_at_the_energy_of_the_ensemble():
    ensemble = torus(energy=0.7)
    assert np.array_equal(LocalDensity(0.3)(ensemble), LocalDensity(0.3, energies=(0.7,))(ensemble))


@pytest.mark.parametrize(
    "call, answer",
    [
        (lambda: evolve(np.ones((3, 2)), [1, 0, 0], [0.0]), "square"),
        (lambda: evolve(np.eye(3), [1, 0], [0.0]), "one amplitude for each orbital"),
        (lambda: evolve(np.triu(np.ones((3, 3))), [1, 0, 0], [0.0]), "Hermitian"),
        (lambda: evolve(np.eye(3), [1, 0, 0], [np.inf]), "times must be"),
        (lambda: evolve(np.eye(3), [1, 0, 0], [0.0], width=0), "width must be"),
        (lambda: evolve(np.diag([0.0, 1.0]), [1, 0], [1e7]), "orders: take shorter times"),
        (lambda: LocalDensity(None), "width must be"),
        (lambda: LocalDensity(0.1, where=lambda site: False)(torus()), "holds at no site"),
        (lambda: Evolution(np.ones, (), np.ones), "times must be"),
        (lambda: Evolution(lambda r: r[:, 0], (0.0,), lambda s, r: 1)(torus()), "first axis"),
        (
            lambda: Evolution(lambda r: r[:, 0], (0.0,), lambda s, r: s, at=lambda r: 0)(torus()),
            "holds at no site",
        ),
    ],
)
def test_wrong_input_is_refused(call, answer):
    with pytest.raises(ValueError, match=answer):
        call()
