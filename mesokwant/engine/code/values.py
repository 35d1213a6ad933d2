"""Writes values as canonical text, equal where two values do the same, and hashes it.

`ValueReader` takes any value of a study and gives 32 hexadecimal digits. It follows the user's own
functions, classes and modules, containers, and the attributes of instances; what belongs to a
library counts by its public name, or as `pickle` sees it. A value with a hidden state, such as a
generator of random numbers, is refused by a `ValueError` that names the way out.

The text is a part of the digest: where it changes, `mesokwant.engine.code.SCHEME` must change, too.
"""

from __future__ import annotations

import copyreg
import dataclasses
import enum
import functools
import hashlib
import io
import logging
import random
import re
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

import numpy as np
import scipy.sparse

from ...hamiltonian import kwant
from .bytecode import CLASS_ATTRIBUTES, LABELS, LOG, Code, is_log, is_only_written
from .ownership import (
    is_heap_class,
    is_own_class,
    is_own_module,
    is_own_namespace,
    public_name,
)
from .refusals import refuse_name, refused_objects

PLAIN_WAY_OUT = "make it a frozen dataclass with plain fields, or a function of a module"


class ValueReader:
    """Writes a value as text that is equal where the value does the same.

    Functions, classes, modules, instances and mutable containers are numbered in the order in
    which they are met, written once each, and referred to by their numbers: cycles end, and no
    name of a module is in the text.
    """

    def __init__(self, numbers: dict[int, int] | None = None) -> None:
        self.numbers = dict(numbers or {})
        # Whether a number is taken is decided by id(): nothing may be freed meanwhile.
        self.alive: list[Any] = []
        self.queue: deque[tuple[str, Callable[[], str]]] = deque()
        self.labels: list[tuple[str, str, Any]] = []
        self.attributes: set[str] = set()
        self.owner = "the value"
        self.refused = refused_objects()

    def digest(self, value: Any) -> str:
        """Give 32 hexadecimal digits for a value and all that it refers to."""
        try:
            lines = [self.text(value), *self._queued()]
        except RecursionError:
            raise ValueError(
                f"{self.owner} uses values that are nested too deeply to be covered; "
                f"{PLAIN_WAY_OUT}"
            ) from None
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]

    def text(self, value: Any) -> str:
        """Write a value where it stands; what is numbered is written later."""
        kind = type(value)
        if kind in _SCALARS:
            return f"{kind.__name__} {value!r}"
        if id(value) in self.refused:
            refuse_name(self.refused[id(value)], self.owner)
        if kind is tuple:
            return f"({', '.join(map(self.text, value))})"
        if kind is list:
            return self._numbered(value, lambda: f"[{', '.join(map(self.text, value))}]")
        if kind in (dict, types.MappingProxyType):
            # Their order is kept: a sum over a dictionary may depend on it.
            return self._numbered(value, lambda: f"{{{self._pairs(value.items())}}}")
        if kind in (set, frozenset):
            return self._set(value)
        for condition, write in _WRITERS:
            if condition(value):
                return write(self, value)
        owner = f"an instance of {kind.__qualname__!r}" if is_own_class(kind) else ""
        return self._numbered(value, lambda: self._instance(value), owner)

    def _numbered(self, value: Any, write: Callable[[], str], owner: str = "") -> str:
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.numbers)
            self.alive.append(value)
            self.queue.append((owner or self.owner, write))
        return f"<{number}>"

    def _queued(self) -> Iterator[str]:
        """Write what is numbered, and at last the labels that some code reads."""
        while True:
            while self.queue:
                self.owner, write = self.queue.popleft()
                yield write()
            read = [label for label in self.labels if label[1] in self.attributes]
            if not read:
                return
            self.labels = [label for label in self.labels if label[1] not in self.attributes]
            for owner, name, value in read:
                self.owner = owner
                yield f"{name}={self.text(value)}"

    def _pairs(self, items: Iterable[tuple[Any, Any]]) -> str:
        return ", ".join(f"{self.text(key)}: {self.text(value)}" for key, value in items)

    def _attributes(self, items: Iterable[tuple[str, Any]]) -> str:
        """Write attributes by name, without those that label results."""
        parts = []
        for name, value in sorted(items):
            if name in LABELS:
                self.labels.append((self.owner, name, value))
            else:
                parts.append(f"{name}={self.text(value)}")
        return ", ".join(parts)

    def _set(self, value: Iterable[Any]) -> str:
        """Write a set in an order that does not depend on the process."""

        def key(element: Any) -> str:
            if type(element) in _SCALARS:
                return self.text(element)
            # Where it stands among what is numbered must not depend on the order itself.
            reader = ValueReader(self.numbers)
            reader.owner = self.owner
            return reader.digest(element)

        return f"set({', '.join(map(self.text, sorted(value, key=key)))})"

    # -- refusals --------------------------------------------------------------------------

    def _refuse_value(self, value: Any, why: str, way_out: str = PLAIN_WAY_OUT) -> str:
        kind = type(value)
        uses = "is" if self.owner == "the value" else "uses"
        raise ValueError(
            f"{self.owner} {uses} a {kind.__module__}.{kind.__qualname__}, {why}; {way_out}"
        )

    def _stateful(self, value: Any) -> str:
        if value is np.random.mtrand._rand:  # It stands in every distribution of scipy.stats.
            return "numpy.random"
        way_out = "create it from plain values inside of the function that uses it"
        return self._refuse_value(value, "whose hidden state can't be covered", way_out)

    # -- modules, functions, classes -------------------------------------------------------

    def _module(self, module: types.ModuleType) -> str:
        if not is_own_namespace(vars(module)):
            return f"module {module.__name__}"

        def write() -> str:
            names = [name for name in vars(module) if not re.fullmatch("__.*__", name)]
            return f"module {self._attributes((name, vars(module)[name]) for name in names)}"

        return self._numbered(module, write, f"the module {module.__name__!r}")

    def _function(self, function: types.FunctionType) -> str:
        name = function.__code__.co_qualname
        if name.startswith("__create_fn__."):
            return "generated"  # The fields of the dataclass decide what it does.
        if is_own_namespace(function.__globals__):
            return self._numbered(
                function, lambda: self._own_function(function), _named(function.__code__)
            )
        text = f"function {public_name(function.__globals__.get('__name__'), name)}"
        if "<locals>" not in name:
            return text
        return self._numbered(function, lambda: f"{text}{self._bound(function)}")

    def _own_function(self, function: types.FunctionType) -> str:
        code = Code(self, function.__code__, function.__globals__)
        return f"{code.text()}{self._bound(function)}({self._attributes(vars(function).items())})"

    def _bound(self, function: types.FunctionType) -> str:
        """Write the default arguments and what a function closes over."""
        code = function.__code__
        cells = [
            LOG if is_log(content := _content(cell)) and is_only_written(code, name) else content
            for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True)
        ]
        if function.__code__.co_qualname.startswith("singledispatch."):
            # The cache of the dispatcher is among the cells; its registry is what decides.
            cells = [dict(function.registry)]  # type: ignore[attr-defined]
        keywords = sorted((function.__kwdefaults__ or {}).items())
        return (
            f"({self.text(function.__defaults__)}, {self._pairs(keywords)}, {self.text((*cells,))})"
        )

    def _class(self, cls: type) -> str:
        if not is_own_class(cls):
            return f"class {public_name(cls.__module__, cls.__qualname__)}"
        return self._numbered(cls, lambda: self._own_class(cls), f"the class {cls.__qualname__!r}")

    def _own_class(self, cls: type) -> str:
        parts = [self.text(type(cls)), self.text(cls.__bases__)]
        attributes = {
            name: value
            for name, value in vars(cls).items()
            if name not in CLASS_ATTRIBUTES and not isinstance(value, types.GetSetDescriptorType)
        }
        if issubclass(cls, enum.Enum):
            members = cls.__members__
            parts.append(self._pairs((name, member._value_) for name, member in members.items()))
            attributes = {
                name: value
                for name, value in attributes.items()
                if name not in members and not re.fullmatch("_[a-z0-9].*_|__new__", name)
            }
        for field in vars(cls).get("__dataclass_fields__", {}).values():
            # Fields without a default say so by one value that all of them share.
            values = [
                "none" if v is dataclasses.MISSING else self.text(v)
                for v in (field.default, field.default_factory)
            ]
            parts.append(f"{field.name} {values} {field.init} {field.kw_only is True}")
            attributes.pop(field.name, None)
        parts.append(self._attributes(attributes.items()))
        return f"class {'; '.join(parts)}"

    def _method(self, method: types.MethodType) -> str:
        return f"method({self.text(method.__func__)}, {self.text(method.__self__)})"

    def _builtin(self, function: Any) -> str:
        owner = function.__self__
        if owner is None or isinstance(owner, types.ModuleType):
            return f"function {public_name(function.__module__, function.__qualname__)}"
        return f"method({function.__name__}, {self.text(owner)})"

    def _descriptor(self, value: Any) -> str:
        return f"{self.text(value.__objclass__)}.{value.__name__}"

    def _property(self, value: property) -> str:
        return f"property({', '.join(map(self.text, (value.fget, value.fset, value.fdel)))})"

    def _wrapper(self, value: Any) -> str:
        """Write what stands around one function and changes how it is called, or how often."""
        names = ("__func__", "py_func", "func", "__wrapped__")
        inner = next(getattr(value, name) for name in names if hasattr(value, name))
        options = getattr(value, "targetoptions", None)  # of numba
        return f"{type(value).__qualname__}({self.text(inner)}, {self.text(options)})"

    def _vectorized(self, value: np.vectorize) -> str:
        parts = (value.pyfunc, value.otypes, value.signature, value.excluded, value.cache)
        return f"vectorize{self.text(parts)}"

    def _partial(self, value: functools.partial[Any]) -> str:
        keywords = sorted(value.keywords.items())
        function, arguments = self.text(value.func), self.text(value.args)
        state = self._attributes(vars(value).items())
        return f"partial({function}, {arguments}, {self._pairs(keywords)}, {state})"

    def _ufunc(self, value: np.ufunc) -> str:
        for name in ("numpy", "scipy.special"):
            if getattr(sys.modules.get(name), value.__name__, None) is value:
                return f"function {name}:{value.__name__}"
        return self._refuse_value(value, "which hides its function", "use numpy.vectorize")

    # -- values ----------------------------------------------------------------------------

    def _array(self, value: Any) -> str:
        array = np.asarray(value)
        kind = f"{type(value).__name__} {self.text(array.dtype.descr)} {array.shape}"
        if array.dtype.hasobject:
            return f"{kind} {self.text(array.ravel().tolist())}"
        return f"{kind} {hashlib.sha256(array.tobytes()).hexdigest()}"

    def _sparse(self, value: Any) -> str:
        # Flags that say whether the elements are sorted change when an array is used.
        array = value.tocoo()
        order = np.lexsort(array.coords[::-1])
        coordinates = np.array(array.coords)[:, order]
        return f"{type(value).__name__} {value.shape} {self.text((array.data[order], coordinates))}"

    def _labelled(self, value: Any) -> str:
        return f"{type(value).__name__} {self.text(value.to_dict(data='array'))}"

    def _member(self, value: enum.Enum) -> str:
        return f"{self.text(type(value))}.{value._name_} {self.text(value._value_)}"

    def _family(self, value: Any) -> str:
        return f"{self.text(type(value))} {value.canonical_repr} {value.norbs}"

    def _site(self, value: Any) -> str:
        return f"{self.text(value.family)} {(*value.tag,)}"

    def _system(self, value: Any) -> str:
        """Write a finalized system without its tables, which follow from the rest."""

        def write() -> str:
            parts = (
                type(value), value.symmetry, tuple(value.sites), np.array(list(value.graph)),
                tuple(value.onsites), tuple(value.hoppings), getattr(value, "leads", ()),
                getattr(value, "lead_interfaces", ()),
            )  # fmt: skip
            return f"system {self.text(parts)}"

        return self._numbered(value, write)

    def _symmetry(self, value: Any) -> str:
        # What the symmetry has worked out for each lattice so far is left out.
        return f"{self.text(type(value))} {self.text(value.periods)} {value.is_reversed}"

    def _instance(self, value: Any) -> str:
        cls = type(value)
        native = [base for base in cls.__mro__[:-1] if not is_heap_class(base)]
        if not is_own_class(cls) or (native and native[0] not in _CONTAINERS):
            return self._reduced(value)
        content = self.text(native[0](value)) if native else ""
        state = dict(getattr(value, "__dict__", {}))
        for base in cls.__mro__:
            slots = vars(base).get("__slots__", ())
            for name in (slots,) if isinstance(slots, str) else slots:
                if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                    state[name] = getattr(value, name)
        return f"{self.text(cls)} {content} {self._attributes(_uncached(cls, state).items())}"

    def _reduced(self, value: Any) -> str:
        """Write a value of a library as pickle sees it."""
        reduce = copyreg.dispatch_table.get(type(value))
        try:
            reduced = value.__reduce_ex__(4) if reduce is None else reduce(value)
        except Exception as error:  # noqa: BLE001 - each class has its own way to refuse
            self._refuse_value(value, f"which can't be covered ({error})")
        if isinstance(reduced, str):
            module = getattr(value, "__module__", None) or "builtins"
            if is_own_module(module) and not isinstance(value, _TYPING):
                self._refuse_value(value, "which shows only its name")
            return f"name {public_name(module, reduced)}"
        make, args, *rest = reduced
        state, elements, items = (*rest, None, None, None)[:3]
        if isinstance(state, dict):
            state = _uncached(type(value), state)
        parts = (make, args, state, list(elements or ()), list(items or ()))
        return ", ".join(map(self.text, parts))


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return "nothing yet"


def _uncached(cls: type, state: dict[str, Any]) -> dict[str, Any]:
    """Leave out of the attributes of an instance what `functools.cached_property` keeps."""
    cached = {
        name
        for base in cls.__mro__
        for name, value in vars(base).items()
        if isinstance(value, functools.cached_property)
    }
    return {name: value for name, value in state.items() if name not in cached}


def _named(code: types.CodeType) -> str:
    return f"the function {code.co_qualname!r}"


def _is(*kinds: Any) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _is_array(value: Any) -> bool:
    kind = type(value)
    return kind is np.ndarray or isinstance(value, np.generic) or kind.__module__ == "tinyarray"


_SCALARS = (
    type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented)
)  # fmt: skip
_CONTAINERS = (dict, list, tuple, set, frozenset, str, bytes, int, float, complex)
_TYPING = (TypeVar, ParamSpec)
_NATIVE = (types.MethodDescriptorType, types.WrapperDescriptorType, types.MemberDescriptorType)
_STATEFUL = (
    np.random.Generator, np.random.RandomState, np.random.BitGenerator, random.Random, io.IOBase,
    Iterator,
)  # fmt: skip
_CACHES = type(functools.cache(len))

_WRITERS: tuple[tuple[Callable[[Any], bool], Callable[[ValueReader, Any], str]], ...] = (
    (_is(types.ModuleType), ValueReader._module),
    (_is(types.FunctionType), ValueReader._function),
    (_is(type), ValueReader._class),
    (_is(types.MethodType), ValueReader._method),
    (_is(types.BuiltinFunctionType, types.MethodWrapperType), ValueReader._builtin),
    (_is(*_NATIVE, types.ClassMethodDescriptorType), ValueReader._descriptor),
    (_is(property), ValueReader._property),
    (_is(functools.partial), ValueReader._partial),
    (_is(staticmethod, classmethod, functools.cached_property, _CACHES), ValueReader._wrapper),
    (lambda value: hasattr(value, "py_func"), ValueReader._wrapper),  # compiled by numba
    (_is(np.vectorize), ValueReader._vectorized),
    (_is(np.ufunc), ValueReader._ufunc),
    (_is_array, ValueReader._array),
    (_is(scipy.sparse.sparray, scipy.sparse.spmatrix), ValueReader._sparse),
    (lambda value: type(value).__module__.startswith("xarray."), ValueReader._labelled),
    (_is(enum.Enum), ValueReader._member),
    (_is(kwant.builder.SiteFamily), ValueReader._family),
    (_is(kwant.builder.Site), ValueReader._site),
    (_is(kwant.builder.FiniteSystem, kwant.builder.InfiniteSystem), ValueReader._system),
    (_is(kwant.lattice.TranslationalSymmetry), ValueReader._symmetry),
    (_is(logging.Logger), lambda reader, value: "logger"),
    (_is(*_STATEFUL), ValueReader._stateful),
)
"""Which values are written how; the first condition that holds decides."""
