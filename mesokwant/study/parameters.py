"""Kwant parameters that follow from other numbers: a field that sets several Peierls phases, say.

`Derived` holds a function (numbers -> values of Kwant parameters) and the numbers it is called
with. A sweep takes the function itself as its ``params``; the names of the function's arguments
are then what can be swept, set and stored.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Derived:
    """Parameters that a function derives from its arguments.

    Attributes
    ----------
    function
        Takes the arguments by name and returns Kwant parameter -> value.
    arguments
        Argument -> its value; None where it has no value yet.

    Examples
    --------
    >>> derived = Derived.of(lambda field, angle=0.0: {"flux": field, "zeeman": 2 * field})
    >>> dict(derived.arguments)
    {'field': None, 'angle': 0.0}
    >>> derived.with_arguments({"field": 0.1}).evaluated()
    {'flux': 0.1, 'zeeman': 0.2}
    """

    function: Callable[..., Mapping[str, Any]]
    arguments: Mapping[str, Any]

    @classmethod
    def of(cls, function: Callable[..., Mapping[str, Any]]) -> Derived:
        """Read the arguments and their defaults from the signature of a function.

        Raises
        ------
        ValueError
            An argument has no name that could be swept, as ``*args``.
        """
        arguments = {}
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                raise ValueError(
                    f"params: the argument {name!r} of {_name(function)} has no name that can be "
                    "swept; write a function such as lambda B: {'flux': B}"
                )
            arguments[name] = None if parameter.default is parameter.empty else parameter.default
        return cls(function, arguments)

    def with_arguments(self, values: Mapping[str, Any]) -> Derived:
        """The same function with other values of some arguments."""
        return replace(self, arguments={**self.arguments, **values})

    def evaluated(self) -> dict[str, Any]:
        """The values of the Kwant parameters.

        Raises
        ------
        ValueError
            An argument has no value.
        TypeError
            The function returns no mapping.
        """
        for name, value in self.arguments.items():
            if value is None:
                raise ValueError(
                    f"{_name(self.function)} of params needs a value for {name!r}: make it an "
                    f"axis, axes={{{name!r}: (...)}}, or give it a default"
                )
        params = self.function(**self.arguments)
        if not isinstance(params, Mapping):
            raise TypeError(
                f"{_name(self.function)} of params must return a mapping of Kwant parameters, "
                f"such as {{'flux': B}}, not {params!r}"
            )
        return dict(params)


def _name(function: Callable[..., Any]) -> str:
    return f"the function {getattr(function, '__name__', repr(function))!r}"
