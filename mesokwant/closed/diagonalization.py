"""Eigenvalues and eigenstates of one Hamiltonian: all of them, or those nearest to an energy.

`diagonalized` uses dense diagonalization, whose time grows as the cube of the number of orbitals,
or shift-invert: ARPACK's Lanczos iteration of (H - E)^-1, whose time is that of one sparse
factorization, and some backsubstitutions for every level. Lanczos iteration may miss a level, such
as a partner of a degenerate pair. The levels are therefore counted by Sylvester's law of inertia:
as many lie below s as the factorization H - s = L D L† has negative pivots.

References
----------
D. C. Sorensen, SIAM J. Matrix Anal. Appl. 13, 357 (1992) (ARPACK); B. N. Parlett, The Symmetric
Eigenvalue Problem (SIAM, 1998), Sec. 3.3 (inertia).
"""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse import linalg

Eigenpairs = tuple[NDArray, NDArray]
"""Levels, shape (number,), and their states as columns, shape (orbitals, number)."""

METHODS = ("auto", "dense", "shift-invert")
DENSE = 500
"""Orbitals up to which "auto" diagonalizes dense matrices."""
ATTEMPTS = 4
"""Shifts that are tried before shift-invert gives up."""
ACCURACY = 1e-9
"""Largest residual |Hψ - Eψ| of a level by shift-invert, over the largest element of H."""
ROUNDING = 1e-10
"""Gaps below this share of the largest level, of any sign, are rounding errors."""
EXTRA = 6
"""Levels that shift-invert computes beyond those that are wanted, to count them in a gap."""
GROWTH = 1e6
"""Largest growth of elements at which the signs of pivots are trusted."""


def diagonalized(
    matrix: sp.csr_array,
    number: int | None,
    energy: float,
    *,
    method: str = "auto",
    states: bool = True,
) -> Eigenpairs:
    """Diagonalize a Hermitian matrix.

    Parameters
    ----------
    matrix
        The Hamiltonian, shape (orbitals, orbitals).
    number
        How many levels are wanted: those nearest to the energy; None for all.
    energy
        The energy.
    method
        "dense", "shift-invert", or "auto" for the faster one.
    states
        Whether eigenstates are wanted; there are none otherwise, which saves time.

    Returns
    -------
    levels
        In increasing order, shape (number,).
    states
        As columns, shape (orbitals, number), or (orbitals, 0) if they are not wanted.

    Raises
    ------
    ValueError
        If there is no such method, or if it can't give so many levels.
    RuntimeError
        If shift-invert misses levels, or is not accurate.
    """
    size = matrix.shape[0]
    check_size(size, number, method)
    few = number is not None and size > DENSE and number < size // 10
    if method == "shift-invert" or (method == "auto" and few):
        assert number is not None
        return _shift_inverted(matrix, number, energy)
    full = matrix.toarray()
    if not states:
        levels = np.linalg.eigvalsh(full)
        return levels[_nearest(levels, number, energy)], np.empty((size, 0), full.dtype)
    levels, vectors = np.linalg.eigh(full)
    nearest = _nearest(levels, number, energy)
    return levels[nearest], vectors[:, nearest]


def distinct(levels: NDArray, degeneracy: int) -> NDArray:
    """One of every ``degeneracy`` equal levels, which are in increasing order.

    Raises
    ------
    ValueError
        If not every level occurs that often.
    """
    scale = np.abs(levels).max(initial=0.0)
    copies = np.diff(levels)[np.arange(1, len(levels)) % degeneracy != 0]
    if len(levels) % degeneracy or np.any(copies > ROUNDING * scale):
        raise ValueError(
            f"not every level occurs {degeneracy} times here: omit degeneracy, which is for the "
            "Kramers pairs of half-integer spins without a field"
        )
    return levels[::degeneracy]


def check_number(number: Any, method: Any, *, degeneracy: int = 1, least: int = 1) -> None:
    """Refuse what is no number of levels, no method and no degeneracy.

    Raises
    ------
    ValueError
        The message says what is allowed.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    if degeneracy not in (1, 2):
        raise ValueError(f"degeneracy must be 1, or 2 for Kramers pairs, not {degeneracy!r}")
    if number is None:
        return
    least *= degeneracy
    if isinstance(number, bool) or not isinstance(number, Integral) or number < least:
        raise ValueError(
            f"number says how many levels, an integer from {least} on, or None for all of them; "
            f"not {number!r}"
        )
    if int(number) % degeneracy:
        raise ValueError(f"number must be even where levels are Kramers pairs, not {number!r}")


def check_size(size: int, number: int | None, method: str) -> None:
    """Refuse more levels than a Hamiltonian of this size has, or than a method gives.

    Raises
    ------
    ValueError
        The message says how many there are.
    """
    if number is not None and number > size:
        raise ValueError(f"number asks for {number} levels of a Hamiltonian that has {size}")
    if method == "shift-invert" and (number is None or number + EXTRA >= size):
        raise ValueError(
            "shift-invert gives some of the levels: say how many by number, fewer than "
            f"{max(size - EXTRA, 0)} here, or use method='dense'"
        )


def _shift_inverted(matrix: sp.csr_array, number: int, energy: float) -> tuple[NDArray, NDArray]:
    """The levels nearest to an energy, checked by their residuals and their number."""
    norm = np.abs(matrix.data).max(initial=0.0)
    # Every attempt takes another shift, because a shift close to a level spoils the others.
    for attempt in range(ATTEMPTS):
        shift = energy + attempt * 1e-4 * norm
        levels, states = _lanczos(matrix, number + EXTRA * (attempt + 1), shift, attempt)
        if levels is None:
            continue
        residual = np.abs(matrix @ states - states * levels).max()
        if residual < ACCURACY * norm and _is_complete(matrix, levels, number, energy):
            nearest = _nearest(levels, number, energy)
            return levels[nearest], states[:, nearest]
    raise RuntimeError(
        f"shift-invert did not find all of the {number} levels nearest to {energy}, perhaps "
        "because levels are degenerate there; use method='dense', or another energy"
    )


def _lanczos(matrix: sp.csr_array, number: int, shift: float, seed: int) -> tuple[Any, Any]:
    """Levels near a shift in increasing order, with their states; None if the shift is a level."""
    size = matrix.shape[0]
    number = min(number, size - 1)
    try:
        factors = linalg.splu(
            _shifted(matrix, shift), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}
        )
    except RuntimeError:  # SuperLU says so of a singular matrix.
        return None, None
    inverse = linalg.LinearOperator(matrix.shape, factors.solve, dtype=matrix.dtype)
    # A start vector of its own makes the result depend on nothing but the matrix.
    start = np.random.default_rng(seed).normal(size=size).astype(matrix.dtype)
    levels, states = linalg.eigsh(
        matrix,
        number,
        sigma=shift,
        OPinv=inverse,
        v0=start,
        ncv=min(size, max(2 * number + 1, 20)),
    )
    order = np.argsort(levels)
    return levels[order], states[:, order]


def _is_complete(matrix: sp.csr_array, levels: NDArray, number: int, energy: float) -> bool:
    """Whether no level is missing up to a gap beyond the wanted ones."""
    distances = np.sort(np.abs(levels - energy))
    gaps = np.diff(distances)[number - 1 :]
    inside = number + int(gaps.argmax())
    radius = distances[inside - 1] + gaps.max() / 2
    below, above = (_number_below(matrix, energy + sign * radius) for sign in (-1, 1))
    return below is not None and above is not None and above - below == inside


def _nearest(levels: NDArray, number: int | None, energy: float) -> NDArray:
    """Places of the levels that are nearest to an energy, in increasing order."""
    return np.sort(np.argsort(np.abs(levels - energy), kind="stable")[:number])


def _number_below(matrix: sp.csr_array, shift: float) -> int | None:
    """Number of levels below a shift; None if rounding errors make it uncertain."""
    shifted = _shifted(matrix, shift)
    try:
        factors = linalg.splu(
            shifted,
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )
    except RuntimeError:
        return None
    pivots = factors.U.diagonal().real
    growth = np.abs(factors.U.data).max() / np.abs(shifted.data).max()
    if growth > GROWTH or not np.array_equal(factors.perm_r, factors.perm_c):
        return None
    return int(np.sum(pivots < 0))


def _shifted(matrix: sp.csr_array, shift: float) -> sp.csc_array:
    return sp.csc_array(matrix - shift * sp.eye_array(matrix.shape[0]))
