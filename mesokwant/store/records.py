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
import xarray as xr

from ..names import short_names
from ..point import Point
from . import spans
from .assembly import Assembly
from .block import RESERVED, Block
from .manifest import Plain
from .spans import Spans
from .table import segments, table_of

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
        """The rows of a sweep, a part at a time; some may come twice."""

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
        """Point -> the samples that are there; without the failed ones for `retry_failed`."""
        axes = self._axes(sweep)
        parts: dict[Point, list[tuple[int, int]]] = defaultdict(list)
        for table in self.rows(sweep, [*axes, "sample", "error"]):
            if retry_failed:
                table = table.filter(table["error"].is_null())
            for point, start, stop in segments(table, axes):
                parts[point].append((start, stop))
                if len(parts[point]) > PIECES:
                    parts[point] = list(spans.union(parts[point]))
        return {point: spans.union(pieces) for point, pieces in parts.items()}

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
            there by default.

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
            present = self.present(sweep)
            if not present:
                raise FileNotFoundError(
                    f"{self.where or 'the store'} holds no results of {sweep!r} yet; "
                    "`mesokwant run` makes them"
                )
            axes = {axis: sorted({point[axis] for point in present}) for axis in about["axes"]}
            numbers = spans.union(span for parts in present.values() for span in parts)
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
        self._tables[block.sweep].append(table_of(block))

    def request(self, wanted: Mapping[str, Plain]) -> None:
        """What a run in memory asks for ends with it."""

    def merge(self, sweep: str, *, others: bool) -> None:
        """Tables in memory stay as they are."""


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
