"""Chaotic cavities behind mouths that reflect a little: moments of the Poisson kernel.

What a mode of a lead reflects before it enters a cavity is the mean r_n of its reflection amplitude
over samples. The scattering matrices S of such a cavity are those S0 of a circular ensemble
behind a barrier of amplitude r_n in every mode,

    S = R + √(1-R²) S0 (1 + R S0)⁻¹ √(1-R²),    R = diag(r_n), 0 <= r_n < 1,

and their distribution is the Poisson kernel. (Phases of r_n are those of the basis of modes, in
which the ensembles are invariant.) `nonideal_cavity_moments` takes r_n² and gives mean, variance
and noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .random_matrix import cavity_conductance, cavity_conductance_variance, cavity_shot_noise

Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class CavityMoments:
    """What an ensemble of cavities has: <g> in e²/h, var g in (e²/h)², and <Σ T(1-T)>."""

    conductance: float
    variance: float
    shot_noise: float


def nonideal_cavity_moments(
    reflections: ArrayLike, *, beta: int, draws: int = 4000
) -> CavityMoments:
    """Return the moments of a chaotic cavity whose mouths reflect.

    The exact moments of the circular ensemble are shifted by the mean difference that the barriers
    make, over seeded draws of S0. The draws come in pairs of opposite sign, in which all odd orders
    of r_n cancel, so that the error of a shift is about 1/√draws of the shift itself.

    Parameters
    ----------
    reflections
        Probabilities r_n² of the modes, shape (2, N): lead 0 and lead 1, 0 <= r_n² < 1. At beta = 4
        one number for a Kramers pair.
    beta
        Symmetry index 1, 2 or 4; at 4 all is that of one spin, as in `cavity_conductance`.
    draws
        Number of scattering matrices that are drawn.

    Returns
    -------
    `CavityMoments`: <g> in e²/h, var g in (e²/h)², and <Σ T(1-T)>.

    Raises
    ------
    ValueError
        If the shape is not (2, N), if a probability is outside its range, or for another beta.

    References
    ----------
    Mello, Pereyra and Seligman, Ann. Phys. (NY) 161, 254 (1985); Brouwer, Phys. Rev. B 51, 16878
    (1995).

    Examples
    --------
    At beta = 2 the mean is lower by Σ r_n² N²/(4N² - 1) to first order:

    >>> moments = nonideal_cavity_moments([[0.01, 0.0], [0.0, 0.02]], beta=2)
    >>> print(f"{moments.conductance:.3f}")  # 1 - 0.03 * 4/15
    0.992
    """
    probabilities = np.asarray(reflections, dtype=float)
    if probabilities.ndim != 2 or len(probabilities) != 2:
        raise ValueError(
            f"The reflections have the shape {probabilities.shape}: give one row of modes for "
            "either lead, shape (2, N)."
        )
    if not np.all((probabilities >= 0) & (probabilities < 1)):
        raise ValueError(
            f"The reflections must be probabilities of at least 0 and less than 1, not "
            f"{probabilities.tolist()}: a mode that is always reflected is closed; leave it out."
        )
    modes = probabilities.shape[1]
    spins = 2 if beta == 4 else 1
    matrices = circular_matrices(2 * modes, beta=beta, draws=draws)
    barrier = np.sqrt(np.repeat(probabilities.ravel(), spins))
    ideal = _moments(matrices, spins)
    pairs = np.array([_moments(_behind(s, barrier), spins) for s in (matrices, -matrices)])
    # The mean of the squares needs both signs together, as the mean of g does.
    mean, square, noise = pairs.mean(axis=0)
    shifts = mean - ideal[0], square - mean**2 - (ideal[1] - ideal[0] ** 2), noise - ideal[2]
    exact = (
        cavity_conductance(modes, modes, beta=beta),
        cavity_conductance_variance(modes, modes, beta=beta),
        cavity_shot_noise(modes, modes, beta=beta),
    )
    return CavityMoments(*(float(one + shift) for one, shift in zip(exact, shifts, strict=True)))


def circular_matrices(size: int, *, beta: int, draws: int, seed: int = 0) -> Complex:
    """Draw scattering matrices of a circular ensemble.

    Parameters
    ----------
    size
        Number of modes; at beta = 4 Kramers pairs, whose spins are next to each other.
    beta
        1: S = S^T. 2: any unitary S. 4: S is its own dual, σ_y S^T σ_y.
    draws, seed
        How many are drawn, and from which random numbers.

    Returns
    -------
    Unitary, pure numbers, shape (draws, size, size); (draws, 2 size, 2 size) at beta = 4.

    Raises
    ------
    ValueError
        For another beta.

    References
    ----------
    Mezzadri, Notices of the AMS 54, 592 (2007); Dyson, J. Math. Phys. 3, 140 (1962).

    Examples
    --------
    >>> s = circular_matrices(2, beta=1, draws=1)[0]
    >>> bool(np.allclose(s, s.T) and np.allclose(s @ s.conj().T, np.eye(2)))
    True
    """
    if beta not in (1, 2, 4):
        raise ValueError(f"There is no circular ensemble of beta = {beta}: use 1, 2 or 4.")
    rng = np.random.default_rng(seed)
    size = 2 * size if beta == 4 else size
    parts = rng.standard_normal((2, draws, size, size))
    unitary, upper = np.linalg.qr(parts[0] + 1j * parts[1])
    # With the phases of the diagonal, the unitary factor is distributed uniformly.
    phases = np.einsum("nii->ni", upper)
    unitary = unitary * (phases / np.abs(phases))[:, None, :]
    if beta == 2:
        return unitary
    transposed = np.swapaxes(unitary, 1, 2)
    if beta == 1:
        return unitary @ transposed
    sigma_y = np.kron(np.eye(size // 2), [[0, -1j], [1j, 0]])
    return unitary @ sigma_y @ transposed @ sigma_y


def _behind(matrices: Complex, barrier: NDArray[np.float64]) -> Complex:
    """Scattering matrices of cavities S0 behind a barrier of reflection amplitudes r_n."""
    passed = np.sqrt(1 - barrier**2)
    inside = np.linalg.inv(np.eye(len(barrier)) + barrier[:, None] * matrices)
    return np.diag(barrier) + passed[:, None] * (matrices @ inside) * passed


def _moments(matrices: Complex, spins: int) -> NDArray[np.float64]:
    """<g>, <g²> and <Σ T(1-T)>, of one spin, for two leads of half of the modes each."""
    half = matrices.shape[1] // 2
    t = matrices[:, half:, :half]
    product = t @ np.swapaxes(t.conj(), 1, 2)
    g = np.einsum("nii->n", product).real / spins
    noise = g - np.sum(np.abs(product) ** 2, axis=(1, 2)) / spins
    return np.array([g.mean(), np.mean(g**2), noise.mean()])
