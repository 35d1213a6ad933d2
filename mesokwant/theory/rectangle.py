"""Diffusive rectangles of any shape: variance, correlations and magnetoconductance.

The functions take the length L between two ideal leads and the width W between two hard walls,
for a mean free path l that is much shorter than both. Without a field everything is a sum over
the modes of diffusion. In a field the Cooperon C is solved on a grid (`cooperon`), and

    δg = -(2/L²) ∫ C(r, r) d²r,
    var g = (6/L⁴) ∫∫ [ |D(r, r')|² + |C(r, r')|² ] d²r d²r',

where D is C without the field. δg itself grows with the logarithm of the short-distance cutoff l,
but its change with the field does not depend on a cutoff. For L_B, L >> W that change is the one
of the quasi-1D `wire_line_shape`. The field acts less near the leads, and the rise is lower by
about 4 (W/L)²: 4 % at L = 10 W, 14 % at 5 W, and a third at 2.5 W (for a = L/L_B = 3).

>>> print(f"{rectangle_variance(1, 1, beta=1):.6f}")  # A square: 2 Catalan/π².
0.185613
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cooperon import conductance_rise, remaining_variance, triplet_conductance_rise
from .diffusive import ballistic_factor

Array = NDArray[np.float64]


def rectangle_variance(
    length: ArrayLike,
    width: ArrayLike,
    height: ArrayLike = 0.0,
    *,
    beta: ArrayLike,
    dephasing_length: ArrayLike = np.inf,
) -> Array:
    """Return the variance of g of a diffusive rectangle or bar with hard side walls.

    var g = 12/(π⁴β) Σ_{nx>=1; ny,nz>=0} [nx² + (L/W)² ny² + (L/H)² nz² + (L/πL_φ)²]⁻² for l << L,
    W, H. If coherent it is 2/(15β) in a thin wire, 2 Catalan/(π²β) = 0.185613/β for a square,
    0.31405/β for a cube. (Lee, Stone and Fukuyama print 0.296/β for the cube, as an rms of 1.088
    with spin.)

    Parameters
    ----------
    length
        Length along the current, in any unit.
    width, height
        Transverse sizes, in the same unit; 0 for a dimension that does not count.
    beta
        Symmetry index: 1, 2 or 4 (4 counts each Kramers pair once: 4 times this in Kwant's T).
    dephasing_length
        L_φ, over which all modes of diffusion decay, at one energy; infinite in a coherent sample.

    Returns
    -------
    The variance in (e²/h)², of the shape to which the arguments broadcast.

    Notes
    -----
    With q⁻² = ∫ t exp(-qt) dt the sum becomes one integral over a product of theta functions,
    which the trapezoidal rule in ln t gives to rounding error.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987).

    Examples
    --------
    >>> print(f"{rectangle_variance(1, 0, beta=2):.6f}")  # A thin wire: 1/15.
    0.066667
    """
    step = 0.2
    t = np.exp(np.arange(-75.0, 5.0, step))
    length = np.asarray(length, dtype=float)
    across = np.ones_like(t)
    for size in (width, height):
        with np.errstate(divide="ignore"):
            ratio = np.asarray(length / np.asarray(size, dtype=float))
        across = across * (1 + _theta(ratio[..., None] ** 2 * t)) / 2
    decay = (length / (np.pi * np.asarray(dephasing_length, dtype=float))) ** 2
    weight = t**2 * np.exp(-decay[..., None] * t)
    total = step * np.sum(weight * (_theta(t) - 1) / 2 * across, axis=-1)
    return 12 / (np.pi**4 * np.asarray(beta)) * total


def rectangle_variance_in_field(flux: ArrayLike, length: float, width: float) -> Array:
    """Return the variance of g of a spinless rectangle on the way from β = 1 to β = 2.

    Without a field it is `rectangle_variance` at β = 1, and in a strong field that at β = 2.
    What a field of finite strength leaves of the Cooperon comes on top.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.

    Returns
    -------
    The variance in (e²/h)², of the shape of `flux`.

    Notes
    -----
    The grid makes the part of the Cooperon, not the whole variance, too large. In a square the
    error is 0.4 % of that part at 1 h/e through the sample, 4 % at 5 h/e, where a fifth of it
    remains, and 9 % at 20 h/e, where 1/18 remains. For L = 3 W it is 2 % at 5 and at 8 h/e.

    References
    ----------
    Altshuler and Shklovskii, Sov. Phys. JETP 64, 127 (1986); Lee, Stone and Fukuyama, Phys. Rev.
    B 35, 1039 (1987). The Cooperon is solved here.

    Examples
    --------
    >>> print(rectangle_variance_in_field(0.0, 20, 10) / rectangle_variance(20, 10, beta=2))
    2.0
    """
    diffuson = rectangle_variance(length, width, beta=2)
    fluxes = np.abs(np.asarray(flux, dtype=float))
    remaining = [remaining_variance(float(f), float(length), float(width)) for f in fluxes.ravel()]
    return np.asarray(diffuson * (1 + np.reshape(remaining, fluxes.shape)))


def rectangle_field_correlation(flux: ArrayLike, length: float, width: float) -> Array:
    """Return the correlation <δg(f) δg(f + Δf)>/var g of a rectangle in strong fields (β = 2).

    It is Tr |D|² in the difference of the fields: the diffuson pairs a path in one field with
    itself in the other and sees e Δf, where the Cooperon sees 2e f. In a long wire it has
    fallen to 1/2 at 1.17 h/e through the sample; for L = 3 W it has at 1.44 h/e.

    Parameters
    ----------
    flux
        Difference Δf, in h/e per plaquette; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.

    Returns
    -------
    The correlation, a pure number, of the shape of `flux`.

    Notes
    -----
    The error of the grid is that of the Cooperon's part in `rectangle_variance_in_field`, at
    half the flux.

    References
    ----------
    Altshuler and Khmelnitskii, JETP Lett. 42, 359 (1985); Lee, Stone and Fukuyama, Phys. Rev. B
    35, 1039 (1987). The equation is solved here.

    Examples
    --------
    >>> print(f"{rectangle_field_correlation(1.17 / (200 * 5), 200, 5):.2f}")
    0.50
    """
    fluxes = np.abs(np.asarray(flux, dtype=float))
    remaining = [
        remaining_variance(float(f) / 2, float(length), float(width)) for f in fluxes.ravel()
    ]
    return np.reshape(remaining, fluxes.shape)


def rectangle_energy_correlation(
    energy: ArrayLike, length: float, width: float, *, diffusion: float
) -> Array:
    """Return the correlation <δg(E) δg(E + Δ)>/var g of a coherent diffusive rectangle.

    With λ = q² + iΔ/D, q the wave numbers of diffusion between leads and walls,

        C(Δ) = Σ [ (2/3) |λ|⁻² + (1/3) Re λ⁻² ] / Σ q⁻⁴:

    two thirds are fluctuations of the diffusion constant, one third of the density of states.
    In a long wire C is 1/2 at Δ = 0.783 E_c with E_c = π² ħD/L². C is the same for β = 1 and 2.

    Parameters
    ----------
    energy
        Difference Δ of the energies, in t.
    length, width
        L between the leads and W between the walls, in lattice constants.
    diffusion
        Diffusion constant, in t × lattice constant².

    Returns
    -------
    The correlation, a pure number, of the shape of `energy`.

    Notes
    -----
    The sum over modes is cut off. The error is 5e-5 in a wire and 1e-4 in a square, and in a
    wide sample with L/W = 1/4 the tail is wrong by less than 1 %.

    References
    ----------
    Altshuler and Shklovskii, Sov. Phys. JETP 64, 127 (1986); Lee, Stone and Fukuyama, Phys. Rev.
    B 35, 1039 (1987).

    Examples
    --------
    >>> print(f"{rectangle_energy_correlation(0.783 * np.pi**2, 1.0, 0.01, diffusion=1.0):.3f}")
    0.500
    """
    along, across = np.arange(1, 201), np.arange(0, 201)
    q = (np.pi / length * along[:, None]) ** 2 + (np.pi / width * across) ** 2
    # The terms fall off as q⁻⁴: the 2000 slowest modes are enough for the error stated above.
    q = np.sort(q.ravel())[:2000]
    level = q + 1j * np.asarray(energy, dtype=float)[..., None] / diffusion
    total = 2 / 3 * np.abs(level) ** -2.0 + (level**-2.0).real / 3
    return np.sum(total, axis=-1) / np.sum(q**-2.0)


def rectangle_magnetoconductance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    dephasing_length: float = np.inf,
    s: float = np.inf,
) -> Array:
    """Return the rise δg(f) - δg(0) of a spinless rectangle, which has β = 1 at f = 0.

    The factor of finite s = L/l, s³/(1+s)³, is exact for a long wire without field and an
    interpolation here. The rise is valid for magnetic lengths longer than l.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    dephasing_length
        L_φ, over which the Cooperon decays in any field; infinite in a coherent sample.
    s
        Length over mean free path; leave out for l -> 0.

    Returns
    -------
    The rise in e²/h, of the shape of `flux`.

    Notes
    -----
    The grid makes the rise too small: by 0.3 % or less for L >= 3 W, by 1 to 1.6 % at L = W (for
    1 to 20 h/e through the sample), and by 3 % at L = 0.6 W.

    References
    ----------
    The equation: Altshuler and Aronov, in Electron-Electron Interactions in Disordered Systems
    (1985), Sec. 2; leads and finite size as in Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039
    (1987). The equation is solved here.

    Examples
    --------
    In a long wire the rise is that of `wire_line_shape`, here 0.1095 at L = 3 L_B.

    >>> flux = 3 * 3**0.5 / (2 * np.pi * 200 * 5)
    >>> print(f"{rectangle_magnetoconductance(flux, 200, 5):.3f}")
    0.109
    """
    fluxes = np.abs(np.asarray(flux, dtype=float))
    mass = float(dephasing_length) ** -2
    rises = [conductance_rise(float(f), float(length), float(width), mass) for f in fluxes.ravel()]
    return np.reshape(rises, fluxes.shape) * ballistic_factor(s) ** 3


def rectangle_spin_magnetoconductance(
    flux: ArrayLike, length: float, width: float, *, rotation: float, s: float = np.inf
) -> Array:
    """Return the rise of Kwant's T of a rectangle with two spins and linear Rashba coupling.

    The Cooperons are a singlet, which counts negative, and a triplet that carries spin 1,

        (-i∇ + 2eA/ħ + κ(-S_y, S_x))² C = δ,   T(f) - T(0) = (2/L²) [Tr C]_f^0 (triplet - singlet),

    so the spin is twisted along with the path, less so where walls make paths retrace. The
    rise of two spins without coupling becomes the fall of the singlet alone.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e; its sign does not matter.
    length, width
        L between the leads and W between the walls, in lattice constants.
    rotation
        Angle κ by which the coupling turns a spin over one lattice constant: 2θ in Ando's model,
        2 arctan(α/2) in Rashba's. The result is exact for κl << 1; stronger coupling saturates.
    s
        Length over mean free path, as in `rectangle_magnetoconductance`.

    Returns
    -------
    The rise T(f) - T(0) in e²/h, of the shape of `flux`.

    References
    ----------
    Iordanskii, Lyanda-Geller and Pikus, JETP Lett. 60, 206 (1994), for the operator; Aleiner and
    Fal'ko, Phys. Rev. Lett. 87, 256801 (2001), for the form of a gauge field. The equation is
    solved here.

    Examples
    --------
    Without coupling each of the two spins rises like the spinless rectangle.

    >>> spinless = rectangle_magnetoconductance(1e-3, 60, 20)
    >>> both = rectangle_spin_magnetoconductance(1e-3, 60, 20, rotation=0.0)
    >>> print(f"{both / spinless:.6f}")
    2.000000
    """
    fluxes = np.abs(np.asarray(flux, dtype=float))
    shape = (float(length), float(width))
    rises = [
        triplet_conductance_rise(float(f), *shape, float(rotation))
        - conductance_rise(float(f), *shape)
        for f in fluxes.ravel()
    ]
    return np.reshape(rises, fluxes.shape) * ballistic_factor(s) ** 3


def _theta(t: Array) -> Array:
    """Return Σ_n exp(-n² t) over all integers n; below t = π through Jacobi's inversion."""
    t = np.asarray(t, dtype=float)
    small = t < np.pi
    safe = np.where(t > 0, t, 1.0)
    nome = np.exp(-np.where(small, np.pi**2 / safe, t))
    series = 1 + 2 * (nome + nome**4 + nome**9)
    return np.where(small, np.sqrt(np.pi / safe), 1.0) * series
