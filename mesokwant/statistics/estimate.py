"""The value that every statistic returns."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Estimate:
    """A value, its standard error, and the number of samples behind it.

    Attributes
    ----------
    value, error, n
        Numbers, or arrays of one shape for many points. The error is NaN where there are too
        few samples for one.

    Examples
    --------
    >>> print(Estimate(0.33121, 0.0041, 400))
    0.3312 ± 0.0041 (n = 400)
    >>> print(Estimate(0.33121, float("nan"), 1))
    0.33121 (n = 1: no error)
    """

    value: Any
    error: Any
    n: Any

    def __str__(self) -> str:
        if np.ndim(self.value) == 0:
            return _format(float(self.value), float(self.error), int(self.n))
        return "[" + ",\n ".join(str(self[i]) for i in range(len(self.value))) + "]"

    def __repr__(self) -> str:
        return f"<Estimate {self}>"

    def __getitem__(self, index: Any) -> "Estimate":
        """Some of the points of an estimate of many."""
        return Estimate(self.value[index], self.error[index], self.n[index])


def _format(value: float, error: float, n: int) -> str:
    """Two digits of the error, and the value to the same place."""
    if math.isnan(error):
        return f"{value:.6g} (n = {n}: no error)"
    if not 1e-6 < error < 1e5:
        return f"{value:.6g} ± {error:.2g} (n = {n})"
    places = max(0, 1 - math.floor(math.log10(float(f"{error:.1e}"))))
    return f"{value:.{places}f} ± {error:.{places}f} (n = {n})"
