"""The path of the samples that the growth monitor rejects: delayed pivoting, and Kwant at last."""

from __future__ import annotations

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.solver.batched import prepared
from mesokwant.solver.problem import make_problem
from mesokwant.solver.reference import KwantBackend
from mesokwant.solver.scattering import solve
from tests.helpers.lattices import GivenLead, GivenSystem, square
from tests.helpers.solving import solved_safely


@pytest.fixture
def without_kwant(monkeypatch):
    """Fail where Kwant is asked."""
    monkeypatch.setattr(KwantBackend, "solve", lambda self, batch: pytest.fail("Kwant was asked"))


@pytest.mark.parametrize("energy", [-1.0, 1e-10])
def test_clean_regions_with_disordered_edges_are_resolved_exactly(energy):
    """At E = 0 and -1 clean blocks are singular, and all samples take the safe path."""
    kind = mk.Anderson(1.0, where=lambda site: site.pos[1] in (0, 9))
    problem = make_problem(square(10, 21), energy, disorder=kind)
    batched, kwant = (solve(problem, range(4), name) for name in ("batched", "kwant"))
    assert batched.resolved == (0, 1, 2, 3)
    np.testing.assert_allclose(batched.data, kwant.data, atol=1e-9)


@pytest.mark.parametrize(
    "energy, kind",
    [(-1.0, mk.RandomFlux(0.3)), (1e-9, mk.Vacancies(0.15)), (1e-9, mk.BondDisorder(0.5))],
    ids=["flux", "vacancies", "bonds"],
)
def test_samples_with_singular_blocks_need_no_kwant(without_kwant, energy, kind):
    problem = make_problem(square(12, 20), energy, disorder=kind)
    ensemble = solve(problem, range(6), "batched")
    assert ensemble.resolved == tuple(range(6))
    defect = ensemble.data.conj().swapaxes(1, 2) @ ensemble.data
    assert np.abs(defect - np.eye(defect.shape[1])).max() < 1e-9


def weakly_coupled(coupling):
    """A ring of 200 sites between two leads of one mode each with a small hopping."""
    blocks = {(i, i): [[0.3 * np.sin(i)]] for i in range(200)}
    for i in range(200):
        j = (i + 1) % 200
        blocks[i, j] = blocks[j, i] = [[1.0]]
    lead = GivenLead(np.array([[0.2]]), np.array([[coupling]]))
    return GivenSystem([1] * 200, blocks, [lead, lead], [[0], [90]])


@pytest.mark.parametrize("coupling", [1e-2, 1e-4])
def test_weak_leads_do_not_delay_every_orbital(monkeypatch, without_kwant, coupling):
    """Their energy scale is small, but terms as large as the hoppings stay allowed."""
    problem = make_problem(weakly_coupled(coupling), 0.2 + coupling / 2, disorder=mk.Anderson(0.1))
    found = solved_safely(problem, [3]).data
    monkeypatch.undo()
    np.testing.assert_allclose(found, solve(problem, [3], "kwant").data, atol=1e-8)


def test_kwant_solves_samples_in_which_too_many_orbitals_would_be_delayed(monkeypatch):
    monkeypatch.setattr(prepared, "ALLOWED", 0.0)
    monkeypatch.setattr(prepared, "LEAST_ALLOWED", 0.0)
    problem = make_problem(square(20, 30), 0.37, disorder=mk.Anderson(1.0))
    found = solved_safely(problem, [3]).data
    np.testing.assert_array_equal(found, solve(problem, [3], "kwant").data)
