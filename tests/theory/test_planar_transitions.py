"""Numbers of the transitions in two dimensions: what every exponent of a dirty system obeys."""

import pytest

from mesokwant.theory import planar_transitions as planar


@pytest.mark.parametrize("name", [name for name in vars(planar) if name.endswith("_EXPONENT")])
def test_exponents_obey_the_bound_of_chayes(name):
    """ν >= 2/d, since else the average disorder of a sample would hide the transition."""
    assert getattr(planar, name).value >= 2 / 2


def test_interference_makes_the_steps_wider_than_percolation():
    gap = planar.PLATEAU_EXPONENT.value - planar.PERCOLATION_EXPONENT.value
    assert gap > 100 * planar.PLATEAU_EXPONENT.error
