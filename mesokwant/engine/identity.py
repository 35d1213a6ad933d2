"""What makes two runs the same computation, in plain values that can be compared and printed.

Axis values and numbers of samples are no part of it: a store grows by them.
"""

from __future__ import annotations

import dataclasses
import hashlib
from numbers import Real
from typing import Any

import numpy as np

from ..disorder.base import term_names, terms_of
from ..disorder.configurations import bind
from ..hamiltonian import kwant
from ..hamiltonian.structure import structure_of
from ..hamiltonian.system import DROPPED, SALT
from ..store.manifest import (
    CODE,
    DISORDER_CODE,
    FINGERPRINT,
    PARAMS_CODE,
    SYSTEM_CODE,
    Plain,
)
from ..study.parameters import Derived
from ..study.study import Study
from ..study.sweep import PARAMS, Sweep, built
from .code import code_digest, is_own

PROBES = (0.1370, 1)
"""Values at which swept Kwant parameters are evaluated for the fingerprint.

The first is a generic number; the second an integer, for functions that need one.
"""


def identity(study: Study) -> Plain:
    """The identity of a study: name, seed, and what each of its sweeps is.

    Returns
    -------
    dict
        What `description` says; for each sweep also the fingerprint of its Hamiltonian, and the
        code of the user's that decides its numbers, as `mesokwant.store.manifest.CODES` says.

    Raises
    ------
    ValueError
        The Hamiltonian can't be evaluated, the disorder not be put on the system, or the code of
        the user's not be identified.
    """
    known = description(study)
    codes = _Codes()
    for name, sweep in study.named_sweeps.items():
        described = known["sweeps"][name]
        described[FINGERPRINT] = _fingerprint(sweep)
        for observable, function in sweep.observables.items():
            text = codes.of(f"the observable {observable!r}", function)
            described["observables"][observable][CODE] = text
        named_terms = zip(term_names(sweep.disorder), terms_of(sweep.disorder), strict=True)
        described[DISORDER_CODE] = {
            term: codes.of(f"the disorder {term!r}", value) for term, value in named_terms
        }
        described[PARAMS_CODE] = _params_code(codes, sweep.params)
        described[SYSTEM_CODE] = _system_code(codes, sweep.system)
    return known


def description(study: Study) -> Plain:
    """The identity without fingerprint and code: what names and labels results."""
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
        return _as_text(value)
    return _name(type(value))


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
                "dims": list(getattr(function, "dims", ())),
                "unit": getattr(function, "unit", ""),
            }
            for name, function in sweep.observables.items()
        },
        "leads": sweep.leads or [plain(sweep.out_leads), plain(sweep.in_leads)],
        "units": _units(sweep),
    }


def _units(sweep: Sweep) -> dict[str, str]:
    """Axis, or full name of a setting -> its unit, where it has one."""
    units = {axis: sweep.units.get(sweep.full_name(axis), "") for axis in sweep.axes}
    return {name: unit for name, unit in {**sweep.units, **units}.items() if unit}


def _as_text(value: Any) -> str:
    """A value as its repr has it, but without what differs from one process to the next."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # A keyword-only option at its default isn't named, so that adding it to a class leaves the
        # identity of what is stored as it was.
        names = (
            field.name
            for field in dataclasses.fields(value)
            if not (
                field.kw_only and _as_text(getattr(value, field.name)) == _as_text(field.default)
            )
        )
        fields = (f"{name}={_as_text(getattr(value, name))}" for name in names)
        return f"{type(value).__qualname__}({', '.join(fields)})"
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}({', '.join(sorted(map(_as_text, value)))})"
    if callable(value) and hasattr(value, "__qualname__"):
        return value.__qualname__
    return repr(value) if type(value).__repr__ is not object.__repr__ else _name(type(value))


def _name(cls: type) -> str:
    """The name of a class, without the module of the user's that it stands in."""
    return cls.__qualname__ if is_own(cls) else f"{cls.__module__}.{cls.__qualname__}"


# -- code -----------------------------------------------------------------------------------


class _Codes:
    """Identifies code, each piece once for all sweeps of a study."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, Any]] = {}

    def of(self, subject: str, value: Any) -> str:
        """Identify the code that a value brings; empty where all of it is mesokwant's.

        Raises
        ------
        ValueError
            If it can't be covered; the message names the subject.
        """
        if id(value) not in self._known:
            parts = _code_parts(value)
            try:
                text = code_digest(parts) if parts else ""
            except ValueError as error:
                raise ValueError(f"the code of {subject} can't be identified: {error}") from None
            # The value is kept, too: nothing else can get its id meanwhile.
            self._known[id(value)] = text, value
        return self._known[id(value)][0]


def _code_parts(value: Any) -> Any:
    """What of a value needs identifying by its code, besides its settings."""
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return (value,)
    # Numbers and texts are settings, where 40 and 40.0 are the same and axes may replace them.
    opaque = [
        (field.name, getattr(value, field.name))
        for field in dataclasses.fields(value)
        if not _is_transparent(getattr(value, field.name))
    ]
    return (*([type(value)] if is_own(value) else []), *opaque)


def _is_transparent(value: Any) -> bool:
    """Whether `plain` says all of a value."""
    if isinstance(value, tuple | list):
        return all(map(_is_transparent, value))
    number = isinstance(value, np.generic | Real | complex)
    return number or value is None or isinstance(value, str)


def _params_code(codes: _Codes, params: Any) -> dict[str, str]:
    """The code of parameters that are no plain values, or of the function that derives them."""
    if isinstance(params, Derived):
        return {PARAMS: codes.of("the function that derives the parameters", (params.function,))}
    return {
        name: codes.of(f"the parameter {name!r}", value)
        for name, value in params.items()
        if not _is_transparent(value)
    }


def _system_code(codes: _Codes, system: Any) -> str:
    """The code of a system; of one that Kwant made, the code of its value functions."""
    if not isinstance(system, kwant.builder.FiniteSystem):
        return codes.of("the system", system)
    functions = {
        id(value): value
        for part in (system, *system.leads)
        for value, names in (*getattr(part, "onsites", ()), *getattr(part, "hoppings", ()))
        if names is not None  # constants, which the fingerprint knows, have no names
    }
    leads = [lead for lead in system.leads if not isinstance(lead, kwant.builder.InfiniteSystem)]
    parts = (*functions.values(), *leads)
    return codes.of("the system's value functions", parts) if parts else ""


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
        if sweep.leads != DROPPED and hasattr(lead, "cell_hamiltonian")
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
