"""Values of axes and settings: which are allowed, and when two of them are the same.

An axis takes numbers, names (texts) or switches (true and false), one kind an axis. Numbers of
NumPy become plain ones, so that equal values are one point wherever they come from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any


def several(value: Any) -> bool:
    """Whether something is a sequence of values rather than one value."""
    return isinstance(value, Iterable) and not isinstance(value, str)


def plain(value: Any) -> Any:
    """A number of NumPy as one of Python; everything else as it is."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def checked_axes(axes: Any) -> dict[str, tuple[Any, ...]]:
    """The axes with their values as tuples of plain numbers, names or switches.

    Raises
    ------
    TypeError
        The axes are not a mapping.
    ValueError
        An axis is empty, repeats a value, mixes kinds, or has a value that is not finite.
    """
    if not isinstance(axes, Mapping):
        raise TypeError(
            f"axes must map names to values, such as axes={{'energy': (-1.0, 0.5)}}, not {axes!r}"
        )
    return {name: _checked(name, values) for name, values in axes.items()}


def like(name: str, old: Any, value: Any) -> Any:
    """A new value of a setting, of the kind of its old one: 40.0 sites are 40 sites.

    Raises
    ------
    ValueError
        A number that is not finite.
    """
    value = plain(value)
    if isinstance(value, Real) and not math.isfinite(value):
        raise ValueError(f"{name!r} must be finite, not {value!r}")
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole and isinstance(old, int) and not isinstance(old, bool) else value


def can_be_typed(value: Any) -> bool:
    """Whether a value, or each of a tuple, is a number, a name or a switch."""
    values = value if isinstance(value, tuple) and value else (value,)
    return all(isinstance(v, Real | str) for v in values)


def _checked(name: str, values: Any) -> tuple[Any, ...]:
    if not several(values):
        raise ValueError(f"axis {name!r} needs a sequence of values, not {values!r}")
    result = tuple(map(plain, values))
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
