"""The axes and settings of a study as options of a command, and what a person types for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ..names import short_names

if TYPE_CHECKING:
    from ..study.study import Study


@dataclass(frozen=True)
class Settable:
    """Something that can be set in a study: its names, unit and current value or axis."""

    name: str
    full: str
    current: Any
    swept: bool
    unit: str = ""

    def option(self, key: str) -> click.Option:
        """The option of a command that sets it."""
        several = isinstance(self.current, tuple)
        unit = f" in {self.unit}" if self.unit else ""
        default = "" if self.current is None else f" [default: {joined(self.current)}]"
        return click.Option(
            [f"--{name}" for name in dict.fromkeys((self.name, self.full))] + [key],
            metavar="V,V,... or FIRST:LAST:NUMBER" if self.swept else "V,V" if several else "V",
            multiple=True,
            help=f"{'Axis' if self.swept else 'Setting'}{unit}{default}.",
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
        return tuple(self._one(part.strip(), like) for part in text.split(",") if part.strip())

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
    """Everything that can be set in a study; names that are taken get their owner in front."""
    by_name: dict[str, Settable] = {}
    sweeps = study.named_sweeps
    for sweep in sweeps.values():
        for full, short in short_names(sweep.settable, taken).items():
            axis = sweep.axis_of(full)
            current = sweep.values[full] if axis is None else sweep.axes[axis]
            unit = sweep.units.get(full, "")
            by_name.setdefault(full, Settable(short, full, current, axis is not None, unit))
    # Where sweeps differ, each of their axes can also be set alone.
    for key, sweep in sweeps.items():
        if not study.is_single:
            for axis, values in sweep.axes.items():
                name = f"{key}.{axis}"
                unit = sweep.units.get(sweep.full_name(axis), "")
                by_name[name] = Settable(name, name, values, True, unit)
    return sorted(by_name.values(), key=lambda one: (not one.swept, one.name))


def joined(values: Any) -> str:
    """Values in a line, some of them where there are many."""
    several = values if isinstance(values, tuple | list | dict) else (values,)
    texts = [f"{v:g}" if isinstance(v, float) else str(v) for v in several]
    return ", ".join(texts if len(texts) <= 8 else [*texts[:3], "...", texts[-1]])
