"""Landau levels of the lattice against exact spectra, counting and integrals."""

import numpy as np
import pytest
from scipy.integrate import quad

from mesokwant import theory


def harper_levels(flux, count, sites=400):
    """The lowest energies in the Landau gauge at k_y = 0, of a long chain with a cosine."""
    phase = 2 * np.pi * flux * (np.arange(sites) - (sites - 1) / 2)
    hop = -np.ones(sites - 1)
    return np.linalg.eigvalsh(np.diag(-2 * np.cos(phase)) + np.diag(hop, 1) + np.diag(hop, -1))[
        :count
    ]


def test_levels_are_those_of_harper_up_to_the_third_order():
    n = np.arange(3)
    for flux in (0.004, 0.008):
        # The chain spans several minima of the cosine, and each has all levels.
        sites = int(0.9 / flux)
        error = harper_levels(flux, 3, sites) - theory.lattice_landau_levels(n, flux)
        assert np.all(np.abs(error) < 0.3 * (2 * np.pi * flux * (2 * n + 1)) ** 3 / 16)
        without = harper_levels(flux, 3, sites) - (-4 + 2 * np.pi * flux * (2 * n + 1))
        assert np.all(np.abs(error) < 0.1 * np.abs(without))


def test_half_width_is_the_edge_of_the_semicircle():
    strength, flux = 0.7, 0.03
    width = float(theory.landau_level_width(strength, flux))
    variance = strength**2 / 12
    # Σ² - E Σ + <V²> f = 0: its discriminant E² - 4 <V²> f vanishes at the edge.
    assert width**2 == pytest.approx(4 * variance * flux)
    density = quad(lambda e: 2 / (np.pi * width**2) * np.sqrt(width**2 - e**2), -width, width)[0]
    assert density == pytest.approx(1)


def test_levels_touch_where_their_half_widths_are_half_the_cyclotron_energy():
    flux = np.array([0.01, 0.03])
    width = theory.landau_level_width(theory.landau_overlap_strength(flux), flux)
    np.testing.assert_allclose(2 * width, 4 * np.pi * flux)


def test_filling_is_the_area_inside_the_fermi_line():
    for energy in (-3.9, -3.0, -0.7, -1e-3):
        top = np.arccos(-energy / 2 - 1)
        area = (
            4 * quad(lambda k, e=energy: np.arccos(np.clip(-e / 2 - np.cos(k), -1, 1)), 0, top)[0]
        )
        expected = area / (2 * np.pi) ** 2
        assert theory.square_lattice_filling(energy) == pytest.approx(expected, abs=1e-6)
        mirrored = theory.square_lattice_filling(-energy)
        assert mirrored == pytest.approx(1 - expected, abs=1e-6)
    np.testing.assert_allclose(
        theory.square_lattice_filling([-5, -4, 0, 4, 5]), [0, 0, 0.5, 1, 1], atol=1e-7
    )


def test_a_level_holds_one_electron_a_flux_quantum():
    n, flux = np.arange(4), 0.003
    filling = theory.square_lattice_filling(theory.lattice_landau_levels(n, flux))
    np.testing.assert_allclose(filling / flux, n + 0.5, atol=0.01)


def test_classical_line_crosses_every_plateau_where_its_levels_are_full():
    energy = -3.2
    for filled in (1, 2, 5):
        flux = theory.square_lattice_filling(energy) / filled
        assert theory.classical_hall_resistance(energy, flux) == pytest.approx(1 / filled)
