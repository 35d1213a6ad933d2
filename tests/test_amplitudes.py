"""Amplitudes between transverse modes: one basis at all energies, and refusals elsewhere."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import Ribbon, SpinOrbitRibbon, Wire
from tests.helpers.lattices import random_system, square

WIRE = Wire(width=5, length=7)
NUMBERS = np.arange(1, 6)
TRANSVERSE = -2 * np.cos(np.pi * NUMBERS / 6)
"""Energies of the transverse modes of the wire."""


def momenta(energy):
    """Momenta of all transverse modes, nan for closed ones."""
    with np.errstate(invalid="ignore"):
        return np.arccos((TRANSVERSE - energy) / 2)


@pytest.mark.parametrize("energy", [-2.9, -0.9, 0.5, 1.3])
def test_a_clean_wire_moves_each_mode_by_its_own_phase(energy):
    """Closed modes are nan, also where the first ones are those that close: above E = 0.27."""
    t = mk.Amplitudes(1, 0)(mk.scattering(WIRE, energy))[0]
    expected = np.exp(1j * momenta(energy) * (WIRE.length - 1))
    found = np.full(5, np.nan + 0j)
    found[: len(t)] = np.diagonal(t)
    assert np.allclose(found, expected, rtol=0, atol=1e-10, equal_nan=True)
    assert np.nanmax(np.abs(t - np.diag(np.diagonal(t)))[~np.isnan(t)]) < 1e-10


def test_time_reversal_makes_the_scattering_matrix_symmetric():
    ensemble = mk.scattering(WIRE, -0.9, disorder=mk.Anderson(2.0), samples=3)
    for q, p in ((0, 0), (1, 1), (1, 0)):
        one, other = mk.Amplitudes(q, p)(ensemble), mk.Amplitudes(p, q)(ensemble)
        assert np.allclose(one, np.swapaxes(other, 1, 2), rtol=0, atol=1e-12)
        probabilities = np.abs(ensemble.submatrix(q, p)) ** 2
        assert np.allclose(np.abs(one) ** 2, probabilities, rtol=0, atol=1e-12)


def test_amplitudes_change_smoothly_with_the_energy():
    """The basis is the same on both sides of an energy where Kwant's modes change their phases."""
    step = 1e-4
    sets = [
        mk.scattering(WIRE, -0.9 + i * step, disorder=mk.Anderson(2.0), samples=3, seed=4)
        for i in range(3)
    ]
    before, here, after = (mk.Amplitudes(1, 0)(one) for one in sets)
    assert np.abs(before - 2 * here + after).max() < 1e-5
    assert np.abs(after - before).max() > 1e-5


def test_amplitudes_are_those_of_wave_functions_projected_on_sines():
    system = WIRE.build()
    ensemble = mk.scattering(system, -0.9, disorder=mk.Anderson(2.0), samples=1)
    propagating = ensemble.problem.modes[1][0]
    sines = np.sin(np.pi * np.outer(NUMBERS[:4], NUMBERS) / 6)
    sites = [int(system.sites[i].tag[1]) + 1 for i in system.lead_interfaces[1]]
    outgoing = propagating.wave_functions[:, 4:] @ ensemble.submatrix(1, 0)[0]
    projected = sines[:, np.array(sites) - 1] @ outgoing
    t = mk.Amplitudes(1, 0)(ensemble)[0]
    ratio = projected / t
    # Incoming modes keep Kwant's phase on one side: one phase for each column.
    size = np.sqrt(np.sum(sines[0] ** 2) / (2 * np.sin(momenta(-0.9)[:4])))
    assert np.allclose(np.abs(ratio), size[:, None], rtol=1e-8)
    assert np.allclose(ratio / np.abs(ratio), (ratio / np.abs(ratio))[:1], rtol=1e-8)


def test_a_high_barrier_reflects_every_mode_into_itself_with_the_opposite_sign():

    def onsite(site, gate):
        return gate

    system = square(4, 3, onsite=onsite)
    ensemble = mk.scattering(system, -0.7, params={"gate": 50.0})
    r = mk.Amplitudes(0, 0)(ensemble)[0]
    assert np.allclose(r, -np.eye(len(r)), atol=0.05)


def test_blocks_of_a_conservation_law_have_bases_of_their_own():
    system = SpinOrbitRibbon(5, 4, coupling="rashba", lead_spin_orbit=False)
    ensemble = mk.scattering(system, -0.9, params={"alpha": 0.3, "zeeman": 0.0, "flux": 0.0})
    up, down = (mk.Amplitudes((1, block), (0, 0))(ensemble) for block in (0, 1))
    total = np.sum(np.abs(up) ** 2) + np.sum(np.abs(down) ** 2)
    assert total == pytest.approx(ensemble.transmission(1, (0, 0))[0])
    assert np.sum(np.abs(down) ** 2) > 1e-3
    with pytest.raises(ValueError, match=r"2 blocks of a conservation law: name one.*\(1, 0\)"):
        mk.Amplitudes(1, (0, 0))(ensemble)


def dimerized():
    """A lead whose unit cell has two sites along it."""
    lattice = kwant.lattice.chain(norbs=1)
    region, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-2,)))
    for part in (region, lead):
        part[(lattice(i) for i in range(2))] = 0.0
        part[lattice.neighbors()] = -1.0
    region.attach_lead(lead)
    region.attach_lead(lead.reversed())
    return region


REFUSED = {
    "field": (Ribbon(4, 5), {"flux": 0.02}, "do not commute, as in a field"),
    "cells of two sites": (dimerized(), {}, "do not commute"),
    "periodic": (Wire(5, 4, boundary="periodic"), {}, "the same momentum at every energy"),
    "spin": (
        SpinOrbitRibbon(3, 4, coupling="rashba"),
        {"alpha": 0.0, "zeeman": 0.0, "flux": 0.0},
        "give the lead a conservation law",
    ),
    "matrices alone": (
        random_system(3, sites=6, edges=5, leads=2, orbitals=1, real=True),
        {},
        "no Hamiltonian of a unit cell",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_leads_without_such_a_basis_are_refused_with_the_reason(case):
    system, params, reason = REFUSED[case]
    ensemble = mk.scattering(system, -0.4, params=params)
    with pytest.raises(ValueError, match=reason):
        mk.Amplitudes(0, 0)(ensemble)
