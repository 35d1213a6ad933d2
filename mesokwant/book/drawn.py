"""What only the code of a study and its stored results give together.

`drawn` takes a study as its preset has it and the folder of all results. It gives the numbers that
each panel of the figure shows, what the panels say about themselves, and the table of the regime.
`device` draws the system that a study measures.
"""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pandas as pd

from .. import figures
from ..report import stored
from ..report.tables import regime_table
from ..study import catalog
from ..study.study import Study
from .plotted import labels, plotted

MOST_SITES = 4000
"""Sites of a device that is drawn; larger ones would be a gray area."""


@dataclass(frozen=True)
class Panel:
    """One panel of a figure.

    Attributes
    ----------
    letter
        Its letter in the figure.
    says
        The first sentence of its docstring.
    table
        The numbers that it shows; see `mesokwant.book.plotted`.
    axes
        The labels of its axes, in the order of the column ``axes`` of the table.
    """

    letter: str
    says: str
    table: pd.DataFrame
    axes: Sequence[Mapping[str, str]]


@dataclass
class Drawn:
    """Panels, regime and figure files of a stored run.

    Attributes
    ----------
    panels
        The panels in their order.
    regime
        Column -> cells of the table that says where each point lies; None if the study has none.
    warnings
        What the reading of incomplete results warned of.
    """

    panels: list[Panel] = field(default_factory=list)
    regime: dict[str, list[str]] | None = None
    warnings: list[str] = field(default_factory=list)


def drawn(study: Study, preset: str, results: Path, *, figure: Path | None = None) -> Drawn:
    """Draw the panels of stored results, and keep the numbers that they show.

    Parameters
    ----------
    study
        The study, as its preset has it.
    preset
        Name of the preset, which is that of the folder.
    results
        Folder of all results.
    figure
        Folder that the figure is drawn into; it is drawn nowhere by default.

    Raises
    ------
    FileNotFoundError, ValueError
        There are no such results, or they are of another computation; see
        `mesokwant.report.stored`.
    """
    result = Drawn()
    with _warnings(result):
        data, _ = stored.stored(study, preset, results)
        reading = study.read(data)
        result.regime = _regime(study, reading)
        with figures.house_style():
            for letter, panel in zip(ascii_lowercase, study.panels, strict=False):
                alone = figures.compose(study.panels, reading, only=letter)
                result.panels.append(
                    Panel(letter, summary(panel), plotted(alone.axes), labels(alone.axes))
                )
        if figure is not None:
            stored.draw(study, reading, figure)
    return result


def summary(function: Any) -> str:
    """The first sentence of a docstring, on one line; empty without one."""
    text = inspect.getdoc(function) or ""
    return " ".join(text.split("\n\n")[0].split())


def device(study: Study) -> tuple[Any, Any] | None:
    """The system of a study, and a matplotlib figure of its sites and leads.

    The preset "toy" is drawn where the study has one, since sites of a full device are too small
    to be told apart. None is drawn of a system of another package without drawings, or of one
    with too many sites.
    """
    small = study.with_preset("toy") if "toy" in study.presets else study
    for sweep in small.named_sweeps.values():
        name = _example(sweep.system)
        if name is not None:
            point = next(iter(sweep.points), None)
            system = sweep.system if point is None else sweep.at(point).system
            if len(list(system.builder().sites())) <= MOST_SITES:
                return system, catalog.draw_system(name, system)
    return None


def module_of(name: str) -> Any:
    """The module that an installed study, or one in a file, is written in."""
    study = catalog.find_study(name)
    if name in catalog.study_names():
        return importlib.import_module(catalog.study_names()[name])
    for function in (study.claims, study.reading, study.regime, *study.panels):
        if function is not None and (module := inspect.getmodule(function)) is not None:
            return module
    return None


def _regime(study: Study, reading: Any) -> dict[str, list[str]] | None:
    table = regime_table(study, reading)
    if table is None:
        return None
    return {str(c.header): [str(cell) for cell in c.cells] for c in table.columns}


def _example(system: Any) -> str | None:
    """The name of an example of the same kind, by which the catalog finds who draws it."""
    examples = catalog.systems()
    return next((name for name, one in examples.items() if type(one) is type(system)), None)


@contextmanager
def _warnings(result: Drawn) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    result.warnings += list(dict.fromkeys(str(warning.message) for warning in caught))
