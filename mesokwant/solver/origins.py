"""Decide which eigenproblem the modes of every lead come from.

`origins_of` takes the matrices of the leads of a system and an energy, and gives an `Origin` for
every lead: the lead that is solved, and how the modes wanted follow from its modes. Leads that
mirror each other, or that differ by a gauge, have one origin. Of a lead and its mirror image the
one with the smaller digest is solved; of leads that differ by a gauge it is the first one in the
system. So the choice depends on nothing that was computed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .lead_gauge import ROUNDING, common_factor
from .lead_matrices import LeadMatrices


@dataclass(frozen=True, eq=False)
class Origin:
    """The eigenproblem that the modes of a lead come from.

    Attributes
    ----------
    key
        The energy, and the digest of the lead that is solved.
    matrices
        That lead, or its mirror image.
    mirrored
        Whether the modes wanted are those of the mirror image of the lead that is solved.
    factor
        The hopping of the lead over that of the lead with these modes; None if they are equal.
    """

    key: tuple[float, bytes]
    matrices: LeadMatrices
    mirrored: bool
    factor: complex | None = None

    @classmethod
    def own(cls, matrices: LeadMatrices, energy: float) -> Origin:
        """The lead itself or its mirror image."""
        own, mirrored = matrices.digests
        return cls((energy, min(own, mirrored)), matrices, own > mirrored)

    @property
    def hop(self) -> NDArray:
        """The hopping of the lead that is solved."""
        own, mirrored = self.matrices.digests
        hop = self.matrices.hop
        return hop.conj().T.copy() if own > mirrored else hop


def origins_of(leads: Sequence[LeadMatrices | None], energy: float) -> list[Origin | None]:
    """Decide where the modes of every lead come from.

    Parameters
    ----------
    leads
        The matrices of every lead, or None where they are not known.
    energy
        Energy, in the units of the Hamiltonian.

    Returns
    -------
    list
        None where the matrices are not known or a discrete symmetry shapes the modes.
    """
    solved: dict[tuple[float, bytes], Origin] = {}
    result: list[Origin | None] = []
    for matrices in leads:
        origin = None
        if matrices is not None and matrices.has_plain_modes(energy):
            origin = Origin.own(matrices, energy)
            if origin.key not in solved:
                moved = (_in_gauge_of(known, matrices) for known in solved.values())
                origin = next((found for found in moved if found is not None), origin)
            solved.setdefault(origin.key, origin)
        result.append(origin)
    return result


def _in_gauge_of(known: Origin, matrices: LeadMatrices) -> Origin | None:
    """The origin of a lead that differs from another one, or its mirror image, by a gauge."""
    other = known.matrices
    if matrices.cell_digest != other.cell_digest:
        return None
    allowed = ROUNDING * (np.abs(matrices.cell).max() + np.abs(matrices.hop).max())
    for mirrored, hop in ((False, other.hop), (True, other.hop.conj().T)):
        factor = common_factor(matrices.hop, hop, allowed)
        if factor is not None:
            return replace(known, mirrored=known.mirrored != mirrored, factor=factor)
    return None
