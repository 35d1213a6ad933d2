"""The conductivity in a field from cylinders of two lengths, sample by sample.

The conductance g of a cylinder with the circumference C, in a field between field-free leads, is
1/g = contacts + L/(C σ_xx). Results of two or more lengths give σ_xx without the contacts.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from ..theory import classical_conductance


def cylinder_conductivities(g: xr.DataArray, circumference: float) -> xr.DataArray:
    """Return σ_xx of the shortest and the longest cylinder, as values of samples with its mean.

    σ_xx is no mean over samples. But it changes linearly with small changes of the mean
    conductances, and these changes are what the values have besides σ_xx: their mean and
    covariances are those of σ_xx. Interference of wires without time reversal is taken off the
    conductances before (`theory.classical_conductance`).

    Parameters
    ----------
    g
        Conductances in e²/h with the dimensions "length" (in a, at least two) and "sample".
    circumference
        C in lattice constants.

    Returns
    -------
    xarray.DataArray
        Values in e²/h, without the dimension "length".

    Raises
    ------
    ValueError
        If there is one length alone.

    Examples
    --------
    >>> g = xr.DataArray([[5.0, 5.0], [2.5, 2.5]], {"length": [40, 80]}, ("length", "sample"))
    >>> print(cylinder_conductivities(g, 20).round(2).values)  # 1/g grows by 0.2 = 40/(20 σ)
    [10.06 10.06]
    """
    if g.sizes["length"] < 2:
        raise ValueError("the contacts drop out of two lengths alone: add a value to that axis")
    g = g.sortby("length").isel(length=[0, -1])
    means = g.mean("sample")
    difference = float(np.ptp(g["length"].values))
    resistance = 1 / means.copy(data=classical_conductance(means.values))
    slope = resistance.diff("length").isel(length=0, drop=True) / difference
    signs = xr.DataArray([1.0, -1.0], {"length": g["length"]})
    # dR/dg of R = 1/(g + 1/(45 g)).
    changes = signs * resistance**2 * (1 - 1 / (45 * means**2)) * (means - g)
    return (1 + changes.sum("length", skipna=False) / (difference * slope)) / (
        slope * circumference
    )
