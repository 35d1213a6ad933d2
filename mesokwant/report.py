"""What a finished run leaves beside its data: claims and figures, redone from stored results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from . import figures
from .claims import Claim
from .identity import identity
from .runner import Results, folder_of, results
from .store import Store
from .study import Study


def stored(study: Study, preset: str, out: str | Path) -> tuple[Results, Path]:
    """The stored results of a configured study and their folder; computes nothing.

    Raises
    ------
    FileNotFoundError
        There are none.
    ValueError
        They are of another computation.
    """
    folder = folder_of(study, preset, out)
    Store(folder)
    return results(study, Store.open(folder, identity(study))), folder


def check(study: Study, data: Results, folder: Path) -> list[Claim]:
    """Evaluate the claims of a study and keep them as ``claims.json``."""
    claims = list(study.claims(data)) if study.claims else []
    text = json.dumps([claim.as_dict() for claim in claims], indent=1, ensure_ascii=False)
    part = folder / ".claims.json.part"
    part.write_text(text)
    part.replace(folder / "claims.json")
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
