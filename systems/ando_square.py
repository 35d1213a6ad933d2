r"""Square with Ando's spin-orbit hopping between two leads, with periodic or hard walls.

    H = Σ_{x,y} [ |x+1,y><x,y| t_x + |x,y+1><x,y| t_y + h.c. ],    0 <= x, y < edge,
    t_x = -(cos θ + i sin θ σ_y),    t_y = -(cos θ - i sin θ σ_x),    θ = parameter `theta`,

as in `systems.spin_orbit`, without a field. Periodic walls join y = edge - 1 to y = 0, so that
the square has no edges beside its leads. The leads have no coupling and conserve the spin along z:
for each spin their modes are those of a `Wire`. Energies are in the hopping t, from the band
centre; lengths in the lattice constant.

Disorder makes this the model of the metal-insulator transition of the symplectic class in two
dimensions [1]_. At θ = 0 there are two copies of the orthogonal class, which have no transition.

References
----------
.. [1] T. Ando, Phys. Rev. B 40, 5325 (1989).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import kwant
import tinyarray
from kwant.builder import Site

from systems.base import System
from systems.ingredients import sigma_0, sigma_z, square_lattice, two_terminal
from systems.spin_orbit import ando_x, ando_y
from systems.wire import BOUNDARIES, least_size


def along_hopping(to: Site, source: Site, theta: float) -> tinyarray.ndarray_complex:
    """Ando's hopping along x, without a field."""
    return ando_x(to, source, theta, 0.0)


def seam_hopping(to: Site, source: Site, theta: float) -> tinyarray.ndarray_complex:
    """Hopping from y = 0 to y = edge - 1, one step back: the rotation is reversed."""
    return ando_y(to, source, -theta)


@dataclass(frozen=True, slots=True)
class AndoSquare(System):
    """Clean square along x with the Kwant parameter `theta`.

    Kwant counts both spins in a transmission.

    Parameters
    ----------
    edge
        Sites along x and y, one field so that both are one axis of a sweep.
    boundary
        "periodic" or "hard", across.

    Raises
    ------
    TypeError, ValueError
        If the size is no positive whole number, or if a periodic square has fewer than 3 sites
        across (two sites would be joined twice).

    Examples
    --------
    >>> sorted(AndoSquare(edge=4).build().parameters)
    ['theta']
    """

    edge: int
    boundary: str = "periodic"

    units: ClassVar[Mapping[str, str]] = {"edge": "a", "theta": "rad"}

    def __post_init__(self) -> None:
        self._check_choice("boundary", BOUNDARIES)
        self._store_count("edge", *least_size(self.boundary))

    def builder(self) -> kwant.Builder:
        bonds = {(1, 0): along_hopping, (0, 1): ando_y}
        lead_bonds = {(1, 0): -sigma_0, (0, 1): -sigma_0}
        if self.boundary == "periodic":
            bonds[0, self.edge - 1] = seam_hopping
            lead_bonds[0, self.edge - 1] = -sigma_0
        return two_terminal(
            square_lattice(norbs=2),
            [(y,) for y in range(self.edge)],
            self.edge,
            onsite=0 * sigma_0,
            bonds=bonds,
            lead_bonds=lead_bonds,
            # Kwant orders its blocks by eigenvalue: the minus puts spin up first.
            conservation_law=-sigma_z,
        )
