"""What the stored runs have: samples, failures, time and size."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from ..engine.executors import cores
from ..engine.progress import duration
from ..point import Point
from ..store import spans
from ..store.store import Store
from .stored import runs

LISTED = 12
"""Points of a sweep that are listed one by one; more are counted together."""


@dataclass
class PointStatus:
    """Samples of one point.

    Attributes
    ----------
    done, failed
        Samples that are stored, and those among them that failed.
    total
        Samples that the last run asked for; 0 for a point that it did not ask for.
    timed, seconds
        Samples whose time is known, and the sum of these times.
    """

    done: int = 0
    failed: int = 0
    total: int = 0
    timed: int = 0
    seconds: float = 0.0

    @property
    def remaining(self) -> int:
        """Samples still to be computed."""
        return max(0, self.total - self.done)


def status_of(store: Store, sweep: str) -> dict[Point, PointStatus]:
    """Every point that is stored or was asked for -> its status."""
    axes = store.identity["sweeps"][sweep]["axes"]
    asked = (store.requested or {}).get(sweep, {"axes": dict.fromkeys(axes, ()), "samples": 0})
    status = {
        Point(zip(axes, values, strict=True)): PointStatus(total=asked["samples"])
        for values in product(*(asked["axes"][axis] for axis in axes))
    }
    for point, numbers in store.present(sweep).items():
        status.setdefault(point, PointStatus()).done = spans.size(numbers)
    for failure in store.failures(sweep):
        status[failure.point].failed += 1
    for rows in store.rows(sweep, [*axes, "seconds"]):
        sums = rows.group_by(axes).aggregate([("seconds", "sum"), ("seconds", "count")])
        for row in sums.to_pylist():
            one = status[Point((axis, row[axis]) for axis in axes)]
            one.seconds += row["seconds_sum"]
            one.timed += row["seconds_count"]
    return status


def table(out: Path) -> Table:
    """A row for every point, or group of many points, of every run below ``out``.

    Raises
    ------
    FileNotFoundError
        There is no such folder, or no run in it.
    """
    result = Table(title=f"Runs in {out}", title_justify="left")
    for column in ("run", "sweep", "point"):
        result.add_column(column)
    for column in ("samples", "failed", "ms/sample", f"remaining ({cores()} cores)", "MB"):
        result.add_column(column, justify="right")
    for study, preset in runs(out):
        name = f"{study}/{preset}"
        try:
            _add(result, name, Store(out / study / preset))
        except ValueError as error:
            result.add_row(name, "", str(error))
        result.add_section()
    return result


def _add(result: Table, name: str, store: Store) -> None:
    size = f"{store.size / 1e6:.2f}"
    for sweep in store.identity["sweeps"]:
        status = status_of(store, sweep)
        timed = [s.seconds / s.timed for s in status.values() if s.timed]
        mean = float(np.mean(timed)) if timed else None
        for label, group in _grouped(status):
            paces = [s.seconds / s.timed for s in group if s.timed]
            pace = float(np.mean(paces)) if paces else mean
            remaining = sum(s.remaining for s in group)
            time = "?" if pace is None else duration(remaining * pace / cores())
            done, total = sum(s.done for s in group), sum(s.total for s in group)
            result.add_row(
                name,
                sweep,
                label,
                _counted(done, total),
                str(sum(s.failed for s in group)),
                "" if not paces else f"{1e3 * float(np.mean(paces)):.3g}",
                time if remaining else "",
                size,
            )
            name = size = ""
    if name:
        result.add_row(name, "", "nothing stored yet", "", "", "", "", size)


def _grouped(status: dict[Point, PointStatus]) -> list[tuple[str, list[PointStatus]]]:
    """(label, points): one by one, or where there are many, those alike together."""
    if len(status) <= LISTED:
        return [(_label(point), [one]) for point, one in status.items()]
    groups: dict[Any, list[PointStatus]] = {}
    for one in status.values():
        groups.setdefault((one.done, one.total, one.failed), []).append(one)
    return [
        (
            f"{len(group)} points, each {_counted(done, total)}"
            + (f", {failed} failed" if failed else ""),
            group,
        )
        for (done, total, failed), group in sorted(groups.items())
    ]


def _counted(done: int, total: int) -> str:
    """Samples done of those that the last run asked for, which may be fewer than there are."""
    if not total:
        return f"{done}, not asked for by the last run"
    return f"{done}/{total}" if done <= total else f"{done} ({total} asked)"


def _label(point: Point) -> str:
    return ", ".join(
        f"{a}={v:.6g}" if isinstance(v, float) else f"{a}={v}" for a, v in point.items()
    )
