"""Units of everything that has a name here: t, the lattice constant a, h/e and e²/h."""

from __future__ import annotations

UNITS = {
    "energy": "t",
    "flux": "h/e per plaquette",
    "width": "a",
    "length": "a",
    "height": "a",
    "origin": "a",
    "alpha": "t",
    "zeeman": "t",
    "impurity": "t",
    "strength": "t",
    "correlation_length": "a",
    "disorder.width": "t",
    "concentration": "per site",
    "theta": "rad",
}


def unit_of(name: str) -> str:
    """Unit of a full name such as ``system.width``; empty where it has none or is a user's own."""
    owner, _, last = name.rpartition(".")
    return UNITS.get(f"{owner.partition('.')[0]}.{last}", UNITS.get(last, ""))
