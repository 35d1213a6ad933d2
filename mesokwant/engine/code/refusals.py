"""Refuses names whose code or content can't be covered by a digest.

It takes the name of a function, module or method, with the owner that uses it. It raises a
`ValueError` that names the way out, and passes every other name. Code that is chosen by its text
could be any code, and a file may change after the digest was taken.
"""

from __future__ import annotations

import sys
from typing import Any, NoReturn

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
"""Methods that read files, of whatever class they are."""


def refuse_name(name: str, owner: str) -> None:
    """Refuse a full name if it chooses code by its text, or reads a file."""
    if name in FILES:
        _refuse_file(name, owner)
    if name in DYNAMIC:
        raise ValueError(
            f"{owner} uses {name}, so that the code it runs can't be followed; call "
            "functions and import modules by their names"
        )


def refuse_method(name: str, owner: str) -> None:
    """Refuse an attribute that is read if it is a method that reads a file."""
    if name in READING_METHODS:
        _refuse_file(name, owner)


def refused_objects() -> dict[int, str]:
    """Give the refused objects whose modules are loaded: the `id` of each, and its full name."""
    objects = {id(_found(name)): name for name in DYNAMIC | FILES}
    objects.pop(id(None), None)
    return objects


def _refuse_file(name: str, owner: str) -> NoReturn:
    raise ValueError(
        f"{owner} reads a file by {name.removeprefix('builtins.')}, whose content can't be "
        "covered; read it into a constant of the module, outside of functions, or hand the "
        "content over as a field"
    )


def _found(name: str) -> Any:
    """Give what a full name stands for, None where its module is not loaded."""
    module, _, attribute = name.rpartition(".")
    return vars(sys.modules[module]).get(attribute) if module in sys.modules else None
