r"""Closed boxes and tori of the chain, the square and the cubic lattice, without leads.

    H = -Σ_<ij> exp(iφ_ij) |i><j|

over nearest neighbours, with open or with periodic ends in all directions. Without a field the
levels are sums of one term per direction,

    E = -2 Σ_a cos q_a,    q_a = π n/(L_a + 1), n = 1..L_a     (hard walls),
                           q_a = 2π n/L_a,      n = 0..L_a-1   (periodic).

In two and three dimensions there is a field along z. In a box it is the Kwant parameter `flux` in
h/e per plaquette of the xy plane. A torus only holds a whole number of flux quanta [1]_, which is
the Kwant parameter `quanta`: quanta/(length width) in h/e per plaquette. With A = (-By, 0), the
bonds across the seam at the last row carry exp(2πi quanta x/length), so that every plaquette
has the same flux. Energies are in the hopping t, from the band centre; lengths in the
lattice constant.

References
----------
.. [1] J. Zak, Phys. Rev. 134, A1602 (1964).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import kwant
import numpy as np
from kwant.builder import Site

from systems.base import System
from systems.ingredients import peierls_hopping
from systems.wire import BOUNDARIES, least_size


@dataclass(frozen=True, slots=True)
class TorusHopping:
    """The hopping -t with a phase that is linear in the tag of the site it leads to.

    Parameters
    ----------
    along_x, along_y
        Phase over 2π for every step of the tag, with one flux quantum through the torus.
    """

    along_x: float
    along_y: float

    __name__ = "TorusHopping"  # Kwant calls a value function by its name when it fails.

    def __call__(self, to: Site, source: Site, quanta: float) -> complex:
        if quanta != round(quanta):
            raise ValueError(
                f"quanta must be a whole number of flux quanta through the torus; got {quanta!r}. "
                "A lattice with hard walls takes any flux."
            )
        turns = self.along_x * to.tag[0] + self.along_y * to.tag[1]
        return -np.exp(2j * np.pi * quanta * turns)


@dataclass(frozen=True, slots=True)
class Lattice(System):
    """Closed lattice in one, two or three dimensions; `build` gives a Kwant system without leads.

    Kwant parameters: none in one dimension; `flux` with hard walls, `quanta` on a torus.

    Parameters
    ----------
    length, width, height
        Sites along x, y and z; without height it is two-dimensional, without width, too, a chain.
    boundary
        "hard" or "periodic", in all directions.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, if a periodic direction has fewer than 3 sites (two
        sites would be joined twice), or if there is a height without a width.

    Examples
    --------
    >>> torus = Lattice(length=4, width=5)
    >>> len(torus.build().sites), torus.build().parameters
    (20, frozenset({'quanta'}))
    """

    length: int
    width: int | None = None
    height: int | None = None
    boundary: str = "periodic"

    units: ClassVar[Mapping[str, str]] = {
        "length": "a",
        "width": "a",
        "height": "a",
        "flux": "h/e per plaquette",
        "quanta": "h/e",
    }

    def __post_init__(self) -> None:
        self._check_choice("boundary", BOUNDARIES)
        for name in ("length", "width", "height"):
            if getattr(self, name) is not None or name == "length":
                self._store_count(name, *least_size(self.boundary))
        if self.width is None and self.height is not None:
            raise ValueError("A lattice with a height needs a width.")

    @property
    def shape(self) -> tuple[int, ...]:
        """Sites in every direction."""
        return tuple(n for n in (self.length, self.width, self.height) if n is not None)

    def builder(self) -> kwant.Builder:
        steps = np.identity(len(self.shape), int)
        lattice = kwant.lattice.Monatomic(steps, norbs=1)
        box = kwant.Builder()
        box[(lattice(*tag) for tag in product(*map(range, self.shape)))] = 0
        for displacement, hopping in self._bonds(steps).items():
            box[kwant.builder.HoppingKind(displacement, lattice)] = hopping
        return box

    def _bonds(self, steps: np.ndarray) -> dict[tuple[int, ...], Any]:
        """Displacement (in tags) -> hopping along it."""
        bonds: dict[tuple[int, ...], Any] = {tuple(step): -1 for step in steps}
        if self.boundary == "periodic":
            # Their sites are those of the last row: they lead backwards across the seam.
            bonds |= {tuple((n - 1) * s): -1 for n, s in zip(self.shape, steps, strict=True)}
        if self.width is None:
            return bonds
        x, y = steps[0], steps[1]
        if self.boundary == "hard":
            bonds[tuple(x)] = peierls_hopping
            return bonds
        area = self.length * self.width
        bonds[tuple(x)] = TorusHopping(0.0, -1 / area)
        bonds[tuple((self.length - 1) * x)] = TorusHopping(0.0, 1 / area)
        bonds[tuple((self.width - 1) * y)] = TorusHopping(-1 / self.length, 0.0)
        return bonds
