"""What makes two runs the same computation, in plain values that can be compared and printed.

Axis values and numbers of samples are no part of it: a store grows by them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
import types
from numbers import Real
from typing import Any

import numpy as np

from ..disorder.base import terms_of
from ..disorder.configurations import bind
from ..hamiltonian import kwant
from ..hamiltonian.structure import structure_of
from ..hamiltonian.system import SALT
from ..store.manifest import CODE, FINGERPRINT, Plain
from ..study.study import Study
from ..study.sweep import PARAMS, Sweep, built

PROBES = (0.1370, 1)
"""Values at which swept Kwant parameters are evaluated for the fingerprint.

The first is a generic number; the second an integer, for functions that need one.
"""


def identity(study: Study) -> Plain:
    """The identity of a study: name, seed, and what each of its sweeps is.

    Raises
    ------
    ValueError
        The Hamiltonian can't be evaluated, or the disorder not be put on the system.
    """
    known = description(study)
    for name, sweep in study.named_sweeps.items():
        known["sweeps"][name][FINGERPRINT] = _fingerprint(sweep)
    return known


def description(study: Study) -> Plain:
    """The identity without the fingerprint of the Hamiltonian: what names and labels results."""
    return {
        "study": study.name,
        "seed": study.seed,
        "sweeps": {name: _described(sweep) for name, sweep in study.named_sweeps.items()},
    }


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


def _described(sweep: Sweep) -> Plain:
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
        "units": _units(sweep),
    }


def _units(sweep: Sweep) -> dict[str, str]:
    """Axis, or full name of a setting -> its unit, where it has one."""
    units = {axis: sweep.units.get(sweep.full_name(axis), "") for axis in sweep.axes}
    return {name: unit for name, unit in {**sweep.units, **units}.items() if unit}


def _code(function: Any) -> str:
    """Hash of what a user's function does; empty for a value, whose text says what it is."""
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
        except (ValueError, TypeError, ArithmeticError, kwant.UserCodeError) as caught:
            error = error or caught
    raise ValueError(f"the Hamiltonian can't be evaluated: {error}") from error


def _reference(sweep: Sweep, probe: float) -> Plain:
    """Values of the Kwant parameters at which the fingerprint is taken."""
    swept = {}
    for axis, values in sweep.axes.items():
        owner, _, name = sweep.full_name(axis).partition(".")
        if owner == PARAMS:
            number = isinstance(values[0], Real) and not isinstance(values[0], bool)
            swept[name] = probe if number else values[0]
    fixed = dataclasses.replace(sweep, axes={}).with_options(
        {f"{PARAMS}.{name}": value for name, value in swept.items()}
    )
    params = fixed.kwant_params
    if SALT in built(sweep.system).parameters:
        params.setdefault(SALT, "fingerprint")
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
