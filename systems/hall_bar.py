r"""Hall bar of the square lattice: six terminals in a perpendicular magnetic field.

    H = -Σ_<ij> exp(i φ_ij) |i><j|

over nearest neighbours, where the phases φ_ij around a plaquette add up to 2π `flux`
(counterclockwise). The field fills the bar and all leads, which continue the lattice.
Energies are in the hopping t, from the band centre; lengths in the lattice constant; the Kwant
parameter `flux` in h/e per plaquette. `systems.gauge` explains the gauge.

With b = 2π flux, the Landau levels at the bottom of the band are [1]_

    E_n = -4 + b (2n + 1) - (b²/16) [(2n + 1)² + 1] + O(b³),

and at an energy between two of them every lead has ν modes, one for each level below. A bar
much wider than the magnetic length b^-½ then has T = ν from every terminal to the next one in
the direction of the edge channels and T = 0 otherwise, so that R_xy = 1/ν in h/e² and
R_xx = 0 [2]_. For one spin, ν counts all levels.

References
----------
.. [1] D. R. Hofstadter, Phys. Rev. B 14, 2239 (1976).
.. [2] M. Büttiker, Phys. Rev. B 38, 9375 (1988).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import kwant

from systems.arms import at_lower_edge, bar_with_arms, in_arms, in_bar
from systems.base import System


@dataclass(frozen=True, slots=True)
class HallBar(System):
    """Clean six-terminal bar with the Kwant parameter `flux`.

    ::

              2         3
            |   |     |   |
        ----+   +-----+   +----
      0     bar of `width`      1
        ----+   +-----+   +----
            |   |     |   |
              4         5

    The Hall resistance is the voltage between leads 2 and 4 (or 3 and 5) over the current from
    0 to 1, the longitudinal one that between 2 and 3 (or 4 and 5). Along x, the bar has
    `end`, `arm_width`, `gap`, `arm_width` and `end` sites, its `length` in total.

    `HallBar.arms`, `HallBar.bar` and `HallBar.edge` are predicates for the `where` of disorder:
    the sites of the arms, those of the bar without its arms, and the lowest three rows of it.

    Parameters
    ----------
    width
        Sites across the bar, along y.
    arm_width
        Sites across each arm, along x.
    gap
        Sites along x between the arms of one side.
    end
        Sites along x from an arm to the end of the bar, where lead 0 or 1 begins.
    arm_length
        Sites along y of each arm before its lead begins.
    origin
        Where x = y = 0 lies, as the tag of a site: the gauge. Site tags, and all that can be
        measured, do not depend on it; site positions and the phases of modes do.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number (`end` may be 0), or if the origin is no pair of
        finite numbers.

    Examples
    --------
    >>> len(HallBar(width=10).build().leads)
    6
    """

    width: int
    arm_width: int = 20
    gap: int = 20
    end: int = 10
    arm_length: int = 1
    origin: tuple[float, float] = (0.0, 0.0)

    arms = staticmethod(in_arms)
    bar = staticmethod(in_bar)
    edge = staticmethod(at_lower_edge)

    units: ClassVar[Mapping[str, str]] = {
        "width": "a",
        "arm_width": "a",
        "gap": "a",
        "end": "a",
        "arm_length": "a",
        "origin": "a",
        "flux": "h/e per plaquette",
    }

    def __post_init__(self) -> None:
        self._store_count("width")
        self._store_count("arm_width")
        self._store_count("gap", 1, " so that the arms of one side do not touch")
        self._store_count("end", 0)
        self._store_count("arm_length", 1, " so that a lead along y can join the bar")
        self._store_point("origin")

    @property
    def length(self) -> int:
        """Sites of the bar along x."""
        return 2 * (self.end + self.arm_width) + self.gap

    def builder(self) -> kwant.Builder:
        second = self.end + self.arm_width + self.gap
        places = [range(x, x + self.arm_width) for x in (self.end, second)]
        return bar_with_arms(
            self.width, self.length, places, arm_length=self.arm_length, origin=self.origin
        )
