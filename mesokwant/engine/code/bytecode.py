"""Writes code objects as canonical text, equal where two functions do the same.

`Code` takes the code of one function, the global names of its module, and the reader of values to
which it hands constants, globals and imported members. It gives one line of text with the
instructions in the order in which they can run, all names resolved. Line breaks, names of local
variables and places of files are not in it. What assigns global names, chooses code by its text or
reads files is refused by a `ValueError`.

The text is a part of the digest: where it changes, `mesokwant.engine.code.SCHEME` must change, too.
"""

from __future__ import annotations

import builtins
import dis
import importlib
import importlib.util
import inspect
import itertools
import re
import sys
import types
from collections import deque
from typing import Any, Protocol

from .ownership import is_own_module, is_own_namespace
from .refusals import refuse_method, refuse_name

LABELS = ("dims", "unit", "units")
"""Attributes that label results; they count only where the user's code reads them."""

REFLECTION = ("getattr", "vars", "__dict__", "fields", "asdict", "astuple")
"""What may read an attribute without naming it."""

LOG = "a log"
"""What stands for a container that functions only write into: it decides no number."""

WRITES = ("add", "append", "appendleft", "clear", "extend", "insert", "update")
"""Methods that change a container and give nothing."""

MODULE_ATTRIBUTES = (
    "__name__", "__file__", "__doc__", "__package__", "__spec__", "__builtins__"
)  # fmt: skip
"""Global names that say where a module lies."""

CLASS_ATTRIBUTES = {
    "__doc__", "__module__", "__qualname__", "__annotations__", "__annotate__",
    "__annotate_func__", "__annotations_cache__", "__firstlineno__", "__static_attributes__",
    "__dict__", "__weakref__", "__abstractmethods__", "_abc_impl", "__dataclass_fields__",
    "__dataclass_params__", "__parameters__", "__orig_bases__", "__classdictcell__",
    "__slotnames__",
}  # fmt: skip
"""Attributes of classes that decide nothing, or that are covered in another way."""

FLAGS = 0x04 | 0x08 | 0x20 | 0x80 | 0x200
"""Flags of code that count: those of ``*args``, ``**kwargs``, generators and coroutines."""

# Instructions by what they do; the names are those of all versions of Python that are supported.
SKIPPED = ("NOP", "CACHE", "EXTENDED_ARG")
UNCONDITIONAL = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")
ENDS = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE")
GLOBAL_LOADS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
ATTRIBUTE_LOADS = ("LOAD_ATTR", "LOAD_METHOD")


class Reader(Protocol):
    """What code needs of the reader of values that it is handed."""

    owner: str
    """Whose code is read, for messages."""
    attributes: set[str]
    """The names of attributes that code has read so far."""

    def text(self, value: Any) -> str:
        """Give the text of a value where it stands."""


class Code:
    """Writes the code of one function, and of those inside it."""

    def __init__(self, reader: Reader, code: types.CodeType, namespace: dict[str, Any]) -> None:
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
        """Give the text of the code; the reader of values numbers what it meets on the way."""
        code = self.code
        # The names of arguments count, for they may be given by name; those of variables do not.
        names = code.co_varnames if "locals" in code.co_names else self.arguments
        counts = (code.co_posonlyargcount, code.co_argcount, code.co_flags & FLAGS)
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
        """Give a jump and where it leads, past other jumps on the same condition."""
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
        """List instructions in the order in which they can run, each with what follows it."""
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
        """Find the first instruction that does something, from one on; -1 for an empty loop."""
        seen = set()
        while place not in texts:
            if place in seen:
                return -1
            seen.add(place)
            step = self.steps[place]
            place = self.places[step.argval] if step.opname in UNCONDITIONAL else place + 1
        return place

    def _handlers(self) -> dict[int, tuple[int, int, bool]]:
        """Map each instruction to where its exceptions are handled, with the depth of the stack."""
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
        """Write every instruction that does something, with all names resolved."""
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
        """Write one instruction, and give the last instruction that this text covers."""
        name, value = step.opname, step.argval
        if name in GLOBAL_LOADS:
            return self._global(step, place)
        if name.startswith("LOAD_FAST") and value in self.modules:
            return self._chain(self.modules[value], place)
        if step.opcode in dis.hasconst:
            value = self.code.co_consts[step.arg or 0]  # dis shows some of them as unknown
            if isinstance(value, types.CodeType):
                return f"{name} {Code(self.reader, value, self.namespace).text()}", place
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
            refuse_method(name, owner)
        if step.opname == "MATCH_CLASS" or name in REFLECTION:
            self.reader.attributes.update(LABELS)

    def _is_label_of_class(self, place: int) -> bool:
        """Say whether an instruction of a class body only sets its docstring, name or module."""
        if self.code.co_flags & inspect.CO_OPTIMIZED:
            return False
        return any(
            step.opname == "STORE_NAME" and step.argval in CLASS_ATTRIBUTES
            for step in self.steps[place : place + 2]
            if step is self.steps[place] or self.steps[place].opname in ("LOAD_CONST", "LOAD_NAME")
        )

    # -- names -----------------------------------------------------------------------------

    def _global(self, step: dis.Instruction, place: int) -> tuple[str, int]:
        name = step.argval
        if name in MODULE_ATTRIBUTES:
            return f"word {name}", place
        # In the body of a class a name may be one of the class.
        local = "" if step.opname == "LOAD_GLOBAL" else f"{name!r} "
        for names in (self.namespace, vars(builtins)):
            if name in names:
                if is_log(names[name]) and _is_write(self.steps[place + 1]):
                    return f"GLOBAL {LOG}", place
                text, last = self._chain(names[name], place)
                return f"GLOBAL {local}{text}", last
        return f"MISSING {name!r}", place  # It may be there when the function runs.

    def _chain(self, value: Any, place: int) -> tuple[str, int]:
        """Write a value; of a module of the user's, only the attribute that is read from it."""
        text = ""
        while isinstance(value, types.ModuleType):
            after = self.steps[place + 1]
            if after.opname not in ATTRIBUTE_LOADS or after.is_jump_target:
                break
            if not is_own_namespace(vars(value)):
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
            refuse_name(f"{module.__name__}.{step.argval}", self.reader.owner)
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
        """Say whether an imported module is the user's, and give it if it can be had."""
        if level:
            package = self.namespace.get("__package__") or ""
            try:
                name = importlib.util.resolve_name("." * level + name, package)
            except ImportError:
                return False, None
        own = is_own_module(name)
        if own:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: BLE001 - the import fails in the function, too
                return False, None
        return own, sys.modules.get(name.partition(".")[0] if whole else name)

    def _member(self, source: Any, name: str) -> Any:
        """Give what is imported from a module, None if it can't be had."""
        if not isinstance(source, types.ModuleType):
            return None
        refuse_name(f"{source.__name__}.{name}", self.reader.owner)
        inner = sys.modules.get(f"{source.__name__}.{name}")
        return vars(source).get(name, inner)


def _jumps(step: dis.Instruction) -> bool:
    """Say whether an instruction may continue elsewhere."""
    return step.opcode in dis.hasjrel or step.opcode in dis.hasjabs


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return "nothing yet"


def is_log(value: Any) -> bool:
    """Say whether a value is of a kind that functions may fill."""
    return type(value) in (list, set, dict, deque)


def _is_write(step: dis.Instruction) -> bool:
    """Say whether an instruction takes a method that only changes a container."""
    return step.opname in ATTRIBUTE_LOADS and step.argval in WRITES and not step.is_jump_target


def is_only_written(code: types.CodeType, name: str) -> bool:
    """Say whether a function does no more with what it closes over than to write into it."""
    steps = [step for step in dis.get_instructions(code) if step.opname not in SKIPPED]
    for step, after in itertools.pairwise(steps):
        used = step.opcode in dis.hasfree and step.argval == name
        if used and step.opname != "LOAD_CLOSURE" and not _is_write(after):
            return False
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType) and name in c.co_freevars]
    return all(is_only_written(c, name) for c in inner)
