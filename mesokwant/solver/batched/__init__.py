"""Elimination of the interior of many samples at once; see `backend` for how it goes."""

from .backend import COMPILED, BatchedBackend
from .tree import is_known

__all__ = ["COMPILED", "BatchedBackend", "is_known"]
