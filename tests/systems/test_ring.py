"""The Aharonov-Bohm ring: periods, symmetries, and interference of its two arms."""

from itertools import pairwise

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import Ring


def disordered(flux, hole_flux):
    """Conductance of three disordered rings."""
    samples = mk.scattering(
        Ring(hole=6, width=3),
        -1.3,
        params={"flux": flux, "hole_flux": hole_flux},
        disorder=mk.Anderson(1.5),
        samples=3,
        seed=4,
    )
    return samples.transmission(1, 0)


@pytest.mark.parametrize("flux", [0.0, 0.0317])
def test_flux_through_the_hole_has_period_one(flux):
    found = disordered(flux, 0.2)
    np.testing.assert_allclose(disordered(flux, 1.2), found, atol=1e-10)
    assert np.abs(disordered(flux, 0.7) - found).max() > 1e-2


def test_conductance_is_even_when_both_fields_change_sign():
    np.testing.assert_allclose(disordered(0.0, -0.2), disordered(0.0, 0.2), atol=1e-10)
    np.testing.assert_allclose(disordered(-0.02, -0.2), disordered(0.02, 0.2), atol=1e-10)
    assert np.abs(disordered(0.02, -0.2) - disordered(0.02, 0.2)).max() > 1e-3


def thin(flux, hole_flux, energy=-0.7):
    """Conductance of a clean ring whose arms are one site wide and hold no plaquette."""
    params = {"flux": flux, "hole_flux": hole_flux}
    return kwant.smatrix(Ring(hole=5, width=1).build(), energy, params=params).transmission(1, 0)


def test_half_a_quantum_through_the_hole_of_a_symmetric_ring_blocks_it():
    assert thin(0.0, 0.0) > 1e-2
    assert thin(0.0, 0.5) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("flux", [0.0071, -0.0213])
def test_a_uniform_field_is_a_flux_through_the_hole_of_a_thin_ring(flux):
    assert thin(flux, 0.0) == pytest.approx(thin(0.0, 36 * flux), abs=1e-10)
    assert thin(flux, -36 * flux) == pytest.approx(thin(0.0, 0.0), abs=1e-10)


def test_flux_through_the_hole_leaves_all_other_plaquettes_without_a_field():
    built = Ring(hole=3, width=3).build()
    matrix = built.hamiltonian_submatrix(params={"flux": 0.1, "hole_flux": 0.3})
    number = {tuple(site.tag): i for i, site in enumerate(built.sites)}
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    seen = 0
    for x, y in np.ndindex(8, 8):
        tags = [(x + i, y + j) for i, j in corners]
        if all(tag in number for tag in tags):
            loop = [matrix[number[to], number[source]] for source, to in pairwise(tags)]
            assert np.angle(np.prod(loop)) == pytest.approx(2 * np.pi * 0.1)
            seen += 1
    assert seen == 64 - 16


def test_leads_are_as_wide_as_the_arms():
    builder = Ring(hole=5, width=3).builder()
    for lead in builder.leads:
        assert sorted(site.tag[1] for site in lead.interface) == [4, 5, 6]


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ((0, 3), ValueError, "hole must be .* got 0"),
        ((4, 0), ValueError, "width must be .* got 0"),
        ((4, 3, float("nan")), ValueError, "origin must be a finite number; got nan"),
        ((4, 3, (0, 0)), TypeError, "origin must be a finite number"),
    ],
)
def test_refuses_with_a_way_out(options, error, sentence):
    with pytest.raises(error, match=sentence):
        Ring(*options)
