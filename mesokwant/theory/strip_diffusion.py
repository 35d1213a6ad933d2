"""What hard walls and a weak field do to diffusion on the square lattice, to lowest order.

A strip with walls diffuses more slowly than the plane, and the plane more slowly than a strip in a
field, where walls forbid the Hall current. Both are a few per cent in usual samples, which the
comparison of a wire with a packet in a closed sample can resolve.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .lattice import square_lattice_dos

Array = NDArray[np.float64]

POINTS = 4096
"""Points of the Fermi line."""


def strip_diffusion_share(energy: float, width: int) -> float:
    """Return D of a strip with hard walls over D of the plane, for weak white noise.

    The modes are standing waves across, φ_n(y)² = 2 sin²(πny/(W + 1))/(W + 1), and

        Σ_y φ_n² φ_m² = [1 + δ_nm/2 + δ_(n+m, W+1)/2]/(W + 1):

    a mode is scattered into itself and into its mirror image more often than into others. In both
    directions it is so, and the rate of momentum loss, Σ_m over all open modes of this over v_m, is
    larger by a share of order 1/2N.

    Parameters
    ----------
    energy
        Energy in t, from the band centre.
    width
        Sites W across the strip.

    Returns
    -------
    The ratio, a pure number below 1.

    Raises
    ------
    ValueError
        If the strip has no open mode.

    References
    ----------
    Fermi's golden rule for a white noise; derived here.

    Examples
    --------
    >>> print(f"{strip_diffusion_share(-1.0, 60):.3f} {strip_diffusion_share(-1.0, 600):.3f}")
    0.982 0.998
    """
    cosines = -np.cos(np.pi * np.arange(1, width + 1) / (width + 1)) - energy / 2
    is_open = np.abs(cosines) < 1
    if not is_open.any():
        raise ValueError(f"a strip of {width} sites has no open mode at the energy {energy:g}")
    velocities = 2 * np.sqrt(np.where(is_open, 1 - cosines**2, 1.0))
    states = np.where(is_open, 1 / velocities, 0.0)
    rates = states.sum() + (states + states[::-1]) / 2
    return float(np.average(states.sum() / rates, weights=velocities * is_open))


def square_lattice_hall_angle(flux: ArrayLike, energy: float, disorder: ArrayLike) -> Array:
    """Return the Hall angle D_xy/D_xx of the plane in a weak field with weak box disorder.

    With the Born rate 1/τ = 2πν<V²> it is 2πf τ <v_x² ∂v_y/∂k_y>/<v_x²>, averaged over the Fermi
    line: ω_c τ where the line is round. Between walls no Hall current flows, and there D is
    D_xx + D_xy²/D_xx.

    Parameters
    ----------
    flux
        Flux f per plaquette in h/e.
    energy
        Energy in t from the band centre, -4 < E < 4.
    disorder
        Full width of the box in t.

    Returns
    -------
    The ratio, a pure number, of the shape to which `flux` and `disorder` broadcast.

    References
    ----------
    Ashcroft and Mermin, Solid State Physics (1976), chapter 13, for Boltzmann's equation.

    Examples
    --------
    A round line at the band edge has ω_c τ with ω_c = 4πf:

    >>> time = 1 / (2 * np.pi * square_lattice_dos(-3.99) * 0.5**2 / 12)
    >>> angle = square_lattice_hall_angle(1e-3, -3.99, 0.5)
    >>> print(f"{angle / (4 * np.pi * 1e-3 * time):.2f}")
    1.00
    """
    # The Fermi line is crossed once for every sine of k_x/2 up to its largest one, and the
    # substitution makes the ends of the line harmless.
    largest = min(1.0, np.sqrt((energy + 4) / 4))
    smallest = np.sqrt(max(0.0, energy / 4))
    turn = (np.arange(POINTS) + 0.5) * np.pi / POINTS
    sine = (largest + smallest) / 2 - (largest - smallest) / 2 * np.cos(turn)
    step = (largest - smallest) / 2 * np.sin(turn)
    along = 1 - 2 * sine**2  # cos k_x
    across = -energy / 2 - along  # cos k_y
    weight = step / np.sqrt((1 - sine**2) * (1 - across**2))
    squares = 4 * (1 - along**2)
    ratio = np.average(2 * across, weights=weight * squares)
    rate = 2 * np.pi * square_lattice_dos(energy) * np.square(np.asarray(disorder, float)) / 12
    return 2 * np.pi * np.asarray(flux, float) * ratio / rate
