"""Shubnikov-de Haas oscillations of the conductivity in a field, with all harmonics.

Landau levels of the distance ω_c = f/ν that collisions after a time τ broaden modulate the density
of states by 1 + d. With w = ω_c τ and the number of filled levels X = n/f, the self-consistent Born
approximation of equidistant levels is the equation

    s = -tan[π (X - s/2w)],    1 + d = -Im s,    d = 2 Σ_j (-1)^j exp(-πj/w) cos(2πj X) + O(d²),

for s = 2τ (Σ - Re Σ_0). Collisions are more frequent where there are more states, so that

    σ_xx = σ_D/[1 + (ω_c τ_tr)²/(1 + d)²].

Here f is the flux per plaquette in h/e, n and ν are electrons and states per site and spin.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

STEPS = 400
"""Steps by which the equation is solved: half of them are safe, and half are Newton's."""


def landau_modulation(levels: ArrayLike, w: ArrayLike) -> Array:
    """Return d, by which broadened Landau levels change the density of states.

    Parameters
    ----------
    levels
        X = n/f, filled levels with their fraction; the middle of a level is at a half.
    w
        ω_c τ, positive, up to 3 or so (there the levels are separate bands).

    Returns
    -------
    d = ν(f)/ν(0) - 1, a pure number, of the shape to which the arguments broadcast.

    Raises
    ------
    ValueError
        If w is not positive, or if the equation does not converge, which is at band edges of
        separate levels.

    References
    ----------
    T. Ando, Y. Uemura, J. Phys. Soc. Jpn. 36, 959 (1974), with the sum over equidistant levels
    in closed form; the expansion is that of P. T. Coleridge, R. Stoner and R. Fletcher, Phys. Rev.
    B 39, 1120 (1989).

    Examples
    --------
    >>> print(landau_modulation([5.0, 5.5], 0.6).round(4), round(2 * np.exp(-np.pi / 0.6), 4))
    [-0.0112  0.0101] 0.0106
    """
    levels, w = np.broadcast_arrays(np.asarray(levels, float), np.asarray(w, float))
    if not np.all(w > 0):
        raise ValueError(f"w = ω_c τ must be positive, not {w.min():g}")
    s: NDArray[np.complex128] = np.full(levels.shape, -1j)
    for step in range(STEPS):
        # The tangent by its exponential, which is small where levels overlap and never too large.
        phase = np.exp(2j * np.pi * (levels - s / (2 * w)))
        found = -1j * (1 - phase) / (1 + phase)
        change = np.abs(found - s).max(initial=0.0)
        if change < 1e-10:
            # A gap has no states, whatever the last bit says.
            return np.asarray(np.maximum(-s.imag, 0.0) - 1)
        if step < STEPS // 2:
            # Half a step: a full one overshoots where the levels begin to separate.
            s = (s + found) / 2
        else:
            # Newton's steps end what is slow, next to the edges of separate levels.
            slope = 2 * np.pi / w * phase / (1 + phase) ** 2
            s = s - (found - s) / (slope - 1)
    raise ValueError(
        "the equation of the Landau levels does not converge: a point is at the edge of separate "
        f"levels, take w = ω_c τ below {w.max():g}"
    )


def shubnikov_de_haas_conductivity(
    flux: ArrayLike,
    *,
    density: ArrayLike,
    dos: ArrayLike,
    scattering_time: ArrayLike,
    transport_time: ArrayLike,
    conductivity: ArrayLike,
) -> Array:
    """Return σ_xx in a field, with all harmonics of the oscillations.

    Parameters
    ----------
    flux
        Flux per plaquette in h/e.
    density, dos
        Electrons per site and spin, and states per site, spin and t.
    scattering_time, transport_time
        τ, which broadens the levels, and τ_tr, in 1/t.
    conductivity
        σ_D without a field, in e²/h.

    Returns
    -------
    σ_xx in e²/h per spin, of the shape to which the arguments broadcast.

    References
    ----------
    P. T. Coleridge, R. Stoner and R. Fletcher, Phys. Rev. B 39, 1120 (1989), for the first
    order in d; all orders are derived here from D = v² τ'/2/[1 + (ω_c τ')²], τ' = τ_tr/(1 + d).

    Examples
    --------
    >>> metal = {"density": 0.1, "dos": 0.1, "conductivity": 8.0}
    >>> times = {"scattering_time": 1.0, "transport_time": 10.0}
    >>> print(f"{shubnikov_de_haas_conductivity(0.01, **metal, **times):.3f}")  # Drude's
    4.000
    """
    omega = cyclotron_frequency(flux, dos)
    levels = np.asarray(density, dtype=float) / np.asarray(flux, dtype=float)
    # Between separate levels there are no states, and the conductivity is zero.
    states = np.square(1 + landau_modulation(levels, omega * np.asarray(scattering_time)))
    angle = omega * np.asarray(transport_time)
    return np.asarray(conductivity, dtype=float) * states / (states + angle**2)


def cyclotron_frequency(flux: ArrayLike, dos: ArrayLike) -> Array:
    """Return ω_c = f/ν, the distance of Landau levels: a level has f states per site.

    Parameters
    ----------
    flux
        Flux f per plaquette in h/e.
    dos
        States ν per site, spin and t at the energy, without a field.

    Returns
    -------
    The frequency in t, of the shape to which the arguments broadcast.

    References
    ----------
    L. Onsager, Philos. Mag. 43, 1006 (1952): ω_c = 2π eB/(dA/dE), A the area of the orbit.

    Examples
    --------
    >>> print(f"{cyclotron_frequency(0.01, 1 / (4 * np.pi)):.4f}")  # 2b, of a mass of 1/2
    0.1257
    """
    return np.asarray(flux, dtype=float) / np.asarray(dos, dtype=float)


def thermal_damping(kT: ArrayLike, omega: ArrayLike) -> Array:
    """Return the factor X/sinh X, X = 2π² kT/ω_c, of oscillations at a temperature.

    Parameters
    ----------
    kT
        Temperature in t.
    omega
        ω_c in t.

    Returns
    -------
    The factor of the first harmonic between 0 and 1, of the shape to which the arguments broadcast.

    References
    ----------
    I. M. Lifshitz, A. M. Kosevich, Sov. Phys. JETP 2, 636 (1956).

    Examples
    --------
    >>> print(thermal_damping([0.0, 0.02], 0.2).round(3))
    [1.    0.559]
    """
    x = 2 * np.pi**2 * np.asarray(kT, dtype=float) / np.asarray(omega, dtype=float)
    safe = np.where(x > 0, x, 1.0)
    return np.where(x > 0, safe / np.sinh(safe), 1.0)


def classical_conductance(g: ArrayLike) -> Array:
    """Return the conductance that a wire in a field would have without interference.

    Without time-reversal symmetry <g> = g_c - 1/(45 g_c) + O(1/g_c³), so g_c = g + 1/(45 g).

    Parameters
    ----------
    g
        Mean conductance in e²/h of a wire that is a metal, g > 1.

    Returns
    -------
    The conductance g_c in e²/h, of the shape of g.

    References
    ----------
    A. D. Mirlin, Phys. Rep. 326, 259 (2000), section on the mean conductance of wires; the
    difference to β = 1 is that of Mello and Stone, Phys. Rev. B 44, 3559 (1991).

    Examples
    --------
    >>> print(f"{classical_conductance(2.0):.4f}")
    2.0111
    """
    g = np.asarray(g, dtype=float)
    return g + 1 / (45 * g)
