r"""Ribbon of the square lattice, or bar of the cubic one, in a perpendicular magnetic field.

    H = -Σ_{x,y} [ exp(-2πi flux (y - origin)) |x+1,y><x,y| + |x,y+1><x,y| ] + h.c.

The gauge is A = (-B y, 0) (see `systems.ingredients`), so the phases do not depend on x: the
field fills the leads, which stay periodic. A bar has equal layers z with the hopping -1
between them, and the field along z. There are hard walls at y = 0 and y = W - 1. Energies are
in the hopping t, from the band centre; lengths in the lattice constant; the Kwant parameter
`flux` in h/e per plaquette of the xy plane.

References
----------
D. R. Hofstadter, Phys. Rev. B 14, 2239 (1976).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import ClassVar

import kwant

from systems.base import System
from systems.ingredients import peierls_hopping, strip_or_bar, two_terminal


@dataclass(frozen=True, slots=True)
class Ribbon(System):
    """Clean ribbon or bar along x with the Kwant parameter `flux`.

    Parameters
    ----------
    width
        Sites across, along y.
    length
        Sites of the scattering region along x.
    origin
        Where y = 0 lies, as the tag y of a site: the gauge. Site tags, and all that can be
        measured, do not depend on it; site positions and the phases of modes do.
    height
        Sites along z, the direction of the field, for a bar with tags (x, y, z); None for a
        ribbon with tags (x, y).

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number or the origin no finite number.

    Examples
    --------
    >>> Ribbon(width=5, length=9).build().parameters
    frozenset({'flux'})
    """

    width: int
    length: int
    origin: float = 0.0
    height: int | None = None

    units: ClassVar[Mapping[str, str]] = {
        "width": "a",
        "length": "a",
        "origin": "a",
        "height": "a",
        "flux": "h/e per plaquette",
    }

    def __post_init__(self) -> None:
        self._store_count("width")
        self._store_count("length")
        if self.height is not None:
            self._store_count("height")
        wanted = f"origin must be a finite position along y; got {self.origin!r}."
        if not isinstance(self.origin, Real):
            raise TypeError(wanted)
        if not math.isfinite(self.origin):
            raise ValueError(wanted)
        object.__setattr__(self, "origin", float(self.origin))

    def builder(self) -> kwant.Builder:
        lattice, section = strip_or_bar(self.width, self.height, self.origin)
        bonds = {(1, 0): peierls_hopping, (0, 1): -1}
        if self.height is not None:
            bonds = {(1, 0, 0): peierls_hopping, (0, 1, 0): -1, (0, 0, 1): -1}
        return two_terminal(lattice, section, self.length, bonds=bonds)
