"""Lengths of a diffusive wire, from its channels and mean free path, on data that are known."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import theory
from mesokwant.analysis import DiffusiveWire, concatenated, contact_claim, mean_free_path
from mesokwant.statistics import Estimate

LENGTHS = np.array([40, 80, 160])


def classical(channels, path, samples=4, spread=0.0):
    """g = N/(1 + L/l) with noise, shape (lengths, samples)."""
    rng = np.random.default_rng(3)
    mean = theory.conductance(channels, LENGTHS / path)[:, None]
    return rng.normal(mean, spread, (len(LENGTHS), samples))


def results(g, width=40, energy=-1.0):
    """Conductances as results of a sweep over the length."""
    return xr.Dataset(
        {"g": (("length", "sample"), g)},
        {"length": LENGTHS, "sample": np.arange(g.shape[1]), "width": width, "energy": energy},
    )


def test_the_error_of_the_mean_free_path_is_honest():
    """Pulls of 40 synthetic wires; mean and spread within 4 sigma."""
    rng = np.random.default_rng(3)
    lengths = np.array([50.0, 100.0, 200.0])
    mean = theory.conductance(40, lengths / 17.0)
    estimates = [
        mean_free_path(lengths, rng.normal(mean[:, None], 0.3, (3, 400)), 40) for _ in range(40)
    ]
    pulls = [(e.value - 17.0) / e.error for e in estimates]
    assert abs(np.mean(pulls)) < 4 / np.sqrt(40)
    assert np.std(pulls) == pytest.approx(1, abs=4 / np.sqrt(80))


def test_exact_data_give_the_exact_path():
    assert mean_free_path(LENGTHS, classical(7, 4.0), 7).value == pytest.approx(4.0, rel=1e-12)


def test_a_mean_free_path_needs_a_length():
    with pytest.raises(ValueError, match="needs a length"):
        mean_free_path([], np.empty((0, 5)), 7)


def test_the_mean_free_path_takes_weak_localization_off():
    lengths = np.array([10.0, 30.0])
    mean = theory.conductance(7, lengths / 12.0) + theory.weak_localization(lengths / 12.0, beta=1)
    g = np.repeat(mean[:, None], 5, axis=1)
    assert mean_free_path(lengths, g, 7, beta=1).value == pytest.approx(12.0, rel=1e-7)
    assert mean_free_path(lengths, g, 7).value < 11.9


@pytest.mark.parametrize("spins", [1, 2])
def test_a_degenerate_spin_doubles_the_channels_and_changes_no_length(spins):
    wire = DiffusiveWire(20, 12 * spins, Estimate(8.0, 0.2, 100), energy=-1.0, spins=spins)
    np.testing.assert_allclose(wire.s([16, 80]), [2, 10])
    assert wire.path_over_width == pytest.approx(0.4)
    assert wire.localization_length(1) == pytest.approx(13 * 8)
    assert wire.localization_length(2) == pytest.approx(24 * 8)
    # Einstein: (N/W) l = 2πνD
    density = float(theory.square_lattice_dos(-1.0))
    assert wire.density_of_states == density
    assert wire.diffusion.value == pytest.approx(12 / 20 * 8 / (2 * np.pi * density))
    assert wire.diffusion.error / wire.diffusion.value == pytest.approx(0.2 / 8)


def test_a_wire_is_measured_from_results():
    channels = int(theory.open_modes(-1.0, 40))
    wire = DiffusiveWire.measured(results(classical(channels, 10.0)))
    assert (wire.width, wire.channels, wire.energy) == (40, channels, -1.0)
    assert wire.mean_free_path == pytest.approx(10.0)
    np.testing.assert_allclose(wire.drude(LENGTHS), theory.conductance(channels, LENGTHS / 10.0))
    one = DiffusiveWire.measured(results(classical(channels, 10.0)).sel(length=80))
    assert one.mean_free_path == pytest.approx(10.0)
    table = wire.regime(LENGTHS, [True, True, False], beta=1)
    assert {len(column) for column in table.values()} == {3}
    np.testing.assert_allclose(table["s = L/l"], [4, 8, 16])
    np.testing.assert_allclose(table["L/ξ"], LENGTHS / (10 * (channels + 1)))
    assert table["in regime"] == [True, True, False]
    assert concatenated([table, table])["L (a)"] == [*LENGTHS, *LENGTHS]


def test_the_error_of_the_path_enters_what_is_expected():
    """Drude's conductance N/(1 + L/l) changes by N L/(l + L)² for each change of l."""
    wire = DiffusiveWire(40, 20, Estimate(15.0, 0.2, 400))
    expected = wire.propagated(lambda wire: theory.Prediction(wire.drude(LENGTHS), source="Drude"))
    np.testing.assert_allclose(expected.value, wire.drude(LENGTHS))
    np.testing.assert_allclose(expected.error, 0.2 * 20 * LENGTHS / (15 + LENGTHS) ** 2, rtol=1e-3)
    assert expected.source == "Drude"


def test_the_rise_of_a_wire_is_that_of_theory():
    wire = DiffusiveWire(20, 12, Estimate(4.0, 0.2, 100))
    sizes = {"channels": 12, "mean_free_path": 4.0}
    expected = theory.wire_magnetoconductance(1e-3, 80, 20, **sizes)
    assert wire.rise(80, 1e-3).value == expected.value
    expected = theory.rectangle_wire_magnetoconductance(1e-3, 80, 20, **sizes)
    assert wire.rise(80, 1e-3, rectangle=True).bound == expected.bound


@pytest.mark.parametrize("excess, holds", [(0.0, True), (0.2, False)])
def test_the_contact_claim_sees_an_additional_resistance(excess, holds):
    g = results(classical(20, 10.0, samples=400, spread=0.05)).g
    claim = contact_claim(LENGTHS, 1 / (1 / g + excess / 20), 20)
    assert claim.measured.value == pytest.approx(1 + excess, abs=0.1)
    assert claim.holds is holds
