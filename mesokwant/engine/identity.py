"""What makes two runs the same computation, in plain values that can be compared and printed.

Axis values and numbers of samples are no part of it: a store grows by them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
import sys
import types
from importlib.metadata import version
from numbers import Real
from typing import Any

import numpy as np
from kwant._common import UserCodeError

from ..disorder import bind, terms_of
from ..hamiltonian.structure import structure_of
from ..study.study import Study
from ..study.sweep import Sweep, built

Plain = dict[str, Any]

FINGERPRINT = "Hamiltonian"
CODE = "code"
LABELS = ("dims", "unit")

PROBES = (0.1370, 1)
"""Values of swept Kwant parameters in the fingerprint: nothing special, or else whole."""


def identity(study: Study) -> Plain:
    """The identity of a study: name, seed, and what each of its sweeps is.

    Raises
    ------
    ValueError
        The Hamiltonian can't be evaluated, or the disorder not be put on the system.
    """
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
        elif before == after or key in (FINGERPRINT, *LABELS):
            continue
        elif key == CODE:
            # Compiled code tells nothing across versions of Python.
            if str(before).partition(":")[0] == str(after).partition(":")[0]:
                found.append(f"{path}its code is another one")
        else:
            found.append(f"{name} was {before!r}, is now {after!r}")
    # The fingerprint speaks where nothing else explains it.
    if not found and old.get(FINGERPRINT) != new.get(FINGERPRINT):
        found.append(f"{path}the Hamiltonian that the system builds is another one")
    return found


def digest(identity: Plain) -> str:
    """A hash that is equal where `differences` finds none."""

    def canonical(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {k: canonical(v) for k, v in value.items() if k not in (CODE, *LABELS)}
            return sorted(kept.items())
        if isinstance(value, list | tuple):
            return [canonical(v) for v in value]
        number = isinstance(value, Real) and not isinstance(value, bool)
        return float(value) if number else value

    text = json.dumps(canonical(identity))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


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
    if isinstance(value, complex):
        return repr(value)
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if callable(value) and hasattr(value, "__qualname__"):
        return value.__qualname__  # without the module: a study file may run as __main__
    if dataclasses.is_dataclass(value):
        return repr(value)
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _identity(sweep: Sweep) -> Plain:
    swept = {sweep.full_name(axis) for axis in sweep.axes}
    return {
        "axes": list(sweep.axes),
        "settings": {
            name: plain(value) for name, value in sweep.values.items() if name not in swept
        },
        "system": type(sweep.system).__qualname__,
        "disorder": [type(term).__name__ for term in terms_of(sweep.disorder)],
        "observables": {
            name: {
                "is": plain(function),
                CODE: _code(function),
                "dims": list(getattr(function, "dims", ())),
                "unit": getattr(function, "unit", ""),
            }
            for name, function in sweep.observables.items()
        },
        "leads": [plain(sweep.out_leads), plain(sweep.in_leads)],
        FINGERPRINT: _fingerprint(sweep),
    }


def _code(function: Any) -> str:
    """Hash of what a function of the user's does; empty for a value, which says what it is."""
    if not isinstance(function, types.FunctionType):
        return ""
    hashed = hashlib.sha256()
    for part in _parts(function.__code__):
        hashed.update(part)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    for value in (*(function.__defaults__ or ()), *cells):
        hashed.update(json.dumps(plain(value)).encode())
    return f"{sys.implementation.cache_tag}:{hashed.hexdigest()[:16]}"


def _parts(code: types.CodeType) -> list[bytes]:
    """Instructions, names and constants of a function and those inside it; no line numbers."""
    parts = [code.co_code, repr((code.co_names, code.co_varnames)).encode()]
    for constant in code.co_consts:
        inner = isinstance(constant, types.CodeType)
        parts += _parts(constant) if inner else [repr(constant).encode()]
    return parts


def _fingerprint(sweep: Sweep) -> str:
    """Hash of the Hamiltonian of one sample at a reference point: the builder's code, in effect.

    The reference point is the sweep without its axes, so it stays when axes
    grow. Swept parameters take the value of a probe; rounding makes the hash
    the same on other machines.
    """
    error: Exception | None = None
    for probe in PROBES:
        try:
            return _hashed(sweep, _reference(sweep, probe))
        except (ValueError, TypeError, ArithmeticError, UserCodeError) as found:
            error = error or found
    raise ValueError(f"the Hamiltonian can't be evaluated: {error}") from error


def _reference(sweep: Sweep, probe: float) -> Plain:
    params = dict(sweep.params)
    for axis, values in sweep.axes.items():
        owner, _, name = sweep.full_name(axis).partition(".")
        if owner == "params":
            number = isinstance(values[0], Real) and not isinstance(values[0], bool)
            params[name] = probe if number else values[0]
    if "salt" in built(sweep.system).parameters:
        params.setdefault("salt", "fingerprint")
    return params


def _hashed(sweep: Sweep, params: Plain) -> str:
    system = built(sweep.system)
    structure = structure_of(system, params)
    clean = structure.values(params)
    configurations = bind(sweep.disorder, structure)
    values = configurations.values(clean[configurations.entries], 0, 0, 0.0)
    leads = [
        matrix
        for lead in system.leads
        if hasattr(lead, "cell_hamiltonian")
        for matrix in (lead.cell_hamiltonian(params=params), lead.inter_cell_hopping(params=params))
    ]
    hashed = hashlib.sha256()
    for array in (clean, values, *leads):
        # + 0.0 turns -0.0 into 0.0.
        hashed.update((np.round(np.asarray(array, complex), 9) + 0.0).tobytes())
    for index in (
        structure.indptr,
        structure.indices,
        configurations.entries,
        *structure.interfaces,
    ):
        hashed.update(np.asarray(index, np.int64).tobytes())
    return hashed.hexdigest()[:16]
