"""Sizes of finite-size scaling: disorder that shares no random numbers, and values by control.

The pair (seed, sample) decides the disorder of all sweeps of a study, while a scaling fit draws
its resamples within each size. `independent_disorder` gives every size random numbers of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray


def independent_disorder(disorder: Any, place: int) -> tuple[Any, str]:
    """Return a disorder whose random numbers are not those of other places, and its axis.

    The place of a term in a sum decides its random numbers: the term stands behind so many terms
    of the same kind without strength, which do nothing.

    Parameters
    ----------
    disorder
        A single term of disorder with a strength.
    place
        0, 1, ...: one number for every size.

    Returns
    -------
    disorder
        The disorder, or the sum that ends with it.
    axis
        Name of the axis that sweeps its strength.

    Examples
    --------
    >>> import mesokwant as mk
    >>> independent_disorder(mk.Anderson(2.0), 1)[1]
    'anderson.1.strength'
    """
    total = disorder
    for _ in range(place):
        total = replace(disorder, strength=0.0) + total
    kind = type(disorder).__name__.lower()
    return total, f"{kind}.{place}.strength" if place else f"{kind}.strength"


def by_control(values: xr.DataArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the controls (points,) and the values (points, samples) of one size.

    Examples
    --------
    >>> values = xr.DataArray([[1.0, 2.0]], {"energy": [-3.0]}, ("energy", "sample"))
    >>> control, array = by_control(values)
    >>> control.shape, array.shape
    ((1,), (1, 2))
    """
    (axis,) = (dim for dim in values.dims if dim != "sample")
    return values[axis].values, values.transpose(axis, "sample").values
