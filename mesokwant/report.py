"""What a finished run leaves beside its data: claims and figures, redone from stored results."""

from __future__ import annotations

import json
from pathlib import Path

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


def draw(study: Study, data: Results, folder: Path) -> list[Path]:
    """Draw the figure of a study as ``figure.png``, ``.pdf`` and ``.svg``."""
    if study.figure is None:
        return []
    with figures.style():
        return figures.save(study.figure(data), folder, "figure")
