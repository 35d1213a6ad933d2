"""The next order of weak localization in L/ξ: a field removes it as the square of the Cooperon.

Interference lowers the conductance by loops, and these loops interfere again. In thin wires, whose
modes are equivalent, the second effect is known. With c of the full Cooperon without a field, and
c - p with one, c² - (c - p)² = p (2c - p) of the next order is gone: twice p in weak fields. In
thin wires c is 1. Wide wires have more loops: c is at most the sum of all their loops over that of
a thin wire. How many of the short loops count is not derived but measured: in wires of 24 to 72
lattice constants (docs/explanations/short-paths.md) the rise is that of the mean of both ends, to
an eighth of their distance. A quarter of it is the bound.

>>> gone, bound = removed_next_order(0.1, thin=1.0, wide=1.5)
>>> print(f"{gone:.3f} ± {bound:.3f}")
0.240 ± 0.025
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def removed_next_order(
    share: ArrayLike, *, thin: ArrayLike, wide: ArrayLike
) -> tuple[Array, Array]:
    """Return the part of the next order that a field removes, and its bound.

    Parameters
    ----------
    share
        The rise in the field, over the full rise of a thin wire.
    thin
        Share c of the Cooperon without a field, in a thin wire: 1 if nothing ends it.
    wide
        The same of all loops in the wire, over that of a thin wire; at least c.

    Returns
    -------
    The part, and a quarter of the distance between those of the two c, of the shape of the share.
    """
    p = np.asarray(share, dtype=float)

    def removed(c: Array) -> Array:
        return np.minimum(p, c) * (2 * c - np.minimum(p, c))

    least = removed(np.asarray(thin, dtype=float))
    most = removed(np.maximum(thin, wide))
    return (least + most) / 2, (most - least) / 4
