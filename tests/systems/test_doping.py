"""Doped leads against the square barrier that they make of a chain, and cubes against wires."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import Chain, Cube, DopedLeads, HallBar, SpinOrbitRibbon, VoltageProbes, Wire
from tests.helpers.parameters import params_of


@pytest.mark.parametrize("potential", [-1.1, 0.0, 0.4])
@pytest.mark.parametrize("length", [1, 7])
def test_chain_between_doped_leads_is_a_square_barrier(potential, length):
    energy = 0.35
    built = DopedLeads(Chain(length)).build()
    smatrix = kwant.smatrix(built, energy, params={"lead_potential": potential})
    k, p = np.arccos(-energy / 2), np.arccos((potential - energy) / 2)
    walls = potential * np.sin(k * length) / (2 * np.sin(p) * np.sin(k))
    assert smatrix.transmission(1, 0) == pytest.approx(1 / (1 + walls**2), abs=1e-10)


@pytest.mark.parametrize("system", [Wire(3, 4), SpinOrbitRibbon(3, 4, lead_spin_orbit=False)])
def test_leads_without_potential_are_those_of_the_region(system):
    params = {**params_of(system.build()), "lead_potential": 0.0}
    plain = kwant.smatrix(system.build(), -0.7, params=params)
    doped = kwant.smatrix(DopedLeads(system).build(), -0.7, params=params)
    np.testing.assert_allclose(doped.data, plain.data, atol=1e-9)


def test_potential_shifts_the_bands_of_every_lead_and_nothing_in_the_region():
    system = HallBar(width=5, arm_width=4)
    plain, doped = system.build(), DopedLeads(system).build()
    params = params_of(doped)
    matrices = [built.hamiltonian_submatrix(params=params) for built in (plain, doped)]
    np.testing.assert_array_equal(*matrices)
    for before, after in zip(plain.leads, doped.leads, strict=True):
        cells = [lead.cell_hamiltonian(params=params) for lead in (before, after)]
        shift = params["lead_potential"] * np.identity(len(cells[0]))
        np.testing.assert_allclose(cells[1] - cells[0], shift, atol=1e-14)


def test_doped_leads_have_more_modes_and_a_contact_resistance():
    ens = mk.scattering(DopedLeads(Wire(7, 6)), -3.1, params={"lead_potential": -1.5}, samples=1)
    own = mk.theory.open_modes(-3.1, 7)
    assert ens.num_propagating(0) == mk.theory.open_modes(-3.1 + 1.5, 7) > own
    # Evanescent modes add a little through six sites.
    assert 0.5 * own < ens.transmission(1, 0)[0] < own + 0.1


def test_values_that_hold_systems_hold_each_other():
    probes = VoltageProbes(DopedLeads(Wire(4, 5)), number=2)
    assert probes.leads == DopedLeads(VoltageProbes(Wire(4, 5), number=2)).system.leads == (2, 3)
    sweep = mk.Sweep(probes, axes={"width": (4, 5)}, samples=1)
    assert sweep.full_name("width") == "system.system.system.width"
    assert sweep.at({"width": 5}).system == VoltageProbes(DopedLeads(Wire(5, 5)), number=2)


def test_a_builder_keeps_its_leads():
    builder = Wire(3, 4).builder()
    DopedLeads(builder).build()
    assert builder.finalized().leads[0].parameters == frozenset()


def test_a_finalized_system_is_refused():
    with pytest.raises(TypeError, match="finalized system is complete"):
        DopedLeads(Wire(3, 4).build()).build()


@pytest.mark.parametrize("boundary", ["hard", "periodic"])
def test_one_field_sets_all_sizes_of_a_cube(boundary):
    cube, wire = Cube(4, boundary).build(), Wire(4, 4, 4, boundary).build()
    np.testing.assert_array_equal(cube.hamiltonian_submatrix(), wire.hamiltonian_submatrix())
    sweep = mk.Sweep(Cube(4, boundary), axes={"edge": (4, 5)}, disorder=mk.Anderson(1.0))
    assert sweep.at({"edge": 5}).system == Cube(5, boundary)


def test_cubes_refuse_what_wires_refuse():
    with pytest.raises(ValueError, match=r"edge .* at least 3.*'hard'"):
        Cube(2, "periodic")
    with pytest.raises(ValueError, match="one of hard, periodic; got 'soft'"):
        Cube(4, "soft")
