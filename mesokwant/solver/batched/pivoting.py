"""Elimination that puts off what is nearly singular: one sample at a time, in NumPy.

The safe path for samples that the guard stopped, and the way to go where the
compiled kernels can't run. Where the pivot block F_pp of a front has eigenvalues
|λ| below `SMALL`, as many of its orbitals have to wait: those that the
near-null vectors live on (chosen by a QR decomposition with pivoting of these
vectors), so that the block of the others is regular and is eliminated,

    F_bb -= F_bp F_pp^-1 F_pb.

Those that wait move as additional pivots to the parent's front, where the
coupling to a larger region lifts them, and in the last resort to the root,
where the leads do (delayed pivoting; Duff and Reid, ACM TOMS 9, 302 (1983)).
Nothing is perturbed. Orbitals wait, not eigenvectors: a rotation would add up
couplings of all sizes, and lose those of a localized sample, which differ by
hundreds of orders of magnitude. States that couple to nothing at all are bound;
they take no part in transport and are left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from .dissection import Tree, padded

SMALL = 1e-3
"""Eigenvalues of pivot blocks below this, in units of the energy scale, have to wait."""

BOUND = 1e-13
"""Energies and couplings below this, in the same unit, are zero up to rounding."""


def eliminate(tree: Tree, elements: NDArray, scale: float) -> tuple[NDArray, float]:
    """What is left of H - E on the interface, for one sample.

    Parameters
    ----------
    tree
        The order of elimination.
    elements
        Elements of H - E in the order of `Tree.entry_source`.
    scale
        Unit of energy.

    Returns
    -------
    matrix
        Hermitian; the interface orbitals in the order of the root, then what
        is still waiting.
    growth
        The largest term that was subtracted; infinite if the matrix is not finite.
    """
    updates: dict[int, tuple[NDArray, int]] = {}
    growth = 0.0
    root = tree.num_fronts - 1
    for f in range(tree.num_fronts):
        children = tree.children[tree.child_start[f] : tree.child_start[f + 1]]
        front, pivots = _assemble(tree, f, elements, [(c, *updates.pop(c)) for c in children])
        if f == root:
            matrix = _interface(front, pivots, scale)
            return matrix, growth if np.isfinite(matrix).all() else np.inf
        update, waiting, grown = _condense(front, pivots, scale)
        updates[f] = update, waiting
        growth = max(growth, grown)
    raise AssertionError("a tree ends with its root")


def _assemble(
    tree: Tree, f: int, elements: NDArray, updates: list[tuple[int, NDArray, int]]
) -> tuple[NDArray, int]:
    """The front, and how many of its rows are pivots: its own, then those that waited."""
    own = int(tree.pivots[f])
    pivots = own + sum(waiting for _, _, waiting in updates)

    def local(rows: NDArray) -> NDArray:
        return np.where(rows < own, rows, rows - padded(own) + pivots)

    front = np.zeros((pivots + int(tree.boundary[f]),) * 2, elements.dtype)
    span = slice(tree.entry_start[f], tree.entry_start[f + 1])
    rows, columns = local(tree.entry_row[span]), local(tree.entry_column[span])
    front[columns, rows] = elements[span].conj()
    front[rows, columns] = elements[span]
    waited = own
    for child, update, waiting in updates:
        boundary = local(tree.maps[tree.map_start[child] : tree.map_start[child + 1]])
        where = np.concatenate([np.arange(waited, waited + waiting), boundary])
        waited += waiting
        front[np.ix_(where, where)] += update
    return front, pivots


def _condense(front: NDArray, pivots: int, scale: float) -> tuple[NDArray, int, float]:
    """Update of a front, how many of its rows wait, and the growth."""
    now, inverse = _regular(front[:pivots, :pivots], scale)
    later = np.concatenate([np.setdiff1d(np.arange(pivots), now), np.arange(pivots, len(front))])
    coupling = front[np.ix_(now, later)]
    change = coupling.conj().T @ (inverse @ coupling)
    update = front[np.ix_(later, later)] - change
    update, waiting = _without_bound((update + update.conj().T) / 2, pivots - len(now), scale)
    return update, waiting, float(np.abs(change).max(initial=0))


def _regular(block: NDArray, scale: float) -> tuple[NDArray, NDArray]:
    """Orbitals whose block is far from singular, and its inverse; the others have to wait."""
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
        values, vectors = np.linalg.eigh(part)
        size = np.abs(values)
        small = vectors[:, size <= max(SMALL * scale, size.min())]
        order = qr(small.conj().T, mode="r", pivoting=True)[1]
        now = np.delete(now, order[: small.shape[1]])


def _without_bound(matrix: NDArray, waiting: int, scale: float) -> tuple[NDArray, int]:
    """Leave out the states at zero energy, among the first rows, that couple to nothing."""
    values, vectors = np.linalg.eigh(matrix[:waiting, :waiting])
    zero = np.abs(values) < BOUND * scale
    if not zero.any():
        return matrix, waiting
    coupling = vectors.conj().T @ matrix[:waiting, waiting:]
    rotation, strength, _ = np.linalg.svd(coupling[zero], full_matrices=True)
    kept = rotation[:, : np.count_nonzero(strength > BOUND * scale)]
    values = np.concatenate([values[~zero], np.zeros(kept.shape[1])])
    coupling = np.concatenate([coupling[~zero], kept.conj().T @ coupling[zero]])
    rest = matrix[waiting:, waiting:]
    left = np.block([[np.diag(values).astype(matrix.dtype), coupling], [coupling.conj().T, rest]])
    return left, len(values)


def _interface(front: NDArray, waiting: int, scale: float) -> NDArray:
    """The root with the interface first; `waiting` rows come first in ``front``."""
    matrix, waiting = _without_bound(front, waiting, scale)
    return np.roll(matrix, -waiting, axis=(0, 1))
