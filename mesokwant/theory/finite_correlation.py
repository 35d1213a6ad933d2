"""How the correlation of wires scales: half-width, exponent, and the field between close walls.

Contacts make a wire with the mean free path l longer by about l, so that diffusion takes place on
L' = L + l. Diffusion in two dimensions that starts at a plane ends 0.818 l_tr outside of it, and
l is (π/2) l_tr: the two ends add 1.041 l, and E_c is 0.083 l/L smaller than with L'.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .lattice import mean_free_path_factor
from .prediction import Prediction

Array = NDArray[np.float64]

CONTACT = 0.083
"""The share of E_c that L' = L + l leaves out, over l/L."""


def half_width(lags: ArrayLike, correlation: ArrayLike) -> Array:
    """Return the lag at which a correlation function first falls to half its value at lag 0.

    It is interpolated linearly between lags. Put a theoretical curve through this at the lags of
    the data: the interpolation then errs alike in both.

    Parameters
    ----------
    lags
        From 0 upwards, shape (..., lags).
    correlation
        C at the lags, shape (..., lags); it need not be normalized.

    Returns
    -------
    The half-width in the unit of the lags, shape (...); NaN where C stays above one half.

    Examples
    --------
    >>> print(half_width([0.0, 1.0, 2.0], [[4.0, 3.0, 1.0], [4.0, 2.0, 1.0]]))
    [1.5 1. ]
    """
    x, c = np.broadcast_arrays(np.asarray(lags, float), np.asarray(correlation, float))
    half = c[..., :1] / 2
    below = c <= half
    after = np.maximum(np.argmax(below, axis=-1), 1)[..., None]
    (x0, x1), (c0, c1) = (
        (np.take_along_axis(a, after - 1, -1), np.take_along_axis(a, after, -1)) for a in (x, c)
    )
    fall = np.where(below.any(axis=-1, keepdims=True), c0 - c1, np.nan)
    return np.asarray(x0 + (x1 - x0) * (c0 - half) / fall)[..., 0][()]


def thouless_exponent(lengths: ArrayLike, *, mean_free_path: float) -> Prediction:
    """Return the exponent of E_c against L + l, which is -2, for wires of several lengths.

    The bound is what the length of the contacts beyond l, 0.041 l, does to the slope between the
    shortest and the longest wire.

    Parameters
    ----------
    lengths
        Two or more lengths L between the leads, in lattice constants.
    mean_free_path
        The l of g = N/(1 + L/l), in lattice constants.

    Returns
    -------
    The exponent and its bound, each a pure number.

    References
    ----------
    Thouless, Phys. Rep. 13, 93 (1974).

    Examples
    --------
    >>> print(thouless_exponent([100, 400], mean_free_path=10.0))
    -2.0000 ± 0.0047 (bound: contacts, 0.02 l at either end; E_c = π² ħD/L²; Thouless, \
Phys. Rep. 13, 93 (1974))
    """
    ends = np.sort(np.asarray(lengths, dtype=float))[[0, -1]]
    share = CONTACT * mean_free_path / ends
    return Prediction(
        -2.0,
        (share[0] - share[1]) / np.diff(np.log(ends + mean_free_path))[0],
        because="contacts, 0.02 l at either end",
        source="E_c = π² ħD/L²; Thouless, Phys. Rep. 13, 93 (1974)",
    )


def flux_cancellation(mean_free_path: ArrayLike, width: float) -> Array:
    """Return the share of the square of a weak flux that diffusing paths between walls enclose.

    A path in a wire loses phase at the rate (eB/ħ)² ∫<y(0) v_x(0) y(t) v_x(t)> dt. With l << W an
    electron keeps its y until it is scattered. With longer l it crosses the wire before that, and
    flux cancels. For isotropic scattering, specular walls and a_n = πn l_tr/W,

        share = Σ_{n odd} 96/(πn)⁴ · 2 [(1 + a_n²)^½ - 1]/a_n²,

    where 96/(πn)⁴ is the part of <y²> = W²/12 in the wave cos(πny/W). Correlation fields grow by
    the inverse square root of the share.

    Parameters
    ----------
    mean_free_path
        The l of g = N/(1 + L/l), which is (π/2) l_tr.
    width
        W between the walls, in the unit of l.

    Returns
    -------
    The share, a pure number, of the shape of `mean_free_path`: 1 for l << W, 0.63 W/l_tr for
    l >> W.

    References
    ----------
    The limit l >> W: C. W. J. Beenakker and H. van Houten, Phys. Rev. B 38, 3232 (1988), whose
    time is 9.5 (ħ/eB)²/(W³ v). The sum between the limits is derived here.

    Examples
    --------
    >>> print(flux_cancellation([0.01, 4.0, 8.0], 20.0).round(3))
    [1.    0.96  0.872]
    """
    transport = np.asarray(mean_free_path, dtype=float)[..., None] / mean_free_path_factor(2)
    n = np.arange(1, 60, 2)
    a = np.pi * n * transport / width
    # 2 [(1 + a²)^½ - 1]/a² without a difference of equal numbers.
    factor = 2 / (1 + np.sqrt(1 + a**2))
    return np.asarray(np.sum(96 / (np.pi * n) ** 4 * factor, axis=-1))
