"""A bar along x with arms across it, in a perpendicular field that also fills all leads.

`bar_with_arms` takes the sizes, the positions of the arms and the hoppings, and gives a
`kwant.Builder` with its leads: lead 0 on the left, lead 1 on the right, then the leads of the
upper arms from left to right, and those of the lower arms from left to right. Each arm has one
above and one below the bar. The bar and the arms are sites of two lattices with the names
"bar" and "arm" and common tags (x, y): the bar has 0 <= y < width. `systems.gauge` explains the
phases.

The predicates `in_arms`, `in_bar` and `at_lower_edge` say where disorder acts. They are plain
functions that know no sizes, so that they stay right when a size is swept.
"""

from collections.abc import Sequence
from typing import Any

import kwant
from kwant.builder import HoppingKind, Site

from systems.gauge import entering_phase, leaving_phase, turned_phase, with_phase

EDGE_ROWS = 3
"""Rows of sites that count as an edge."""


def in_arms(site: Site) -> bool:
    """Whether a site belongs to an arm."""
    return site.family.name == "arm"


def in_bar(site: Site) -> bool:
    """Whether a site belongs to the bar and not to an arm."""
    return site.family.name == "bar"


def at_lower_edge(site: Site) -> bool:
    """Whether a site belongs to the lowest `EDGE_ROWS` rows of the bar."""
    return in_bar(site) and site.tag[1] < EDGE_ROWS


def bar_with_arms(
    width: int,
    length: int,
    arms: Sequence[range],
    *,
    arm_length: int = 1,
    x_hopping: Any = -1,
    y_hopping: Any = -1,
    onsite: Any = 0,
    lead_onsite: Any = 0,
    origin: tuple[float, float] = (0.0, 0.0),
    norbs: int = 1,
) -> kwant.Builder:
    """A bar with two leads along x, and two arms with leads along y at each of some places.

    Parameters
    ----------
    width, length
        Sites of the bar along y and x.
    arms
        Tags x of the columns of each pair of arms, from left to right; none make a strip.
    arm_length
        Sites along y of each arm before its lead begins, at least 1.
    x_hopping, y_hopping
        Hoppings to the next site along x and y without a field, numbers or matrices.
    onsite, lead_onsite
        On-site values of the region and of the leads.
    origin
        Where x = y = 0 lies, as the tag of a site: the gauge.
    norbs
        Orbitals of every site.
    """
    primitive, offset = [(1, 0), (0, 1)], (-origin[0], -origin[1])
    bar = kwant.lattice.Monatomic(primitive, offset, name="bar", norbs=norbs)
    arm = kwant.lattice.Monatomic(primitive, offset, name="arm", norbs=norbs)
    along_bar = {
        HoppingKind((1, 0), bar): with_phase(x_hopping),
        HoppingKind((0, 1), bar): y_hopping,
    }
    along_arm = {
        HoppingKind((1, 0), arm): x_hopping,
        HoppingKind((0, 1), arm): with_phase(y_hopping, turned_phase),
    }
    between = {
        HoppingKind((0, 1), arm, bar): with_phase(y_hopping, entering_phase),
        HoppingKind((0, 1), bar, arm): with_phase(y_hopping, leaving_phase),
    }

    columns = [x for place in arms for x in place]
    rows = [*range(-arm_length, 0), *range(width, width + arm_length)]
    region = kwant.Builder()
    region[(bar(x, y) for x in range(length) for y in range(width))] = onsite
    region[(arm(x, y) for x in columns for y in rows)] = onsite
    bonds = along_bar | along_arm | between if columns else along_bar
    for kind, hopping in bonds.items():
        region[kind] = hopping

    lead = _lead((1, 0), (bar(0, y) for y in range(width)), lead_onsite, along_bar)
    region.attach_lead(lead.reversed())
    region.attach_lead(lead)
    across = [_lead((0, 1), (arm(x, 0) for x in place), lead_onsite, along_arm) for place in arms]
    for lead in across:
        region.attach_lead(lead)
    for lead in across:
        region.attach_lead(lead.reversed())
    return region


def _lead(direction: tuple[int, int], cell: Any, onsite: Any, bonds: Any) -> kwant.Builder:
    lead = kwant.Builder(kwant.TranslationalSymmetry(direction))
    lead[cell] = onsite
    for kind, hopping in bonds.items():
        lead[kind] = hopping
    return lead
