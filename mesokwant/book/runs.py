"""What a results folder has, whatever state it is in.

`found` takes the folder of all results and gives a `StoredRun` for every run below it. Nothing is
computed. What cannot be read, because it is damaged, half computed or from another version, is
missing from the run, and a sentence among its `problems` says so.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..figures import FORMATS
from ..report.status import PointStatus, status_of
from ..report.stored import kept_claims
from ..store.store import Store
from ..study.claims import Claim

ORDER = ("full", "repeat", "quick")
"""Presets in the order in which they are shown, before all others; the first stands for a study."""

UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OSError)
"""What files of a damaged folder raise when they are read."""


@dataclass
class StoredRun:
    """One run, as its folder has it.

    Attributes
    ----------
    study, preset, folder
        Names, and where it lies.
    claims
        The claims of the last check.
    figures
        Format of a figure, such as "svg", -> its file.
    identity, provenance
        What was computed, and by which versions; empty where that is unknown.
    asked
        Sweep -> its axes and samples, as the last run asked for them.
    done, failed, wanted
        Samples that are stored, those among them that failed, and those that were asked for.
    seconds
        Time that the samples took, summed over the cores.
    date
        When it was computed: of the commit that has it, or of the file.
    problems
        A sentence for everything that could not be read.
    """

    study: str
    preset: str
    folder: Path
    claims: list[Claim] = field(default_factory=list)
    figures: dict[str, Path] = field(default_factory=dict)
    identity: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    done: int = 0
    failed: int = 0
    wanted: int = 0
    seconds: float = 0.0
    date: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def seed(self) -> int | None:
        """The seed of all its disorder; None where it is unknown."""
        return self.identity.get("seed")

    @property
    def failing(self) -> list[Claim]:
        """The claims that fail."""
        return [claim for claim in self.claims if claim.verdict == "fails"]

    @property
    def verdict(self) -> str:
        """The verdict over all claims: "fails" if one does, "" where there are none."""
        if not self.claims:
            return ""
        if self.failing:
            return "fails"
        deciding = [claim for claim in self.claims if claim.verdict == "holds"]
        return "holds" if deciding else "undecided"


def found(results: Path) -> dict[str, list[StoredRun]]:
    """Name of a study -> its runs, the one that stands for it first.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    """
    if not results.is_dir():
        raise FileNotFoundError(f"there are no results in {results}; `mesokwant run` makes them")
    runs: dict[str, list[StoredRun]] = {}
    for folder in sorted(path for path in results.glob("*/*") if path.is_dir()):
        if any(folder.iterdir()):
            runs.setdefault(folder.parent.name, []).append(read(folder))
    for of_study in runs.values():
        of_study.sort(key=_rank)
    return runs


def read(folder: Path) -> StoredRun:
    """What the folder of one run has."""
    run = StoredRun(folder.parent.name, folder.name, folder)
    run.figures = {
        suffix: path for suffix in FORMATS if (path := folder / f"figure.{suffix}").is_file()
    }
    with _problems_of(run, "its claims cannot be read"):
        run.claims = kept_claims(folder) if (folder / "claims.json").is_file() else []
    with _problems_of(run, "its samples cannot be read"):
        _read_samples(run)
    if not run.provenance:
        with _problems_of(run, ""):
            content = json.loads((folder / "study.json").read_text())
            run.identity, run.provenance = content["identity"], content["provenance"]
    run.date = _date(folder)
    return run


def _read_samples(run: StoredRun) -> None:
    store = Store(run.folder)
    run.identity, run.provenance = dict(store.identity), dict(store.provenance)
    run.asked = dict(store.requested or {})
    for sweep in store.identity["sweeps"]:
        points: Mapping[Any, PointStatus] = status_of(store, sweep)
        for point in points.values():
            run.done += point.done
            run.failed += point.failed
            run.wanted += max(point.total, point.done)
            run.seconds += point.seconds
    if run.done < run.wanted:
        run.problems.append(
            f"{run.done} of {run.wanted} samples are computed; the same run continues it"
        )


@contextmanager
def _problems_of(run: StoredRun, title: str) -> Iterator[None]:
    """Turn errors and warnings into problems of the run; without a title into nothing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except UNREADABLE as error:
            if title:
                run.problems.append(f"{title}: {_sentence(error)}")
    if title:
        run.problems += [str(warning.message) for warning in caught]


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}"
    if isinstance(error, KeyError):
        return f"there is no {error} in a file, which may be of another version"
    return str(error)


def _rank(run: StoredRun) -> tuple[int, str]:
    return ORDER.index(run.preset) if run.preset in ORDER else len(ORDER), run.preset


def _date(folder: Path) -> str:
    """The day of the commit that has the last change of the data, or else that of the file."""
    path = folder / "study.json"
    if not path.is_file():
        return ""
    command = ["git", "-C", str(folder), "log", "-1", "--format=%cs", "--", "data", path.name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return _day(path)
    return done.stdout.strip() or _day(path)


def _day(path: Path) -> str:
    return datetime.date.fromtimestamp(path.stat().st_mtime).isoformat()
