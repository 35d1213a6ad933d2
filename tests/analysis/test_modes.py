"""Open modes of a lead are counted at the band edges that are known."""

import pytest

from mesokwant import theory
from mesokwant.analysis import open_lead_modes
from systems import Ribbon, SpinOrbitRibbon


@pytest.mark.parametrize("energy", [-3.9, -1.0, 0.3, 2.5])
def test_modes_of_a_ribbon_are_those_of_the_square_lattice(energy):
    modes = open_lead_modes(Ribbon(width=9, length=1), energy, flux=0.0)
    assert modes == theory.open_modes(energy, 9)


def test_two_spins_without_coupling_have_twice_the_modes_of_one():
    ribbon = SpinOrbitRibbon(width=9, length=1, coupling="ando")
    modes = open_lead_modes(ribbon, -1.0, theta=0.0, zeeman=0.0, flux=0.0)
    assert modes == 2 * theory.open_modes(-1.0, 9)


def test_a_zeeman_field_closes_the_modes_of_one_spin():
    ribbon = SpinOrbitRibbon(width=3, length=1, coupling="ando")
    params = {"theta": 0.0, "flux": 0.0}
    assert open_lead_modes(ribbon, -3.0, zeeman=0.0, **params) % 2 == 0
    shifted = open_lead_modes(ribbon, -3.0, zeeman=2.0, **params)
    expected = theory.open_modes(-1.0, 3) + theory.open_modes(-5.0, 3)
    assert shifted == expected
