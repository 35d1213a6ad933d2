"""Elimination of the interior of many samples at once; see `backend` for how it goes."""

from .backend import COMPILED, BatchedBackend
from .dissection import is_known

__all__ = ["COMPILED", "BatchedBackend", "is_known"]
