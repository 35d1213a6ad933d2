"""Lengths of a diffusive wire, from its channels and mean free path."""

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.analysis import DiffusiveWire, mean_free_path
from mesokwant.statistics import Estimate


@pytest.mark.parametrize("spins", [1, 2])
def test_lengths_of_a_wire(spins):
    """A degenerate spin doubles the channels and changes no length."""
    wire = DiffusiveWire(20, 12 * spins, Estimate(8.0, 0.2, 100), spins)
    np.testing.assert_allclose(wire.s([16, 80]), [2, 10])
    assert wire.blur == pytest.approx(0.4)
    assert wire.localization_length(1) == pytest.approx(13 * 8)
    assert wire.localization_length(2) == pytest.approx(24 * 8)
    diffusion = wire.diffusion(0.1)
    # Einstein: N/W l = 2πνD
    assert diffusion.value == pytest.approx(12 / 20 * 8 / (2 * np.pi * 0.1))
    assert diffusion.error / diffusion.value == pytest.approx(0.2 / 8)


def test_a_wire_from_its_conductance():
    lengths = np.array([40, 80, 160])
    g = np.repeat(theory.conductance(30, lengths / 10.0)[:, None], 4, axis=1)
    wire = DiffusiveWire(40, 30, mean_free_path(lengths, g, 30))
    table = wire.regime(lengths, [True, True, False], beta=1, dos=0.1)
    assert {len(column) for column in table.values()} == {3}
    np.testing.assert_allclose(table["s = L/l"], [4, 8, 16])
    np.testing.assert_allclose(table["L/ξ"], lengths / 310)
    assert table["in regime"] == [True, True, False]
