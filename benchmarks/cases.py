"""The systems that the solvers are timed on.

H = Σ V_i |i><i| + H_lattice with V_i uniform in [-W/2, W/2] and W = `STRENGTH`; energies are in the
hopping. The lattices are those of the tests. Each is built clean, for solvers that add disorder as
an array, and with the value function `random_onsite`, which draws V_i from `kwant.digest`, as
Kwant's tutorials do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mesokwant.hamiltonian import kwant
from tests.helpers.lattices import chain, cubic, graphene, spinful, square

STRENGTH = 1.0


@dataclass(frozen=True)
class Case:
    """A named system at one energy.

    Attributes
    ----------
    name
        What the table calls it.
    lattice
        A function that builds the clean system, or with the keyword ``onsite`` another one.
    energy, params
        The parameter point.
    quick
        Whether ``--quick`` includes the case.
    """

    name: str
    lattice: Callable[..., Any]
    energy: float = 0.5
    params: tuple[tuple[str, float], ...] = ()
    quick: bool = False

    def build(self, salted: bool = False) -> Any:
        """The finalized system, clean or with disorder drawn from the parameter ``salt``."""
        return self.lattice(onsite=random_onsite) if salted else self.lattice()


def random_onsite(site: Any, salt: str) -> Any:
    """V_i, times the unit matrix where a site has several orbitals."""
    value = STRENGTH * (kwant.digest.uniform(repr(site), salt) - 0.5)
    return value if site.family.norbs == 1 else value * np.eye(site.family.norbs)


FIELD = (("flux", 0.01),)

CASES = (
    Case("chain 10000", partial(chain, 10_000), quick=True),
    Case("square 20x200", partial(square, 20, 200), quick=True),
    Case("square 20x200 field", partial(square, 20, 200, field=True), params=FIELD, quick=True),
    Case("square 50x150", partial(square, 50, 150)),
    Case("square 50x150 field", partial(square, 50, 150, field=True), params=FIELD),
    Case("spin-orbit 40x120", partial(spinful, 40, 120, rashba=0.3, onsite=np.zeros((2, 2)))),
    Case("bar 12x12x36", partial(cubic, 12, 36)),
    Case("graphene 10^4 sites", partial(graphene, 57.0, 75.0)),
    Case("square 100x300", partial(square, 100, 300)),
    Case("square 100x300 field", partial(square, 100, 300, field=True), params=FIELD),
    Case("square 200x200", partial(square, 200, 200)),
    Case("square 200x200 field", partial(square, 200, 200, field=True), params=FIELD),
)

GROWTH = (50, 100, 200, 400)
"""Widths of the squares on which the growth of the time with size is measured."""
