"""How long electrons stay in a sample, from the derivative of its scattering matrix.

`DelayMatrix` raises the energy in the scattering region alone and compares two scattering matrices.
The modes of the leads, and the phases that Kwant gives them, are the same in both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..solver.ensemble import Ensemble


@dataclass(frozen=True)
class DelayMatrix:
    """Times in the sample between all leads, τ_qp = Im Tr S_qp† dS_qp/dE, (samples, leads, leads).

    E is the energy of the scattering region alone, so that the times are those inside it and hold
    nothing of the leads.

    * Σ_qp τ_qp = Tr Q, with Q = -iħ S† dS/dE, is 2πħ times the density of states of the sample:
      the sum over all sites of the local one. Over the number of incoming modes, it is the mean
      time that an electron dwells in the sample.
    * τ_qp/T_qp is the mean delay of the electrons that come in through lead p and leave through
      lead q. Over samples it is a ratio of two means.

    The derivative is the difference at a distance ``step``, and belongs to half of it. Errors are
    of second order in the step over the width of the resonances, and about 1e-12/step from
    rounding.

    Attributes
    ----------
    step
        How far the energy is raised, in the units of the Hamiltonian. It should be about 1e-2 of
        the Thouless energy or of the width of the sharpest resonance, or less.

    Raises
    ------
    ValueError
        If the step is no positive number, or if the ensemble was solved for some leads alone.

    References
    ----------
    F. T. Smith, Phys. Rev. 118, 349 (1960); V. Gasparian, T. Christen, and M. Büttiker, Phys. Rev.
    A 54, 4022 (1996).

    Examples
    --------
    The single mode of a clean chain passes L sites with its velocity 2 sin k, which is 2 at the
    band centre:

    >>> import mesokwant as mk
    >>> from systems import Chain
    >>> mk.DelayMatrix()(mk.scattering(Chain(length=20), 0.0))[0].round(6)
    array([[ 0., 10.],
           [10.,  0.]])
    """

    step: float = 1e-5
    unit: ClassVar[str] = "ħ/t"
    dims: ClassVar[tuple[str, ...]] = ("lead_out", "lead_in")

    def __post_init__(self) -> None:
        if not isinstance(self.step, Real) or not 0 < self.step < math.inf:
            raise ValueError(f"step must be a positive energy, such as 1e-5, not {self.step!r}")

    def __call__(self, ensemble: Ensemble) -> NDArray:
        problem = ensemble.problem
        leads = list(range(len(problem.modes)))
        if problem.out_leads != leads or problem.in_leads != leads:
            raise ValueError(
                "the times between all leads need the amplitudes between all leads: solve without "
                "in_leads and out_leads"
            )
        raised = ensemble.shifted(self.step)
        modes = [problem.num_propagating(lead) for lead in leads]
        # Im S(E)* S(E + u) = u |S|² dφ/dE at E + u/2, to second order.
        changes = np.imag(ensemble.data.conj() * raised.data) / self.step
        belongs = np.repeat(np.eye(len(leads)), modes, axis=1)
        return belongs @ changes @ belongs.T
