r"""Return of a diffusing electron to where it started: the diffusion sum of a torus, and twice it.

A classical particle that diffuses on a torus is found at the displacement r after the time t with
the probability

    P_cl(r, t) = Π_a θ(t, L_a, r_a),   θ(t, L, x) = (1/L) Σ_q exp(-D q̂² t) cos(q x),

with q = 2πn/L and q̂² = 2 - 2 cos q, one factor for each direction. An electron comes back with
(1 + C) times that probability, because a path and its time-reversed partner interfere. A field
ends this interference. Times are in 1/t, lengths in lattice constants, D in t times the
square of the lattice constant, and the flux in h/e per plaquette.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def torus_diffusion(
    time: ArrayLike,
    sizes: Sequence[int],
    *,
    diffusion: float,
    displacement: Sequence[int] | None = None,
) -> Array:
    """Return the probability that a particle diffusing on a torus is found at a displacement.

    Parameters
    ----------
    time
        Times, not negative.
    sizes
        Sites in every direction.
    diffusion
        The diffusion constant D, the same in all directions.
    displacement
        Sites from the start in every direction; the start itself by default.

    Returns
    -------
    The probability per site, of the shape of `time`. Its sum over all sites is 1.

    Raises
    ------
    ValueError
        If the displacement has another number of directions than the torus, or if D or a time is
        negative.

    References
    ----------
    Akkermans and Montambaux, Mesoscopic Physics of Electrons and Photons (2007), chapter 5; the
    q̂ of the lattice makes the sum finite at all times.

    Examples
    --------
    In one direction, and before the particle goes around the torus, it is (4πDt)^(-1/2).

    >>> p = torus_diffusion(100.0, [1000], diffusion=2.0)
    >>> print(f"{p * np.sqrt(4 * np.pi * 2.0 * 100):.3f}")
    1.000
    """
    times = np.asarray(time, dtype=float)
    steps = (0,) * len(sizes) if displacement is None else displacement
    if len(steps) != len(sizes):
        raise ValueError(
            f"a displacement on a torus of {len(sizes)} directions has as many components, not "
            f"{len(steps)}"
        )
    if not diffusion >= 0 or not np.all(times >= 0):
        raise ValueError("the diffusion constant and the times must not be negative")
    result = np.ones(times.shape)
    for size, step in zip(sizes, steps, strict=True):
        q = 2 * np.pi * np.arange(size) / size
        decay = np.exp(-diffusion * times[..., None] * (2 - 2 * np.cos(q)))
        result = result * np.mean(decay * np.cos(q * step), axis=-1)
    return result


def return_enhancement(time: ArrayLike, *, diffusion: float, flux: ArrayLike = 0.0) -> Array:
    """Return P(0, t)/P_cl(0, t) = 1 + C in two dimensions: it is 2 until a field ends that.

    The Cooperon at its start is that of a particle of charge 2e. Its Landau levels 4eBD (n + 1/2)
    give C = x/sinh x with x = 4π f D t.

    Parameters
    ----------
    time
        Times, not negative.
    diffusion
        The diffusion constant D.
    flux
        Flux f of the uniform field.

    Returns
    -------
    The enhancement, a pure number from 1 to 2, of the shape to which time and flux broadcast.

    Raises
    ------
    ValueError
        If a time or D is negative.

    References
    ----------
    S. Chakravarty and A. Schmid, Phys. Rep. 140, 193 (1986); the sum over Landau levels is
    compared with it in the tests.

    Examples
    --------
    >>> print(return_enhancement([1.0, 1e4], diffusion=10.0, flux=1e-4).round(2))
    [2. 1.]
    """
    times = np.asarray(time, dtype=float)
    if not diffusion >= 0 or not np.all(times >= 0):
        raise ValueError("the diffusion constant and the times must not be negative")
    x = np.minimum(4 * np.pi * np.abs(flux) * diffusion * times, 700.0)
    small = x < 1e-6
    safe = np.where(small, 1.0, x)
    return 1 + np.where(small, 1.0, safe / np.sinh(safe))
