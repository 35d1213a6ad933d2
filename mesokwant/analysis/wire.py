"""A diffusive wire by what its resistance says of it: mean free path, localization, diffusion.

`mean_free_path` takes conductances of wires against their length; `DiffusiveWire` holds the one
number that comes out of it, with the width and the channels, and gives every length that theory
needs, and what theory expects of this wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .. import theory
from ..statistics import Estimate, bootstrap
from ..statistics.arrays import Values
from ..study.claims import Claim

Regime = Mapping[str, list[Any]]
"""Columns of a table of regimes: name -> one cell a point."""


def mean_free_path(lengths: ArrayLike, g: Values, channels: int, *, beta: int = 2) -> Estimate:
    """Mean free path l of a diffusive wire, from its resistance against its length.

    1/g = (1 + L/l)/N, with the contact resistance 1/N that the number of open
    channels fixes: l is the one unknown, the least-squares slope of N/<g> - 1
    through the origin. Weak localization, (1 - 2/β) s³/(1+s)³/3 with s = L/l,
    is taken off <g> first; best is β = 2, where there is none.

    Parameters
    ----------
    lengths
        Lengths L, shape (lengths,).
    g
        Conductances, shape (lengths, samples), or a DataArray with the
        dimension "sample" and one other.
    channels
        Number of open channels N.
    beta
        Symmetry index of the wire.

    Returns
    -------
    Estimate
        l, in the unit of the lengths: the length of the DMPK equation, larger
        than the transport mean free path (`theory.mean_free_path_factor`).

    Raises
    ------
    ValueError
        No length is given.

    References
    ----------
    C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997), Sec. III.
    """
    # Plain arrays are resampled quickly.
    values = g.transpose(..., "sample").values if isinstance(g, xr.DataArray) else np.asarray(g)
    return bootstrap(
        lambda g: path_of_averages(lengths, np.nanmean(g, axis=-1), channels, beta=beta), values
    )


def path_of_averages(
    lengths: ArrayLike, averages: ArrayLike, channels: int, *, beta: int = 2
) -> float:
    """`mean_free_path` of averages <g>, without an error: for a bootstrap of more than l.

    Parameters
    ----------
    lengths, averages
        Lengths L and <g> there, shape (lengths,).
    channels, beta
        As in `mean_free_path`.

    Raises
    ------
    ValueError
        No length is given.

    Examples
    --------
    >>> path_of_averages([30.0, 60.0], [20 / (1 + 3), 20 / (1 + 6)], 20)
    10.0
    """
    if np.size(lengths) == 0:
        raise ValueError("a mean free path needs a length at which the wire is a metal: add one")
    x, average = np.asarray(lengths, float), np.asarray(averages, float)
    length, before = np.inf, 0.0
    for _ in range(100):
        classical = average - theory.weak_localization(x / length, beta=beta)
        length, before = np.sum(x * x) / np.sum(x * (channels / classical - 1)), length
        if beta == 2 or abs(length - before) < 1e-9 * length:
            break
    return float(length)


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
    energy
        Energy in t from the band centre, for the density of states of the square lattice.
    spins
        2 where the model has spin.

    References
    ----------
    C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997).
    """

    width: int
    channels: int
    path: Estimate
    energy: float = -1.0
    spins: int = 1

    @classmethod
    def measured(
        cls, data: xr.Dataset, *, beta: int = 2, channels: int | None = None, spins: int = 1
    ) -> DiffusiveWire:
        """The wire that results were measured on, with l from their resistance.

        Parameters
        ----------
        data
            Results with the conductance ``g`` over ``sample`` and ``length`` (a dimension or one
            length), the width and the energy as coordinates: at one field and one strength of
            the disorder. An energy axis is averaged over.
        beta
            Symmetry index of the wire at this field.
        channels
            Open modes of the leads; those of the square lattice by default.
        spins
            2 where the model has spin.
        """
        width, energy = int(data.width), float(data.energy.mean())
        if channels is None:
            channels = int(theory.open_modes(energy, width))
        g = data.g.mean("energy") if "energy" in data.g.dims else data.g
        g = g if "length" in g.dims else g.expand_dims("length")
        lengths = np.atleast_1d(data.length.values)
        path = mean_free_path(lengths, g.transpose("length", "sample"), channels, beta=beta)
        return cls(width, channels, path, energy, spins)

    def with_path(self, path: Estimate) -> DiffusiveWire:
        """The same wire with another mean free path."""
        return replace(self, path=path)

    def propagated(self, formula: Callable[[DiffusiveWire], Any]) -> theory.Prediction:
        """What theory expects of this wire, with the error that the error of l gives it.

        Parameters
        ----------
        formula
            Takes a wire, gives a prediction of it: ``lambda wire: wire.rise(length, flux)``.
        """

        def at(path: float) -> Any:
            return formula(self.with_path(replace(self.path, value=path)))

        return theory.propagated(at, self.path)

    @property
    def mean_free_path(self) -> float:
        """l without its error, in lattice constants."""
        return float(self.path.value)

    @property
    def path_over_width(self) -> float:
        """l/W: diffusion across the wire needs it small."""
        return self.mean_free_path / self.width

    @property
    def density_of_states(self) -> float:
        """ν of the clean square lattice at this energy, per site, spin and t."""
        return float(theory.square_lattice_dos(self.energy))

    @property
    def diffusion(self) -> Estimate:
        """D = N l/(2πνW) per spin, in t a²."""
        conductivity = self.channels / self.spins * self.mean_free_path / self.width
        value = float(theory.diffusion_constant(conductivity, self.density_of_states))
        return Estimate(value, value * self.path.error / self.path.value, self.path.n)

    def s(self, length: ArrayLike) -> NDArray[np.float64]:
        """L/l."""
        return np.asarray(length, dtype=float) / self.mean_free_path

    def localization_length(self, beta: int) -> float:
        """ξ = (βN + 2 - β) l, with N of the spin blocks that do not mix, or of Kramers pairs."""
        channels = self.channels / self.spins
        return float(theory.localization_length(channels, self.mean_free_path, beta=beta))

    def drude(self, length: ArrayLike) -> NDArray[np.float64]:
        """Classical conductance N/(1 + L/l)."""
        return theory.conductance(self.channels, self.s(length))

    def rise(
        self, length: ArrayLike, flux: ArrayLike, *, rectangle: bool = False
    ) -> theory.Prediction:
        """Rise of <g> in a field: the formula of a long wire, or that of the real rectangle."""
        formula = (
            theory.rectangle_wire_magnetoconductance
            if rectangle
            else theory.wire_magnetoconductance
        )
        return formula(
            flux,
            length,
            self.width,
            channels=self.channels,
            mean_free_path=self.mean_free_path,
        )

    def regime(self, lengths: ArrayLike, inside: ArrayLike, *, beta: int, **first: Any) -> Regime:
        """Where wires of some lengths lie, as columns of `mesokwant.Study.regime`.

        Parameters
        ----------
        lengths, inside
            L in lattice constants, and whether theory is tested there.
        beta
            Symmetry index, for ξ.
        **first
            Columns to put first, the same value in all rows.
        """
        points = np.atleast_1d(np.asarray(lengths))
        same = {
            "l/W": self.path_over_width,
            "N": self.channels,
            "l (a)": _without_count(self.path),
            "D (t a²)": _without_count(self.diffusion),
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


def contact_claim(lengths: ArrayLike, g: xr.DataArray, channels: int) -> Claim:
    """The contact resistance of a wire is that of N perfect channels: N/<g> = 1 + L/l.

    Parameters
    ----------
    lengths
        Lengths L, shape (lengths,).
    g
        Conductances in a strong field or random flux, with the dimensions "length" and "sample".
    channels
        Number of open modes N.
    """

    def intercept(values: xr.DataArray) -> float:
        return float(np.polyfit(np.asarray(lengths, float), channels / values.mean("sample"), 1)[1])

    return Claim(
        f"contact resistance in units of h/(e² N), N = {channels}",
        bootstrap(intercept, g),
        theory.Prediction(
            1.0,
            0.05,
            because="remaining correction δg/g without time reversal, at most 0.05",
            source="N/g = 1 + L/l; Beenakker, RMP 69, 731 (1997)",
        ),
        effect=1.0,  # Without contacts the resistance would vanish at L = 0.
    )


def concatenated(tables: Iterable[Regime]) -> Regime:
    """Tables of the same columns below each other."""
    rows: dict[str, list[Any]] = {}
    for table in tables:
        for name, cells in table.items():
            rows.setdefault(name, []).extend(cells)
    return rows


def _without_count(estimate: Estimate) -> str:
    """Value and error without the number of samples."""
    return str(estimate).partition(" (")[0]
