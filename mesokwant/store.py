"""Results on disk: append-only blocks of rows, opened as a labelled array.

A store is a folder::

    study.json            identity of the computation, versions that made it
    data/SWEEP/*.parquet  blocks of rows: axes..., sample, observables..., error, ...

A block is written under another name, flushed, and renamed, so that it is
there whole or not at all, whenever the writer dies and however many write.
Its name follows from what it holds; blocks are never changed. The same row in
two blocks is the same number, so overlapping writers do no harm.

Parquet because it is typed, checksummed, append-friendly by adding files,
tells null (missing) from NaN (computed), and can be read without this package.
Nothing in a store is ever executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr
from numpy.typing import NDArray

from .identity import Plain, differences, provenance
from .sweep import Point

FORMAT = 1
MISSING, COMPUTED, FAILED = 0, 1, 2
_RESERVED = ("sample", "error", "seconds", "resolved", "state")


@dataclass(frozen=True, eq=False)
class Block:
    """Results of some samples at one point.

    Attributes
    ----------
    sweep, point, samples
        Which rows these are.
    values
        Observable -> array (samples, ...); rows of failed samples are void.
    errors
        Sample -> traceback, of the samples that failed.
    resolved
        The samples that the solver's guard sent to a safer path.
    seconds
        Time that the block took.
    """

    sweep: str
    point: Point
    samples: Sequence[int]
    values: Mapping[str, NDArray]
    errors: Mapping[int, str] = field(default_factory=dict)
    resolved: Sequence[int] = ()
    seconds: float = 0.0


class Store:
    """The folder of one run; see the module's text for its layout."""

    def __init__(self, folder: Path) -> None:
        """Open an existing store.

        Raises
        ------
        FileNotFoundError
            There is none.
        ValueError
            The folder is not a store that this version can read.
        """
        self.folder = Path(folder)
        path = self.folder / "study.json"
        try:
            content = json.loads(path.read_text())
        except (FileNotFoundError, NotADirectoryError):
            raise FileNotFoundError(
                f"there are no results in {self.folder}; `mesokwant run` makes them"
            ) from None
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} is damaged ({error}); move it away and run again") from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError(
                f"{path} is not of format {FORMAT}, which this version of mesokwant reads; "
                "write to another folder by --out"
            )
        self.identity: Plain = content["identity"]
        self.provenance: Plain = content["provenance"]

    @classmethod
    def open(cls, folder: Path, identity: Plain) -> Store:
        """Open the store of a computation, or make it.

        Raises
        ------
        ValueError
            The folder holds another computation; the message names the difference.
        OSError
            The folder can't be made or written.
        """
        folder = Path(folder)
        content = {"format": FORMAT, "identity": identity, "provenance": provenance()}
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _write(folder / "study.json", json.dumps(content, indent=1).encode(), replace=False)
        store = cls(folder)
        # Compare as JSON has it: tuples are lists there.
        found = differences(store.identity, json.loads(json.dumps(identity)))
        if found:
            raise ValueError(
                f"{folder} holds another computation ({'; '.join(found)}); write to another "
                "folder by --out, or remove this one"
            )
        return store

    # -- writing ----------------------------------------------------------------------------

    def write(self, block: Block) -> None:
        """Add a block; after the return it survives a crash."""
        table = _table(block)
        samples = np.asarray(block.samples, np.int64)
        point = hashlib.sha256(json.dumps(block.point, sort_keys=True).encode()).hexdigest()[:16]
        members = hashlib.sha256(samples.tobytes()).hexdigest()[:8]
        fate = "failed" if block.errors else "ok"
        name = f"{point}-{samples.min()}-{samples.max()}-{members}-{fate}.parquet"
        folder = self._folder(block.sweep)
        folder.mkdir(parents=True, exist_ok=True)
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
        _write(folder / name, sink.getvalue().to_pybytes(), replace=True)

    # -- reading ----------------------------------------------------------------------------

    def rows(self, sweep: str, columns: list[str] | None = None) -> pa.Table | None:
        """All rows of a sweep, or None; a damaged block is set aside, with a warning."""
        tables = list(self._tables(sweep, columns))
        return pa.concat_tables(tables, promote_options="default") if tables else None

    def present(self, sweep: str, retry_failed: bool = False) -> dict[tuple[Any, ...], NDArray]:
        """Point (values of the axes, in order) -> the sorted samples that are stored."""
        axes = self.identity["sweeps"][sweep]["axes"]
        table = self.rows(sweep, [*axes, "sample", "error"])
        if table is None:
            return {}
        if retry_failed:
            table = table.filter(pa.compute.is_null(table["error"]))
        sample = table["sample"].to_numpy()
        columns = [np.unique(_column(table, axis), return_inverse=True) for axis in axes]
        code = np.zeros(len(sample), np.int64)
        for values, index in columns:
            code = code * len(values) + index
        order = np.argsort(code, kind="stable")
        starts = np.flatnonzero(np.diff(code[order], prepend=-1))
        return {
            tuple(values[index[rows[0]]].item() for values, index in columns): np.unique(
                sample[rows]
            )
            for rows in np.split(order, starts[1:])
            if len(rows)
        }

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
            stored by default.

        Returns
        -------
        xarray.Dataset
            Dimensions: the axes, ``sample``, and those of the observables.
            The variable ``state`` tells missing (0), computed (1) and failed
            (2) samples apart; values that are not computed are NaN. Attributes
            hold the settings by their full names, such as ``system.width``.
        """
        about = self.identity["sweeps"][sweep]
        table = self.rows(sweep)
        if table is None:
            raise FileNotFoundError(f"{self.folder} holds no results of {sweep!r} yet")
        # Failed attempts first, so that a later success overwrites them.
        failed = ~np.asarray(table["error"].is_null())
        table = table.take(np.argsort(~failed, kind="stable"))
        failed = ~np.asarray(table["error"].is_null())
        coordinates: dict[str, Any] = {}
        chosen = np.ones(len(table), bool)
        for axis in about["axes"]:
            stored = _column(table, axis)
            coordinates[axis] = np.asarray(axes[axis]) if axes else np.unique(stored)
            chosen &= np.isin(stored, coordinates[axis])
        number = table["sample"].to_numpy()
        if samples is not None:
            chosen &= number < samples
        coordinates["sample"] = np.unique(number[chosen]) if samples is None else np.arange(samples)
        table, failed = table.filter(pa.array(chosen)), failed[chosen]
        place = tuple(_positions(values, _column(table, n)) for n, values in coordinates.items())
        shape = tuple(map(len, coordinates.values()))

        state = np.zeros(shape, np.int8)
        state[place] = np.where(failed, FAILED, COMPUTED)
        variables: dict[str, Any] = {"state": (list(coordinates), state)}
        resolved = np.zeros(shape, bool)
        resolved[place] = table["resolved"].to_numpy(zero_copy_only=False)
        variables["resolved"] = (list(coordinates), resolved)
        for name, observable in about["observables"].items():
            variables[name] = _variable(table, name, observable, coordinates, place, shape)
        return xr.Dataset(variables, coordinates, about["settings"] | {"study": str(self.folder)})

    def failures(self, sweep: str) -> Iterator[tuple[Point, int, str]]:
        """(point, sample, traceback) of the samples that failed and were not computed since."""
        axes = self.identity["sweeps"][sweep]["axes"]
        table = self.rows(sweep, [*axes, "sample", "error"])
        rows = table.to_pylist() if table is not None else []
        key = [(*(row[axis] for axis in axes), row["sample"]) for row in rows]
        good = {k for k, row in zip(key, rows, strict=True) if row["error"] is None}
        bad = {k: row for k, row in zip(key, rows, strict=True) if k not in good}
        for row in bad.values():
            yield {axis: row[axis] for axis in axes}, row["sample"], row["error"]

    def _folder(self, sweep: str) -> Path:
        return self.folder / "data" / sweep

    def _tables(self, sweep: str, columns: list[str] | None) -> Iterator[pa.Table]:
        for path in sorted(self._folder(sweep).glob("*.parquet")):
            try:
                yield pq.read_table(path, columns=columns, page_checksum_verification=True)
            except FileNotFoundError:
                continue
            except (pa.ArrowException, OSError) as error:
                aside = path.with_suffix(".damaged")
                path.replace(aside)
                warnings.warn(
                    f"the block {path.name} is damaged ({str(error).splitlines()[0]}); it was set "
                    f"aside as {aside.name} and its samples count as missing",
                    RuntimeWarning,
                    stacklevel=2,
                )


# -- rows and arrays ------------------------------------------------------------------------


def _table(block: Block) -> pa.Table:
    number = len(block.samples)
    columns: dict[str, pa.Array] = {}
    for name, value in block.point.items():
        columns[name] = pa.array([value] * number)
    columns["sample"] = pa.array(block.samples, pa.int64())
    good = np.array([sample not in block.errors for sample in block.samples])
    shapes: Plain = {}
    for name, values in block.values.items():
        values = np.asarray(values, float)
        shapes[name] = values.shape[1:]
        if values.ndim == 1:
            columns[name] = pa.array(values, pa.float64(), mask=~good)
        else:
            flat = values.reshape(number, -1)
            rows = [row if ok else None for row, ok in zip(flat, good, strict=True)]
            columns[name] = pa.array(rows, pa.list_(pa.float64()))
    columns["error"] = pa.array([block.errors.get(s) for s in block.samples], pa.string())
    columns["seconds"] = pa.array(np.full(number, block.seconds / number), pa.float32())
    columns["resolved"] = pa.array(np.isin(block.samples, list(block.resolved)))
    columns["shapes"] = pa.array([json.dumps(shapes)] * number).dictionary_encode()
    return pa.table(columns)


def _variable(
    table: pa.Table,
    name: str,
    observable: Any,
    coordinates: Mapping[str, NDArray],
    place: tuple[NDArray, ...],
    shape: tuple[int, ...],
) -> tuple[list[str], NDArray]:
    if name not in table.column_names:
        return list(coordinates), np.full(shape, np.nan)
    column = table[name].combine_chunks()
    if not pa.types.is_list(column.type):
        array = np.full(shape, np.nan)
        array[place] = column.to_numpy(zero_copy_only=False)
        return list(coordinates), array
    # Vectors and matrices: padded by NaN to the largest.
    shapes = [json.loads(text).get(name, []) for text in table["shapes"].to_pylist()]
    largest = tuple(max(sizes) for sizes in zip(*filter(None, shapes), strict=True))
    array = np.full(shape + largest, np.nan)
    for row, (values, inner) in enumerate(zip(column, shapes, strict=True)):
        if values.is_valid:
            at = tuple(axis[row] for axis in place)
            array[at + tuple(map(slice, inner))] = np.reshape(values.values.to_numpy(), inner)
    inner_dims = observable.get("dims") or [f"{name}_{i}" for i in range(len(largest))]
    return [*coordinates, *inner_dims], array


def _column(table: pa.Table, name: str) -> NDArray:
    return table[name].to_numpy()


def _positions(values: NDArray, wanted: NDArray) -> NDArray:
    order = np.argsort(values)
    return order[np.searchsorted(values, wanted, sorter=order)]


def _write(path: Path, content: bytes, *, replace: bool) -> None:
    """Put a file in place whole or not at all, and onto the disk.

    Raises
    ------
    FileExistsError
        It exists and is not to be replaced.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(temporary).replace(path)
        else:
            os.link(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def names_taken(names: Iterable[str]) -> list[str]:
    """Those of the names that a store uses for itself."""
    return [name for name in names if name in _RESERVED or name == "shapes"]
