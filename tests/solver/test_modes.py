"""Lead modes are Kwant's, computed once, and those of mirrored leads from one eigenproblem."""

import copy
import gc
import pickle
import re
import warnings
import weakref

import kwant
import numpy as np
import pytest
import scipy.sparse

import mesokwant as mk
from mesokwant.hamiltonian.system import finalized
from mesokwant.solver import eigenmodes, lead_matrices, modes
from mesokwant.solver.eigenmodes import residual, solve_modes
from mesokwant.solver.lead_gauge import common_factor, in_another_gauge
from mesokwant.solver.modes import lead_modes
from mesokwant.solver.problem import make_problem
from systems import EXAMPLES, HallBar, Ribbon, SpinOrbitRibbon, Wire
from tests.helpers.lattices import GivenLead, graphene, hermitian, spinful, square
from tests.helpers.parameters import params_of


@pytest.fixture
def solves(monkeypatch):
    """Start without kept modes, and list what every eigenproblem is solved for."""
    monkeypatch.setattr(modes, "_kept", modes._Kept())
    monkeypatch.setattr(modes, "_warned", weakref.WeakKeyDictionary())
    calls = []

    def counted(*args, mirrored=(False,), **kwargs):
        calls.append(sorted(mirrored))
        return solve_modes(*args, mirrored=mirrored, **kwargs)

    monkeypatch.setattr(modes, "solve_modes", counted)
    return calls


@pytest.fixture
def without_kwant(monkeypatch):
    """Let no modes pass that are Kwant's own because a check of ours has failed."""

    def refuse(*args, **kwargs):
        raise AssertionError("the modes of Kwant were asked for")

    monkeypatch.setattr(kwant.physics, "modes", refuse)


def random_hop(rng, orbitals, rank, real):
    parts = [rng.normal(size=shape) for shape in ((orbitals, rank), (rank, orbitals)) * 2]
    return parts[0] @ parts[1] + (0 if real else 1j * parts[2] @ parts[1])


def matrices_at(system, params=None, number=0):
    lead = finalized(system).leads[number]
    own = {name: value for name, value in (params or {}).items() if name in lead.parameters}
    return lead_matrices.LeadMatrices.of(lead, own)


def assert_equal_modes(ours, theirs, tolerance=1e-10):
    """The modes agree up to the phase of each, and up to a basis where they are degenerate."""
    (propagating, stable), (expected, reference) = ours, theirs
    assert propagating.block_nmodes == expected.block_nmodes
    assert stable.nmodes == reference.nmodes
    np.testing.assert_allclose(propagating.velocities, expected.velocities, atol=tolerance)
    np.testing.assert_allclose(
        np.exp(1j * propagating.momenta), np.exp(1j * expected.momenta), atol=tolerance
    )
    # Modes with the same momentum and velocity span the same space.
    for n, (k, v) in enumerate(zip(expected.momenta, expected.velocities, strict=True)):
        same = np.abs(np.exp(1j * expected.momenta) - np.exp(1j * k)) < 1e-7
        same &= np.abs(expected.velocities - v) < 1e-7
        space = expected.wave_functions[:, same] * np.sqrt(abs(v))
        wave = propagating.wave_functions[:, n] * np.sqrt(abs(v))
        np.testing.assert_allclose(np.linalg.norm(space.conj().T @ wave), 1, atol=tolerance)
    if reference.vecs.size and np.linalg.cond(reference.vecslmbdainv[:, reference.nmodes :]) < 1e4:
        sigma = reference.selfenergy()
        np.testing.assert_allclose(
            stable.selfenergy(), sigma, atol=tolerance * max(1, np.abs(sigma).max())
        )


CASES = {
    "wire": (Wire(8, 4), {}, -1.1),
    "bar": (Wire(4, 4, height=4), {}, -0.9),
    "field": (Ribbon(9, 4), {"flux": 0.013}, -1.1),
    "strong field": (Ribbon(20, 4), {"flux": 0.1}, -2.3),
    "zero field": (Ribbon(9, 4), {"flux": 0.0}, 0.37),
    "spin": (SpinOrbitRibbon(5, 4, coupling="rashba", lead_spin_orbit=True), None, -1.2),
    "spin conserved": (SpinOrbitRibbon(5, 4, coupling="rashba", lead_spin_orbit=False), None, -1.2),
    "no open modes": (Wire(5, 4), {}, -7.0),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("mirror", [False, True])
def test_modes_of_a_lead_and_of_its_mirror_image_are_those_of_kwant(case, mirror):
    system, params, energy = CASES[case]
    values = {"alpha": 0.3, "zeeman": 0.1, "flux": 0.005} if params is None else params
    matrices = matrices_at(system, values)
    cell, hop = matrices.less_energy(energy), matrices.hop
    expected = kwant.physics.modes(
        cell, hop.conj().T if mirror else hop, projectors=matrices.projectors
    )
    found = solve_modes(cell, hop, matrices.projectors, mirrored=[mirror])
    assert list(found) == [mirror]
    assert_equal_modes(found[mirror], expected)


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("orbitals, rank", [(1, 1), (2, 1), (5, 5), (6, 3), (12, 12), (12, 4)])
def test_random_leads_have_the_modes_of_kwant(orbitals, rank, real):
    open_modes = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        cell = hermitian(rng, orbitals, real)
        hop = random_hop(rng, orbitals, rank, real)
        found = solve_modes(cell, hop, mirrored=[False, True])
        for mirror, own_hop in ((False, hop), (True, hop.conj().T)):
            expected = kwant.physics.modes(cell, own_hop)
            assert_equal_modes(found[mirror], expected, 1e-8)
            theirs = residual(cell, own_hop, expected)
            assert residual(cell, own_hop, found[mirror]) < max(1e-12, 100 * theirs)
            open_modes += found[mirror][1].nmodes
    assert open_modes


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("real", [True, False])
def test_a_definite_hermitian_hopping_needs_no_schur_decomposition(monkeypatch, real, sign):
    rng = np.random.default_rng(4)
    root = hermitian(rng, 6, real)
    hop = root @ root
    hop = sign * (hop + hop.conj().T + np.eye(6))
    cell = 4 * hermitian(rng, 6, real)
    expected = kwant.physics.modes(cell, hop)
    monkeypatch.delattr(kwant.physics.leads, "unified_eigenproblem")
    found = solve_modes(cell, hop)[False]
    assert found[1].nmodes > 1
    assert_equal_modes(found, expected)


@pytest.mark.parametrize("origin", [0.0, 3.3])
@pytest.mark.parametrize("width", [2, 6, 9])
def test_a_straight_ribbon_in_a_field_is_solved_in_real_arithmetic(monkeypatch, width, origin):
    matrices = matrices_at(Ribbon(width, 4, origin=origin), {"flux": 0.03})
    cell, hop = matrices.less_energy(-1.1), matrices.hop
    solve_general = eigenmodes._solve_general
    kinds = []

    def noted(*args):
        kinds.extend(array.dtype.kind for array in args)
        return solve_general(*args)

    monkeypatch.setattr(eigenmodes, "_solve_general", noted)
    found = solve_modes(cell, hop, mirrored=[False, True])
    assert kinds == ["f", "f"]
    assert_equal_modes(found[False], kwant.physics.modes(cell, hop))
    assert_equal_modes(found[True], kwant.physics.modes(cell, hop.conj().T))
    # A potential across the ribbon breaks the reflection.
    cell = cell + np.diag(np.linspace(0, 0.1, width) + 0.1)
    kinds.clear()
    found = solve_modes(cell, hop)
    assert kinds == ["c", "c"]
    assert_equal_modes(found[False], kwant.physics.modes(cell, hop))


def test_a_ribbon_with_rashba_coupling_in_a_field_is_solved_in_real_arithmetic(monkeypatch):
    system = SpinOrbitRibbon(5, 4, coupling="rashba", lead_spin_orbit=True)
    matrices = matrices_at(system, {"alpha": 0.3, "zeeman": 0.1, "flux": 0.02})
    cell, hop = matrices.less_energy(-1.2), matrices.hop
    solve_general = eigenmodes._solve_general

    def noted(*args):
        assert all(array.dtype.kind == "f" for array in args)
        return solve_general(*args)

    monkeypatch.setattr(eigenmodes, "_solve_general", noted)
    found = solve_modes(cell, hop, mirrored=[False, True])
    assert_equal_modes(found[False], kwant.physics.modes(cell, hop))
    assert_equal_modes(found[True], kwant.physics.modes(cell, hop.conj().T))


def test_equal_blocks_of_a_conservation_law_are_solved_once(monkeypatch, without_kwant):
    matrices = matrices_at(spinful(5, 3))
    calls = []
    solve_block = eigenmodes._solve_block
    monkeypatch.setattr(
        eigenmodes, "_solve_block", lambda *args: calls.append(1) or solve_block(*args)
    )
    found = solve_modes(matrices.less_energy(-1.1), matrices.hop, matrices.projectors)[False]
    assert len(calls) == 1
    assert found[0].block_nmodes[0] == found[0].block_nmodes[1] > 0


@pytest.mark.parametrize("case", CASES)
def test_ordinary_leads_pass_the_check_of_their_residual(case, without_kwant):
    system, params, energy = CASES[case]
    values = {"alpha": 0.3, "zeeman": 0.1, "flux": 0.005} if params is None else params
    matrices = matrices_at(system, values)
    cell = matrices.less_energy(energy)
    for mirror, found in solve_modes(
        cell, matrices.hop, matrices.projectors, mirrored=[False, True]
    ).items():
        hop = matrices.hop.conj().T if mirror else matrices.hop
        assert residual(cell, hop, found) < 1e-13


@pytest.mark.parametrize("part", ["vecs", "vecslmbdainv", "wave_functions", "momenta"])
def test_wrong_modes_fail_the_check_and_are_replaced_by_those_of_kwant(monkeypatch, part):
    matrices = matrices_at(Ribbon(6, 4), {"flux": 0.01})
    cell, hop = matrices.less_energy(-1.1), matrices.hop
    assembled = eigenmodes._assembled

    def spoiled(*args):
        result = assembled(*args)
        owner = next(p for p in result if hasattr(p, part))
        array = getattr(owner, part)
        array[..., -1] += 1e-8 * np.arange(1, 1 + len(array)) if array.ndim > 1 else 1e-8
        assert residual(cell, hop, result) > 1e-11
        return result

    monkeypatch.setattr(eigenmodes, "_assembled", spoiled)
    found = solve_modes(cell, hop)[False]
    np.testing.assert_array_equal(found[1].vecs, kwant.physics.modes(cell, hop)[1].vecs)


# -- the scattering matrix ------------------------------------------------------------------


def with_unlike_lead():
    builder = Ribbon(5, 8).builder()
    lattice = next(iter(builder.sites())).family
    lead = kwant.Builder(kwant.TranslationalSymmetry(lattice.vec((0, 1))))
    lead[(lattice(x, 0) for x in range(2, 6))] = 0.3
    lead[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    return builder.finalized()


SYSTEMS = {
    "wire": (lambda: Wire(6, 9).build(), {}),
    "ribbon in a field": (lambda: Ribbon(6, 9).build(), {"flux": 0.02}),
    "unlike leads": (with_unlike_lead, {"flux": 0.02}),
    "four terminals": (lambda: square(8, 12, terminals="abcd"), {}),
    "graphene": (lambda: graphene(6, 8), {}),
    "spin": (lambda: spinful(4, 6), {}),
    "spin-orbit leads": (
        lambda: SpinOrbitRibbon(4, 6, coupling="rashba", lead_spin_orbit=True).build(),
        {"alpha": 0.3, "zeeman": 0.1, "flux": 0.01},
    ),
}


@pytest.mark.parametrize("solver", ["kwant", "batched"])
@pytest.mark.parametrize("case", SYSTEMS)
def test_samples_are_those_of_kwant_in_its_modes(case, solver):
    make, params = SYSTEMS[case]
    system = make()
    ensemble = mk.scattering(
        system, -1.13, params=params, disorder=mk.Anderson(1.5), samples=3, solver=solver
    )
    problem = ensemble.problem
    norbs = np.diff(problem.structure.offsets)
    for index, number in enumerate(ensemble.numbers):
        matrix = problem.hamiltonian(problem.values([number])[0]).tocoo()
        copied = copy.copy(system)
        copied.hamiltonian_submatrix = lambda *args, h=matrix, **kw: (h, norbs, norbs)
        expected = kwant.smatrix(copied, -1.13, params=params)
        ours = ensemble[index]
        assert ours.data.shape == expected.data.shape
        unity = ours.data @ ours.data.conj().T
        np.testing.assert_allclose(unity, np.eye(len(unity)), atol=1e-12)
        leads = range(len(system.leads))
        for out in leads:
            for into in leads:
                mine, theirs = ours.submatrix(out, into), expected.submatrix(out, into)
                np.testing.assert_allclose(
                    np.linalg.svd(mine, compute_uv=False) ** 2,
                    np.linalg.svd(theirs, compute_uv=False) ** 2,
                    atol=1e-10,
                )
                alone = [
                    np.min(np.diff(np.sort(np.angle(np.exp(1j * info.momenta)))), initial=1) > 1e-7
                    for info in (expected.lead_info[out], expected.lead_info[into])
                ]
                if all(alone):
                    # Only the phases of modes are arbitrary: their order is that of Kwant.
                    np.testing.assert_allclose(np.abs(mine), np.abs(theirs), atol=1e-10)


# -- how often modes are solved for ---------------------------------------------------------


def test_two_mirrored_leads_need_one_eigenproblem_per_energy(solves):
    system = Ribbon(6, 8).build()
    for energy in (-1.1, -1.2, -1.3):
        lead_modes(system, energy, {"flux": 0.01})
    assert solves == [[False, True]] * 3


def test_equal_leads_need_one_eigenproblem(solves):
    system = Wire(6, 8).build()
    first, second = lead_modes(system, -1.1, {})
    assert solves == [[False]]
    assert first[1] is second[1]


def test_unlike_leads_are_solved_one_by_one(solves):
    lead_modes(with_unlike_lead(), -1.1, {"flux": 0.01})
    assert len(solves) == 2


def test_disorder_samples_and_rebuilt_systems_find_the_modes_again(solves):
    system = Ribbon(6, 8).build()
    for strength in (0.5, 1.0, 2.0):
        for seed in range(2):
            make_problem(
                system, -1.1, params={"flux": 0.01}, disorder=mk.Anderson(strength), seed=seed
            )
    make_problem(Ribbon(6, 8), -1.1, params={"flux": 0.01})
    make_problem(Ribbon(6, 14), -1.1, params={"flux": 0.01})
    assert len(solves) == 1


def gated(site, gate):
    return gate


def test_a_parameter_that_the_leads_do_not_read_costs_no_modes(solves):
    builder = Ribbon(6, 8).builder()
    for site in list(builder.sites()):
        builder[site] = gated
    system = builder.finalized()
    for gate in np.linspace(0, 1, 7):
        make_problem(system, -1.1, params={"flux": 0.01, "gate": gate})
    assert len(solves) == 1


def test_a_parameter_that_the_leads_read_costs_modes_for_every_value(solves):
    system = Ribbon(6, 8).build()
    for flux in (0.01, 0.02, 0.01, 0.02):
        lead_modes(system, -1.1, {"flux": flux})
    assert len(solves) == 2


def chain_with_lead(onsite, hop=-1):
    """One site with one lead, whose values are given."""
    lattice = kwant.lattice.chain(norbs=1)
    builder = kwant.Builder()
    builder[lattice(0)] = 0
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = onsite
    lead[lattice.neighbors()] = hop
    builder.attach_lead(lead)
    return builder.finalized()


def test_the_matrices_of_a_lead_are_evaluated_once_for_all_energies(monkeypatch):
    def onsite(site, bottom):
        return bottom

    evaluated = []
    of = lead_matrices.LeadMatrices.of
    monkeypatch.setattr(
        lead_matrices.LeadMatrices,
        "of",
        lambda lead, params: evaluated.append(params) or of(lead, params),
    )
    system = chain_with_lead(onsite)
    for bottom in (0.5, 0.6):
        for energy in (0.1, 0.2, 0.3):
            lead_modes(system, energy, {"bottom": bottom})
    assert evaluated == [{"bottom": 0.5}, {"bottom": 0.6}]
    for flux in np.linspace(0, 0.1, 3 * lead_matrices.KEPT_MATRICES):
        lead_modes(system, 0.1, {"bottom": flux})
    assert len(lead_matrices._kept_matrices[system.leads[0]]) == lead_matrices.KEPT_MATRICES


def test_a_constant_conservation_law_is_evaluated_once_for_all_fields(monkeypatch):
    evaluated = []
    original = kwant.builder.InfiniteSystem.discrete_symmetry

    def counted(lead, *args, **kwargs):
        evaluated.append(lead)
        return original(lead, *args, **kwargs)

    monkeypatch.setattr(kwant.builder.InfiniteSystem, "discrete_symmetry", counted)
    system = SpinOrbitRibbon(4, 6, coupling="rashba", lead_spin_orbit=False).build()
    blocks = [
        lead_modes(system, -1.1, {"flux": flux, "zeeman": 0.1})[0][0].block_nmodes
        for flux in (0.01, 0.02, 0.03)
    ]
    assert len(evaluated) == len(system.leads)
    assert all(len(block) == 2 for block in blocks)


height = 0.0


def read_global(site):
    return height


def law_with_global(site):
    return np.diag([0.0, height])


def test_a_conservation_law_that_is_a_function_is_evaluated_every_time(monkeypatch):
    lattice = kwant.lattice.chain(norbs=2)
    builder = kwant.Builder()
    builder[lattice(0)] = np.zeros((2, 2))
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)), conservation_law=law_with_global)
    lead[lattice(0)] = np.diag([0.0, 0.5])
    lead[lattice.neighbors()] = -np.eye(2)
    builder.attach_lead(lead)
    system = builder.finalized()
    blocks = []
    for value in (1.0, 0.0, 1.0):
        monkeypatch.setitem(globals(), "height", value)
        blocks.append(lead_modes(system, 0.3, {})[0][0].block_nmodes)
    assert blocks == [[1, 1], [2], [1, 1]]


def test_a_parameter_that_may_change_unnoticed_is_evaluated_every_time():
    class Bottom:
        value = 0.0

    def onsite(site, bottom):
        return bottom.value

    system, bottom = chain_with_lead(onsite), Bottom()
    for bottom.value in (0.0, 0.7, 0.0):
        velocities = lead_modes(system, 0.3, {"bottom": bottom})[0][0].velocities
        np.testing.assert_allclose(velocities[1], np.sqrt(4 - (0.3 - bottom.value) ** 2))


def test_a_global_variable_that_changes_changes_the_modes(monkeypatch):
    system = chain_with_lead(read_global)
    for value in (0.0, 0.7, 0.0):
        monkeypatch.setitem(globals(), "height", value)
        velocities = lead_modes(system, 0.3, {})[0][0].velocities
        np.testing.assert_allclose(velocities[1], np.sqrt(4 - (0.3 - value) ** 2))


def test_modes_are_the_same_to_the_last_bit_whatever_was_computed_before(monkeypatch):
    system = Ribbon(7, 8).build()
    alone = []
    for lead in system.leads:
        monkeypatch.setattr(modes, "_kept", modes._Kept())
        one = copy.copy(system)
        one.leads = [lead]
        alone += lead_modes(one, -1.1, {"flux": 0.01})
    monkeypatch.setattr(modes, "_kept", modes._Kept())
    for ours, expected in zip(lead_modes(system, -1.1, {"flux": 0.01}), alone, strict=True):
        for part, other in zip(ours, expected, strict=True):
            for name, value in vars(part).items():
                np.testing.assert_array_equal(value, vars(other)[name])


def test_kept_modes_cannot_be_spoiled():
    propagating, stable = lead_modes(Ribbon(5, 8).build(), -1.1, {"flux": 0.01})[0]
    for array in (propagating.wave_functions, propagating.momenta, stable.vecs, stable.sqrt_hop):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_modes_that_were_used_longest_ago_are_dropped_first(solves, monkeypatch):
    system = Wire(4, 5).build()
    size = modes._size(lead_modes(system, -1.1, {})[0])
    monkeypatch.setattr(modes, "KEPT_BYTES", 2.5 * size)
    lead_modes(system, -1.2, {})
    lead_modes(system, -1.1, {})
    lead_modes(system, -1.3, {})
    assert len(solves) == 3
    lead_modes(system, -1.1, {})
    assert len(solves) == 3
    lead_modes(system, -1.2, {})
    assert len(solves) == 4


def test_what_is_kept_does_not_travel_with_a_system_nor_keep_it_alive():
    system = Ribbon(5, 8).build()
    before = len(pickle.dumps(system))
    for energy in np.linspace(-1.5, -1.1, 10):
        lead_modes(system, energy, {"flux": 0.01})
    assert len(pickle.dumps(system)) == before
    leads = [weakref.ref(lead) for lead in system.leads]
    del system
    gc.collect()
    assert not any(lead() for lead in leads)


# -- leads for which Kwant is asked ---------------------------------------------------------


def test_discrete_symmetries_keep_the_modes_of_kwant():
    lattice = kwant.lattice.chain(norbs=2)
    s0, sy, sz = np.eye(2), np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0])
    builder = kwant.Builder()
    builder[lattice(0)] = 0 * s0
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)), time_reversal=1j * sy)
    lead[lattice(0)] = 0.2 * s0
    lead[lattice.neighbors()] = -s0 + 0.3j * sz
    builder.attach_lead(lead)
    builder.attach_lead(lead.reversed())
    system = builder.finalized()
    for lead, ours in zip(system.leads, lead_modes(system, -0.7, {}), strict=True):
        expected = lead.modes(-0.7)
        np.testing.assert_array_equal(ours[0].wave_functions, expected[0].wave_functions)
        np.testing.assert_array_equal(ours[1].vecs, expected[1].vecs)


def test_a_lead_with_modes_of_its_own_is_asked_every_time(solves):
    system = square(1, 4)
    lead = GivenLead(np.zeros((1, 1)), -np.eye(1))
    system.leads = [lead, system.leads[1]]
    assert lead_modes(system, 0.3, {})[0][0].velocities[1] == pytest.approx(np.sqrt(4 - 0.09))
    lead.cell = np.ones((1, 1))
    assert lead_modes(system, 0.3, {})[0][0].velocities[1] == pytest.approx(np.sqrt(4 - 0.49))


def test_a_lead_without_hopping_has_no_modes():
    system = chain_with_lead(0, lambda to, source, hop: hop)
    for energy in (0.3, 0.0):
        found = lead_modes(system, energy, {"hop": 0.0})[0]
        assert found[1].nmodes == 0 and len(found[1].vecs) == 0


def test_a_block_without_hopping_has_no_modes_and_leaves_those_of_the_others():
    up, down = (scipy.sparse.csr_array([[float(u)], [float(not u)]]) for u in (1, 0))
    found = solve_modes(np.diag([0, 0.5]), np.diag([-1.0, 0]), [up, down])[False]
    assert found[0].block_nmodes == [1, 0]
    alone = kwant.physics.modes(np.zeros((1, 1)), -np.eye(1))
    np.testing.assert_allclose(found[0].velocities, alone[0].velocities)
    np.testing.assert_allclose(found[1].selfenergy(), np.diag([alone[1].selfenergy()[0, 0], 0]))


@pytest.mark.parametrize("loss", [1e-6, 0.3])
def test_a_lead_with_loss_has_the_modes_of_kwant(loss):
    cell = matrices_at(Wire(5, 4)).less_energy(-1.1) - 1j * loss * np.diag(range(5))
    hop = -np.eye(5)
    found = solve_modes(cell, hop, mirrored=[False, True])
    expected = kwant.physics.modes(cell, hop)
    for mirror in (False, True):
        assert_equal_modes(found[mirror], expected)


# -- thresholds -----------------------------------------------------------------------------


def test_a_threshold_is_announced_once_with_its_distance_and_a_way_out(solves):
    system = square(3, 4)
    energy = -2 - np.sqrt(2) + 1e-13
    with pytest.warns(RuntimeWarning, match="mode threshold of leads 0, 1") as caught:
        lead_modes(system, energy, {})
    assert len(caught) == 1
    text = str(caught[0].message)
    assert re.search(r"lies (9\.\d|1\.0)e-1[34] above", text)
    advised = float(text.split("for example to ")[1])
    assert abs(advised - energy) < 0.2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lead_modes(system, energy, {})
        speeds = np.abs(lead_modes(system, advised, {})[0][0].velocities)
    assert speeds.min() > 1e-2


def test_the_warning_names_the_line_of_the_user(solves):
    with pytest.warns(RuntimeWarning, match="mode threshold") as caught:
        mk.scattering(square(1, 4), -2 + 1e-14)
    assert caught[0].filename == __file__


def test_an_energy_below_the_top_of_a_band_is_said_to_lie_below(solves):
    with pytest.warns(RuntimeWarning, match=r"\de-1\d below a mode threshold"):
        lead_modes(square(1, 4), 2 - 4e-14, {})


def test_an_energy_exactly_at_a_threshold_is_refused_with_a_way_out(solves):
    with pytest.raises(RuntimeError, match=r"no modes of lead 0.*move the energy, for example to"):
        lead_modes(square(1, 4), -2.0, {})


def test_ordinary_energies_give_no_warning(solves):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lead_modes(Ribbon(20, 4).build(), -1.1, {"flux": 0.02})


@pytest.mark.parametrize("angle", [0.3, 3.1, -2.0])
@pytest.mark.parametrize("orbitals, rank", [(1, 1), (5, 5), (6, 3)])
def test_a_lead_in_another_gauge_has_the_modes_of_kwant(orbitals, rank, angle):
    open_modes = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        cell, hop = hermitian(rng, orbitals, False), random_hop(rng, orbitals, rank, False)
        other = np.exp(1j * angle) * hop
        factor = common_factor(other, hop, 1e-13)
        found = in_another_gauge(kwant.physics.modes(cell, hop), factor)
        expected = kwant.physics.modes(cell, other)
        assert_equal_modes(found, expected, 1e-8)
        # The amplitude of a wave in the vectors that are matched has the phase of Kwant, too.
        open_modes += found[1].nmodes
        waves, theirs = found[0].wave_functions, expected[0].wave_functions
        phase = np.exp(1j * np.angle(np.sum(waves.conj() * theirs, axis=0)))
        n = len(phase)
        for name in ("vecs", "vecslmbdainv"):
            ours = found[1].sqrt_hop @ getattr(found[1], name)[:, :n] * phase
            np.testing.assert_allclose(
                ours, expected[1].sqrt_hop @ getattr(expected[1], name)[:, :n], atol=1e-7
            )
    assert open_modes


def test_hoppings_that_differ_by_more_than_a_phase_have_no_common_factor():
    hop = np.array([[1.0, 0.5], [0.0, 2.0]])
    assert common_factor(2 * hop, hop, 1e-13) is None
    assert common_factor(hop @ np.diag([1, 1j]), hop, 1e-13) is None
    assert common_factor(np.zeros((2, 2)), hop, 1e-13) is None
    assert common_factor(1j * hop, hop, 1e-13) == 1j


def test_the_arms_of_a_bar_in_a_field_share_one_eigenproblem(solves, without_kwant):
    system = finalized(HallBar(width=12, arm_width=7, gap=5, end=3))
    fluxes = [0.01, 0.033]
    for flux in fluxes:
        found = lead_modes(system, -3.1, {"flux": flux})
        for number, ours in enumerate(found):
            matrices = matrices_at(system, {"flux": flux}, number)
            assert residual(matrices.less_energy(-3.1), matrices.hop, ours) < 1e-13
    assert len(solves) == 2 * len(fluxes)


def test_a_system_has_the_same_modes_whatever_was_computed_before(solves):
    """Leads 2 and 3 differ by a gauge; their modes may not depend on which of them is known."""
    first = finalized(HallBar(width=6, arm_width=7, gap=5, end=3))
    second = finalized(HallBar(width=6, arm_width=7, gap=5, end=8))

    def waves(system):
        found = lead_modes(system, -3.1, {"flux": 0.033})
        return [part for one in found for part in (one[0].wave_functions, one[1].vecs)]

    expected = waves(second)
    modes._kept = modes._Kept()
    waves(first)
    for one, other in zip(waves(second), expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_matrices_of_a_lead_by_arrays_are_those_of_kwant(name):
    system = finalized(EXAMPLES[name])
    params = params_of(system)
    for lead in system.leads:
        if not lead_matrices.has_own_matrices(lead):
            continue
        own = {name: value for name, value in params.items() if name in lead.parameters}
        for _ in range(2):  # The first evaluation compares all sites with Kwant's way.
            cell, hop = lead_matrices._evaluated_by_arrays(lead, own)
            np.testing.assert_array_equal(cell, lead.cell_hamiltonian(params=own))
            np.testing.assert_array_equal(hop, lead.inter_cell_hopping(params=own))


def strip_with_lead(hopping, width=20):
    """A strip whose lead has cells of two columns and this hopping along x."""
    lattice = kwant.lattice.square(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(0, y) for y in range(width))] = 0
    builder[(lattice(1, y) for y in range(width))] = 0
    lead = kwant.Builder(kwant.TranslationalSymmetry((-2, 0)))
    lead[(lattice(x, y) for x in (0, 1) for y in range(width))] = 0
    lead[kwant.builder.HoppingKind((1, 0), lattice)] = hopping
    builder.attach_lead(lead)
    return builder.finalized()


def test_a_lead_calls_value_functions_with_the_sites_of_kwant():
    """Bonds to the cell before are evaluated with their first site in the unit cell."""
    calls = []

    def hopping(to, source, flux):
        calls.append(to)
        return np.exp(1j * flux * (to.pos[0] + 3 * source.pos[0] + to.pos[1]))

    lead = strip_with_lead(hopping).leads[0]
    for flux in (0.1, 0.2, 0.3):
        expected = lead.cell_hamiltonian(params={"flux": flux})
        hop = lead.inter_cell_hopping(params={"flux": flux})
        calls.clear()
        found = lead_matrices.LeadMatrices.of(lead, {"flux": flux})
        np.testing.assert_array_equal(found.cell, expected)
        np.testing.assert_array_equal(found.hop[:, : hop.shape[1]], hop)
        assert found.interface == hop.shape[1] == 20
    assert len(calls) < 25  # of 40 bonds


def test_a_value_function_of_a_lead_that_branches_is_called_one_by_one():
    def hopping(to, source, flux):
        return -1.0 if to.pos[1] < 7 else -flux

    lead = strip_with_lead(hopping).leads[0]
    found = lead_matrices.LeadMatrices.of(lead, {"flux": 0.3})
    np.testing.assert_array_equal(found.cell, lead.cell_hamiltonian(params={"flux": 0.3}))


def test_random_numbers_of_a_lead_are_drawn_in_the_order_of_kwant():
    rng = np.random.default_rng(3)

    def hopping(to, source):
        return rng.normal()

    lead = strip_with_lead(hopping).leads[0]
    found = lead_matrices.matrices_of(lead, {})
    rng = np.random.default_rng(3)
    np.testing.assert_array_equal(found.cell, lead.cell_hamiltonian(params={}))
