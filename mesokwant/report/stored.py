"""What a finished run leaves beside its data: claims and figures, redone from stored results."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import xarray as xr

from .. import files
from ..engine.identity import identity
from ..engine.results import Results, assembled, counts, datasets, folder_of, results
from ..store.block import MISSING
from ..store.store import Store
from ..study.claims import Claim
from ..study.study import REPEAT, Study
from .summary import adjusted


def runs(out: str | Path) -> list[tuple[str, str]]:
    """(study, preset) of every run below a folder.

    Raises
    ------
    FileNotFoundError
        There is none.
    """
    paths = sorted(Path(out).glob("*/*/study.json"))
    if not paths:
        raise FileNotFoundError(f"there are no results in {out}; `mesokwant run` makes them")
    return [(path.parent.parent.name, path.parent.name) for path in paths]


def stored(study: Study, preset: str, out: str | Path) -> tuple[Results, Path]:
    """The stored results of a configured study and their folder; computes nothing.

    Samples that are missing at every point are left out, with a warning: a run may still be
    computing them.

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
    return assembled({n: _without_missing(part) for n, part in datasets(data).items()}), folder


def _without_missing(data: xr.Dataset) -> xr.Dataset:
    """Without the samples that are missing at every point."""
    present = data.state != MISSING
    return data.isel(sample=present.any([dim for dim in present.dims if dim != "sample"]).values)


def check(study: Study, reading: Any, folder: Path) -> list[Claim]:
    """Evaluate the claims of a study and keep them as ``claims.json``.

    The file has a list with the plain values of every claim, and with its p-value as one of many,
    ``p_holm``; the smallest of these is the p-value of the study.
    """
    claims = evaluated(study, reading)
    kept = [claim.as_dict() for claim in claims]
    for one, p in zip(kept, adjusted(claims), strict=True):
        one |= {} if p is None else {"p_holm": p}
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    files.write(folder / "claims.json", text.encode())
    return claims


def evaluated(study: Study, reading: Any) -> list[Claim]:
    """The claims of a study about what was read in its results."""
    return list(study.claims(reading)) if study.claims else []


def is_repeated(study: Study, out: str | Path) -> bool:
    """Whether the run that repeats the full one with another seed is stored, with all samples.

    Raises
    ------
    ValueError
        It is of another computation.
    """
    folder = folder_of(study, REPEAT, out)
    if REPEAT not in study.presets or not (folder / "study.json").exists():
        return False
    repeat = study.with_preset(REPEAT)
    return counts(results(repeat, Store.open(folder, identity(repeat))))[1] == 0


def kept_claims(folder: Path) -> list[Claim]:
    """The claims that a run has kept, of this or an earlier version.

    Raises
    ------
    FileNotFoundError
        The run has kept none.
    """
    return [Claim.from_dict(one) for one in json.loads((folder / "claims.json").read_text())]


def draw(
    study: Study,
    reading: Any,
    folder: Path,
    *,
    panel: str | None = None,
    width: float | None = None,
    style: str | Path | None = None,
) -> list[Path]:
    """Draw the figure of a study as ``figure.png``, ``.pdf`` and ``.svg``.

    Parameters
    ----------
    study, reading
        The study, and what its panels are handed.
    folder
        Where the files go.
    panel
        The letter of one panel that is drawn alone, as ``figure_b.png`` and so on.
    width
        Width in inches.
    style
        A matplotlib style on top of the house style.
    """
    if not study.panels:
        return []
    from .. import figures

    with figures.house_style(style):
        figure = figures.compose(study.panels, reading, only=panel, width=width)
        return figures.save(figure, folder, f"figure_{panel}" if panel else "figure")
