"""Finding studies and systems by name, or a study by its file.

Packages offer theirs by the entry points ``mesokwant.studies`` (a package
whose modules each have a `study`) and ``mesokwant.systems`` (a package with
``EXAMPLES``: name -> system).
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle

from ..names import unknown
from .study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def study_names() -> dict[str, str]:
    """Name of every installed study -> its module."""
    names = {}
    for entry in sorted(entry_points(group="mesokwant.studies")):
        package = importlib.import_module(entry.value)
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                names[module.name] = f"{entry.value}.{module.name}"
    return names


def find_study(name: str) -> Study:
    """The study of this name, written with ``-`` or ``_``, or in the file of this path.

    Raises
    ------
    ValueError
        No study has this name; the message has the nearest names.
    FileNotFoundError
        There is no such file.
    """
    if name.endswith(".py") or "/" in name:
        return _study_of(_loaded(Path(name)), name)
    modules = study_names()
    known = {module.replace("-", "_"): module for module in modules}
    module = known.get(name.replace("-", "_"))
    if module is None:
        raise ValueError(unknown("study", name, modules) + ", or give the path of a study file")
    return _study_of(importlib.import_module(modules[module]), name)


def systems() -> dict[str, Any]:
    """Name -> a small example of every installed system."""
    examples: dict[str, Any] = {}
    for entry in sorted(entry_points(group="mesokwant.systems")):
        examples |= importlib.import_module(entry.value).EXAMPLES
    return examples


def draw_system(name: str) -> Figure:
    """Draw the example system of this name, by ``drawing.draw`` of its package.

    Raises
    ------
    ValueError
        No system has this name; the message has the nearest names.
    """
    known = systems()
    if name not in known:
        raise ValueError(unknown("system", name, known))
    for entry in sorted(entry_points(group="mesokwant.systems")):
        if name in importlib.import_module(entry.value).EXAMPLES:
            draw = importlib.import_module(f"{entry.value}.drawing").draw
    return draw(known[name])


def _loaded(path: Path) -> Any:
    if not path.is_file():
        raise FileNotFoundError(f"there is no study file {path}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    # Workers can't import the file: its functions travel by value.
    cloudpickle.register_pickle_by_value(module)
    return module


def _study_of(module: Any, name: str) -> Study:
    study = getattr(module, "study", None)
    if not isinstance(study, Study):
        raise ValueError(f"{name} has no `study`: write study = mesokwant.Study(...) in it")
    return study
