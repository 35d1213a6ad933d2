"""A digest of all code and constants that decide what a callable does.

`code_digest` takes a function, a class or any other value of a study and gives a short text. Two
texts differ where the code differs that the value may run, however deep in helper modules the
difference is. A store compares them, so that it never answers new code with old numbers.

What counts as the user's own code is every module that is neither of the standard library, nor
installed among the libraries, nor a part of mesokwant and its systems: files beside a study,
packages that are installed in editable form, notebooks, and the modules of `studies`. It is
followed through global names, attributes of modules, imports inside functions, closures, default
arguments, classes with their bases, and the attributes of instances. Constants count by their
value. Everything else counts by its name alone: another version of a library is the same code,
also of one's own package where it is installed without ``--editable``.

What decides no number changes nothing: comments, formatting, docstrings, annotations of functions
at the top of a module and of methods, names of local variables, the places of files, line
numbers, and the process. Attributes called ``dims``, ``unit`` or ``units`` label results and
count only where the code itself reads them. These limits are known:

*   Functions count by their bytecode, which all patch releases of a minor version of Python
    share. Other minor versions compile otherwise: the digest starts with the version, and digests
    of two versions can't be compared.
*   An edit that changes the bytecode or a constant but no number counts as a difference: for
    example another order of the keys of a dictionary, or annotations of nested functions.
*   Constants are those at the time of the digest. A dictionary that functions fill and read is
    such a constant, and looks like another one after a run in the same process; the content of
    `functools.cache` and lists that functions only append to are left out.
*   Arrays count bit by bit. Where importing a module computes them, another machine may round
    them in another way.

What can't be covered is refused: code that is chosen by its text (``eval``, ``exec``,
``globals``, ``importlib.import_module``), functions that assign global names or read files, and
values with a hidden state such as generators of random numbers, open files and locks.

>>> from functools import partial
>>> def power(x, exponent):
...     return x**exponent
>>> code_digest(partial(power, exponent=2)) == code_digest(partial(power, exponent=3))
False
"""

from __future__ import annotations

import builtins
import copyreg
import dataclasses
import dis
import enum
import functools
import hashlib
import importlib
import importlib.util
import inspect
import io
import itertools
import logging
import random
import re
import sys
import sysconfig
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
import scipy.sparse

from ..hamiltonian import kwant

SCHEME = "2"
"""What digests start with. The first scheme covered the bytecode of a single function alone."""

LABELS = ("dims", "unit", "units")
"""Attributes that label results; they count only where the user's code reads them."""

DYNAMIC = {
    "builtins.eval", "builtins.exec", "builtins.compile", "builtins.globals",
    "builtins.__import__", "importlib.import_module", "importlib.reload", "sys.modules",
    "runpy.run_path", "runpy.run_module",
}  # fmt: skip
"""What chooses code by its text."""
FILES = {
    "builtins.open", "builtins.input", "numpy.load", "numpy.loadtxt", "numpy.genfromtxt",
    "numpy.fromfile", "numpy.memmap", "scipy.io.loadmat", "pandas.read_csv", "pandas.read_table",
    "pandas.read_hdf", "pandas.read_parquet", "pandas.read_excel", "pandas.read_pickle",
    "xarray.open_dataset", "xarray.open_dataarray", "xarray.load_dataset",
    "xarray.load_dataarray",
}  # fmt: skip
"""What reads files."""
READING_METHODS = ("read_text", "read_bytes")

UNCONDITIONAL = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")
ENDS = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE")
SKIPPED = ("NOP", "CACHE", "EXTENDED_ARG")
GLOBAL_LOADS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
ATTRIBUTE_LOADS = ("LOAD_ATTR", "LOAD_METHOD")
WRITES = ("add", "append", "appendleft", "clear", "extend", "insert", "update")
"""Methods of containers that give nothing: what is only written decides no number."""
_LOG = "a log"

KINDS = 0x04 | 0x08 | 0x20 | 0x80 | 0x200
"""Flags of code that count: \\*args, \\*\\*kwargs, generators and coroutines."""

REFLECTION = ("getattr", "vars", "__dict__", "fields", "asdict", "astuple")
"""What may read an attribute without naming it."""

MODULE_WORDS = ("__name__", "__file__", "__doc__", "__package__", "__spec__", "__builtins__")
"""Global names that say where a module lies."""
CLASS_WORDS = {
    "__doc__", "__module__", "__qualname__", "__annotations__", "__annotate__",
    "__annotate_func__", "__annotations_cache__", "__firstlineno__", "__static_attributes__",
    "__dict__", "__weakref__", "__abstractmethods__", "_abc_impl", "__dataclass_fields__",
    "__dataclass_params__", "__parameters__", "__orig_bases__", "__classdictcell__",
}  # fmt: skip
"""Attributes of classes that decide nothing, or that are covered in another way."""

PLAIN_WAY_OUT = "make it a frozen dataclass with plain fields, or a function of a module"


def code_digest(value: Any) -> str:
    """Identify all code and constants that decide what a value does.

    Parameters
    ----------
    value
        A function, method, `functools.partial`, class, instance of a class, or plain value.

    Returns
    -------
    str
        ``2:cpython-311:`` and 32 hexadecimal digits. It is the same in every process and on
        every machine with this minor version of Python.

    Raises
    ------
    ValueError
        If something that the value uses can't be covered; the message says how to make it so.

    Examples
    --------
    >>> code_digest(lambda x: x + 1) == code_digest(lambda y: y + 1)
    True
    """
    return f"{SCHEME}:{sys.implementation.cache_tag}:{_Reader().digest(value)}"


def is_own(value: Any) -> bool:
    """Whether a function, or the class of a value, is the user's own code."""
    value = getattr(value, "__func__", value)
    if isinstance(value, types.FunctionType):
        return _is_own_namespace(value.__globals__)
    return _is_own_class(value if isinstance(value, type) else type(value))


# -- whose code it is ----------------------------------------------------------------------


@functools.cache
def _library_folders() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple(Path(sysconfig.get_path(name)).resolve() for name in names)


@functools.cache
def _is_own_file(file: str) -> bool:
    path, package = Path(file).resolve(), Path(__file__).resolve().parents[1]
    root = package.parent
    if path.is_relative_to(root / "studies"):
        return True  # Studies are the user's, also where they are installed with mesokwant.
    if path.is_relative_to(package) or path.is_relative_to(root / "systems"):
        return False
    if {"site-packages", "dist-packages"} & set(path.parts):
        return False
    return not any(path.is_relative_to(folder) for folder in _library_folders())


def _is_own_namespace(namespace: dict[str, Any]) -> bool:
    """Whether the module with these global names is the user's."""
    if namespace.get("__name__") == "__main__":
        return True
    file = namespace.get("__file__")
    if file is not None:
        return _is_own_file(file)
    origin = getattr(namespace.get("__spec__"), "origin", None)
    name = namespace.get("__name__", "")
    # A module without a file is a notebook, or was made by exec.
    return origin not in ("built-in", "frozen") and name not in sys.builtin_module_names


def _is_own_module(name: str) -> bool:
    """Whether the module of this name is the user's; an import that fails makes it no-one's."""
    if name in sys.modules:
        return _is_own_namespace(vars(sys.modules[name]))
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.has_location and _is_own_file(str(spec.origin))


def _is_own_class(cls: type) -> bool:
    module = sys.modules.get(cls.__module__)
    if module is None:
        return _is_heap(cls)
    return _is_heap(cls) and _is_own_namespace(vars(module))


def _is_heap(cls: type) -> bool:
    """Whether a class was made by a class statement, not in C (as `copyreg` tells them apart)."""
    return bool(cls.__flags__ & (1 << 9))


def _public(module: str | None, name: str) -> str:
    """The name of a thing of a library, without the private modules that versions move about."""
    parts = [part for part in (module or "").split(".") if not part.startswith("_")]
    return f"{'.'.join(parts) or module}:{name}"


# -- what it is, as text -------------------------------------------------------------------


class _Reader:
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
        self.refused = {id(_found(name)): name for name in DYNAMIC | FILES}
        self.refused.pop(id(None), None)

    def digest(self, value: Any) -> str:
        try:
            lines = [self.text(value), *self._queued()]
        except RecursionError:
            raise ValueError(
                f"{self.owner} uses values that are nested too deeply to be covered; "
                f"{PLAIN_WAY_OUT}"
            ) from None
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]

    def text(self, value: Any) -> str:
        """A value where it stands; what is numbered is written later."""
        kind = type(value)
        if kind in _SCALARS:
            return f"{kind.__name__} {value!r}"
        if id(value) in self.refused:
            self.refuse_name(self.refused[id(value)])
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
        owner = f"an instance of {kind.__qualname__!r}" if _is_own_class(kind) else ""
        return self._numbered(value, lambda: self._instance(value), owner)

    def _numbered(self, value: Any, write: Callable[[], str], owner: str = "") -> str:
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.numbers)
            self.alive.append(value)
            self.queue.append((owner or self.owner, write))
        return f"<{number}>"

    def _queued(self) -> Iterator[str]:
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
        """Attributes by name, without those that label results."""
        parts = []
        for name, value in sorted(items):
            if name in LABELS:
                self.labels.append((self.owner, name, value))
            else:
                parts.append(f"{name}={self.text(value)}")
        return ", ".join(parts)

    def _set(self, value: Iterable[Any]) -> str:
        """A set in an order that does not depend on the process."""

        def key(element: Any) -> str:
            if type(element) in _SCALARS:
                return self.text(element)
            # Where it stands among what is numbered must not depend on the order itself.
            reader = _Reader(self.numbers)
            reader.owner = self.owner
            return reader.digest(element)

        return f"set({', '.join(map(self.text, sorted(value, key=key)))})"

    # -- refusals --------------------------------------------------------------------------

    def refuse_name(self, name: str) -> None:
        """Refuse what has this name if it chooses code by its text, or reads a file."""
        if name in FILES:
            raise ValueError(_file_message(self.owner, name))
        if name in DYNAMIC:
            raise ValueError(
                f"{self.owner} uses {name}, so that the code it runs can't be followed; call "
                "functions and import modules by their names"
            )

    def _refuse_value(self, value: Any, why: str, way_out: str = PLAIN_WAY_OUT) -> str:
        kind = type(value)
        uses = "is" if self.owner == "the value" else "uses"
        raise ValueError(
            f"{self.owner} {uses} a {kind.__module__}.{kind.__qualname__}, {why}; {way_out}"
        )

    def _state_refused(self, value: Any) -> str:
        if value is np.random.mtrand._rand:  # It stands in every distribution of scipy.stats.
            return "numpy.random"
        way_out = "create it from plain values inside of the function that uses it"
        return self._refuse_value(value, "whose hidden state can't be covered", way_out)

    # -- modules, functions, classes -------------------------------------------------------

    def _module(self, module: types.ModuleType) -> str:
        if not _is_own_namespace(vars(module)):
            return f"module {module.__name__}"

        def write() -> str:
            names = [name for name in vars(module) if not re.fullmatch("__.*__", name)]
            return f"module {self._attributes((name, vars(module)[name]) for name in names)}"

        return self._numbered(module, write, f"the module {module.__name__!r}")

    def _function(self, function: types.FunctionType) -> str:
        name = function.__code__.co_qualname
        if name.startswith("__create_fn__."):
            return "generated"  # The fields of the dataclass decide what it does.
        if _is_own_namespace(function.__globals__):
            return self._numbered(
                function, lambda: self._own_function(function), _named(function.__code__)
            )
        text = f"function {_public(function.__globals__.get('__name__'), name)}"
        if "<locals>" not in name:
            return text
        return self._numbered(function, lambda: f"{text}{self._bound(function)}")

    def _own_function(self, function: types.FunctionType) -> str:
        code = _Code(self, function.__code__, function.__globals__)
        return f"{code.text()}{self._bound(function)}({self._attributes(vars(function).items())})"

    def _bound(self, function: types.FunctionType) -> str:
        """Default arguments and what a function closes over."""
        code = function.__code__
        cells = [
            _LOG if _is_log(content := _content(cell)) and _is_only_written(code, name) else content
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
        if not _is_own_class(cls):
            return f"class {_public(cls.__module__, cls.__qualname__)}"
        return self._numbered(cls, lambda: self._own_class(cls), f"the class {cls.__qualname__!r}")

    def _own_class(self, cls: type) -> str:
        parts = [self.text(type(cls)), self.text(cls.__bases__)]
        attributes = {
            name: value
            for name, value in vars(cls).items()
            if name not in CLASS_WORDS and not isinstance(value, types.GetSetDescriptorType)
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
            return f"function {_public(function.__module__, function.__qualname__)}"
        return f"method({function.__name__}, {self.text(owner)})"

    def _descriptor(self, value: Any) -> str:
        return f"{self.text(value.__objclass__)}.{value.__name__}"

    def _property(self, value: property) -> str:
        return f"property({', '.join(map(self.text, (value.fget, value.fset, value.fdel)))})"

    def _wrapper(self, value: Any) -> str:
        """Something around one function that changes how it is called, or how often."""
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
        """A finalized system without its tables, which follow from the rest."""

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
        native = [base for base in cls.__mro__[:-1] if not _is_heap(base)]
        if not _is_own_class(cls) or (native and native[0] not in _CONTAINERS):
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
        """A value of a library, as pickle sees it."""
        reduce = copyreg.dispatch_table.get(type(value))
        try:
            reduced = value.__reduce_ex__(4) if reduce is None else reduce(value)
        except Exception as error:  # noqa: BLE001 - each class has its own way to refuse
            self._refuse_value(value, f"which can't be covered ({error})")
        if isinstance(reduced, str):
            module = getattr(value, "__module__", None) or "builtins"
            if _is_own_module(module) and not isinstance(value, _TYPING):
                self._refuse_value(value, "which shows only its name")
            return f"name {_public(module, reduced)}"
        make, args, *rest = reduced
        state, elements, items = (*rest, None, None, None)[:3]
        if isinstance(state, dict):
            state = _uncached(type(value), state)
        parts = (make, args, state, list(elements or ()), list(items or ()))
        return ", ".join(map(self.text, parts))


class _Code:
    """Writes the code of one function, and of those inside it."""

    def __init__(self, reader: _Reader, code: types.CodeType, namespace: dict[str, Any]) -> None:
        self.reader, self.code, self.namespace = reader, code, namespace
        self.steps: list[dis.Instruction] = []
        self.places: dict[int, int] = {}
        for step in dis.get_instructions(code):
            # A jump to what is skipped leads to what follows it.
            self.places[step.offset] = len(self.steps)
            if step.opname not in SKIPPED:
                self.steps.append(step)
        self.variables = [*code.co_varnames, *code.co_cellvars, *code.co_freevars]
        self.arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        self.dropped = self._swapped()
        self.own_imports: set[int] = set()
        self.stored: dict[int, Any] = {}
        self.modules: dict[str, types.ModuleType] = {}
        self._find_imports()

    def text(self) -> str:
        code = self.code
        # The names of arguments count, for they may be given by name; those of variables do not.
        names = code.co_varnames if "locals" in code.co_names else self.arguments
        counts = (code.co_posonlyargcount, code.co_argcount, code.co_flags & KINDS)
        return f"code {counts} {names} {{{'; '.join(self._flow())}}}"

    # -- the order of instructions ---------------------------------------------------------
    #
    # How lines are broken decides where the compiler swaps stores, and where it makes one jump of
    # two. All of them are resolved here, so that formatting changes nothing.

    def _swapped(self) -> set[int]:
        """Exchange the stores after each SWAP instead, and return the swaps that are done so."""
        dropped: set[int] = set()
        for place in reversed(range(len(self.steps))):
            if self.steps[place].opname != "SWAP":
                continue
            after = [p for p in range(place + 1, len(self.steps)) if p not in dropped]
            stores = after[: self.steps[place].arg]
            names = {self.steps[p].argval for p in stores}
            if len(names) == self.steps[place].arg and all(
                self.steps[p].opname == "STORE_FAST" and not self.steps[p].is_jump_target
                for p in stores
            ):
                first, last = stores[0], stores[-1]
                self.steps[first], self.steps[last] = self.steps[last], self.steps[first]
                dropped.add(place)
        return dropped

    def _threaded(self, place: int, texts: dict[int, str]) -> tuple[str, int]:
        """A jump and where it leads, past other jumps on the same condition."""
        step = self.steps[place]
        text, target = texts[place], self._landing(self.places[step.argval], texts)
        while text in ("JUMP_IF_FALSE_OR_POP", "JUMP_IF_TRUE_OR_POP") and target >= 0:
            condition = "FALSE" if "FALSE" in text else "TRUE"
            other = texts[target]
            if other == text or other == f"POP_JUMP_IF_{condition}":
                text, target = other, self.places[self.steps[target].argval]
            elif re.fullmatch("(POP_JUMP_IF_(TRUE|FALSE))|(JUMP_IF_(TRUE|FALSE)_OR_POP)", other):
                text, target = f"POP_JUMP_IF_{condition}", target + 1
            else:
                break
            target = self._landing(target, texts)
        return text, target

    def _flow(self) -> list[str]:
        """The instructions in the order in which they can run, each with what follows it."""
        texts, handlers = self._texts(), self._handlers()
        order: dict[int, int] = {}
        waiting = [self._landing(0, texts)]
        lines: list[tuple[str, list[int]]] = []
        while waiting:
            place = waiting.pop()
            if place in order:
                continue
            order[place] = len(order)
            if place < 0:
                lines.append(("for ever", []))
                continue
            step, text, following = self.steps[place], texts[place], []
            if step.opname not in ENDS:
                following.append(self._landing(place + 1, texts))
            if _jumps(step):
                text, target = self._threaded(place, texts)
                following.append(target)
            if place in handlers:
                target, depth, lasti = handlers[place]
                text += f" else {depth} {lasti}"
                following.append(self._landing(self.places[target], texts))
            waiting += reversed(following)
            lines.append((text, following))
        return [f"{text} {[order[place] for place in after]}" for text, after in lines]

    def _landing(self, place: int, texts: dict[int, str]) -> int:
        """The first instruction that does something, from one on; -1 for an empty loop."""
        seen = set()
        while place not in texts:
            if place in seen:
                return -1
            seen.add(place)
            step = self.steps[place]
            place = self.places[step.argval] if step.opname in UNCONDITIONAL else place + 1
        return place

    def _handlers(self) -> dict[int, tuple[int, int, bool]]:
        """Instruction -> where its exceptions are handled, with the depth of the stack."""
        if not self.code.co_exceptiontable:
            return {}
        entries = dis.Bytecode(self.code).exception_entries  # type: ignore[attr-defined]
        return {
            place: (entry.target, entry.depth, entry.lasti)
            for entry in reversed(entries)
            for place, step in enumerate(self.steps)
            if entry.start <= step.offset < entry.end
        }

    # -- single instructions ---------------------------------------------------------------

    def _texts(self) -> dict[int, str]:
        """Every instruction that does something, with all names resolved."""
        texts: dict[int, str] = {}
        place = 0
        while place < len(self.steps):
            step = self.steps[place]
            self._note(step)
            if (
                step.opname in UNCONDITIONAL
                or place in self.dropped
                or self._is_label_of_class(place)
            ):
                place += 1
                continue
            text, last = self._text(step, place)
            texts[place] = text
            place = last + 1
        return texts

    def _text(self, step: dis.Instruction, place: int) -> tuple[str, int]:
        """An instruction as text, and the last instruction that this text covers."""
        name, value = step.opname, step.argval
        if name in GLOBAL_LOADS:
            return self._global(step, place)
        if name.startswith("LOAD_FAST") and value in self.modules:
            return self._chain(self.modules[value], place)
        if step.opcode in dis.hasconst:
            value = self.code.co_consts[step.arg or 0]  # dis shows some of them as unknown
            if isinstance(value, types.CodeType):
                return f"{name} {_Code(self.reader, value, self.namespace).text()}", place
            return f"{name} {self.reader.text(value)}", place
        if place in self.own_imports:
            return name, place  # What is imported is said where it is stored.
        if step.opcode in dis.hasname:
            return f"{name} {value!r}", place
        if step.opcode in (*dis.haslocal, *dis.hasfree):
            names = value if isinstance(value, tuple) else (value,)
            used = [self.modules[n] for n in names if n in self.modules and "LOAD" in name]
            used += [self.stored[place]] if place in self.stored else []
            shown = [self.variables.index(n) if n in self.variables else n for n in names]
            return f"{name} {shown} {self.reader.text((*used,))}", place
        if _jumps(step):
            return re.sub("_(FORWARD|BACKWARD)", "", name), place
        return f"{name} {value if step.opcode in dis.hascompare else step.arg}", place

    def _note(self, step: dis.Instruction) -> None:
        """Refuse what can't be covered, and note which attributes are read."""
        owner, name = self.reader.owner, step.argval
        if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            raise ValueError(
                f"{owner} assigns the global name {name!r}, so that what it does depends on what "
                "ran before; return the value instead, or keep it by functools.cache"
            )
        if step.opname in ATTRIBUTE_LOADS:
            self.reader.attributes.add(name)
            if name in READING_METHODS:
                raise ValueError(_file_message(owner, name))
        if step.opname == "MATCH_CLASS" or name in REFLECTION:
            self.reader.attributes.update(LABELS)

    def _is_label_of_class(self, place: int) -> bool:
        """Whether an instruction of a class body only sets its docstring, name or module."""
        if self.code.co_flags & inspect.CO_OPTIMIZED:
            return False
        return any(
            step.opname == "STORE_NAME" and step.argval in CLASS_WORDS
            for step in self.steps[place : place + 2]
            if step is self.steps[place] or self.steps[place].opname in ("LOAD_CONST", "LOAD_NAME")
        )

    # -- names -----------------------------------------------------------------------------

    def _global(self, step: dis.Instruction, place: int) -> tuple[str, int]:
        name = step.argval
        if name in MODULE_WORDS:
            return f"word {name}", place
        # In the body of a class a name may be one of the class.
        local = "" if step.opname == "LOAD_GLOBAL" else f"{name!r} "
        for names in (self.namespace, vars(builtins)):
            if name in names:
                if _is_log(names[name]) and _is_write(self.steps[place + 1]):
                    return f"GLOBAL {_LOG}", place
                text, last = self._chain(names[name], place)
                return f"GLOBAL {local}{text}", last
        return f"MISSING {name!r}", place  # It may be there when the function runs.

    def _chain(self, value: Any, place: int) -> tuple[str, int]:
        """A value; of a module of the user's only the attribute that is read from it."""
        text = ""
        while isinstance(value, types.ModuleType):
            after = self.steps[place + 1]
            if after.opname not in ATTRIBUTE_LOADS or after.is_jump_target:
                break
            if not _is_own_namespace(vars(value)):
                self._check_library(value, place + 1)
                break
            place += 1
            self._note(after)
            if after.argval not in vars(value):
                return f"MISSING {after.argval!r}", place
            text, value = f"{after.opname} ", vars(value)[after.argval]
        return f"{text}{self.reader.text(value)}", place

    def _check_library(self, module: Any, place: int) -> None:
        """Refuse what is read from a library's module where it must be refused."""
        for step in self.steps[place:]:
            if not isinstance(module, types.ModuleType) or step.opname not in ATTRIBUTE_LOADS:
                return
            self.reader.refuse_name(f"{module.__name__}.{step.argval}")
            module = vars(module).get(step.argval)

    # -- imports inside functions ----------------------------------------------------------

    def _find_imports(self) -> None:
        """Work out what imports inside the function give, and into which variables."""
        modules: dict[int, types.ModuleType] = {}
        source: Any = None  # what attributes are imported from
        value: Any = None  # what was imported last and is not stored yet
        own = False
        for place, step in enumerate(self.steps):
            if step.opname == "IMPORT_NAME":
                level, names = (before.argval for before in self.steps[place - 2 : place])
                own, source = self._module(step.argval, level, whole=names is None)
                value = source
            elif step.opname == "IMPORT_FROM":
                value = self._member(source, step.argval)
                if self.steps[place + 1].opname == "SWAP":  # import package.module as name
                    source = value
            elif "STORE" in step.opname:
                if step.opname == "STORE_FAST" and isinstance(value, types.ModuleType):
                    modules[place] = value
                if own and value is not None:
                    self.stored[place] = value
                own, value = own and source is not None, None
                continue
            if own and step.opname.startswith("IMPORT"):
                self.own_imports.add(place)
        for name in {self.steps[place].argval for place in modules}:
            stores = [
                modules.get(place)
                for place, step in enumerate(self.steps)
                if "STORE_FAST" in step.opname
                and name in (step.argval if isinstance(step.argval, tuple) else (step.argval,))
            ]
            module = stores[0]
            if module and name not in self.arguments and all(m is module for m in stores):
                self.modules[name] = module
        # Of such a variable only those attributes count that are read.
        for place in modules:
            if self.steps[place].argval in self.modules:
                self.stored.pop(place, None)

    def _module(self, name: str, level: int, *, whole: bool) -> tuple[bool, Any]:
        """Whether an imported module is the user's, and the module if it can be had."""
        if level:
            package = self.namespace.get("__package__") or ""
            try:
                name = importlib.util.resolve_name("." * level + name, package)
            except ImportError:
                return False, None
        own = _is_own_module(name)
        if own:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: BLE001 - the import fails in the function, too
                return False, None
        return own, sys.modules.get(name.partition(".")[0] if whole else name)

    def _member(self, source: Any, name: str) -> Any:
        if not isinstance(source, types.ModuleType):
            return None
        self.reader.refuse_name(f"{source.__name__}.{name}")
        inner = sys.modules.get(f"{source.__name__}.{name}")
        return vars(source).get(name, inner)


def _jumps(step: dis.Instruction) -> bool:
    """Whether an instruction may continue elsewhere."""
    return step.opcode in dis.hasjrel or step.opcode in dis.hasjabs


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return "nothing yet"


def _is_log(value: Any) -> bool:
    """Whether a value is of a kind that functions may fill."""
    return type(value) in (list, set, dict, deque)


def _is_write(step: dis.Instruction) -> bool:
    """Whether an instruction takes a method that only changes a container and gives nothing."""
    return step.opname in ATTRIBUTE_LOADS and step.argval in WRITES and not step.is_jump_target


def _is_only_written(code: types.CodeType, name: str) -> bool:
    """Whether a function does no more with what it closes over than to write into it."""
    steps = [step for step in dis.get_instructions(code) if step.opname not in SKIPPED]
    for step, after in itertools.pairwise(steps):
        used = step.opcode in dis.hasfree and step.argval == name
        if used and step.opname != "LOAD_CLOSURE" and not _is_write(after):
            return False
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType) and name in c.co_freevars]
    return all(_is_only_written(c, name) for c in inner)


def _uncached(cls: type, state: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an instance without values that `functools.cached_property` keeps."""
    cached = {
        name
        for base in cls.__mro__
        for name, value in vars(base).items()
        if isinstance(value, functools.cached_property)
    }
    return {name: value for name, value in state.items() if name not in cached}


def _found(name: str) -> Any:
    """What a full name stands for, None where its module is not loaded."""
    module, _, attribute = name.rpartition(".")
    return vars(sys.modules[module]).get(attribute) if module in sys.modules else None


def _named(code: types.CodeType) -> str:
    return f"the function {code.co_qualname!r}"


def _file_message(owner: str, name: str) -> str:
    return (
        f"{owner} reads a file by {name.removeprefix('builtins.')}, whose content can't be "
        "covered; read it into a constant of the module, outside of functions, or hand the "
        "content over as a field"
    )


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

_WRITERS: tuple[tuple[Callable[[Any], bool], Callable[[_Reader, Any], str]], ...] = (
    (_is(types.ModuleType), _Reader._module),
    (_is(types.FunctionType), _Reader._function),
    (_is(type), _Reader._class),
    (_is(types.MethodType), _Reader._method),
    (_is(types.BuiltinFunctionType, types.MethodWrapperType), _Reader._builtin),
    (_is(*_NATIVE, types.ClassMethodDescriptorType), _Reader._descriptor),
    (_is(property), _Reader._property),
    (_is(functools.partial), _Reader._partial),
    (_is(staticmethod, classmethod, functools.cached_property, _CACHES), _Reader._wrapper),
    (lambda value: hasattr(value, "py_func"), _Reader._wrapper),  # compiled by numba
    (_is(np.vectorize), _Reader._vectorized),
    (_is(np.ufunc), _Reader._ufunc),
    (_is_array, _Reader._array),
    (_is(scipy.sparse.sparray, scipy.sparse.spmatrix), _Reader._sparse),
    (lambda value: type(value).__module__.startswith("xarray."), _Reader._labelled),
    (_is(enum.Enum), _Reader._member),
    (_is(kwant.builder.SiteFamily), _Reader._family),
    (_is(kwant.builder.Site), _Reader._site),
    (_is(kwant.builder.FiniteSystem, kwant.builder.InfiniteSystem), _Reader._system),
    (_is(kwant.lattice.TranslationalSymmetry), _Reader._symmetry),
    (_is(logging.Logger), lambda reader, value: "logger"),
    (_is(*_STATEFUL), _Reader._state_refused),
)
"""Which values are written how; the first condition that holds decides."""
