"""Gaps between broadened Landau levels against exact spectra and limits of the equations."""

import numpy as np
import pytest

from mesokwant import theory

FLUX = 0.03


def magnetic_bands(denominator, momenta=6):
    """Energies of the lattice at the flux 1/denominator, from its magnetic Bloch matrices."""
    places, energies = np.arange(denominator), []
    for kx, ky in np.ndindex(momenta, momenta):
        phase = 2 * np.pi * (np.array([kx, ky]) + 0.5) / momenta
        hops = -np.ones(denominator, complex)
        hops[-1] *= np.exp(1j * phase[0])
        matrix = np.zeros((denominator, denominator), complex)
        matrix[(places + 1) % denominator, places] = hops
        matrix = matrix + matrix.conj().T
        matrix -= np.diag(2 * np.cos(2 * np.pi * places / denominator + phase[1]))
        energies.append(np.linalg.eigvalsh(matrix))
    return np.array(energies).ravel()


@pytest.mark.parametrize("filled", [1, 2])
def test_green_function_is_the_sum_over_the_magnetic_bands(filled):
    flux = 1 / 40
    bands = magnetic_bands(40)
    below, above = theory.lattice_landau_levels([filled - 1, filled], flux)
    for share in (0.3, 0.5, 0.7):
        energy = below + share * (above - below)
        exact = np.mean(1 / (energy - bands))
        assert theory.landau_green(energy, flux) == pytest.approx(exact, abs=0.025)


def test_shift_is_that_of_the_density_of_states():
    energies = np.linspace(-4, 4, 400_001)[:-1] + 1e-5
    density = theory.square_lattice_dos(energies) * 2e-5
    for place in (60_000, 110_000):
        # Halfway between two points the sum is the principal value.
        middle = energies[place] + 1e-5
        expected = np.sum(density / (middle - energies))
        assert theory.square_lattice_green_real(middle) == pytest.approx(expected, abs=1e-3)


def test_weak_disorder_broadens_each_level_by_its_semicircle():
    (low, lower_edge), (high, upper_edge) = theory.landau_gap_edges([0.02, 0.1], FLUX)
    narrowed = (high - low) - (upper_edge - lower_edge)
    assert narrowed == pytest.approx(2 * theory.landau_level_width(0.08, FLUX), rel=0.05)


@pytest.mark.parametrize("flux", [0.02, 0.04])
def test_repulsion_of_levels_delays_the_closing_of_the_gap(flux):
    shares = np.linspace(0.8, 1.6, 161)
    strengths = shares * theory.landau_overlap_strength(flux)
    low, high = theory.landau_gap_edges(strengths, flux)
    closing = shares[np.isnan(low)][0]
    # A ladder of levels above the lowest one: Γ² Σ (E - E_n)^-2 = 4 with Σ = (1 + π²/8)/b².
    ladder = np.sqrt(4 / (1 + np.pi**2 / 8))
    assert closing == pytest.approx(ladder, rel=0.1)
    assert np.all(np.diff(high[~np.isnan(high)] - low[~np.isnan(low)]) < 0)


def test_disorder_that_reaches_an_energy_puts_an_edge_there():
    below, above = theory.lattice_landau_levels([0, 1], FLUX)
    for share in (0.3, 0.5, 0.8):
        energy = below + share * (above - below)
        strength = theory.landau_gap_strength(energy, FLUX)
        _, high = theory.landau_gap_edges(strength, FLUX)
        assert high == pytest.approx(energy, abs=1e-4)


def test_energies_below_all_levels_are_refused():
    with pytest.raises(ValueError, match="between two levels"):
        theory.landau_gap_strength(-3.95, FLUX)
