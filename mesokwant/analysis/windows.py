"""Finite temperature and bias, after the fact: integrals over the energy axis of results.

Electrons do not interact here, so that everything at a temperature kT and a bias follows from
values at fixed energies: each function takes a DataArray with the dimension "energy", as a sweep
with that axis gives it, and integrates over that dimension, sample by sample. Energies, kT and the
bias eV are in the unit of the axis. The source is at the chemical potential
μ_1 = μ + source_share eV, and the drain at μ_2 = μ_1 - eV. The two windows are

    -f'(E),    [f(E - μ_1) - f(E - μ_2)] / (μ_1 - μ_2),    f(E) = 1 / (1 + exp(E / kT)),

and values are taken to be straight between the points of the axis; that integral is done exactly.
kT, the bias and the Fermi energy μ may be numbers, or sequences that become dimensions of their
own name. An axis that is too narrow or too coarse for the window is refused. A sample that lacks
one energy is nan in the result.

>>> import numpy as np, xarray as xr
>>> energies = np.linspace(-1.0, 1.0, 200)
>>> g = xr.DataArray(1.0 * (energies > 0), {"energy": energies}, "energy")  # a step at E = 0
>>> thermal_average(g, kT=0.1, fermi_energy=[0.0, 0.1]).round(2).values
array([0.5 , 0.73])
"""

from __future__ import annotations

import xarray as xr

from .energy_axis import Number, check_axis, in_order, labelled, quanta, window_average


def thermal_average(values: xr.DataArray, *, kT: Number, fermi_energy: Number) -> xr.DataArray:
    """Average over the energy with the weight -f'.

    Parameters
    ----------
    values
        Anything with the dimension "energy", such as a conductance.
    kT
        Temperature, in the unit of the energy; 0 interpolates between the energies.
    fermi_energy
        The chemical potential μ, in the same unit.

    Returns
    -------
    xarray.DataArray
        The averages, in the unit of the values and without the dimension "energy".

    Raises
    ------
    ValueError
        If the axis does not reach 8 kT beyond the Fermi energy on both sides, if kT is smaller
        than its spacing, or if there is no such axis.

    References
    ----------
    H.-L. Engquist, P. W. Anderson, Phys. Rev. B 24, 1151 (1981).
    """
    values = in_order(values)
    temperature, level = labelled(kT=kT, fermi_energy=fermi_energy)
    check_axis(values, level, level, temperature)
    return window_average(values, level, level, temperature)


def bias_current(
    g: xr.DataArray,
    *,
    bias: Number,
    kT: Number,
    fermi_energy: Number,
    source_share: float = 0.5,
) -> xr.DataArray:
    """Current at a finite bias, I = (e/h) ∫ g(E) [f(E - μ_1) - f(E - μ_2)] dE.

    Parameters
    ----------
    g
        Conductance in e²/h with the dimension "energy", at a potential that the bias leaves.
    bias
        eV = μ_1 - μ_2, in the unit of the energy.
    kT, fermi_energy
        As in `thermal_average`.
    source_share
        The part of the bias by which the source is raised; the drain is lowered by the rest.

    Returns
    -------
    xarray.DataArray
        Currents in e/h times the unit of the energy.

    Raises
    ------
    ValueError
        If the axis is too narrow or too coarse, see `energy_axis.check_axis`.

    References
    ----------
    S. Datta, Electronic Transport in Mesoscopic Systems (Cambridge, 1995), Eq. (2.5.1).

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> energies = np.linspace(-1, 1, 101)
    >>> g = xr.DataArray(np.full(101, 2.0), {"energy": energies}, "energy")
    >>> float(bias_current(g, bias=0.3, kT=0.05, fermi_energy=0.0).round(6))
    0.6
    """
    g = in_order(g)
    voltage, temperature, level = labelled(bias=bias, kT=kT, fermi_energy=fermi_energy)
    source, drain = potentials(voltage, level, source_share)
    check_axis(g, source, drain, temperature)
    return voltage * window_average(g, source, drain, temperature)


def differential_conductance(
    g: xr.DataArray,
    *,
    bias: Number,
    kT: Number,
    fermi_energy: Number,
    source_share: float = 0.5,
) -> xr.DataArray:
    """Differential conductance dI/dV of `bias_current`.

    It is the mean of the thermal averages at the chemical potentials of source and drain, with
    the weights source_share and 1 - source_share.

    Parameters
    ----------
    g, bias, kT, fermi_energy, source_share
        As in `bias_current`.

    Returns
    -------
    xarray.DataArray
        Differential conductances in e²/h.

    Raises
    ------
    ValueError
        If the axis is too narrow or too coarse, see `energy_axis.check_axis`.
    """
    g = in_order(g)
    voltage, temperature, level = labelled(bias=bias, kT=kT, fermi_energy=fermi_energy)
    source, drain = potentials(voltage, level, source_share)
    check_axis(g, source, drain, temperature)
    of_source = window_average(g, source, source, temperature)
    of_drain = window_average(g, drain, drain, temperature)
    return source_share * of_source + (1 - source_share) * of_drain


def current_noise(
    g: xr.DataArray,
    shot_noise: xr.DataArray,
    *,
    bias: Number,
    kT: Number,
    fermi_energy: Number,
    source_share: float = 0.5,
) -> xr.DataArray:
    """Thermal and shot noise of the current at low frequency, one-sided, S = 4 kT g at no bias.

    S = 2 (e²/h) ∫ dE {Σ T² [f_1(1 - f_1) + f_2(1 - f_2)]
                       + Σ T(1 - T) [f_1(1 - f_2) + f_2(1 - f_1)]}.

    Parameters
    ----------
    g
        Conductance Σ T in e²/h with the dimension "energy".
    shot_noise
        Σ T (1 - T) of the same samples at the same energies, as `ShotNoise` gives it.
    bias, kT, fermi_energy, source_share
        As in `bias_current`.

    Returns
    -------
    xarray.DataArray
        Noise powers in e²/h times the unit of the energy; 2 e I times the Fano factor at a bias
        of many kT.

    Raises
    ------
    ValueError
        If the axis is too narrow or too coarse, see `energy_axis.check_axis`.

    References
    ----------
    M. Büttiker, Phys. Rev. B 46, 12485 (1992).
    Ya. M. Blanter, M. Büttiker, Phys. Rep. 336, 1 (2000), Eq. (61).
    """
    g, shot_noise = xr.align(in_order(g), in_order(shot_noise), join="exact")
    voltage, temperature, level = labelled(bias=bias, kT=kT, fermi_energy=fermi_energy)
    source, drain = potentials(voltage, level, source_share)
    check_axis(g, source, drain, temperature)
    squares = g - shot_noise
    thermal = window_average(squares, source, source, temperature)
    thermal = thermal + window_average(squares, drain, drain, temperature)
    # x coth(x / 2kT) is 2kT at x = 0 and |x| at kT = 0.
    crossover = quanta(voltage, temperature) + quanta(-voltage, temperature)
    shot = window_average(shot_noise, source, drain, temperature)
    return 2 * (temperature * thermal + crossover * shot)


def potentials(
    bias: xr.DataArray, level: xr.DataArray, source_share: float
) -> tuple[xr.DataArray, xr.DataArray]:
    """Chemical potentials of source and drain."""
    if not 0 <= source_share <= 1:
        raise ValueError(f"source_share must be between 0 and 1, not {source_share!r}")
    return level + source_share * bias, level - (1 - source_share) * bias
