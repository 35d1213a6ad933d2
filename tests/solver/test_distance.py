"""The distance of an energy from a mode threshold, on a lead whose band edges are known."""

from types import SimpleNamespace

import kwant
import numpy as np
import pytest

from mesokwant.solver.modes import _distance


@pytest.mark.parametrize("phase", [0.0, 0.7])
@pytest.mark.parametrize("scale", [1.0, 20.0])
@pytest.mark.parametrize("edge, distance", [(0.4, 1e-5), (1.6, -1e-5), (-0.4, -1e-5), (-1.6, 1e-5)])
def test_distance_is_that_from_the_edge_of_a_dimerized_band(edge, distance, scale, phase):
    """E² = 1 + 0.36 + 1.2 cos(k + phase): the edges are ±0.4 and ±1.6, at k off 0 and π."""
    cell = scale * np.array([[0.0, 1.0], [1.0, 0.0]], complex)
    hop = scale * np.array([[0.0, 0.0], [0.6 * np.exp(1j * phase), 0.0]])
    energy = scale * (edge + distance)
    modes = kwant.physics.modes(cell - energy * np.eye(2), hop)
    assert len(modes[0].velocities) == 2
    found = _distance(SimpleNamespace(cell=cell, hop=hop), modes)
    assert found == pytest.approx(scale * distance, rel=1e-3)
