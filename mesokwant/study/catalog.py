"""Finding studies and systems by name, or a study by its file.

Packages offer theirs by the entry points ``mesokwant.studies`` (a package
whose modules each have a `study`) and ``mesokwant.systems`` (a package with
``EXAMPLES``: name -> system).

The packages ``systems`` and ``studies`` that mesokwant ships have names that a
user's own files may have too, and Python imports those of the working folder
first. The catalog then leaves out what it cannot import, and
`hidden_packages` says which file is the reason.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle

from ..names import unknown
from .study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure


SHIPPED = {"systems": {"systems"}, "studies": {"systems", "studies"}}
"""Package that mesokwant ships -> the shipped packages that it needs, itself included."""


def hidden_packages() -> dict[str, str]:
    """Name of every shipped package that a user's file hides -> a sentence that says so.

    Shipped packages lie beside ``mesokwant``; whatever else Python imports by their names is
    the user's own.
    """
    shipped = Path(__file__).resolve().parents[2]
    sentences = {}
    for name in SHIPPED:
        spec = importlib.util.find_spec(name)
        if spec is None:
            continue
        # A folder without __init__.py has no file of its own.
        file = Path(spec.origin or next(iter(spec.submodule_search_locations or [name]))).resolve()
        if shipped / name not in (file, *file.parents):
            lost = " and ".join(other for other, needed in SHIPPED.items() if name in needed)
            sentences[name] = (
                f"{file} hides the package {name!r} of mesokwant, so the {lost} that mesokwant "
                "ships cannot be used here; rename this file, or work in another folder"
            )
    return sentences


def study_names() -> dict[str, str]:
    """Name of every installed study -> its module; without those that are hidden."""
    names = {}
    for package in _packages("mesokwant.studies"):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            if not module.name.startswith("_"):
                names[module.name] = f"{package}.{module.name}"
    return names


def all_study_names() -> list[str]:
    """Sorted names of all installed studies, for what is done with every one of them.

    Raises
    ------
    ImportError
        A user's file hides shipped ones.
    """
    _refuse_hidden()
    return sorted(study_names())


def find_study(name: str) -> Study:
    """The study of this name, written with ``-`` or ``_``, or in the file of this path.

    Raises
    ------
    ValueError
        No study has this name; the message has the nearest names.
    FileNotFoundError
        There is no such file.
    ImportError
        No study has this name, and a user's file hides shipped ones.
    """
    if name.endswith(".py") or "/" in name:
        return _study_of(_loaded(Path(name)), name)
    modules = study_names()
    known = {module.replace("-", "_"): module for module in modules}
    module = known.get(name.replace("-", "_"))
    if module is None:
        _refuse_hidden()
        raise ValueError(unknown("study", name, modules) + ", or give the path of a study file")
    return _study_of(importlib.import_module(modules[module]), name)


def systems() -> dict[str, Any]:
    """Name -> a small example of every installed system; without those that are hidden."""
    examples: dict[str, Any] = {}
    for package in _packages("mesokwant.systems"):
        examples |= importlib.import_module(package).EXAMPLES
    return examples


def find_system(name: str) -> Any:
    """The example system of this name.

    Raises
    ------
    ValueError
        No system has this name; the message has the nearest names.
    ImportError
        No system has this name, and a user's file hides shipped ones.
    """
    known = systems()
    if name not in known:
        _refuse_hidden()
        raise ValueError(unknown("system", name, known))
    return known[name]


def draw_system(name: str, system: Any) -> Figure:
    """Draw a system, by ``drawing.draw`` of the package that has an example of this name."""
    package = next(
        package
        for package in _packages("mesokwant.systems")
        if name in importlib.import_module(package).EXAMPLES
    )
    return importlib.import_module(f"{package}.drawing").draw(system)


def _packages(group: str) -> Iterator[str]:
    """The packages that offer studies or systems, in the order of their entry points."""
    hidden = hidden_packages().keys()
    for entry in sorted(entry_points(group=group)):
        if not SHIPPED.get(entry.value, set()) & hidden:
            yield entry.value


def _refuse_hidden() -> None:
    for sentence in hidden_packages().values():
        raise ImportError(sentence)


def _loaded(path: Path) -> Any:
    if not path.is_file():
        raise FileNotFoundError(f"there is no study file {path}")
    # A name of its own: a study may be called statistics.py.
    name = f"study_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    # What lies beside the file can be imported by it, as where the file itself is run; last, so
    # that it hides nothing. Workers take over the path.
    folder = str(path.parent.resolve())
    if folder not in sys.path:
        sys.path.append(folder)
    spec.loader.exec_module(module)
    # Workers can't import the file: its functions travel by value.
    cloudpickle.register_pickle_by_value(module)
    return module


def _study_of(module: Any, name: str) -> Study:
    study = getattr(module, "study", None)
    if not isinstance(study, Study):
        raise ValueError(f"{name} has no `study`: write study = mesokwant.Study(...) in it")
    return study
