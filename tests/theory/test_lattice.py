"""Modes, densities and mean free paths against Kwant and integrals over the Fermi surface."""

import kwant
import numpy as np
import pytest
from scipy.integrate import quad

from mesokwant import theory


def test_mean_free_path_factor_is_an_angular_average():
    for dimension in (2, 3):
        weight = (lambda x: 1.0) if dimension == 2 else np.sin
        square = quad(lambda x, w=weight: w(x) * np.cos(x) ** 2, 0, np.pi / 2)[0]
        straight = quad(lambda x, w=weight: w(x) * np.cos(x), 0, np.pi / 2)[0]
        assert theory.mean_free_path_factor(dimension) == pytest.approx(2 * square / straight)
    with pytest.raises(ValueError, match="use 1, 2 or 3"):
        theory.mean_free_path_factor(4)


def test_square_lattice_fermi_surface():
    dos = theory.square_lattice_dos
    assert 2 * quad(dos, 0, 4)[0] == pytest.approx(1, abs=1e-7)
    assert dos(4.1) == 0
    energy, disorder = -1.3, 0.8
    # Fermi surface, E = -2 cos kx - 2 cos ky: one ky > 0 for every open kx, weight 1/|v_y|.
    k = (np.arange(400_000) + 0.5) / 400_000 * np.pi
    cosine = -energy / 2 - np.cos(k)
    k, cosine = k[np.abs(cosine) < 1], cosine[np.abs(cosine) < 1]
    weight = 1 / (2 * np.sqrt(1 - cosine**2)) / np.pi / 400_000
    assert weight.sum() == pytest.approx(dos(energy), rel=5e-3)
    velocity = 2 * np.sin(k)
    square = (weight * velocity**2).sum() / weight.sum()
    straight = (weight * velocity).sum() / weight.sum()
    sigma = theory.square_lattice_conductivity(energy, disorder)
    assert sigma == pytest.approx(square / (disorder**2 / 12), rel=5e-3)
    lifetime = 1 / (2 * np.pi * dos(energy) * disorder**2 / 12)
    path = theory.square_lattice_mean_free_path(energy, disorder)
    assert path == pytest.approx(2 * lifetime * square / straight, rel=5e-3)
    diffusion = theory.diffusion_constant(sigma, dos(energy))
    assert diffusion == pytest.approx(square * lifetime, rel=5e-3)
    assert theory.thouless_energy(diffusion, 10) == pytest.approx(np.pi**2 * diffusion / 100)


def test_square_lattice_at_the_band_bottom_is_a_free_particle():
    # E = -4 + k², mass 1/2: ν = 1/(4π), l = (π/2) v τ.
    kinetic, disorder = 1e-4, 0.3
    assert theory.square_lattice_dos(-4 + kinetic) == pytest.approx(1 / (4 * np.pi), rel=1e-4)
    lifetime = 1 / (disorder**2 / 24)
    path = theory.square_lattice_mean_free_path(-4 + kinetic, disorder)
    assert path == pytest.approx(np.pi / 2 * 2 * np.sqrt(kinetic) * lifetime, rel=1e-4)


def strip(width, onsite=None, length=1, periodic=False, height=1):
    lattice = kwant.lattice.cubic(norbs=1)
    shape = [(x, y, z) for x in range(length) for y in range(width) for z in range(height)]
    system = kwant.Builder()
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0, 0)))
    for builder, value, sites in ((system, onsite or 0, shape), (lead, 0, shape[: width * height])):
        builder[(lattice(*site) for site in sites)] = value
        builder[lattice.neighbors()] = -1
        if periodic:
            tags = {site[0] for site in sites}
            builder[((lattice(x, 0, 0), lattice(x, width - 1, 0)) for x in tags)] = -1
    lead[lattice.neighbors()] = -1
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    return system.finalized()


@pytest.mark.parametrize("periodic, height", [(False, 1), (True, 1), (False, 3)])
def test_open_modes_against_kwant(periodic, height):
    energies = np.array([-3.7, -1.1, 0.3, 2.2, 5.0])
    system = strip(5, periodic=periodic, height=height)
    lead = system.leads[0]
    found = [lead.modes(energy)[0].velocities.size // 2 for energy in energies]
    counted = theory.open_modes(energies, 5, periodic=periodic, height=height)
    assert np.array_equal(counted, found)


def test_a_mode_at_its_band_edge_is_not_open():
    # Transverse energies -√3, -1, 0, 1, √3: at E = -1 the fourth has |E - 1| = 2 exactly.
    assert theory.open_modes(-1.0, 5) == 3


def test_mean_free_path_against_kwant():
    width, length, energy, disorder = 20, 24, -1.0, 1.2
    rng = np.random.default_rng(3)

    def onsite(site, values):
        return values[site.tag[0] * width + site.tag[1]]

    system = strip(width, onsite, length, periodic=True)
    g = []
    for _ in range(60):
        values = disorder * (rng.random(width * length) - 0.5)
        smatrix = kwant.smatrix(system, energy, params={"values": values}, check_hermiticity=False)
        g.append(smatrix.transmission(1, 0))
    s = length / theory.square_lattice_mean_free_path(energy, disorder)
    channels = theory.open_modes(energy, width, periodic=True)
    expected = theory.conductance(channels, s) + theory.weak_localization(s, beta=1)
    # The Born approximation and the continuum of modes are good to a few per cent here.
    assert np.mean(g) == pytest.approx(expected, rel=0.05)


def test_saddle_point():
    parameters = {"omega_x": 0.1, "omega_y": 0.3, "potential": 0.5}
    threshold = 0.5 + 0.3 * (np.arange(3) + 0.5)
    np.testing.assert_allclose(
        theory.saddle_point_transmission(threshold, np.arange(3), **parameters), 0.5
    )
    extremes = theory.saddle_point_transmission([-1e4, 1e4], 0, **parameters)
    assert np.array_equal(extremes, [0, 1])


def test_saddle_point_transmits_as_a_parabolic_barrier():
    """The odds T/(1 - T) are exp(-2 ∫κ dx) below the barrier (Kemble), and that is exact here."""
    frequency, depth = 0.4, 0.3  # m = ħ = 1; κ² = 2 (V - E)
    end = np.sqrt(2 * depth) / frequency
    action = quad(lambda x: np.sqrt(max(0.0, 2 * depth - (frequency * x) ** 2)), -end, end)[0]
    below, above = theory.saddle_point_transmission(
        0.7 + 0.15 + np.array([-depth, depth]), 0, omega_x=frequency, omega_y=0.3, potential=0.7
    )
    assert np.log(below / (1 - below)) == pytest.approx(-2 * action, rel=1e-6)
    assert above == pytest.approx(1 - below)
