r"""The magnetic field on bars with arms: one gauge that keeps leads along x and y periodic.

A lead is periodic only where the phases of its bonds do not depend on the position along it.
A = (-B y, 0) has this property along x (`systems.ingredients`), A' = (0, B x) along y. The two
describe one field, and ψ' = exp(iχ) ψ leads from A to A' with

    χ(x, y) = 2π flux x y,    A' = A + (ħ/e) ∇χ.

A bar therefore takes A, its arms take A', and a bond that joins them carries the change of
gauge at its end in the arm. The phases of a lead depend on nothing but the coordinate across
it. This matters, because Kwant moves the sites of a lead to the unit cell at the origin of
the lattice before it evaluates them: in a gauge whose phases depend on the position along the
lead, the field would jump at the interface, and neither unitarity nor the number of modes
would show it.

`flux` is in h/e per plaquette everywhere, and lengths are in the lattice constant.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from kwant.builder import Site

from systems.ingredients import peierls_phase

Phase = Callable[[Site, Site, float], complex]
"""A phase factor of the bond that leads from the second site to the first one."""


def turned_phase(to: Site, source: Site, flux: float) -> complex:
    """exp(i φ) of a straight bond in the gauge A' = (0, B x)."""
    x = (to.pos[0] + source.pos[0]) / 2
    dy = to.pos[1] - source.pos[1]
    return np.exp(2j * np.pi * flux * x * dy)


def entering_phase(to: Site, source: Site, flux: float) -> complex:
    """exp(i φ) of a bond along y from a site in the gauge A to one in A'."""
    x, y = to.pos
    return np.exp(2j * np.pi * flux * x * y)


def leaving_phase(to: Site, source: Site, flux: float) -> complex:
    """exp(i φ) of a bond along y from a site in the gauge A' to one in A."""
    x, y = source.pos
    return np.exp(-2j * np.pi * flux * x * y)


def hopping_in_field(
    hopping: Any, phase: Phase, to: Site, source: Site, flux: float
) -> np.ndarray | complex:
    """A constant hopping, a number or a matrix, times the phase factor of its bond."""
    return phase(to, source, flux) * hopping


def with_phase(hopping: Any, phase: Phase = peierls_phase) -> Any:
    """The value function of a hopping in a field; it has the Kwant parameter `flux`.

    Examples
    --------
    >>> import kwant
    >>> lattice = kwant.lattice.square(norbs=1)
    >>> hopping = with_phase(-1)
    >>> complex(hopping(lattice(1, 0), lattice(0, 0), 0.25))
    (-1+0j)
    """
    return partial(hopping_in_field, hopping, phase)
