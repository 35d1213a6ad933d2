r"""Constrictions: a smooth point contact, whose steps theory knows, and an abrupt slit.

Both are strips of the square lattice in a perpendicular field, with x and y counted from the
middle of the region:

    H = -Σ_{x,y} [ exp(-2πi flux y) |x+1,y><x,y| + |x,y+1><x,y| ] + h.c. + Σ V(x, y) |x,y><x,y|.

`Constriction` has the potential

    V(x, y) = gate/cosh²(x/reach) + confinement² y²/4,

a barrier of Eckart [1]_ along x in a channel that is a parabola across. The mass of the
lattice is 1/2, so the parabola is m ω_y² y²/2 with ħω_y = `confinement`. It continues in the
leads, where the barrier is absent. Without field the potential separates: no mode turns into
another one, and mode n transmits

    T_n = sinh²(π k d)/[sinh²(π k d) + cosh²((π/2)(4 gate d² - 1)^½)],    k² = E + 4 - E_n,

with d = `reach` and E_n = confinement (n + 1/2) - confinement² (2n² + 2n + 1)/64, the levels of
the parabola on the lattice to second order. E is counted from the band centre, so the bottom
of the band lies at -4. Near its top the barrier is a saddle [2]_ with ħω_x = 2 gate^½/d, and
the steps are sharp where ħω_y exceeds 2 ħω_x. `Slit` has V = 0 and hard walls instead: its edges
mix modes and reflect, so its steps carry resonances. Energies are in the hopping t; lengths in
the lattice constant.

References
----------
.. [1] C. Eckart, Phys. Rev. 35, 1303 (1930); L. D. Landau and E. M. Lifshitz, Quantum
   Mechanics, 3rd ed. (Pergamon, 1977), section 25.
.. [2] M. Büttiker, Phys. Rev. B 41, 7906 (1990), also with a field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import kwant
import numpy as np
from kwant.builder import Site

from systems.base import System
from systems.ingredients import peierls_hopping, two_terminal

BONDS = {(1, 0): peierls_hopping, (0, 1): -1}


def parabola(site: Site, confinement: float) -> float:
    """Energy of a channel without a barrier, in t."""
    return (confinement * site.pos[1] / 2) ** 2


def point_contact(site: Site, gate: float, reach: float, confinement: float) -> float:
    """Energy of a channel with a barrier, in t."""
    return gate / np.cosh(site.pos[0] / reach) ** 2 + parabola(site, confinement)


def _centred_lattice(width: int, length: int) -> kwant.lattice.Monatomic:
    """Square lattice with tags (x, y), and positions from the middle of the region."""
    middle = (-(length - 1) / 2, -(width - 1) / 2)
    return kwant.lattice.Monatomic([(1, 0), (0, 1)], offset=middle, norbs=1)


@dataclass(frozen=True, slots=True)
class Constriction(System):
    """Smooth point contact between two leads along x.

    Kwant parameters: `gate`, the height of the barrier; `reach`, its length scale d;
    `confinement`, the quantum ħω_y of the channel; `flux`. All of them but `gate` and `reach`
    act in the leads, too. Unless the region is longer than about 12 `reach`, the barrier ends
    in a step at the leads: it has fallen there to 4 exp(-length/reach) of its height.

    Parameters
    ----------
    width
        Sites across, along y. A mode at the energy E + 4 above the bottom of the band reaches
        to |y| = 2 (E + 4)^½/confinement; the walls should lie well outside.
    length
        Sites of the scattering region along x.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number.

    Examples
    --------
    >>> sorted(Constriction(width=5, length=9).build().parameters)
    ['confinement', 'flux', 'gate', 'reach']
    """

    width: int
    length: int

    units: ClassVar[Mapping[str, str]] = {
        "width": "a",
        "length": "a",
        "gate": "t",
        "reach": "a",
        "confinement": "t",
        "flux": "h/e per plaquette",
    }

    def __post_init__(self) -> None:
        self._store_count("width")
        self._store_count("length")

    def builder(self) -> kwant.Builder:
        return two_terminal(
            _centred_lattice(self.width, self.length),
            [(y,) for y in range(self.width)],
            self.length,
            bonds=BONDS,
            onsite=point_contact,
            lead_onsite=parabola,
        )


@dataclass(frozen=True, slots=True)
class Slit(System):
    """Abrupt constriction: a hard wall across a strip, with a slit in its middle.

    The only Kwant parameter is `flux`.

    Parameters
    ----------
    width
        Sites across the strip, along y.
    length
        Sites of the scattering region along x, which holds the wall in its middle.
    opening
        Sites across the slit. Where it can't lie symmetrically, it lies half a site low.
    depth
        Thickness of the wall: length of the slit in sites.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, if the slit is wider than the strip, or if the
        wall leaves no site before and behind it for the leads.

    Examples
    --------
    >>> len(Slit(width=5, length=9, opening=1, depth=3).build().sites)
    33
    """

    width: int
    length: int
    opening: int
    depth: int = 1

    units: ClassVar[Mapping[str, str]] = {
        "width": "a",
        "length": "a",
        "opening": "a",
        "depth": "a",
        "flux": "h/e per plaquette",
    }

    def __post_init__(self) -> None:
        for name in ("width", "opening", "depth"):
            self._store_count(name)
        self._store_count("length", self.depth + 2, " with this depth of the wall")
        if self.opening > self.width:
            raise ValueError(
                f"opening must be at most the width of the strip, {self.width}; got {self.opening}."
            )

    def builder(self) -> kwant.Builder:
        lattice = _centred_lattice(self.width, self.length)
        section = [(y,) for y in range(self.width)]
        strip = two_terminal(lattice, section, self.length, bonds=BONDS)
        first, low = (self.length - self.depth) // 2, (self.width - self.opening) // 2
        open_rows = range(low, low + self.opening)
        for x in range(first, first + self.depth):
            del strip[(lattice(x, y) for y in range(self.width) if y not in open_rows)]
        return strip
