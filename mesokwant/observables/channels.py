"""Observables of the channels between two leads: eigenvalues, noise, probabilities of modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..solver.ensemble import Ensemble, Lead


@dataclass(frozen=True)
class TransmissionEigenvalues:
    """Eigenvalues of tt†, largest first, shape (samples, min(modes out, modes in)).

    References
    ----------
    C. W. J. Beenakker, Rev. Mod. Phys. 69, 731 (1997), Eq. (28).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> wire = mk.scattering(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(2.0))
    >>> eigenvalues = mk.TransmissionEigenvalues(1, 0)(wire)
    >>> eigenvalues.shape, bool(eigenvalues.sum().round(6) == wire.transmission(1, 0).round(6)[0])
    ((1, 4), True)
    """

    lead_out: Lead = 1
    lead_in: Lead = 0
    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = ("channel",)

    def __call__(self, ensemble: Ensemble) -> NDArray:
        t = ensemble.submatrix(self.lead_out, self.lead_in)
        return np.linalg.svd(t, compute_uv=False) ** 2


@dataclass(frozen=True)
class ShotNoise:
    """Zero-temperature shot noise power Σ_n T_n (1 - T_n), shape (samples,).

    In units of 2 e³ |V| / h per orbital channel; the Fano factor of an
    ensemble is <shot noise> / <conductance>.

    References
    ----------
    M. Büttiker, Phys. Rev. Lett. 65, 2901 (1990).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> clean = mk.scattering(Wire(width=5, length=10), -0.9)
    >>> float(abs(mk.ShotNoise(1, 0)(clean)[0]).round(6))  # A clean wire has no shot noise.
    0.0
    """

    lead_out: Lead = 1
    lead_in: Lead = 0
    unit: ClassVar[str] = "2e³|V|/h"
    dims: ClassVar[tuple[str, ...]] = ()

    def __call__(self, ensemble: Ensemble) -> NDArray:
        t = ensemble.submatrix(self.lead_out, self.lead_in)
        inner = np.swapaxes(t.conj(), 1, 2) @ t
        second = np.sum(np.abs(inner) ** 2, axis=(1, 2))
        return ensemble.transmission(self.lead_out, self.lead_in) - second


@dataclass(frozen=True)
class Reflection:
    """Reflection probabilities |r_nm|² between the modes of a lead, shape (samples, n, m).

    The amplitudes are ``ensemble.submatrix(lead, lead)``; their phases are
    those of Kwant's modes and mean nothing across energies or parameters.
    Modes of equal momentum, as those of a periodic wire, have no basis of their own: only the
    sum over all of them means anything, and its parts may differ between solvers and versions.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> wire = mk.scattering(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(2.0))
    >>> reflection = mk.Reflection(0)(wire)
    >>> total = reflection.sum() + wire.transmission(1, 0)[0]
    >>> reflection.shape, float(total.round(6))  # As many modes as come in leave again.
    ((1, 4, 4), 4.0)
    """

    lead: int = 0
    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = ("mode_out", "mode_in")

    def __call__(self, ensemble: Ensemble) -> NDArray:
        return np.abs(ensemble.submatrix(self.lead, self.lead)) ** 2
