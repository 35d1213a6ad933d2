"""The sizes of a problem on which the time of a back end depends, and that time."""

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.solver import costs
from mesokwant.solver.problem import make_problem
from systems import Chain, Ribbon, Wire
from tests.helpers.lattices import GivenLead, GivenSystem, spinful, square


def a_problem(system, **options):
    return make_problem(system, -0.9, disorder=mk.Anderson(1.0), **options)


@pytest.mark.parametrize(
    "system, width",
    [
        (Chain(length=30), 1),
        (Wire(width=7, length=20), 7),
        (Wire(width=3, length=20, height=4), 12),
        (spinful(4, 9), 8),
    ],
)
def test_the_width_of_a_wire_is_that_of_its_cross_section_in_orbitals(system, width):
    assert costs.width_of(a_problem(system)) == pytest.approx(width)


def test_the_width_of_a_cavity_is_not_that_of_its_leads():
    # The lead has 4 of the 8 sites of one side.
    cavity = a_problem(square(8, 40, terminals="d"))
    assert len(cavity.structure.interfaces[0]) == 4
    assert 7 < costs.width_of(cavity) < 8


def test_a_system_whose_first_lead_attaches_to_nothing_has_a_width():
    nothing = GivenLead(np.zeros((0, 0)), np.zeros((0, 0)))
    lead = GivenLead(np.zeros((1, 1)), np.ones((1, 1)))
    blocks = {(i, i): [[0.0]] for i in range(3)}
    blocks |= {(i, j): [[1.0]] for i, j in [(0, 1), (1, 0), (1, 2), (2, 1)]}
    system = GivenSystem([1] * 3, blocks, [nothing, lead], [[], [0]])
    assert costs.width_of(make_problem(system, 0.3)) == 1


def test_the_times_of_both_back_ends_grow_with_length_width_and_samples():
    seconds = [
        lambda problem, samples: costs.kwant_seconds(problem, samples),
        lambda problem, samples: costs.batched_seconds(
            problem, samples, dissected=True, loaded=True
        ),
    ]
    small, longer, wider = (a_problem(Wire(*size)) for size in [(5, 20), (5, 40), (10, 20)])
    for time in seconds:
        assert time(small, 1) < time(longer, 1) < time(wider, 1) < time(wider, 9)


def test_kwant_takes_a_sample_after_the_other_and_the_batched_solver_a_group_at_once():
    problem = a_problem(Wire(4, 10))
    assert costs.kwant_seconds(problem, 8) == pytest.approx(8 * costs.kwant_seconds(problem, 1))
    one, eight, nine = (
        costs.batched_seconds(problem, samples, dissected=True, loaded=True)
        for samples in (1, 8, 9)
    )
    assert eight < 1.5 * one
    assert nine > 1.5 * eight


def test_complex_elements_cost_more_in_the_elimination():
    real, complex_ = (
        costs.sizes_of(a_problem(Wire(6, 10))),
        costs.sizes_of(a_problem(Ribbon(6, 10), params={"flux": 0.01})),
    )
    assert complex_.elements == real.elements
    assert complex_.fronts == pytest.approx(3 * real.fronts)


def test_a_dissection_and_the_loading_of_kernels_are_paid_once():
    problem = a_problem(Wire(4, 10))
    for samples in (1, 100):
        at_hand, loading, both = (
            costs.batched_seconds(problem, samples, dissected=dissected, loaded=loaded)
            for dissected, loaded in [(True, True), (True, False), (False, False)]
        )
        assert loading - at_hand == pytest.approx(costs.LOADING_KERNELS)
        dissection = costs.DISSECTION.seconds(costs.sizes_of(problem))
        assert both - loading == pytest.approx(dissection)
