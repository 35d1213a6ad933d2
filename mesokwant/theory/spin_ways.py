"""How Rashba's coupling turns a spin 1 on a straight way between walls.

Two paths in opposite order carry a spin 0, which nothing turns, and a spin 1. On a way r, linear
Rashba coupling turns the spin 1 by the angle κr about the axis n x z, where n is the direction of
the way. In the basis x, y, z of a vector this is a real rotation. A wall reflects n_y, which
rotates the axis by π about y.

>>> turn = way_rotations(np.array([2.0]), np.array([1.0]), np.array([1.0]), 4, angle=(0.1, 0.1))
>>> np.round(turn[0, 0, 0, :, 2], 3)  # A spin along z turns to x, by 0.2.
array([-0.199,  0.   ,  0.98 ])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MIRROR = np.array([-1.0, 1.0, -1.0])
"""What the mirror y -> -y does to a spin: a rotation by π about y."""
HALF_TURN = np.array([-1.0, -1.0, 1.0])
"""What a rotation by π about z does to a spin."""


def way_rotations(
    steps: Array, end: Array, start: Array, rows: int, *, angle: tuple[float, float]
) -> Array:
    """Return the rotations on all ways of these steps along x, from `start` to `end` along y.

    Parameters
    ----------
    steps
        Steps along x, in cells, shape (n,).
    end
        Ends along y in cells, with all reflections undone: all of them between the same two
        images of the walls at multiples of `rows`, shape (m,).
    start
        Places along y where the ways begin, between 0 and `rows`, shape (k,).
    rows
        Distance of the walls, in cells.
    angle
        Angle of rotation on a step of one cell along x and along y.

    Returns
    -------
    Orthogonal matrices of the shape (n, m, k, 3, 3).
    """
    x = steps[:, None, None] * angle[0]
    rise = end[:, None] - start
    y = rise * angle[1]
    total = np.broadcast_to(np.eye(3), (*np.broadcast_shapes(x.shape, y.shape), 3, 3))
    walls = _walls_on_the_way(end, rows)
    places = [start, *(np.full_like(start, wall) for wall in walls)]
    for number, place in enumerate(places):
        last = number == len(walls)
        part = (end[:, None] if last else np.full((1, 1), float(walls[number]))) - place
        share = np.where(rise == 0, 1.0, part / np.where(rise == 0, 1.0, rise))
        leg = _rotation(y * share, -x * share)
        if number % 2:
            leg = MIRROR[:, None] * leg * MIRROR
        total = leg @ total
    return total


def _walls_on_the_way(end: Array, rows: int) -> list[int]:
    """Return the images of the walls that are passed on the way to the ends, in this order."""
    image = int(np.floor(end[0] / rows))
    numbers = range(1, image + 1) if image >= 0 else range(0, image, -1)
    return [number * rows for number in numbers]


def _rotation(x: Array, y: Array) -> Array:
    """Return the rotations about the axis (x, y, 0), by an angle that is its length."""
    x, y = np.broadcast_arrays(x, y)
    length = np.hypot(x, y)
    sine, versine = np.sinc(length / np.pi), np.sinc(length / (2 * np.pi)) ** 2 / 2
    generator = np.zeros((*x.shape, 3, 3))
    generator[..., 0, 2], generator[..., 2, 0] = y, -y
    generator[..., 1, 2], generator[..., 2, 1] = -x, x
    square = generator @ generator
    return np.eye(3) + sine[..., None, None] * generator + versine[..., None, None] * square
