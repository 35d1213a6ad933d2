r"""Cylinder with a radial magnetic field between field-free leads: the lattice of a Corbino disk.

    H = -Σ_{x,y} [ |x+1,y><x,y| + exp(2πi flux x + 2πi bore_flux δ_{y,C-1}) |x,y+1><x,y| ] + h.c.

with 0 <= x < length and y periodic, y + C = y for the circumference C. The gauge is A = (0, B x).
Phases depend on x alone, so that any `flux` fits the circumference. The field ends at the leads,
where A is constant: A = 0 on the left, and A_y = B (length - 1) on the right, which is the flux
C `flux` (length - 1) through the bore of that lead. So the right lead may have a few modes more
or less than the left one; the flux per plaquette does not leave the cylinder. `bore_flux` is an
Aharonov-Bohm flux through the bore of the region alone. It is on one seam of bonds, between
y = C - 1 and y = 0, and leaves the leads and the modes as they are.

Energies are in the hopping t, from the band centre; lengths in the lattice constant; the Kwant
parameter `flux` in h/e per plaquette and `bore_flux` in h/e. Without both, the subbands are

    E_n(k) = -2 cos k - 2 cos(2π n/C),    n = 0..C-1.

Everything that can be measured has the period 1 in `bore_flux`. As there are no edges and the
field moves electrons around the cylinder, its conductance between the ends measures σ_xx
alone [1]_: 1/g grows by 1/(C σ_xx) for each site of length, where transport is diffusive.

References
----------
.. [1] O. M. Corbino, Nuovo Cimento 1, 397 (1911).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import kwant
import numpy as np
from kwant.builder import HoppingKind, Site

from systems.base import System
from systems.gauge import turned_phase
from systems.ingredients import square_lattice


def around_hopping(to: Site, source: Site, flux: float) -> complex:
    """Hopping to the next site around the cylinder."""
    return -turned_phase(to, source, flux)


def seam_hopping(to: Site, source: Site, flux: float, bore_flux: float) -> complex:
    """Hopping from y = 0 to y = C - 1, one step back around the cylinder."""
    return -np.exp(-2j * np.pi * (flux * source.pos[0] + bore_flux))


def lead_around_hopping(x: float, to: Site, source: Site, flux: float) -> complex:
    """`around_hopping` with the vector potential at the position x, wherever the sites are."""
    return -np.exp(2j * np.pi * flux * x)


def lead_seam_hopping(x: float, to: Site, source: Site, flux: float) -> complex:
    """`seam_hopping` with the vector potential at the position x, and no flux in the bore."""
    return -np.exp(-2j * np.pi * flux * x)


@dataclass(frozen=True, slots=True)
class Cylinder(System):
    """Clean cylinder along x with the Kwant parameters `flux` and `bore_flux`.

    Parameters
    ----------
    circumference
        Sites around the cylinder, along y.
    length
        Sites of the scattering region along x, all of them in the field.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, or if the circumference has fewer than 3 sites
        (two sites would be joined twice).

    Examples
    --------
    >>> sorted(Cylinder(circumference=5, length=9).build().parameters)
    ['bore_flux', 'flux']
    """

    circumference: int
    length: int

    units: ClassVar[Mapping[str, str]] = {
        "circumference": "a",
        "length": "a",
        "flux": "h/e per plaquette",
        "bore_flux": "h/e",
    }

    def __post_init__(self) -> None:
        self._store_count("circumference", 3, " around a cylinder")
        self._store_count("length")

    def builder(self) -> kwant.Builder:
        region = kwant.Builder()
        self._fill(region, range(self.length), around_hopping, seam_hopping)
        # Kwant evaluates the sites of a lead at x = 0, so the leads are told where they begin.
        for direction, x in ((-1, 0), (1, self.length - 1)):
            lead = kwant.Builder(kwant.TranslationalSymmetry((direction, 0)))
            around, seam = partial(lead_around_hopping, x), partial(lead_seam_hopping, x)
            self._fill(lead, range(1), around, seam)
            region.attach_lead(lead)
        return region

    def _fill(self, builder: kwant.Builder, columns: range, around: Any, seam: Any) -> None:
        lattice = square_lattice()
        builder[(lattice(x, y) for x in columns for y in range(self.circumference))] = 0
        builder[HoppingKind((1, 0), lattice)] = -1
        builder[HoppingKind((0, 1), lattice)] = around
        builder[HoppingKind((0, self.circumference - 1), lattice)] = seam
