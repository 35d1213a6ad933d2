"""A sweep: an ensemble over named axes, as a value, and what its names mean.

A `Sweep` takes a system, energies, parameters, a disorder and axes; it gives the points of the
grid, and at each point the same sweep with its values set. It computes nothing.

>>> import mesokwant as mk
>>> from systems import Wire
>>> sweep = mk.Sweep(Wire(width=5, length=10), energy=-1.0, axes={"length": (10, 20)})
>>> [str(point) for point in sweep.points]
['length=10', 'length=20']
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from numbers import Integral, Real
from typing import Any

from ..disorder.base import Disorder, Sum, term_names, terms_of
from ..hamiltonian import kwant
from ..hamiltonian.system import SALT, check_leads_option, finalized, parameter_names
from ..names import did_you_mean, short_names
from ..observables import Conductance
from ..point import Point
from .axes import can_be_typed, checked_axes, like, several
from .parameters import Derived

ENERGY, SYSTEM, PARAMS = "energy", "system", "params"
"""What can own a name, besides the kinds of disorder."""

MANY_SAMPLES = 100
"""Samples at every point where nothing is said and something is random."""


@dataclass(frozen=True)
class Sweep:
    """An ensemble of disordered samples at every point of a grid of named axes.

    Parameters
    ----------
    system
        See `mesokwant.scattering`.
    axes
        Axis name -> values; no axis by default, which makes one point. An axis is ``energy``, a
        Kwant parameter, or a field of the system or of the disorder. A name that several of
        them have is written with its owner: ``system.width``, ``params.width``, or the kind
        of disorder, ``anderson.strength`` (``anderson.0.strength`` where a sum has a kind twice).
    observables
        Name -> observable: a value of `mesokwant.observables`, or any function
        of an `Ensemble` that returns an array of shape (samples, ...). By default the
        conductance between the first two leads, under the name ``g``. In a closed system they are
        those of `mesokwant.closed`, or functions of a `ClosedEnsemble`.
    energy, disorder
        See `mesokwant.scattering`; an axis of that name replaces them.
    params
        Values of the Kwant parameters; an axis of that name replaces them. Or a function that
        derives them from its arguments, such as ``lambda B: {"flux": B * AREA, "zeeman": B}``:
        the arguments are then what can be swept and set, under their own names.
    samples
        Number of samples at every point: 100 by default, and 1 where nothing is random (no
        disorder, and no parameter ``salt`` that value functions draw disorder from).
    in_leads, out_leads, solver
        See `mesokwant.scattering`.
    leads
        What becomes of leads: None keeps them, and "dropped" leaves the scattering region alone,
        as a closed system. A system without leads is one anyway.

    Raises
    ------
    ValueError
        An axis is empty, repeats a value or has a value that is not finite; there is no
        observable; or ``leads`` says nothing that is known.
    TypeError
        The axes or observables are no mappings, or the disorder is no disorder.
    """

    system: Any
    _: KW_ONLY
    axes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    observables: Mapping[str, Callable[[Any], Any]] = field(
        default_factory=lambda: {"g": Conductance()}
    )
    energy: float = 0.0
    params: Mapping[str, Any] | Callable[..., Mapping[str, Any]] | Derived = field(
        default_factory=dict
    )
    disorder: Disorder | None = None
    samples: int = None  # type: ignore[assignment]  # set by __post_init__
    in_leads: tuple[int, ...] | None = None
    out_leads: tuple[int, ...] | None = None
    solver: str = "auto"
    leads: str | None = None

    def __post_init__(self) -> None:
        # A builder may change later; a sweep does not.
        if isinstance(self.system, kwant.Builder):
            object.__setattr__(self, "system", finalized(self.system))
        if callable(self.params):
            object.__setattr__(self, "params", Derived.of(self.params))
        elif not isinstance(self.params, Mapping | Derived):
            raise TypeError(
                "params must map names of Kwant parameters to values, such as {'flux': 0.01}, or "
                f"be a function that returns such a mapping, not {self.params!r}"
            )
        samples = self._default_samples() if self.samples is None else self.samples
        if isinstance(samples, bool) or not isinstance(samples, Integral) or samples < 1:
            raise ValueError(f"samples must be a positive integer, not {samples!r}")
        _check_observables(self.observables)
        terms_of(self.disorder)
        check_leads_option(self.leads)
        object.__setattr__(self, "samples", int(samples))
        object.__setattr__(self, "axes", checked_axes(self.axes))

    def _default_samples(self) -> int:
        if self.disorder is not None:
            return MANY_SAMPLES
        try:
            salted = SALT in _parameters(self.system)
        except (TypeError, ValueError):
            salted = True  # The preflight says what is wrong with the system.
        return MANY_SAMPLES if salted else 1

    @property
    def kwant_params(self) -> dict[str, Any]:
        """Values of the Kwant parameters of a sweep without axes.

        Raises
        ------
        ValueError, TypeError
            The function that derives them lacks an argument, or returns no mapping.
        """
        params: Any = self.params
        return params.evaluated() if isinstance(params, Derived) else dict(params)

    @property
    def points(self) -> Iterator[Point]:
        """All points of the grid, the last axis fastest."""
        for values in itertools.product(*self.axes.values()):
            yield Point(zip(self.axes, values, strict=True))

    @property
    def size(self) -> int:
        """Number of points."""
        return math.prod(map(len, self.axes.values()))

    def at(self, point: Mapping[str, Any]) -> Sweep:
        """The sweep with its values set to those of a point, and no axes left.

        Raises
        ------
        ValueError, TypeError
            The system or the disorder refuses a value.
        """
        values = {self.full_name(name): value for name, value in point.items()}
        return _set(self, values, axes={})

    def with_options(self, options: Mapping[str, Any]) -> Sweep:
        """The sweep with other values: of ``samples``, of an axis, or of anything an axis can set.

        Raises
        ------
        ValueError
            A name that nothing here has; the message names the nearest known ones.
        """
        axes, samples, values = dict(self.axes), self.samples, {}
        seen: dict[str, str] = {}
        for name, value in options.items():
            if name == "samples":
                samples = value
                continue
            full = self.full_name(name)
            if full in seen:
                raise ValueError(f"{seen[full]!r} and {name!r} are one and the same: give one")
            seen[full] = name
            axis = self.axis_of(full)
            if axis is not None:
                axes[axis] = value if several(value) else (value,)
            elif several(value) and not isinstance(self.values[full], tuple):
                raise ValueError(f"{name!r} is not swept here: it takes one value, not {value!r}")
            else:
                values[full] = value
        return _set(self, values, axes=axes, samples=samples)

    def check_axes(self) -> None:
        """Refuse axes that set nothing, the same thing twice, or something to what it can't be.

        Raises
        ------
        ValueError
            The message lists the names that can be swept.
        """
        seen: dict[str, str] = {}
        for axis, values in self.axes.items():
            full = self.full_name(axis)
            if full in seen:
                raise ValueError(f"the axes {seen[full]!r} and {axis!r} are one and the same")
            seen[full] = axis
            current = self.values[full]
            named = isinstance(values[0], str)
            if named and isinstance(current, Real) and not isinstance(current, bool):
                raise ValueError(f"axis {axis!r} takes numbers, not {values[0]!r}")
            if isinstance(current, str) and not named:
                raise ValueError(f"axis {axis!r} takes names such as {current!r}, not {values[0]}")

    @cached_property
    def values(self) -> dict[str, Any]:
        """Full name -> value of all that can be swept or set; None where it has no value yet.

        The names are ``energy``, ``system.*`` (``system.system.*`` for a system that another one
        holds), ``params.*``, and for each kind of disorder its own name: ``anderson.*``.
        """
        values: dict[str, Any] = {ENERGY: self.energy}
        for owner, target in self._owners():
            for f in dataclasses.fields(target):
                values[f"{owner}.{f.name}"] = getattr(target, f.name)
        for owner, _ in self._owners():
            values.pop(owner, None)  # A system inside another one is told by its own fields.
        params: Any = self.params
        if isinstance(params, Derived):
            given, names = params.arguments, list(params.arguments)
        else:
            given, names = params, sorted(_parameters(self.system) | set(params))
        values |= {f"{PARAMS}.{name}": given.get(name) for name in names}
        return values

    @cached_property
    def settable(self) -> set[str]:
        """Full names of everything that can be given on the command line.

        These are the values that are an int, float, str or bool, and all Kwant parameters.
        """
        names = {name for name, value in self.values.items() if can_be_typed(value)}
        names |= {name for name in self.values if name.startswith(f"{PARAMS}.")}
        for owner, target in self._owners():
            for f in dataclasses.fields(target):
                if re.search(r"\b(int|float|str|bool)\b", str(f.type)):
                    names.add(f"{owner}.{f.name}")
        return names

    @cached_property
    def units(self) -> dict[str, str]:
        """Full name -> unit, as far as the system and the disorder say units."""
        units = {ENERGY: "t"}
        own = getattr(self.system, "units", {})
        for full in self.values:
            owner, _, name = full.rpartition(".")
            if owner.partition(".")[0] in (SYSTEM, PARAMS) and name in own:
                units[full] = own[name]
        for owner, term in zip(term_names(self.disorder), terms_of(self.disorder), strict=True):
            units |= {f"{owner}.{name}": unit for name, unit in term.units.items()}
        return units

    def full_name(self, name: str) -> str:
        """What a name means, with its owner: ``width`` -> ``system.width``.

        Raises
        ------
        ValueError
            Nothing has this name, or several have.
        """
        if name in self.values:
            return name
        matches = self._ending(name)
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise ValueError(f"{name!r} is ambiguous: say {' or '.join(map(repr, matches))}")
        shown = sorted({*short_names(self.settable).values(), "samples", "seed"})
        hint = did_you_mean(name, {*shown, *self.settable}, most=3)
        raise ValueError(f"nothing here is called {name!r}{hint} (there are: {', '.join(shown)})")

    def knows(self, name: str) -> bool:
        """Whether a name means anything here."""
        return name == "samples" or name in self.values or bool(self._ending(name))

    def axis_of(self, full: str) -> str | None:
        """The axis that sweeps what has this full name, if any."""
        return next((axis for axis in self.axes if self.full_name(axis) == full), None)

    def _ending(self, name: str) -> list[str]:
        return sorted(full for full in self.values if full.rpartition(".")[2] == name)

    def _owners(self) -> Iterator[tuple[str, Any]]:
        owner, system = SYSTEM, self.system
        while dataclasses.is_dataclass(system):
            yield owner, system
            # A value may add something, such as voltage probes, to a system that it holds.
            owner, system = f"{owner}.{SYSTEM}", getattr(system, SYSTEM, None)
        yield from zip(term_names(self.disorder), terms_of(self.disorder), strict=True)


@functools.lru_cache(maxsize=2)
def built(system: Any) -> Any:
    """The finalized Kwant system of a system, built once for all that ask in this process."""
    return finalized(system)


# A study may have dozens of systems, which take long to build for the few names of each.
@functools.lru_cache(maxsize=256)
def _parameters(system: Any) -> frozenset[str]:
    return frozenset(parameter_names(built(system)))


def _check_observables(observables: Any) -> None:
    if not isinstance(observables, Mapping):
        raise TypeError(
            "observables must map names to functions of an Ensemble, such as "
            f"observables={{'g': mk.Conductance(1, 0)}}, not {observables!r}"
        )
    if not observables:
        raise ValueError("a sweep needs an observable, e.g. dict(g=mk.Conductance(1, 0))")
    for name, function in observables.items():
        if not callable(function):
            raise TypeError(
                f"the observable {name!r} must be a function of an Ensemble, such as "
                f"mk.Conductance(1, 0), not {function!r}"
            )


def _set(sweep: Sweep, values: Mapping[str, Any], **changes: Any) -> Sweep:
    """The sweep with the given full names set, all fields of one owner at once.

    It is replaced once, together with the other changes, because a run does this at every point.
    """
    owners: dict[str, dict[str, Any]] = {}
    for full, value in values.items():
        owner, _, name = full.rpartition(".")
        owners.setdefault(owner, {})[name] = like(name, sweep.values[full], value)
    of_terms = {}
    for owner, fields in owners.items():
        if not owner:
            changes |= fields
        elif owner == PARAMS:
            params: Any = sweep.params
            derived = isinstance(params, Derived)
            changes["params"] = params.with_arguments(fields) if derived else {**params, **fields}
        elif owner.partition(".")[0] == SYSTEM:
            system = changes.get("system", sweep.system)
            changes["system"] = _with_fields(system, owner.count("."), fields)
        else:
            of_terms[owner] = fields
    if of_terms:
        named = zip(term_names(sweep.disorder), terms_of(sweep.disorder), strict=True)
        terms: list[Any] = [
            dataclasses.replace(term, **of_terms.get(name, {}))  # type: ignore[type-var]
            for name, term in named
        ]
        changes["disorder"] = terms[0] if len(terms) == 1 else Sum(tuple(terms))
    return dataclasses.replace(sweep, **changes)


def _with_fields(system: Any, depth: int, fields: Mapping[str, Any]) -> Any:
    """A system with other fields, or with those of the system at this depth inside it."""
    if depth:
        fields = {SYSTEM: _with_fields(system.system, depth - 1, fields)}
    return dataclasses.replace(system, **fields)
