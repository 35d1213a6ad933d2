"""A sweep: an ensemble over named axes, as a value, and what its names mean. Computes nothing."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

from .disorder import Disorder, Sum, terms_of
from .solver import Ensemble, finalized, parameter_names

Point = dict[str, Any]
"""Axis name -> value."""


@dataclass(frozen=True)
class Sweep:
    """An ensemble of disordered samples at every point of a grid of named axes.

    Parameters
    ----------
    system
        See `mesokwant.scattering`.
    axes
        Axis name -> values. An axis is ``energy``, a Kwant parameter, or a
        field of the system or of the disorder. A name that several of them
        have is written with its owner: ``system.width``, ``disorder.width``
        (``disorder.0.width`` in a sum), ``params.width``.
    observables
        Name -> observable: a value of `mesokwant.observables`, or any function
        of an `Ensemble` that returns an array of shape (samples, ...).
    energy, params, disorder
        See `mesokwant.scattering`; an axis of that name replaces them.
    samples
        Number of samples at every point.
    in_leads, out_leads, solver
        See `mesokwant.scattering`.

    Raises
    ------
    ValueError
        An axis that is empty, repeats a value or has a value that is not
        finite; no observable.
    """

    system: Any
    axes: Mapping[str, Sequence[Any]]
    observables: Mapping[str, Callable[[Ensemble], Any]]
    energy: float = 0.0
    params: Mapping[str, Any] = field(default_factory=dict)
    disorder: Disorder | None = None
    samples: int = 100
    in_leads: tuple[int, ...] | None = None
    out_leads: tuple[int, ...] | None = None
    solver: str = "auto"

    def __post_init__(self) -> None:
        if not isinstance(self.samples, Integral) or self.samples < 1:
            raise ValueError(f"samples must be a positive integer, not {self.samples!r}")
        if not self.observables:
            raise ValueError("a sweep needs an observable, e.g. dict(g=mk.Conductance(1, 0))")
        axes = {name: _checked(name, values) for name, values in self.axes.items()}
        object.__setattr__(self, "axes", axes)

    @property
    def points(self) -> list[Point]:
        """All points of the grid, the last axis fastest."""
        return [
            dict(zip(self.axes, values, strict=True))
            for values in itertools.product(*self.axes.values())
        ]

    def at(self, point: Point) -> Sweep:
        """The sweep with its values set to those of a point, and no axes left."""
        names = self.names()
        values = {_resolve(name, names): value for name, value in point.items()}
        return _set(dataclasses.replace(self, axes={}), values)

    def with_options(self, options: Mapping[str, Any]) -> Sweep:
        """The sweep with other values: of ``samples``, of an axis, or of anything an axis can set.

        Raises
        ------
        ValueError
            A name that nothing here has, with the nearest that it does have.
        """
        names = self.names()
        axes, samples, values = dict(self.axes), self.samples, {}
        for name, value in options.items():
            several = value if isinstance(value, tuple | list) else (value,)
            if name == "samples":
                samples = value
            elif (axis := self._axis(name, names)) is not None:
                axes[axis] = several
            elif len(several) == 1:
                values[_resolve(name, names)] = several[0]
            else:
                raise ValueError(f"{name!r} is not swept here: it takes one value, not {value!r}")
        return _set(dataclasses.replace(self, axes=axes, samples=samples), values)

    def _axis(self, name: str, names: set[str]) -> str | None:
        """The axis that a name means, if any."""
        if name in self.axes:
            return name
        path = _resolve(name, names)
        return next((axis for axis in self.axes if _resolve(axis, names) == path), None)

    def check_axes(self) -> None:
        """Refuse axes that set nothing, or the same thing twice.

        Raises
        ------
        ValueError
            With the names that can be swept.
        """
        names = self.names()
        seen: dict[str, str] = {}
        for axis in self.axes:
            path = _resolve(axis, names)
            if path in seen:
                raise ValueError(f"the axes {seen[path]!r} and {axis!r} are one and the same")
            seen[path] = axis

    def full_name(self, name: str) -> str:
        """What a name means, with its owner: ``width`` -> ``system.width``."""
        return _resolve(name, self.names())

    def names(self) -> set[str]:
        """Full names of all that can be swept or set: energy, system.*, disorder.*, params.*."""
        names = {"energy"}
        if dataclasses.is_dataclass(self.system):
            names |= {f"system.{f.name}" for f in dataclasses.fields(self.system)}
        terms = terms_of(self.disorder)
        for number, term in enumerate(terms):
            owner = "disorder" if len(terms) == 1 else f"disorder.{number}"
            names |= {f"{owner}.{f.name}" for f in dataclasses.fields(term)}  # type: ignore[arg-type]
        names |= {f"params.{name}" for name in _parameters(self.system)}
        return names | {f"params.{name}" for name in self.params}


def value_of(sweep: Sweep, name: str) -> Any:
    """The value, or the axis values, that a name has in a sweep."""
    names = sweep.names()
    axis = sweep._axis(name, names)
    if axis is not None:
        return sweep.axes[axis]
    owner, _, attribute = _resolve(name, names).rpartition(".")
    if owner == "params":
        return sweep.params.get(attribute)
    target: Any = sweep
    for part in owner.split(".") if owner else ():
        target = target.terms[int(part)] if part.isdigit() else getattr(target, part)
    return getattr(target, attribute)


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Full name -> the shortest name that means it alone."""
    names = sorted(names)
    last = [name.rpartition(".")[2] for name in names]
    return {
        name: short if last.count(short) == 1 else name
        for name, short in zip(names, last, strict=True)
    }


@functools.lru_cache(maxsize=8)
def _parameters(system: Any) -> frozenset[str]:
    return frozenset(parameter_names(finalized(system)))


def _resolve(name: str, names: set[str]) -> str:
    """The full name that a name means."""
    if name in names:
        return name
    found = sorted(full for full in names if full.rpartition(".")[2] == name)
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"{name!r} is ambiguous: say {' or '.join(map(repr, found))}")
    shown = sorted({*short_names(names).values(), "samples"})
    candidates = {*shown, *names}
    near = difflib.get_close_matches(name, candidates, n=3)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise ValueError(f"nothing here is called {name!r}{hint} (there are: {', '.join(shown)})")


def _set(sweep: Sweep, values: Mapping[str, Any]) -> Sweep:
    """The sweep with the given full names set, all fields of one owner at once."""
    owners: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        owner, _, name = path.rpartition(".")
        owners.setdefault(owner, {})[name] = value
    terms = list(terms_of(sweep.disorder))
    for owner, fields in owners.items():
        if not owner:
            sweep = dataclasses.replace(sweep, **fields)
        elif owner == "params":
            sweep = dataclasses.replace(sweep, params={**sweep.params, **fields})
        elif owner == "system":
            fields = {name: _like(getattr(sweep.system, name), v) for name, v in fields.items()}
            sweep = dataclasses.replace(sweep, system=dataclasses.replace(sweep.system, **fields))
        else:
            number = int(owner.rpartition(".")[2]) if "." in owner else 0
            terms[number] = dataclasses.replace(terms[number], **fields)  # type: ignore[type-var]
            disorder = terms[0] if len(terms) == 1 else Sum(tuple(terms))
            sweep = dataclasses.replace(sweep, disorder=disorder)
    return sweep


def _like(old: Any, value: Any) -> Any:
    """A whole number as an int where there was an int: 40.0 sites are 40."""
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole and isinstance(old, int) and not isinstance(old, bool) else value


def _checked(name: str, values: Any) -> tuple[Any, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"axis {name!r} needs a sequence of values, not {values!r}")
    result = tuple(
        value.item() if hasattr(value, "item") and not isinstance(value, str) else value
        for value in values
    )
    if not result:
        raise ValueError(f"axis {name!r} is empty; give it at least one value")
    for value in result:
        if not isinstance(value, Real | str):
            raise ValueError(f"axis {name!r} takes numbers (or names), not {value!r}")
        if isinstance(value, Real) and not math.isfinite(value):
            raise ValueError(f"axis {name!r} has the value {value!r}; all must be finite")
    if len(set(result)) < len(result):
        raise ValueError(f"axis {name!r} repeats a value; give each value once")
    return result
