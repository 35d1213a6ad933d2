"""The scattering matrices of an ensemble: the result of `scattering`.

An `Ensemble` holds one scattering matrix per sample. It gives amplitudes, transmissions and
numbers of modes between leads for all samples at once. Of a single sample it gives the scattering
matrix as Kwant's own object, and the finalized system for any other tool of Kwant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian import kwant
from ..hamiltonian.sample import sample_system
from .base import Backend
from .problem import Problem, check_energy
from .reference import KwantBackend

Lead = int | tuple[int, int]
"""All modes of a lead, by its number, or one block of them, by (lead, block).

Leads are numbered in the order in which they were attached. A lead with a conservation law has
one block of modes per eigenvalue of the conserved quantity, as in Kwant: where the law is -σ_z,
block 0 is spin up and block 1 spin down. Other leads have block 0 alone.
"""


@dataclass(frozen=True, eq=False, repr=False)
class Ensemble:
    """Scattering matrices of an ensemble at one energy and one set of parameters.

    Methods take a lead by its number, or one block of a lead with a conservation
    law as (lead, block).

    Attributes
    ----------
    data
        Complex amplitudes, shape (samples, modes out, modes in). Leads come in
        increasing order, and the modes of each in Kwant's order.
    numbers
        Which samples these are, in the order of ``data``.
    problem
        What all samples share: the system, the lead modes, the parameters.
    resolved
        Numbers of the samples whose rounding errors could have been too large, so
        that the solver solved them again in a safer way.
    backend
        What solved the samples; `shifted` solves by the same.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> mk.scattering(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(1.0), samples=500)
    <Ensemble: 500 samples, leads 0 and 1 with 4 modes>
    """

    data: NDArray
    numbers: tuple[int, ...]
    problem: Problem
    resolved: tuple[int, ...] = ()
    backend: Backend = field(default_factory=KwantBackend)

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.numbers)

    def __repr__(self) -> str:
        problem = self.problem
        if problem.in_leads == problem.out_leads:
            leads = self._described(problem.in_leads)
        else:
            leads = f"from {self._described(problem.in_leads)}"
            leads += f" to {self._described(problem.out_leads)}"
        again = f", {len(self.resolved)} solved again" if self.resolved else ""
        return f"<Ensemble: {_counted(len(self), 'sample')}, {leads}{again}>"

    def __getitem__(self, index: int) -> Any:
        """The scattering matrix at a position in ``data``, as Kwant's own object.

        Returns
        -------
        kwant.solvers.common.SMatrix

        Examples
        --------
        >>> import mesokwant as mk
        >>> from systems import Wire
        >>> ensemble = mk.scattering(Wire(width=5, length=10), -0.9)
        >>> print(f"{ensemble[0].transmission(1, 0):.6f}")
        4.000000
        """
        return self._as_smatrix(self.data[index])

    def system(self, number: int) -> Any:
        """One sample as a finalized Kwant system, its disorder in place and its leads attached.

        `kwant.wave_function`, `kwant.ldos`, `kwant.operator`, `kwant.plotter`, `kwant.kpm` and all
        other tools of Kwant take it. It has no parameters: their values are part of it, so that the
        tools are called without ``params``. Passing the same values does no harm, and other values
        are refused. At the energy of the ensemble, its leads have the modes of the ensemble: the
        wave function of row n belongs to column n of `submatrix`. At other energies, they are
        Kwant's own.

        All samples have the same sites in the same order. A site that `mesokwant.Vacancies` removes
        is without hoppings, and its on-site energy lies below the energy of the ensemble by the
        largest element of H: wave functions vanish there, but a density of states at that lower
        energy has these levels.

        Parameters
        ----------
        number
            The number of the sample, one of `numbers`.

        Returns
        -------
        kwant.system.FiniteSystem

        Raises
        ------
        ValueError
            If the ensemble does not have this sample.

        Examples
        --------
        >>> import kwant
        >>> import mesokwant as mk
        >>> from systems import Wire
        >>> ensemble = mk.scattering(
        ...     Wire(width=5, length=10), -0.9, disorder=mk.Anderson(1.0), samples=5
        ... )
        >>> sample = ensemble.system(3)
        >>> incoming = kwant.wave_function(sample, energy=-0.9)(0)
        >>> incoming.shape
        (4, 50)
        >>> bool((kwant.operator.Density(sample)(incoming[0]) > 0).all())
        True
        """
        if number not in self.numbers:
            raise ValueError(
                f"there is no sample {number!r} in this ensemble: solve it with "
                f"scattering(..., numbers=[{number!r}])"
            )
        problem = self.problem
        return sample_system(
            problem.structure,
            problem.hamiltonian(problem.values([number])[0]).data,
            problem.params,
            energy=problem.energy,
            modes=problem.modes,
        )

    def shifted(self, energy: float) -> Ensemble:
        """Solve the same samples with the energy raised in the scattering region alone.

        The potential of all sites of the region is lowered by this energy. The leads and the
        phases of their modes stay as they are, so that the difference of two scattering matrices
        is that of the sample: their derivative gives the times that electrons spend in it, see
        `mesokwant.DelayMatrix`. At another ``energy`` of `mesokwant.scattering` the modes, and
        the phases that Kwant gives them, are others.

        Parameters
        ----------
        energy
            In the units of the Hamiltonian, of any sign.

        Returns
        -------
        Ensemble

        Raises
        ------
        ValueError
            If the energy is no finite real number.

        Examples
        --------
        >>> import mesokwant as mk
        >>> from systems import Wire
        >>> wire = mk.scattering(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(1.0))
        >>> bool(abs(wire.shifted(0.1).data - wire.data).max() > 0.1)
        True
        """
        check_energy(energy)
        problem = self.problem.shifted(energy)
        solution = self.backend.solve([(problem, self.numbers)])[0]
        return Ensemble(solution.data, self.numbers, problem, solution.resolved, self.backend)

    def submatrix(self, lead_out: Lead, lead_in: Lead) -> NDArray:
        """Amplitudes from one lead to another.

        Parameters
        ----------
        lead_out, lead_in
            A lead, or one block of it as (lead, block).

        Returns
        -------
        numpy.ndarray
            Complex, shape (samples, modes out, modes in).

        Raises
        ------
        ValueError
            If the lead was not solved for, or has no such block.

        Examples
        --------
        >>> import mesokwant as mk
        >>> from systems import Wire
        >>> ensemble = mk.scattering(Wire(width=5, length=10), -0.9, samples=3)
        >>> ensemble.submatrix(1, 0).shape
        (3, 4, 4)
        """
        self._check(lead_out, lead_in)
        rows = self._places(lead_out, self.problem.out_leads)
        columns = self._places(lead_in, self.problem.in_leads)
        return self.data[:, rows, columns]

    def transmission(self, lead_out: Lead, lead_in: Lead) -> NDArray:
        """Transmission T = Tr tt† from one lead to another, or reflection Tr rr† into the same.

        Parameters
        ----------
        lead_out, lead_in
            A lead, or one block of it as (lead, block).

        Returns
        -------
        numpy.ndarray
            Real, shape (samples,).

        Raises
        ------
        ValueError
            If the lead was not solved for, or has no such block.

        Examples
        --------
        >>> import mesokwant as mk
        >>> from systems import Wire
        >>> ensemble = mk.scattering(
        ...     Wire(width=5, length=10), -0.9, disorder=mk.Anderson(1.0), samples=3
        ... )
        >>> current = ensemble.transmission(1, 0) + ensemble.transmission(0, 0)
        >>> bool(abs(current - 4).max() < 1e-9)
        True
        """
        return np.sum(np.abs(self.submatrix(lead_out, lead_in)) ** 2, axis=(1, 2))

    def num_propagating(self, lead: Lead) -> int:
        """Number of propagating modes of a lead, or of one block of it.

        Parameters
        ----------
        lead
            A lead, or one block of it as (lead, block). It need not be among those
            that were solved for.

        Raises
        ------
        ValueError
            If there is no such lead or block.

        Examples
        --------
        >>> import mesokwant as mk
        >>> from systems import SpinOrbitRibbon
        >>> system = SpinOrbitRibbon(5, 10, coupling="rashba", lead_spin_orbit=False)
        >>> params = {"alpha": 0.2, "zeeman": 0.0, "flux": 0.0}
        >>> ensemble = mk.scattering(system, -0.9, params=params)
        >>> ensemble.num_propagating(0), ensemble.num_propagating((0, 1))
        (8, 4)
        """
        self._check_lead(lead, range(len(self.problem.modes)), "the system has")
        if isinstance(lead, tuple):
            return _block_nmodes(self.problem, lead[0])[lead[1]]
        return self.problem.num_propagating(lead)

    def _places(self, lead: Lead, leads: Sequence[int]) -> slice:
        """Where the modes of a lead, or of one block of it, are among those of some leads."""
        number = lead[0] if isinstance(lead, tuple) else lead
        before = leads[: leads.index(number)]
        start = sum(self.problem.num_propagating(other) for other in before)
        if not isinstance(lead, tuple):
            return slice(start, start + self.problem.num_propagating(number))
        blocks = _block_nmodes(self.problem, number)
        start += sum(blocks[: lead[1]])
        return slice(start, start + blocks[lead[1]])

    def _as_smatrix(self, data: NDArray) -> Any:
        problem = self.problem
        info = [propagating for propagating, _ in problem.modes]
        return kwant.solvers.common.SMatrix(data, info, problem.out_leads, problem.in_leads)

    def _check(self, lead_out: Lead, lead_in: Lead) -> None:
        self._check_lead(lead_out, self.problem.out_leads, "solved with out_leads")
        self._check_lead(lead_in, self.problem.in_leads, "solved with in_leads")

    def _check_lead(self, lead: Lead, known: Sequence[int], what: str) -> None:
        number, block = lead if isinstance(lead, tuple) else (lead, 0)
        if number not in known:
            raise ValueError(f"there is no lead {number} here: {what} {list(known)}")
        blocks = len(_block_nmodes(self.problem, number))
        if not 0 <= block < blocks:
            raise ValueError(
                f"lead {number} has no block {block}: its conservation law gives {blocks} block(s)"
            )

    def _described(self, leads: Sequence[int]) -> str:
        """Some leads and how many modes they have, in words."""
        modes = [self.problem.num_propagating(lead) for lead in leads]
        noun = "lead" if len(leads) == 1 else "leads"
        if len(set(modes)) == 1:
            return f"{noun} {_joined(map(str, leads))} with {_counted(modes[0], 'mode')}"
        each = (f"{n} ({_counted(m, 'mode')})" for n, m in zip(leads, modes, strict=True))
        return f"{noun} {_joined(each)}"


def _block_nmodes(problem: Problem, lead: int) -> list[int]:
    """Number of propagating modes of every block of a lead; one block at least."""
    # Kwant gives no blocks to a lead without hopping between its unit cells; it has no modes.
    return list(getattr(problem.modes[lead][0], "block_nmodes", [])) or [0]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _joined(texts: Iterable[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
