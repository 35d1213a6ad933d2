"""A sweep: an ensemble over named axes, as a value, and what its names mean. Computes nothing."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral, Real
from typing import Any

import kwant

from ..disorder import Disorder, Sum, terms_of
from ..solver import Ensemble, finalized, parameter_names

Point = dict[str, Any]
"""Axis name -> value."""

ENERGY = "energy"


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
        samples = self.samples
        if isinstance(samples, bool) or not isinstance(samples, Integral) or samples < 1:
            raise ValueError(f"samples must be a positive integer, not {samples!r}")
        if not self.observables:
            raise ValueError("a sweep needs an observable, e.g. dict(g=mk.Conductance(1, 0))")
        for name, function in self.observables.items():
            if not callable(function):
                raise TypeError(
                    f"the observable {name!r} must be a function of an Ensemble, such as "
                    f"mk.Conductance(1, 0), not {function!r}"
                )
        terms_of(self.disorder)
        axes = {name: _checked(name, values) for name, values in self.axes.items()}
        object.__setattr__(self, "samples", int(samples))
        object.__setattr__(self, "axes", axes)
        # A builder may change later; a sweep does not.
        if isinstance(self.system, kwant.Builder):
            object.__setattr__(self, "system", finalized(self.system))

    @property
    def points(self) -> Iterator[Point]:
        """All points of the grid, the last axis fastest."""
        for values in itertools.product(*self.axes.values()):
            yield dict(zip(self.axes, values, strict=True))

    @property
    def size(self) -> int:
        """Number of points."""
        return math.prod(map(len, self.axes.values()))

    def at(self, point: Point) -> Sweep:
        """The sweep with its values set to those of a point, and no axes left.

        Raises
        ------
        ValueError, TypeError
            A value that the system or the disorder refuses.
        """
        values = {self.full_name(name): value for name, value in point.items()}
        return _set(dataclasses.replace(self, axes={}), values)

    def with_options(self, options: Mapping[str, Any]) -> Sweep:
        """The sweep with other values: of ``samples``, of an axis, or of anything an axis can set.

        Raises
        ------
        ValueError
            A name that nothing here has, with the nearest that it does have.
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
                axes[axis] = value if _several(value) else (value,)
            elif _several(value) and not isinstance(self.values[full], tuple):
                raise ValueError(f"{name!r} is not swept here: it takes one value, not {value!r}")
            else:
                values[full] = value
        return _set(dataclasses.replace(self, axes=axes, samples=samples), values)

    def check_axes(self) -> None:
        """Refuse axes that set nothing, the same thing twice, or something to what it can't be.

        Raises
        ------
        ValueError
            With the names that can be swept.
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

        The names are ``energy``, ``system.*``, ``disorder.*`` (``disorder.0.*``
        and so on in a sum) and ``params.*``.
        """
        values: dict[str, Any] = {ENERGY: self.energy}
        for owner, target in self._owners():
            for f in dataclasses.fields(target):
                values[f"{owner}.{f.name}"] = getattr(target, f.name)
        for name in sorted(_parameters(self.system) | set(self.params)):
            values[f"params.{name}"] = self.params.get(name)
        return values

    @cached_property
    def settable(self) -> set[str]:
        """Full names of those that take numbers, names or switches: what a person can type."""
        names = {name for name, value in self.values.items() if _typed(value)}
        names |= {name for name in self.values if name.startswith("params.")}
        for owner, target in self._owners():
            for f in dataclasses.fields(target):
                if re.search(r"\b(int|float|str|bool)\b", str(f.type)):
                    names.add(f"{owner}.{f.name}")
        return names

    def full_name(self, name: str) -> str:
        """What a name means, with its owner: ``width`` -> ``system.width``.

        Raises
        ------
        ValueError
            Nothing has this name, or several have.
        """
        if name in self.values:
            return name
        found = self._ending(name)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"{name!r} is ambiguous: say {' or '.join(map(repr, found))}")
        shown = sorted({*short_names(self.settable).values(), "samples", "seed"})
        near = difflib.get_close_matches(name, {*shown, *self.settable}, n=3)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
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
        if dataclasses.is_dataclass(self.system):
            yield "system", self.system
        terms = terms_of(self.disorder)
        for number, term in enumerate(terms):
            yield "disorder" if len(terms) == 1 else f"disorder.{number}", term


def short_names(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Full name -> the shortest name that means it alone, and nothing that is taken."""
    names = sorted(names)
    last = [name.rpartition(".")[2] for name in names]
    return {
        name: short if last.count(short) == 1 and short not in taken else name
        for name, short in zip(names, last, strict=True)
    }


@functools.lru_cache(maxsize=2)
def built(system: Any) -> Any:
    """The finalized Kwant system of a system, built once for all that ask in this process."""
    return finalized(system)


@functools.lru_cache(maxsize=8)
def _parameters(system: Any) -> frozenset[str]:
    return frozenset(parameter_names(built(system)))


def _typed(value: Any) -> bool:
    """Whether a value, or each of a tuple, is a number, a name or a switch."""
    values = value if isinstance(value, tuple) and value else (value,)
    return all(isinstance(v, Real | str) for v in values)


def _several(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def _set(sweep: Sweep, values: Mapping[str, Any]) -> Sweep:
    """The sweep with the given full names set, all fields of one owner at once."""
    owners: dict[str, dict[str, Any]] = {}
    for full, value in values.items():
        owner, _, name = full.rpartition(".")
        owners.setdefault(owner, {})[name] = _like(name, sweep.values[full], value)
    terms = list(terms_of(sweep.disorder))
    for owner, fields in owners.items():
        if not owner:
            sweep = dataclasses.replace(sweep, **fields)
        elif owner == "params":
            sweep = dataclasses.replace(sweep, params={**sweep.params, **fields})
        elif owner == "system":
            sweep = dataclasses.replace(sweep, system=dataclasses.replace(sweep.system, **fields))
        else:
            number = int(owner.rpartition(".")[2]) if "." in owner else 0
            terms[number] = dataclasses.replace(terms[number], **fields)  # type: ignore[type-var]
            disorder = terms[0] if len(terms) == 1 else Sum(tuple(terms))
            sweep = dataclasses.replace(sweep, disorder=disorder)
    return sweep


def _like(name: str, old: Any, value: Any) -> Any:
    """A value as a plain one; a whole number as an int where there was an int: 40.0 sites are 40.

    Raises
    ------
    ValueError
        A number that is not finite.
    """
    value = _plain(value)
    if isinstance(value, Real) and not math.isfinite(value):
        raise ValueError(f"{name!r} must be finite, not {value!r}")
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole and isinstance(old, int) and not isinstance(old, bool) else value


def _plain(value: Any) -> Any:
    """A number of NumPy as one of Python."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def _checked(name: str, values: Any) -> tuple[Any, ...]:
    if not _several(values):
        raise ValueError(f"axis {name!r} needs a sequence of values, not {values!r}")
    result = tuple(map(_plain, values))
    if not result:
        raise ValueError(f"axis {name!r} is empty; give it at least one value")
    for value in result:
        if not isinstance(value, Real | str):
            raise ValueError(f"axis {name!r} takes numbers (or names), not {value!r}")
        if isinstance(value, Real) and not math.isfinite(value):
            raise ValueError(f"axis {name!r} has the value {value!r}; all must be finite")
    kinds = {_kind(value) for value in result}
    if len(kinds) > 1:
        raise ValueError(f"axis {name!r} mixes {' and '.join(sorted(kinds))}; give one kind")
    if any(isinstance(value, float) for value in result):
        result = tuple(map(float, result))
    if len(set(result)) < len(result):
        raise ValueError(f"axis {name!r} repeats a value; give each value once")
    return result


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "names"
    return "switches" if isinstance(value, bool) else "numbers"
