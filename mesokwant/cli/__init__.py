"""The command line: thin words around what Python users call."""

from .commands import main, mesokwant

__all__ = ["main", "mesokwant"]
