"""The modes of a lead in another gauge, from modes that are known.

Two leads are the same up to a gauge if their unit cells have the same Hamiltonian and their
hoppings differ by a number of modulus 1, V' = f V. So do arms at different places of a bar in a
magnetic field. Where λ is the translation eigenvalue of a mode in one of them, f λ is that of the
same wave function in the other: momenta move by the phase of f, and velocities stay.
`common_factor` takes two hoppings and gives f, and `in_another_gauge` takes the modes and f, and
gives the modes of the other lead in the order and with the phases of Kwant.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian import kwant

ROUNDING = 1e-14
"""Elements of matrices that differ by less than this times the largest ones count as equal."""


def common_factor(hop: NDArray, reference: NDArray, allowed: float) -> complex | None:
    """Find the number f of modulus 1 with ``hop = f * reference``.

    Parameters
    ----------
    hop, reference
        Matrices of the same shape.
    allowed
        Largest difference between elements that counts as rounding.

    Returns
    -------
    complex or None
        None if there is no such number, or if the matrices are zero.

    Examples
    --------
    >>> common_factor(np.array([[2j, 0]]), np.array([[2, 0]]), 1e-14)
    1j
    """
    largest = np.unravel_index(np.abs(hop).argmax(), hop.shape)
    if not reference[largest]:
        return None
    factor = hop[largest] / reference[largest]
    if abs(abs(factor) - 1) > ROUNDING or np.abs(hop - factor * reference).max() > allowed:
        return None
    return complex(factor / abs(factor))


def in_another_gauge(modes: tuple[Any, Any], factor: complex) -> tuple[Any, Any]:
    """Give the modes of the lead whose hopping is ``factor`` times that of another lead.

    Parameters
    ----------
    modes
        Kwant's (PropagatingModes, StabilizedModes) of the other lead; no discrete symmetry has
        shaped them.
    factor
        A number of modulus 1.
    """
    propagating, stable = modes
    velocities = propagating.velocities
    momenta = np.angle(np.exp(1j * propagating.momenta) * factor)
    numbers = getattr(propagating, "block_nmodes", [])
    block = np.tile(np.repeat(np.arange(len(numbers)), numbers), 2)
    sign = np.sign(velocities)
    order = np.lexsort([velocities, -sign * momenta, block, sign])
    moved = kwant.physics.PropagatingModes(
        propagating.wave_functions[:, order], velocities[order], momenta[order]
    )
    moved.block_nmodes = numbers

    def reordered(vectors: NDArray) -> NDArray:
        # With V = u v†, the factor belongs to u, and so v† φ and u† φ λ stay as they are.
        return np.hstack([vectors[:, order], vectors[:, len(order) :]])

    return moved, kwant.physics.StabilizedModes(
        reordered(stable.vecs), reordered(stable.vecslmbdainv), stable.nmodes, stable.sqrt_hop
    )
