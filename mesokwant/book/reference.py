"""The API reference: a page for every part of mesokwant that has public names.

`pages` gives reStructuredText, from which Sphinx's autosummary and numpydoc make the reference.
What is public is what the packages list in ``__all__``.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import click

PARTS = (
    ("mesokwant", "Running and measuring"),
    ("mesokwant.observables", "Observables"),
    ("mesokwant.terminals", "Devices with many leads"),
    ("mesokwant.closed", "Closed systems"),
    ("systems", "Systems"),
    ("mesokwant.theory", "Theory"),
    ("mesokwant.statistics", "Statistics"),
    ("mesokwant.analysis", "Analysis"),
    ("mesokwant.figures", "Figures"),
)
"""Module with public names -> the title of its page."""


def pages(command: click.Command | None = None) -> dict[str, str]:
    """Name of a page -> its text, the index of them first.

    Parameters
    ----------
    command
        The command line, which gets a page with the help of all its commands.
    """
    known: set[int] = set()
    parts = {name.replace(".", "-"): _page(name, title, known) for name, title in PARTS}
    if command is not None:
        help_of_all = "\n".join(_help(command, "mesokwant"))
        parts["command-line"] = _title("Command line") + help_of_all
    entries = "\n".join(f"   {name}" for name in parts)
    index = f"{_title('Reference')}\n.. toctree::\n   :maxdepth: 1\n\n{entries}\n"
    return {"index": index, **parts}


def _page(module_name: str, title: str, known: set[int]) -> str:
    """The page of a module; what is known from a page before has its links there."""
    module = importlib.import_module(module_name)
    text = [_title(title), f".. automodule:: {module_name}\n   :no-members:\n"]
    text.append(f".. currentmodule:: {module_name}\n")
    names = [n for n in public_names(module) if not inspect.ismodule(getattr(module, n))]
    for home, of_home in groupby(names, lambda n: _home(module, n)):
        listed = list(of_home)
        if home != module_name:
            text.append(_title(f"``{home}``", "-"))
        text.append(_summary(listed))
        for name in listed:
            value = getattr(module, name)
            text.append(_directive(name, value, is_known=id(value) in known))
            known.add(id(value))
    return "\n".join(text)


def public_names(module: Any) -> list[str]:
    """The public names of a module; names from one file stand together, in its order."""
    names = list(getattr(module, "__all__", ()))
    if not names:  # a module that is no package: its own functions and classes
        own = [n for n, value in vars(module).items() if _home_of(value) == module.__name__]
        names = [name for name in own if not name.startswith("_")]
    homes = list(dict.fromkeys(_home(module, name) for name in names))
    return sorted(names, key=lambda name: homes.index(_home(module, name)))


def _home(module: Any, name: str) -> str:
    """The module that a name is defined in; the package itself for a constant."""
    return _home_of(getattr(module, name)) or module.__name__


def _home_of(value: Any) -> str:
    is_code = inspect.isfunction(value) or inspect.isclass(value)
    return value.__module__ if is_code else ""


def _directive(name: str, value: Any, *, is_known: bool) -> str:
    options = ["   :no-index:"] if is_known else []
    if inspect.isclass(value):
        options.append("   :members:")
        # matplotlib writes methods into its subclasses, whose docstrings are for its own site.
        foreign = [n for n, method in vars(value).items() if _is_foreign(method)]
        options += [f"   :exclude-members: {', '.join(foreign)}"] if foreign else []
        return "\n".join([f".. autoclass:: {name}", *options, ""])
    if inspect.isfunction(value):
        return "\n".join([f".. autofunction:: {name}", *options, ""])
    return "\n".join([f".. autodata:: {name}", *options, "   :no-value:", ""])


def _is_foreign(method: Any) -> bool:
    if not inspect.isfunction(method) or method.__name__.startswith("_"):
        return False
    return method.__module__.partition(".")[0] not in ("mesokwant", "systems")


def _summary(names: Sequence[str]) -> str:
    rows = "\n".join(f"   {name}" for name in names)
    return f".. autosummary::\n   :nosignatures:\n\n{rows}\n"


def _help(command: click.Command, name: str) -> Iterator[str]:
    """The help of a command, and of those below it."""
    context = click.Context(command, info_name=name, terminal_width=80)
    # The list of `run` and `show` is made of studies and systems, which have pages of their own.
    is_list = isinstance(command, click.Group) and not command.commands
    said = inspect.cleandoc(command.help or "") if is_list else ""
    shown = f"{command.get_usage(context)}\n\n{said}" if is_list else command.get_help(context)
    text = "\n".join(f"   {line}" for line in shown.splitlines())
    yield f"{_title(f'``{name}``', '-')}\n.. code-block:: text\n\n{text}\n"
    for sub, below in sorted(getattr(command, "commands", {}).items()):
        yield from _help(below, f"{name} {sub}")


def _title(text: str, line: str = "=") -> str:
    return f"{text}\n{line * len(text)}\n\n"
