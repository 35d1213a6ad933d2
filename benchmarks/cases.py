"""The systems that the solvers are timed on.

H = Σ (V_i - ...) |i><i| - Σ |i><j|, V_i uniform in [-W/2, W/2], W = 1, energies in
the hopping. Each exists clean, for solvers that add disorder as an array, and
with a value function that draws V_i from `kwant.digest`, as Kwant's tutorials do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import kwant
import numpy as np

STRENGTH = 1.0


@dataclass(frozen=True)
class Case:
    """A named system at one energy; ``build(salted)`` finalizes it."""

    name: str
    build: Callable[[bool], Any]
    energy: float
    params: tuple[tuple[str, float], ...] = ()
    quick: bool = False


def random_onsite(site: Any, salt: str) -> float:
    return STRENGTH * (kwant.digest.uniform(repr(site), salt) - 0.5)


def random_spinful(site: Any, salt: str) -> Any:
    return STRENGTH * (kwant.digest.uniform(repr(site), salt) - 0.5) * np.eye(2)


def peierls(to: Any, site: Any, flux: float) -> complex:
    (x, y), (u, v) = to.pos, site.pos
    return -np.exp(-1j * np.pi * flux * (x - u) * (y + v))


def square(width: int, length: int, field: bool) -> Callable[[bool], Any]:
    """A square lattice, at zero field or in one (parameter ``flux``)."""

    def build(salted: bool) -> Any:
        lat = kwant.lattice.square(norbs=1)
        syst = kwant.Builder()
        along = peierls if field else -1
        shape = [lat(x, y) for x in range(length) for y in range(width)]
        syst[shape] = random_onsite if salted else 0
        lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0)))
        lead[(lat(0, y) for y in range(width))] = 0
        for part in (syst, lead):
            part[kwant.HoppingKind((1, 0), lat)] = along
            part[kwant.HoppingKind((0, 1), lat)] = -1
        syst.attach_lead(lead)
        syst.attach_lead(lead.reversed())
        return syst.finalized()

    return build


def spin_orbit(width: int, length: int) -> Callable[[bool], Any]:
    """Rashba spin-orbit coupling in a ribbon, none in its leads."""
    one, sx = np.eye(2), np.array([[0, 1], [1, 0]])
    sy = np.array([[0, -1j], [1j, 0]])

    def build(salted: bool) -> Any:
        lat = kwant.lattice.square(norbs=2)
        syst = kwant.Builder()
        shape = [lat(x, y) for x in range(length) for y in range(width)]
        syst[shape] = random_spinful if salted else 0 * one
        syst[kwant.HoppingKind((1, 0), lat)] = -one + 0.3j * sy
        syst[kwant.HoppingKind((0, 1), lat)] = -one - 0.3j * sx
        lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0)))
        lead[(lat(0, y) for y in range(width))] = 0 * one
        lead[lat.neighbors()] = -one
        syst.attach_lead(lead)
        syst.attach_lead(lead.reversed())
        return syst.finalized()

    return build


def graphene(width: float, length: float) -> Callable[[bool], Any]:
    """A zigzag ribbon of the honeycomb lattice."""

    def build(salted: bool) -> Any:
        lat = kwant.lattice.honeycomb(norbs=1)
        syst = kwant.Builder()
        syst[lat.shape(lambda p: 0 <= p[0] < length and 0 <= p[1] < width, (0, 0.5))] = (
            random_onsite if salted else 0
        )
        syst[lat.neighbors()] = -1
        for side in (-1, 1):
            lead = kwant.Builder(kwant.TranslationalSymmetry(lat.vec((side, 0))))
            lead[lat.shape(lambda p: 0 <= p[1] < width, (0, 0.5))] = 0
            lead[lat.neighbors()] = -1
            syst.attach_lead(lead)
        return syst.finalized()

    return build


def bar(width: int, length: int) -> Callable[[bool], Any]:
    """A bar of the cubic lattice."""

    def build(salted: bool) -> Any:
        lat = kwant.lattice.cubic(norbs=1)
        syst = kwant.Builder()
        cross = [(y, z) for y in range(width) for z in range(width)]
        shape = [lat(x, y, z) for x in range(length) for y, z in cross]
        syst[shape] = random_onsite if salted else 0
        lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0, 0)))
        lead[(lat(0, y, z) for y, z in cross)] = 0
        for part in (syst, lead):
            part[lat.neighbors()] = -1
        syst.attach_lead(lead)
        syst.attach_lead(lead.reversed())
        return syst.finalized()

    return build


CASES = (
    Case("chain 10000", square(1, 10_000, False), 0.5, quick=True),
    Case("square 20x200", square(20, 200, False), 0.5, quick=True),
    Case("square 20x200 field", square(20, 200, True), 0.5, (("flux", 0.01),), quick=True),
    Case("square 50x150", square(50, 150, False), 0.5),
    Case("square 50x150 field", square(50, 150, True), 0.5, (("flux", 0.01),)),
    Case("spin-orbit 40x120", spin_orbit(40, 120), 0.5),
    Case("bar 12x12x36", bar(12, 36), 0.5),
    Case("graphene 10^4 sites", graphene(57.0, 75.0), 0.5),
    Case("square 100x300", square(100, 300, False), 0.5),
    Case("square 100x300 field", square(100, 300, True), 0.5, (("flux", 0.01),)),
    Case("square 200x200", square(200, 200, False), 0.5),
    Case("square 200x200 field", square(200, 200, True), 0.5, (("flux", 0.01),)),
)

GROWTH = (50, 100, 200, 400)
"""Widths of the squares on which the growth with size is measured."""
