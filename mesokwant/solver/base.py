"""What a back end must provide.

A back end turns a `Problem` and sample numbers into scattering matrices:

* S relates incoming to outgoing lead modes exactly as `kwant.smatrix` does,
  with the modes of `Problem.modes`; rows are the modes of `out_leads`, columns
  those of `in_leads`, leads in increasing order.
* The result for a sample does not depend on which other samples are asked
  for with it.
* A sample it can't vouch for is solved again in a safer way and counted in
  `Solution.resolved`, never returned as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from numpy.typing import NDArray

from .problem import Problem


@dataclass(frozen=True, eq=False)
class Solution:
    """Scattering matrices of some samples.

    Attributes
    ----------
    data
        Shape (samples, modes out, modes in), complex.
    resolved
        Numbers of the samples that a guard sent to a safer path.
    """

    data: NDArray
    resolved: tuple[int, ...] = ()


class Backend(Protocol):
    """A way of solving `Problem`s."""

    def solve(self, problem: Problem, samples: Sequence[int]) -> Solution: ...
