"""The axes and settings of a study as options of a command, and what a person types for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from ..names import short_names

if TYPE_CHECKING:
    from ..study.study import Study
    from ..study.sweep import Sweep


VALUES = "An axis takes VALUES, written V,V,... or FIRST:LAST:NUMBER."
"""Stands in the help of a command with axes."""


@dataclass(frozen=True)
class Settable:
    """Something that can be set in a study.

    Attributes
    ----------
    name, full
        The short name and the full one.
    current
        Its value, or the values of the axis.
    swept
        Whether it is an axis.
    unit
        Its unit, if it has one.
    sweep
        The sweep that it is set in, where it is set in one alone.
    differs
        Whether the sweeps that have it have different values of it.
    """

    name: str
    full: str
    current: Any
    swept: bool
    unit: str = ""
    sweep: str = ""
    differs: bool = False

    def option(self, key: str) -> click.Option:
        """The option of a command that sets it."""
        several = isinstance(self.current, tuple)
        unit = self.unit if self.unit.startswith("per ") else f"in {self.unit}"
        default = "see each sweep" if self.differs else joined(self.current)
        has_default = self.current is not None and self.current != ()
        return click.Option(
            [f"--{name}" for name in dict.fromkeys((self.name, self.full))] + [key],
            metavar="VALUES" if self.swept else "V,V" if several else "V",
            multiple=True,
            help=("Axis" if self.swept else "Setting")
            + (f" {unit}" if self.unit else "")
            + (f" [default: {default}]" if has_default else "")
            + ".",
        )

    def parsed(self, texts: tuple[str, ...]) -> Any:
        """The value, or tuple of values, that a person wrote, of the kind of the current one.

        Raises
        ------
        click.UsageError
            It is not of that kind, or given twice.
        """
        if len(texts) > 1:
            raise click.UsageError(f"--{self.name} is given {len(texts)} times: give it once")
        text = texts[0]
        several = isinstance(self.current, tuple)
        like = self.current[0] if several else self.current
        if self.swept and text.count(":") == 2 and not isinstance(like, str):
            return self._spaced(text)
        if not several:
            return self._one(text, like)
        values = tuple(self._one(part.strip(), like) for part in text.split(",") if part.strip())
        # One value is also for the sweeps in which this is no axis.
        return values[0] if self.swept and len(values) == 1 else values

    def _spaced(self, text: str) -> tuple[float, ...]:
        first, last, number = text.split(":")
        import numpy as np

        try:
            values = np.linspace(float(first), float(last), int(number)).tolist()
        except ValueError:
            raise click.UsageError(
                f"--{self.name} {text}: write FIRST:LAST:NUMBER, such as 0:0.02:5"
            ) from None
        # 0:0.3:4 has the point 0.1 that a person would write, not its neighbour.
        return tuple(float(f"{value:.12g}") for value in values)

    def _one(self, text: str, like: Any) -> Any:
        if isinstance(like, bool):
            if text.lower() not in ("true", "false"):
                raise click.UsageError(f"--{self.name} is true or false, not {text!r}")
            return text.lower() == "true"
        if isinstance(like, str):
            return text
        for number in (int, float):
            try:
                return number(text)
            except ValueError:
                continue
        if like is None:
            return text
        raise click.UsageError(f"--{self.name} takes numbers, not {text!r}")


def settable(study: Study, taken: set[str]) -> list[Settable]:
    """Everything that can be set in a study: first in all sweeps alike, then in each alone.

    Names that are taken get their owner in front. Where there are several sweeps, each of them has
    its axes, and the settings in which the sweeps differ, under ``SWEEP.name``.
    """
    alone = {
        key: [
            _settable(sweep, key, full, short)
            for full, short in short_names(sweep.settable).items()
        ]
        for key, sweep in study.named_sweeps.items()
    }
    together: dict[str, list[Settable]] = {}
    for of_sweep in alone.values():
        for one in of_sweep:
            together.setdefault(one.full, []).append(one)
    differing = {
        full for full, ones in together.items() if len({repr(one.current) for one in ones}) > 1
    }
    names = short_names(together, taken)
    result = []
    for full, ones in together.items():
        one = next((one for one in ones if one.swept), ones[0])
        result.append(replace(one, name=names[full], sweep="", differs=full in differing))
    result.sort(key=_order)
    if not study.is_single:
        for key, of_sweep in alone.items():
            for one in sorted(of_sweep, key=_order):
                if one.swept or one.full in differing:
                    name = f"{key}.{one.name}"
                    result.append(replace(one, name=name, full=name))
    return result


def _settable(sweep: Sweep, key: str, full: str, short: str) -> Settable:
    axis = sweep.axis_of(full)
    current = sweep.values[full] if axis is None else sweep.axes[axis]
    return Settable(short, full, current, axis is not None, sweep.units.get(full, ""), key)


def _order(one: Settable) -> tuple[bool, str]:
    return not one.swept, one.name


def joined(values: Any) -> str:
    """Values in a line, some of them where there are many."""
    several = values if isinstance(values, tuple | list | dict) else (values,)
    texts = [f"{v:g}" if isinstance(v, float) else str(v) for v in several]
    return ", ".join(texts if len(texts) <= 8 else [*texts[:3], "...", texts[-1]])
