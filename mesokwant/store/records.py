"""What every store answers, given its rows: which samples there are, and labelled arrays.

`mesokwant.store.store.Store` keeps the rows on disk, `MemoryStore` in memory.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xarray as xr

from ..names import short_names
from ..point import Point
from . import spans
from .assembly import Assembly
from .block import RESERVED, Block
from .manifest import Plain
from .spans import Spans
from .table import observables_of, segments, table_of, with_observables

Lacking = Mapping[Point, Mapping[tuple[str, ...], Spans]]
"""Point -> observables -> numbers of the samples that have others but not these."""

PIECES = 1024
"""Spans of one point that are collected before they are joined."""


@dataclass(frozen=True)
class Failure:
    """A sample that could not be computed."""

    point: Point
    sample: int
    seed: int
    traceback: str

    def __str__(self) -> str:
        where = f"{self.point}, " if self.point else ""
        last = self.traceback.strip().splitlines()[-1]
        return f"{where}sample {self.sample} (seed {self.seed}): {last}"


class Records(ABC):
    """Rows of results of the sweeps of one computation.

    A subclass provides `rows`, `write`, `request` and `merge`.

    Attributes
    ----------
    identity
        What the computation is: see `mesokwant.engine.identity`.
    """

    identity: Plain

    @abstractmethod
    def rows(self, sweep: str, columns: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a sweep, a part at a time; some may come twice.

        Each table is marked with the observables of its block (`table.with_observables`).
        """

    @abstractmethod
    def write(self, block: Block) -> None:
        """Add a block."""

    @property
    def where(self) -> str:
        """Where the rows are, for messages and for the attribute ``study`` of results."""
        return ""

    @abstractmethod
    def request(self, wanted: Mapping[str, Plain]) -> None:
        """Keep what a run asks for: sweep -> dict(axes=..., samples=...)."""

    @abstractmethod
    def merge(self, sweep: str, *, others: bool) -> None:
        """Merge the small pieces of this writer, or those of all writers."""

    def present(self, sweep: str, retry_failed: bool = False) -> dict[Point, Spans]:
        """Point -> the samples that are there with all observables, or that failed.

        Parameters
        ----------
        sweep
            Name of the sweep.
        retry_failed
            Leave the failed ones out.
        """
        return self.inventory(sweep, retry_failed)[0]

    def inventory(
        self, sweep: str, retry_failed: bool = False
    ) -> tuple[dict[Point, Spans], Lacking]:
        """What is there: see `present`; and which samples lack which observables."""
        axes = self._axes(sweep)
        wanted = frozenset(self.identity["sweeps"][sweep]["observables"])
        # Observables (all of them, or what a block has) -> point -> spans.
        parts: dict[Any, dict[Point, list[tuple[int, int]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for table in self.rows(sweep, [*axes, "sample", "error"]):
            valid = table["error"].is_null()
            groups: list[tuple[Any, pa.Table]] = [
                (observables_of(table) & wanted, table.filter(valid))
            ]
            if not retry_failed:
                groups.append((FAILURES, table.filter(pc.invert(valid))))
            for have, rows in groups:
                for point, start, stop in segments(rows, axes):
                    pieces = parts[have][point]
                    pieces.append((start, stop))
                    if len(pieces) > PIECES:
                        pieces[:] = spans.union(pieces)
        found = {
            have: {point: spans.union(pieces) for point, pieces in of_points.items()}
            for have, of_points in parts.items()
        }
        present = {
            point: spans.union([*found.get(wanted, {}).get(point, ()), *failures])
            for point, failures in found.get(FAILURES, {}).items()
        }
        present = {**found.get(wanted, {}), **present}
        partial = {have: of for have, of in found.items() if have not in (wanted, FAILURES)}
        lacking: dict[Point, dict[tuple[str, ...], Spans]] = {}
        for point in {point for of_points in partial.values() for point in of_points}:
            complete = _complete(point, wanted, found)
            if complete:
                present[point] = spans.union([*present.get(point, ()), *complete])
            of_point = lacking.setdefault(point, {})
            for have, of_points in partial.items():
                rest = spans.difference(of_points.get(point, ()), present.get(point, ()))
                if rest and have:
                    of_point[tuple(sorted(wanted - have))] = rest
        return present, lacking

    def dataset(
        self,
        sweep: str,
        axes: Mapping[str, Sequence[Any]] | None = None,
        samples: int | None = None,
    ) -> xr.Dataset:
        """The results of a sweep as a labelled array.

        Parameters
        ----------
        axes, samples
            Only these points and the samples below this number; all that are
            there by default, also those that lack an observable.

        Returns
        -------
        xarray.Dataset
            Dimensions: the axes, ``sample``, and those of the observables. The variable
            ``state`` tells missing (0), computed (1) and failed (2) samples apart; values that
            are not computed are NaN. Settings are scalar coordinates by their short names, such
            as ``width``, or by their full ones where the short name has another use; what is no
            number, name or switch stands in the attributes. Coordinates have ``units``.

        Raises
        ------
        FileNotFoundError
            Nothing is there, and no axes are given.
        """
        about = self.identity["sweeps"][sweep]
        if axes is None or samples is None:
            present, lacking = self.inventory(sweep)
            stored = {point: list(numbers) for point, numbers in present.items()}
            for point, without in lacking.items():
                stored.setdefault(point, []).extend(s for part in without.values() for s in part)
            if not stored:
                raise FileNotFoundError(
                    f"{self.where or 'the store'} holds no results of {sweep!r} yet; "
                    "`mesokwant run` makes them"
                )
            axes = {axis: sorted({point[axis] for point in stored}) for axis in about["axes"]}
            numbers = spans.union(span for parts in stored.values() for span in parts)
        else:
            numbers = ((0, samples),)
        observables = about["observables"]
        assembly = Assembly(
            {name: np.asarray(values) for name, values in axes.items()},
            spans.array(numbers),
            {name: observable["dims"] for name, observable in observables.items()},
        )
        for table in self.rows(sweep):
            assembly.add(table)
        result = _labelled(assembly.dataset(), about)
        return result.assign_attrs(study=self.where) if self.where else result

    def failures(self, sweep: str) -> list[Failure]:
        """The samples that failed and were not computed since."""
        axes = self._axes(sweep)
        bad: dict[tuple[Point, int], str] = {}
        for table in self.rows(sweep, [*axes, "sample", "error"]):
            for row in table.filter(table["error"].is_valid()).to_pylist():
                bad[Point((axis, row[axis]) for axis in axes), row["sample"]] = row["error"]
        if bad:
            good = self.present(sweep, retry_failed=True)
            bad = {
                (point, sample): text
                for (point, sample), text in bad.items()
                if not spans.contains(good.get(point, ()), sample)
            }
        seed = self.identity["seed"]
        return [
            Failure(point, sample, seed, bad[point, sample])
            for point, sample in sorted(bad, key=lambda key: (tuple(key[0].values()), key[1]))
        ]

    def _axes(self, sweep: str) -> list[str]:
        return self.identity["sweeps"][sweep]["axes"]


class MemoryStore(Records):
    """Rows that are kept in memory alone."""

    def __init__(self, identity: Plain) -> None:
        self.identity = identity
        self._tables: dict[str, list[pa.Table]] = defaultdict(list)

    def rows(self, sweep: str, columns: Iterable[str] | None = None) -> Iterator[pa.Table]:
        for table in self._tables[sweep]:
            yield table if columns is None else table.select(list(columns))

    def write(self, block: Block) -> None:
        table = with_observables(table_of(block), block.observables)
        self._tables[block.sweep].append(table)

    def request(self, wanted: Mapping[str, Plain]) -> None:
        """What a run in memory asks for ends with it."""

    def merge(self, sweep: str, *, others: bool) -> None:
        """Tables in memory stay as they are."""


FAILURES = "failures"
"""Stands for the failed samples in an inventory."""


def _complete(
    point: Point, wanted: frozenset[str], found: Mapping[Any, Mapping[Point, Spans]]
) -> Spans:
    """The samples of a point that have every observable, each in some block."""
    result: Spans | None = None
    for name in wanted:
        holders = [of for have, of in found.items() if have != FAILURES and name in have]
        with_name = spans.union(span for of in holders for span in of.get(point, ()))
        result = with_name if result is None else spans.intersection(result, with_name)
    return result or ()


def _labelled(data: xr.Dataset, about: Plain) -> xr.Dataset:
    """The results with settings as scalar coordinates, and units."""
    taken = {*map(str, data.variables), *map(str, data.dims), *RESERVED}
    settings = {name: value for name, value in about["settings"].items() if value is not None}
    scalars = {name for name, value in settings.items() if isinstance(value, int | float | str)}
    names = short_names(scalars, taken)
    data = data.assign_coords({names[full]: settings[full] for full in sorted(scalars)})
    units = about.get("units", {})
    for full, name in [*names.items(), *((axis, axis) for axis in about["axes"])]:
        if units.get(full):
            data[name].attrs["units"] = units[full]
    for name, observable in about["observables"].items():
        if observable["unit"]:
            data[name].attrs["units"] = observable["unit"]
    return data.assign_attrs({k: v for k, v in settings.items() if k not in scalars})
