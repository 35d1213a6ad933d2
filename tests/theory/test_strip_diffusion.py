"""Diffusion between walls and in a weak field: limits, and sums over modes and momenta."""

import numpy as np
import pytest

from mesokwant import theory


@pytest.mark.parametrize(("energy", "width"), [(-1.0, 9), (-3.0, 14), (0.7, 6)])
def test_the_share_is_that_of_the_rates_from_the_standing_waves(energy, width):
    n = np.arange(1, width + 1)
    profiles = 2 / (width + 1) * np.sin(np.pi * np.outer(n, n) / (width + 1)) ** 2
    cosines = -np.cos(np.pi * n / (width + 1)) - energy / 2
    profiles, cosines = profiles[abs(cosines) < 1], cosines[abs(cosines) < 1]
    velocities = 2 * np.sqrt(1 - cosines**2)
    overlaps = profiles @ profiles.T
    with_walls = np.sum(velocities / (overlaps @ (1 / velocities)))
    without = np.sum(velocities) / (np.sum(1 / velocities) / (width + 1))
    expected = with_walls / without
    assert theory.strip_diffusion_share(energy, width) == pytest.approx(expected, rel=1e-12)


def test_a_single_mode_is_scattered_half_as_often_again_and_a_wide_strip_as_the_plane():
    assert theory.strip_diffusion_share(-3.4, 3) == pytest.approx(2 / 3)
    shares = [theory.strip_diffusion_share(-1.0, width) for width in (20, 200, 2000)]
    assert np.all(np.diff(shares) > 0)
    assert shares[-1] == pytest.approx(1.0, abs=1e-3)
    with pytest.raises(ValueError, match="no open mode"):
        theory.strip_diffusion_share(-5.0, 3)


@pytest.mark.parametrize("energy", [-3.0, -1.0, 1.0])
def test_the_hall_angle_is_the_average_over_the_brillouin_zone(energy):
    k = (np.arange(1200) + 0.5) * 2 * np.pi / 1200
    band = -2 * np.cos(k)[:, None] - 2 * np.cos(k)
    weights = np.exp(-(((energy - band) / 0.03) ** 2) / 2) * 4 * np.sin(k)[:, None] ** 2
    mass = np.average(np.broadcast_to(2 * np.cos(k), band.shape), weights=weights)
    time = 1 / (2 * np.pi * theory.square_lattice_dos(energy) * 1.2**2 / 12)
    expected = 2 * np.pi * 2e-3 * mass * time
    found = theory.square_lattice_hall_angle(2e-3, energy, 1.2)
    assert found == pytest.approx(expected, rel=2e-3)


def test_the_hall_angle_changes_sign_with_the_field_and_between_electrons_and_holes():
    one, other = theory.square_lattice_hall_angle([2e-3, -2e-3], -1.5, 2.0)
    assert one == pytest.approx(-other)
    assert one == pytest.approx(-theory.square_lattice_hall_angle(2e-3, 1.5, 2.0))
