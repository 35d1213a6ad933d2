r"""Wires between two leads without a field: a strip (two dimensions) or a bar (three).

    H = -Σ_<ij> |i><j|

over nearest neighbours of the square or cubic lattice. Energies are in the hopping t, from
the band centre; lengths in the lattice constant. The subbands are

    E_n(k) = -2 cos k - 2 cos q_n,    q_n = π n/(W + 1), n = 1..W     (hard walls),
                                      q_n = 2π n/W,      n = 0..W-1   (periodic),

with one more -2 cos q for the height of a bar. `systems.Ribbon` is the same with hard walls
in a perpendicular field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import kwant
import numpy as np

from systems.base import System
from systems.ingredients import strip_or_bar, two_terminal

BOUNDARIES = ("hard", "periodic")


def least_size(boundary: str) -> tuple[int, str]:
    """The fewest sites that a direction with this boundary may have, and the reason."""
    if boundary == "periodic":
        return 3, " across a periodic boundary (use boundary='hard' for fewer)"
    return 1, ""


@dataclass(frozen=True, slots=True)
class Wire(System):
    """Clean wire along x.

    Parameters
    ----------
    width
        Sites across, along y.
    length
        Sites of the scattering region along x.
    height
        Sites along z for a bar with tags (x, y, z); None for a strip with tags (x, y).
    boundary
        "hard" or "periodic", in all transverse directions.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, or if a periodic direction has fewer than 3
        sites (two sites would be joined twice).

    Examples
    --------
    >>> len(Wire(width=5, length=9, height=3).build().sites)
    135
    """

    width: int
    length: int
    height: int | None = None
    boundary: str = "hard"

    units: ClassVar[Mapping[str, str]] = {"width": "a", "length": "a", "height": "a"}

    def __post_init__(self) -> None:
        self._check_choice("boundary", BOUNDARIES)
        self._store_count("length")
        self._store_count("width", *least_size(self.boundary))
        if self.height is not None:
            self._store_count("height", *least_size(self.boundary))

    def builder(self) -> kwant.Builder:
        lattice, section = strip_or_bar(self.width, self.height)
        sizes = (self.width,) if self.height is None else (self.width, self.height)
        along, *transverse = np.identity(1 + len(sizes), int)
        bonds = {tuple(along): -1}
        for size, step in zip(sizes, transverse, strict=True):
            bonds[tuple(step)] = -1
            if self.boundary == "periodic":
                bonds[tuple((size - 1) * step)] = -1
        return two_terminal(lattice, section, self.length, bonds=bonds)


@dataclass(frozen=True, slots=True)
class Cube(System):
    """Clean cube between two leads along x: a `Wire` all of whose sizes are `edge`.

    One field sets the three sizes, so that they are one axis of a sweep.

    Parameters
    ----------
    edge
        Sites along x, y and z.
    boundary
        "hard" or "periodic", in both transverse directions.

    Raises
    ------
    TypeError, ValueError
        As for `Wire`.

    Examples
    --------
    >>> len(Cube(edge=4).build().sites)
    64
    """

    edge: int
    boundary: str = "hard"

    units: ClassVar[Mapping[str, str]] = {"edge": "a"}

    def __post_init__(self) -> None:
        self._check_choice("boundary", BOUNDARIES)
        self._store_count("edge", *least_size(self.boundary))

    def builder(self) -> kwant.Builder:
        return Wire(self.edge, self.edge, self.edge, self.boundary).builder()
