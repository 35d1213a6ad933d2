r"""Wires between two leads: a strip (two dimensions) or a bar (three).

    H = -Σ_<ij> exp(i φ_ij) |i><j|

over nearest neighbours of the square or cubic lattice. Energies are in the hopping t, from
the band centre; lengths in the lattice constant. Without a field φ = 0 and the subbands are

    E_n(k) = -2 cos k - 2 cos q_n,    q_n = π n/(W + 1), n = 1..W     (hard walls),
                                      q_n = 2π n/W,      n = 0..W-1   (periodic),

with one more -2 cos q for the height of a bar. With `field=True` the Peierls phases φ of a
perpendicular field (along z, in the leads too) come from the Kwant parameter `flux`, in h/e
per plaquette.
"""

from dataclasses import dataclass
from itertools import product

import kwant
import numpy as np

from systems.base import System
from systems.ingredients import peierls_hopping, square_lattice, two_terminal

BOUNDARIES = ("hard", "periodic")


@dataclass(frozen=True, slots=True)
class Wire(System):
    """Clean wire along x; its disorder is the ensemble's business.

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
    field
        Whether a perpendicular field, parameter `flux`, fills wire and leads.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, if a periodic direction has fewer than 3
        sites (two sites would be joined twice), or if a periodic wire is put in a field.
    """

    width: int
    length: int
    height: int | None = None
    boundary: str = "hard"
    field: bool = False

    def __post_init__(self) -> None:
        self._check_choice("boundary", BOUNDARIES)
        self._check_switch("field", "the strength is the Kwant parameter 'flux'")
        if self.boundary == "periodic" and self.field:
            raise ValueError(
                "A periodic wire cannot be put in a perpendicular field: its Peierls phase grows "
                "along y and does not close across the boundary unless the flux is quantized; "
                "use boundary='hard' or field=False."
            )
        least, reason = 1, ""
        if self.boundary == "periodic":
            least, reason = 3, " across a periodic boundary (use boundary='hard' for fewer)"
        self._store_count("length")
        self._store_count("width", least, reason)
        if self.height is not None:
            self._store_count("height", least, reason)

    def builder(self) -> kwant.Builder:
        if self.height is None:
            lattice, sizes = square_lattice(), (self.width,)
        else:
            lattice, sizes = kwant.lattice.cubic(norbs=1), (self.width, self.height)
        along, *transverse = np.identity(1 + len(sizes), int)
        bonds = {tuple(along): peierls_hopping if self.field else -1}
        for size, step in zip(sizes, transverse, strict=True):
            bonds[tuple(step)] = -1
            if self.boundary == "periodic":
                bonds[tuple((size - 1) * step)] = -1
        section = product(*(range(size) for size in sizes))
        return two_terminal(lattice, section, self.length, bonds=bonds)
