"""The numbers behind a figure as files for other programs, and the papers of a study as BibTeX.

`export` takes a study and its stored results, and writes one of the `FORMATS`. The numbers are
those that the panels show, as `mesokwant.book.plotted` finds them. For all samples of a run
`mesokwant.load` is the way.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from .. import files
from ..names import unknown
from ..study import catalog
from .drawn import Panel, drawn, module_of
from .runs import StoredRun, read
from .sources import bibtex, references, texts_of

FORMATS = ("csv", "json", "netcdf", "bibtex")

ENDINGS = {"json": "json", "netcdf": "nc", "bibtex": "bib"}
"""Format -> ending of its one file; "csv" has a file a panel."""


def export(name: str, preset: str, results: Path, folder: Path, *, format: str) -> list[Path]:
    """Write the numbers that the figure of a study shows, or the papers that it cites.

    Parameters
    ----------
    name
        Name of an installed study, or path of a study's file.
    preset, results
        Which run it is, and the folder of all results.
    folder
        Where the files go.
    format
        "csv" writes a file for every panel; "json" and "netcdf" write all panels to one file.
        "bibtex" writes the papers that the study cites, and needs no results.

    Returns
    -------
    list of pathlib.Path
        The files.

    Raises
    ------
    ValueError
        There is no such format or study, or the results are of another computation.
    FileNotFoundError
        There are no such results.
    """
    if format not in FORMATS:
        raise ValueError(unknown("format", format, FORMATS))
    study = catalog.find_study(name)
    folder.mkdir(parents=True, exist_ok=True)
    if format == "bibtex":
        run = read(results / study.name / preset)
        path = folder / f"{study.name}.bib"
        files.write(path, bibtex_of(name, run).encode())
        return [path]
    panels = drawn(study.with_preset(preset), preset, results).panels
    if format == "csv":
        return write_csv(panels, folder, study.name)
    path = folder / f"{study.name}.{ENDINGS[format]}"
    if format == "json":
        files.write(path, json.dumps(as_plain(panels), indent=1, ensure_ascii=False).encode())
    else:
        table = _joined(panels).to_xarray()
        table.attrs["axes"] = json.dumps({p.letter: [dict(one) for one in p.axes] for p in panels})
        table.to_netcdf(path)
    return [path]


def bibtex_of(name: str, run: StoredRun | None = None) -> str:
    """The papers that a study and its claims cite, as a BibTeX file."""
    module = module_of(name)
    claims = [] if run is None else run.claims
    return bibtex(references(texts_of(module, claims))) if module is not None else ""


def write_csv(panels: Sequence[Panel], folder: Path, name: str) -> list[Path]:
    """Write a CSV file for every panel, ``NAME_a.csv`` and so on; return the paths."""
    paths = []
    for panel in panels:
        path = folder / f"{name}_{panel.letter}.csv"
        # Twelve digits are what all figures have; the rest is rounding that differs by machine.
        text = panel.table.dropna(axis="columns", how="all").to_csv(
            index=False, float_format="%.12g", lineterminator="\n"
        )
        files.write(path, text.encode())
        paths.append(path)
    return paths


def as_plain(panels: Sequence[Panel]) -> list[dict[str, Any]]:
    """The panels as plain values for a JSON file: a list of curves for each."""
    result = []
    for panel in panels:
        curves = []
        for (axes, _), table in panel.table.groupby(["axes", "curve"]):
            first = table.iloc[0]
            columns = table.drop(columns=["axes", "curve", "kind", "label"])
            curves.append(
                {"axes": int(axes), "kind": first["kind"], "label": first["label"]}
                | {
                    column: [x if math.isfinite(x) else None for x in columns[column]]
                    for column in columns
                    if not columns[column].isna().all()
                }
            )
        result.append(
            {
                "panel": panel.letter,
                "shows": panel.says,
                "axes": [dict(one) for one in panel.axes],
                "curves": curves,
            }
        )
    return result


def _joined(panels: Sequence[Panel]) -> pd.DataFrame:
    """One table of all panels, with the letter of the panel in its first column."""
    tables = [panel.table.assign(panel=panel.letter) for panel in panels]
    joined = pd.concat(tables, ignore_index=True).rename_axis("row")
    return joined[["panel", *joined.columns.drop("panel")]]
