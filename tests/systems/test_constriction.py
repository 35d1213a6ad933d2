"""The constrictions against the exact barrier, the saddle in a field, and hard walls."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import Constriction, Slit, Wire

SHAPE = {"gate": 0.4, "reach": 5.0, "confinement": 0.3}


def channel_levels(width, confinement, flux=0.0):
    """Energies of the cross-section of a lead at k = 0, from the band centre."""
    y = np.arange(width) - (width - 1) / 2
    onsite = (confinement * y / 2) ** 2 - 2 * np.cos(2 * np.pi * flux * y)
    return np.linalg.eigvalsh(np.diag(onsite) - np.eye(width, k=1) - np.eye(width, k=-1))


def eckart(energy, levels, gate, reach):
    """Transmission of every level through gate/cosh²(x/reach), for the mass 1/2."""
    k = np.emath.sqrt(energy - levels)
    over = np.sinh(np.pi * k * reach) ** 2
    return (over / (over + np.cosh(np.pi / 2 * np.emath.sqrt(4 * gate * reach**2 - 1)) ** 2)).real


@pytest.fixture(scope="module")
def contact():
    return Constriction(width=25, length=70).build()


@pytest.mark.parametrize("energy", [-3.55, -3.44, -3.25, -3.1])
def test_steps_are_those_of_the_eckart_barrier(contact, energy):
    smatrix = kwant.smatrix(contact, energy, params={**SHAPE, "flux": 0.0})
    levels = channel_levels(25, SHAPE["confinement"])
    levels = levels[levels < energy]
    assert smatrix.num_propagating(0) == len(levels)
    expected = eckart(energy, levels, SHAPE["gate"], SHAPE["reach"])
    assert smatrix.transmission(1, 0) == pytest.approx(expected.sum(), abs=6e-3)
    # The potential separates: a mode is reflected into itself alone.
    reflection = np.abs(smatrix.submatrix(0, 0)) ** 2
    np.testing.assert_allclose(reflection, np.diag(1 - expected), atol=4e-3)


def test_levels_of_the_parabola_are_those_of_the_docstring():
    n, omega = np.arange(4), 0.15
    expected = omega * (n + 0.5) - omega**2 * (2 * n**2 + 2 * n + 1) / 64
    np.testing.assert_allclose(channel_levels(61, omega)[:4] + 4, expected, atol=2e-4)


def test_field_moves_the_thresholds_as_for_a_saddle():
    gate, reach, omega_y, flux, width = 0.2, 10.0, 0.15, 0.01, 41
    contact = Constriction(width, 80).build()
    omega_x, omega_c = 2 * gate**0.5 / reach, 4 * np.pi * flux
    square = omega_c**2 + omega_y**2 - omega_x**2
    root = np.hypot(square, 2 * omega_x * omega_y)
    across, spread = ((root + square) / 2) ** 0.5, ((root - square) / 8) ** 0.5
    bottom = channel_levels(width, omega_y, flux)[0]
    threshold = gate + bottom + (across - np.hypot(omega_y, omega_c)) / 2
    params = {"gate": gate, "reach": reach, "confinement": omega_y, "flux": flux}
    found = [
        kwant.smatrix(contact, threshold + shift * spread, params=params).transmission(1, 0)
        for shift in (-0.5, 0, 0.5)
    ]
    # The top of the barrier is no parabola, which is worth up to 0.05.
    np.testing.assert_allclose(
        found, 1 / (1 + np.exp(-np.pi * np.array([-0.5, 0, 0.5]))), atol=0.05
    )


def test_conductance_is_even_in_the_field():
    slit = Slit(width=6, length=7, opening=3, depth=2).build()
    forth, back = (
        kwant.smatrix(slit, 0.4, params={"flux": flux}).transmission(1, 0) for flux in (0.03, -0.03)
    )
    assert forth == pytest.approx(back, abs=1e-10)


def test_slit_transmits_at_most_one_mode_per_open_mode_of_its_opening():
    slit = Slit(width=12, length=19, opening=3, depth=9).build()
    for energy in (-3.6, -3.0, -2.2):
        smatrix = kwant.smatrix(slit, energy, params={"flux": 0.0})
        own = mk.theory.open_modes(energy, 3)
        assert smatrix.num_propagating(0) > own
        # Evanescent modes pass a wall of this thickness hardly at all.
        assert smatrix.transmission(1, 0) < own + 0.05


def test_slit_as_wide_as_the_strip_is_the_strip():
    open_strip = Slit(width=4, length=5, opening=4, depth=2).build()
    matrix = open_strip.hamiltonian_submatrix(params={"flux": 0.0})
    np.testing.assert_array_equal(matrix, Wire(4, 5).build().hamiltonian_submatrix())


@pytest.mark.parametrize("opening", [1, 2, 3, 4])
def test_slit_lies_in_the_middle(opening):
    sites = Slit(width=5, length=9, opening=opening, depth=3).build().sites
    positions = np.array([site.pos for site in sites if abs(site.pos[0]) < 2])
    assert positions[:, 0].mean() == 0
    assert positions[:, 1].mean() in (0, -0.5)
    assert len(positions) == 3 * opening


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: Constriction(0, 5), ValueError, "width must be .* at least 1; got 0"),
        (lambda: Constriction(4, 5.0), TypeError, "length must be a whole number"),
        (lambda: Slit(4, 5, 5), ValueError, "opening must be at most the width.* 4; got 5"),
        (lambda: Slit(4, 5, 0), ValueError, "opening must be .* at least 1; got 0"),
        (lambda: Slit(4, 5, 2, depth=4), ValueError, "length .* at least 6 .* wall; got 5"),
    ],
)
def test_refuses_with_a_way_out(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()
