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
        least, reason = 1, ""
        if self.boundary == "periodic":
            least, reason = 3, " across a periodic boundary (use boundary='hard' for fewer)"
        self._store_count("length")
        self._store_count("width", least, reason)
        if self.height is not None:
            self._store_count("height", least, reason)

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
