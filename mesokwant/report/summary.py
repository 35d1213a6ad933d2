"""What the claims of a study amount to: how many hold, and one p-value for all of them.

`Summary.of` takes claims and counts their verdicts. Comparisons that are too blunt are
measurements and no claims. The p-value is the smallest of all comparisons with errors, adjusted for
their number by Holm's rule; `adjusted` gives the adjusted p-value of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..statistics import holm
from ..study.claims import Claim


@dataclass(frozen=True)
class Summary:
    """The verdicts of claims, counted, and one p-value for all of them.

    Attributes
    ----------
    holding, failing, undecided
        How many hold, fail, and are measurements.
    lacking
        How many of those that hold say no effect.
    compared
        How many have a p-value, the undecided ones among them.
    p_value
        Probability that at least one of these comparisons lies as far from theory as the farthest
        does, if all statements and bounds are right; an upper limit where they are correlated.
        None where there is nothing with an error to compare.
    farthest
        Name of the comparison that decides it.
    """

    holding: int
    failing: int
    undecided: int
    lacking: int
    compared: int
    p_value: float | None
    farthest: str

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> Summary:
        """The summary of the claims of one study, or of all."""
        counted = [claim.verdict for claim in claims]
        numbers = [p for p in adjusted(claims) if p is not None]
        known = [(one.p_value, one.name) for one in claims if one.p_value is not None]
        return cls(
            holding=counted.count("holds"),
            failing=counted.count("fails"),
            undecided=counted.count("undecided"),
            lacking=sum(one.verdict == "holds" and one.lacks_effect for one in claims),
            compared=len(numbers),
            p_value=min(numbers, default=None),
            farthest=min(known, default=(1.0, ""))[1],
        )

    @property
    def verdict(self) -> str:
        """The counted verdicts in words."""
        claims = self.holding + self.failing
        if self.failing:
            text = f"{self.failing} of {claims} claims fail{'s' if self.failing == 1 else ''}"
        elif claims == 1:
            text = "its claim holds"
        else:
            text = f"all {claims} claims hold" if claims else "it claims nothing"
        if self.undecided:
            text += f", {self.undecided} undecided"
        return text

    @property
    def probability(self) -> str:
        """The p-value in words, and what it is the p-value of; empty where there is none."""
        if self.p_value is None:
            return ""
        number = "comparison" if self.compared == 1 else f"{self.compared} comparisons, Holm"
        farthest = f"; farthest: {self.farthest}" if self.p_value < 1 else ""
        return f"p = {self.p_value:.2g} ({number}{farthest})"


def adjusted(claims: Sequence[Claim]) -> list[float | None]:
    """The p-value of each claim, adjusted for the number of those that have one."""
    found = [claim.p_value for claim in claims]
    numbers = iter(holm([p for p in found if p is not None]).tolist())
    return [None if p is None else next(numbers) for p in found]
