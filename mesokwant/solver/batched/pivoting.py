"""Elimination with delayed pivoting: one sample at a time.

This is the path for samples that the growth monitor rejected. `eliminate` takes the elements of
H - E and gives the matrix that remains on the interface.

A front eliminates one orbital at a time, or two orbitals k and l with their 2 x 2 block P,

    F_ij -= F_ik F_kj / F_kk,    or    F_ij -= Σ_kl F_ik (P^-1)_kl F_lj,

wherever no term exceeds an allowed size. It takes its orbitals in any order. A pair is tried where
a single orbital is not allowed, such as two neighbours of a lattice at E = 0, whose diagonal
elements are zero. Orbitals that are not allowed either way are delayed: they move to the front of
the parent as additional pivots. There the coupling to a larger region allows them; in the last
resort, the coupling to the leads does so at the root (delayed pivoting [1]_). Nothing is
perturbed, and orbitals are not combined, because a rotation would add up couplings of all sizes
and lose those of a localized sample, which differ by hundreds of orders of magnitude. States that
couple to nothing at all are bound; they take no part in transport and are left out.

References
----------
.. [1] I. S. Duff and J. K. Reid, ACM Trans. Math. Softw. 9, 302 (1983).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .dissection import Dissection
from .pivoting_kernels import eliminate_fronts

BOUND = 1e-13
"""Energies and couplings below this, in units of the energy scale, count as zero."""

LARGEST = 4
"""A sample is given up if orbitals that are delayed make a front larger than this many times the
largest front without them (and 64 rows)."""


def eliminate(
    dissection: Dissection, elements: NDArray, *, scale: float, allowed: float
) -> tuple[NDArray, float]:
    """Eliminate the interior of one sample.

    Parameters
    ----------
    dissection
        The order of elimination.
    elements
        Elements of H - E in the order of `Dissection.entry_source`, shape (planes, entries);
        see `Elements.whole`.
    scale
        The energy scale, from `growth.energy_scale`.
    allowed
        Largest term that may be subtracted, in the units of the Hamiltonian.

    Returns
    -------
    matrix
        What remains of H - E, Hermitian. Its rows are the interface orbitals in
        the order of the root, and then the states that are still delayed.
    growth
        The largest term that was subtracted; infinite if the sample was given up, because the
        matrix is not finite or far too many orbitals would be delayed.
    """
    upper, delayed, growth = eliminate_fronts(
        dissection.pivots,
        dissection.boundary,
        dissection.entry_start,
        dissection.entry_row,
        dissection.entry_column,
        dissection.child_start,
        dissection.children,
        dissection.map_start,
        dissection.maps,
        elements,
        allowed,
        BOUND * scale,
        LARGEST * int(dissection.sizes.max()) + 64,
    )
    matrix = upper[0] + 1j * upper[1] if len(upper) == 2 else upper[0]
    if not np.isfinite(growth) or not np.isfinite(matrix).all():
        return matrix, np.inf
    matrix, delayed = _without_bound(matrix, delayed, scale)
    return np.roll(matrix, -delayed, axis=(0, 1)), growth


def _without_bound(matrix: NDArray, delayed: int, scale: float) -> tuple[NDArray, int]:
    """Leave out the states at zero energy, among the delayed rows, that couple to nothing.

    The delayed rows come first. Their number afterwards is returned with the matrix.
    """
    eigenvalues, eigenvectors = np.linalg.eigh(matrix[:delayed, :delayed])
    zero = np.abs(eigenvalues) < BOUND * scale
    if not zero.any():
        return matrix, delayed
    coupling = eigenvectors.conj().T @ matrix[:delayed, delayed:]
    rotation, strength, _ = np.linalg.svd(coupling[zero], full_matrices=True)
    coupled = rotation[:, : np.count_nonzero(strength > BOUND * scale)]
    energies = np.concatenate([eigenvalues[~zero], np.zeros(coupled.shape[1])])
    coupling = np.concatenate([coupling[~zero], coupled.conj().T @ coupling[zero]])
    diagonal = np.diag(energies).astype(matrix.dtype)
    rest = matrix[delayed:, delayed:]
    return np.block([[diagonal, coupling], [coupling.conj().T, rest]]), len(energies)
