"""Elimination with delayed pivoting: one sample at a time, in NumPy.

This is the path for samples that the growth monitor rejected, and for all samples where the
compiled kernels can't run. `eliminate` takes the elements of H - E and gives the matrix that
remains on the interface.

A pivot block F_pp of a front may have eigenvalues |λ| below `SMALL`. As many of its orbitals are
then delayed: those on which the nearly null eigenvectors have most weight, chosen by a QR
decomposition with pivoting of these eigenvectors. The block of the others is regular, and they
are eliminated,

    F_bb -= F_bp F_pp^-1 F_pb.

Delayed orbitals move to the front of the parent as additional pivots. There the coupling to a
larger region makes the block regular; in the last resort, the coupling to the leads does so at
the root (delayed pivoting [1]_). Nothing is perturbed. Orbitals are delayed and not eigenvectors,
because a rotation would add up couplings of all sizes and lose those of a localized sample, which
differ by hundreds of orders of magnitude. States that couple to nothing at all are bound; they
take no part in transport and are left out.

References
----------
.. [1] I. S. Duff and J. K. Reid, ACM Trans. Math. Softw. 9, 302 (1983).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from .dissection import Dissection, padded

SMALL = 1e-3
"""Eigenvalues of pivot blocks below this, in units of the energy scale, delay an orbital."""

BOUND = 1e-13
"""Energies and couplings below this, in units of the energy scale, count as zero."""


def eliminate(dissection: Dissection, elements: NDArray, scale: float) -> tuple[NDArray, float]:
    """Eliminate the interior of one sample.

    Parameters
    ----------
    dissection
        The order of elimination.
    elements
        Elements of H - E in the order of `Dissection.entry_source`, shape (entries,).
    scale
        The energy scale, from `growth.energy_scale`.

    Returns
    -------
    matrix
        What remains of H - E, Hermitian. Its rows are the interface orbitals in
        the order of the root, and then the states that are still delayed.
    growth
        The largest term that was subtracted; infinite if the matrix is not finite.
    """
    updates: dict[int, tuple[NDArray, int]] = {}
    growth = 0.0
    root = dissection.num_fronts - 1
    for f in range(dissection.num_fronts):
        children = dissection.children[dissection.child_start[f] : dissection.child_start[f + 1]]
        front, pivots = _assemble(dissection, f, elements, [(c, *updates.pop(c)) for c in children])
        if f == root:
            matrix = _interface(front, pivots, scale)
            return matrix, growth if np.isfinite(matrix).all() else np.inf
        update, delayed, grown = _condense(front, pivots, scale)
        updates[f] = update, delayed
        growth = max(growth, grown)
    raise AssertionError("the last front of a dissection must be its root")


def _assemble(
    dissection: Dissection, f: int, elements: NDArray, updates: list[tuple[int, NDArray, int]]
) -> tuple[NDArray, int]:
    """A front, and how many of its rows are pivots: its own, then those of its children.

    ``updates`` are (child, update, how many of its rows are delayed).
    """
    own = int(dissection.pivots[f])
    pivots = own + sum(delayed for _, _, delayed in updates)

    def local(rows: NDArray) -> NDArray:
        return np.where(rows < own, rows, rows - padded(own) + pivots)

    front = np.zeros((pivots + int(dissection.boundary[f]),) * 2, elements.dtype)
    entries = slice(dissection.entry_start[f], dissection.entry_start[f + 1])
    rows, columns = local(dissection.entry_row[entries]), local(dissection.entry_column[entries])
    front[columns, rows] = elements[entries].conj()
    front[rows, columns] = elements[entries]
    filled = own
    for child, update, delayed in updates:
        boundary = local(
            dissection.maps[dissection.map_start[child] : dissection.map_start[child + 1]]
        )
        places = np.concatenate([np.arange(filled, filled + delayed), boundary])
        filled += delayed
        front[np.ix_(places, places)] += update
    return front, pivots


def _condense(front: NDArray, pivots: int, scale: float) -> tuple[NDArray, int, float]:
    """Update of a front, how many of its first rows are delayed, and the growth."""
    now, inverse = _regular(front[:pivots, :pivots], scale)
    later = np.concatenate([np.setdiff1d(np.arange(pivots), now), np.arange(pivots, len(front))])
    coupling = front[np.ix_(now, later)]
    change = coupling.conj().T @ (inverse @ coupling)
    update = front[np.ix_(later, later)] - change
    update, delayed = _without_bound((update + update.conj().T) / 2, pivots - len(now), scale)
    return update, delayed, float(np.abs(change).max(initial=0))


def _regular(block: NDArray, scale: float) -> tuple[NDArray, NDArray]:
    """Orbitals whose block is far from singular, and its inverse; the others are delayed."""
    now = np.arange(len(block))
    while True:
        part = block[np.ix_(now, now)]
        try:
            inverse = np.linalg.inv(part)
            # The Frobenius norm bounds the largest 1/|λ|.
            if np.linalg.norm(inverse) < 1 / (SMALL * scale):
                return now, inverse
        except np.linalg.LinAlgError:
            pass
        eigenvalues, eigenvectors = np.linalg.eigh(part)
        size = np.abs(eigenvalues)
        small = eigenvectors[:, size <= max(SMALL * scale, size.min())]
        order = qr(small.conj().T, mode="r", pivoting=True)[1]
        now = np.delete(now, order[: small.shape[1]])


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


def _interface(front: NDArray, delayed: int, scale: float) -> NDArray:
    """The matrix of the root, with the interface before the delayed rows, which come first."""
    matrix, delayed = _without_bound(front, delayed, scale)
    return np.roll(matrix, -delayed, axis=(0, 1))
