"""Ando's square: its bands, its symmetry with and without periodic walls, and its control."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import AndoSquare, SpinOrbitRibbon, Wire
from systems.ingredients import sigma_y


def hamiltonian(system, **params):
    return system.build().hamiltonian_submatrix(params=params)


def test_hard_walls_make_a_ribbon_without_a_field():
    ribbon = SpinOrbitRibbon(5, 5, coupling="ando", lead_spin_orbit=False)
    expected = hamiltonian(ribbon, theta=0.4, flux=0.0, zeeman=0.0)
    np.testing.assert_allclose(hamiltonian(AndoSquare(5, "hard"), theta=0.4), expected)


def test_momentum_around_the_seam_is_conserved():
    """With the momentum q across, the square is one chain for each q."""
    edge, theta = 6, 0.7
    found = np.linalg.eigvalsh(hamiltonian(AndoSquare(edge), theta=theta))
    turn = np.cos(theta) * np.eye(2) + 1j * np.sin(theta) * np.array([[0, -1j], [1j, 0]])
    energies = []
    for q in 2 * np.pi * np.arange(edge) / edge:
        # Along y the spin is along x: -2 cos(q ± θ) for its two directions.
        across = np.array([[0, 1], [1, 0]]) * -2 * np.sin(q) * np.sin(theta)
        across = across - 2 * np.cos(q) * np.cos(theta) * np.eye(2)
        chain = np.kron(np.eye(edge), across) - np.kron(np.eye(edge, k=-1), turn)
        chain -= np.kron(np.eye(edge, k=1), turn.conj().T)
        energies.extend(np.linalg.eigvalsh(chain))
    np.testing.assert_allclose(found, np.sort(energies), atol=1e-12)


@pytest.mark.parametrize("boundary", ["periodic", "hard"])
def test_disorder_keeps_time_reversal(boundary):
    clean = hamiltonian(AndoSquare(5, boundary), theta=0.5)
    potential = np.kron(np.diag(np.random.default_rng(1).normal(size=25)), np.eye(2))
    reversal = np.kron(np.eye(25), 1j * np.asarray(sigma_y, complex))
    matrix = clean + potential
    np.testing.assert_allclose(reversal @ matrix.conj() @ reversal.conj().T, matrix, atol=1e-14)


def test_without_coupling_each_spin_is_a_periodic_wire():
    disorder = mk.Anderson(3.0)
    both = mk.scattering(AndoSquare(6), 0.3, params={"theta": 0.0}, disorder=disorder, samples=3)
    one = mk.scattering(Wire(6, 6, boundary="periodic"), 0.3, disorder=disorder, samples=3)
    conductance = mk.Conductance(1, 0)
    np.testing.assert_allclose(conductance(both), 2 * conductance(one), rtol=1e-9)


def test_transmission_eigenvalues_come_in_kramers_pairs():
    ensemble = mk.scattering(
        AndoSquare(6), 0.3, params={"theta": 0.6}, disorder=mk.Anderson(3.0), samples=3
    )
    found = mk.TransmissionEigenvalues(1, 0)(ensemble)
    np.testing.assert_allclose(found[:, ::2], found[:, 1::2], atol=1e-9)


def test_leads_conserve_the_spin():
    built = AndoSquare(5).build()
    smatrix = kwant.smatrix(built, 0.3, params={"theta": 0.0})
    assert smatrix.transmission((1, 1), (0, 0)) == pytest.approx(0.0, abs=1e-12)
    assert smatrix.transmission((1, 0), (0, 0)) == pytest.approx(
        smatrix.transmission((1, 1), (0, 1))
    )
