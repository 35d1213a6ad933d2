"""What holds for every system in a magnetic field: leads continue it, and the gauge is free.

Kwant evaluates the sites of a lead in the unit cell at the origin. A gauge that is wrong there
leaves S unitary and the number of modes right, so that only these tests show it.
"""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import EXAMPLES, HallBar, QuantumSpinHall, Ribbon, Ring
from tests.helpers.parameters import params_of

FLUXES = (0.0, 0.0713, -0.2718, 1.0618)
"""Fluxes per plaquette that no width or length of the examples makes an integer."""

IN_FIELD = {
    name: system for name, system in EXAMPLES.items() if "flux" in system.build().parameters
}
ONLY_IN_REGION = {"alpha": 0.0, "bore_flux": 0.0, "gate": 0.0, "theta": 0.0}
"""Parameters that leads may lack on purpose, with the value that makes no difference."""


def blocks(built, lead, params):
    """Hamiltonian of a unit cell of a lead, and of the sites of the region where it begins."""
    cell = built.leads[lead].cell_hamiltonian(params=params)
    sites = list(built.lead_interfaces[lead])
    region = built.hamiltonian_submatrix(to_sites=sites, from_sites=sites, params=params)
    return cell, region


@pytest.mark.parametrize("system", IN_FIELD.values(), ids=IN_FIELD)
def test_each_lead_continues_the_region(system):
    built = system.build()
    for flux in FLUXES:
        params = params_of(built) | {"flux": flux}
        params |= {name: 0.0 for name in ONLY_IN_REGION if name in params}
        for lead in range(len(built.leads)):
            cell, region = blocks(built, lead, params)
            np.testing.assert_allclose(cell, region, rtol=0, atol=1e-13)


def transmissions(system, energy, **params):
    """Transmission between all leads of two disordered samples, shape (2, leads, leads)."""
    leads = range(len(system.build().leads))
    samples = mk.scattering(
        system, energy, params=params, disorder=mk.Anderson(1.0), samples=2, seed=5
    )
    return np.moveaxis([[samples.transmission(i, j) for j in leads] for i in leads], -1, 0)


BHZ = {"mass": 2.0, "asymmetry": 0.2}
SHIFTED = {
    "ribbon": (Ribbon(5, 9), Ribbon(5, 9, origin=3.3), -1.3, {}),
    "hall-bar": (HallBar(6, 4, 3, 2), HallBar(6, 4, 3, 2, origin=(17.3, -4.1)), -2.2, {}),
    "cross": (
        QuantumSpinHall(4, 8, "cross", 4),
        QuantumSpinHall(4, 8, "cross", 4, origin=(17.3, -4.1)),
        2.4,
        BHZ,
    ),
    "ring": (Ring(4, 3), Ring(4, 3, origin=-7.7), -1.3, {"hole_flux": 0.2}),
}


@pytest.mark.parametrize(("system", "shifted", "energy", "params"), SHIFTED.values(), ids=SHIFTED)
def test_the_origin_of_the_gauge_changes_no_transmission(system, shifted, energy, params):
    expected = transmissions(system, energy, flux=0.0713, **params)
    found = transmissions(shifted, energy, flux=0.0713, **params)
    assert expected.max() > 0.1
    np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.mark.parametrize(("system", "shifted", "energy", "params"), SHIFTED.values(), ids=SHIFTED)
def test_reversed_fields_exchange_the_leads(system, shifted, energy, params):
    forth = transmissions(system, energy, flux=0.0713, **params)
    # Time reversal turns the fields and leaves the parameters of the material as they are.
    fields = {name: -value if name == "hole_flux" else value for name, value in params.items()}
    back = transmissions(system, energy, flux=-0.0713, **fields)
    np.testing.assert_allclose(back, forth.transpose(0, 2, 1), atol=1e-9)


@pytest.mark.parametrize("flux", [0.0713, -0.2718])
def test_arms_of_a_clean_bar_may_end_anywhere(flux):
    # A lead of the same material in the same field continues its arm without reflection.
    short, long = (
        kwant.smatrix(
            HallBar(6, 4, 3, 2, arm_length=sites).build(), -1.1, params={"flux": flux}
        ).conductance_matrix()
        for sites in (1, 4)
    )
    np.testing.assert_allclose(short, long, atol=1e-10)
