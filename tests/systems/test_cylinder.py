"""The cylinder in a radial field: its gauge, its leads, and the flux through its bore."""

import kwant
import numpy as np
import pytest
from kwant.builder import HoppingKind

import mesokwant as mk
from systems import Cylinder, Wire
from systems.ingredients import peierls_hopping, square_lattice


def transmission(built, energy, **params):
    return kwant.smatrix(built, energy, params=params).transmission(1, 0)


def test_without_a_field_it_is_a_periodic_wire():
    cylinder = Cylinder(7, 4).build().hamiltonian_submatrix(params={"flux": 0, "bore_flux": 0})
    wire = Wire(7, 4, boundary="periodic").build().hamiltonian_submatrix()
    np.testing.assert_array_equal(cylinder, wire)


def in_the_gauge_along_x(around, length, flux):
    """The same cylinder with A = (-B y, 0), whose jump across the seam depends on x."""
    lattice = square_lattice()
    region = kwant.Builder()
    parts = [(region, range(length), peierls_hopping)]
    for direction in (-1, 1):
        lead = kwant.Builder(kwant.TranslationalSymmetry((direction, 0)))
        parts.append((lead, range(1), -1))
    for builder, columns, along in parts:
        builder[(lattice(x, y) for x in columns for y in range(around))] = 0
        builder[HoppingKind((1, 0), lattice)] = along
        builder[HoppingKind((0, 1), lattice)] = -1
        end = length - 1 if builder is parts[2][0] else 0
        for x in columns:
            phase = np.exp(-2j * np.pi * flux * around * (x + end))
            builder[lattice(x, around - 1), lattice(x, 0)] = -phase
    for builder, _, _ in parts[1:]:
        region.attach_lead(builder)
    return region.finalized()


@pytest.mark.parametrize("flux", [0.0713, -0.2718, 1.0618])
def test_another_gauge_gives_the_same_transmission(flux):
    expected = transmission(in_the_gauge_along_x(7, 6, flux), -1.3, flux=flux)
    found = transmission(Cylinder(7, 6).build(), -1.3, flux=flux, bore_flux=0.0)
    assert found > 0.01
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("flux", [0.0713, 0.0317])
def test_each_lead_has_the_modes_of_the_flux_in_its_bore(flux):
    around, length, energy = 9, 6, -1.3
    smatrix = kwant.smatrix(
        Cylinder(around, length).build(), energy, params={"flux": flux, "bore_flux": 0.3}
    )
    for lead, x in ((0, 0), (1, length - 1)):
        momenta = 2 * np.pi * (np.arange(around) / around + flux * x)
        expected = np.sum(np.abs(energy + 2 * np.cos(momenta)) < 2)
        assert smatrix.num_propagating(lead) == expected


def test_flux_in_the_bore_has_period_one_and_no_sign():
    cylinder, fluxes = Cylinder(6, 9), (0.3, 1.3, -0.3, 0.45)
    found = [
        mk.scattering(
            cylinder,
            -1.3,
            params={"flux": 0.0, "bore_flux": bore_flux},
            disorder=mk.Anderson(2.0),
            samples=3,
            seed=1,
        ).transmission(1, 0)
        for bore_flux in fluxes
    ]
    np.testing.assert_allclose(found[1], found[0], atol=1e-10)
    np.testing.assert_allclose(found[2], found[0], atol=1e-10)
    assert np.abs(found[3] - found[0]).max() > 1e-3


def test_flux_in_the_bore_leaves_modes_of_the_leads_as_they_are():
    built = Cylinder(6, 9).build()
    assert [sorted(lead.parameters) for lead in built.leads] == [["flux"], ["flux"]]


def test_orbits_smaller_than_the_cylinder_do_not_cross_it():
    # At E = -3 the radius of an orbit is k_F/(2 π flux), about 1.05/(2 π 0.03) = 5.6 sites.
    reach = [
        transmission(Cylinder(12, length).build(), -3.0, flux=0.03, bore_flux=0.0)
        for length in (5, 18)
    ]
    assert reach[0] > 1
    assert reach[1] < 1e-2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((2, 5), "circumference must be .* at least 3 around a cylinder; got 2"),
        ((5, 0), "length must be .* got 0"),
    ],
)
def test_refuses_with_a_way_out(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Cylinder(*options)
