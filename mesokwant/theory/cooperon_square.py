"""The next order of weak localization in L/ξ: the square of the whole correction.

Interference changes the conductance by w, in units of the full correction of one Cooperon in a thin
wire: -1 without a spin index, -2 for two spins, three triplets less a singlet, and +1 with strong
spin-orbit coupling. Loops interfere again, and in thin wires this next order is known in the three
cases. Its change with a field is that of w², so that w² gives the cases between as well: where the
field makes w + ρ of w, -ρ (2w + ρ) of the order is gone.

Wide wires have more loops: all of them make a w of larger magnitude. How many of the short loops
count is not derived but measured, see docs/explanations/short-paths.md. The rise is that of the
mean of both ends, to an eighth of their distance, and a quarter of it is the bound. Where the
coupling is strong, loops of spin 1 that almost retrace their way are in neither of the ends,
because no field acts on them.

>>> gone, bound = removed_next_order(0.1, thin=-1.0, wide=-1.5)
>>> print(f"{gone:.3f} ± {bound:.3f}")
0.240 ± 0.025
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def removed_next_order(rise: ArrayLike, *, thin: ArrayLike, wide: ArrayLike) -> tuple[Array, Array]:
    """Return what a field removes of w², and its bound.

    Parameters
    ----------
    rise
        Change ρ of the correction in the field, in the unit of w.
    thin
        The correction w without a field, in a thin wire of the same length.
    wide
        The correction without a field of all loops in the wire, in the same unit.

    Returns
    -------
    The part, and a quarter of the distance between those of the two w, of the shape of the rise.
    A field ends a correction, and does not turn its sign.
    """
    change = np.asarray(rise, dtype=float)

    def removed(w: Array) -> Array:
        in_field = np.where(w * (w + change) > 0, w + change, 0.0)
        return np.asarray(w**2 - in_field**2)

    ends = [removed(np.asarray(w, dtype=float)) for w in (thin, wide)]
    return (ends[0] + ends[1]) / 2, abs(ends[1] - ends[0]) / 4
