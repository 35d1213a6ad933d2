r"""Ingredients that systems share: Pauli matrices, lattices, the Peierls phase, two leads.

A perpendicular magnetic field B = B e_z enters the hopping from site j to site i as

    H_ij -> H_ij exp(i φ_ij),    φ_ij = (e/ħ) ∫_j^i A·dl,    A = (-B y, 0, 0).

In this Landau gauge the phases do not depend on x, so leads along x stay periodic with the
field in them. The phase around a plaquette, counterclockwise, is 2π `flux`: `flux` is in
units of h/e per plaquette. Lengths are in the lattice constant.

The value functions here and in the other modules use NumPy's functions, so that mesokwant can call
them for many sites at once (``docs/how-to/own-system.md``).

References
----------
R. E. Peierls, Z. Phys. 80, 763 (1933).
"""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import kwant
import numpy as np
import tinyarray

sigma_0 = tinyarray.array([[1, 0], [0, 1]])
sigma_x = tinyarray.array([[0, 1], [1, 0]])
sigma_y = tinyarray.array([[0, -1j], [1j, 0]])
sigma_z = tinyarray.array([[1, 0], [0, -1]])


def square_lattice(norbs: int = 1, origin: float = 0.0) -> kwant.lattice.Monatomic:
    """Square lattice with tags (x, y) at the positions (x, y - origin)."""
    return kwant.lattice.Monatomic([(1, 0), (0, 1)], offset=(0, -origin), norbs=norbs)


def strip_or_bar(
    width: int, height: int | None, origin: float = 0.0
) -> tuple[kwant.lattice.Monatomic, list[tuple[int, ...]]]:
    """Lattice and cross-section of a strip or, with a height, of a bar.

    Parameters
    ----------
    width, height
        Sites along y and z; a height of None makes a strip.
    origin
        Where y = 0 lies, as the tag y of a site.

    Returns
    -------
    lattice : kwant.lattice.Monatomic
        Square lattice with tags (x, y), or simple cubic lattice with tags (x, y, z).
    section : list of tuple
        Transverse tags of the cross-section: (y,) or (y, z).
    """
    if height is None:
        return square_lattice(origin=origin), [(y,) for y in range(width)]
    primitive = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    cubic = kwant.lattice.Monatomic(primitive, offset=(0, -origin, 0), norbs=1)
    return cubic, list(product(range(width), range(height)))


def peierls_phase(to: kwant.builder.Site, source: kwant.builder.Site, flux: float) -> complex:
    """exp(i φ) of the straight bond that leads from `source` to `to`; `flux` in h/e."""
    dx = to.pos[0] - source.pos[0]
    y = (to.pos[1] + source.pos[1]) / 2
    return np.exp(-2j * np.pi * flux * dx * y)


def peierls_hopping(to: kwant.builder.Site, source: kwant.builder.Site, flux: float) -> complex:
    """The hopping -t in a field."""
    return -peierls_phase(to, source, flux)


def two_terminal(
    lattice: kwant.lattice.Monatomic,
    section: Iterable[tuple[int, ...]],
    length: int,
    *,
    bonds: Mapping[tuple[int, ...], Any],
    onsite: Any = 0,
    lead_onsite: Any = None,
    lead_bonds: Mapping[tuple[int, ...], Any] | None = None,
    conservation_law: Any = None,
    period: int = 1,
) -> kwant.Builder:
    """A region along x between two leads that continue it: lead 0 left, lead 1 right.

    Parameters
    ----------
    lattice
        Lattice whose first primitive vector points along x.
    section
        Transverse tags of the cross-section; `()` alone for a chain.
    length
        Number of sites along x, a multiple of `period`.
    bonds
        Displacement (in tags) -> hopping along it, in the region.
    onsite
        On-site value in the region.
    lead_onsite
        On-site value in the leads; `onsite` if not given.
    lead_bonds
        The same as `bonds` for the leads and for the bonds that join them to the region;
        `bonds` if not given.
    conservation_law
        Of the leads, as in `kwant.Builder`.
    period
        Sites along x in a unit cell of the leads.
    """
    section = list(section)
    region = kwant.Builder()
    direction = lattice.vec((period,) + (0,) * (len(lattice.prim_vecs) - 1))
    lead = kwant.Builder(kwant.TranslationalSymmetry(direction), conservation_law=conservation_law)
    for builder, columns, energy, hoppings in (
        (region, range(length), onsite, bonds),
        (
            lead,
            range(period),
            onsite if lead_onsite is None else lead_onsite,
            bonds if lead_bonds is None else lead_bonds,
        ),
    ):
        builder[(lattice(x, *transverse) for x in columns for transverse in section)] = energy
        for displacement, hopping in hoppings.items():
            builder[kwant.builder.HoppingKind(displacement, lattice)] = hopping
    region.attach_lead(lead.reversed())
    region.attach_lead(lead)
    return region
