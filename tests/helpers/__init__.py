"""What tests share: a small study and ways to run it (`engine`), and lattices (`lattices`)."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The root of the repository."""
