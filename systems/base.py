"""What every system is: a plain value that knows how to build its Kwant system.

mesokwant takes any object with a method ``build()`` that returns a finalized Kwant system
with leads, and also a `kwant.Builder` or a finalized system itself. A value is worth more: the
fields of a dataclass can be swept and set on the command line (``width``, or ``system.width``
where another thing has a width too), are stored with the results, and tell two systems
apart. `System` is the base class of those in this package. A subclass is a frozen dataclass
that defines `System.builder`; ``docs/how-to/own-system.md`` has a complete one. A value that adds
something to any system, such as voltage probes, holds that system in its field ``system``: axes
then reach the fields of both.
"""

import copy
import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Mapping
from numbers import Real
from typing import Any, ClassVar

import kwant


class System(ABC):
    """A scattering region with leads, or a closed one, described by a few numbers.

    Subclasses are frozen dataclasses: hashable, printable, picklable, equal when their
    fields are. A field changes the graph; whatever changes matrix elements is a Kwant
    parameter of the built system (`flux`, `zeeman`, ...).

    Attributes
    ----------
    units
        Unit of every field and Kwant parameter that has one, for the labels of axes.
    """

    __slots__ = ()

    units: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def builder(self) -> kwant.Builder:
        """The system before finalization, with its leads attached, free to be changed."""

    def build(self) -> kwant.system.System:
        """The finalized system, ready for a solver."""
        return self.builder().finalized()

    def _store_count(self, name: str, least: int = 1, reason: str = "") -> None:
        """Check that the field `name` counts sites and store it as a plain int.

        Integers of numpy are accepted but converted: they print, and would be stored,
        differently from the equal ones of Python.
        """
        given = getattr(self, name)
        wanted = f"{name} must be a whole number of sites, at least {least}{reason}"
        if isinstance(given, bool):
            raise TypeError(f"{wanted}; got {given!r}.")
        try:
            count = operator.index(given)
        except TypeError:
            raise TypeError(f"{wanted}; got {given!r}.") from None
        if count < least:
            raise ValueError(f"{wanted}; got {given!r}.")
        object.__setattr__(self, name, count)

    def _store_number(self, name: str) -> None:
        """Check that the field `name` is a finite number and store it as a float."""
        given = getattr(self, name)
        wanted = f"{name} must be a finite number; got {given!r}."
        if not isinstance(given, Real) or isinstance(given, bool):
            raise TypeError(wanted)
        if not math.isfinite(given):
            raise ValueError(wanted)
        object.__setattr__(self, name, float(given))

    def _store_point(self, name: str) -> None:
        """Check that the field `name` is a point (x, y) and store it as a pair of floats."""
        given = getattr(self, name)
        wanted = f"{name} must be a pair of finite positions (x, y); got {given!r}."
        try:
            point = tuple(float(position) for position in given)
        except (TypeError, ValueError):
            raise TypeError(wanted) from None
        if len(point) != 2 or not all(map(math.isfinite, point)):
            raise ValueError(wanted)
        object.__setattr__(self, name, point)

    def _check_switch(self, name: str, hint: str) -> None:
        """Check that the field `name` is a switch and not, say, the strength it switches on."""
        given = getattr(self, name)
        if not isinstance(given, bool):
            raise TypeError(f"{name} must be True or False; got {given!r}: {hint}.")

    def _check_choice(self, name: str, choices: tuple[str, ...]) -> None:
        """Check that the field `name` is one of the given strings."""
        given = getattr(self, name)
        if given not in choices:
            raise ValueError(f"{name} must be one of {', '.join(choices)}; got {given!r}.")


def builder_of(system: Any) -> kwant.Builder:
    """A builder of a system, or a copy of a builder, whose list of leads may be replaced.

    Raises
    ------
    TypeError
        If the system has no builder.
    """
    if isinstance(system, kwant.Builder):
        return copy.copy(system)
    if hasattr(system, "builder"):
        return system.builder()
    raise TypeError(
        "Leads can only be added to or changed in a kwant.Builder or a value with a method "
        f"builder(), not in {type(system).__name__}: a finalized system is complete."
    )
