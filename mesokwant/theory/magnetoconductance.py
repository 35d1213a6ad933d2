"""Weak localization against field, dephasing and spin-orbit coupling.

The correction is a sum over Cooperons. In a coherent wire between ideal leads a Cooperon of
decay length Λ contributes in proportion to

    F(a) = (a coth a - 1)/a² = 2 Σ_{n>=1} 1/((πn)² + a²),   a = L/Λ,

the return probability of a diffusing particle that is absorbed at both ends and dies out over
the length Λ; F(0) = 1/3. Decay rates add, so 1/Λ² = 1/L_B² + 1/L_φ² + ...
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma

from .diffusive import ballistic_factor

Array = NDArray[np.float64]


def magnetic_length(flux: ArrayLike, width: ArrayLike) -> Array:
    """Return the length over which a field destroys weak localization in a narrow wire, W << L_B.

    L_B⁻² = (2π f W)²/3 for hard walls and l << W, that is L_B = √3 ħ/(eBW). For l >~ W the
    flux cancels along ballistic paths and the true length is longer.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter. At zero the length is infinite.
    width
        Width of the wire in lattice constants.

    Returns
    -------
    The length L_B in lattice constants, of the shape to which the arguments broadcast.

    References
    ----------
    Altshuler and Aronov, JETP Lett. 33, 499 (1981); Beenakker and van Houten, Solid State
    Physics 44, 1 (1991), cond-mat/0412664.

    Examples
    --------
    >>> print(f"{magnetic_length(1e-4, 20.0):.1f}")
    137.8
    """
    with np.errstate(divide="ignore"):
        return np.sqrt(3) / np.abs(2 * np.pi * np.asarray(flux, dtype=float) * np.asarray(width))


def wire_line_shape(
    length: ArrayLike,
    *,
    magnetic_length: ArrayLike = np.inf,
    dephasing_length: ArrayLike = np.inf,
    s: ArrayLike = np.inf,
) -> Array:
    """Return the weak-localization correction to g of a wire without a spin index.

    δg = -F(a) s³/(1+s)³ with F(a) = (a coth a - 1)/a² and a² = L² (1/L_B² + 1/L_φ²): -1/3 in
    a long wire without field, and 0 in a strong field. The factor of finite s is exact without a
    field; with one it is an interpolation, which is good to order 1/s.

    Parameters
    ----------
    length
        Length of the wire, in lattice constants as all lengths here.
    magnetic_length
        L_B, from `magnetic_length`; infinite without a field.
    dephasing_length
        L_φ; infinite in a fully coherent wire.
    s
        Length over mean free path; leave out for a long wire.

    Returns
    -------
    The correction in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Altshuler and Aronov, JETP Lett. 33, 499 (1981); Beenakker and van Houten, Solid State
    Physics 44, 1 (1991); the finite-s factor from Mello and Stone, Phys. Rev. B 44, 3559 (1991).

    Examples
    --------
    >>> print(f"{wire_line_shape(100.0):.4f} {wire_line_shape(100.0, magnetic_length=1.0):.4f}")
    -0.3333 -0.0099
    """
    damping = _inverse_square(magnetic_length) + _inverse_square(dephasing_length)
    a = np.asarray(length, dtype=float) * np.sqrt(damping)
    return -_return_probability(a) * ballistic_factor(s) ** 3


def spinful_wire_line_shape(
    length: ArrayLike,
    *,
    spin_orbit_length: ArrayLike,
    magnetic_length: ArrayLike = np.inf,
    dephasing_length: ArrayLike = np.inf,
    s: ArrayLike = np.inf,
) -> Array:
    """Return the weak (anti)localization of Kwant's T of a wire with two spins.

    δT = [F(a_0) - 3 F(a_1)] s³/(1+s)³ with F(a) = (a coth a - 1)/a²,
    a_0² = L² (1/L_B² + 1/L_φ²) for the singlet Cooperon and
    a_1² = a_0² + (4/3) (L/L_so)² for the three triplets.
    Without spin-orbit coupling (L_so = inf) this is -2/3 at zero field, twice the spinless
    value; with strong coupling (L_so = 0) only the singlet is left: +1/3.

    The convention is L_so = √(D τ_so) of Hikami, Larkin and Nagaoka. The spin polarization relaxes
    at the rate of the triplets, over the length √(D τ_spin) = (√3/2) L_so.

    Isotropic spin relaxation is assumed, as for spin-orbit scattering by impurities. Linear
    Rashba coupling mixes the triplets with the gradient, relaxes the three at different rates,
    and in wires narrower than the precession length hardly at all: there the two ends of the
    crossover are right, the curve between them is not.

    Parameters
    ----------
    length
        Length of the wire, in lattice constants as all lengths here.
    spin_orbit_length
        L_so, zero or positive.
    magnetic_length, dephasing_length, s
        As in `wire_line_shape`.

    Returns
    -------
    The correction to T in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Hikami, Larkin and Nagaoka, Prog. Theor. Phys. 63, 707 (1980), for the rates; Pierre et
    al., Phys. Rev. B 68, 085413 (2003), for the same sum in an infinite wire.

    Examples
    --------
    >>> print(f"{spinful_wire_line_shape(100.0, spin_orbit_length=0.0):.4f}")
    0.3333
    >>> print(f"{spinful_wire_line_shape(100.0, spin_orbit_length=np.inf):.4f}")
    -0.6667
    """
    damping = _inverse_square(magnetic_length) + _inverse_square(dephasing_length)
    length = np.asarray(length, dtype=float)
    singlet = _return_probability(length * np.sqrt(damping))
    triplet_damping = damping + 4 / 3 * _inverse_square(spin_orbit_length)
    triplet = _return_probability(length * np.sqrt(triplet_damping))
    return (singlet - 3 * triplet) * ballistic_factor(s) ** 3


def hikami_larkin_nagaoka(
    flux: ArrayLike, dephasing_length: ArrayLike, *, alpha: float = 1.0
) -> Array:
    """Return the magnetoconductivity σ(B) - σ(0) of a film in two dimensions, for both spins.

    Δσ = (α/π) [ψ(1/2 + x) - ln x],  x = B_φ/B = ħ/(4eB L_φ²) = 1/(8π |f| L_φ²).

    The sign convention is α = +1 without spin-orbit coupling (positive magnetoconductivity),
    α = -1/2 with strong spin-orbit coupling. Many texts call these -1 and +1/2. The
    formula holds for weak fields, B < ħ/(2el²). Linear Rashba coupling has a different form.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    dephasing_length
        L_φ in lattice constants.
    alpha
        Prefactor, as above.

    Returns
    -------
    The rise in e²/h, of the shape to which the arguments broadcast.

    References
    ----------
    Hikami, Larkin and Nagaoka, Prog. Theor. Phys. 63, 707 (1980), Eq. (18).

    Examples
    --------
    >>> rise = hikami_larkin_nagaoka([1e-3, np.e * 1e-3], 1e4)  # It grows as ln(f)/π.
    >>> print(f"{(rise[1] - rise[0]) * np.pi:.3f}")
    1.000
    """
    with np.errstate(divide="ignore"):
        x = 1 / (8 * np.pi * np.abs(np.asarray(flux, dtype=float)) * np.square(dephasing_length))
    # At large x the two terms cancel: use the asymptotic series of the digamma function.
    large = x > 100
    safe = np.where(large, 1.0, x)
    series = 1 / (24 * x**2) - 7 / (960 * x**4)
    return alpha / np.pi * np.where(large, series, digamma(0.5 + safe) - np.log(safe))


def _inverse_square(length: ArrayLike) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(length, dtype=float) ** -2.0


def _return_probability(a: ArrayLike) -> Array:
    """Return F(a) = (a coth a - 1)/a² = 1/3 - a²/45 + ..., for 0 <= a <= inf."""
    a = np.asarray(a, dtype=float)
    small = a < 0.1
    low = np.where(small, a, 0.0) ** 2
    high = np.where(small, 1.0, a)
    series = 1 / 3 - low / 45 + 2 * low**2 / 945 - low**3 / 4725 + 2 * low**4 / 93555
    return np.where(small, series, (1 / np.tanh(high) - 1 / high) / high)
