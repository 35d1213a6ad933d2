"""Amplitudes between transverse modes, in a basis that is the same at all energies and fields.

Kwant gives the modes of a lead phases of their own at every energy, so that its amplitudes at two
energies can't be compared. Where the Hamiltonian h of a unit cell of the lead commutes with the
hopping V to the next cell, all modes are products of a plane wave and of a transverse profile,
an eigenvector of h and V that knows no energy:

    h χ_n = ε_n χ_n,    V χ_n = v_n χ_n,    E = ε_n + 2 Re(v_n e^(-ik)).

For a straight lead of the square lattice between hard walls, χ_n(y) = sin(π n y / (W + 1)).
`transverse_profiles` finds the χ_n of a lead, and `Amplitudes` gives a block of S between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..solver.ensemble import Ensemble, Lead
    from ..solver.problem import Problem

TOLERANCE = 1e-9
"""Largest relative rounding error in what defines the profiles."""

MIXING = 0.4142, 0.2718
"""Generic numbers: profiles of equal ε_n are told apart by the real and imaginary part of v_n."""


@dataclass(frozen=True)
class Amplitudes:
    """Amplitudes from transverse mode m to n, complex, shape (samples, modes out, modes in).

    Row n belongs to the profile χ_n of ``lead_out`` and column m to χ_m of ``lead_in``, in the
    order of their transverse energies and with the largest element of each real and positive (the
    first one, where several are equally large). This basis is the same at all energies, and at
    all fields that the lead does not feel. Modes carry unit current. The amplitude of a mode that
    is closed although a later one is open is nan.

    Attributes
    ----------
    lead_out, lead_in
        The leads; (lead, block) where a lead has several blocks of a conservation law.

    Raises
    ------
    ValueError
        If a lead has no such basis: its profiles change with the energy, as in a field or with
        spin-orbit coupling, or several have the same momentum at every energy, as in a periodic
        wire or with spin.

    References
    ----------
    M. Büttiker, Phys. Rev. B 46, 12485 (1992).

    Examples
    --------
    A clean wire moves every mode on by its own phase:

    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> clean = mk.scattering(Wire(width=5, length=10), -0.9)
    >>> t = mk.Amplitudes(1, 0)(clean)[0]
    >>> bool(abs(abs(t) - np.eye(4)).max() < 1e-9)
    True
    """

    lead_out: Lead = 1
    lead_in: Lead = 0
    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = ("mode_out", "mode_in")

    def __call__(self, ensemble: Ensemble) -> NDArray:
        amplitudes = ensemble.submatrix(self.lead_out, self.lead_in)
        rows, phases_out = _of_modes(ensemble.problem, self.lead_out, "out")
        columns, phases_in = _of_modes(ensemble.problem, self.lead_in, "in")
        size = rows.max(initial=-1) + 1, columns.max(initial=-1) + 1
        result = np.full((len(ensemble), *size), complex(np.nan, np.nan))
        fixed = phases_out[:, None] * amplitudes * phases_in.conj()
        result[:, rows[:, None], columns] = fixed
        return result


def transverse_profiles(problem: Problem, lead: Lead) -> NDArray[np.complex128]:
    """The transverse profiles χ_n of a lead, or of one block of it, as columns.

    Parameters
    ----------
    problem
        What the samples of an ensemble share, `Ensemble.problem`.
    lead
        A lead, or one block of it as (lead, block).

    Returns
    -------
    numpy.ndarray
        Complex, shape (orbitals of a unit cell, profiles), normalized, in the order of the
        transverse energies ε_n. The largest element of each is real and positive.

    Raises
    ------
    ValueError
        If the lead has no such basis; the message says why.
    """
    number, block = lead if isinstance(lead, tuple) else (lead, None)
    which = f"lead {number} has no transverse modes that are the same at all energies"
    given = problem.structure.system.leads[number]
    if not hasattr(given, "cell_hamiltonian"):
        raise ValueError(f"{which} that are known: it has no Hamiltonian of a unit cell")
    cell, hop, subspaces = _matrices(given, problem.params)
    if block is None and len(subspaces) > 1:
        raise ValueError(
            f"lead {number} has {len(subspaces)} blocks of a conservation law: name one of them, "
            f"such as ({number}, 0)"
        )
    subspace = subspaces[block or 0]
    h, v = (subspace.conj().T @ matrix @ subspace for matrix in (cell, hop))
    scale = np.linalg.norm(h) + np.linalg.norm(v)
    for one, other in ((h, v), (v, v.conj().T)):
        if np.linalg.norm(one @ other - other @ one) > TOLERANCE * scale**2:
            raise ValueError(
                f"{which}: the Hamiltonian of its unit cell and its hopping do not commute, as in "
                "a field, with spin-orbit coupling, or with cells of several sites along the lead"
            )
    combined = h + MIXING[0] * (v + v.conj().T) + MIXING[1] * 1j * (v - v.conj().T)
    values, profiles = np.linalg.eigh(combined)
    if np.any(np.diff(values) < TOLERANCE * scale):
        raise ValueError(
            f"{which}: several of its modes have the same momentum at every energy, as the two "
            "directions around a periodic wire or two spins; for the latter, give the lead a "
            "conservation law and name one block, such as "
            f"({number}, 0)"
        )
    energies = np.sum(profiles.conj() * (h @ profiles), axis=0).real
    profiles = subspace @ profiles[:, np.argsort(energies, kind="stable")]
    sizes = np.abs(profiles)
    # Elements that are equal by symmetry differ by rounding: the first of them is taken.
    largest = np.argmax(sizes > (1 - 1e-6) * sizes.max(axis=0), axis=0)
    peaks = profiles[largest, np.arange(profiles.shape[1])]
    return profiles * (peaks.conj() / np.abs(peaks))


def _of_modes(problem: Problem, lead: Lead, direction: str) -> tuple[NDArray, NDArray]:
    """For every open mode of a lead, in Kwant's order: the number of its profile, and its phase."""
    profiles = transverse_profiles(problem, lead)
    number, block = lead if isinstance(lead, tuple) else (lead, 0)
    propagating = problem.modes[number][0]
    blocks = list(getattr(propagating, "block_nmodes", [])) or [len(propagating.momenta) // 2]
    start = sum(blocks[:block]) + (sum(blocks) if direction == "out" else 0)
    waves = propagating.wave_functions[:, start : start + blocks[block]]
    overlaps = profiles.conj().T @ (waves / np.linalg.norm(waves, axis=0))
    places = np.argmax(np.abs(overlaps), axis=0)
    phases = overlaps[places, np.arange(len(places))]
    if np.any(np.abs(phases) < 1 - 1e-6):
        raise ValueError(
            f"the modes of lead {number} at the energy {problem.energy} are mixtures of its "
            "transverse modes: two of them have the same momentum; take another energy nearby"
        )
    return places, phases / np.abs(phases)


def _matrices(lead: Any, params: dict[str, Any]) -> tuple[NDArray, NDArray, list[NDArray]]:
    """Of a lead: the Hamiltonian of a cell, the hopping, and the subspaces of its blocks."""
    cell = np.asarray(lead.cell_hamiltonian(params=params), complex)
    part = lead.inter_cell_hopping(params=params)
    hop = np.zeros_like(cell)
    hop[:, : part.shape[1]] = part
    projectors = lead.discrete_symmetry(params=params).projectors
    if projectors is None:
        return cell, hop, [np.eye(len(cell))]
    return cell, hop, [np.asarray(projector.toarray()) for projector in projectors]
