"""The batched solver agrees with Kwant sample by sample, and its growth monitor is needed."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mesokwant as mk
from mesokwant.solver.batched import backend, growth, kernels, prepared
from mesokwant.solver.batched.dissection import dissect, dissection_of
from mesokwant.solver.problem import make_problem
from mesokwant.solver.scattering import solve
from tests.helpers.lattices import (
    GivenLead,
    GivenSystem,
    chain,
    cubic,
    graphene,
    random_system,
    spinful,
    square,
)
from tests.helpers.solving import solved_safely

DISORDER = {
    "clean": None,
    "anderson": mk.Anderson(1.5),
    "bonds": mk.BondDisorder(0.8),
    "flux": mk.RandomFlux(0.4),
    "vacancies": mk.Vacancies(0.1),
    "several": mk.Anderson(0.7) + mk.BondDisorder(0.4) + mk.Vacancies(0.05),
}


def problem(system, energy, disorder=None, **options):
    """A problem whose energy must not lie at a mode threshold."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*mode threshold")
        return make_problem(system, energy, disorder=disorder, **options)


def assert_same(one, other, tolerance=1e-9):
    """T and the eigenvalues of tt† of two ensembles, relative to the number of channels."""
    leads_out, leads_in = one.problem.out_leads, one.problem.in_leads
    for out in leads_out:
        for into in leads_in:
            a, b = one.submatrix(out, into), other.submatrix(out, into)
            channels = max(1, min(a.shape[1:]))
            if 0 in a.shape:
                continue
            assert np.abs(one.transmission(out, into) - other.transmission(out, into)).max() < (
                tolerance * channels
            )
            singular = [np.linalg.svd(t, compute_uv=False) ** 2 for t in (a, b)]
            assert np.abs(singular[0] - singular[1]).max() < tolerance * channels
    # Both use the same lead modes, so that even the phases agree.
    np.testing.assert_allclose(one.data, other.data, atol=1e-7)


def check(system, energy, disorder=None, samples=5, **options):
    """Compare with Kwant and return the batched ensemble."""
    same = problem(system, energy, disorder, **options)
    batched, kwant = (solve(same, range(samples), name) for name in ("batched", "kwant"))
    assert_same(batched, kwant)
    return batched


@settings(max_examples=120)
@given(
    seed=st.integers(0, 10**6),
    sites=st.integers(1, 40),
    edges=st.integers(0, 40),
    leads=st.integers(1, 3),
    orbitals=st.integers(1, 3),
    real=st.booleans(),
    energy=st.floats(-2, 2),
    disorder=st.sampled_from(sorted(DISORDER)),
)
def test_random_systems_agree_with_kwant(
    seed, sites, edges, leads, orbitals, real, energy, disorder
):
    system = random_system(
        seed, sites=sites, edges=edges, leads=leads, orbitals=orbitals, real=real
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*mode threshold")
        same = make_problem(system, energy, disorder=DISORDER[disorder])
    batched, kwant = (solve(same, [3, 1, 4], name) for name in ("batched", "kwant"))
    # Random leads may be close to a threshold or have states bound to their ends. Where
    # Kwant's own S is not unitary there is nothing to compare with.
    defect = np.abs(kwant.data.conj().swapaxes(1, 2) @ kwant.data - np.eye(kwant.data.shape[1]))
    if kwant.data.size and defect.max() < 1e-10:
        assert_same(batched, kwant)


@pytest.mark.parametrize("kind", DISORDER)
@pytest.mark.parametrize(
    "system, params",
    [
        (square(6, 9), {}),
        (square(6, 9, field=True), {"flux": 0.03}),
        (graphene(8, 9), {}),
        (cubic(3, 5), {}),
        (spinful(4, 6), {}),
        (chain(30), {}),
        (square(8, 7, terminals="abcd"), {}),
        (square(6, 9, terminals="aa"), {}),
    ],
    ids=["square", "field", "graphene", "cubic", "spinful", "chain", "corners", "one side"],
)
def test_every_lattice_with_every_disorder_agrees_with_kwant(system, params, kind):
    check(system, 0.37, DISORDER[kind], params=params)


def test_blocks_of_conserved_spin_agree_with_kwant():
    ens = check(spinful(4, 6), 0.37, mk.MagneticImpurities(0.5) + mk.Anderson(1.0))
    n = ens.num_propagating((0, 0))
    assert n == ens.num_propagating((0, 1)) == ens.num_propagating(0) // 2
    assert ens.submatrix((1, 0), (0, 1)).shape[1:] == (n, n)
    assert ens[2].transmission((1, 0), (0, 1)) == pytest.approx(
        np.sum(np.abs(ens.submatrix((1, 0), (0, 1))[2]) ** 2)
    )


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize("width", [1, 5])
def test_a_system_that_is_all_interface_agrees_with_kwant(width, length):
    check(square(width, length), 0.37, mk.Anderson(1.0), samples=11)


def test_leads_without_open_modes_or_without_any_modes_agree_with_kwant():
    rng = np.random.default_rng(0)
    hop = rng.normal(size=(2, 2))
    system = random_system(3, sites=12, edges=9, leads=2, orbitals=2, real=True)
    closed = GivenLead(50 * np.eye(2), hop)
    broken = GivenLead(np.eye(2), np.zeros((2, 2)))
    site = next(s for s in range(12) if system.site_ranges[s][1] == 2)
    norbs = [n for _, n, _ in system.site_ranges[:-1]]
    system = GivenSystem(
        norbs,
        system.blocks,
        [*system.leads, closed, broken],
        [*system.lead_interfaces, [site], [site]],
    )
    ens = check(system, 0.2, mk.Anderson(1.0))
    assert ens.num_propagating(2) == ens.num_propagating(3) == 0
    assert ens.num_propagating((2, 0)) == ens.num_propagating((3, 0)) == 0
    check(system, 0.2, mk.Anderson(1.0), in_leads=[0], out_leads=[2])


def test_a_state_bound_to_the_surface_of_a_lead_agrees_with_kwant():
    # Zero modes at the open end of a dimerized lead: its self-energy diverges.
    cell = np.array([[0, 0.3], [0.3, 0]])
    hop = np.array([[0.0], [1.0]])  # from the end of one cell to the next
    blocks = {(0, 0): [[0.2]], (1, 1): [[-0.1]], (0, 1): [[1.0]], (1, 0): [[1.0]]}
    plain = GivenLead(np.zeros((1, 1)), np.ones((1, 1)))
    system = GivenSystem([1, 1], blocks, [plain, plain, GivenLead(cell, hop)], [[0], [1], [0]])
    check(system, 0.0, mk.Anderson(1.0))


def test_several_states_bound_to_the_surface_of_one_lead_agree_with_kwant():
    # Two dimerized chains make up one lead: each of them has a zero mode at its open end.
    cell, hop = np.zeros((4, 4)), np.zeros((4, 2))
    cell[0, 1] = cell[1, 0] = 0.3
    cell[2, 3] = cell[3, 2] = 0.4
    hop[1, 0] = hop[3, 1] = 1.0
    blocks = {(0, 0): [[0.2, 0.1], [0.1, -0.3]], (1, 1): [[-0.1]]}
    blocks[0, 1] = [[1.0], [0.7]]
    blocks[1, 0] = [[1.0, 0.7]]
    plain = [GivenLead(np.zeros((n, n)), np.eye(n)) for n in (2, 1)]
    leads = [*plain, GivenLead(cell, hop)]
    system = GivenSystem([2, 1], blocks, leads, [[0], [1], [0]])
    check(system, 0.0, mk.Anderson(1.0))


def test_restricting_leads_gives_blocks_of_the_full_matrix():
    system = square(8, 7, terminals="abcd")
    whole = solve(problem(system, 0.37, mk.Anderson(1.0)), range(4), "batched")
    part = solve(
        problem(system, 0.37, mk.Anderson(1.0), in_leads=[2, 0], out_leads=[1]),
        range(4),
        "batched",
    )
    for lead in (0, 2):
        np.testing.assert_allclose(
            np.abs(part.submatrix(1, lead)), np.abs(whole.submatrix(1, lead)), atol=1e-11
        )


def test_a_sample_does_not_depend_on_the_others_of_its_batch():
    same = problem(square(6, 9, field=True), 0.37, mk.Anderson(1.0), params={"flux": 0.03})
    together = solve(same, range(19), "batched").data
    for order in ([7], [18, 7, 3], range(18, -1, -1), [7] * 9):
        assert np.array_equal(solve(same, list(order), "batched").data, together[list(order)])


def test_disorder_by_salt_agrees_with_kwant():
    import kwant

    def onsite(site, salt):
        return kwant.digest.uniform(repr(site), salt) - 0.5

    check(square(5, 7, onsite=onsite), 0.37, mk.Anderson(0.5))


def test_systems_with_gain_or_loss_are_solved_by_kwant():
    same = problem(square(4, 5, onsite=-0.1j), 0.37, mk.Anderson(1.0), check_hermiticity=False)
    batched, kwant = (solve(same, range(3), name) for name in ("batched", "kwant"))
    np.testing.assert_allclose(batched.data, kwant.data, atol=1e-12)
    assert np.all(batched.transmission(1, 0) + batched.transmission(0, 0) < 3.999)


def test_a_localized_chain_agrees_with_the_recursion_of_green_functions():
    """T = Γ² |g_1 g_2 ... g_N|², the g_n by recursion from the right lead."""
    energy, length = 0.3, 1500
    same = problem(chain(length), energy, mk.Anderson(2.5))
    transmission = solve(same, range(12), "batched").transmission(1, 0)
    k = np.arccos(-energy / 2)
    surface = -np.exp(1j * k)
    order = np.argsort([site.pos[0] for site in same.structure.sites])
    for sample, t in enumerate(transmission):
        onsite = same.hamiltonian(same.values([sample])[0]).diagonal()[order].real
        sigma, log = surface, 2 * np.log(2 * np.sin(k))
        for place, v in enumerate(onsite[::-1]):
            end = surface if place == length - 1 else 0
            g = 1 / (energy - v - sigma - end)
            sigma = g
            log += 2 * np.log(np.abs(g))
        assert np.log(t) == pytest.approx(log, abs=1e-9)
    assert np.log(transmission).min() < -100


# -- the growth monitor ----------------------------------------------------------------------------

SINGULAR_BLOCKS = [
    # (width, length, energy) of clean lattices with blocks that are singular, exactly or up
    # to rounding
    (11, 23, 2**0.5),
    (11, 25, 2**0.5),
    (10, 22, 0.0),
    (10, 21, 1.0),
    (12, 25, -1.0),
    (10, 22, 2.0),
    (14, 30, 2.0),
]


@pytest.mark.parametrize("shift", [0, 1e-8, -3e-9, 1e-12])
@pytest.mark.parametrize("width, length, energy", SINGULAR_BLOCKS)
def test_clean_lattices_transmit_all_modes_at_singular_energies(width, length, energy, shift):
    ens = check(square(width, length), energy + shift, samples=2)
    assert ens.transmission(1, 0) == pytest.approx(ens.num_propagating(0), abs=1e-9)


@pytest.mark.parametrize("shift", [0, 1e-8, 1e-10])
@pytest.mark.parametrize("kind", ["clean", "bonds", "flux"])
@pytest.mark.parametrize("system", [square(10, 14), graphene(9, 10), chain(60)])
def test_bipartite_systems_agree_with_kwant_at_the_band_centre(system, kind, shift):
    check(system, shift, DISORDER[kind])


@pytest.mark.parametrize("energy", [1e-8, 1e-10, 1e-6])
def test_vacancies_agree_with_kwant_near_the_band_centre(energy):
    for width, length in ((6, 9), (10, 14)):
        check(square(width, length), energy, mk.Vacancies(0.15), samples=8)


def test_the_growth_monitor_rejects_wrong_samples_that_are_unitary(monkeypatch):
    """With the monitor all samples are right; without it some are wrong although unitary."""
    wrong, unitary = 0, 0
    for width, length, energy in SINGULAR_BLOCKS:
        same = problem(square(width, length), energy)
        channels = same.num_propagating(0)
        ens = solve(same, range(2), "batched")
        assert ens.transmission(1, 0) == pytest.approx(channels, abs=1e-9)
        with monkeypatch.context() as off:
            off.setattr(growth, "exceeds", lambda growth, limit: np.zeros(len(growth), bool))
            unmonitored = solve(same, [0], "batched")
        if not np.abs(unmonitored.transmission(1, 0) - channels).max() < 1e-6:
            wrong += 1
            assert ens.resolved == (0, 1)
            s = unmonitored.data[0]
            if np.isfinite(s).all():
                unitary += np.abs(s.conj().T @ s - np.eye(len(s))).max() < 1e-11
    assert wrong >= 3
    assert unitary >= 1


def test_typical_samples_are_not_rejected():
    same = problem(square(20, 60), 0.37, mk.Anderson(1.0))
    assert solve(same, range(64), "batched").resolved == ()


def test_isolated_states_at_the_energy_are_left_out():
    """Two sites apart from the rest, bound exactly at E: H - E is singular, S is not."""
    plain = GivenLead(np.zeros((1, 1)), np.ones((1, 1)))
    blocks = {(i, i): [[0.0]] for i in range(6)}
    for i, j in ((0, 1), (1, 2), (3, 4), (4, 5)):
        blocks[i, j] = blocks[j, i] = [[1.0]]
    joined = GivenSystem([1] * 6, blocks, [plain, plain], [[0], [2]])
    alone = GivenSystem(
        [1] * 3, {k: v for k, v in blocks.items() if max(k) < 3}, [plain, plain], [[0], [2]]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a, b = (solve(problem(s, 0.0), [0, 1], "batched") for s in (joined, alone))
    np.testing.assert_allclose(a.data, b.data, atol=1e-12)


@pytest.mark.parametrize("allowed", [1e-3, 4e-7])
@pytest.mark.parametrize("energy", [0.37, 0.0])
def test_delayed_pivoting_agrees_with_kwant(monkeypatch, energy, allowed):
    """All samples take it; where few terms are allowed, orbitals are delayed up to the leads."""
    monkeypatch.setattr(prepared, "ALLOWED", allowed)
    monkeypatch.setattr(prepared, "LEAST_ALLOWED", 0.0)
    for system in (square(6, 9), square(7, 9, field=True), spinful(4, 6)):
        params = {"flux": 0.03} if "flux" in system.parameters else {}
        same = problem(system, energy, mk.Anderson(1.0), params=params)
        ensemble = solved_safely(same, [0, 3])
        assert ensemble.resolved == (0, 3)
        assert_same(ensemble, solve(same, [0, 3], "kwant"))


@pytest.mark.parametrize("system, strength", [(chain(1200), 2.5), (square(4, 150), 8.0)])
@pytest.mark.parametrize("allowed", [1e-3, 1e-6])
def test_delayed_pivoting_keeps_the_smallest_amplitudes(monkeypatch, system, strength, allowed):
    """For localized samples with T down to 1e-77, ln T is right though orbitals are delayed."""
    monkeypatch.setattr(prepared, "ALLOWED", allowed)
    monkeypatch.setattr(prepared, "LEAST_ALLOWED", 0.0)
    same = problem(system, 0.37, mk.Anderson(strength))
    reference = solve(same, range(6), "kwant")
    s = solved_safely(same, range(6)).data
    n = reference.num_propagating(0)
    transmission = np.sum(np.abs(s[:, n:, :n]) ** 2, axis=(1, 2))
    expected = np.log(reference.transmission(1, 0))
    assert expected.max() < -80
    np.testing.assert_allclose(np.log(transmission), expected, atol=1e-8)


def test_kwant_is_the_last_resort(monkeypatch):
    monkeypatch.setattr(growth, "exceeds", lambda growth, limit: np.ones(len(growth), bool))
    same = problem(square(6, 9), 0.37, mk.Anderson(1.0))
    ens = solve(same, range(3), "batched")
    np.testing.assert_array_equal(ens.data, solve(same, range(3), "kwant").data)
    assert ens.resolved == (0, 1, 2)


def test_without_numba_kwant_solves_all_samples(monkeypatch):
    monkeypatch.setattr(backend, "COMPILED", False)
    same = problem(square(6, 9, field=True), 0.37, mk.Anderson(1.0), params={"flux": 0.03})
    with pytest.warns(RuntimeWarning, match="NUMBA_DISABLE_JIT"):
        ens = solve(same, range(3), "batched")
    np.testing.assert_array_equal(ens.data, solve(same, range(3), "kwant").data)


# -- the dissection -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "system", [square(12, 17), graphene(9, 10), cubic(4, 6), spinful(4, 6), chain(100)]
)
def test_every_orbital_is_eliminated_once(system):
    structure = problem(system, 0.37).structure
    dissection = dissect(structure)
    n = structure.num_orbitals
    assert sorted(dissection.orbitals) == list(range(n))
    assert dissection.pivots.sum() + dissection.boundary[-1] == n
    assert set(dissection.interface) == set(np.concatenate(structure.interfaces))
    assert len(dissection.entry_source) == np.count_nonzero(structure.rows <= structure.indices)
    assert np.all(dissection.entry_row <= dissection.entry_column)
    assert np.all(np.diff(dissection.entry_start) >= 0)
    sizes = dissection.sizes
    for f in range(dissection.num_fronts):
        for child in dissection.children[dissection.child_start[f] : dissection.child_start[f + 1]]:
            rows = dissection.maps[dissection.map_start[child] : dissection.map_start[child + 1]]
            assert child < f
            assert np.all(np.diff(rows) > 0)
            assert rows[-1] < sizes[f]
    assert dissection_of(structure) is dissection_of(structure)


def test_work_and_memory_grow_as_for_nested_dissection():
    """Operations ~ W³, memory ~ W² log W, for a square; no slice method does that."""
    widths = np.array([24, 48, 96])
    dissections = [dissect(problem(square(w, w), 0.37).structure) for w in widths]
    work = [dissection.flops(real=True) for dissection in dissections]
    assert np.all(np.diff(np.log2(work)) < 3.3)
    memory = [
        dissection.stack_size + int(dissection.sizes.max()) ** 2 for dissection in dissections
    ]
    assert np.all(np.diff(np.log2(memory)) < 2.3)


# -- full size ------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "system, params",
    [
        (square(50, 150), {}),
        (square(50, 150, field=True), {"flux": 0.01}),
        (spinful(20, 60), {}),
        (cubic(10, 20), {}),
        (graphene(40, 50), {}),
    ],
    ids=["square", "field", "spinful", "cubic", "graphene"],
)
def test_large_lattices_agree_with_kwant(system, params):
    check(system, 0.37, mk.Anderson(1.0), samples=8, params=params)


@pytest.mark.slow
def test_400_by_400_fits_into_memory():
    """Work space, matrices and their factorization take less than 1 GB."""
    same = problem(square(400, 400, field=True), 0.37, mk.Anderson(1.0), params={"flux": 0.002})
    dissection = dissection_of(same.structure)
    n, planes = int(dissection.sizes.max()), 2
    elements = dissection.front_size + dissection.stack_size + kernels.PANEL * n
    work = 8 * kernels.LANES * planes * elements
    matrices = 3 * 16 * kernels.LANES * int(dissection.boundary[-1]) ** 2
    assert work + matrices < 1e9
    ens = solve(same, range(2), "batched")
    unitary = ens.data.conj().swapaxes(1, 2) @ ens.data
    assert np.abs(unitary - np.eye(unitary.shape[1])).max() < 1e-8
