"""What tests share: a small study and ways to run it (`engine`), and lattices (`lattices`)."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The root of the repository."""


def shown(value):
    """The value as the name of a test, which is the same in every process: without addresses."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
