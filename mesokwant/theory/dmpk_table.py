"""What the DMPK equation expects of a wire, from a table of Monte Carlo runs that is kept.

`dmpk_law` takes the number of modes and the symmetry index, and gives the averages of g, of ln g
and of the shot noise, their variances, and the distribution of ln g at every length from 0 to far
beyond ξ. It reads them from `dmpk_table.npz`, which `tools/dmpk_table.py` wrote from `dmpk_wires`.
Every number has a statistical error, because the table is a sample. Slabs of finite thickness leave
less than 0.2 % beside it, as `unitary_wire_moments` shows, which is exact at β = 2.

>>> law = dmpk_law(20, beta=1)
>>> print(f"{law.log_mean(21.0).value:.2f}, {law.log_variance(21.0).value:.2f}")
-0.59, 0.38
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.special import ndtr

from .dmpk import DmpkWires
from .prediction import Prediction

Array = NDArray[np.float64]

TABLE = Path(__file__).with_name("dmpk_table.npz")
DEVIATES = np.linspace(-3.2, 3.2, 33)
PROBABILITIES = ndtr(DEVIATES)
"""Shares of wires whose largest ln g is kept."""
MOMENTS = ("g", "var g", "ln g", "var ln g", "noise")


@dataclass(frozen=True, eq=False)
class DmpkLaw:
    """What N equivalent modes of one symmetry class conduct, at any length that is tabulated.

    The methods take s = L/l, one number or an array, and raise a `ValueError` beyond `longest`.
    Their predictions have the statistical error of the table.

    Parameters
    ----------
    channels, beta
        Number N of modes and symmetry index; at beta = 4 a Kramers pair counts once.
    samples
        Number of wires that the averages are over.
    s
        Tabulated lengths over l, ascending from 0, shape (lengths,).
    moments, errors
        <g>, var g, <ln g>, var ln g and <Σ T(1-T)> with their standard errors, shape (lengths, 5).
    quantiles
        ln g that the shares `PROBABILITIES` of the wires lie below, shape (lengths, 33).

    References
    ----------
    Mello, Pereyra and Kumar, Ann. Phys. 181, 290 (1988); Beenakker, Rev. Mod. Phys. 69, 731 (1997).
    """

    channels: int
    beta: int
    samples: int
    s: Array
    moments: Array
    errors: Array
    quantiles: Array

    @property
    def longest(self) -> float:
        """The greatest tabulated length over l."""
        return float(self.s[-1])

    @property
    def localization_length(self) -> float:
        """ξ over l, βN + 2 - β."""
        return float(self.beta * self.channels + 2 - self.beta)

    def mean(self, s: ArrayLike) -> Prediction:
        """<g> in e²/h."""
        return self._moment("g", s)

    def variance(self, s: ArrayLike) -> Prediction:
        """Var g in (e²/h)²."""
        return self._moment("var g", s)

    def log_mean(self, s: ArrayLike) -> Prediction:
        """<ln g>, which becomes -2L/ξ and a constant."""
        return self._moment("ln g", s)

    def log_variance(self, s: ArrayLike) -> Prediction:
        """Var ln g, which becomes 4L/ξ and a constant."""
        return self._moment("var ln g", s)

    def noise(self, s: ArrayLike) -> Prediction:
        """<Σ T(1-T)> in 2e³|V|/h: over <g> it is the Fano factor."""
        return self._moment("noise", s)

    def log_distribution(self, log_g: ArrayLike, s: float) -> Array:
        """Share of the wires of one length whose ln g is below some values: of their shape."""
        places, deviates = self._at(self.quantiles, s), DEVIATES
        # As a deviate the share is nearly linear in ln g: the tails, beyond the last quantiles,
        # are those of a normal distribution.
        far = 10.0
        places = np.concatenate(
            [
                [places[0] - far * (places[1] - places[0])],
                places,
                [places[-1] + far * (places[-1] - places[-2])],
            ]
        )
        step = far * (deviates[1] - deviates[0])
        deviates = np.concatenate([[deviates[0] - step], deviates, [deviates[-1] + step]])
        inside = np.clip(np.asarray(log_g, dtype=float), places[0], places[-1])
        return ndtr(PchipInterpolator(places, deviates)(inside))

    def log_quantiles(self, s: ArrayLike) -> Array:
        """ln g that the shares `PROBABILITIES` lie below, along a last axis."""
        return self._at(self.quantiles, s)

    def _moment(self, name: str, s: ArrayLike) -> Prediction:
        column = MOMENTS.index(name)
        value, error = (self._at(part[:, column], s) for part in (self.moments, self.errors))
        return Prediction(value, source="DMPK equation; Monte Carlo", error=np.abs(error))

    def _at(self, column: Array, s: ArrayLike) -> Array:
        """A column of the table between its lengths, by a cubic spline in ln(1 + s)."""
        places = np.asarray(s, dtype=float)
        if np.any(places > self.longest) or np.any(places < 0):
            raise ValueError(
                f"The table of N = {self.channels}, beta = {self.beta} ends at L = "
                f"{self.longest:.4g} l: simulate longer wires by `theory.dmpk_wires`."
            )
        return CubicSpline(np.log1p(self.s), column)(np.log1p(places))


def dmpk_law(channels: int, *, beta: int) -> DmpkLaw:
    """Return what the DMPK equation expects of N equivalent modes, from metal to insulator.

    Parameters
    ----------
    channels
        Number N of open modes: 1 to 6, 8, 10, 15, 20 or 30. At beta = 4 they are Kramers pairs.
    beta
        Symmetry index: 1, 2 or 4.

    Returns
    -------
    A `DmpkLaw`, whose methods give g in e²/h, ln g and the noise at any s = L/l, a pure number.

    Raises
    ------
    ValueError
        If the table has no such number of modes.

    References
    ----------
    Mello, Pereyra and Kumar, Ann. Phys. 181, 290 (1988); Beenakker, Rev. Mod. Phys. 69, 731 (1997).

    Examples
    --------
    >>> law = dmpk_law(10, beta=2)
    >>> print(f"{law.mean(5.0).value:.2f}, {law.variance(5.0).value:.3f}")
    1.65, 0.068
    """
    laws = _table()
    if (beta, channels) not in laws:
        known = sorted({n for b, n in laws if b == beta})
        raise ValueError(
            f"The table of the DMPK equation has no N = {channels} at beta = {beta}, only "
            f"{known}: simulate other wires by `theory.dmpk_wires`."
        )
    return laws[beta, channels]


def tabulated(wires: DmpkWires, channels: int) -> dict[str, Any]:
    """Return the rows of the table that wires give, and those of a wire without length.

    Parameters
    ----------
    wires
        From `dmpk_wires`.
    channels
        Their number N of modes.

    Returns
    -------
    The fields `samples`, `s`, `moments`, `errors` and `quantiles` of `DmpkLaw`.
    """
    samples = wires.log_g.shape[-1]
    columns, errors = [], []
    for values, both in ((np.exp(wires.log_g), True), (wires.log_g, True), (wires.noise, False)):
        average, variance = values.mean(axis=-1), values.var(axis=-1, ddof=1)
        fourth = ((values - average[:, None]) ** 4).mean(axis=-1)
        columns += [average, variance][: 1 + both]
        errors += [variance, fourth - variance**2][: 1 + both]
    start = np.array([channels, 0, np.log(channels), 0, 0], dtype=float)
    quantiles = np.quantile(wires.log_g, PROBABILITIES, axis=-1).T
    return {
        "samples": samples,
        "s": np.append(0.0, wires.s),
        "moments": np.vstack([start, np.transpose(columns)]),
        "errors": np.vstack([0 * start, np.sqrt(np.transpose(errors) / samples)]),
        "quantiles": np.vstack([np.full(PROBABILITIES.shape, start[2]), quantiles]),
    }


@lru_cache
def _table() -> dict[tuple[int, int], DmpkLaw]:
    with np.load(TABLE) as stored:
        laws: dict[tuple[int, int], dict[str, Any]] = {}
        for name in stored:
            beta, channels, field = name.split("/")
            laws.setdefault((int(beta), int(channels)), {})[field] = stored[name]
    return {
        (beta, channels): DmpkLaw(
            channels,
            beta,
            int(fields.pop("samples")),
            **{field: values.astype(float) for field, values in fields.items()},
        )
        for (beta, channels), fields in laws.items()
    }
