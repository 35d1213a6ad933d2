"""Magnetoconductance and fluctuations of a rectangle: the Cooperon, solved on a grid.

Between ideal leads at x = 0 and L and hard walls at y = 0 and W the Cooperon obeys, for l much
shorter than everything else,

    (-i∇ + 2eA/ħ)² C(r, r') = δ(r - r'),   C = 0 at the leads, ∂_n C = 0 at the walls,

a particle of twice the charge that diffuses and is absorbed at both ends, and

    δg = -(2/L²) ∫ C(r, r) d²r.

δg itself grows with the logarithm of the short-distance cutoff l; its change with the field does
not depend on a cutoff. For L_B, L >> W it is the quasi-1D `wire_line_shape`. Near the leads the
field acts less, and the rise is lower by about 4 (W/L)²: 4 % at L = 10 W, 14 % at 5 W, and a
third at 2.5 W (for a = L/L_B = 3).

The variance is a sum over squares of both propagators, D being C without the field:

    var g = (6/L⁴) ∫∫ [ |D(r, r')|² + |C(r, r')|² ] d²r d²r'.
"""

import functools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .diffusive import _ballistic_factor, rectangle_variance

Array = NDArray[np.float64]


def rectangle_magnetoconductance(
    flux: ArrayLike,
    length: float,
    width: float,
    *,
    dephasing_length: float = np.inf,
    s: float = np.inf,
) -> Array:
    """Rise δg(f) - δg(0) of the conductance of a rectangle without a spin index (β = 1 at f = 0).

    The factor of finite s = L/l, s³/(1+s)³, is exact for a long wire without field and an
    interpolation here. Valid for magnetic lengths longer than l.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    length, width
        L between the leads and W between the walls, in lattice constants.
    dephasing_length
        L_φ, over which the Cooperon decays in any field; infinite in a coherent sample.
    s
        Length over mean free path; leave out for l -> 0.

    Source
    ------
    The equation: Altshuler and Aronov, in Electron-Electron Interactions in Disordered Systems
    (1985), Sec. 2; leads and finite size as in Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039
    (1987). Solved here.
    """
    fluxes = np.abs(np.asarray(flux, dtype=float))
    mass = float(dephasing_length) ** -2
    rises = [_rise(float(f), float(length), float(width), mass) for f in fluxes.ravel()]
    return np.reshape(rises, fluxes.shape) * _ballistic_factor(s) ** 3


def rectangle_variance_in_field(flux: ArrayLike, length: float, width: float) -> Array:
    """Variance of g of a rectangle without a spin index, on the way from β = 1 to β = 2.

    Without a field it is `rectangle_variance` at β = 1, in a strong one that at β = 2:
    what a field of finite strength leaves of the Cooperon comes on top.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    length, width
        L between the leads and W between the walls, in lattice constants.

    Source
    ------
    Altshuler and Shklovskii, Sov. Phys. JETP 64, 127 (1986); Lee, Stone and Fukuyama, Phys. Rev.
    B 35, 1039 (1987). The Cooperon is solved here.
    """
    diffuson = rectangle_variance(length, width, beta=2)
    fluxes = np.abs(np.asarray(flux, dtype=float))
    shares = [_variance_share(float(f), float(length), float(width)) for f in fluxes.ravel()]
    return np.asarray(diffuson * (1 + np.reshape(shares, fluxes.shape)))


def rectangle_field_correlation(flux: ArrayLike, length: float, width: float) -> Array:
    """Correlation <δg(f) δg(f + Δf)>/var g of a rectangle in strong fields (β = 2).

    Tr |D|² in the difference of the fields: the diffuson pairs a path in one field with itself in
    the other and sees e Δf where the Cooperon sees 2e f.

    Parameters
    ----------
    flux
        Difference Δf, in h/e per plaquette.
    length, width
        L between the leads and W between the walls, in lattice constants.

    Source
    ------
    Altshuler and Khmelnitskii, JETP Lett. 42, 359 (1985); Lee, Stone and Fukuyama, Phys. Rev. B
    35, 1039 (1987). Solved here.
    """
    fluxes = np.abs(np.asarray(flux, dtype=float))
    shares = [_variance_share(float(f) / 2, float(length), float(width)) for f in fluxes.ravel()]
    return np.reshape(shares, fluxes.shape)


@functools.lru_cache(maxsize=1024)
def _variance_share(flux: float, length: float, width: float) -> float:
    """Tr C²(f)/Tr C²(0), on one grid: its error cancels."""
    if flux == 0:
        return 1.0
    grid = _grid(flux, length, width)
    # Tr C² = -d/dm Tr C with a mass m added to the operator, small against its lowest level.
    mass = 0.03 * (np.pi / length) ** 2
    slopes = [_trace(f, *grid, mass=-mass) - _trace(f, *grid, mass=mass) for f in (flux, 0.0)]
    return slopes[0] / slopes[1]


@functools.lru_cache(maxsize=1024)
def _rise(flux: float, length: float, width: float, mass: float = 0.0) -> float:
    if flux == 0:
        return 0.0
    grid = _grid(flux, length, width)
    return 2 / length**2 * (_trace(0.0, *grid, mass=mass) - _trace(flux, *grid, mass=mass))


def rectangle_spin_magnetoconductance(
    flux: ArrayLike, length: float, width: float, *, rotation: float, s: float = np.inf
) -> Array:
    """Rise of Kwant's T of a rectangle with two spins and linear Rashba coupling in a field.

    The Cooperons are a singlet, which counts negative, and a triplet that carries spin 1,

        (-i∇ + 2eA/ħ + κ(-S_y, S_x))² C = δ,   T(f) - T(0) = (2/L²) [Tr C]_f^0 (triplet - singlet),

    so the spin is twisted along with the path, less so where walls make paths retrace: the
    rise of two spins without coupling turns into the fall of the singlet alone.

    Parameters
    ----------
    flux
        Flux f per plaquette, in h/e.
    length, width
        L between the leads and W between the walls, in lattice constants.
    rotation
        Angle κ by which the coupling turns a spin over one lattice constant: 2θ in Ando's model,
        2 arctan(α/2) in Rashba's. Exact for κl << 1; stronger coupling saturates.
    s
        Length over mean free path, as in `rectangle_magnetoconductance`.

    Source
    ------
    Iordanskii, Lyanda-Geller and Pikus, JETP Lett. 60, 206 (1994), for the operator; Aleiner and
    Fal'ko, Phys. Rev. Lett. 87, 256801 (2001), for the form of a gauge field. Solved here.
    """
    fluxes = np.abs(np.asarray(flux, dtype=float))
    shape = (float(length), float(width))
    rises = [
        _triplet_rise(float(f), *shape, float(rotation)) - _rise(float(f), *shape)
        for f in fluxes.ravel()
    ]
    return np.reshape(rises, fluxes.shape) * _ballistic_factor(s) ** 3


@functools.lru_cache(maxsize=1024)
def _triplet_rise(flux: float, length: float, width: float, rotation: float) -> float:
    if flux == 0:
        return 0.0
    if rotation == 0:
        return 3 * _rise(flux, length, width)
    grid = _grid(flux, length, width)
    falls = [_trace(f, *grid, rotation=rotation) for f in (0.0, flux)]
    return 2 / length**2 * (falls[0] - falls[1])


def _grid(flux: float, length: float, width: float) -> tuple[float, float, int, int]:
    """Cells shorter than the magnetic length (ħ/2eB)^½ and than a 24th of the width: 0.5 per cent.

    Returns steps along and across, slices inside, and cells across.
    """
    cells = max(24, int(np.ceil(2 * width * np.sqrt(4 * np.pi * flux))))
    step = width / cells
    slices = max(8, round(length / step))
    return length / slices, step, slices - 1, cells


def _trace(
    flux: float,
    dx: float,
    dy: float,
    slices: int,
    cells: int,
    *,
    mass: float = 0.0,
    rotation: float = 0.0,
) -> float:
    """Trace of the inverse of (-i∇ + 2eA/ħ)² + m on a grid, slice by slice; A = (-By, 0).

    With a rotation the particle has spin 1, turned about -y along x and about x along y.
    """
    y = (np.arange(cells) - (cells - 1) / 2) * dy
    along, up = (_turn(S_Y, -rotation * dx), _turn(S_X, rotation * dy)) if rotation else (ONE, ONE)
    hop = np.kron(np.diag(np.exp(-4j * np.pi * flux * y * dx)), along) / dx**2
    step = np.kron(np.eye(cells, k=1), up)
    walls = np.full(cells, 2.0)
    walls[0] = walls[-1] = 1.0
    onsite = np.kron(np.diag(walls / dy**2 + 2 / dx**2 + mass), np.eye(len(up)))
    onsite = onsite - (step + step.conj().T) / dy**2
    # Self-energies of what lies on the left and on the right.
    left, right = ([np.zeros_like(hop)] for _ in range(2))
    for _ in range(slices - 1):
        left.append(hop.conj().T @ np.linalg.solve(onsite - left[-1], hop))
        right.append(hop @ np.linalg.solve(onsite - right[-1], hop.conj().T))
    inverses = (np.linalg.inv(onsite - left[i] - right[slices - 1 - i]) for i in range(slices))
    return float(sum(np.trace(inverse).real for inverse in inverses))


ONE = np.eye(1)
S_X = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) / np.sqrt(2)
S_Y = np.array([[0, -1j, 0], [1j, 0, -1j], [0, 1j, 0]]) / np.sqrt(2)


def _turn(spin: NDArray[np.complex128], angle: float) -> NDArray[np.complex128]:
    """exp(i angle S) for spin 1, whose third power is itself."""
    return np.eye(3) + 1j * np.sin(angle) * spin + (np.cos(angle) - 1) * spin @ spin
