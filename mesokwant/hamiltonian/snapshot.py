"""Tell whether a value function, and what it reads, is the same as it was before.

`snapshot` takes a function, a constant or the value of a parameter, and gives a hashable value. Two
snapshots are equal only where the same arguments lead to the same result: the snapshot of a
function covers its code, its defaults, what it closes over and the globals that it reads, whose
values may change between two calls. What can't be covered raises a `NoSnapshotError`.
"""

from __future__ import annotations

import builtins
import dis
import functools
import hashlib
import random
import sys
import types
from collections.abc import Hashable
from typing import Any

import numpy as np

from . import kwant

LIBRARIES = frozenset({
    "builtins", "cmath", "collections", "functools", "itertools", "kwant", "math", "mesokwant",
    "numbers", "numpy", "operator", "scipy", "systems", "tinyarray", "typing",
})  # fmt: skip
"""Packages whose functions and classes do not change while a program runs."""
LARGEST = 20_000
"""A snapshot of so many parts would take longer than the evaluation that it may save."""

_RANDOM = (np.random.Generator, np.random.RandomState, np.random.BitGenerator, random.Random)
_SCALARS = (type(None), bool, int, float, complex, str, bytes, np.generic)
_FUNCTIONS = frozenset({
    "ufunc", "builtin_function_or_method", "cython_function_or_method", "_ArrayFunctionDispatcher",
})  # fmt: skip
_LOOSE = frozenset({"eval", "exec", "globals", "vars", "locals", "open", "input", "__import__"})


class NoSnapshotError(ValueError):
    """A value can change unnoticed.

    Attributes
    ----------
    random
        Whether it draws random numbers or reads the clock, so that no two results are alike.
    """

    def __init__(self, message: str, *, random: bool = False) -> None:
        super().__init__(message)
        self.random = random


def snapshot(value: Any) -> Hashable:
    """Describe a value such that its changes are seen.

    Parameters
    ----------
    value
        A function, a constant or the value of a parameter.

    Raises
    ------
    NoSnapshotError
        If the value has a state that can't be read, as an instance of a user's class.

    Examples
    --------
    >>> snapshot([1, 2.0]) == snapshot([1, 2.0]) != snapshot([1, 2])
    True
    """
    return _Reader().read(value)


class _Reader:
    """Reads one value; knows the functions that it has met, which may call each other."""

    def __init__(self) -> None:
        self.functions: list[types.FunctionType] = []
        self.parts = 0

    def read(self, value: Any) -> Hashable:
        self.parts += 1
        if self.parts > LARGEST:
            raise NoSnapshotError("the value is too large")
        kind = type(value)
        if isinstance(value, _SCALARS):
            # The text tells 1 from 1.0 and 0.0 from -0.0, and NaN equals itself.
            return kind, repr(value)
        if kind.__module__ == "tinyarray":
            return kind, value.shape, repr(value)
        if kind is np.ndarray and not value.dtype.hasobject:
            content = hashlib.blake2b(value.tobytes()).digest()
            return kind, value.dtype.str, value.shape, content
        if isinstance(value, tuple) or kind is list:
            return (kind, *map(self.read, value))
        if kind in (set, frozenset):
            return kind, frozenset(map(self.read, value))
        if kind is dict:
            return (kind, *((self.read(k), self.read(v)) for k, v in value.items()))
        if isinstance(value, kwant.builder.SiteFamily):
            return kind, repr(value)
        if isinstance(value, types.FunctionType):
            return self._function(value)
        if kind is kwant.builder.HermConjOfFunc:
            return kind, self.read(value.function)
        if isinstance(value, types.MethodType):
            return kind, self.read(value.__func__), self.read(value.__self__)
        if kind is functools.partial:
            return kind, self.read((value.func, value.args, value.keywords))
        return self._of_library(value)

    def _function(self, function: types.FunctionType) -> Hashable:
        closed = [self.read(_content(cell)) for cell in function.__closure__ or ()]
        if _package(function.__module__) in LIBRARIES:
            # Kwant wraps value functions in functions of its own.
            return self._of_library(function), *closed
        if function in self.functions:
            return self.functions.index(function)
        self.functions.append(function)
        names, imports = _names_in(function.__code__)
        known = function.__globals__
        read = [self.read(known[name]) for name in names if name in known]
        missing = [name for name in names if name not in known and not hasattr(builtins, name)]
        modules = [self.read(sys.modules.get(name, _Identity(name))) for name in imports]
        defaults = self.read((function.__defaults__, function.__kwdefaults__, vars(function)))
        return function, function.__code__, defaults, *read, *missing, *modules, *closed

    def _of_library(self, value: Any) -> Hashable:
        """A value that stays the same as long as it is the same object."""
        owner = getattr(value, "__self__", None)
        if isinstance(value, _RANDOM) or isinstance(owner, _RANDOM):
            raise NoSnapshotError("random numbers have no snapshot", random=True)
        module = ""
        if isinstance(value, types.ModuleType):
            module = value.__name__
        elif isinstance(value, type | types.FunctionType) or type(value).__name__ in _FUNCTIONS:
            # A method of an object has the object's state.
            if owner is None or isinstance(owner, types.ModuleType):
                module = getattr(value, "__module__", None) or type(value).__module__
        elif isinstance(value, kwant.lattice.Polyatomic):
            module = "kwant"
        if module.startswith("numpy.random") or _package(module) in ("random", "secrets", "time"):
            raise NoSnapshotError(f"{module} gives other numbers every time", random=True)
        if _package(module) not in LIBRARIES:
            raise NoSnapshotError(f"a {type(value).__qualname__} may change unnoticed")
        return _Identity(value)


class _Identity:
    """Holds an object, so that no other can get its id; equal for the same object."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _package(module: str | None) -> str:
    return (module or "").partition(".")[0]


@functools.lru_cache(maxsize=512)
def _names_in(code: types.CodeType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The globals that code reads or writes, and the modules that it imports."""
    names: dict[str, None] = {}
    imports: dict[str, None] = {}
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL"):
            names[step.argval] = None
        elif step.opname == "IMPORT_NAME":
            imports[step.argval] = None
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and step.argval == "random":
            raise NoSnapshotError("the function draws random numbers", random=True)
        if isinstance(step.argval, types.CodeType):
            for known, found in zip((names, imports), _names_in(step.argval), strict=True):
                known.update(dict.fromkeys(found))
    if loose := _LOOSE & names.keys():
        raise NoSnapshotError(f"what {min(loose)} reads can't be known")
    return tuple(names), tuple(imports)
