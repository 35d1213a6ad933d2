"""The compiled kernels on single fronts: the Schur complement, whatever the size of the front."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.solver.batched.dissection import PAD, dissect
from mesokwant.solver.batched.elements import Elements
from mesokwant.solver.batched.kernels import LANES, PANEL, Eliminator
from mesokwant.solver.batched.pivoting import eliminate as eliminate_with_delays
from mesokwant.solver.problem import make_problem
from mesokwant.solver.scattering import solve
from tests.helpers.lattices import GivenLead, GivenSystem, cubic, hermitian, spinful, square

ENERGY = 0.3

both_arithmetics = pytest.mark.parametrize("real", [True, False], ids=["real", "complex"])


def single_front(pivots, boundary, real, shift=0.0):
    """A problem on two sites: an interface, and a dense site that makes up one front.

    The shift of the dense site decides how far its block is from singular.
    """
    rng = np.random.default_rng([pivots, boundary, real])
    inside = hermitian(rng, pivots, real) + shift * np.eye(pivots)
    coupling = rng.normal(size=(boundary, pivots))
    hop = rng.normal(size=(boundary, boundary))
    if not real:
        coupling = coupling + 1j * rng.normal(size=coupling.shape)
    blocks = {
        (0, 0): hermitian(rng, boundary, real),
        (1, 1): inside,
        (0, 1): coupling,
        (1, 0): coupling.conj().T,
    }
    lead = GivenLead(np.zeros((boundary, boundary)), hop)
    system = GivenSystem([boundary, pivots], blocks, [lead], [[0]])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*mode threshold")
        return make_problem(system, ENERGY, disorder=mk.Anderson(1.0))


def eliminated(problem, numbers):
    """The interface matrices and the growth of some samples, and their H - E as dense matrices."""
    dissection = dissect(problem.structure)
    assert dissection.num_fronts == 2
    elements = Elements([problem], dissection)
    eliminator = Eliminator(dissection, elements.shared, elements.column)
    matrices, growth = eliminator(elements.values([(0, number) for number in numbers]))
    order = np.ix_(dissection.orbitals, dissection.orbitals)
    energies = problem.energy * np.eye(problem.structure.num_orbitals)
    dense = [
        (problem.hamiltonian(row).toarray() - energies)[order] for row in problem.values(numbers)
    ]
    return matrices, growth, dense


def schur_complement(matrix, pivots):
    """What remains of a matrix on the boundary when its first rows are eliminated."""
    inside, coupling = matrix[:pivots, :pivots], matrix[:pivots, pivots:]
    return matrix[pivots:, pivots:] - coupling.conj().T @ np.linalg.solve(inside, coupling)


def largest_term(matrix, pivots):
    """The largest |F_kj|²/|F_kk| of an elimination without interchange of pivots."""
    front, largest = matrix.astype(complex), 0.0
    for k in range(pivots):
        row = front[k, k + 1 :]
        terms = np.outer(row.conj(), row) / front[k, k]
        largest = max(largest, np.abs(terms.diagonal()).max())
        front[k + 1 :, k + 1 :] -= terms
    return largest


@both_arithmetics
@pytest.mark.parametrize("boundary", [1, 3, 4, 6])
@pytest.mark.parametrize(
    "pivots", [1, 2, 4, 7, PANEL - 1, PANEL, PANEL + 1, 2 * PANEL, 2 * PANEL + 6]
)
def test_front_leaves_the_schur_complement_and_reports_its_growth(pivots, boundary, real):
    problem = single_front(pivots, boundary, real, shift=4 * np.sqrt(pivots))
    assert problem.real == real
    matrices, growth, dense = eliminated(problem, range(LANES))
    for matrix, grown, full in zip(matrices, growth, dense, strict=True):
        expected = schur_complement(full, pivots)
        np.testing.assert_allclose(matrix, expected, atol=1e-11 * np.abs(expected).max())
        assert grown == pytest.approx(largest_term(full, pivots), rel=1e-11)


@both_arithmetics
def test_operations_are_a_multiplication_and_an_addition_for_each_element_and_pivot(real):
    pivots, boundary = 5, 3
    dissection = dissect(single_front(pivots, boundary, real).structure)
    rows = pivots + boundary
    elements = sum(1 for k in range(pivots) for j in range(k + 1, rows) for _ in range(j, rows))
    assert dissection.flops(real) == (1 if real else 4) * 2 * elements


def test_lanes_follow_the_instructions_that_numba_may_use():
    code = "from mesokwant.solver.batched.simd import LANES; print(LANES)"
    for features, lanes in {"+avx2,+fma": "4", "+avx512f,+avx2,+fma": "8"}.items():
        environment = os.environ | {"NUMBA_CPU_FEATURES": features}
        command = [sys.executable, "-c", code]
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        )
        assert result.stdout.strip() == lanes


@pytest.mark.parametrize("boundary", [3, 4, 6])
def test_stack_holds_the_blocks_of_the_upper_triangle_of_the_update(boundary):
    dissection = dissect(single_front(5, boundary, True).structure)
    blocks = np.ceil(boundary / PAD)
    assert dissection.stack_size == PAD**2 * blocks * (blocks + 1) / 2


@pytest.mark.parametrize("system", [square(12, 20), cubic(4, 12), spinful(5, 9)])
def test_an_update_lies_apart_from_those_of_children_and_of_fronts_not_yet_added(system):
    dissection = dissect(make_problem(system, ENERGY).structure)
    blocks = -(-dissection.boundary // PAD)
    stop = dissection.update_start + PAD**2 * blocks * (blocks + 1) // 2
    occupied = np.zeros(dissection.stack_size, bool)
    for f in range(dissection.num_fronts - 1):
        own = slice(dissection.update_start[f], stop[f])
        assert own.start >= 0
        assert own.stop <= len(occupied)
        assert not occupied[own].any()
        occupied[own] = True
        for c in dissection.children[dissection.child_start[f] : dissection.child_start[f + 1]]:
            assert occupied[dissection.update_start[c] : stop[c]].all()
            occupied[dissection.update_start[c] : stop[c]] = False


@both_arithmetics
def test_growth_of_an_indefinite_front_counts_negative_pivots_too(real):
    problem = single_front(10, 3, real, shift=-12.0)
    _, growth, dense = eliminated(problem, range(3))
    assert growth == pytest.approx([largest_term(full, 10) for full in dense], rel=1e-11)


def with_delays(dissection, elements, allowed):
    """Eliminate by delayed pivoting, given the elements of the whole pattern."""
    entries = elements[dissection.entry_source]
    planes = np.stack([entries.real, entries.imag][: 1 + np.iscomplexobj(entries)])
    return eliminate_with_delays(dissection, planes, scale=1.0, allowed=allowed)


@both_arithmetics
def test_delayed_pivoting_leaves_the_schur_complement_of_a_regular_front(real):
    problem = single_front(PANEL + 6, 3, real, shift=4 * np.sqrt(PANEL + 6))
    matrices, _, dense = eliminated(problem, [0])
    dissection = dissect(problem.structure)
    inverse = np.argsort(dissection.orbitals)
    full = dense[0][np.ix_(inverse, inverse)]
    elements = full[problem.structure.rows, problem.structure.indices]
    matrix, growth = with_delays(dissection, elements, allowed=1e3)
    np.testing.assert_allclose(matrix, matrices[0], atol=1e-11)
    assert growth == pytest.approx(largest_term(dense[0], PANEL + 6), rel=1e-11)


@both_arithmetics
@pytest.mark.parametrize("pivots, boundary", [(2, 1), (5, 2), (8, 8), (21, 13)])
def test_pairs_of_orbitals_are_eliminated_where_single_ones_are_not_allowed(pivots, boundary, real):
    """All diagonal elements are zero, as they are on a lattice at E = 0."""
    problem = single_front(pivots, boundary, real)
    dissection = dissect(problem.structure)
    elements = problem.clean.copy()
    elements[problem.structure.diagonal] = 0.0
    matrix, growth = with_delays(dissection, elements, allowed=100.0)
    full = problem.hamiltonian(elements[problem.varying])
    full.data[:] = elements
    order = np.ix_(dissection.orbitals, dissection.orbitals)
    whole = full.toarray()[order]
    delayed = len(matrix) - boundary
    assert delayed == pivots % 2 or growth <= 100
    inside = np.linalg.inv(matrix)[:boundary, :boundary]
    np.testing.assert_allclose(inside, np.linalg.inv(whole)[pivots:, pivots:], rtol=1e-9, atol=1e-9)


@both_arithmetics
@pytest.mark.parametrize("pivots", [PANEL + 3, 2 * PANEL + 5])
def test_scattering_through_a_front_larger_than_a_panel_agrees_with_kwant(pivots, real):
    problem = single_front(pivots, 5, real)
    batched, kwant = (solve(problem, range(3), name) for name in ("batched", "kwant"))
    assert batched.num_propagating(0) > 0
    np.testing.assert_allclose(batched.data, kwant.data, atol=1e-8)
