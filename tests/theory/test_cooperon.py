"""The grid of the Cooperon is as exact as the docstrings of the rectangle say."""

import numpy as np
import pytest
from scipy.linalg import expm

from mesokwant.theory import cooperon


def extrapolated(quantity, flux, length, width):
    """The quantity on the grid in use, and its limit from that grid and one twice as fine."""
    dx, dy, slices, cells = cooperon._grid(flux, length, width)
    coarse = (dx, dy, slices, cells)
    fine = (dx / 2, dy / 2, 2 * slices + 1, 2 * cells)
    values = [quantity(flux, length, grid) for grid in (coarse, fine)]
    return values[0], values[1] + (values[1] - values[0]) / 3


def rise(flux, length, grid):
    return 2 / length**2 * (cooperon._trace(0.0, *grid) - cooperon._trace(flux, *grid))


def remaining(flux, length, grid):
    mass = 0.03 * (np.pi / length) ** 2
    slopes = [
        cooperon._trace(f, *grid, mass=-mass) - cooperon._trace(f, *grid, mass=mass)
        for f in (flux, 0.0)
    ]
    return slopes[0] / slopes[1]


@pytest.mark.parametrize(
    "shape, quanta, error",
    [
        ((20.0, 20.0), 1, -0.009),
        ((20.0, 20.0), 5, -0.014),
        ((12.0, 20.0), 5, -0.032),
        ((60.0, 20.0), 5, -0.002),
    ],
)
def test_grid_error_of_the_rise(shape, quanta, error):
    flux = quanta / np.prod(shape)
    on_grid, limit = extrapolated(rise, flux, *shape)
    assert on_grid == cooperon.conductance_rise(flux, *shape)
    assert on_grid / limit - 1 == pytest.approx(error, abs=0.002)


@pytest.mark.parametrize("quanta, error", [(1, 0.004), (5, 0.037)])
def test_grid_error_of_the_remaining_variance(quanta, error):
    flux = quanta / 400
    on_grid, limit = extrapolated(remaining, flux, 20.0, 20.0)
    assert on_grid == cooperon.remaining_variance(flux, 20.0, 20.0)
    assert on_grid / limit - 1 == pytest.approx(error, abs=0.003)


@pytest.mark.parametrize("rotation", [0.0, 0.3])
@pytest.mark.parametrize("slices", [4, 5])
def test_trace_is_that_of_the_inverse_of_the_whole_operator(rotation, slices):
    flux, dx, dy, cells, mass = 0.01, 1.1, 0.9, 3, 0.02
    # Spin 1 as rotations of vectors, where the basis is (x, y, z).
    unit = np.eye(3 if rotation else 1)
    about_x, about_y = (
        (_vector_rotation([1, 0, 0], rotation * dy), _vector_rotation([0, 1, 0], -rotation * dx))
        if rotation
        else (unit, unit)
    )
    y = (np.arange(cells) - 1) * dy
    phases = np.diag(np.exp(-4j * np.pi * flux * y * dx))
    along = np.kron(np.eye(slices, k=1), np.kron(phases, about_y)) / dx**2
    across = np.kron(np.eye(slices), np.kron(np.eye(cells, k=1), about_x)) / dy**2
    walls = np.diag([1, 2, 1]) / dy**2 + (2 / dx**2 + mass) * np.eye(cells)
    whole = np.kron(np.eye(slices), np.kron(walls, unit)).astype(complex)
    for hop in (along, across):
        whole -= hop + hop.conj().T
    trace = cooperon._trace(flux, dx, dy, slices, cells, mass=mass, rotation=rotation)
    assert trace == pytest.approx(np.trace(np.linalg.inv(whole)).real, rel=1e-12)


def test_spin_that_hardly_turns_counts_three_times():
    singlet = cooperon.conductance_rise(0.01, 12.0, 20.0)
    assert cooperon.triplet_conductance_rise(0.01, 12.0, 20.0, 0.0) == 3 * singlet
    turning = cooperon.triplet_conductance_rise(0.01, 12.0, 20.0, 1e-4)
    assert turning == pytest.approx(3 * singlet, rel=1e-5)


def _vector_rotation(axis, angle):
    """exp(i angle S·axis), where (S_j)_kl = -i ε_jkl: a rotation of vectors."""
    x, y, z = axis
    return expm(angle * np.array([[0, z, -y], [-z, 0, x], [y, -x, 0]]))


def test_a_mass_below_the_lowest_level_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match="choose a mass above"):
        cooperon._trace(0.0, 1.0, 1.0, 9, 4, mass=-1.2 * (np.pi / 10) ** 2)


def test_without_a_field_nothing_rises_and_all_of_the_variance_remains():
    assert cooperon.conductance_rise(0.0, 20.0, 20.0) == 0
    assert cooperon.triplet_conductance_rise(0.0, 20.0, 20.0, 0.1) == 0
    assert cooperon.remaining_variance(0.0, 20.0, 20.0) == 1
