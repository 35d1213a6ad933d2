"""Systems to measure on: each is a plain value that builds its Kwant system.

`systems.base` states what a system is and how to write one. ``EXAMPLES`` has a small system
of every family, by the name that ``mesokwant show`` knows it by.
"""

import warnings

# Without MUMPS, Kwant warns at its import, although building a system needs no solver. The
# filter holds for this import alone and leaves those of the user as they are.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "MUMPS is not available", RuntimeWarning)
    import kwant  # noqa: F401

from systems.ando_square import AndoSquare
from systems.base import System
from systems.cavity import Cavity, Stadium
from systems.chain import Chain
from systems.constriction import Constriction, Slit
from systems.cylinder import Cylinder
from systems.doping import DopedLeads
from systems.hall_bar import HallBar
from systems.lattice import Lattice
from systems.probes import VoltageProbes
from systems.quantum_spin_hall import QuantumSpinHall
from systems.ribbon import Ribbon
from systems.ring import Ring
from systems.spin_orbit import SpinOrbitRibbon
from systems.wire import Cube, Wire

__all__ = [
    "EXAMPLES",
    "AndoSquare",
    "Cavity",
    "Chain",
    "Constriction",
    "Cube",
    "Cylinder",
    "DopedLeads",
    "HallBar",
    "Lattice",
    "QuantumSpinHall",
    "Ribbon",
    "Ring",
    "Slit",
    "SpinOrbitRibbon",
    "Stadium",
    "System",
    "VoltageProbes",
    "Wire",
]

EXAMPLES: dict[str, System] = {
    "wire": Wire(width=5, length=9),
    "tube": Wire(width=5, length=9, boundary="periodic"),
    "bar": Wire(width=4, length=8, height=3),
    "cube": Cube(edge=4),
    "ribbon": Ribbon(width=5, length=9),
    "rashba": SpinOrbitRibbon(width=5, length=9, coupling="rashba", lead_spin_orbit=False),
    "ando": SpinOrbitRibbon(width=5, length=9, coupling="ando"),
    "ando-square": AndoSquare(edge=5),
    "chain": Chain(length=16, vacancies=(5,), impurities=(10,), hoppings=(1.0, 0.3)),
    "point-contact": Constriction(width=9, length=13),
    "slit": Slit(width=9, length=13, opening=3, depth=3),
    "hall-bar": HallBar(width=6, arm_width=4, gap=4, end=3),
    "cylinder": Cylinder(circumference=5, length=9),
    "quantum-spin-hall": QuantumSpinHall(width=5, length=9),
    "quantum-spin-hall-bar": QuantumSpinHall(width=5, length=15, shape="bar", arm_width=4),
    "ring": Ring(hole=5, width=3),
    "cavity": Cavity(width=16, length=18, mouth=3, bite=6),
    "spin-cavity": Cavity(width=6, length=7, mouth=2, spin_orbit=True),
    "stadium": Stadium(radius=6, straight=10, mouth=3),
    "probes": VoltageProbes(Wire(width=6, length=12), spacing=3),
    "box": Lattice(length=6, width=5, boundary="hard"),
    "torus": Lattice(length=6, width=5),
    "doped": DopedLeads(Wire(width=5, length=9)),
}
