"""A wire that obeys the DMPK equation is found to do so, with its mean free path."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import theory
from mesokwant.analysis import DmpkWire

PATH = 7.0


@pytest.fixture(scope="module", params=[1, 2])
def wire(request):
    """1500 wires of the DMPK equation with five channels, at lengths of every regime."""
    beta = request.param
    simulated = theory.dmpk_wires(5, 6, beta=beta, samples=1500, seed=11)
    chosen = [i for i, x in enumerate(simulated.x) if x < 0.15] + [-20, -12, -8, -4, -1]
    return DmpkWire(dataset(simulated.s[chosen] * PATH, simulated.log_g[chosen], beta))


def dataset(lengths, log_g, beta):
    g = xr.DataArray(np.exp(log_g), dims=("length", "sample"), coords={"length": lengths})
    flux = {"random_flux.strength": 0.1} if beta == 2 else {}
    return xr.Dataset({"g": g}, coords={"width": 7, "energy": -1.0, "flux": 0.0, **flux})


def test_mean_free_path_is_found_from_the_metal(wire):
    path = wire.wire.path
    assert path.error < 0.02 * PATH
    assert abs(path.value - PATH) < 4 * path.error


def test_equation_of_its_class_holds_and_the_other_fails(wire):
    assert abs(wire.chi2(wire.law)) < 3.5
    assert abs(wire.distribution(wire.law)) < 3.5
    assert wire.chi2(wire.other) > 8
    assert wire.distribution(wire.other) > 8


def test_localization_length_and_growth_are_those_of_the_equation(wire):
    for ratio in (wire.length_ratio, wire.growth_ratio):
        assert abs(ratio.value - 1) < 4 * ratio.error
        assert ratio.error < 0.1


def test_regime_is_long_slender_and_tabulated(wire):
    table = wire.regime()
    inside = np.array(table["in regime"])
    assert np.all(np.array(table["s = L/l"])[inside] >= 10)
    assert np.all(np.array(table["L (a)"])[inside] >= 4 * 7)
    assert inside.sum() >= 4


def test_samples_that_are_missing_at_a_length_are_left_out(wire):
    log_g = wire.logs.copy()
    log_g[2, :10] = np.nan
    kept = DmpkWire(dataset(wire.lengths, log_g, wire.law.beta))
    assert kept.samples == wire.samples - 10


def test_wire_without_a_metal_is_refused(wire):
    chosen = slice(-3, None)
    with pytest.raises(ValueError, match="shorter"):
        DmpkWire(dataset(wire.lengths[chosen], wire.logs[chosen], wire.law.beta))
