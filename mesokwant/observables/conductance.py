"""Observables of the conductance between leads, two or many, some of which may float.

`Conductance` is Landauer's between two leads, `ConductanceMatrix` that of all leads, and
`Resistance` a voltage over a current that flows between two other leads. What floats is
eliminated sample by sample, by the functions of `mesokwant.terminals`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..terminals import check_pair, eliminated, four_terminal_resistance

if TYPE_CHECKING:
    from ..solver.ensemble import Ensemble, Lead

OTHERS = "all others"
"""The leads that no field names."""


@dataclass(frozen=True)
class Conductance:
    """Two-terminal conductance g = Tr tt†, shape (samples,).

    Attributes
    ----------
    lead_out, lead_in
        The leads that electrons leave and enter through.
    floating
        Leads that are voltage probes, by their numbers, or "all others". They carry no current:
        what they absorb comes back without its phase. The result is then the current out of
        ``lead_out`` over the voltage of ``lead_in``, with the voltage zero on all leads but these.
        The direct part is the conductance without ``floating``.

    References
    ----------
    M. Büttiker, Phys. Rev. Lett. 57, 1761 (1986); Phys. Rev. B 33, 3020 (1986).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> clean = mk.scattering(Wire(width=5, length=10), -0.9)
    >>> mk.Conductance(1, 0)(clean).round(6)
    array([4.])
    >>> mk.Conductance(1, 0, floating=(2, 3))
    Conductance(lead_out=1, lead_in=0, floating=(2, 3))
    """

    lead_out: Lead = 1
    lead_in: Lead = 0
    floating: tuple[int, ...] | str = field(default=(), kw_only=True)
    unit: ClassVar[str] = "e²/h"
    dims: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        if isinstance(self.floating, str):
            if self.floating != OTHERS:
                raise ValueError(
                    f"floating names leads, such as (2, 3), or {OTHERS!r}, not {self.floating!r}"
                )
        elif not isinstance(self.floating, Sequence | range):
            raise TypeError(f"floating names leads, such as (2, 3), not {self.floating!r}")
        else:
            object.__setattr__(self, "floating", tuple(self.floating))
        if not self.floating:
            return
        named = [self.lead_out, self.lead_in, *(self.floating if self._numbered else ())]
        if not all(isinstance(lead, Integral) for lead in named):
            raise TypeError(
                "a lead floats as a whole, and so the leads are numbers where some float: "
                f"not {tuple(named)}"
            )
        if len(set(named)) < len(named):
            raise ValueError(
                f"a lead is named twice among {tuple(named)}: the leads that float are others than "
                "those of the conductance, which are two"
            )

    @property
    def _numbered(self) -> bool:
        return not isinstance(self.floating, str)

    def __call__(self, ensemble: Ensemble) -> NDArray:
        if not self.floating:
            return ensemble.transmission(self.lead_out, self.lead_in)
        matrix = ConductanceMatrix()(ensemble)
        leads = range(matrix.shape[-1])
        ends: tuple[Any, Any] = self.lead_out, self.lead_in
        _check_leads((*ends, *(self.floating if self._numbered else ())), leads)
        floating = set(self.floating if self._numbered else leads)
        grounded = [lead for lead in leads if lead not in floating and lead not in ends]
        return -eliminated(matrix, [*ends, *grounded])[:, 0, 1]


@dataclass(frozen=True)
class ConductanceMatrix:
    """Multi-terminal conductance, I_q = Σ_p G_qp V_p, shape (samples, leads, leads).

    G_qp = N_q δ_qp - T_qp, so rows and columns sum to zero.

    References
    ----------
    M. Büttiker, Phys. Rev. Lett. 57, 1761 (1986).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> clean = mk.scattering(Wire(width=5, length=10), -0.9)
    >>> mk.ConductanceMatrix()(clean)[0].round(6)
    array([[ 4., -4.],
           [-4.,  4.]])
    """

    unit: ClassVar[str] = "e²/h"
    dims: ClassVar[tuple[str, ...]] = ("lead_out", "lead_in")

    def __call__(self, ensemble: Ensemble) -> NDArray:
        problem = ensemble.problem
        leads = list(range(len(problem.modes)))
        if problem.out_leads != leads or problem.in_leads != leads:
            raise ValueError(
                "the conductance matrix and leads that float need the amplitudes between all "
                "leads: solve without in_leads and out_leads"
            )
        modes = np.array([problem.num_propagating(lead) for lead in leads])
        # There may be a hundred leads, and ten thousand pairs: all at once.
        is_open = np.flatnonzero(modes)
        starts = np.cumsum(modes)[is_open] - modes[is_open]
        result = np.zeros((len(ensemble), len(leads), len(leads)))
        if len(is_open):
            sums = np.add.reduceat(np.abs(ensemble.data) ** 2, starts, axis=1)
            sums = np.add.reduceat(sums, starts, axis=2)
            result[:, is_open[:, None], is_open] = -sums
        result[:, leads, leads] += modes
        return result


@dataclass(frozen=True)
class Resistance:
    """Four-terminal resistance R_ab,cd = (V_c - V_d) / I of every sample, shape (samples,).

    The current I flows in through lead a and out through lead b; all other leads float. The
    values have heavy tails where I may be small: use medians and not means.

    Attributes
    ----------
    current
        The leads (a, b).
    voltage
        The leads (c, d); with (a, b) this is a two-terminal resistance.

    Warns
    -----
    RuntimeWarning
        If one of these leads has no modes: all values are then nan. A value is also nan where
        transmissions below `mesokwant.terminals.INSULATED` alone join these leads.

    References
    ----------
    M. Büttiker, Phys. Rev. Lett. 57, 1761 (1986).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> clean = mk.scattering(Wire(width=5, length=10), -0.9)
    >>> mk.Resistance(current=(0, 1), voltage=(0, 1))(clean).round(6)
    array([0.25])
    """

    current: tuple[int, int] = field(kw_only=True)
    voltage: tuple[int, int] = field(kw_only=True)
    unit: ClassVar[str] = "h/e²"
    dims: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for name in ("current", "voltage"):
            check_pair(getattr(self, name), name)
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def __call__(self, ensemble: Ensemble) -> NDArray:
        matrix = ConductanceMatrix()(ensemble)
        named = sorted({*self.current, *self.voltage})
        _check_leads(named, range(matrix.shape[-1]))
        closed = [lead for lead in named if not ensemble.num_propagating(lead)]
        if closed:
            warnings.warn(
                f"{self} is nan at the energy {ensemble.problem.energy}: no modes are open in "
                f"lead{'s'[: len(closed) > 1]} {', '.join(map(str, closed))}",
                RuntimeWarning,
                stacklevel=2,
            )
            return np.full(len(ensemble), np.nan)
        return four_terminal_resistance(matrix, current=self.current, voltage=self.voltage)


def _check_leads(named: Sequence[int], leads: range) -> None:
    """Refuse leads that the system does not have."""
    for lead in named:
        if lead not in leads:
            raise ValueError(f"there is no lead {lead} here: the system has {list(leads)}")
