"""What the benchmarks share: timing, a description of the machine, and tables that are kept."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import threadpoolctl

from benchmarks import peers

RESULTS = Path(__file__).parent / "results"

Column = tuple[str, str, str]
"""Key of a row, title, and format of a cell."""


def timed(work: Callable[[], Any], repeats: int = 3, budget: float = 20.0) -> tuple[float, Any]:
    """Median processor time of some repeats, fewer if they would exceed ``budget`` seconds.

    Everything runs on one thread, so that this is also the elapsed time of an idle machine.
    """
    times: list[float] = []
    result = None
    while len(times) < repeats and (not times or sum(times) * (1 + 1 / len(times)) < budget):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return float(np.median(times)), result


def per_sample(
    work: Callable[[range], Any], most: int, budget: float = 6.0
) -> tuple[float, Any, int]:
    """Milliseconds per sample, the results, and their number; ``work`` has run before."""
    first, _ = timed(lambda: work(range(1)), 1)
    numbers = range(int(np.clip(budget / 3 / first, 2, most)))
    seconds, result = timed(lambda: work(numbers), 3, budget)
    return seconds / len(numbers) * 1e3, result, len(numbers)


def peaks() -> dict[str, float]:
    """Speed of this machine's dgemm and zgemm at n = 512, in GF/s."""
    result = {}
    for name, kind, flops in (("dgemm", float, 2), ("zgemm", complex, 8)):
        a = np.random.default_rng(0).random((512, 512)).astype(kind)
        out = np.empty_like(a)
        seconds = min(timed(lambda a=a, out=out: np.matmul(a, a, out=out), 1)[0] for _ in range(9))
        result[name] = flops * 512**3 / seconds / 1e9
    return result


def machine() -> dict[str, Any]:
    """Date, processor, libraries and their speed, and the solver that Kwant has here."""
    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    names = {f"{p['internal_api']} {p['version']} {p.get('architecture')}" for p in pools}
    return {
        "when": time.strftime("%Y-%m-%d"),
        "processor": platform.processor() or platform.machine(),
        "blas": sorted(names),
        "mumps": peers.mumps is not None,
        "peak GF/s": peaks(),
    }


def described(report: dict[str, Any]) -> str:
    """The machine of a report in one line."""
    speed = ", ".join(f"{name} {value:.0f} GF/s" for name, value in report["peak GF/s"].items())
    solver = "MUMPS" if report["mumps"] else "SuperLU"
    return (
        f"{report['when']}, one core, {speed} ({'; '.join(report['blas'])}). "
        f"Kwant solves by {solver}."
    )


def table(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> str:
    """Rows in Markdown; a cell without a value has a hyphen."""
    lines = [
        "| " + " | ".join(title for _, title, _ in columns) + " |",
        "|---" * len(columns) + "|",
    ]
    for row in rows:
        cells = [form.format(row[key]) if key in row else "-" for key, _, form in columns]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def print_row(row: dict[str, Any], columns: Sequence[Column], first: bool) -> None:
    """Print a row of a table as soon as it is measured, the first one below the titles."""
    lines = table([row], columns)
    print(lines if first else lines.split("\n")[-1], flush=True)


def keep(name: str, report: dict[str, Any], text: str) -> None:
    """Keep a report as JSON and as text; that of a machine without MUMPS says so in its name."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / (name if report["mumps"] else f"{name}-superlu")
    path.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n")
    path.with_suffix(".md").write_text(text)
