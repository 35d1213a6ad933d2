"""Results of some samples, as a worker returns them. NumPy alone is needed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from numpy.typing import NDArray

from ..point import Point
from .parts import Part, Parts
from .spans import Spans

MISSING, COMPUTED, FAILED = 0, 1, 2
"""Values of the variable ``state``."""

RESERVED = ("sample", "error", "seconds", "resolved", "shapes", "state")
"""Names of columns and variables that no axis or observable may have."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """Results of some samples at one point, or the error that they all end in.

    Attributes
    ----------
    point, numbers
        Which samples these are: the point, and the numbers of the samples.
    values
        Observable -> array (samples, ...) of real or complex numbers; none if they failed.
    resolved
        Numbers of the samples that the solver solved again in a safer way.
    error
        The traceback if they failed, else empty.
    """

    point: Point
    numbers: Spans
    values: Mapping[str, NDArray] = field(default_factory=dict)
    resolved: tuple[int, ...] = ()
    error: str = ""


@dataclass(frozen=True, eq=False)
class Block:
    """Results of some samples at some points of a sweep.

    Attributes
    ----------
    sweep
        The name of the sweep.
    measurements
        The results; a point may occur repeatedly, each of its samples once.
    seconds
        Time that the block took.
    """

    sweep: str
    measurements: tuple[Measurement, ...]
    seconds: float = 0.0

    @property
    def parts(self) -> Parts:
        """Which points and samples these are."""
        return tuple(Part(one.point, one.numbers) for one in self.measurements)

    @property
    def observables(self) -> tuple[str, ...]:
        """The names of the observables; none if all samples failed."""
        return tuple({name: None for one in self.measurements for name in one.values})
