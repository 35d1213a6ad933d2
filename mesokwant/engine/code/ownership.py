"""Tells the user's own code, which the digest follows, from libraries, which count by name.

It takes the name of a module, its global names or a class, and says whether they are the user's.
For what is not, `public_name` gives the name that stands for it in the digest. Modules of the
standard library, of installed packages and of mesokwant with its systems are not the user's.
Everything else is: also the studies, notebooks, and packages that are installed in editable form.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
import sysconfig
from pathlib import Path
from typing import Any


def is_own_namespace(namespace: dict[str, Any]) -> bool:
    """Say whether the module with these global names is the user's."""
    if namespace.get("__name__") == "__main__":
        return True
    file = namespace.get("__file__")
    if file is not None:
        return _is_own_file(file)
    origin = getattr(namespace.get("__spec__"), "origin", None)
    name = namespace.get("__name__", "")
    # A module without a file is a notebook, or exec made it.
    return origin not in ("built-in", "frozen") and name not in sys.builtin_module_names


def is_own_module(name: str) -> bool:
    """Say whether the module of this name is the user's; one that can't be found is no-one's."""
    if name in sys.modules:
        return is_own_namespace(vars(sys.modules[name]))
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.has_location and _is_own_file(str(spec.origin))


def is_own_class(cls: type) -> bool:
    """Say whether a class is the user's; one whose module is not loaded is, unless C made it."""
    module = sys.modules.get(cls.__module__)
    if module is None:
        return is_heap_class(cls)
    return is_heap_class(cls) and is_own_namespace(vars(module))


def is_heap_class(cls: type) -> bool:
    """Say whether a class statement made a class, not C (`copyreg` tells them apart likewise)."""
    return bool(cls.__flags__ & (1 << 9))


def public_name(module: str | None, name: str) -> str:
    """Name a thing of a library without the private modules, which versions move about."""
    parts = [part for part in (module or "").split(".") if not part.startswith("_")]
    return f"{'.'.join(parts) or module}:{name}"


@functools.cache
def _is_own_file(file: str) -> bool:
    path, package = Path(file).resolve(), Path(__file__).resolve().parents[2]
    root = package.parent
    if path.is_relative_to(root / "studies"):
        return True  # Studies are the user's, also where they are installed with mesokwant.
    if path.is_relative_to(package) or path.is_relative_to(root / "systems"):
        return False
    if {"site-packages", "dist-packages"} & set(path.parts):
        return False
    return not any(path.is_relative_to(folder) for folder in _library_folders())


@functools.cache
def _library_folders() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple(Path(sysconfig.get_path(name)).resolve() for name in names)
