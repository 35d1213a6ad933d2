"""A scattering problem: everything that the samples of one parameter point share.

`make_problem` takes a system, an energy, values of its parameters and a disorder, checks them,
evaluates the clean Hamiltonian and the lead modes once, and gives a `Problem`. Its method
`Problem.values` gives the elements of H that differ from sample to sample, which is all that a
back end needs beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..disorder import Configurations, Disorder, bind
from ..hamiltonian.structure import Index, Structure, structure_of
from ..hamiltonian.system import SALT, check_params, finalized, require_leads
from .modes import lead_modes


@dataclass(frozen=True, eq=False)
class Problem:
    """An ensemble at one energy and one set of parameters.

    The clean Hamiltonian and the lead modes have been evaluated once; samples
    differ in the values of the elements `varying` alone.

    Attributes
    ----------
    structure
        Sparsity pattern, orbitals and interfaces; shared by all parameter points.
    energy, params
        The parameter point: the energy, in the units of the Hamiltonian, and the
        values of the Kwant parameters.
    clean
        Elements of the clean Hamiltonian in the order of the pattern, shape
        (nnz,); a real array if they are all real.
    hermitian
        Whether the clean Hamiltonian is Hermitian: it has no gain or loss.
    modes
        Kwant's (PropagatingModes, StabilizedModes) of every lead; read-only, because they
        are kept for other problems (`mesokwant.solver.modes`). A closed problem has none.
    in_leads, out_leads
        The leads whose modes come in and go out, in increasing order.
    configurations
        The disorder, bound to the structure.
    seed
        Seed of the ensemble; the seed and the number of a sample decide its disorder.
    shift
        How far the energies of the scattering region have been raised, as `shifted` does.
    """

    structure: Structure
    energy: float
    params: dict[str, Any]
    clean: NDArray
    hermitian: bool
    modes: list[Any]
    in_leads: list[int]
    out_leads: list[int]
    configurations: Configurations
    seed: int
    shift: float = 0.0

    @cached_property
    def varying(self) -> Index:
        """Positions in the pattern of the elements that vary from sample to sample.

        Shape (elements,), sorted.
        """
        if self.salted:
            return np.arange(len(self.clean))
        return self.configurations.entries

    @property
    def is_closed(self) -> bool:
        """Whether there are no leads, or they were dropped: the Hamiltonian is all there is."""
        return not self.modes

    @property
    def salted(self) -> bool:
        """Whether value functions of the system draw disorder from the parameter ``salt``."""
        return SALT in self.structure.system.parameters and SALT not in self.params

    @property
    def real(self) -> bool:
        """Whether the Hamiltonian of every sample is real."""
        return not np.iscomplexobj(self.clean) and self.configurations.real

    def shifted(self, energy: float) -> Problem:
        """The same problem with the energy raised in the scattering region alone.

        The energy is taken off the diagonal of the Hamiltonian of the region. The leads and their
        modes stay as they are, and so do the phases of the modes.
        """
        clean = self.clean - energy * self.structure.diagonal
        return replace(self, clean=clean, shift=self.shift + energy)

    def num_propagating(self, lead: int) -> int:
        """Number of propagating modes of a lead, as many coming in as going out."""
        return len(self.modes[lead][0].momenta) // 2

    def values(self, numbers: Sequence[int]) -> NDArray:
        """Draw the varying elements of some samples.

        Those of a sample depend on the seed and its number, and not on the other
        samples asked for.

        Parameters
        ----------
        numbers
            Which samples.

        Returns
        -------
        numpy.ndarray
            Elements of H at the positions `varying`, shape (samples, elements); real
            if `real`, else complex.

        Raises
        ------
        ValueError
            If value functions of ``salt`` gave a real Hamiltonian for one salt and
            give a complex one for another.
        """
        dtype = float if self.real else complex
        result = np.empty((len(numbers), len(self.varying)), dtype)
        clean = self.clean[self.varying]
        for row, number in enumerate(numbers):
            if self.salted:
                clean = self._salted_values(number)
                result[row] = clean
                if self.configurations.draws:
                    at = self.configurations.entries
                    result[row, at] = self.configurations.values(
                        clean[at], self.seed, number, self.energy
                    )
            else:
                result[row] = self.configurations.values(clean, self.seed, number, self.energy)
        return result

    def _salted_values(self, number: int) -> NDArray:
        """All elements of H for the salt of a sample."""
        values = self.structure.values(self.params | {SALT: f"{self.seed}-{number}"})
        values = values - self.shift * self.structure.diagonal
        if self.real:
            if np.any(values.imag):
                raise ValueError(
                    "the value functions that depend on 'salt' gave a real Hamiltonian for one "
                    "salt and a complex one for another; let them return complex values always"
                )
            return values.real
        return values

    def hamiltonian(self, values: NDArray) -> sp.csr_array:
        """The Hamiltonian of one sample, given its row of `values`, shape (orbitals, orbitals)."""
        data = self.clean.astype(np.result_type(self.clean, values))
        data[self.varying] = values
        n = self.structure.num_orbitals
        return sp.csr_array((data, self.structure.indices, self.structure.indptr), shape=(n, n))


def make_problem(
    system: Any,
    energy: float,
    *,
    params: Mapping[str, Any] | None = None,
    disorder: Disorder | None = None,
    seed: int = 0,
    in_leads: Sequence[int] | None = None,
    out_leads: Sequence[int] | None = None,
    structure: Structure | None = None,
    configurations: Configurations | None = None,
    check_hermiticity: bool = True,
    closed: bool = False,
) -> Problem:
    """Evaluate what all samples of a parameter point share.

    Parameters
    ----------
    system, energy, params, disorder, seed, in_leads, out_leads, check_hermiticity
        See `mesokwant.scattering`.
    structure, configurations
        Structure of this system and disorder bound to it, if they are known from
        another parameter point; this saves working them out again.
    closed
        Whether only the Hamiltonian is wanted, of a system without leads or without regard to
        them. The energy then decides nothing but the window that observables look at.

    Returns
    -------
    Problem

    Raises
    ------
    TypeError
        If ``system`` is no Kwant system.
    ValueError
        If a parameter is missing or unknown, if a lead does not exist or has no
        modes, if the Hamiltonian is not Hermitian, or if the energy is no finite
        real number; if there are no leads, or some are named of a closed problem.

    Warns
    -----
    RuntimeWarning
        If the energy lies at a mode threshold of a lead; once for a lead and an energy.
    """
    system = finalized(system)
    if not closed:
        require_leads(system)
    elif in_leads is not None or out_leads is not None:
        raise ValueError("a closed system has no leads: omit in_leads and out_leads")
    if params is not None and not isinstance(params, Mapping):
        raise TypeError(
            "params must map names of Kwant parameters to values, such as {'flux': 0.01}, "
            f"not {params!r}"
        )
    params = dict(params or {})
    check_params(system, params, closed=closed)
    check_energy(energy)
    if structure is None:
        structure = structure_of(system, params | _first_salt(system, params))
    clean: NDArray[Any] = structure.values(params | _first_salt(system, params))
    hermitian = _is_hermitian(structure, clean, required=check_hermiticity)
    if not np.any(clean.imag):
        clean = clean.real.copy()
    in_leads = [] if closed else _checked_leads(system, in_leads, "in_leads")
    out_leads = [] if closed else _checked_leads(system, out_leads, "out_leads")
    return Problem(
        structure=structure,
        energy=energy,
        params=params,
        clean=clean,
        hermitian=hermitian,
        modes=[] if closed else lead_modes(system, energy, params),
        in_leads=in_leads,
        out_leads=out_leads,
        configurations=bind(disorder, structure) if configurations is None else configurations,
        seed=seed,
    )


def check_energy(energy: Any) -> None:
    """Refuse an energy that is no finite real number."""
    number = np.asarray(energy)
    if number.ndim or number.dtype.kind not in "iuf" or not np.isfinite(number):
        raise ValueError(f"the energy must be a finite real number, not {energy!r}")


def _first_salt(system: Any, params: dict[str, Any]) -> dict[str, str]:
    """A value for ``salt``, if the system needs one and none is given."""
    return {SALT: ""} if SALT in system.parameters and SALT not in params else {}


def _is_hermitian(structure: Structure, clean: NDArray, *, required: bool) -> bool:
    """Whether a Hamiltonian is Hermitian; one that is not is refused where this is required."""
    adjoint = clean[structure.transposed].conj()
    # This is how it nearly always ends, and much faster than what follows.
    if np.array_equal(clean, adjoint):
        return True
    difference = np.abs(clean - adjoint)
    if not difference.max() > 1e-13 * np.abs(clean).max():
        return True
    if required:
        worst = int(difference.argmax())
        row, column = structure.entry_sites[:, worst]
        raise ValueError(
            f"the Hamiltonian is not Hermitian between sites {row} and {column}; correct its value "
            "function, or pass check_hermiticity=False if you want gain or loss"
        )
    return False


def _checked_leads(system: Any, leads: Sequence[int] | None, what: str) -> list[int]:
    number = len(system.leads)
    if leads is not None and (
        not isinstance(leads, Iterable) or any(not isinstance(lead, Integral) for lead in leads)
    ):
        raise TypeError(f"{what} must be a sequence of leads, such as (0, 1), not {leads!r}")
    chosen = sorted(set(range(number) if leads is None else leads))
    if not chosen:
        raise ValueError(f"{what} is empty; name at least one of the leads 0 to {number - 1}")
    for lead in chosen:
        if not 0 <= lead < number:
            raise ValueError(f"{what}: there is no lead {lead}; the leads are 0 to {number - 1}")
    return chosen
