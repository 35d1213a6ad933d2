"""Elimination of the interior of many samples at once; see `backend` for how it goes."""

from .backend import BatchedBackend

__all__ = ["BatchedBackend"]
