"""Elimination that puts off what is nearly singular: one sample at a time, in NumPy.

The safe path for samples that the guard stopped, and the way to go where the
compiled kernels can't run. The pivots of a front are diagonalized,

    F_pp = Q diag(λ) Q†;

directions with |λ| of at least `SMALL` are eliminated, F_bb -= F_bp Q 1/λ Q† F_pb,
and the others wait: they move as additional pivots to the parent's front,
where the coupling to a larger region lifts them, and in the last resort to the
root, where the leads do. (Delayed pivoting; Duff and Reid, ACM TOMS 9, 302
(1983), in the eigenbasis of the pivots.) Nothing is perturbed. States that
couple to nothing at all are bound; they take no part in transport and are
left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .tree import Tree, padded

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
    block, coupling, rest = (
        front[:pivots, :pivots],
        front[:pivots, pivots:],
        front[pivots:, pivots:],
    )
    try:
        inverse = np.linalg.inv(block)
        # The Frobenius norm bounds the largest 1/|λ|: nothing has to wait.
        regular = bool(np.linalg.norm(inverse) < 1 / (SMALL * scale))
    except np.linalg.LinAlgError:
        regular = False
    if regular:
        change = coupling.conj().T @ (inverse @ coupling)
        update = rest - change
        return (update + update.conj().T) / 2, 0, float(np.abs(change).max(initial=0))

    values, vectors = np.linalg.eigh(block)
    coupling = vectors.conj().T @ coupling
    large = np.abs(values) >= SMALL * scale
    change = (coupling[large].conj().T / values[large]) @ coupling[large]
    values, coupling = _without_bound(values[~large], coupling[~large], scale)
    waiting = len(values)
    update = np.zeros((waiting + len(rest),) * 2, front.dtype)
    update[:waiting, :waiting] = np.diag(values)
    update[:waiting, waiting:] = coupling
    update[waiting:, :waiting] = coupling.conj().T
    update[waiting:, waiting:] = rest - change
    return (update + update.conj().T) / 2, waiting, float(np.abs(change).max(initial=0))


def _without_bound(values: NDArray, coupling: NDArray, scale: float) -> tuple[NDArray, NDArray]:
    """Leave out the states at zero energy that couple to nothing."""
    zero = np.abs(values) < BOUND * scale
    if not zero.any():
        return values, coupling
    rotation, strength, _ = np.linalg.svd(coupling[zero], full_matrices=True)
    kept = rotation[:, : np.count_nonzero(strength > BOUND * scale)]
    values = np.concatenate([values[~zero], np.zeros(kept.shape[1])])
    return values, np.concatenate([coupling[~zero], kept.conj().T @ coupling[zero]])


def _interface(front: NDArray, waiting: int, scale: float) -> NDArray:
    """The root with the interface first; `waiting` rows come first in ``front``."""
    values, vectors = np.linalg.eigh(front[:waiting, :waiting])
    coupling = vectors.conj().T @ front[:waiting, waiting:]
    values, coupling = _without_bound(values, coupling, scale)
    size = len(front) - waiting
    matrix = np.zeros((size + len(values),) * 2, front.dtype)
    matrix[:size, :size] = front[waiting:, waiting:]
    matrix[size:, :size] = coupling
    matrix[:size, size:] = coupling.conj().T
    matrix[size:, size:] = np.diag(values)
    return matrix
