r"""Aharonov-Bohm ring of the square lattice: a square frame between two leads.

    H = -Σ_<ij> exp(i φ_ij) |i><j|

over nearest neighbours. The phases φ_ij around a plaquette add up to 2π `flux`, and those around
the hole to 2π [`flux` (hole + 1)² + `hole_flux`], all counterclockwise. So `flux` is a uniform
field that fills the ring, its hole and the leads, in h/e per plaquette, and `hole_flux` is the
flux in h/e of a solenoid in the hole, which leaves the arms without a field: it is on one seam of
bonds, across the upper arm. Energies are in the hopping t, from the band centre; lengths in the
lattice constant.

Everything that can be measured has the period 1 in `hole_flux` at each `flux`. The conductance
between the two leads stays the same when both fields change sign [1]_, so that without `flux` it
is an even function of `hole_flux`. In a disordered ring, the oscillation of period 1 has a random
sign and vanishes on average, and that of period 1/2 remains [2]_.

References
----------
.. [1] M. Büttiker, Y. Imry and M. Ya. Azbel, Phys. Rev. A 30, 1982 (1984).
.. [2] B. L. Altshuler, A. G. Aronov and B. Z. Spivak, JETP Lett. 33, 94 (1981).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import kwant
import numpy as np
from kwant.builder import HoppingKind, Site

from systems.base import System
from systems.ingredients import peierls_hopping, square_lattice


def seam_hopping(to: Site, source: Site, flux: float, hole_flux: float) -> complex:
    """Hopping along x across the seam, clockwise around the hole."""
    return peierls_hopping(to, source, flux) * np.exp(-2j * np.pi * hole_flux)


@dataclass(frozen=True, slots=True)
class Ring(System):
    """Clean square ring with the Kwant parameters `flux` and `hole_flux`.

    The leads, as wide as the arms, begin in the middle of the left and the right side.

    Parameters
    ----------
    hole
        Sites that are missing along each edge of the square hole.
    width
        Sites across an arm, and across a lead.
    origin
        Where y = 0 lies, as the tag y of a site: the gauge.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number or the origin no finite number.

    Examples
    --------
    >>> len(Ring(hole=4, width=3).build().sites)
    84
    """

    hole: int
    width: int
    origin: float = 0.0

    units: ClassVar[Mapping[str, str]] = {
        "hole": "a",
        "width": "a",
        "origin": "a",
        "flux": "h/e per plaquette",
        "hole_flux": "h/e",
    }

    def __post_init__(self) -> None:
        self._store_count("hole")
        self._store_count("width")
        self._store_number("origin")

    @property
    def length(self) -> int:
        """Sites along each outer edge of the ring."""
        return self.hole + 2 * self.width

    def builder(self) -> kwant.Builder:
        lattice = square_lattice(origin=self.origin)
        along_x, along_y = HoppingKind((1, 0), lattice), HoppingKind((0, 1), lattice)
        inside = range(self.width, self.width + self.hole)
        ring = kwant.Builder()
        ring[
            (
                lattice(x, y)
                for x in range(self.length)
                for y in range(self.length)
                if x not in inside or y not in inside
            )
        ] = 0
        ring[along_x], ring[along_y] = peierls_hopping, -1
        middle = self.length // 2
        for y in range(self.width + self.hole, self.length):
            ring[lattice(middle, y), lattice(middle - 1, y)] = seam_hopping

        lead = kwant.Builder(kwant.TranslationalSymmetry((1, 0)))
        lowest = (self.length - self.width) // 2
        lead[(lattice(0, y) for y in range(lowest, lowest + self.width))] = 0
        lead[along_x], lead[along_y] = peierls_hopping, -1
        ring.attach_lead(lead.reversed())
        ring.attach_lead(lead)
        return ring
