"""Noise at a finite frequency, against closed forms and against noise at low frequency."""

import numpy as np
import pytest
import xarray as xr

import mesokwant as mk
from mesokwant.analysis import current_noise, excess_noise, finite_frequency_noise, noise_kernel
from systems import Wire

ENERGIES = np.linspace(-2.0, 2.0, 401)
KT = 0.05
G, SHOT = 1.5, 0.4


def random_amplitudes(samples=2, *, energies=ENERGIES, constant=False, seed=0):
    """Transmission amplitudes between 3 and 2 modes that change slowly with the energy."""
    rng = np.random.default_rng(seed)
    size = (samples, 5, 5)
    h = rng.normal(size=size) + 1j * rng.normal(size=size)
    h = h + np.swapaxes(h.conj(), 1, 2)
    values, vectors = np.linalg.eigh(h)
    x = np.zeros_like(energies) if constant else energies
    phases = np.exp(1j * (1 + 0.3 * x[:, None, None]) * values)
    s = (vectors * phases[..., None, :]) @ np.swapaxes(vectors.conj(), 1, 2)
    coords = {"energy": energies, "sample": np.arange(samples)}
    dims = ("energy", "sample", "mode_out", "mode_in")
    return xr.DataArray(s[:, :, :3, 3:], coords, dims)


def totals(amplitudes):
    """g and Σ T (1 - T) of amplitudes."""
    T = np.linalg.svd(amplitudes.values, compute_uv=False) ** 2
    frame = amplitudes.sum(["mode_out", "mode_in"])
    return frame.copy(data=T.sum(-1)), frame.copy(data=(T * (1 - T)).sum(-1))


@pytest.mark.parametrize("bias", [0.0, 0.03, 1.0])
@pytest.mark.parametrize("kT", [0.0, 0.05])
def test_absorption_less_emission_is_2hf_times_the_conductance(bias, kT):
    frequency = np.array([0.01, 0.3, 2.0])
    emitted = finite_frequency_noise(G, SHOT, frequency=frequency, bias=bias, kT=kT)
    absorbed = finite_frequency_noise(G, SHOT, frequency=-frequency, bias=bias, kT=kT)
    assert np.allclose(absorbed.values - emitted.values, 2 * frequency * G, rtol=1e-12)


def test_emission_without_temperature_falls_linearly_to_zero_at_the_bias():
    frequency = np.array([0.2, 0.5, 0.999, 1.0, 3.0])
    found = finite_frequency_noise(G, SHOT, frequency=frequency, bias=1.0, kT=0.0)
    assert np.allclose(found, SHOT * np.maximum(1 - frequency, 0), rtol=1e-12, atol=0)


def test_both_at_zero_frequency_are_the_noise_of_the_current():
    energies = {"energy": ENERGIES}
    g, shot = (xr.DataArray(np.full(len(ENERGIES), v), energies, "energy") for v in (G, SHOT))
    for bias in (0.0, 0.03, 0.7):
        half = finite_frequency_noise(G, SHOT, frequency=0.0, bias=bias, kT=KT)
        whole = current_noise(g, shot, bias=bias, kT=KT, fermi_energy=0.1)
        assert 2 * float(half) == pytest.approx(float(whole), rel=1e-12)


@pytest.mark.parametrize("frequency", [-0.4, -0.1, 0.0, 0.1, 0.4])
@pytest.mark.parametrize("kT", [0.0, KT])
def test_constant_amplitudes_give_the_noise_of_constant_transmission(frequency, kT):
    amplitudes = random_amplitudes(constant=True)
    g, shot = (part.isel(energy=0, drop=True) for part in totals(amplitudes))
    bias = [-0.3, 0.2]
    found = excess_noise(amplitudes, frequency=frequency, bias=bias, kT=kT, fermi_energy=0.1)
    with_bias, without = (
        finite_frequency_noise(g, shot, frequency=frequency, bias=volts, kT=kT)
        for volts in (bias, 0.0)
    )
    expected = (with_bias - without).transpose(*found.dims)
    assert np.allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_excess_noise_at_zero_frequency_is_that_of_the_current():
    amplitudes = random_amplitudes()
    g, shot = totals(amplitudes)
    found = excess_noise(amplitudes, frequency=0.0, bias=0.4, kT=KT, fermi_energy=0.1)
    # The bias raises the other lead; here that is the source.
    options = {"kT": KT, "fermi_energy": 0.1, "source_share": 1.0}
    whole, thermal = (current_noise(g, shot, bias=bias, **options) for bias in (0.4, 0.0))
    assert np.allclose(2 * found, whole - thermal, rtol=1e-10)


def test_kernel_of_equal_energies_is_the_shot_noise():
    amplitudes = random_amplitudes()
    g, shot = totals(amplitudes)
    kernel = noise_kernel(amplitudes, frequency=0.0)
    assert np.allclose(kernel["emitted"], shot, rtol=1e-12)
    assert np.allclose(kernel["absorbed"], shot, rtol=1e-12)
    assert np.allclose(kernel["both"], g - shot, rtol=1e-12)


def test_kernel_is_that_of_the_outgoing_matrices():
    amplitudes = random_amplitudes()
    kernel = noise_kernel(amplitudes, frequency=0.5)
    s = amplitudes.sel(sample=1).values
    M = s @ np.swapaxes(s.conj(), 1, 2)
    expected = np.trace(M[50:] @ (np.eye(3) - M[:-50]), axis1=1, axis2=2).real
    assert np.allclose(kernel["emitted"].sel(sample=1), expected, rtol=1e-12)
    assert np.allclose(kernel["emitted"]["energy"], ENERGIES[:-50])


def test_negative_frequencies_exchange_the_two_energies():
    amplitudes = random_amplitudes()
    up, down = (noise_kernel(amplitudes, frequency=f) for f in (0.5, -0.5))
    assert np.allclose(up["emitted"].values, down["absorbed"].values, rtol=1e-12)
    assert np.allclose(down["energy"], up["energy"] + 0.5)


def test_closed_modes_are_zero_and_missing_samples_stay_missing():
    amplitudes = random_amplitudes()
    padded = amplitudes.pad(mode_in=(0, 2), mode_out=(1, 0), constant_values=complex(np.nan))
    padded[10, 1] = np.nan
    kernel, expected = (noise_kernel(a, frequency=0.5) for a in (padded, amplitudes))
    found = kernel["emitted"].values
    assert np.isnan(found[10, 1])
    assert np.isnan(found).sum() == 1
    found[10, 1] = expected["emitted"].values[10, 1]
    assert np.allclose(found, expected["emitted"], rtol=1e-12)


def test_two_close_energies_of_a_wire_give_its_shot_noise():
    energies = [-1.0, -0.999]
    wire = Wire(width=6, length=10)
    sets = [mk.scattering(wire, e, disorder=mk.Anderson(1.5), samples=20) for e in energies]
    dims = ("energy", "sample", "mode_out", "mode_in")
    amplitudes = xr.DataArray(
        [mk.Amplitudes(0, 1)(one) for one in sets], {"energy": energies}, dims
    )
    kernel = noise_kernel(amplitudes, frequency=0.001)["emitted"].values[0]
    shot = mk.ShotNoise(0, 1)(sets[0])
    assert np.abs(kernel - shot).max() < 0.02
    assert shot.mean() > 0.1


@pytest.mark.parametrize(
    "change, message",
    [
        ({"frequency": 0.013}, "hf = 0.013 must be a multiple of the spacing 0.01"),
        ({"frequency": 4.0}, "extend the axis"),
        ({"bias": 2.0}, "extend the axis, or lower kT or the bias"),
        ({"kT": 0.001}, "0.01 apart, which is more than kT = 0.001"),
    ],
)
def test_axes_that_do_not_fit_are_refused(change, message):
    options = {"frequency": 0.1, "bias": 0.2, "kT": KT, "fermi_energy": 0.0} | change
    with pytest.raises(ValueError, match=message):
        excess_noise(random_amplitudes(), **options)


def test_wrong_amplitudes_are_refused():
    amplitudes = random_amplitudes()
    with pytest.raises(ValueError, match="observable Amplitudes"):
        noise_kernel(amplitudes.rename(mode_out="channel"), frequency=0.0)
    with pytest.raises(ValueError, match="equally spaced"):
        noise_kernel(amplitudes.isel(energy=[0, 1, 3]), frequency=0.0)
