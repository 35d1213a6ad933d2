r"""Ribbon of the square lattice in a perpendicular magnetic field.

    H = -Σ_{x,y} [ exp(-2πi flux (y - origin)) |x+1,y><x,y| + |x,y+1><x,y| ] + h.c.

Landau gauge A = (-B y, 0) (see `systems.ingredients`), so the phases do not depend on x: the
field fills the leads, which stay periodic. Hard walls at y = 0 and y = W - 1. Energies are in
the hopping t, from the band centre; lengths in the lattice constant; the Kwant parameter
`flux` in h/e per plaquette (D. R. Hofstadter, PRB 14, 2239 (1976)).
"""

import math
from dataclasses import dataclass
from numbers import Real

import kwant

from systems.base import System
from systems.ingredients import peierls_hopping, square_lattice, two_terminal


@dataclass(frozen=True, slots=True)
class Ribbon(System):
    """Clean ribbon along x with the Kwant parameter `flux`.

    Parameters
    ----------
    width
        Sites across, along y.
    length
        Sites of the scattering region along x.
    origin
        Where y = 0 lies, as the tag y of a site: the gauge. Site tags, and all that can be
        measured, do not depend on it; site positions and the phases of modes do.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number or the origin no finite number.
    """

    width: int
    length: int
    origin: float = 0.0

    def __post_init__(self) -> None:
        self._store_count("width")
        self._store_count("length")
        wanted = f"origin must be a finite position along y; got {self.origin!r}."
        if not isinstance(self.origin, Real):
            raise TypeError(wanted)
        if not math.isfinite(self.origin):
            raise ValueError(wanted)
        object.__setattr__(self, "origin", float(self.origin))

    def builder(self) -> kwant.Builder:
        lattice = square_lattice(origin=self.origin)
        bonds = {(1, 0): peierls_hopping, (0, 1): -1}
        section = [(y,) for y in range(self.width)]
        return two_terminal(lattice, section, self.length, bonds=bonds)
