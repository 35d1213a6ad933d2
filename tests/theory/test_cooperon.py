"""The grid of the Cooperon is as exact as the docstrings of the rectangle say."""

import numpy as np
import pytest

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


def test_without_a_field_nothing_rises_and_all_of_the_variance_remains():
    assert cooperon.conductance_rise(0.0, 20.0, 20.0) == 0
    assert cooperon.triplet_conductance_rise(0.0, 20.0, 20.0, 0.1) == 0
    assert cooperon.remaining_variance(0.0, 20.0, 20.0) == 1
