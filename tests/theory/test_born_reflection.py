"""Reflection in Born approximation: conservation, limits of one and of much scattering, flux."""

import numpy as np
import pytest

from mesokwant import theory

WINDOW = slice(0, 12)


def reflection(length=40, *, width=30, strength=1.5, flux=0.0):
    return theory.born_reflection(-1.01, width, length, strength=strength, flux=flux)


@pytest.mark.parametrize("flux", [0.0, 0.1])
def test_no_electron_is_lost_and_equilibrium_is_stationary(flux):
    wire = reflection(flux=flux)
    channels = theory.open_modes(-1.01, 30)
    assert len(wire.ladder) == channels
    assert np.isclose(wire.ladder.sum() + wire.transmission, channels, rtol=1e-9)
    assert np.allclose(wire.ladder, wire.ladder.T)


def test_a_short_wire_scatters_once():
    """Two modes of one profile overlap 3/2 times as much as those of different profiles."""
    wire = reflection(1e-3)
    assert np.allclose(wire.ladder, wire.single, rtol=1e-3)
    assert np.all(wire.crossed < 1e-3 * np.diagonal(wire.single))
    velocity = theory.strip_velocities(-1.01, 30)
    overlap = wire.single * np.multiply.outer(velocity, velocity)
    other = overlap[0, 1]
    assert np.allclose(np.diagonal(overlap)[: len(velocity) // 2], 1.5 * other)
    assert np.isclose(other, 1e-3 * 1.5**2 / 12 / 31)


def test_the_resistance_is_that_of_a_diffusive_wire():
    """The slope of N/g is that of the square lattice, as far as 30 sites have its modes."""
    first, second = (reflection(length) for length in (150, 300))
    channels = len(first.ladder)
    slope = (channels / second.transmission - channels / first.transmission) / 150
    path = float(theory.square_lattice_mean_free_path(-1.01, 1.5))
    assert 1 / slope == pytest.approx(path, rel=0.1)


def test_multiple_scattering_is_doubled_without_a_flux():
    wire = reflection(100)
    multiple = np.diagonal(wire.ladder - wire.single)
    assert np.allclose(wire.crossed, multiple)
    smooth = 2 - wire.single_share / 2
    assert np.mean(wire.factors((4, 5))[WINDOW]) == pytest.approx(np.mean(smooth[WINDOW]), rel=0.01)


def test_a_flux_ends_the_interference_and_does_not_scatter_back_into_the_same_mode():
    factors = []
    for flux in (0.0, 0.03, 0.1, 0.3):
        wire = reflection(100, flux=flux)
        factors.append(np.mean(wire.crossed / np.diagonal(wire.ladder - wire.single)))
    assert factors[0] == pytest.approx(1.0)
    assert np.all(np.diff(factors[:3]) < -0.1)
    assert abs(factors[-1]) < 0.05
    # The current is odd under time reversal: its element between partners vanishes.
    pure = theory.born_reflection(-1.01, 30, 1e-3, strength=0.0, flux=0.05)
    returned, far = np.diagonal(pure.single)[WINDOW], pure.far((4, 5))[WINDOW]
    assert returned.sum() < 0.03 * far.sum()


def test_a_wire_without_disorder_or_without_modes_is_refused():
    with pytest.raises(ValueError, match="without disorder"):
        reflection(strength=0.0)
    with pytest.raises(ValueError, match="No mode"):
        theory.born_reflection(-5.0, 30, 10, strength=1.0)
