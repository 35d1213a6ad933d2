"""Blocks of rows as bytes of Parquet: packed, marked with their computation, named by a hash."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

BATCH = 1 << 17
"""Rows that are in memory at once."""


def encoded(table: pa.Table, axes: Sequence[str], computation: str) -> tuple[str, bytes]:
    """The name of the file of a block, and its content.

    Parameters
    ----------
    table
        The rows.
    axes
        Names of the columns that are axes.
    computation
        Digest of the identity that the rows belong to.
    """
    sink = pa.BufferOutputStream()
    table = table.replace_schema_metadata({"computation": computation})
    pq.write_table(table, sink, compression="zstd", row_group_size=BATCH, **_encodings(table, axes))
    content = sink.getvalue().to_pybytes()
    return f"{len(table)}-{_hash(content)}.parquet", content


def is_whole(path: Path, content: bytes) -> bool:
    """Whether a file has the content that its name was made of."""
    return path.stem.endswith(f"-{_hash(content)}")


def opened(content: bytes) -> tuple[pq.ParquetFile, str]:
    """The rows of a block, and the digest of the computation that they belong to."""
    file = pq.ParquetFile(pa.BufferReader(content))
    return file, (file.schema_arrow.metadata or {}).get(b"computation", b"").decode()


def _encodings(table: pa.Table, axes: Sequence[str]) -> dict[str, Any]:
    """How columns are packed: numbers byte by byte, which saves a third; the rest by repeats."""
    packed = {
        column.name: "BYTE_STREAM_SPLIT"
        for column in table.schema
        if pa.types.is_float64(column.type) and column.name not in axes
    } | {"sample": "DELTA_BINARY_PACKED"}
    others = [name for name in table.column_names if name not in packed]
    return {"use_dictionary": others, "column_encoding": packed}


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()
