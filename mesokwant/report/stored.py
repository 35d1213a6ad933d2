"""What a finished run leaves beside its data: claims and figures, redone from stored results."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from rich.table import Table

from .. import figures, files
from ..engine.identity import identity
from ..engine.run import Results, counts, folder_of, results
from ..store.blocks import MISSING
from ..store.store import Store
from ..study.claims import Claim
from ..study.study import Study


def runs(out: str | Path) -> list[tuple[str, str]]:
    """(study, preset) of every run below a folder.

    Raises
    ------
    FileNotFoundError
        There is none.
    """
    found = sorted(Path(out).glob("*/*/study.json"))
    if not found:
        raise FileNotFoundError(f"there are no results in {out}; `mesokwant run` makes them")
    return [(path.parent.parent.name, path.parent.name) for path in found]


def stored(study: Study, preset: str, out: str | Path) -> tuple[Results, Path]:
    """The stored results of a configured study and their folder; computes nothing.

    Samples that no point has yet are left out, with a warning: a run may still be on its way.

    Raises
    ------
    FileNotFoundError
        There are none.
    ValueError
        They are of another computation.
    """
    folder = folder_of(study, preset, out)
    Store(folder)
    data = results(study, Store.open(folder, identity(study)))
    total, missing = counts(data)
    if missing:
        warnings.warn(
            f"{folder} has {total - missing} of {total} samples; the same run continues it",
            RuntimeWarning,
            stacklevel=2,
        )
    return data.map_over_datasets(_begun) if isinstance(data, xr.DataTree) else _begun(data), folder


def _begun(data: xr.Dataset) -> xr.Dataset:
    """Without the samples that are missing at every point."""
    if "state" not in data:
        return data  # the root of a tree
    present = data.state != MISSING
    return data.isel(sample=present.any([dim for dim in present.dims if dim != "sample"]).values)


def check(study: Study, data: Results, folder: Path) -> list[Claim]:
    """Evaluate the claims of a study and keep them as ``claims.json``."""
    claims = list(study.claims(data)) if study.claims else []
    text = json.dumps([claim.as_dict() for claim in claims], indent=1, ensure_ascii=False)
    files.write(folder / "claims.json", text.encode())
    return claims


def regime_table(study: Study, data: Results) -> Table | None:
    """Where each point lies, for the terminal; None if the study does not say."""
    if study.regime is None:
        return None
    columns = study.regime(data)
    table = Table(title="regime", title_justify="left")
    for name in columns:
        table.add_column(name, justify="right")
    for row in zip(*columns.values(), strict=True):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def draw(study: Study, data: Results, folder: Path) -> list[Path]:
    """Draw the figure of a study as ``figure.png``, ``.pdf`` and ``.svg``."""
    if study.figure is None:
        return []
    with figures.style():
        return figures.save(study.figure(data), folder, "figure")
