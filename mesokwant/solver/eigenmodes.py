r"""The modes of a lead and of its mirror image, from one eigenproblem.

`solve_modes` takes the matrices of a lead (the Hamiltonian h of a unit cell less the energy, and
the hopping V to it from the cell before) and gives Kwant's (PropagatingModes, StabilizedModes)
of the lead, of its mirror image, or of both. A mode φ with the translation eigenvalue λ obeys

    (V / λ + h + V† λ) φ = 0,

and the mirror image of the lead has V† instead of V. So it has the same φ with 1/λ: momenta and
velocities change their signs, and the modes that decay in one lead are those that grow in the
other. Kwant writes V = u v† and the eigenvectors as (x, y) = (v† φ, u† φ λ), up to a phase.
For the mirror image u and v change places, and with them x and y.

The steps and tolerances are those of `kwant.physics.modes`. It is the time that differs: modes
with a momentum of their own are normalized together and not one by one, a straight ribbon in a
field is solved in real arithmetic, and where V = V† is definite the eigenproblem is Hermitian and
of half the size. Results are checked by their
residuals; where a check fails, the modes are Kwant's own.

References
----------
M. Wimmer, Quantum transport in nanostructures, PhD thesis, Regensburg (2008), chapter 3 and
appendix C.
C. W. Groth, M. Wimmer, A. R. Akhmerov, X. Waintal, New J. Phys. 16, 063065 (2014).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.linalg as la
from numpy.typing import NDArray

from ..hamiltonian import kwant
from .lead_gauge import ROUNDING, common_factor

Modes = tuple[Any, Any]
"""Kwant's (PropagatingModes, StabilizedModes) of a lead."""

TOLERANCE = 1e6 * np.finfo(float).eps
"""Eigenvalues that differ by less are degenerate: the tolerance of `kwant.physics.modes`."""

RESIDUAL = 1e-11
"""Largest residual with which modes pass, relative to the norm of the matrices of the lead."""


class NoModes(ArithmeticError):
    """The modes of a block were not found here; Kwant must be asked."""


@dataclass(frozen=True, eq=False)
class _Block:
    """The modes of one block of the conservation law: columns φ, x and y for eigenvalues 1/λ.

    Attributes
    ----------
    inverse
        1/λ of the propagating modes, shape (modes,).
    cell, x, y
        φ, x and y of the propagating modes, with unit current.
    velocities
        Shape (modes,).
    decaying, growing
        Bases (x, y) of the modes that decay and grow away from the scattering region.
    u, v
        The factors of the hopping, V = u v†.
    """

    inverse: NDArray
    cell: NDArray
    x: NDArray
    y: NDArray
    velocities: NDArray
    decaying: tuple[NDArray, NDArray]
    growing: tuple[NDArray, NDArray]
    u: NDArray
    v: NDArray

    def reversed(self) -> _Block:
        """The modes of the mirror image."""
        # Where V has full rank, Kwant takes (x, y) at the cell that φ belongs to, and else one
        # cell further. The factor keeps the phases of this choice for the mirror image.
        phase = self.inverse if self.v.shape[1] == len(self.cell) else 1 / self.inverse
        return _Block(
            inverse=1 / self.inverse,
            cell=self.cell,
            x=self.y * phase,
            y=self.x * phase,
            velocities=-self.velocities,
            decaying=self.growing[::-1],
            growing=self.decaying[::-1],
            u=self.v,
            v=self.u,
        )

    def sorted(self) -> _Block:
        """The same modes in the order of `kwant.physics.PropagatingModes`."""
        sign = np.sign(self.velocities)
        order = np.lexsort([self.velocities, -sign * _momenta(self.inverse), sign])
        return replace(
            self,
            inverse=self.inverse[order],
            cell=self.cell[:, order],
            x=self.x[:, order],
            y=self.y[:, order],
            velocities=self.velocities[order],
        )


def solve_modes(
    cell: NDArray,
    hop: NDArray,
    projectors: Sequence[Any] | None = None,
    *,
    mirrored: Collection[bool] = (False,),
) -> dict[bool, Modes]:
    """Solve for the modes of a lead, of its mirror image, or of both.

    Parameters
    ----------
    cell
        Hamiltonian of a unit cell less the energy, Hermitian, shape (orbitals, orbitals).
    hop
        Hopping from one cell to the next, shape (orbitals, orbitals).
    projectors
        Sparse projectors on the blocks of a conservation law, as in `kwant.physics.modes`.
    mirrored
        Which modes to solve for: False stands for those of the lead and True for those of its
        mirror image, whose hopping is the adjoint.

    Returns
    -------
    dict
        The modes of every lead asked for.

    Raises
    ------
    RuntimeError, ValueError
        If Kwant finds no modes, because the energy lies at a mode threshold or in a flat band.
    """
    try:
        blocks = _solve_blocks(cell, hop, projectors)
    except (NoModes, RuntimeError, np.linalg.LinAlgError):
        # Kwant finds modes here or explains why there are none.
        blocks = None
    result = {}
    for mirror in mirrored:
        own_hop = hop.conj().T.copy() if mirror else hop
        modes = None
        if blocks is not None:
            modes = _assembled([b.reversed() if mirror else b for b in blocks], projectors)
        if modes is None or not residual(cell, own_hop, modes) < RESIDUAL:
            modes = kwant.physics.modes(cell, own_hop, projectors=projectors)
        result[mirror] = modes
    return result


def residual(cell: NDArray, hop: NDArray, modes: Modes) -> float:
    """How well modes solve their equations, relative to the norm of the matrices.

    The propagating modes must solve the quadratic eigenproblem, and the self-energy of all
    outgoing modes must be that of one cell more, Σ = -V† (h + Σ)^-1 V.

    Parameters
    ----------
    cell, hop
        As in `solve_modes`.
    modes
        Kwant's modes of the lead.

    Returns
    -------
    float
        The larger of the two residuals; infinite if the self-energy doesn't exist.
    """
    propagating, stable = modes
    # The norms are those of Frobenius, because others cost as much as the modes themselves.
    scale = float(np.linalg.norm(cell) + 2 * np.linalg.norm(hop)) or 1.0
    functions = propagating.wave_functions
    inverse = np.exp(-1j * propagating.momenta)
    defect = hop @ (functions * inverse) + cell @ functions
    defect += hop.conj().T @ (functions / inverse)
    sizes = np.linalg.norm(functions, axis=0)
    worst = float(np.max(np.linalg.norm(defect, axis=0) / sizes, initial=0)) / scale
    try:
        sigma = stable.selfenergy()
        with_sigma = cell.astype(complex)
        with_sigma[: len(sigma), : len(sigma)] += sigma
        again = hop.conj().T @ np.linalg.solve(with_sigma, hop)
    except (np.linalg.LinAlgError, ValueError):
        return np.inf
    again[: len(sigma), : len(sigma)] += sigma
    return max(worst, float(np.linalg.norm(again)) / max(scale, float(np.linalg.norm(sigma))))


def _momenta(inverse: NDArray) -> NDArray:
    return -np.angle(inverse)


def _solve_blocks(cell: NDArray, hop: NDArray, projectors: Sequence[Any] | None) -> list[_Block]:
    if projectors is None:
        return [_solve_block(cell, hop)]
    blocks: list[_Block] = []
    solved: list[tuple[NDArray, NDArray, _Block]] = []
    for projector in projectors:
        adjoint = projector.T.conj()
        h, v = adjoint @ cell @ projector, adjoint @ hop @ projector
        # Blocks with the same matrices have the same modes, as in Kwant.
        same = (b for c, d, b in solved if np.array_equal(c, h) and np.array_equal(d, v))
        block = next(same, None)
        if block is None:
            block = _solve_block(h, v)
            solved.append((h, v, block))
        blocks.append(block)
    return blocks


def _solve_block(cell: NDArray, hop: NDArray) -> _Block:
    if not np.any(cell.imag) and not np.any(hop.imag):
        cell, hop = cell.real, hop.real
    block = _solve_hermitian_hop(cell, hop)
    if block is None and (np.iscomplexobj(cell) or np.iscomplexobj(hop)):
        block = _solve_reflected(cell, hop)
    return _solve_general(cell, hop) if block is None else block


def _solve_general(cell: NDArray, hop: NDArray) -> _Block:
    """Solve the eigenproblem of the translation operator by Kwant's Schur decomposition."""
    leads = kwant.physics.leads
    if not np.any(hop):
        return _without_hopping(len(cell))
    matrices, v, extract = leads.setup_linsys(cell, hop)
    inverse, decays, propagates, vectors, ordered = leads.unified_eigenproblem(*matrices)
    rank = v.shape[1]
    number = rank - np.count_nonzero(propagates) // 2
    grows = ~(decays | propagates)
    if np.count_nonzero(propagates) % 2 or not number == decays.sum() == grows.sum():
        raise NoModes
    decaying, growing = (ordered(select)[:, :number] for select in (decays, grows))
    psi = vectors(propagates)
    inverse = inverse[propagates]
    return _block(
        inverse,
        extract(psi, inverse),
        psi[:rank],
        psi[rank:],
        (decaying[:rank], decaying[rank:]),
        (growing[:rank], growing[rank:]),
        # The columns of v are orthogonal.
        hop @ v / np.sum(np.abs(v) ** 2, axis=0),
        v,
    )


def _without_hopping(orbitals: int) -> _Block:
    """A block without hopping between its cells, which has no modes."""
    none, waves, factor = np.zeros((0, 0)), np.zeros((orbitals, 0)), np.zeros((orbitals, 0))
    empty = np.zeros(0)
    return _Block(empty, waves, none, none, empty, (none, none), (none, none), factor, factor)


def _solve_hermitian_hop(cell: NDArray, hop: NDArray) -> _Block | None:
    """Solve the Hermitian eigenproblem h φ = -(λ + 1/λ) V φ, if V = V† is definite.

    This is the case without a field in many leads: V is a negative number times the unit matrix.
    """
    number = hop[0, 0].real
    if np.array_equal(hop, number * np.eye(len(hop))) and number:
        values, functions = la.eigh(cell)
        values = -values / number
    elif np.array_equal(hop, hop.conj().T):
        sizes = np.linalg.eigvalsh(hop)
        # An ill-conditioned V would spoil the eigenvectors.
        if not np.all(sizes * sizes[0] > 0) or np.abs(sizes).min() < 1e-2 * np.abs(sizes).max():
            return None
        sign = np.sign(sizes[0])
        values, functions = la.eigh(cell, sign * hop)
        values = -sign * values
        functions = functions / np.linalg.norm(functions, axis=0)
    else:
        return None
    # At a threshold, |λ + 1/λ| = 2, the tolerances of Kwant must decide.
    if np.any(np.abs(np.abs(values) - 2) < 1e-9):
        return None
    root = np.sqrt(np.linalg.norm(hop))
    u = hop / root
    open_, closed = np.abs(values) < 2, np.abs(values) > 2
    angles = np.arccos(values[open_] / 2)
    propagating = functions[:, open_]
    inverse = np.exp(1j * np.concatenate([angles, -angles]))
    cells = np.concatenate([propagating, propagating], axis=1)
    y = np.tile(u.conj().T @ propagating, 2) / inverse

    half = values[closed] / 2
    factors = half + np.sign(half) * np.sqrt(half**2 - 1)
    x_evanescent, y_evanescent = root * functions[:, closed], u.conj().T @ functions[:, closed]

    def basis(inverse: NDArray) -> tuple[NDArray, NDArray]:
        norms = np.hypot(
            np.linalg.norm(x_evanescent, axis=0),
            np.linalg.norm(y_evanescent, axis=0) / np.abs(inverse),
        )
        return x_evanescent / norms, y_evanescent / (inverse * norms)

    return _block(
        inverse,
        cells,
        root * cells,
        y,
        basis(factors),
        basis(1 / factors),
        u,
        root * np.eye(len(hop)),
    )


def _solve_reflected(cell: NDArray, hop: NDArray) -> _Block | None:
    """Solve in real arithmetic, if the reversed order of the sites undoes a conjugation.

    With the reflection P that reverses the sites of a cell and keeps the orbitals of each, this
    is the case h = P h* P and V = exp(2iφ) P V* P of a straight ribbon in a magnetic field, also
    with Rashba coupling. Here φ belongs to the gauge and moves all momenta by the same amount.
    In a basis q with q = P q*, h and exp(-iφ) V are real.
    """
    size = len(cell)
    for orbitals in (1, 2, 4):
        if size % orbitals:
            continue
        partner = np.arange(size).reshape(-1, orbitals)[::-1].ravel()
        factor = _reflection_factor(cell, hop, partner)
        if factor is not None:
            break
    else:
        return None
    here = np.arange(size)
    one, alone = here[here < partner], here[here == partner]
    other, columns = partner[one], np.arange(len(one))
    q = np.zeros((size, size), complex)
    q[one, columns] = q[other, columns] = np.sqrt(0.5)
    q[one, len(one) + columns] = 1j * np.sqrt(0.5)
    q[other, len(one) + columns] = -1j * np.sqrt(0.5)
    q[alone, 2 * len(one) + np.arange(len(alone))] = 1
    phase = np.sqrt(factor)
    adjoint = q.conj().T
    found = _solve_general((adjoint @ cell @ q).real, (adjoint @ hop @ q / phase).real)
    return replace(
        found,
        inverse=found.inverse / phase,
        cell=q @ found.cell,
        u=phase * (q @ found.u),
        v=q @ found.v,
    )


def _reflection_factor(cell: NDArray, hop: NDArray, partner: NDArray) -> complex | None:
    """The number exp(2iφ) of `_solve_reflected`, or None if the lead has not this reflection."""
    order = np.ix_(partner, partner)
    allowed = ROUNDING * (np.abs(cell).max() + np.abs(hop).max())
    if np.abs(cell - cell[order].conj()).max() > allowed:
        return None
    return common_factor(hop, hop[order].conj(), allowed)


def _block(
    inverse: NDArray,
    cell: NDArray,
    x: NDArray,
    y: NDArray,
    decaying: tuple[NDArray, NDArray],
    growing: tuple[NDArray, NDArray],
    u: NDArray,
    v: NDArray,
) -> _Block:
    """Normalize propagating modes to unit current, and orthogonalize the degenerate ones.

    This is what `kwant.physics.leads.make_proper_modes` does without discrete symmetries; modes
    that are alone with their momentum are done at once.
    """
    inverse, cell, x, y = (array.astype(complex) for array in (inverse, cell, x, y))
    groups = _degenerate(inverse)
    # The phases are those of Kwant, which come from a QR decomposition of every mode.
    alone = np.array([group[0] for group in groups if len(group) == 1], int)
    first = cell[0, alone].real
    lengths = np.linalg.norm(cell[:, alone], axis=0) * np.where(first < 0, 1, -1)
    for array in (cell, x, y):
        array[:, alone] /= lengths
    velocities = 2 * np.sum(y.conj() * x, axis=0).imag
    for group in groups:
        if len(group) == 1:
            continue
        if len(group) > len(cell):
            # At a threshold, two modes have the same wave function.
            raise NoModes
        cell[:, group], r = la.qr(cell[:, group], mode="economic")
        x[:, group] = la.solve(r.T, x[:, group].T).T
        y[:, group] = la.solve(r.T, y[:, group].T).T
        velocity = -1j * y[:, group].conj().T @ x[:, group]
        velocities[group], rotation = la.eigh(velocity + velocity.conj().T)
        for array in (cell, x, y):
            array[:, group] = array[:, group] @ rotation
    if np.any(np.abs(velocities) < TOLERANCE) or 2 * np.sum(velocities < 0) != len(velocities):
        raise NoModes
    current = np.sqrt(np.abs(velocities))
    return _Block(
        inverse, cell / current, x / current, y / current, velocities, decaying, growing, u, v
    )


def _degenerate(inverse: NDArray) -> list[NDArray]:
    """Group numbers on the unit circle that lie within the tolerance of their neighbours."""
    order = np.argsort(np.angle(inverse))
    if not len(order):
        return []
    gaps = np.flatnonzero(np.abs(np.diff(inverse[order], append=inverse[order[0]])) > TOLERANCE)
    if not len(gaps):
        return [order]
    # The circle is cut at a gap, so that no group is cut at λ = -1.
    order = np.roll(order, -(gaps[-1] + 1))
    sizes = np.diff(gaps, prepend=gaps[-1] - len(order))
    return np.split(order, np.cumsum(sizes)[:-1])


def _assembled(blocks: Sequence[_Block], projectors: Sequence[Any] | None) -> Modes:
    """Put the blocks of a conservation law together, in Kwant's order."""
    blocks = [block.sorted() for block in blocks]
    numbers = [len(block.velocities) // 2 for block in blocks]

    def halves(arrays: Sequence[NDArray]) -> NDArray:
        pairs = zip(arrays, numbers, strict=True)
        parts = [(array[..., :n], array[..., n:]) for array, n in pairs]
        return np.concatenate([p[0] for p in parts] + [p[1] for p in parts], axis=-1)

    def stacked(waves: Sequence[NDArray], decaying: Sequence[NDArray]) -> NDArray:
        pairs = list(zip(waves, numbers, strict=True))
        parts = [[w[:, :n] for w, n in pairs], [w[:, n:] for w, n in pairs], decaying]
        return np.hstack([la.block_diag(*part) for part in parts])

    def full(arrays: Sequence[NDArray]) -> list[NDArray]:
        if projectors is None:
            return list(arrays)
        return [projector @ array for projector, array in zip(projectors, arrays, strict=True)]

    propagating = kwant.physics.PropagatingModes(
        halves(full([block.cell for block in blocks])),
        halves([block.velocities for block in blocks]),
        halves([_momenta(block.inverse) for block in blocks]),
    )
    propagating.block_nmodes = numbers
    stable = kwant.physics.StabilizedModes(
        stacked([block.y for block in blocks], [block.decaying[1] for block in blocks]),
        stacked([block.x for block in blocks], [block.decaying[0] for block in blocks]),
        sum(numbers),
        np.hstack(full([block.v for block in blocks])),
    )
    return propagating, stable
