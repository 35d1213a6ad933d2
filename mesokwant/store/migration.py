"""Stores of older versions become stores of this one, once, where they lie.

Format 1 (version 0.1.0) named the disorder by its place: ``disorder.width``, or
``disorder.0.width`` in a sum. Format 2 names it by its kind: ``anderson.strength``. The full
width of Anderson and bond disorder is called strength, wires in a field are ribbons, and units
stand beside the settings. No number changes.

Blocks are rewritten one by one and ``study.json`` last, so a migration that was killed
continues where it stopped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import files
from ..names import short_names
from . import parquet
from .manifest import Plain, digest

FIELDS = {
    "Anderson": ("width", "where", "matrix"),
    "Gaussian": ("strength", "correlation_length", "where", "matrix"),
    "MagneticImpurities": ("strength", "concentration", "where"),
    "BondDisorder": ("width", "where"),
    "RandomFlux": ("strength", "where"),
    "Vacancies": ("concentration", "where"),
}
"""Fields of the kinds of disorder of format 1."""

RENAMED = {("Anderson", "width"): "strength", ("BondDisorder", "width"): "strength"}

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
    "concentration": "per site",
    "theta": "rad",
}
"""Units that format 1 did not store, by the last part of the new names."""


def from_format_1(folder: Path, content: Plain) -> Plain:
    """Migrate the store in a folder; return the new content of its ``study.json``.

    Raises
    ------
    OSError
        The folder can't be written; what was migrated before is kept, and the store continues
        to be of format 1.
    """
    old = content["identity"]
    axes = {name: _axis_names(sweep) for name, sweep in old["sweeps"].items()}
    sweeps = {name: _sweep(sweep, axes[name]) for name, sweep in old["sweeps"].items()}
    identity = {**old, "sweeps": sweeps}
    for name in sweeps:
        for path in sorted((folder / "data" / name).glob("*.parquet")):
            _migrate_block(path, axes[name], digest(old), digest(identity))
    request = folder / "request.json"
    if request.exists():
        asked = json.loads(request.read_text())
        for name, sweep in asked.items():
            names = axes[name]
            sweep["axes"] = {names.get(axis, axis): v for axis, v in sweep["axes"].items()}
        files.write(request, json.dumps(asked, indent=1).encode())
    new = {"format": 2, "identity": identity, "provenance": content["provenance"]}
    files.write(folder / "study.json", json.dumps(new, indent=1).encode())
    return new


def _migrate_block(path: Path, axes: Mapping[str, str], before: str, after: str) -> None:
    content = path.read_bytes()
    if not parquet.is_whole(path, content):
        return  # The store sets damaged blocks aside.
    file, computation = parquet.opened(content)
    if computation != before:
        return  # It was migrated before, or the store refuses it.
    table = file.read()
    table = table.rename_columns([axes.get(name, name) for name in table.column_names])
    name, content = parquet.encoded(table, list(axes.values()), after)
    files.write(path.with_name(name), content)
    path.unlink()


def _sweep(sweep: Plain, axes: Mapping[str, str]) -> Plain:
    """The identity of a sweep with new names."""
    names = _full_names(sweep)
    settings = {names.get(name, name): value for name, value in sweep["settings"].items()}
    system = sweep["system"]
    if system == "Wire" and "system.field" in settings:
        if settings.pop("system.field"):
            system = "Ribbon"
            settings.pop("system.boundary", None)
            settings["system.origin"] = 0.0
    elif system == "Ribbon":
        settings["system.height"] = None
    units = {
        name: UNITS[last]
        for name in [*settings, *axes.values()]
        if (last := name.rpartition(".")[2]) in UNITS
    }
    return {
        **sweep,
        "axes": [axes[axis] for axis in sweep["axes"]],
        "settings": settings,
        "system": system,
        "units": units,
    }


def _axis_names(sweep: Plain) -> dict[str, str]:
    """Old name of every axis -> its new name."""
    names = _full_names(sweep)
    # A short name meant a field of the disorder if that is no setting and no axis by full name.
    swept = {old for old in names if old not in sweep["settings"] and old not in sweep["axes"]}
    meant = {old.rpartition(".")[2]: names[old] for old in swept}
    full = {axis: names.get(axis) or meant.get(axis) or axis for axis in sweep["axes"]}
    settings = {names.get(name, name) for name in sweep["settings"]}
    short = short_names({*settings, *full.values()})
    return {
        axis: short[new] if axis in meant and new != axis else new for axis, new in full.items()
    }


def _full_names(sweep: Plain) -> dict[str, str]:
    """Old full name of every field of the disorder -> its new full name."""
    kinds = sweep["disorder"]
    owners = [re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower() for kind in kinds]
    counts = {owner: owners.count(owner) for owner in owners}
    seen: dict[str, int] = {}
    result = {}
    for place, (kind, owner) in enumerate(zip(kinds, owners, strict=True)):
        number = seen[owner] = seen.get(owner, -1) + 1
        new = f"{owner}.{number}" if counts[owner] > 1 else owner
        old = "disorder" if len(kinds) == 1 else f"disorder.{place}"
        for field in _fields(kind, old, sweep):
            result[f"{old}.{field}"] = f"{new}.{RENAMED.get((kind, field), field)}"
    return result


def _fields(kind: str, owner: str, sweep: Plain) -> tuple[Any, ...]:
    """Fields of a kind; of a user's own kind, those that settings and full axis names show."""
    if kind in FIELDS:
        return FIELDS[kind]
    names = [*sweep["settings"], *sweep["axes"]]
    return tuple(n[len(owner) + 1 :] for n in names if n.startswith(f"{owner}."))
