"""A point of a sweep: the values of its axes, in one form from the plan to the stored row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Point(Mapping[str, Any]):
    """Axis name -> value, in the order of the axes; immutable and hashable.

    A point equals every mapping with the same items, whatever their order, and whole numbers
    equal the same numbers as floats. Points therefore serve as keys of what is computed and of
    what is stored.

    Examples
    --------
    >>> point = Point(length=3, energy=-0.7)
    >>> point["length"], point == {"energy": -0.7, "length": 3.0}
    (3, True)
    >>> print(point)
    length=3, energy=-0.7
    """

    __slots__ = ("_values",)

    def __init__(
        self, values: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), /, **more: Any
    ) -> None:
        self._values = dict(values, **more)

    def __getitem__(self, axis: str) -> Any:
        return self._values[axis]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Point({self._values!r})"

    def __str__(self) -> str:
        return ", ".join(f"{axis}={value!r}" for axis, value in self._values.items())
