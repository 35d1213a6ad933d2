"""A diffusive wire by what its resistance says of it: mean free path, localization, diffusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import theory
from ..statistics import Estimate

Table = Mapping[str, list[Any]]
"""Columns of a table of regimes."""


@dataclass(frozen=True)
class DiffusiveWire:
    """A disordered wire between ideal leads, g = N/(1 + L/l): all its lengths follow from N and l.

    Parameters
    ----------
    width
        W, in lattice constants.
    channels
        Open modes N of the leads, of both spins where there are two.
    path
        Mean free path l, from `mean_free_path`.
    spins
        2 where the model has spin.

    Source
    ------
    C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997).
    """

    width: int
    channels: int
    path: Estimate
    spins: int = 1

    @property
    def blur(self) -> float:
        """l/W: diffusion across the wire needs it small."""
        return float(self.path.value) / self.width

    def s(self, length: ArrayLike) -> NDArray[np.float64]:
        """L/l."""
        return np.asarray(length, dtype=float) / float(self.path.value)

    def localization_length(self, beta: int) -> float:
        """ξ = (βN + 2 - β) l, with N of the spin blocks that do not mix, or of Kramers pairs."""
        channels = self.channels / self.spins
        return float(theory.localization_length(channels, self.path.value, beta=beta))

    def diffusion(self, dos: float) -> Estimate:
        """D = N l/(2πνW) per spin, in t a², for the density of states ν per site and spin."""
        conductivity = self.channels / self.spins * float(self.path.value) / self.width
        value = float(theory.diffusion_constant(conductivity, dos))
        return Estimate(value, value * self.path.error / self.path.value, self.path.n)

    def regime(
        self, lengths: ArrayLike, inside: ArrayLike, *, beta: int, dos: float, **first: Any
    ) -> Table:
        """Where wires of some lengths lie, as columns of `mesokwant.Study.regime`.

        Parameters
        ----------
        lengths, inside
            L in lattice constants, and whether theory is tested there.
        beta
            Symmetry index, for ξ.
        dos
            Density of states per site and spin, for D.
        **first
            Columns to put first, the same value in all rows.
        """
        points = np.atleast_1d(np.asarray(lengths))
        same = {
            "l/W": self.blur,
            "N": self.channels,
            "l (a)": _short(self.path),
            "D (t a²)": _short(self.diffusion(dos)),
        }
        return {
            **{name: [value] * len(points) for name, value in first.items()},
            "L (a)": list(points),
            "L/W": list(points / self.width),
            "s = L/l": list(self.s(points)),
            "L/ξ": list(points / self.localization_length(beta)),
            **{name: [value] * len(points) for name, value in same.items()},
            "in regime": list(np.broadcast_to(inside, points.shape)),
        }


def stacked(tables: Iterable[Table]) -> Table:
    """Tables of the same columns below each other."""
    rows: dict[str, list[Any]] = {}
    for table in tables:
        for name, cells in table.items():
            rows.setdefault(name, []).extend(cells)
    return rows


def _short(estimate: Estimate) -> str:
    """Value and error without the number of samples."""
    return str(estimate).partition(" (")[0]
