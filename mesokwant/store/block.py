"""Results of some samples at one point, as a worker returns them. NumPy alone is needed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from numpy.typing import NDArray

from ..point import Point
from .spans import Spans

MISSING, COMPUTED, FAILED = 0, 1, 2
"""Values of the variable ``state``."""

RESERVED = ("sample", "error", "seconds", "resolved", "shapes", "state")
"""Names of columns and variables that no axis or observable may have."""


@dataclass(frozen=True, eq=False)
class Block:
    """Results of some samples at one point.

    Attributes
    ----------
    sweep, point, numbers
        Which rows these are: the name of the sweep, the point, and the numbers of the samples.
    values
        Observable -> array (samples, ...); rows of failed samples are void.
    errors
        Number of a sample -> traceback, of the samples that failed.
    resolved
        Numbers of the samples that the solver solved again in a safer way.
    seconds
        Time that the block took.
    """

    sweep: str
    point: Point
    numbers: Spans
    values: Mapping[str, NDArray]
    errors: Mapping[int, str] = field(default_factory=dict)
    resolved: tuple[int, ...] = ()
    seconds: float = 0.0
