"""Localization in a chain whose disorder is not weak: closed forms, with bounds that are exact.

The closed forms are for W -> 0. `chain_lyapunov` knows the exact localization length and the
growth of var ln g at any strength W of the disorder; the distance is the bound. Where only the
closed form of the distribution of ln g is known, corrections are of relative order
<V²> = W²/12, in units of t².

>>> print(weak_disorder_localization_length(1.0, 1.2))
61.4 ± 1.1 (bound: orders beyond W², from the exact exponent; Thouless 1979; Kappus & Wegner 1981)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .disordered_chain import chain_log_conductance_moments, chain_lyapunov
from .localization import chain_localization_length, chain_localization_length_centre
from .prediction import Prediction

BEYOND = "orders beyond W², from the exact exponent"
SECOND_ORDER = "Thouless 1979; Kappus & Wegner 1981"


def weak_disorder_localization_length(disorder: ArrayLike, energy: ArrayLike) -> Prediction:
    """Return ξ = 24 (4 - E²)/W² of a chain, with its distance to the exact ξ as the bound.

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.
    energy
        Energy, |E| < 2, in t.

    Returns
    -------
    The length in lattice constants, of the shape to which the arguments broadcast.

    References
    ----------
    Thouless, in Ill-Condensed Matter (1979); Kappus and Wegner, Z. Phys. B 45, 15 (1981); for the
    bound see `chain_lyapunov`.

    Examples
    --------
    >>> weak_disorder_localization_length([0.3, 1.0], 1.2).normalized().bound.round(4).tolist()
    [0.0017, 0.0178]
    """
    exact = 1 / chain_lyapunov(energy, disorder)[0]
    return _bounded(chain_localization_length(disorder, energy), exact, SECOND_ORDER)


def weak_disorder_decay_rate(disorder: ArrayLike, energy: ArrayLike) -> Prediction:
    """Return 1/ξ = W²/[24 (4 - E²)] of a chain, with its distance to the exact one as the bound.

    Rates, unlike lengths, may be averaged over energies of the same samples.

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.
    energy
        Energy, |E| < 2, in t.

    Returns
    -------
    The rate per site, of the shape to which the arguments broadcast.

    References
    ----------
    As for `weak_disorder_localization_length`.

    Examples
    --------
    >>> print(f"{1 / weak_disorder_decay_rate(0.5, 1.0).value:.0f}")
    288
    """
    exact = chain_lyapunov(energy, disorder)[0]
    return _bounded(1 / chain_localization_length(disorder, energy), exact, SECOND_ORDER)


def band_centre_localization_length(disorder: ArrayLike) -> Prediction:
    """Return ξ = 105.045/W² of a chain at E = 0, with its distance to the exact ξ as the bound.

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.

    Returns
    -------
    The length in lattice constants, of the shape of `disorder`.

    References
    ----------
    Derrida and Gardner, J. Physique 45, 1283 (1984); for the bound see `chain_lyapunov`.

    Examples
    --------
    >>> anomaly = band_centre_localization_length(0.1)
    >>> print(f"{anomaly.value * 0.1**2:.1f}, {anomaly.normalized().bound:.4f}")
    105.0, 0.0001
    """
    exact = 1 / chain_lyapunov(0.0, disorder)[0]
    source = "[Γ(1/4)/Γ(3/4)]² 12; Derrida & Gardner 1984"
    return _bounded(chain_localization_length_centre(disorder), exact, source)


def chain_growth_ratio(disorder: ArrayLike, energy: ArrayLike) -> Prediction:
    """Return the growth of var(ln g) with length over that of -<ln g> in a chain: 2.

    The bound is the distance to the exact ratio 2σ²/γ. It tends to zero for weak disorder, but
    for the anomalies at the band centre and the band edges.

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.
    energy
        Energy, |E| < 2, in t.

    Returns
    -------
    The ratio 2, a pure number, of the shape to which the arguments broadcast.

    References
    ----------
    Anderson, Thouless, Abrahams and Fisher, Phys. Rev. B 22, 3519 (1980); for the bound see
    `chain_lyapunov`.

    Examples
    --------
    >>> print(f"{chain_growth_ratio(0.7, 1.2).bound:.3f}, {chain_growth_ratio(0.7, 0.0).bound:.3f}")
    0.010, 0.090
    """
    rate, variance_rate = chain_lyapunov(energy, disorder)
    source = "single-parameter scaling; Anderson et al. 1980"
    return _bounded(np.full(rate.shape, 2.0), 2 * variance_rate / rate, source)


def chain_log_conductance_cumulants(
    length: ArrayLike, *, disorder: float
) -> tuple[Prediction, Prediction, Prediction]:
    """Return the mean, the variance and the skewness of ln g in a chain with weak disorder.

    The mean is -s at every length, up to a constant from the ends. Variance and skewness are
    those of Abrikosov's density; at finite W the phase forgets in a few sites, against ξ, which
    makes a relative order 1/ξ, at most <V²>.

    Parameters
    ----------
    length
        s = 2L/ξ, with the exact ξ.
    disorder
        Full width W of the box distribution of the site energies, in t.

    Returns
    -------
    Three predictions, which are pure numbers, of the shape of `length`.

    References
    ----------
    Anderson, Thouless, Abrahams and Fisher, Phys. Rev. B 22, 3519 (1980), for the mean;
    Abrikosov, Solid State Commun. 37, 997 (1981), for variance and skewness.

    Examples
    --------
    >>> mean, variance, skewness = chain_log_conductance_cumulants(100.0, disorder=0.3)
    >>> print(f"{mean.value:.0f}, {variance.value:.1f}, {skewness.value:.3f}")
    -100, 196.7, -0.005
    """
    s = np.asarray(length, dtype=float)
    variance, skewness = chain_log_conductance_moments(s)
    order = float(disorder) ** 2 / 12
    weak = "density for W -> 0: relative order <V²>"
    return (
        Prediction(
            -s,
            order,
            because="the ends: a constant of the order of <V²> in ln g",
            source="linear in L: <ln g> = -2L/ξ, ξ exact; Anderson et al. 1980",
        ),
        Prediction(variance, order * variance, because=weak, source="Abrikosov 1981"),
        Prediction(skewness, order, because=weak, source="Abrikosov 1981; 0 is log-normal"),
    )


def _bounded(value: Any, exact: Any, source: str) -> Prediction:
    """Return a closed form whose bound is its distance to the exact number."""
    return Prediction(value, abs(exact - value), because=BEYOND, source=source)
