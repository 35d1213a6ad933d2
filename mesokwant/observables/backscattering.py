"""Coherent backscattering: how often a wave returns into the time-reversed state, or near it.

`time_reversal_pairing` finds the outgoing modes that are the time-reversed incoming ones.
`ReturnAmplitudes` gives the amplitudes of reflection into the time-reversed mode itself, and
`Backscattering` the probabilities of reflection into modes around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..solver.ensemble import Ensemble
    from ..solver.problem import Problem

PAIRING_ERROR = 1e-6
"""Largest distance of a time-reversed mode from the outgoing modes."""


@dataclass(frozen=True)
class Backscattering:
    """Reflection near the time-reversed mode, shape (samples, offsets, modes).

    With r' = Q⁺r, where Q holds the time-reversed incoming modes, r'_nm leads from mode m into
    the time-reversed mode n: r' = r'^T without spin and r' = -r'^T with spin in every sample with
    time reversal. For every mode m and offset k this is the mean of |r'_nm|² over n = m ± k, nan
    where no such mode is open. Modes are in the order of Kwant's momenta; for a strip without
    spin, from the fastest along the wire to the slowest.

    Attributes
    ----------
    lead
        Number of the lead.
    spin
        Whether time reversal is i σ_y K, with the spin running fastest in every site, or K.
    offsets
        Distances from the time-reversed mode, at least zero.

    Raises
    ------
    ValueError
        If the lead has no time reversal, as in a field.

    References
    ----------
    Bergmann, Phys. Rep. 107, 1 (1984); Bardarson, J. Phys. A 41, 405203 (2008).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> wire = mk.scattering(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(2.0))
    >>> mk.Backscattering(offsets=(0, 1))(wire).shape
    (1, 2, 4)
    """

    lead: int = 0
    spin: bool = False
    offsets: tuple[int, ...] = (0,)
    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = ("offset", "mode")

    def __post_init__(self) -> None:
        object.__setattr__(self, "offsets", tuple(self.offsets))
        if not self.offsets or any(offset < 0 for offset in self.offsets):
            raise ValueError(f"offsets are one or more numbers from 0 on, not {self.offsets}")

    def __call__(self, ensemble: Ensemble) -> NDArray:
        paired = np.abs(_paired(ensemble, self.lead, self.spin)) ** 2
        modes = np.arange(paired.shape[-1])
        distance = np.abs(np.subtract.outer(modes, modes))
        result = np.full((len(paired), len(self.offsets), len(modes)), np.nan)
        for place, offset in enumerate(self.offsets):
            chosen = distance == offset
            number = chosen.sum(axis=0)
            total = np.sum(paired * chosen, axis=1)
            result[:, place, number > 0] = (total / np.maximum(number, 1))[:, number > 0]
        return result


@dataclass(frozen=True)
class ReturnAmplitudes:
    """Amplitudes r'_nn of reflection into the time-reversed mode, shape (samples, modes).

    They are the diagonal of the r' of `Backscattering`: zero in every sample with spin and time
    reversal. The phase of each depends on that of Kwant's mode and is the same in all samples,
    so that |<r'_nn>|² is the coherent part of the reflection, and the variance is the remainder.

    Attributes
    ----------
    lead, spin
        As in `Backscattering`.

    Raises
    ------
    ValueError
        If the lead has no time reversal, as in a field.

    References
    ----------
    Bardarson, J. Phys. A 41, 405203 (2008).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> wire = mk.scattering(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(2.0))
    >>> bool(np.allclose(abs(mk.ReturnAmplitudes()(wire)) ** 2, mk.Backscattering()(wire)[:, 0]))
    True
    """

    lead: int = 0
    spin: bool = False
    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = ("mode",)

    def __call__(self, ensemble: Ensemble) -> NDArray:
        return np.einsum("snn->sn", _paired(ensemble, self.lead, self.spin))


def time_reversal_pairing(
    problem: Problem, lead: int, *, spin: bool = False
) -> NDArray[np.complex128]:
    """Time-reversed incoming modes of a lead, expressed by its outgoing ones, shape (out, in).

    Parameters
    ----------
    problem
        What the samples of an ensemble share, `Ensemble.problem`.
    lead
        Number of the lead.
    spin
        As in `Backscattering`.

    Returns
    -------
    numpy.ndarray
        The unitary Q with T ψ_in = ψ_out Q.

    Raises
    ------
    ValueError
        If a time-reversed mode is no sum of outgoing modes.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> problem = mk.scattering(Wire(width=5, length=10), -0.9).problem
    >>> q = time_reversal_pairing(problem, 0)
    >>> bool(abs(abs(q) - np.eye(4)).max() < 1e-9)  # Without spin, Kwant orders modes in pairs.
    True
    """
    propagating = problem.modes[lead][0]
    waves = propagating.wave_functions
    # Two cells tell modes apart that have the same profile in one.
    waves = np.concatenate([waves, waves * np.exp(1j * np.asarray(propagating.momenta))])
    incoming, outgoing = np.split(waves, 2, axis=1)
    turned = incoming.conj()
    if spin:
        up, down = turned[0::2], turned[1::2]
        turned = np.stack([down, -up], axis=1).reshape(turned.shape)
    if not turned.shape[1]:
        return np.zeros((0, 0), complex)
    pairing = np.linalg.lstsq(outgoing, turned, rcond=None)[0]
    distance = np.abs(outgoing @ pairing - turned).max()
    if distance > PAIRING_ERROR * np.abs(turned).max():
        raise ValueError(
            f"lead {lead} has no time reversal {'iσ_yK' if spin else 'K'}: its time-reversed "
            "modes are no outgoing modes; take a lead without a field, or give `spin`"
        )
    return pairing


def _paired(ensemble: Ensemble, lead: int, spin: bool) -> NDArray[np.complex128]:
    """The reflection amplitudes r' into time-reversed incoming modes."""
    pairing = time_reversal_pairing(ensemble.problem, lead, spin=spin)
    return pairing.conj().T @ ensemble.submatrix(lead, lead)
