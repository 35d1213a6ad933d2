"""Clean lattices and weak scattering on them: modes, densities of states, mean free paths.

H = -Σ |i><j| over nearest neighbours (t = 1, ħ = 1), so E = -2 Σ cos k. `disorder` is the full
width W of a box distribution of the site energies, <V²> = W²/12.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ellipe, ellipk, ellipkm1, expit

Array = NDArray[np.float64]


def open_modes(
    energy: ArrayLike, width: int, *, height: int = 1, periodic: bool = False
) -> NDArray[np.int64]:
    """Return the number of propagating modes of a clean strip or bar of the lattice.

    It counts the transverse momenta q with |E + 2 cos q_y (+ 2 cos q_z)| < 2, where n = 1..W and
    q = πn/(W+1) for hard walls, 2πn/W for a periodic transverse direction (3 sites or more).

    Parameters
    ----------
    energy
        Energy in t.
    width, height
        Sites across; a size of 1 is a single row.
    periodic
        Whether the transverse directions close on themselves.

    Returns
    -------
    The number of modes, without spin, of the shape of `energy`.

    References
    ----------
    Datta, Electronic Transport in Mesoscopic Systems (1995), section 3.5, for the lattice;
    the rest is counting.

    Examples
    --------
    >>> print(open_modes([0.0, -4.5], 20))  # At the band centre every mode is open.
    [20  0]
    """
    transverse = np.zeros(1)
    for size in (width, height):
        n = np.arange(1, size + 1)
        q = 2 * np.pi * n / size if periodic else np.pi * n / (size + 1)
        row = -2 * np.cos(q) if size > 1 else np.zeros(1)
        transverse = np.add.outer(transverse, row).ravel()
    # A mode exactly at its band edge does not propagate, whatever the last bit says.
    return np.sum(np.abs(np.asarray(energy)[..., None] - transverse) < 2 - 1e-12, axis=-1)


def mean_free_path_factor(dimension: int) -> float:
    """Return l/l_tr: the mean free path of g = N/(1 + L/l) over the transport mean free path.

    l = 2 l_tr <cos²θ>/<|cos θ|>, averaged over a round Fermi surface: 2 in one dimension, π/2
    in two, 4/3 in three.

    Parameters
    ----------
    dimension
        1, 2 or 3.

    Returns
    -------
    The ratio, a pure number.

    Raises
    ------
    ValueError
        For another dimension.

    References
    ----------
    Beenakker, Rev. Mod. Phys. 69, 731 (1997), section on the diffusive wire.

    Examples
    --------
    >>> mean_free_path_factor(1)
    2.0
    """
    factors = {1: 2.0, 2: np.pi / 2, 3: 4 / 3}
    if dimension not in factors:
        raise ValueError(f"No factor is known for {dimension} dimensions: use 1, 2 or 3.")
    return factors[dimension]


def square_lattice_dos(energy: ArrayLike) -> Array:
    """Return the density of states of the square lattice, per site, spin and t.

    ν(E) = K(1 - E²/16)/(2π²) for |E| <= 4 with the complete elliptic integral K of parameter
    m; it diverges logarithmically at E = 0.

    Parameters
    ----------
    energy
        Energy in t.

    Returns
    -------
    The density of states in 1/t, of the shape of `energy`; 0 outside the band.

    References
    ----------
    Economou, Green's Functions in Quantum Physics (2006), chapter 5.

    Examples
    --------
    >>> print(f"{square_lattice_dos(-4.0) * 4 * np.pi:.4f}")  # At the band edge 1/(4π).
    1.0000
    """
    energy = np.asarray(energy, dtype=float)
    return np.where(np.abs(energy) <= 4, ellipkm1(_parameter(energy)), 0.0) / (2 * np.pi**2)


def square_lattice_conductivity(energy: ArrayLike, disorder: ArrayLike) -> Array:
    """Return the classical conductivity of the square lattice with weak box disorder.

    With the Born rate 1/τ = 2πν<V²> the density of states drops out:
    σ = 2π ν τ <v_x²> = <v_x²>/<V²>, and on the square lattice
    ν <v_x²> = (4/π²) [E(m) - (1-m) K(m)], m = 1 - E²/16 (the integral of v_x² over the Fermi
    surface, by parts -½ ∫_{-4}^E ε ν(ε) dε).

    Parameters
    ----------
    energy
        Energy in t, |E| < 4.
    disorder
        Full width of the box distribution, in t.

    Returns
    -------
    The conductivity in e²/h per spin, of the shape to which the arguments broadcast.

    References
    ----------
    Derived here from the Kubo formula with the Born rate, as in Akkermans and Montambaux,
    Mesoscopic Physics of Electrons and Photons (2007), chapters 4 and 7; point scatterers have
    no vertex correction.

    Examples
    --------
    >>> ratio = square_lattice_conductivity(-1.0, 0.5) / square_lattice_conductivity(-1.0, 1.0)
    >>> print(f"{ratio:.4f}")
    4.0000
    """
    energy = np.asarray(energy, dtype=float)
    rest = _parameter(energy)
    weight = 4 / np.pi**2 * (ellipe(1 - rest) - rest * ellipk(1 - rest))
    return 12 * weight / square_lattice_dos(energy) / np.square(disorder)


def square_lattice_mean_free_path(energy: ArrayLike, disorder: ArrayLike) -> Array:
    """Return the mean free path l of g = N/(1 + L/l) on the square lattice with weak disorder.

    l = σ W/N = 2τ <v_x²>/<|v_x|>, with the Born rate and the modes per width of a wide strip,
    N/W = arccos(|E|/2 - 1)/π.

    Parameters
    ----------
    energy
        Energy in t, 0 < |E| < 4 (at 0 the density of states, and with it the rate, diverges).
    disorder
        Full width of the box distribution, in t.

    Returns
    -------
    The mean free path in lattice constants, of the shape to which the arguments broadcast.

    References
    ----------
    Derived here from `square_lattice_conductivity` and Beenakker, Rev. Mod. Phys. 69, 731
    (1997), where l is defined by g = N/(1 + L/l).

    Examples
    --------
    At the bottom of the band, E = -4 + k², an electron is free, and l = (π/2) 2kτ, τ = 24/W².

    >>> print(f"{square_lattice_mean_free_path(-4 + 0.01**2, 1.0) / (np.pi * 0.01 * 24):.3f}")
    1.000
    """
    modes_per_width = np.arccos(np.abs(np.asarray(energy, dtype=float)) / 2 - 1) / np.pi
    return square_lattice_conductivity(energy, disorder) / modes_per_width


def diffusion_constant(conductivity: ArrayLike, dos: ArrayLike) -> Array:
    """Return the diffusion constant from the Einstein relation, D = σ/(2πν).

    Parameters
    ----------
    conductivity
        σ in e²/h per spin: from data, g = σW/L in two dimensions.
    dos
        Density of states ν per site and spin, in 1/t.

    Returns
    -------
    The diffusion constant in t × lattice constant², of the shape to which the arguments broadcast.

    References
    ----------
    Akkermans and Montambaux, Mesoscopic Physics of Electrons and Photons (2007), chapter 7.

    Examples
    --------
    >>> print(f"{diffusion_constant(2 * np.pi, 0.1):.4f}")
    10.0000
    """
    return np.asarray(conductivity, dtype=float) / (2 * np.pi * np.asarray(dos))


def thouless_energy(diffusion: ArrayLike, length: ArrayLike) -> Array:
    """Return the Thouless energy in the convention E_c = π² ħD/L².

    This is the decay rate of the slowest diffusion mode between two absorbing leads. Many
    texts leave out the π².

    Parameters
    ----------
    diffusion
        Diffusion constant, in t × lattice constant².
    length
        Length of the sample in lattice constants.

    Returns
    -------
    The energy in t, of the shape to which the arguments broadcast.

    References
    ----------
    Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987).

    Examples
    --------
    >>> print(f"{thouless_energy(100.0, 10.0):.4f}")
    9.8696
    """
    return np.pi**2 * np.asarray(diffusion, dtype=float) / np.square(length)


def saddle_point_transmission(
    energy: ArrayLike,
    mode: ArrayLike,
    *,
    omega_x: ArrayLike,
    omega_y: ArrayLike,
    potential: ArrayLike = 0.0,
) -> Array:
    """Return the transmission of mode n = 0, 1, ... through a saddle-point constriction.

    T_n = 1/(1 + exp(-2π ε_n)), ε_n = [E - V0 - ħω_y (n + 1/2)]/(ħω_x), for the potential
    V0 - m ω_x² x²/2 + m ω_y² y²/2. Plateaus are sharp for ω_y > ω_x.

    Parameters
    ----------
    energy, potential
        E and V0, the potential at the saddle, in t.
    mode
        Index n of the mode.
    omega_x, omega_y
        ħω_x along and ħω_y across the constriction, in t.

    Returns
    -------
    The transmission between 0 and 1, of the shape to which the arguments broadcast.

    References
    ----------
    Büttiker, Phys. Rev. B 41, 7906 (1990).

    Examples
    --------
    >>> print(saddle_point_transmission(0.15, 0, omega_x=0.1, omega_y=0.3))  # At the threshold.
    0.5
    """
    height = np.asarray(energy, dtype=float) - np.asarray(potential)
    epsilon = (height - np.asarray(omega_y) * (np.asarray(mode) + 0.5)) / np.asarray(omega_x)
    return expit(2 * np.pi * epsilon)


def _parameter(energy: Array) -> Array:
    """Return E²/16 = 1 - m, kept inside the band."""
    return np.minimum(np.square(energy) / 16, 1.0)
