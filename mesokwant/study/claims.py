"""Claims: a measured number beside what theory says it should be. They can fail.

>>> from mesokwant import Claim, Estimate
>>> from mesokwant.theory import Prediction
>>> expected = Prediction(1 / 3, source="Mello & Stone 1991")
>>> Claim("rise of a long wire", Estimate(0.327, 0.012, 1500), expected).holds
True
>>> Claim("the rise is positive", Estimate(0.327, 0.012, 1500), above=0.0, sigmas=5).holds
True

A claim that says its effect, which is how far the measured value would lie from theory if the
statement were false, is a claim only while its tolerance is well below it:

>>> claim = Claim("no rise", Estimate(0.01, 0.02, 90), Prediction(0.0), effect=1 / 3)
>>> claim.verdict, round(claim.tolerance_over_effect, 2)
('holds', 0.18)
>>> Claim("no rise", Estimate(0.01, 0.05, 90), Prediction(0.0), effect=1 / 3).verdict
'undecided'
"""

from __future__ import annotations

import math
from dataclasses import InitVar, dataclass, field
from typing import Any

from ..statistics.estimate import Estimate
from ..theory.prediction import Prediction

LARGEST_TOLERANCE = 0.3
"""Tolerance over effect above which a comparison decides nothing."""


@dataclass(frozen=True)
class Claim:
    """A measured number, its expected value, and how far apart they may lie.

    It holds where ``|measured - expected| <= sigmas * error + bound``, with the bound of the
    prediction. A one-sided claim (`above` or `below`) holds where the measured value lies beyond
    that number by more than ``sigmas * error``. No claim holds whose measured value or error is
    not finite.

    Parameters
    ----------
    name
        What is claimed, in a few words.
    measured
        The estimate; an error of zero is that of an exact statement.
    expected
        What theory expects, in the same units: value, systematic bound, the argument for the
        bound, and source. A number is a prediction without a bound.
    sigmas
        Statistical tolerance in standard errors.
    above, below
        For a one-sided claim, instead of `expected`: the number that the measured value exceeds
        or stays below.
    source
        Formula and paper, where `expected` does not say it.
    effect
        How far the measured value would lie from the expected one if the statement were false, in
        the same units. Where the tolerance is above `LARGEST_TOLERANCE` of it, nothing is claimed,
        and the measured number is shown as undecided.

    Raises
    ------
    TypeError
        Not exactly one of `expected`, `above` and `below` is given.
    ValueError
        The effect is no positive number.
    """

    name: str
    measured: Estimate
    expected: Prediction = None  # type: ignore[assignment]  # made by __post_init__
    sigmas: float = 3.0
    above: InitVar[float | None] = None
    below: InitVar[float | None] = None
    source: InitVar[str] = ""
    effect: float | None = None
    relation: str = field(init=False, default="=")

    def __post_init__(self, above: float | None, below: float | None, source: str) -> None:
        if not isinstance(self.measured, Estimate):
            raise TypeError(
                f"claim {self.name!r}: measured must be a mk.Estimate with an error, not "
                f"{self.measured!r}; an exact number is mk.Estimate(value, 0.0, 1)"
            )
        given = {"=": self.expected, ">": above, "<": below}
        named = [relation for relation, value in given.items() if value is not None]
        if len(named) != 1:
            raise TypeError(
                f"claim {self.name!r}: give what is expected, or above=..., or below=...; one of "
                "them"
            )
        expected = given[named[0]]
        if self.effect is not None and not 0 < self.effect < math.inf:
            raise ValueError(
                f"claim {self.name!r}: the effect is a positive number, how far from theory the "
                f"measured value would lie if the statement were false, not {self.effect!r}"
            )
        if not isinstance(expected, Prediction):
            expected = Prediction(float(expected), source=source)  # type: ignore[arg-type]
        # Plain numbers, whatever kind numpy made of them: claims are written to JSON.
        expected = Prediction(
            float(expected.value), float(expected.bound), expected.because, expected.source
        )
        object.__setattr__(self, "expected", expected)
        object.__setattr__(self, "sigmas", float(self.sigmas))
        object.__setattr__(self, "relation", named[0])

    @property
    def tolerance(self) -> float:
        """Allowed distance from the expected value."""
        return self.sigmas * float(self.measured.error) + float(self.expected.bound)

    @property
    def holds(self) -> bool:
        """The verdict."""
        value, error = float(self.measured.value), float(self.measured.error)
        if not (math.isfinite(value) and math.isfinite(error)):
            return False
        expected = float(self.expected.value)
        if self.relation == ">":
            return value - expected > self.sigmas * error
        if self.relation == "<":
            return expected - value > self.sigmas * error
        return abs(value - expected) <= self.tolerance

    @property
    def z(self) -> float | None:
        """Distance from the expected value in standard errors; None for an exact statement."""
        error = float(self.measured.error)
        return (float(self.measured.value) - self.expected.value) / error if error else None

    @property
    def tolerance_over_effect(self) -> float | None:
        """How blunt the comparison is; None where the claim does not say its effect."""
        return None if self.effect is None else self.tolerance / float(self.effect)

    @property
    def verdict(self) -> str:
        """Whether the claim "holds" or "fails", or is "undecided" by a tolerance too wide."""
        if not self.holds:
            return "fails"
        share = self.tolerance_over_effect
        return "undecided" if share is not None and share > LARGEST_TOLERANCE else "holds"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a JSON file."""
        return {
            "name": self.name,
            "measured": float(self.measured.value),
            "expected": self.expected.value,
            "source": self.expected.source,
            "sigmas": self.sigmas,
            "systematic": self.expected.bound,
            "because": self.expected.because,
            "relation": self.relation,
            "error": float(self.measured.error),
            "samples": int(self.measured.n),
            "holds": self.holds,
        } | self._decision()

    def _decision(self) -> dict[str, Any]:
        """What a claim that says its effect adds to its plain values."""
        if self.effect is None:
            return {}
        return {"effect": float(self.effect), "verdict": self.verdict}
