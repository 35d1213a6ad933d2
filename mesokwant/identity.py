"""What makes two runs the same computation, in plain values that can be compared and printed.

Axis values and numbers of samples are no part of it: a store grows by them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import platform
from importlib.metadata import version
from numbers import Real
from typing import Any

import numpy as np

from .disorder import bind, terms_of
from .solver import finalized
from .structure import structure_of
from .study import Study
from .sweep import Sweep, value_of

Plain = dict[str, Any]

FINGERPRINT = "Hamiltonian"

PROBE = 0.1370
"""Value of swept Kwant parameters in the fingerprint; any number that is nothing special."""


def identity(study: Study) -> Plain:
    """The identity of a study: name, seed, and what each of its sweeps is."""
    return {
        "study": study.name,
        "seed": study.seed,
        "sweeps": {name: _identity(sweep) for name, sweep in study.named_sweeps.items()},
    }


def differences(old: Plain, new: Plain, path: str = "") -> list[str]:
    """What differs between two identities, a phrase each."""
    found = []
    for key in sorted({*old, *new}):
        name = f"{path}{key}"
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            found += differences(before, after, "" if key == "sweeps" else f"{name}: ")
        elif before != after and key != FINGERPRINT:
            found.append(f"{name} was {before!r}, is now {after!r}")
    # The fingerprint speaks where nothing else explains it.
    if not found and old.get(FINGERPRINT) != new.get(FINGERPRINT):
        found.append(f"{path}the Hamiltonian that the system builds is another one")
    return found


def settings(sweep: Sweep) -> Plain:
    """Full name -> value of everything that is not swept."""
    swept = {sweep.full_name(axis) for axis in sweep.axes}
    return {name: plain(value_of(sweep, name)) for name in sorted(sweep.names() - swept)}


def provenance() -> Plain:
    """Versions of what computes."""
    packages = ("mesokwant", "kwant", "numpy", "scipy")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def plain(value: Any) -> Any:
    """A value as JSON can keep it and as a person can compare it."""
    if value is None or isinstance(value, bool | str):
        return value
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        return plain(value.item())
    if isinstance(value, Real):
        return value
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if callable(value) and hasattr(value, "__qualname__"):
        return value.__qualname__  # without the module: a study file may run as __main__
    if dataclasses.is_dataclass(value):
        return repr(value)
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _identity(sweep: Sweep) -> Plain:
    return {
        "axes": list(sweep.axes),
        "settings": settings(sweep),
        "system": type(sweep.system).__qualname__,
        "disorder": [type(term).__name__ for term in terms_of(sweep.disorder)],
        "observables": {
            name: {
                "is": plain(function),
                "dims": list(getattr(function, "dims", ())),
                "unit": getattr(function, "unit", ""),
            }
            for name, function in sweep.observables.items()
        },
        "leads": [plain(sweep.out_leads), plain(sweep.in_leads)],
        FINGERPRINT: _fingerprint(sweep),
    }


def _fingerprint(sweep: Sweep) -> str:
    """Hash of the Hamiltonian of one sample at a reference point: the builder's code, in effect.

    The reference point is the sweep without its axes, so it stays when axes
    grow. Swept parameters take the value `PROBE`; rounding makes the hash
    the same on other machines.
    """
    system = finalized(sweep.system)
    params = dict(sweep.params)
    for axis, values in sweep.axes.items():
        full = sweep.full_name(axis)
        if full.startswith("params."):
            first = values[0]
            number = isinstance(first, Real) and not isinstance(first, bool)
            params[full.removeprefix("params.")] = PROBE if number else first
    if "salt" in system.parameters:
        params.setdefault("salt", "fingerprint")
    structure = structure_of(system, params)
    clean = structure.values(params)
    configurations = bind(sweep.disorder, structure)
    values = configurations.values(clean[configurations.entries], 0, 0, 0.0)
    digest = hashlib.sha256()
    leads = [
        matrix
        for lead in system.leads
        if hasattr(lead, "cell_hamiltonian")
        for matrix in (lead.cell_hamiltonian(params=params), lead.inter_cell_hopping(params=params))
    ]
    for array in (clean, values, *leads):
        # + 0.0 turns -0.0 into 0.0.
        digest.update((np.round(np.asarray(array, complex), 9) + 0.0).tobytes())
    for index in (structure.indptr, structure.indices, *structure.interfaces):
        digest.update(np.asarray(index, np.int64).tobytes())
    return digest.hexdigest()[:16]
