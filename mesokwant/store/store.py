"""Results on disk: append-only blocks of rows, opened as a labelled array.

A store is a folder::

    study.json            identity of the computation, versions that made it
    request.json          points and samples that the last run asked for
    data/SWEEP/*.parquet  blocks of rows, see `mesokwant.store.table`

A block is written under another name, flushed, and renamed; its name ends in a
hash of its content, and it is never changed. So it is there whole or not at
all, damage is noticed, and any number of writers can share a folder: the same
row in two blocks is the same number. Merging blocks writes the merged one
before it removes its parts.

Parquet because it is typed, compact, and can be read without this package.
Nothing in a store is ever executed.
"""

from __future__ import annotations

import json
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .. import files
from ..names import unknown
from . import migration, parquet
from .block import Block
from .manifest import (
    Plain,
    changed_code,
    deciders_of,
    differences,
    digest,
    incomparable_code,
    provenance,
    with_code,
)
from .records import Records
from .table import imaginary, table_of, unique, with_observables

FORMAT = 2
MOST_SMALL_BLOCKS = 256
"""Small blocks that a writer lets accumulate before it merges them."""
SMALL, LARGE = 8 << 20, 32 << 20
"""Bytes: a block below the first may be merged, into blocks of up to about the second."""


class Store(Records):
    """The folder of one run; see the module's text for its layout."""

    def __init__(self, folder: str | Path) -> None:
        """Open an existing store.

        Raises
        ------
        FileNotFoundError
            There is none.
        ValueError
            The folder is not a store that this version can read.
        """
        self.folder = Path(folder)
        content = _json(self.folder / "study.json")
        if content is None:
            raise FileNotFoundError(
                f"there are no results in {self.folder}; `mesokwant run` makes them"
            )
        if content.get("format") == 1:
            content = migration.from_format_1(self.folder, content)
        if content.get("format") != FORMAT:
            raise ValueError(
                f"{self.folder / 'study.json'} is not of format {FORMAT}, which this version of "
                "mesokwant reads; write to another folder (out=...)"
            )
        self.identity: Plain = content["identity"]
        self.provenance: Plain = content["provenance"]
        self._own: dict[str, list[Path]] = defaultdict(list)

    @classmethod
    def open(cls, folder: str | Path, identity: Plain, recompute: Collection[str] = ()) -> Store:
        """Open the store of a computation, or make it.

        Parameters
        ----------
        folder
            Where it lies.
        identity
            What the computation is.
        recompute
            Names of what is to be computed again: observables, or what decides all of a sweep
            (a kind of disorder, a parameter, "system"). The rows lose what these decide.

        Raises
        ------
        ValueError
            The folder holds another computation; the message names the difference. Nothing has
            a name that is to be computed again.
        OSError
            The folder can't be made or written.
        """
        path = Path(folder) / "study.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise NotADirectoryError(
                f"{error.filename} is a file, not a folder for results; choose another (out=...)"
            ) from None
        try:
            missing = _json(path) is None
        except ValueError as error:
            # Its blocks tell whether they are of this computation: see `_content`.
            aside = path.with_suffix(".damaged")
            path.replace(aside)
            warnings.warn(
                f"{error}; it was set aside as {aside.name} and written anew",
                RuntimeWarning,
                stacklevel=3,
            )
            missing = True
        if missing:
            content = {"format": FORMAT, "identity": identity, "provenance": provenance()}
            with suppress(FileExistsError):
                files.write(path, json.dumps(content, indent=1).encode(), replace=False)
        files.clean(path.parent)
        store = cls(folder)
        # Compare as JSON has it: tuples are lists there.
        identity = json.loads(json.dumps(identity))
        if recompute:
            store._recompute(identity, recompute)
        found = differences(store.identity, identity)
        if found:
            changed = changed_code(store.identity, identity)
            raise ValueError(
                f"{folder} holds another computation ({'; '.join(found)}); write to another "
                "folder (out=...), or "
                + (f"compute it again (recompute={changed!r})" if changed else "remove this one")
            )
        incomparable = incomparable_code(store.identity, identity)
        if incomparable:
            warnings.warn(
                f"{folder}: {'; '.join(incomparable)}; if it changed since, write to another "
                "folder (out=...), or compute it again (recompute=[...])",
                RuntimeWarning,
                stacklevel=3,
            )
        known = with_code(store.identity, identity)
        if known != store.identity and not incomparable:
            # From now on code is compared that an older version did not know. A folder that
            # can't be written may still be read.
            with suppress(OSError):
                store._take_over(known, store.provenance)
        return store

    def _recompute(self, identity: Plain, names: Collection[str]) -> None:
        """Forget what some names decide, and take over their new identity."""
        sweeps = dict(self.identity["sweeps"])
        known = set()
        for key, new in identity["sweeps"].items():
            if key not in sweeps:
                continue
            observables, deciders = set(new["observables"]), set(deciders_of(new))
            known |= observables | deciders
            if deciders & set(names):
                self.forget(key, observables)
                sweeps[key] = new
            elif chosen := observables & set(names):
                self.forget(key, chosen)
                of_new = {name: new["observables"][name] for name in chosen}
                merged = {**sweeps[key]["observables"], **of_new}
                sweeps[key] = {**sweeps[key], "observables": merged}
        for name in names:
            if name not in known:
                raise ValueError(unknown("observable or disorder to recompute called", name, known))
        again = [*self.provenance.get("recomputed", ()), {"names": sorted(names), **provenance()}]
        made_by = {**self.provenance, "recomputed": again}
        self._take_over({**self.identity, "sweeps": sweeps}, made_by)

    def _take_over(self, identity: Plain, made_by: Plain) -> None:
        """Replace what the stored computation is and by which versions it was made."""
        content = {"format": FORMAT, "identity": identity, "provenance": made_by}
        files.write(self.folder / "study.json", json.dumps(content, indent=1).encode())
        self.identity, self.provenance = identity, made_by

    # -- writing ----------------------------------------------------------------------------

    def request(self, wanted: Mapping[str, Plain]) -> None:
        """Keep what a run asks for: sweep -> dict(axes=..., samples=...)."""
        plain = json.loads(json.dumps(wanted))
        if self.requested != plain:
            files.write(self.folder / "request.json", json.dumps(plain, indent=1).encode())

    def write(self, block: Block) -> None:
        """Add a block; after the return it survives a crash."""
        own = self._own[block.sweep]
        own.append(self._keep(block.sweep, table_of(block)))
        if len(own) >= MOST_SMALL_BLOCKS:
            self._own[block.sweep] = self._merged(block.sweep, own)

    def merge(self, sweep: str, *, others: bool) -> None:
        """Merge the small blocks of this writer, or those of all writers."""
        paths = self._blocks(sweep) if others else self._own[sweep]
        small = [path for path in sorted(paths) if _bytes(path) < SMALL]
        if len(small) > 1:
            self._own[sweep] = self._merged(sweep, small)

    def _keep(self, sweep: str, table: pa.Table) -> Path:
        """Write rows as a block; its name says where they lie and what they are."""
        name, content = parquet.encoded(table, self._axes(sweep), digest(self.identity))
        path = self._folder(sweep) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, content)
        return path

    def _merged(self, sweep: str, paths: Sequence[Path]) -> list[Path]:
        """Merge blocks; return those that came of it and may be merged again.

        Blocks with different observables, as they are while an observable is computed again,
        stay apart.
        """
        result: list[Path] = []
        for group in _groups(paths):
            of_kinds: dict[frozenset[str], dict[Path, pa.Table]] = defaultdict(dict)
            for path in group:
                if (content := self._content(path)) is not None:
                    of_kinds[self._observables(sweep, content)][path] = content.read()
            failed = of_kinds.pop(frozenset(), {})  # Blocks of failures alone go anywhere.
            kinds = list(of_kinds.values()) or [{}]
            kinds[0] |= failed
            for tables in kinds:
                result += self._joined(sweep, tables)
        return [path for path in result if _bytes(path) < SMALL]

    def _joined(self, sweep: str, tables: Mapping[Path, pa.Table]) -> list[Path]:
        """Put the rows of several blocks into one; return the blocks that are there then."""
        if len(tables) < 2:
            return list(tables)
        joined = pa.concat_tables(tables.values(), promote_options="permissive")
        whole = self._keep(sweep, unique(joined, self._axes(sweep)))
        for path in tables:
            if path != whole:
                path.unlink(missing_ok=True)
        return [whole]

    def forget(self, sweep: str, observables: Collection[str]) -> None:
        """Remove observables from all rows, or the rows where no observable remains.

        Every block is replaced by one without these columns. A run then computes just these
        observables for the rows that stay.
        """
        for path in sorted(self._blocks(sweep)):
            content = self._content(path)
            if content is None:
                continue
            have = self._observables(sweep, content)
            if have & set(observables):
                if have - set(observables):
                    table = content.read()
                    columns = {c for name in observables for c in (name, imaginary(name))}
                    self._keep(sweep, table.drop_columns(sorted(columns & set(table.column_names))))
                path.unlink(missing_ok=True)

    # -- reading ----------------------------------------------------------------------------

    @property
    def where(self) -> str:
        return str(self.folder)

    @property
    def requested(self) -> Plain | None:
        """What the last run asked for; None where that is not known."""
        with suppress(ValueError):
            return _json(self.folder / "request.json")
        return None

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(_bytes(path) for path in self.folder.rglob("*") if path.is_file())

    def rows(self, sweep: str, columns: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a sweep, a part at a time; some may come twice."""
        wanted = None if columns is None else list(columns)
        seen: set[Path] = set()
        # Blocks that vanish meanwhile were merged, and the merged one is new.
        while new := sorted(self._blocks(sweep) - seen):
            for path in new:
                seen.add(path)
                if (content := self._content(path)) is not None:
                    observables = self._observables(sweep, content)
                    for batch in content.iter_batches(parquet.BATCH, columns=wanted):
                        yield with_observables(pa.Table.from_batches([batch]), observables)

    def _folder(self, sweep: str) -> Path:
        return self.folder / "data" / sweep

    def _blocks(self, sweep: str) -> set[Path]:
        return set(self._folder(sweep).glob("*.parquet"))

    def _observables(self, sweep: str, content: pq.ParquetFile) -> frozenset[str]:
        """The observables that a block has."""
        return frozenset(self.identity["sweeps"][sweep]["observables"]) & set(
            content.schema_arrow.names
        )

    def _content(self, path: Path) -> pq.ParquetFile | None:
        """A block, or None if it vanished or is damaged: then it is set aside.

        Raises
        ------
        ValueError
            It belongs to another computation.
        """
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        if not parquet.is_whole(path, content):
            aside = path.with_suffix(".damaged")
            with suppress(OSError):
                path.replace(aside)
            warnings.warn(
                f"the block {path.name} is damaged; it was set aside as {aside.name}, and its "
                "samples count as missing: the next run computes them again",
                RuntimeWarning,
                stacklevel=3,
            )
            return None
        file, computation = parquet.opened(content)
        if computation != digest(self.identity):
            raise ValueError(
                f"the block {path} is of another computation than {self.folder / 'study.json'} "
                "says; move it away"
            )
        return file


def _groups(paths: Iterable[Path]) -> Iterator[list[Path]]:
    """Blocks that are large enough together."""
    group: list[Path] = []
    total = 0
    for path in paths:
        group.append(path)
        total += _bytes(path)
        if total >= LARGE:
            yield group
            group, total = [], 0
    yield group


def _bytes(path: Path) -> int:
    """Size of a file, 0 if it is gone."""
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _json(path: Path) -> Plain | None:
    """The object in a file, or None if there is no file.

    Raises
    ------
    ValueError
        It is damaged.
    """
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise ValueError(
            f"{path} is damaged ({error}); run the study again, which writes it anew and keeps "
            "all results"
        ) from None
    if not isinstance(content, dict):
        raise ValueError(f"{path} is damaged (no object); run the study again, which keeps all")
    return content
