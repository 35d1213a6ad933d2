"""Localization in a chain whose disorder is not weak: what theory expects, as predictions.

`chain_lyapunov` knows the exact localization length and the growth of var ln g at any strength W
of the disorder. The closed form of the distribution of ln g is that of W -> 0. With the exact
rates in place of those of weak disorder, what it leaves out is of the order in which these differ.

>>> print(chain_growth_ratio(0.5, 0.0))
2.09199 (exact rates; Schomerus & Titov 2003)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .disordered_chain import chain_log_conductance_moments, chain_lyapunov
from .prediction import Prediction


def chain_growth_ratio(disorder: ArrayLike, energy: ArrayLike) -> Prediction:
    """Return the growth of var(ln g) with length over that of -<ln g> in a chain, 2σ²/γ.

    Single-parameter scaling is the ratio 2. It holds for weak disorder, but not at the band
    centre, where the ratio tends to 2.094, nor at the band edges.

    Parameters
    ----------
    disorder
        Full width W of the box distribution of the site energies, in t.
    energy
        Energy, |E| < 2, in t.

    Returns
    -------
    The ratio, a pure number, of the shape to which the arguments broadcast. It is exact.

    References
    ----------
    Anderson, Thouless, Abrahams and Fisher, Phys. Rev. B 22, 3519 (1980); Schomerus and Titov,
    Phys. Rev. B 67, 100201 (2003), for the band centre.

    Examples
    --------
    >>> chain_growth_ratio(0.05, [0.0, 1.2]).value.round(3).tolist()
    [2.094, 2.0]
    """
    rate, variance_rate = chain_lyapunov(energy, disorder)
    return Prediction(2 * variance_rate / rate, source="exact rates; Schomerus & Titov 2003")


def chain_log_conductance_cumulants(
    length: ArrayLike, *, disorder: float, energy: float
) -> tuple[Prediction, Prediction, Prediction]:
    """Return the mean, the variance and the skewness of ln g in a chain of any length.

    The mean is -s at every length, up to a constant from the ends. Variance and skewness are
    those of Abrikosov's density, where var ln g grows by the exact 2σ²/γ instead of by 2. The
    constant of the variance and the skewness are those of weak disorder; they may be wrong by the
    share in which 2σ²/γ differs from 2.

    Parameters
    ----------
    length
        s = 2L/ξ, with the exact ξ.
    disorder
        Full width W of the box distribution of the site energies, in t.
    energy
        Energy, |E| < 2, in t.

    Returns
    -------
    Three predictions, which are pure numbers, of the shape of `length`.

    References
    ----------
    Anderson, Thouless, Abrahams and Fisher, Phys. Rev. B 22, 3519 (1980), for the mean;
    Abrikosov, Solid State Commun. 37, 997 (1981), for variance and skewness.

    Examples
    --------
    >>> law = chain_log_conductance_cumulants(100.0, disorder=0.3, energy=1.2)
    >>> print(", ".join(f"{one.value:.4g}" for one in law))
    -100, 196.5, -0.005228
    """
    s = np.asarray(length, dtype=float)
    variance, skewness = chain_log_conductance_moments(s)
    excess = float(chain_growth_ratio(disorder, energy).value) - 2
    share = abs(excess) / 2
    weak = "constant and shape of W -> 0: the share in which 2σ²/γ differs from 2"
    return (
        Prediction(
            -s,
            share,
            because="a constant from the ends",
            source="linear in L: <ln g> = -2L/ξ, ξ exact; Anderson et al. 1980",
        ),
        Prediction(
            variance + excess * s,
            share * np.abs(2 * s - variance),
            because=weak,
            source="Abrikosov 1981, with the exact growth",
        ),
        Prediction(skewness, share, because=weak, source="Abrikosov 1981; 0 is log-normal"),
    )
