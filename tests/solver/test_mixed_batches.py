"""Samples of several problems share a batch: each is what it is alone, to the last bit."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mesokwant as mk
from mesokwant.solver.batched import kernels, leads, prepared
from mesokwant.solver.batched.backend import BatchedBackend
from mesokwant.solver.problem import make_problem
from mesokwant.solver.reference import KwantBackend
from mesokwant.solver.scattering import solve, solve_batch
from tests.helpers.lattices import chain, random_system, spinful, square

KINDS = (
    None,
    mk.Anderson(0.0),
    mk.Anderson(1.5),
    mk.BondDisorder(0.8),
    mk.RandomFlux(0.4),
    mk.Vacancies(0.1),
    mk.Anderson(0.7) + mk.Vacancies(0.05),
)


def problems_of(system, energies, *, params=({},), kinds=KINDS, **options):
    """One problem for every energy, with the parameters and kinds of disorder in turn."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*mode threshold")
        return [
            make_problem(
                system,
                energy,
                params=params[i % len(params)],
                disorder=kinds[i % len(kinds)],
                seed=i,
                **options,
            )
            for i, energy in enumerate(energies)
        ]


def assert_unitary_samples_agree(one, other):
    """Compare with Kwant wherever its own S is unitary, as it may not be at a threshold."""
    if other.data.size == 0:
        return
    defect = np.abs(other.data.conj().swapaxes(1, 2) @ other.data - np.eye(other.data.shape[1]))
    if defect.max() < 1e-10:
        np.testing.assert_allclose(np.abs(one.data), np.abs(other.data), atol=1e-7)
        out, into = one.problem.out_leads[-1], one.problem.in_leads[0]
        channels = max(1, one.num_propagating(into))
        difference = one.transmission(out, into) - other.transmission(out, into)
        assert np.abs(difference).max() < 1e-9 * channels


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    sites=st.integers(1, 30),
    ends=st.integers(1, 3),
    orbitals=st.integers(1, 4),
    real=st.booleans(),
    energies=st.lists(st.floats(-2, 2), min_size=2, max_size=5),
    data=st.data(),
)
def test_points_mixed_at_random_agree_with_kwant_and_with_each_alone(
    seed, sites, ends, orbitals, real, energies, data
):
    system = random_system(seed, sites=sites, edges=sites, leads=ends, orbitals=orbitals, real=real)
    problems = problems_of(system, energies)
    drawn = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(problems), st.lists(st.integers(0, 9), min_size=0, max_size=4)
            ),
            min_size=1,
            max_size=6,
        )
    )
    batched = solve_batch(drawn, BatchedBackend())
    kwant = solve_batch(drawn, KwantBackend())
    for (problem, numbers), one, other in zip(drawn, batched, kwant, strict=True):
        assert one.numbers == other.numbers == tuple(numbers)
        if numbers:
            assert_unitary_samples_agree(one, other)
            alone = solve(problem, numbers, "batched")
            assert np.array_equal(one.data, alone.data)
            assert one.resolved == alone.resolved


@pytest.mark.parametrize("order", range(3))
@pytest.mark.parametrize("size", [1, 3, kernels.LANES, 4 * kernels.LANES])
def test_bits_of_a_sample_do_not_depend_on_order_and_size_of_batches(size, order):
    """Energies, fields, strengths, kinds and leads differ, and some samples are rejected."""
    system = square(7, 12, field=True, terminals="abd")
    params = [{"flux": flux} for flux in (0.0, 0.02, 0.031, 0.05)]
    energies = [-1.0, 0.37, 0.37, -1.0, 1e-9, 0.5, -0.7, 1.2]
    problems = problems_of(system, energies, params=params, out_leads=[1])
    pairs = [(problem, [number]) for problem in problems for number in range(4)]
    alone = [solve(*pair, "batched") for pair in pairs]
    assert 4 <= sum(len(one.resolved) for one in alone) <= 24
    shuffled = np.random.default_rng(order).permutation(len(pairs))
    for start in range(0, len(pairs), size):
        chosen = shuffled[start : start + size]
        together = solve_batch([pairs[i] for i in chosen], BatchedBackend())
        for i, ensemble in zip(chosen, together, strict=True):
            assert np.array_equal(ensemble.data, alone[i].data)
            assert ensemble.resolved == alone[i].resolved


def test_a_batch_may_mix_structures_arithmetics_and_hamiltonians_with_gain():
    gain = square(4, 5, onsite=-0.1j)
    problems = [
        *problems_of(square(5, 6), [0.3, 0.4]),
        *problems_of(gain, [0.3], check_hermiticity=False),
        *problems_of(spinful(3, 4), [0.37]),
        *problems_of(chain(9), [0.2, 2.5]),
        *problems_of(square(5, 6), [0.3], kinds=(mk.RandomFlux(0.2),)),
    ]
    batch = [(problem, [2, 0]) for problem in problems]
    for one, other in zip(
        solve_batch(batch, BatchedBackend()), solve_batch(batch, KwantBackend()), strict=True
    ):
        np.testing.assert_allclose(one.data, other.data, atol=1e-9)


def test_one_problem_may_occur_several_times_in_a_batch():
    (problem,) = problems_of(square(5, 6), [0.3], kinds=(mk.Anderson(1.0),))
    first, second = solve_batch([(problem, [0, 1]), (problem, [1, 0])], BatchedBackend())
    assert np.array_equal(first.data, second.data[::-1])


def test_samples_of_many_points_fill_the_lanes(monkeypatch):
    """The number of eliminations is that of the samples over the lanes."""
    count = []
    eliminate = kernels.Eliminator.__call__
    monkeypatch.setattr(
        kernels.Eliminator,
        "__call__",
        lambda self, values: count.append(len(values)) or eliminate(self, values),
    )
    problems = problems_of(square(5, 6), np.linspace(0.1, 0.9, 21), kinds=(mk.Anderson(1.0),))
    solve_batch([(problem, [0]) for problem in problems], BatchedBackend())
    assert len(count) == -(-21 // kernels.LANES)
    assert sum(count) == 21


def test_every_lead_is_reduced_once_for_all_problems_with_its_modes(monkeypatch):
    count = []
    reduce = leads._reduce
    monkeypatch.setattr(leads, "_reduce", lambda stable: count.append(stable) or reduce(stable))
    kinds = [mk.Anderson(0.1 * i) for i in range(5)]
    problems = problems_of(square(5, 6), [0.345] * 5, kinds=kinds)
    assert len({id(prepared.prepared_for(problem)) for problem in problems}) == 5
    assert len(count) <= 2
