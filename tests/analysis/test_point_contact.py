"""Contacts whose conductance is that of a theory are found to have it."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import theory
from mesokwant.analysis import ContactInField, SmoothContact
from mesokwant.analysis.point_contact import BOTTOM, MODES, crossing

ENERGIES, FLUX = np.linspace(-3.6, -2.6, 40), np.linspace(0, 0.03, 80)
SHAPE = {"width": 31, "length": 120, "reach": 10.0, "confinement": 0.3}


def contact(gate=0.4):
    """A contact that conducts as the barrier of Eckart on the lattice."""
    channel = theory.parabola_levels(MODES, SHAPE["confinement"])
    along = ENERGIES[:, None] - BOTTOM - channel
    t = theory.lattice_eckart_transmission(along, height=gate, reach=SHAPE["reach"])
    parts = {"g": t.sum(axis=1), "noise": (t * (1 - t)).sum(axis=1)}
    values = {name: ("energy", part) for name, part in parts.items()}
    coords = {"energy": ENERGIES, "gate": gate, **SHAPE}
    return SmoothContact(xr.Dataset(values, coords), "energy")


def in_field(g=None):
    coords = {"flux": FLUX, "gate": 0.2, "energy": -3.2, "reach": 16.0, "confinement": 0.15}
    g = np.zeros_like(FLUX) if g is None else g
    return ContactInField(xr.Dataset({"g": ("flux", g)}, coords))


def test_contact_of_a_theory_has_no_distance_from_it_alone():
    found = contact()
    assert found.distance("Eckart, lattice") < 1e-12
    assert found.distance("saddle") == pytest.approx(found.apart("saddle", "Eckart, lattice"))
    assert 0 < found.distance("Eckart") < found.distance("saddle")


def test_plateaus_are_quiet_and_whole_numbers():
    found = contact()
    assert len(found.plateaus) >= 3
    for number, place in enumerate(found.plateaus, start=1):
        assert found.g[place] == pytest.approx(number, abs=0.05)
        assert found.noise[place] < 0.05


def test_theory_in_a_field_begins_where_that_without_ends():
    field = in_field()
    levels = theory.parabola_levels(MODES, field.omega_y)
    t = theory.eckart_transmission(field.energy - levels, height=field.gate, reach=field.reach)
    assert field.expected(field.flux[:1], field.barrier)[0] == pytest.approx(t.sum(), abs=0.01)


def test_lower_barrier_conducts_more_and_depopulates_later():
    field = in_field()
    line = field.expected(field.flux, field.barrier)
    assert np.all(field.expected(field.flux, field.barrier, lowered=True) >= line)
    rows = list(in_field(line).depopulation())
    assert rows
    for _, found, expected, later, landau in rows:
        assert found == expected
        assert later > 0
        # A Landau level without the channel has to be raised from the bottom of the band.
        assert landau > expected


def test_crossing_of_a_step_is_exact_between_points():
    x = np.linspace(0, 1, 6)
    step = 1 / (1 + np.exp((x - 0.37) / 0.05))
    assert crossing(x, step, 0.5) == pytest.approx(0.37, abs=1e-9)
