"""Open modes of the leads of a system: for channels that no formula counts, such as with spin.

>>> from systems import SpinOrbitRibbon
>>> ribbon = SpinOrbitRibbon(width=4, length=1, coupling="ando")
>>> open_lead_modes(ribbon, -1.0, theta=0.3, zeeman=0.0, flux=0.0)
6
"""

from __future__ import annotations

from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits


def open_lead_modes(system: Any, energy: float, *, lead: int = 0, **params: Any) -> int:
    """Count the open modes of a lead, of both spins where there are two.

    Parameters
    ----------
    system
        A value with a method ``build()`` that gives a finalized Kwant system.
    energy
        Energy in t from the band centre.
    lead
        Number of the lead.
    **params
        Kwant parameters of the lead; those of other parts of the system are allowed.

    Returns
    -------
    int
        The number of modes that enter the system.
    """
    with threadpool_limits(1):  # Threads slow down the modes of leads, which are small matrices.
        modes = system.build().leads[lead].modes(energy, params=params)[0]
    return int(np.sum(modes.velocities > 0))
