"""Averages over Fermi windows, against closed forms."""

import numpy as np
import pytest
import xarray as xr
from scipy.special import expit

from mesokwant.analysis import (
    bias_current,
    current_noise,
    differential_conductance,
    thermal_average,
)
from mesokwant.analysis.energy_axis import quanta

ENERGIES = np.linspace(-2.0, 2.0, 801)
KT = 0.05


def along(values, energies=ENERGIES):
    """Values of a single sample along an energy axis."""
    return xr.DataArray(np.broadcast_to(values, energies.shape), {"energy": energies}, "energy")


def test_the_average_of_a_constant_is_that_constant():
    g = along(1.7)
    assert thermal_average(g, kT=[0.01, 0.05, 0.2], fermi_energy=0.1).values == pytest.approx(1.7)


def test_a_step_is_rounded_like_the_fermi_function():
    energies = ENERGIES + 0.5 * (ENERGIES[1] - ENERGIES[0])  # The step lies between two points.
    levels = np.linspace(-0.3, 0.3, 13)
    found = thermal_average(along(1.0 * (energies > 0), energies), kT=KT, fermi_energy=levels)
    assert found.dims == ("fermi_energy",)
    assert np.allclose(found, expit(levels / KT), rtol=0, atol=1e-3)


def test_an_oscillation_is_damped_by_x_over_sinh_x():
    period, kT = 0.4, np.array([0.01, 0.03, 0.08])
    found = thermal_average(along(np.cos(2 * np.pi * ENERGIES / period)), kT=kT, fermi_energy=0.0)
    x = 2 * np.pi**2 * kT / period
    assert np.allclose(found, x / np.sinh(x), rtol=0, atol=1e-3)


def test_zero_temperature_reads_the_axis():
    g = along(ENERGIES**2)
    assert thermal_average(g, kT=0.0, fermi_energy=0.5) == pytest.approx(0.25)
    current = bias_current(g, bias=1.0, kT=0.0, fermi_energy=0.0)
    assert current == pytest.approx(2 * 0.5**3 / 3, rel=1e-4)


def test_the_current_of_a_constant_transmission_is_ohmic():
    bias = [-0.5, 0.0, 1e-7, 0.7]
    found = bias_current(along(2.0), bias=bias, kT=[KT, 0.1], fermi_energy=0.1)
    assert found.dims == ("bias", "kT")
    assert np.allclose(found, 2 * np.array(bias)[:, None], rtol=1e-12, atol=1e-15)


def test_a_step_gives_the_current_above_it():
    """I = ∫ over E > 0 of the window = kT log[(1 + exp(μ_1/kT)) / (1 + exp(μ_2/kT))]."""
    energies = ENERGIES + 0.5 * (ENERGIES[1] - ENERGIES[0])
    g = along(1.0 * (energies > 0), energies)
    for share, source, drain in ((0.5, 0.3, -0.3), (1.0, 0.6, 0.0), (0.0, 0.0, -0.6)):
        found = bias_current(g, bias=0.6, kT=KT, fermi_energy=0.0, source_share=share)
        expected = KT * (np.logaddexp(0, source / KT) - np.logaddexp(0, drain / KT))
        assert float(found) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.8])
def test_the_differential_conductance_is_the_slope_of_the_current(share):
    g = along(1 + np.sin(3 * ENERGIES) + ENERGIES**2)
    options = {"kT": KT, "fermi_energy": 0.2, "source_share": share}
    high, low = (bias_current(g, bias=0.4 + sign * 1e-4, **options) for sign in (1, -1))
    found = differential_conductance(g, bias=0.4, **options)
    assert float(found) == pytest.approx(float(high - low) / 2e-4, rel=1e-7)


def test_narrow_windows_join_smoothly():
    """The window of a small bias is -f', on both sides of where the formula changes."""
    g = along(np.sin(3 * ENERGIES))
    expected = float(thermal_average(g, kT=KT, fermi_energy=0.2))
    for bias in KT * np.array([1e-6, 0.9e-4, 1.1e-4, 1e-3]):
        found = float(bias_current(g, bias=bias, kT=KT, fermi_energy=0.2)) / bias
        assert found == pytest.approx(expected, rel=1e-6)


def test_noise_without_a_bias_is_that_of_johnson_and_nyquist():
    g, shot = along(1 + 0.3 * ENERGIES), along(0.2 + 0.0 * ENERGIES)
    found = current_noise(g, shot, bias=0.0, kT=KT, fermi_energy=0.1)
    expected = 4 * KT * thermal_average(g, kT=KT, fermi_energy=0.1)
    assert float(found) == pytest.approx(float(expected), rel=1e-12)


def test_noise_crosses_over_from_nyquist_to_schottky():
    g, shot = 1.5, 0.4
    bias = np.array([0.01, 0.1, 0.4, 1.0])
    found = current_noise(along(g), along(shot), bias=bias, kT=KT, fermi_energy=0.0)
    expected = 2 * (2 * KT * (g - shot) + bias / np.tanh(bias / (2 * KT)) * shot)
    assert np.allclose(found, expected, rtol=1e-12)
    cold = current_noise(along(g), along(shot), bias=bias[1:], kT=0.0, fermi_energy=0.0)
    assert np.allclose(cold, 2 * bias[1:] * shot, rtol=1e-12)


def test_samples_are_averaged_one_by_one_whatever_the_order_of_energies():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(len(ENERGIES), 3))
    values[4, 2] = np.nan
    g = xr.DataArray(values, {"energy": ENERGIES, "sample": [0, 1, 2]}, ("energy", "sample"))
    found = thermal_average(g, kT=KT, fermi_energy=[0.0, 0.1])
    assert set(found.dims) == {"fermi_energy", "sample"}
    assert np.isnan(found.sel(sample=2)).all()
    one = thermal_average(along(values[:, 1]), kT=KT, fermi_energy=0.1)
    assert float(found.sel(sample=1, fermi_energy=0.1)) == pytest.approx(float(one), rel=1e-13)
    backward = thermal_average(g.isel(energy=slice(None, None, -1)), kT=KT, fermi_energy=0.0)
    assert np.array_equal(backward, found.sel(fermi_energy=0.0), equal_nan=True)


def test_bose_factor_of_quanta():
    x = np.array([-3.0, -1e-9, 0.0, 1e-9, 3.0])
    assert np.allclose(quanta(x, 0.5)[[1, 2, 3]], 0.5, rtol=0, atol=1e-8)
    assert np.allclose(quanta(x, 0.5)[[0, 4]], x[[0, 4]] / np.expm1(x[[0, 4]] / 0.5), rtol=1e-14)
    assert np.array_equal(quanta(x, 0.0), np.maximum(-x, 0))
    assert np.allclose(quanta(-x, 0.5) - quanta(x, 0.5), x, rtol=1e-14, atol=1e-16)
    assert np.array_equal(quanta(np.array([-1e4, 1e4]), 1.0), [1e4, 0.0])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"kT": 0.004}, "0.005 apart, which is more than kT = 0.004: add energies between"),
        ({"kT": 0.3}, "the energies go from -2 to 2, but the window from 0 to 0"),
        ({"fermi_energy": 1.7}, "needs those from 1.3 to 2.1: extend the axis"),
        ({"fermi_energy": [0.0, -1.9]}, "extend the axis"),
        ({"kT": -0.1}, "not negative, not -0.1"),
        ({"kT": np.nan}, "not negative, not nan"),
        ({"fermi_energy": np.nan}, "the bias and the Fermi energy must be finite"),
        ({"kT": [[0.1]]}, "kT must be a number, a sequence"),
    ],
)
def test_an_axis_that_does_not_fit_the_window_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        thermal_average(along(1.0), **{"kT": KT, "fermi_energy": 0.0} | options)


def test_only_energies_in_the_window_must_be_dense():
    energies = np.concatenate([[-2.0, -1.0], np.linspace(-0.5, 0.5, 101), [1.0, 2.0]])
    g = along(energies, energies)
    assert float(thermal_average(g, kT=KT, fermi_energy=0.0)) == pytest.approx(0, abs=1e-12)
    with pytest.raises(ValueError, match=r"0\.5 apart"):
        thermal_average(g, kT=KT, fermi_energy=0.3)


def test_wrong_values_are_refused():
    with pytest.raises(ValueError, match="a DataArray with the dimension 'energy'"):
        thermal_average(along(1.0).rename(energy="flux"), kT=KT, fermi_energy=0.0)
    with pytest.raises(ValueError, match="two or more different energies"):
        thermal_average(along(1.0)[:1], kT=KT, fermi_energy=0.0)
    with pytest.raises(ValueError, match="more than a quarter of the window"):
        bias_current(along(1.0), bias=0.01, kT=0.0, fermi_energy=0.0)
    with pytest.raises(ValueError, match="source_share must be between 0 and 1"):
        bias_current(along(1.0), bias=0.1, kT=KT, fermi_energy=0.0, source_share=2.0)
