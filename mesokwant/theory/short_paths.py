"""The small parameter of diffusion in a field: the flux through the shortest paths.

A field turns the phase of a path by the flux that the path encloses, and a path of three or four
scatterings encloses little. Diffusion, which has paths of any shortness, overrates what the field
does to them. The small parameter is b = 4πf l², with the transport mean free path l and the flux f
per plaquette. Formulas of diffusion are for b << 1, and those of `ballistic_rectangle` for any b.

>>> print(f"{field_per_path(1e-3, 5.0):.3f}")
0.314
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def field_per_path(flux: ArrayLike, transport_path: ArrayLike) -> Array:
    """Return b = 4πf l², the square of the transport mean free path over the magnetic length.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    transport_path
        Transport mean free path l, in lattice constants: that of the resistance of a wire over
        `mean_free_path_factor`.

    Returns
    -------
    b, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Kawabata, J. Phys. Soc. Jpn. 53, 3540 (1984), for the scale of the field.

    Examples
    --------
    >>> print(f"{field_per_path(1e-3, 5.0):.3f}")
    0.314
    """
    return 4 * np.pi * np.abs(np.asarray(flux, dtype=float)) * np.square(transport_path)
