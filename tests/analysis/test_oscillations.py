"""Oscillations that are made by the formula are measured as what they were made of."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import theory
from mesokwant.analysis import EnergyOscillations, FieldOscillations, cylinder_conductivities
from mesokwant.statistics import bootstrap, mean

CIRCUMFERENCE, LENGTHS = 80, np.array([51, 101, 151])
BORN = theory.self_consistent_born(-3.0, 1.5**2 / 12)


def conductances(sigma, samples, noise=0.03, seed=1):
    """g of cylinders with contacts, for σ_xx of shape (points,): (length, points, sample)."""
    resistance = 0.02 + LENGTHS[:, None] / (CIRCUMFERENCE * sigma)
    classical = 1 / resistance
    # <g> of which g + 1/(45 g) is the classical conductance.
    g = (classical + np.sqrt(classical**2 - 4 / 45)) / 2
    rng = np.random.default_rng(seed)
    return g[:, :, None] + noise * rng.normal(size=(*g.shape, samples))


def dataset(name, places, sigma, samples, **more):
    """Results as a sweep gives them."""
    coords = {
        "length": LENGTHS,
        name: places,
        "circumference": CIRCUMFERENCE,
        "strength": 1.5,
    }
    g = conductances(sigma, samples)
    return xr.Dataset({"g": (("length", name, "sample"), g)}, {**coords, **more})


def numbers(metal, **factors):
    names = ("density", "dos", "scattering_time", "transport_time", "conductivity")
    return {name: getattr(metal, name) * factors.get(name, 1.0) for name in names}


@pytest.fixture(scope="module")
def field():
    flux = np.arange(24, 70) / 4000
    changed = numbers(BORN, density=1.02, scattering_time=0.9)
    sigma = theory.shubnikov_de_haas_conductivity(flux, **changed)
    return FieldOscillations(dataset("flux", flux, sigma, 200, energy=-3.0))


def test_contacts_and_interference_drop_out_of_two_lengths():
    sigma = np.array([2.5, 6.0])
    g = xr.DataArray(
        conductances(sigma, 3, noise=0.0), {"length": LENGTHS}, ("length", "flux", "sample")
    )
    values = cylinder_conductivities(g, CIRCUMFERENCE)
    assert np.allclose(values.transpose("flux", "sample"), sigma[:, None])


def test_values_have_the_error_of_the_conductivity():
    g = xr.DataArray(
        conductances(np.array([4.0]), 400, noise=0.2)[:, 0],
        {"length": LENGTHS},
        ("length", "sample"),
    )
    direct = bootstrap(
        lambda g: np.ptp(LENGTHS) / CIRCUMFERENCE / (1 / g[2].mean() - 1 / g[0].mean()), g.values
    )
    found = mean(cylinder_conductivities(g, CIRCUMFERENCE))
    # 1000 resamples know an error to 3 %; interference changes it by less than 1 %.
    assert found.error == pytest.approx(direct.error, rel=0.1)


def test_one_length_is_refused():
    g = xr.DataArray(np.ones((1, 3)), {"length": [51]}, ("length", "sample"))
    with pytest.raises(ValueError, match="two lengths"):
        cylinder_conductivities(g, CIRCUMFERENCE)


def test_density_and_times_are_found(field):
    # Four standard errors, for a fixed seed.
    for name, made in (("density", 1.02), ("scattering", 0.9), ("transport", 1.0)):
        found = field.fit[name]
        assert abs(found.value - made) < 4 * found.error
        assert found.error < 0.05
    assert abs(field.time_ratio.value - 0.9) < 4 * field.time_ratio.error


def test_a_right_curve_has_a_chi2_of_one_and_a_wrong_one_has_not(field):
    right = theory.shubnikov_de_haas_conductivity
    made = numbers(BORN, density=1.02, scattering_time=0.9)
    scale, shape, unfitted = field.compared(lambda flux: right(flux, **made))
    assert abs(scale.value - 1) < 4 * scale.error
    assert abs(shape.value - 1) < 4 * shape.error and abs(unfitted - 1) < 4 * shape.error
    assert field.compared(field.classical)[1].value > 10


def test_oscillations_grow_as_dingle_says():
    flux = np.arange(24, 70) / 4000
    sigma = theory.shubnikov_de_haas_conductivity(flux, **numbers(BORN))
    field = FieldOscillations(dataset("flux", flux, sigma, 200, energy=-3.0))
    places, values, expected = field.harmonics
    found = mean(values)
    assert np.all(np.abs(found.value - expected) < 4 * found.error)
    states = found / field.gain(places)
    # Self-consistency enhances the first harmonic where levels are nearly separate.
    for i, dingle in enumerate(2 * np.exp(-np.pi / places)):
        assert abs(states[i].value - dingle) < 4 * states[i].error + 0.3 * dingle


def test_temperature_damps_as_the_formula_does():
    energies = np.arange(-3.224, -2.77, 0.007)
    metals = [theory.self_consistent_born(e, 1.5**2 / 12) for e in (-3.2, -3.0, -2.8)]
    sigma = np.array(
        [
            theory.shubnikov_de_haas_conductivity(
                0.01275,
                **{
                    name: np.interp(e, [-3.2, -3.0, -2.8], [getattr(m, name) for m in metals])
                    for name in numbers(BORN)
                },
            )
            for e in energies
        ]
    )
    data = dataset("energy", energies, sigma, 40, flux=0.01275)
    thermal = EnergyOscillations(data, (1.0, 2.0, 50.0))
    assert len(thermal.temperatures) == 2  # The axis is too short for the third.
    distance = np.abs(thermal.damping.value - thermal.expected_damping)
    assert np.all(distance < 4 * thermal.damping.error + 0.01)
    textbook = theory.thermal_damping(thermal.temperatures, thermal.omega)
    assert np.allclose(thermal.expected_damping, textbook, atol=0.06)
