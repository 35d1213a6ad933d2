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
    """Unit of a full name; empty where it has none or is a user's own.

    >>> unit_of("system.width"), unit_of("disorder.0.width"), unit_of("shapes.disorder.width")
    ('a', 't', 't')
    """
    *owners, last = name.split(".")
    own = (UNITS[f"{owner}.{last}"] for owner in owners if f"{owner}.{last}" in UNITS)
    return next(own, UNITS.get(last, ""))
