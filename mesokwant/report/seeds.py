"""What the runs of a study with two seeds say together: verdicts, and how far apart they measure.

`TwoSeeds.of` takes the claims of the kept run and those of the run that repeats it, pairs them by
their names, and counts the verdicts that are the same. Names may have measured numbers in them,
such as a length in units of ξ: those that differ in numbers alone are paired in their order.

The distances from theory of a pair are independent. They differ by z standard errors, with a root
mean square of 1 if the errors are right, whatever theory leaves out.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..study.claims import Claim

Key = tuple[str, int]
"""A name, or its words and its place among those with the same words."""


@dataclass(frozen=True)
class Pair:
    """A claim on two seeds; None where one of the runs does not have it."""

    name: str
    first: Claim | None
    second: Claim | None

    @property
    def is_whole(self) -> bool:
        """Whether both runs have the claim."""
        return self.first is not None and self.second is not None

    @property
    def agrees(self) -> bool:
        """Whether both runs have the claim, with the same verdict."""
        return self.verdicts[0] == self.verdicts[1]

    @property
    def verdicts(self) -> tuple[str, str]:
        """The verdict on the first and on the second seed; empty where there is no claim."""
        return _verdict(self.first), _verdict(self.second)

    @property
    def z(self) -> float | None:
        """Difference of the distances from theory in standard errors; None if it is no number."""
        if self.first is None or self.second is None:
            return None
        error = math.hypot(self.first.error, self.second.error)
        apart = _from_theory(self.second) - _from_theory(self.first)
        return apart / error if error and math.isfinite(apart / error) else None


@dataclass(frozen=True)
class TwoSeeds:
    """The claims of one study, or of several, on two seeds; those that both runs have come first.

    Attributes
    ----------
    pairs
        A pair for every name of a claim.
    """

    pairs: tuple[Pair, ...]

    @classmethod
    def of(cls, first: Sequence[Claim], second: Sequence[Claim]) -> TwoSeeds:
        """The claims of the kept run of a study, and of the run that repeats it."""
        kept, again = _keyed(first, second), _keyed(second, first)
        names = {key: one.name for key, one in (again | kept).items()}
        pairs = [Pair(names[key], kept.get(key), again.get(key)) for key in kept | again]
        return cls(tuple(sorted(pairs, key=lambda pair: not pair.is_whole)))

    @classmethod
    def of_all(
        cls, first: Mapping[str, Sequence[Claim]], second: Mapping[str, Sequence[Claim]]
    ) -> TwoSeeds:
        """The same of all studies that have a run on a second seed, by their names."""
        return cls(
            tuple(
                Pair(f"{study}: {pair.name}", pair.first, pair.second)
                for study in second
                for pair in cls.of(first[study], second[study]).pairs
            )
        )

    @property
    def agreeing(self) -> int:
        """How many claims both runs have with the same verdict."""
        return sum(pair.agrees for pair in self.pairs)

    @property
    def farthest(self) -> Pair | None:
        """The pair whose measured numbers lie farthest apart; None where nothing is random."""
        return max(self._random, key=lambda pair: abs(pair.z or 0.0), default=None)

    @property
    def spread(self) -> float | None:
        """Root mean square of z over the pairs; None where nothing is random."""
        squares = [(pair.z or 0.0) ** 2 for pair in self._random]
        return math.sqrt(sum(squares) / len(squares)) if squares else None

    @property
    def _random(self) -> list[Pair]:
        # Nothing is random in numbers that are the same on both seeds.
        return [pair for pair in self.pairs if pair.z]

    @property
    def counted(self) -> str:
        """How many verdicts are the same, and which ones are not, in words."""
        total = len(self.pairs)
        if self.agreeing == total:
            return "the verdict is the same" if total == 1 else f"all {total} verdicts are the same"
        others = "; ".join(
            f"{pair.name}: {' and '.join(verdict or 'no claim' for verdict in pair.verdicts)}"
            for pair in self.pairs
            if not pair.agrees
        )
        return f"{self.agreeing} of {total} verdicts are the same ({others})"

    @property
    def distances(self) -> str:
        """How far the measured numbers of all pairs lie apart in words; empty for exact ones."""
        if self.farthest is None or self.farthest.z is None:
            return ""
        if len(self._random) == 1:
            return f"measured {abs(self.farthest.z):.1f}σ apart"
        most = f"{self.farthest.z:+.1f}σ ({self.farthest.name})"
        return f"measured {self.spread:.2f}σ apart in root mean square, at most {most}"


def _keyed(claims: Sequence[Claim], others: Sequence[Claim]) -> dict[Key, Claim]:
    """The claims by their names, or by the order of those whose numbers alone are different."""
    names, other_names = ({one.name for one in of_run} for of_run in (claims, others))
    own = [one for one in claims if one.name not in other_names]
    counts = Counter(_words(one.name) for one in own)
    other_counts = Counter(_words(name) for name in other_names - names)
    keyed: dict[Key, Claim] = {}
    places: Counter[str] = Counter()
    for one in claims:
        words = _words(one.name)
        if one.name in other_names or counts[words] != other_counts[words]:
            keyed[one.name, 0] = one
        else:
            places[words] += 1
            keyed[words, places[words]] = one
    return keyed


def _words(name: str) -> str:
    """A name without its numbers."""
    return re.sub(r"\d+(\.\d+)?", "#", name)


def _from_theory(claim: Claim) -> float:
    return float(claim.measured.value) - claim.expected.value


def _verdict(claim: Claim | None) -> str:
    return "" if claim is None else claim.verdict
