r"""Chaotic cavities: billiards on the square lattice with two narrow leads on one wall.

    H = -Σ_{x,y} [ exp(-2πi flux y) |x+1,y><x,y| + |x,y+1><x,y| ] + h.c.

with hard walls, in a perpendicular field that fills the leads, too. A `Cavity` may have two spins:
with `spin_orbit` every hopping in it turns the spin by 2 `theta` with unit strength, as in Ando's
coupling of `systems.spin_orbit`; the leads have no coupling. `Cavity` is a rectangle out of
which a disc is bitten, `Stadium` a rectangle between two half discs [1]_. Both leads point
along -x, lead 0 below lead 1, so no straight path joins them. A lead of `mouth` sites has the
modes E_n = -2 cos k - 2 cos(πn/(mouth + 1)): N = 1, 2, 4 of them for 2, 3, 6 sites at E = -1.03.

A cavity whose modes leave it long after they have explored it is described by a random
scattering matrix [2]_: `mesokwant.theory` has its conductance, noise and variances. What is not
random in it can be measured: |<r>|² over samples is the mismatch at a mouth, |<t>|² the direct
paths. Smooth disorder (`mesokwant.Gaussian` of strength 0.15 and correlation length 4 in a cavity
of 60 x 100 with a bite of 40) makes samples without the resistance of its own that short-range
disorder has: that lowers the conductance by the fraction N ln(length/mouth)/(πσ), with σ the
conductivity in e²/h. At special energies, such as E = -1, parts of a clean lattice are singular
and the batched solver is slow; at a generic energy they are not.
Energies are in the hopping t, from the band centre; lengths in the lattice constant.

References
----------
.. [1] L. A. Bunimovich, Commun. Math. Phys. 65, 295 (1979).
.. [2] C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997), sections I.B and II.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import kwant
import numpy as np

from systems.base import System
from systems.ingredients import peierls_hopping, sigma_0, sigma_z, square_lattice
from systems.spin_orbit import COUPLINGS, PLAIN

SPINLESS = {(1, 0): peierls_hopping, (0, 1): -1}


@dataclass(frozen=True, slots=True)
class Cavity(System):
    """Rectangle with a bite out of its right wall and two leads on its left one.

    The middle of the bite lies on the right wall, two fifths of the width from the bottom, so
    that the cavity has no mirror symmetry. The leads begin one eighth of the width from the
    corners. Kwant parameters: `flux`, and `theta` with spin-orbit coupling.

    Parameters
    ----------
    width
        Sites of the rectangle along y, the wall with the leads.
    length
        Sites of the rectangle along x.
    mouth
        Sites across each lead.
    bite
        Radius of the bite; 0 leaves the rectangle, which is not chaotic without disorder.
    spin_orbit
        Whether there are two spins, coupled by `theta` in the cavity alone. Kwant counts
        both spins in a transmission and resolves them in the leads: block 0 is spin up.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, if the wall is too short for two mouths, or if the
        bite reaches the wall of the leads.

    Examples
    --------
    >>> len(Cavity(width=12, length=14, mouth=2, bite=4).build().sites)
    142
    """

    width: int
    length: int
    mouth: int
    bite: int = 0
    spin_orbit: bool = False

    units: ClassVar[Mapping[str, str]] = {
        "width": "a",
        "length": "a",
        "mouth": "a",
        "bite": "a",
        "flux": "h/e per plaquette",
        "theta": "rad",
    }

    def __post_init__(self) -> None:
        self._store_count("length")
        self._store_count("mouth")
        self._store_count("bite", 0)
        least = 2 * self.mouth + 1
        self._store_count("width", least, f" for two mouths of {self.mouth} sites")
        self._check_switch("spin_orbit", "its strength is the Kwant parameter theta")
        if self.bite >= self.length:
            raise ValueError(
                f"bite must be smaller than length, {self.length}, to leave the wall of the "
                f"leads; got {self.bite}."
            )

    def builder(self) -> kwant.Builder:
        x, y = self.length - 0.5, 0.4 * (self.width - 1)
        tags = [
            tag
            for tag in product(range(self.length), range(self.width))
            if np.hypot(tag[0] - x, tag[1] - y) >= self.bite
        ]
        corner = min(self.width // 8, (self.width - 2 * self.mouth - 1) // 2)
        return _billiard(
            tags, (corner, self.width - corner - self.mouth), self.mouth, self.spin_orbit
        )


@dataclass(frozen=True, slots=True)
class Stadium(System):
    """Stadium: all sites less than `radius` from a line of length `straight` along y.

    The leads are on the left of its straight walls, one eighth of it from the lower end and one
    quarter from the upper. The stadium itself has two mirror symmetries; disorder breaks them.
    The only Kwant parameter is `flux`.

    Parameters
    ----------
    radius
        Radius of the half discs: half as many as there are sites along x.
    straight
        Sites of a straight wall, along y.
    mouth
        Sites across each lead.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, or if the straight wall is too short for two
        mouths.

    Examples
    --------
    >>> len(Stadium(radius=5, straight=8, mouth=2).build().sites)
    160
    """

    radius: int
    straight: int
    mouth: int

    units: ClassVar[Mapping[str, str]] = {
        "radius": "a",
        "straight": "a",
        "mouth": "a",
        "flux": "h/e per plaquette",
    }

    def __post_init__(self) -> None:
        self._store_count("radius")
        self._store_count("mouth")
        least = 2 * self.mouth + 1
        self._store_count("straight", least, f" for two mouths of {self.mouth} sites")

    def builder(self) -> kwant.Builder:
        middle = self.radius - 0.5  # of the lower half disc, along both axes
        tags = []
        for x, y in product(range(2 * self.radius), range(2 * self.radius + self.straight)):
            nearest = np.clip(y, middle, middle + self.straight)
            if np.hypot(x - middle, y - nearest) < self.radius:
                tags.append((x, y))
        free = self.straight - 2 * self.mouth - 1
        low = self.radius + min(self.straight // 8, free // 3)
        high = self.radius + self.straight - self.mouth - min(self.straight // 4, 2 * free // 3)
        return _billiard(tags, (low, high), self.mouth)


def _billiard(
    tags: Iterable[tuple[int, int]], lowest: tuple[int, int], mouth: int, spin_orbit: bool = False
) -> kwant.Builder:
    """The sites of a cavity with leads at x = 0, whose lowest sites have the y of `lowest`."""
    lattice = square_lattice(norbs=2 if spin_orbit else 1)
    onsite = 0 * sigma_0 if spin_orbit else 0
    region = kwant.Builder()
    region[(lattice(x, y) for x, y in tags)] = onsite
    for displacement, hopping in (COUPLINGS["ando"] if spin_orbit else SPINLESS).items():
        region[kwant.builder.HoppingKind(displacement, lattice)] = hopping
    for low in lowest:
        # Kwant orders its blocks by eigenvalue: the minus puts spin up first.
        lead = kwant.Builder(
            kwant.TranslationalSymmetry(lattice.vec((-1, 0))),
            conservation_law=-sigma_z if spin_orbit else None,
        )
        lead[(lattice(0, y) for y in range(low, low + mouth))] = onsite
        for displacement, hopping in (PLAIN if spin_orbit else SPINLESS).items():
            lead[kwant.builder.HoppingKind(displacement, lattice)] = hopping
        region.attach_lead(lead)
    return region
