"""Reusable systems: each a plain value with `build()` and `builder()`."""

from systems.base import System
from systems.chain import Chain
from systems.ribbon import Ribbon
from systems.spin_orbit import SpinOrbitRibbon
from systems.wire import Wire

__all__ = ["EXAMPLES", "Chain", "Ribbon", "SpinOrbitRibbon", "System", "Wire"]

# One small example of each family, by the name that `mesokwant show` knows it by.
EXAMPLES: dict[str, System] = {
    "wire": Wire(width=5, length=9),
    "tube": Wire(width=5, length=9, boundary="periodic"),
    "bar": Wire(width=4, length=8, height=3),
    "ribbon": Ribbon(width=5, length=9),
    "rashba": SpinOrbitRibbon(width=5, length=9, coupling="rashba", lead_spin_orbit=False),
    "ando": SpinOrbitRibbon(width=5, length=9, coupling="ando"),
    "chain": Chain(length=16, vacancies=(5,), impurities=(10,), hoppings=(1.0, 0.3)),
}
