"""Noise at a finite frequency: what a conductor emits and absorbs.

The frequency is given as the energy hf in the unit of the axis: positive for emission, negative
for absorption. The noise is the spectral density of the current in the lead ``lead_out`` of the
amplitudes, not symmetrized, in e²/h times the unit of the energy. The charge is not screened.

With M(E) = s s†, where s are the amplitudes from the other lead, and E' = E + hf, what depends on
the bias of that other lead is

    S = (e²/h) ∫ dE { Tr[M(E') (1 - M(E))] f_2(E') [1 - f_1(E)]
                    + Tr[(1 - M(E')) M(E)] f_1(E') [1 - f_2(E)]
                    + Tr[M(E') M(E)] f_2(E') [1 - f_2(E)] },

with f_1 in the lead of the current and f_2 in the other one.

References
----------
Ya. M. Blanter, M. Büttiker, Phys. Rep. 336, 1 (2000), section 3.
R. Zamoum, M. Lavagna, A. Crépieux, Phys. Rev. B 93, 235449 (2016).
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .energy_axis import Number, check_axis, in_order, labelled, quanta, window_average


def finite_frequency_noise(
    g: float | xr.DataArray,
    shot_noise: float | xr.DataArray,
    *,
    frequency: Number,
    bias: Number,
    kT: Number,
) -> xr.DataArray:
    """Noise at a finite frequency where transmission does not depend on the energy.

    S = (e²/h) {2 N(hf) Σ T² + [N(hf + eV) + N(hf - eV)] Σ T(1 - T)}, N(x) = x / (exp(x/kT) - 1).
    Absorption less emission is 2 hf g, whatever the bias, and the sum of both at f = 0 is the
    noise of `current_noise`.

    Parameters
    ----------
    g
        Conductance Σ T in e²/h: a number, or a DataArray of any dimensions.
    shot_noise
        Σ T (1 - T), likewise.
    frequency
        hf, positive for emission and negative for absorption.
    bias, kT
        eV and the temperature, in the same unit.

    Returns
    -------
    xarray.DataArray
        In e²/h times that unit. Sequences become dimensions of their own name.

    References
    ----------
    U. Gavish, Y. Levinson, Y. Imry, Phys. Rev. B 62, R10637 (2000).

    Examples
    --------
    At kT = 0, nothing is emitted above the frequency eV / h:

    >>> spectrum = finite_frequency_noise(1.0, 0.25, frequency=[0.5, 1.0, 2.0], bias=1.0, kT=0.0)
    >>> spectrum.values
    array([0.125, 0.   , 0.   ])
    """
    photon, voltage, temperature = labelled(frequency=frequency, bias=bias, kT=kT)
    assisted = quanta(photon + voltage, temperature) + quanta(photon - voltage, temperature)
    return 2 * quanta(photon, temperature) * (g - shot_noise) + assisted * shot_noise


def noise_kernel(amplitudes: xr.DataArray, *, frequency: float) -> xr.Dataset:
    """The traces of two energies that noise at a finite frequency is made of.

    Parameters
    ----------
    amplitudes
        Values of the observable `Amplitudes` between two leads, complex, with the dimensions
        "energy", "mode_out" and "mode_in"; nan stands for closed modes. The energies are equally
        spaced.
    frequency
        hf, a multiple of the spacing of the energies.

    Returns
    -------
    xarray.Dataset
        At all energies E of the axis for which E' = E + hf is on it, and for every sample:
        ``emitted`` = Tr[M(E') (1 - M(E))], ``absorbed`` = Tr[(1 - M(E')) M(E)], and
        ``both`` = Tr[M(E') M(E)]. A sample without any open mode is nan, as a missing one.

    Raises
    ------
    ValueError
        If the dimensions are others, the energies are not equally spaced, or the frequency is no
        multiple of their spacing.
    """
    amplitudes = in_order(amplitudes)
    modes = ["mode_out", "mode_in"]
    if not set(modes) <= set(amplitudes.dims):
        raise ValueError(
            "noise at a finite frequency needs amplitudes with the dimensions 'mode_out' and "
            "'mode_in': give the sweep the observable Amplitudes(lead_out, lead_in)"
        )
    lower, upper = _pairs(amplitudes["energy"].to_numpy(), frequency)
    ordered = amplitudes.transpose("energy", ..., *modes)
    values = ordered.to_numpy()
    closed = np.isnan(values)
    s = np.where(closed, 0.0, values)
    # Tr[M(E') M(E)] is the sum of the squares of s†(E) s(E').
    overlaps = np.swapaxes(s[lower].conj(), -1, -2) @ s[upper]
    both = np.sum(np.abs(overlaps) ** 2, axis=(-2, -1))
    traces = np.sum(np.abs(s) ** 2, axis=(-2, -1))
    missing = closed.all(axis=(-2, -1))
    traces[missing] = np.nan
    both[missing[lower] | missing[upper]] = np.nan
    frame = ordered.sum(modes).isel(energy=lower)
    parts = {"emitted": traces[upper] - both, "absorbed": traces[lower] - both, "both": both}
    return xr.Dataset({name: frame.copy(data=part) for name, part in parts.items()})


def excess_noise(
    amplitudes: xr.DataArray,
    *,
    frequency: float,
    bias: Number,
    kT: Number,
    fermi_energy: Number,
) -> xr.DataArray:
    """Noise at a finite frequency in the lead ``lead_out``, less that without a bias.

    The bias raises the chemical potential of the other lead, from the Fermi energy to
    fermi_energy + bias. What is independent of the bias drops out, and with it all that would
    need the amplitudes of reflection and the place of the cross-section.

    Parameters
    ----------
    amplitudes
        As in `noise_kernel`: from the lead with the bias to the lead of the current.
    frequency
        hf, a multiple of the spacing of the energies; positive for emission and negative for
        absorption.
    bias, kT, fermi_energy
        Numbers or sequences, in the unit of the energy.

    Returns
    -------
    xarray.DataArray
        In e²/h times the unit of the energy.

    Raises
    ------
    ValueError
        As in `noise_kernel`, or if the axis is too narrow or too coarse, see
        `energy_axis.check_axis`.
    """
    kernel = noise_kernel(amplitudes, frequency=frequency)
    voltage, temperature, level = labelled(bias=bias, kT=kT, fermi_energy=fermi_energy)
    biased = level + voltage
    low = np.minimum(level, biased) - max(frequency, 0.0)
    high = np.maximum(level, biased) - min(frequency, 0.0)
    check_axis(kernel["both"], low, high, temperature)

    def term(kernel: xr.DataArray, one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
        """∫ dE of a kernel with f(E' - μ') [1 - f(E - μ)] for μ' = one and μ = other."""
        below = one - frequency
        return quanta(other - below, temperature) * window_average(
            kernel, below, other, temperature
        )

    emitted, absorbed, both = (kernel[name] for name in ("emitted", "absorbed", "both"))
    result = term(emitted, biased, level) + term(absorbed, level, biased)
    result = result + term(both, biased, biased)
    return result - term(emitted + absorbed + both, level, level)


def _pairs(energies: NDArray, frequency: float) -> tuple[NDArray, NDArray]:
    """Positions on the axis of all E and E' = E + hf."""
    spacing = (energies[-1] - energies[0]) / (len(energies) - 1)
    if not np.allclose(np.diff(energies), spacing, rtol=1e-6, atol=0):
        raise ValueError("noise at a finite frequency needs equally spaced energies")
    steps = round(frequency / spacing)
    if abs(frequency / spacing - steps) > 1e-6 * max(1, abs(steps)):
        raise ValueError(
            f"the frequency hf = {frequency:g} must be a multiple of the spacing {spacing:g} of "
            "the energies"
        )
    if abs(steps) > len(energies) - 1:
        raise ValueError(
            f"the axis from {energies[0]:g} to {energies[-1]:g} is shorter than the frequency "
            f"hf = {frequency:g}: extend the axis"
        )
    lower = np.arange(max(0, -steps), len(energies) - max(0, steps))
    return lower, lower + steps
