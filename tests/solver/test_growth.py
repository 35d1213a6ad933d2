"""The scale of the growth monitor, and what it counts as too much."""

import numpy as np
import pytest

from mesokwant.solver.batched import growth
from mesokwant.solver.problem import make_problem
from systems import Wire
from tests.helpers.lattices import GivenLead, GivenSystem


def chain_between_leads(hopping, couplings, cell=0.0):
    """A pair of sites between leads of one mode each, with the given hoppings."""
    blocks = {(0, 0): [[0.0]], (1, 1): [[0.0]], (0, 1): [[hopping]], (1, 0): [[hopping]]}
    leads = [GivenLead(np.array([[cell]]), np.array([[coupling]])) for coupling in couplings]
    return make_problem(GivenSystem([1, 1], blocks, leads, [[0], [1]]), 0.01)


@pytest.mark.parametrize(
    "hopping, couplings, scale",
    [
        (1.0, (0.3, 0.7), 0.3),
        (1.0, (0.7, 0.3), 0.3),
        (0.2, (0.3, 0.7), 0.2),
        (5.0, (4.0, 6.0), 4.0),
    ],
)
def test_scale_is_the_weakest_of_largest_hopping_and_couplings_of_leads(hopping, couplings, scale):
    problem = chain_between_leads(hopping, couplings)
    assert growth.energy_scale(problem) == pytest.approx(scale)
    assert growth.growth_limit(problem) == pytest.approx(growth.LIMIT * scale)


def test_limit_grows_as_the_root_of_the_number_of_channels():
    one, four = (make_problem(Wire(width, 6), -0.9) for width in (1, 5))
    assert four.num_propagating(0) == 4
    assert growth.growth_limit(four) == pytest.approx(2 * growth.growth_limit(one))


def test_closed_lead_counts_for_nothing():
    closed = chain_between_leads(1.0, (0.3, 0.3), cell=50.0)
    assert closed.num_propagating(0) == 0
    assert growth.growth_limit(closed) == pytest.approx(0.3 * growth.LIMIT)


def test_growth_beyond_the_limit_or_without_a_number_exceeds_it():
    found = growth.exceeds(np.array([0.0, 1.0, 1.1, np.inf, np.nan]), 1.0)
    assert found.tolist() == [False, False, True, True, True]
