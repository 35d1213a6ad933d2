"""Times that electrons spend in samples, as averages over many of them.

`dwell_time` and `transit_time` take what the observable `mesokwant.DelayMatrix` gives over samples,
and return means with errors, in ħ/t.
"""

from __future__ import annotations

import xarray as xr

from ..statistics import Estimate, bootstrap, mean


def dwell_time(delays: xr.DataArray, channels: int) -> Estimate:
    """Mean time that an electron dwells in a sample, whichever way it comes in and leaves.

    It is <Tr Q>/N, with Tr Q = Σ_qp τ_qp = 2πħ times the density of states of the sample.

    Parameters
    ----------
    delays
        Values of `mesokwant.DelayMatrix`, with the dimensions "lead_out", "lead_in", "sample".
    channels
        Number N of incoming modes of all leads together.

    Examples
    --------
    >>> import numpy as np
    >>> dims = ("lead_out", "lead_in", "sample")
    >>> delays = xr.DataArray(np.ones((2, 2, 5)), dims=dims)
    >>> float(dwell_time(delays, channels=8).value)
    0.5
    """
    return mean(delays.sum(["lead_out", "lead_in"], skipna=False) / channels)


def transit_time(
    delays: xr.DataArray, g: xr.DataArray, *, lead_out: int = 1, lead_in: int = 0
) -> Estimate:
    """Mean delay of the electrons that pass from one lead to another, <τ_qp>/<T_qp>.

    Every electron that passes counts alike, and so this is a ratio of means: samples that
    transmit more weigh more.

    Parameters
    ----------
    delays
        Values of `mesokwant.DelayMatrix`, with the dimensions "lead_out", "lead_in", "sample".
    g
        Conductances T between the two leads of the same samples.
    lead_out, lead_in
        Numbers of the two leads, which are different.

    Raises
    ------
    ValueError
        If the two leads are the same: the reflected part has no delay of its own, because g is
        the conductance between different leads.

    Examples
    --------
    >>> import numpy as np
    >>> dims = ("lead_out", "lead_in", "sample")
    >>> delays = xr.DataArray(np.full((2, 2, 5), 30.0), dims=dims)
    >>> g = xr.DataArray(np.full(5, 1.5), dims="sample")
    >>> float(transit_time(delays, g).value)
    20.0
    """
    if lead_out == lead_in:
        raise ValueError(f"electrons pass between two leads, not from lead {lead_in} to itself")
    times = delays.isel(lead_out=lead_out, lead_in=lead_in, drop=True)
    return bootstrap(lambda t, g: t.mean("sample") / g.mean("sample"), times, g)
