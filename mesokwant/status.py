"""What the stored runs have: samples, failures, time and size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.table import Table

from .store import Store


def table(out: Path) -> Table:
    """One row for every sweep of every run below ``out``.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    """
    if not out.is_dir():
        raise FileNotFoundError(f"there is no results folder {out}; `mesokwant run` makes one")
    result = Table(title=f"Runs in {out}", title_justify="left")
    for column in ("run", "sweep", "points", "samples", "failed", "ms/sample", "MB"):
        result.add_column(column, justify="left" if column in ("run", "sweep") else "right")
    for path in sorted(out.glob("*/*/study.json")):
        store = Store(path.parent)
        for sweep in store.identity["sweeps"]:
            rows = store.rows(sweep, ["seconds"])
            present = store.present(sweep)
            size = sum(file.stat().st_size for file in path.parent.rglob("*") if file.is_file())
            seconds = rows["seconds"].to_numpy() if rows is not None else np.array([])
            result.add_row(
                str(path.parent.relative_to(out)),
                sweep,
                str(len(present)),
                _spread([len(samples) for samples in present.values()]),
                str(sum(1 for _ in store.failures(sweep))),
                f"{1e3 * seconds.mean():.3g}" if len(seconds) else "",
                f"{size / 1e6:.2f}",
            )
    return result


def _spread(numbers: list[int]) -> str:
    if not numbers:
        return "0"
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"
