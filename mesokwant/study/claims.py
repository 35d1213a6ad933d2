"""Claims: a measured number beside what theory says it should be. They can fail.

A claim takes an `Estimate` and a `Prediction`, and gives the verdict, the distance z in standard
errors, the p-value, and how blunt the comparison is. `Claim.as_dict` and `Claim.from_dict` are
its way to a JSON file and back.

>>> from mesokwant import Claim, Estimate
>>> from mesokwant.theory import Prediction
>>> expected = Prediction(1 / 3, source="Mello & Stone 1991")
>>> Claim("rise of a long wire", Estimate(0.327, 0.012, 1500), expected).holds
True
>>> Claim("the rise is positive", Estimate(0.327, 0.012, 1500), above=0.0, sigmas=5).holds
True

A claim that says its effect, which is how far the measured value would lie from theory if the
statement were false, is a claim only while its tolerance is well below it. Otherwise it is a
measurement:

>>> claim = Claim("no rise", Estimate(0.01, 0.02, 90), Prediction(0.0), effect=1 / 3)
>>> claim.verdict, round(claim.tolerance_over_effect, 2), round(claim.p_value, 2)
('holds', 0.18, 0.62)
>>> Claim("no rise", Estimate(0.01, 0.05, 90), Prediction(0.0), effect=1 / 3).verdict
'undecided'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from typing import Any

from ..statistics.estimate import Estimate
from ..theory.prediction import Prediction

LARGEST_TOLERANCE = 0.3
"""Tolerance over effect above which a comparison is no claim but a measurement."""


@dataclass(frozen=True)
class Claim:
    """A measured number, its expected value, and how far apart they may lie.

    It holds where ``|measured - expected| <= sigmas * error + bound``, with the bound of the
    prediction, and with the errors of measured and expected value added in quadrature. A
    one-sided claim (`above` or `below`) holds where the measured value lies beyond that number by
    more than ``sigmas * error``. No claim holds whose measured value or error is not finite.

    An equality with an error has to say its effect; without one, tables say so. A one-sided claim
    needs none: its statement is false from the number on that it names, so that a blunt
    measurement makes it fail. An exact claim, whose error is zero, needs none where its bound is
    rounding.

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
        and the measured number is shown as undecided: it is a measurement.

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
            float(expected.value),
            float(expected.bound),
            expected.because,
            expected.source,
            float(expected.error),
        )
        object.__setattr__(self, "expected", expected)
        object.__setattr__(self, "sigmas", float(self.sigmas))
        object.__setattr__(self, "relation", named[0])

    @property
    def error(self) -> float:
        """Standard error of measured minus expected value, as of independent numbers."""
        return math.hypot(float(self.measured.error), self.expected.error)

    @property
    def tolerance(self) -> float:
        """Allowed distance from the expected value."""
        return self.sigmas * self.error + self.expected.bound

    @property
    def holds(self) -> bool:
        """Whether the measured value lies where the claim says, within the tolerance."""
        if not (math.isfinite(self.measured.value) and math.isfinite(self.error)):
            return False
        if self.relation == "=":
            return abs(self._apart) <= self.tolerance
        beyond = self._apart if self.relation == ">" else -self._apart
        return beyond > self.sigmas * self.error

    @property
    def z(self) -> float | None:
        """Distance from the expected value in standard errors; None for an exact statement."""
        return self._apart / self.error if self.error else None

    @property
    def p_value(self) -> float | None:
        """Probability of a distance at least as large if the statement is true.

        That of an equality is two-sided and for the distance beyond the bound. That of a
        one-sided claim is for a true value at the number that it names. None for an exact
        statement, and where the value or the error is not finite.
        """
        if self.z is None or not math.isfinite(self.z) or not math.isfinite(self.error):
            return None
        if self.relation == "=":
            beyond = max(abs(self._apart) - self.expected.bound, 0.0)
            return math.erfc(beyond / self.error / math.sqrt(2))
        beyond = self.z if self.relation == ">" else -self.z
        return math.erfc(-beyond / math.sqrt(2)) / 2

    @property
    def tolerance_over_effect(self) -> float | None:
        """How blunt the comparison is; None where the claim does not say its effect."""
        return None if self.effect is None else self.tolerance / float(self.effect)

    @property
    def lacks_effect(self) -> bool:
        """Whether this is an equality with an error that does not say its effect."""
        return self.relation == "=" and self.effect is None and self.error > 0

    @property
    def verdict(self) -> str:
        """Whether the claim "holds" or "fails", or is "undecided" by a tolerance too wide."""
        if not self.holds:
            return "fails"
        share = self.tolerance_over_effect
        return "undecided" if share is not None and share > LARGEST_TOLERANCE else "holds"

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a JSON file."""
        optional = {
            "expected_error": self.expected.error or None,
            "dominated": bool(self.measured.dominated) or None,
            "effect": None if self.effect is None else float(self.effect),
            "z": self.z,
            "p": self.p_value,
        }
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
            "verdict": self.verdict,
        } | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Claim:
        """The claim that `as_dict` made plain values of, now or in an earlier version."""
        numbers = (kept["measured"], kept["error"], kept["samples"])
        measured = Estimate(*numbers, kept.get("dominated", False))
        options = {"sigmas": kept["sigmas"], "effect": kept.get("effect")}
        if kept["relation"] == "=":
            bound, because, source = (kept[name] for name in ("systematic", "because", "source"))
            error = kept.get("expected_error", 0.0)
            expected = Prediction(kept["expected"], bound, because, source, error)
            return cls(kept["name"], measured, expected, **options)
        side = "above" if kept["relation"] == ">" else "below"
        options |= {side: kept["expected"], "source": kept["source"]}
        return cls(kept["name"], measured, **options)

    @property
    def _apart(self) -> float:
        return float(self.measured.value) - self.expected.value
