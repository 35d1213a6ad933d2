r"""Functions of a Hamiltonian applied to many vectors at once, by their Chebyshev expansion.

    f(H) |v> = Σ_m c_m T_m((H - a)/b) |v>,    T_(m+1)(x) = 2x T_m(x) - T_(m-1)(x),

where a ± b encloses the spectrum. `expand` takes one sparse matrix, a block of vectors and any
number of functions, which share the recursion. It is real where the matrix and the vectors are,
whatever the functions are.

The cost is one product of the sparse matrix with the block for every order. The order is about
b times the time for a phase exp(-iEt), and some 8 b/w for a Gaussian of width w. The products are
those of SciPy: a compiled kernel that joins the product to the recursion was measured to be slower
for fewer than 8 vectors, and at most 2.1 times faster for 32.

References
----------
H. Tal-Ezer and R. Kosloff, J. Chem. Phys. 81, 3967 (1984); A. Weiße, G. Wellein, A. Alvermann, and
H. Fehske, Rev. Mod. Phys. 78, 275 (2006).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.fft
import scipy.sparse as sp
from numpy.typing import NDArray

LARGEST_ORDER = 2**20
"""Order beyond which a function counts as too sharp for an expansion."""
TAIL = 1e-13
"""Coefficients below this share of the largest value of the functions are left out."""
BLOCK_NUMBERS = 12_000_000
"""Numbers of the recursion that are collected before they are added up."""


def expand(
    matrix: sp.csr_array,
    vectors: NDArray,
    function: Callable[[NDArray], NDArray],
    *,
    orbitals: NDArray | None = None,
) -> NDArray:
    """Apply functions of a Hermitian matrix to vectors.

    Parameters
    ----------
    matrix
        The Hamiltonian, shape (orbitals, orbitals).
    vectors
        Shape (orbitals, vectors).
    function
        It is called with energies, shape (energies,), and returns the values of the functions
        there, shape (functions, energies), real or complex.
    orbitals
        Orbitals at which the results are wanted, all by default. Few of them save most of the time
        that adding up takes, and all memory but that of the recursion.

    Returns
    -------
    numpy.ndarray
        f(H) times the vectors, shape (functions, orbitals, vectors).

    Raises
    ------
    ValueError
        If a function is too sharp.
    """
    centre, half = spectral_bounds(matrix)
    factors = coefficients(function, centre, half)
    rows = slice(None) if orbitals is None else np.asarray(orbitals)
    recorded = vectors[rows].shape
    doubled = sp.csr_array((matrix - centre * sp.eye_array(len(vectors))) * (2 / half))
    dtype = np.result_type(matrix.dtype, vectors.dtype, float)
    older, newer = vectors.astype(dtype), (doubled @ vectors / 2).astype(dtype)
    numbers = recorded[0] * recorded[1]
    block = np.empty((int(np.clip(BLOCK_NUMBERS // max(numbers, 1), 4, 64)), numbers), dtype)
    # Real and imaginary parts are added up apart where the recursion is real.
    parted = np.iscomplexobj(factors) and not np.iscomplexobj(block)
    weights = np.concatenate([factors.real, factors.imag]) if parted else factors
    result = np.zeros((len(weights), numbers), np.result_type(weights, dtype))
    start, order = 0, weights.shape[1]
    for m in range(order):
        block[m - start] = older[rows].reshape(-1)
        if m + 1 - start == len(block) or m + 1 == order:
            result += weights[:, start : m + 1] @ block[: m + 1 - start]
            start = m + 1
        following = doubled @ newer
        following -= older
        older, newer = newer, following
    if parted:
        result = result[: len(factors)] + 1j * result[len(factors) :]
    return result.reshape(len(factors), *recorded)


def spectral_bounds(matrix: sp.csr_array) -> tuple[float, float]:
    """Centre and half-width of an interval that encloses the spectrum, by Gershgorin's theorem."""
    diagonal = matrix.diagonal().real
    radii = np.asarray(abs(matrix).sum(axis=1)).ravel() - np.abs(matrix.diagonal())
    low, high = np.min(diagonal - radii), np.max(diagonal + radii)
    # A matrix that is a multiple of the identity still needs an interval.
    half = (high - low) / 2 + 1e-9 * max(abs(low), abs(high), 1e-3)
    return float(low + high) / 2, float(half)


def coefficients(
    function: Callable[[NDArray], NDArray], centre: float, half: float
) -> NDArray[np.inexact]:
    """Chebyshev coefficients of functions in an interval, as many as rounding errors let count.

    Returns
    -------
    numpy.ndarray
        Shape (functions, orders).

    Raises
    ------
    ValueError
        If more than `LARGEST_ORDER` are needed.
    """
    nodes = 64
    while nodes <= LARGEST_ORDER:
        values = function(centre + half * np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes))
        found = scipy.fft.dct(values, axis=-1) / nodes
        found[:, 0] /= 2
        sizes = np.abs(found).max(axis=0)
        if not np.isfinite(sizes).all():
            raise ValueError("the function to expand is not finite within the spectrum")
        order = int(np.flatnonzero(sizes > TAIL * np.abs(values).max()).max(initial=0)) + 1
        if order < 0.75 * nodes:
            return found[:, :order]
        nodes *= 2
    raise ValueError(
        f"the expansion needs more than {LARGEST_ORDER} orders: take shorter times, a wider window "
        "of energies, or other units in which the spectrum is not so wide"
    )


def finite_numbers(numbers: Any, name: str) -> NDArray:
    """Numbers as an array, shape (numbers,); those that are not finite are refused."""
    array = np.asarray(numbers, float)
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise ValueError(f"{name} must be a sequence of finite numbers, not {numbers!r}")
    return array


def check_width(width: Any) -> None:
    """Refuse a width that is no positive number."""
    number = np.asarray(width)
    if number.ndim or number.dtype.kind not in "iuf" or not 0 < number < np.inf:
        raise ValueError(f"width must be a positive energy, not {width!r}")
