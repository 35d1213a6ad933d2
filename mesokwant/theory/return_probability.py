r"""Return of a diffusing electron to where it started: the diffusion sum of a torus, and twice it.

A classical particle that diffuses on a torus is found at the displacement r after the time t with
the probability

    P_cl(r, t) = Π_a θ(t, L_a, r_a),   θ(t, L, x) = (1/L) Σ_q exp(-D q̂² t) cos(q x),

with q = 2πn/L and q̂² = 2 - 2 cos q, one factor for each direction. An electron comes back with
(1 + C) times that probability, because a path and its time-reversed partner interfere. A field
ends this interference. Times are in 1/t, lengths in lattice constants, D in t times the
square of the lattice constant, and the flux in h/e per plaquette.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import j0

Array = NDArray[np.float64]

FLIGHT_STEPS = 12
"""Steps of the time in one τ; twice as many change C by less than 0.001."""


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


def flight_return_correction(time: ArrayLike, *, scattering_time: float) -> Array:
    """Return P(0, t) of random flights in three dimensions over that of diffusion, 1 + 3τ/4t.

    Flights of the speed v, isotropic after each collision, have at the wave number q the weight
    1 + x²/3 and the decay D q² (1 + x²/15), with x = q v τ and D = v²τ/3. To first order in τ/t
    this adds 3τ/2t and takes 3τ/4t from the return. In two dimensions both cancel.

    Parameters
    ----------
    time
        Times, positive and well beyond τ.
    scattering_time
        The time τ = 3D/v².

    Returns
    -------
    The ratio, a pure number, of the shape of `time`.

    Raises
    ------
    ValueError
        If τ is negative, or if a time is below it.

    References
    ----------
    G. Weiss, Aspects and Applications of the Random Walk (1994), for flights; the expansion is
    derived here, and compared with the pole of the flights in the tests.

    Examples
    --------
    >>> print(flight_return_correction([10.0, 100.0], scattering_time=1.0))
    [1.075  1.0075]
    """
    times = np.asarray(time, dtype=float)
    if not (scattering_time >= 0 and np.all(times >= scattering_time)):
        raise ValueError("the scattering time must not be negative, and no time may be below it")
    return 1 + 0.75 * scattering_time / times


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


def flight_return_enhancement(
    time: ArrayLike, *, diffusion: float, flux: float, scattering_time: float
) -> Array:
    """Return 1 + C in two dimensions for straight flights between collisions after the time τ.

    The Cooperon is that of random flights of a charge 2e with the speed v = (2D/τ)^½. The
    kernel of one flight is diagonal in the Landau levels of that charge,

        κ_n(t) = exp(-t/τ - z/2) L_n(z)/τ,    z = 2π f v² t²,

    and G_n = τ κ_n + κ_n * G_n in time gives the weight of each level. C is the sum over levels in
    the field over that without a field. Closed paths of few flights enclose less area
    than diffusion says, so that the field ends the interference later, by about 4 τ.

    Parameters
    ----------
    time
        Times from 2 τ on; earlier, few flights make up the return, which the sum resolves only to
        half a mean free path.
    diffusion
        The diffusion constant D.
    flux
        Flux f of the uniform field, positive.
    scattering_time
        The time τ; the cost grows as the cube of the longest time over it.

    Returns
    -------
    The enhancement, a pure number from 1 to 2, of the shape of `time`.

    Raises
    ------
    ValueError
        If a number is not positive, or if a time is beyond 60 τ, where
        `return_enhancement` takes over.

    References
    ----------
    A. Kawabata, J. Phys. Soc. Jpn. 53, 3540 (1984), for the kernel; the sum in time is derived
    here.

    Examples
    --------
    >>> print(flight_return_enhancement(30.0, diffusion=5.0, flux=1e-4, scattering_time=2.0) > 1.9)
    True
    """
    times = np.asarray(time, dtype=float)
    if not (diffusion > 0 and flux > 0 and scattering_time > 0 and np.all(times > 0)):
        raise ValueError("times, diffusion constant, flux and scattering time must be positive")
    last = float(np.max(times))
    if last > 60 * scattering_time:
        raise ValueError("the time is beyond 60 scattering times: use return_enhancement there")
    step = scattering_time / FLIGHT_STEPS
    grid = np.arange(0, last + 2 * step, step)
    # Levels so close that the longest time does not tell them apart stand for no field.
    small = min(flux, 0.2 / (8 * np.pi * diffusion * grid[-1]))
    free = _flight_sum(grid, diffusion, small, scattering_time, field=False)
    found = _flight_sum(grid, diffusion, flux, scattering_time, field=True) / free
    return 1 + np.interp(times, grid, found)


def _flight_sum(grid: Array, diffusion: float, flux: float, tau: float, *, field: bool) -> Array:
    """Probability of the return to half a mean free path, with Landau levels or plane waves."""
    squared_speed = 2 * diffusion / tau
    smoothing = squared_speed * tau**2 / 4
    levels = np.arange(math.ceil(7 / (8 * np.pi * flux * smoothing)) + 1)
    squares = 8 * np.pi * flux * (levels + 0.5)
    if field:
        z = 2 * np.pi * flux * squared_speed * grid**2
        waves = _laguerre_functions(len(levels), z)
    else:
        waves = j0(np.sqrt(squared_speed * squares)[:, None] * grid)
    step, kernel = grid[1] - grid[0], waves * np.exp(-grid / tau) / tau
    total = np.empty_like(kernel)
    total[:, 0] = 1.0
    for i in range(1, len(grid)):
        inner = np.einsum("kj,kj->k", kernel[:, i - 1 : 0 : -1], total[:, 1:i])
        ends = tau * kernel[:, i] + step * (inner + kernel[:, i] * total[:, 0] / 2)
        total[:, i] = ends / (1 - step * kernel[:, 0] / 2)
    return 2 * flux * np.exp(-squares * smoothing) @ total


def _laguerre_functions(number: int, z: Array) -> Array:
    """exp(-z/2) L_n(z) of n = 0..number - 1, shape (number, ...), by their recursion."""
    result = np.empty((number, *z.shape))
    result[0] = np.exp(-z / 2)
    for n in range(1, number):
        older = result[n - 2] * (n - 1) if n > 1 else 0.0
        result[n] = ((2 * n - 1 - z) * result[n - 1] - older) / n
    return result
