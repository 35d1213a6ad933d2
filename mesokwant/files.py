"""Writing files whole or not at all, whenever the writer dies and however many write."""

from __future__ import annotations

import os
import time
import uuid
from contextlib import suppress
from pathlib import Path

ABANDONED = 600.0
"""Age in seconds at which a half-written file belongs to nobody alive."""


def write(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Put a file in place whole or not at all, and onto the disk.

    Raises
    ------
    FileExistsError
        It exists and is not to be replaced.
    OSError
        The disk is full, the folder can't be written, and so on; nothing changed.
    """
    try:
        # Not by tempfile: its files can be read by their owner alone.
        temporary = path.with_name(f".{uuid.uuid4().hex}.part")
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                temporary.replace(path)
            else:
                os.link(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        # Name the file that was meant, not the temporary one.
        raise type(error)(error.errno, error.strerror, str(path)) from error
    _sync(path.parent)


def clean(folder: Path) -> None:
    """Remove what writers left half-written when they died."""
    for path in folder.rglob(".*.part"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > ABANDONED:
                path.unlink()


def _sync(folder: Path) -> None:
    """Make the names in a folder durable: what replaces a file is there before it goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
