"""Wires whose amplitudes do not depend on the energy have the noise of zero frequency at all."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import theory
from mesokwant.analysis import WireNoise, kubo_distance
from mesokwant.analysis.wire_noise import dressed_density

MODES, SAMPLES, SPACING = 4, 12, 0.004


@pytest.fixture(scope="module")
def wire():
    """A wire of unitary matrices, the same at all energies."""
    s = theory.circular_matrices(2 * MODES, beta=2, draws=SAMPLES)
    t = np.moveaxis(s[:, :MODES, :MODES], 0, -1)
    energies = -1.05 + SPACING * np.arange(36)
    parts = {
        "t": (("energy", "mode_out", "mode_in", "sample"), np.repeat(t[None], 36, axis=0)),
        "g": (("energy", "sample"), np.repeat((abs(t) ** 2).sum((0, 1))[None], 36, axis=0)),
    }
    coords = {"energy": energies, "width": 6, "length": 24, "strength": 1.3}
    return WireNoise(xr.Dataset(parts, coords), biased=4)


def test_kernel_is_the_noise_at_zero_frequency(wire):
    t = wire.t.isel(energy=0).transpose("sample", "mode_out", "mode_in").values
    eigenvalues = np.linalg.svd(t, compute_uv=False) ** 2
    noise = (eigenvalues * (1 - eigenvalues)).sum(axis=1)
    np.testing.assert_allclose(wire.kernels, np.tile(noise, (len(wire.frequencies), 1)))
    np.testing.assert_allclose(wire.kernel.value, noise.mean() / wire.g.mean())


def test_emission_falls_linearly_to_zero_at_the_bias(wire):
    left = np.clip(1 - wire.up_to_end / wire.bias, 0, None)
    expected = left[:, None] * wire.kernels[0]
    np.testing.assert_allclose(wire.cold, expected, atol=1e-12)
    assert np.all(wire.warm[-1] > 1e-3 * wire.kernels[0])


def test_bias_adds_the_same_to_absorption_and_emission(wire):
    assert kubo_distance(wire.t, SPACING, float(wire.energies[8])) < 1e-12


def test_theory_goes_from_a_third_upwards(wire):
    frequencies = wire.thouless * np.array([0.0, 1.0, 5.0])
    line = wire.expected(frequencies).value
    assert np.all(np.diff(line) > 0)
    assert line[0] == pytest.approx(float(theory.fano_factor(wire.s)), rel=0.1)


def test_disorder_lowers_the_band_and_weak_disorder_leaves_it():
    coords = {"anderson.strength": 0.0, "random_flux.strength": 0.0}
    clean = theory.smooth_strip_density(-1.0, 6)
    assert dressed_density(-1.0, 6, xr.Dataset(coords=coords)) == pytest.approx(float(clean))
    assert dressed_density(-1.0, 6, xr.Dataset(coords={"strength": 1.0})) > clean
