"""The disordered chain beyond closed forms: exact exponents, and the exact distribution of g.

-ψ_{n+1} - ψ_{n-1} + V_n ψ_n = E ψ_n,   V_n uniform in [-W/2, W/2], t = 1.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import cumulative_trapezoid
from threadpoolctl import threadpool_limits

Array = NDArray[np.float64]


def chain_lyapunov(
    energy: ArrayLike, disorder: ArrayLike, *, modes: int = 48
) -> tuple[Array, Array]:
    """Return the growth rate γ of ln|ψ| in a chain with box disorder, and its variance rate σ².

    The rates are no expansion in the disorder. They are right at any energy in the band, at the
    anomalies, and for disorder that is not weak. From them follow ξ = 1/γ, <ln g> = -2γL, and
    var ln g = 4σ²L, so that var(ln g)/(-<ln g>) -> 2σ²/γ.

    With E = 2 cos k, ψ_n = r cos φ and (ψ_n cos k - ψ_{n-1})/sin k = r sin φ a clean site changes
    φ by -k, and the potential adds -(V/sin k) r cos φ to r sin φ. The operator T(q) that
    carries the density of φ over one site with weight <(r'/r)^q> has the largest eigenvalue
    Λ(q) = <r^q> per site, and ln Λ(q) = γ q + σ² q²/2 + ...: both follow by perturbation theory
    around the stationary density, on a Fourier basis exp(2imφ).

    Parameters
    ----------
    energy
        Energy, |E| < 2, in t.
    disorder
        Full width W of the box distribution of the site energies, in t.
    modes
        Largest |m|. The default is exact to 1e-9 for W <= 1 and |E| <= 1.95, to 1e-5 for W <= 3.

    Returns
    -------
    γ and σ² per site, both of the shape to which the arguments broadcast.

    References
    ----------
    Dyson, Phys. Rev. 92, 1331 (1953) and Schmidt, Phys. Rev. 105, 425 (1957) for the stationary
    density; Pendry, Adv. Phys. 43, 461 (1994) and Schomerus and Titov, Phys. Rev. B 67, 100201
    (2003) for the moments; derived here in this form.

    Examples
    --------
    At the band centre the ratio is not 2, as single-parameter scaling would have it:

    >>> rate, variance_rate = chain_lyapunov(0.0, 0.2)
    >>> print(f"{2 * variance_rate / rate:.3f}")
    2.094
    """
    energies, disorders = np.broadcast_arrays(
        np.asarray(energy, float), np.asarray(disorder, float)
    )
    rates = np.empty((2, *energies.shape))
    with threadpool_limits(1):  # On matrices as small, threads cost more than they save.
        for index in np.ndindex(energies.shape):
            rates[(slice(None), *index)] = _rates(
                float(energies[index]), float(disorders[index]), modes
            )
    return rates[0], rates[1]


def chain_log_conductance_density(log_g: ArrayLike, length: ArrayLike) -> Array:
    """Return the probability density of ln g in a chain with weak disorder, at any length.

    With 1/g = cosh² x and s = L/l = 2L/ξ,

        P(1/g) = (2/√π) s^(-3/2) e^(-s/4) ∫_x^∞ du u e^(-u²/s)/√(cosh² u - cosh² x).

    <ln g> = -s exactly; var ln g -> 2s - π²/3, and the density becomes a Gaussian, for s >> 1.

    Parameters
    ----------
    log_g
        ln g <= 0.
    length
        s = 2L/ξ; one number.

    Returns
    -------
    The density per unit of ln g, of the shape of `log_g`.

    References
    ----------
    Abrikosov, Solid State Commun. 37, 997 (1981); as in Beenakker, Rev. Mod. Phys. 69, 731
    (1997).

    Examples
    --------
    >>> log_g = np.linspace(-60, -1e-3, 2001)
    >>> print(f"{np.trapezoid(chain_log_conductance_density(log_g, 9.0), log_g):.3f}")
    1.000
    """
    y = -np.asarray(log_g, dtype=float)
    s = float(np.asarray(length))
    x = np.arccosh(np.exp(y / 2))[..., None]
    # u = x + z² removes the singularity at the lower end.
    nodes, weights = np.polynomial.legendre.leggauss(200)
    reach = np.sqrt(12 * np.sqrt(s) + s)
    z = reach * (nodes + 1) / 2
    u = x + z**2
    # √(cosh² u - cosh² x) = √(sinh z² sinh(2x + z²)), its growth joined with the other exponents.
    growth = np.expm1(-2 * z**2) * np.expm1(-2 * (2 * x + z**2)) / 4
    exponent = (y - s / 4)[..., None] - u**2 / s - z**2 - x
    integral = reach / 2 * (2 * z * u * np.exp(exponent) / np.sqrt(growth)) @ weights
    return 2 / np.sqrt(np.pi) * s**-1.5 * integral


def chain_log_conductance_distribution(log_g: ArrayLike, length: float) -> Array:
    """Return the share of chains with weak disorder whose ln g is below some values.

    It is the integral of `chain_log_conductance_density`, to about 1e-5.

    Parameters
    ----------
    log_g
        ln g.
    length
        s = 2L/ξ; one number.

    Returns
    -------
    Shares between 0 and 1, of the shape of `log_g`.

    References
    ----------
    Abrikosov, Solid State Commun. 37, 997 (1981).

    Examples
    --------
    >>> print(chain_log_conductance_distribution([-30.0, -4.0, 0.0], 4.0).round(3))
    [0.    0.469 1.   ]
    """
    s = float(np.asarray(length))
    # In the root of -ln g the density has no singularity at g = 1.
    root = np.linspace(1e-6, np.sqrt(s + 12 * np.sqrt(2 * s) + 5), 1500)
    density = chain_log_conductance_density(-(root**2), s) * 2 * root
    above = cumulative_trapezoid(density, root, initial=0)
    found = 1 - np.interp(np.sqrt(np.maximum(0, -np.asarray(log_g, dtype=float))), root, above)
    return np.clip(found, 0, 1)


def chain_log_conductance_moments(length: ArrayLike) -> tuple[Array, Array]:
    """Return the variance and the skewness of ln g in a chain with weak disorder, at any length.

    They belong to `chain_log_conductance_density`. For s = 2L/ξ >> 1 they tend to 2s - π²/3 and 0.

    Parameters
    ----------
    length
        s = 2L/ξ.

    Returns
    -------
    The variance and the skewness, pure numbers, both of the shape of `length`.

    References
    ----------
    Abrikosov, Solid State Commun. 37, 997 (1981).

    Examples
    --------
    >>> variance, skewness = chain_log_conductance_moments(100.0)
    >>> print(f"{variance - 200 + np.pi**2 / 3:.2f}")
    0.00
    """
    lengths = np.asarray(length, dtype=float)
    moments = np.empty((2, *lengths.shape))
    with threadpool_limits(1):  # On matrices as small, threads cost more than they save.
        for index in np.ndindex(lengths.shape):
            moments[(slice(None), *index)] = _variance_and_skewness(float(lengths[index]))
    return moments[0], moments[1]


def chain_mean_conductance(length: ArrayLike) -> Array:
    """Return <g> in a chain with weak disorder, at any length.

    It is the average over `chain_log_conductance_density`, with s = 2L/ξ,

        <g> = (4/√π) s^(-3/2) e^(-s/4) ∫_0^∞ du u² e^(-u²/s)/cosh u,

    which is 1 - s for a short chain. A long one has (π^(5/2)/2) s^(-3/2) e^(-s/4), which is that
    of rare samples and far above e^<ln g> = e^(-s).

    Parameters
    ----------
    length
        s = 2L/ξ > 0.

    Returns
    -------
    The mean conductance in e²/h, of the shape of `length`.

    References
    ----------
    Abrikosov, Solid State Commun. 37, 997 (1981).

    Examples
    --------
    >>> print(chain_mean_conductance([0.5, 1.0, 4.0]).round(3))
    [0.657 0.469 0.104]
    """
    s = np.asarray(length, dtype=float)[..., None]
    nodes, weights = np.polynomial.legendre.leggauss(200)
    # e^(-u²/s)/cosh u has decayed at the end.
    end = np.minimum(40.0, 7 * np.sqrt(s))
    u = end * (nodes + 1) / 2
    integral = np.sum(weights * end / 2 * u**2 * np.exp(-(u**2) / s) / np.cosh(u), axis=-1)
    s = s[..., 0]
    return 4 / np.sqrt(np.pi) * s**-1.5 * np.exp(-s / 4) * integral


def _variance_and_skewness(s: float) -> tuple[float, float]:
    """Return the variance and the skewness of ln g at one length s = 2L/ξ."""
    # Gauss-Legendre in the square root of -ln g: P diverges no worse than its inverse at 0.
    nodes, weights = np.polynomial.legendre.leggauss(400)
    root = np.sqrt(s + 12 * np.sqrt(2 * s) + 5) * (nodes + 1) / 2
    log_g, weight = -(root**2), weights * root
    weight = weight * chain_log_conductance_density(log_g, s)
    weight /= weight.sum()
    deviation = log_g - weight @ log_g
    variance = weight @ deviation**2
    return float(variance), float(weight @ deviation**3 / variance**1.5)


# Claims, their bounds and figures ask for the same points, each of which takes about 50 ms.
@lru_cache(maxsize=4096)
def _rates(energy: float, disorder: float, modes: int) -> tuple[float, float]:
    """Return γ and σ² at one energy and disorder."""
    k = np.arccos(energy / 2)
    m = np.arange(-modes, modes + 1)
    phi = np.pi * (np.arange(6 * modes) + 0.5) / (6 * modes)
    nodes, weights = np.polynomial.legendre.leggauss(max(24, modes // 2))
    kick = disorder / 2 * nodes[:, None] / np.sin(k)
    cosine, sine = np.cos(phi), np.sin(phi) - kick * np.cos(phi)
    growth = np.log(cosine**2 + sine**2) / 2
    waves = np.exp(-2j * m[:, None, None] * (np.arctan2(sine, cosine) - k))
    powers = weights[:, None] / 2 * growth ** np.arange(3)[:, None, None]
    projection = np.exp(2j * np.outer(phi, m)) / phi.size
    zeroth, first, second = np.einsum("jvp,mvp->jmp", powers, waves) @ projection

    # Mode 0 is the norm, which T(0) keeps: its row gives way to the normalization.
    equations = zeroth - np.eye(len(m))
    equations[modes] = m == 0

    def solve(source: NDArray, norm: float) -> NDArray:
        return np.linalg.solve(equations, np.where(m == 0, norm, source))

    density = solve(np.zeros(len(m)), 1.0)
    mean = (first @ density)[modes]
    change = solve(mean * density - first @ density, 0.0)
    square = (second @ density)[modes] + 2 * (first @ change)[modes]
    return float(mean.real), float((square - mean**2).real)
