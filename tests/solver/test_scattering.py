"""`scattering` agrees with plain Kwant, sample by sample, and refuses wrong input."""

import copy

import kwant
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse

import mesokwant as mk
from mesokwant import theory
from mesokwant.solver import modes
from mesokwant.solver.problem import make_problem
from systems import Chain, Ribbon, SpinOrbitRibbon, Wire

SOLVERS = ["kwant", "batched", "auto"]


def graphene(length=6):
    """A zigzag ribbon of graphene between its own leads, as a user builds it."""
    lattice = kwant.lattice.honeycomb(norbs=1)
    width = 5

    def shape(position):
        return 0 <= position[0] < length and 0 <= position[1] < width

    builder = kwant.Builder()
    builder[lattice.shape(shape, (1, 1))] = 0.1
    builder[lattice.neighbors()] = -1
    lead = kwant.Builder(kwant.TranslationalSymmetry(lattice.vec((-1, 0))))
    lead[lattice.shape(lambda position: 0 <= position[1] < width, (0, 1))] = 0.1
    lead[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    builder.attach_lead(lead.reversed())
    return builder


def crossing():
    """Four leads on a cross, the last of them without open modes."""
    lattice = kwant.lattice.square(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(x, y) for x in range(6) for y in range(6))] = 0
    builder[lattice.neighbors()] = -1
    for direction, sites, onsite in (
        ((-1, 0), [lattice(0, y) for y in range(3)], 0),
        ((1, 0), [lattice(0, y) for y in range(6)], 0),
        ((0, 1), [lattice(x, 0) for x in range(4)], 0),
        ((0, -1), [lattice(x, 0) for x in range(2, 5)], 9),
    ):
        lead = kwant.Builder(kwant.TranslationalSymmetry(direction))
        lead[sites] = onsite
        lead[lattice.neighbors()] = -1
        builder.attach_lead(lead)
    return builder


CASES = [
    (Wire(5, 12), {}, mk.Anderson(2.0)),
    (Ribbon(5, 12), {"flux": 0.01}, mk.Anderson(2.0) + mk.BondDisorder(0.3)),
    (
        SpinOrbitRibbon(4, 8, coupling="rashba"),
        {"alpha": 0.3, "zeeman": 0.1, "flux": 0.005},
        mk.MagneticImpurities(0.3) + mk.Anderson(1.0),
    ),
    (graphene(), {}, mk.RandomFlux(0.2)),
    (crossing(), {}, mk.Gaussian(0.4, 1.2)),
    (Wire(3, 8, height=3), {}, mk.Vacancies(0.1) + mk.Anderson(1.0)),
]


def reference(system, energy, params, disorder, sample, seed):
    """kwant.smatrix of a system whose Hamiltonian is that of the sample."""
    problem = make_problem(system, energy, params=params, disorder=disorder, seed=seed)
    values = problem.values([sample])[0]
    matrix = problem.hamiltonian(values).toarray()
    system = problem.structure.system
    norbs = np.diff(problem.structure.offsets)
    sparse = scipy.sparse.coo_matrix(matrix)
    system.hamiltonian_submatrix = lambda *args, **kwargs: (sparse, norbs, norbs)
    return kwant.smatrix(system, energy, params=params)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("system, params, disorder", CASES, ids=lambda v: type(v).__name__)
def test_every_sample_is_that_of_kwant(system, params, disorder, solver):
    ensemble = mk.scattering(
        system, -1.1, params=params, disorder=disorder, numbers=[0, 4, 2], seed=3, solver=solver
    )
    for index, sample in enumerate(ensemble.numbers):
        expected = reference(system, -1.1, params, disorder, sample, 3)
        ours = ensemble[index]
        leads = range(len(ensemble.problem.modes))
        for out in leads:
            for into in leads:
                assert ours.transmission(out, into) == pytest.approx(
                    expected.transmission(out, into), abs=1e-10
                )
                assert ensemble.transmission(out, into)[index] == pytest.approx(
                    expected.transmission(out, into), abs=1e-10
                )
                singular = np.linalg.svd(ensemble.submatrix(out, into)[index], compute_uv=False)
                theirs = np.linalg.svd(expected.submatrix(out, into), compute_uv=False)
                assert np.allclose(singular, theirs, atol=1e-10)
        unitary = ours.data @ ours.data.conj().T
        assert np.allclose(unitary, np.eye(len(unitary)), atol=1e-10)


@pytest.mark.parametrize("solver", SOLVERS)
def test_results_do_not_depend_on_the_batch(solver):
    def solve(**which):
        return mk.scattering(
            Ribbon(6, 20), -1.0, params={"flux": 0.003}, disorder=mk.Anderson(2.0),
            **which, seed=1, solver=solver,
        ).data  # fmt: skip

    whole = solve(samples=40)
    for some in ([17, 3], [39]):
        part = solve(numbers=some)
        if solver == "batched":
            assert np.array_equal(part, whole[some])
        else:
            # The rounding of SuperLU depends on where its memory lies; "auto" may take either.
            assert np.allclose(np.abs(part), np.abs(whole[some]), atol=1e-10)


def test_disorder_in_value_functions_by_salt():
    lattice = kwant.lattice.chain(norbs=1)

    def onsite(site, salt):
        return kwant.digest.uniform(repr(site), salt) - 0.5

    builder = kwant.Builder()
    builder[(lattice(i) for i in range(30))] = onsite
    builder[lattice.neighbors()] = -1
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = 0
    lead[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    builder.attach_lead(lead.reversed())
    ensemble = mk.scattering(builder, -0.7, samples=5, seed=2)
    expected = [
        kwant.smatrix(builder.finalized(), -0.7, params={"salt": f"2-{i}"}).transmission(1, 0)
        for i in range(5)
    ]
    assert np.allclose(ensemble.transmission(1, 0), expected, atol=1e-10)
    one = mk.scattering(builder, -0.7, params={"salt": "fixed"}, samples=2)
    assert one.transmission(1, 0)[0] == one.transmission(1, 0)[1]


def test_disorder_comes_on_top_of_that_of_value_functions():
    def onsite(site, salt):
        return kwant.digest.uniform(repr(site), salt) - 0.5

    builder = Wire(4, 9).builder()
    builder[list(builder.sites())] = onsite
    salted, both, alone = (
        make_problem(system, -0.7, disorder=disorder, seed=2)
        for system, disorder in (
            (builder, None),
            (builder, mk.Anderson(1.0)),
            (Wire(4, 9), mk.Anderson(1.0)),
        )
    )
    for sample in (0, 5):
        matrices = [
            problem.hamiltonian(problem.values([sample])[0]).toarray()
            for problem in (salted, both, alone)
        ]
        clean = Wire(4, 9).build().hamiltonian_submatrix()
        added = matrices[2] - clean
        assert np.abs(added).max() > 0.3
        np.testing.assert_allclose(matrices[1], matrices[0] + added, atol=1e-14)


@pytest.mark.parametrize("solver", ["kwant", "batched"])
def test_one_mode_out_of_one_mode_passes_an_impurity_as_its_formula_says(solver):
    impurity = Chain(3, impurities=(1,))
    ensemble = mk.scattering(
        impurity, 0.6, params={"impurity": 1.5}, in_leads=[0], out_leads=[1], solver=solver
    )
    assert ensemble.data.shape == (1, 1, 1)
    expected = float(theory.impurity_transmission(0.6, 1.5))
    assert ensemble.transmission(1, 0) == pytest.approx([expected], abs=1e-9)


def test_the_clean_hamiltonian_and_the_modes_are_evaluated_once(monkeypatch):
    calls = {"onsite": 0, "modes": 0}
    original = modes.solve_modes

    def counted(*args, **kwargs):
        calls["modes"] += 1
        return original(*args, **kwargs)

    def onsite(site):
        calls["onsite"] += 1
        return 0.0

    monkeypatch.setattr(modes, "solve_modes", counted)
    builder = Wire(4, 10).builder()
    for site in list(builder.sites()):
        builder[site] = onsite
    # No other test has left the modes of this energy behind. Both leads have the same.
    mk.scattering(builder, -1.01234, disorder=mk.Anderson(1.0), samples=30)
    # Once for each of the 40 sites, and once for all of them together.
    assert calls == {"onsite": 41, "modes": 1}


def test_restricting_leads_gives_blocks_of_the_full_matrix():
    whole = mk.scattering(crossing(), -1.1, disorder=mk.Anderson(1.0), samples=2)
    part = mk.scattering(
        crossing(), -1.1, disorder=mk.Anderson(1.0), samples=2, in_leads=[2], out_leads=[0, 1]
    )
    assert np.allclose(np.abs(part.submatrix(1, 2)), np.abs(whole.submatrix(1, 2)), atol=1e-10)
    assert part.data.shape[1:] == (
        part.num_propagating(0) + part.num_propagating(1),
        part.num_propagating(2),
    )
    with pytest.raises(ValueError, match="no lead 3 here"):
        part.transmission(0, 3)


def test_a_lead_without_open_modes_gives_zero():
    ensemble = mk.scattering(crossing(), -1.1, samples=2)
    assert ensemble.num_propagating(3) == 0
    assert not ensemble.transmission(3, 0).any()
    outside = mk.scattering(Wire(3, 5), -7.0, samples=3)
    assert np.array_equal(outside.transmission(1, 0), np.zeros(3))


def test_spin_is_resolved_by_the_conservation_law():
    ensemble = mk.scattering(
        SpinOrbitRibbon(4, 8, coupling="rashba", lead_spin_orbit=False), -1.0,
        params={"alpha": 0.0, "zeeman": 0.2, "flux": 0.0}, disorder=mk.Anderson(1.0), samples=3,
    )  # fmt: skip
    assert np.allclose(ensemble.transmission((1, 1), (0, 0)), 0, atol=1e-12)
    same = sum(ensemble.transmission((1, s), (0, s)) for s in (0, 1))
    assert np.allclose(same, ensemble.transmission(1, 0))
    with pytest.raises(ValueError, match="has no block 2"):
        ensemble.transmission((1, 2), (0, 0))


@pytest.mark.parametrize(
    "system, options, text",
    [
        (Wire(5, 6), {"samples": 2}, "2 samples, leads 0 and 1 with 4 modes"),
        (Wire(1, 6), {}, "1 sample, leads 0 and 1 with 1 mode"),
        (
            crossing(),
            {"samples": 3},
            "3 samples, leads 0 (2 modes), 1 (4 modes), 2 (3 modes) and 3 (0 modes)",
        ),
        (
            crossing(),
            {"in_leads": [0], "out_leads": [1, 2]},
            "1 sample, from lead 0 with 2 modes to leads 1 (4 modes) and 2 (3 modes)",
        ),
    ],
)
def test_an_ensemble_prints_as_one_line(system, options, text):
    assert repr(mk.scattering(system, -0.9, **options)) == f"<Ensemble: {text}>"


def test_an_ensemble_prints_how_many_samples_were_solved_again():
    ensemble = mk.scattering(Wire(10, 22), 0.0, samples=4, solver="batched")
    assert len(ensemble.resolved) == 4
    assert repr(ensemble).endswith("with 10 modes, 4 solved again>")


def test_the_modes_of_a_lead_are_those_of_its_blocks():
    ensemble = mk.scattering(
        SpinOrbitRibbon(4, 8, coupling="rashba", lead_spin_orbit=False), -2.5,
        params={"alpha": 0.2, "zeeman": 0.8, "flux": 0.0},
    )  # fmt: skip
    blocks = [ensemble.num_propagating((0, block)) for block in (0, 1)]
    assert blocks[0] != blocks[1]
    assert sum(blocks) == ensemble.num_propagating(0)
    assert ensemble.submatrix((1, 0), (0, 1)).shape[1:] == tuple(blocks)
    with pytest.raises(ValueError, match="has no block 2"):
        ensemble.num_propagating((0, 2))
    with pytest.raises(ValueError, match="no lead 2 here"):
        ensemble.num_propagating(2)


def test_energies_may_be_numpy_scalars():
    for energy in (np.float64(-1.0), np.int64(-1), np.array(-1.0), -1):
        assert mk.scattering(Wire(3, 5), energy).num_propagating(0) == 2


RIBBON = Ribbon(4, 6)


@pytest.mark.parametrize(
    "kwargs, message",
    [
        ({"params": {}}, "needs a value for 'flux'"),
        ({"params": {"flux": 0.0, "fluks": 1}}, "did you mean 'flux'"),
        ({"energy": np.nan}, "finite real number"),
        ({"energy": np.inf}, "finite real number"),
        ({"energy": 1 + 0.1j}, "finite real number"),
        ({"energy": "0.5"}, "finite real number"),
        ({"energy": [0.5]}, "finite real number"),
        ({"samples": 0}, "positive"),
        ({"samples": 2.5}, "positive"),
        ({"samples": [0, 4]}, r"numbers=\[0, 4, 2\]"),
        ({"numbers": []}, "one or more"),
        ({"numbers": [-1]}, "one or more"),
        ({"numbers": [0.5]}, "one or more"),
        ({"numbers": [3], "samples": 1}, "give one of the two"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"solver": "bached"}, "did you mean 'batched'"),
        ({"in_leads": [2]}, "no lead 2"),
        ({"out_leads": []}, "empty"),
    ],
)
def test_wrong_input_names_the_way_out(kwargs, message):
    arguments = {"energy": -1.0, "params": {"flux": 0.0}} | kwargs
    with pytest.raises(ValueError, match=message):
        mk.scattering(RIBBON, **arguments)


def test_wrong_systems_are_refused():
    with pytest.raises(TypeError, match="finite Kwant system"):
        mk.scattering("ribbon", 0.0)
    with pytest.raises(ValueError, match="no leads"):
        mk.scattering(kwant.Builder(), 0.0)
    builder = Wire(3, 4).builder()
    site = next(iter(builder.sites()))
    builder[site] = 1j
    for solve in (mk.scattering, make_problem):
        with pytest.raises(ValueError, match="not Hermitian"):
            solve(builder, -1.0)


def test_a_mode_threshold_is_announced():
    lattice = kwant.lattice.chain(norbs=1)
    builder = kwant.Builder()
    builder[lattice(0)] = 0
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    lead[lattice(0)] = 0
    lead[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    with pytest.warns(RuntimeWarning, match="mode threshold"):
        mk.scattering(builder, -2.0 + 1e-14)


def test_a_lead_given_by_a_self_energy_is_refused():
    builder = Wire(3, 4).builder()
    interface = builder.leads[0].interface
    selfenergy = kwant.builder.SelfEnergyLead(lambda energy: np.eye(3), interface, ())
    builder.leads.append(selfenergy)
    with pytest.raises(ValueError, match="lead 2 is defined by a self-energy alone"):
        mk.scattering(builder, -1.0)
    with pytest.raises(ValueError, match="lead 2 is defined by a self-energy alone"):
        mk.scattering(builder, -1.0, in_leads=[0], out_leads=[1])


@pytest.mark.parametrize(
    "system, params, distinct",
    [
        (Wire(6, 8, boundary="periodic"), {}, False),
        (Wire(4, 6, height=3, boundary="periodic"), {}, False),
        (Ribbon(7, 8), {"flux": 0.02}, True),
    ],
)
def test_probabilities_between_groups_of_equal_momentum_are_those_of_kwant(
    system, params, distinct
):
    """Within a group the basis is arbitrary; the sum over pairs of groups is not."""
    ensemble = mk.scattering(
        system, -0.77, params=params, disorder=mk.Anderson(1.3), samples=2, solver="batched"
    )
    finalized = copy.copy(system.build())
    norbs = np.diff(ensemble.problem.structure.offsets)
    for row, number in enumerate(ensemble.numbers):
        h = ensemble.problem.hamiltonian(ensemble.problem.values([number])[0]).tocoo()
        finalized.hamiltonian_submatrix = lambda *_, h=h, **__: (h, norbs, norbs)
        reference = kwant.smatrix(finalized, -0.77, params=params, check_hermiticity=False)
        groups, sizes = [], []
        for info in reference.lead_info:
            momenta = np.round(info.momenta[: len(info.momenta) // 2], 8)
            names, index = np.unique(momenta, return_inverse=True)
            groups.append(np.eye(len(names))[index])
            sizes.append(len(names) == len(momenta))
        assert all(sizes) is distinct
        between = scipy.linalg.block_diag(*groups)
        expected = between.T @ abs(reference.data) ** 2 @ between
        found = between.T @ abs(ensemble.data[row]) ** 2 @ between
        np.testing.assert_allclose(found, expected, atol=1e-10)
