"""A strip with broadened modes: limits of rare collisions and of a wide strip."""

import sys

import numpy as np
import pytest

from mesokwant.theory import born_wire, self_consistent_born, self_consistent_wire


def test_rare_collisions_are_those_of_the_golden_rule():
    """The differences are of the order of the rates, and vanish with them."""
    differences = []
    for variance in (0.08, 0.02):
        wire = self_consistent_wire(-2.95, 6, variance)
        lengths = np.arange(20, 60)
        slopes = np.polyfit(lengths, np.log(wire.coherent(lengths)).T, 1)[0]
        ratios = -slopes * born_wire(-2.95, 6, variance).paths
        differences.append([np.abs(ratios - 1).max(), abs(wire.stretch - 1)])
    assert np.all(np.array(differences[1]) < 0.02)
    assert np.all(np.array(differences[1]) < 0.5 * np.array(differences[0]))


@pytest.mark.parametrize(("variance", "length"), [(0.25, 0.0), (0.2, 0.75)])
def test_a_wide_strip_is_the_metal(variance, length, monkeypatch):
    """But for its walls, which the difference of two widths does not have."""
    # Short paths need a small ring alone.
    monkeypatch.setattr(sys.modules[self_consistent_wire.__module__], "CELLS", 256)
    metal = self_consistent_born(-2.9, variance, correlation_length=length)
    narrow, wide = (
        self_consistent_wire(-2.9, width, variance, correlation_length=length).conductivity
        for width in (24, 48)
    )
    assert (wide - narrow) / 24 == pytest.approx(metal.conductivity, rel=0.03)


def test_no_length_has_the_conductance_of_the_modes():
    wire = self_consistent_wire(-3.0, 19, 0.0144, correlation_length=1.0)
    assert wire.conductance(0) == pytest.approx(6)
    long = 1 / wire.conductance(40000) - 1 / wire.conductance(20000)
    assert 20000 / long == pytest.approx(wire.conductivity, rel=1e-3)
    assert wire.coherent([1]) == pytest.approx(1)


def test_disorder_that_is_too_weak_is_refused():
    with pytest.raises(ValueError, match="around the ring"):
        self_consistent_wire(-3.0, 10, 1e-5)
