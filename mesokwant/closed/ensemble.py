"""The Hamiltonians of an ensemble of closed samples.

`hamiltonians` takes a system, values of its parameters, a disorder and the number of samples, and
gives a `ClosedEnsemble`. `closed_problem` sets up what the samples share, and `solve_closed` makes
ensembles of such problems, as a run needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..disorder import Disorder
from ..hamiltonian.structure import Structure
from ..hamiltonian.system import DROPPED, finalized, is_closed
from ..solver.base import Batch
from ..solver.problem import Problem, make_problem
from ..solver.scattering import checked_seed, chosen_numbers
from .diagonalization import Eigenpairs, check_size, diagonalized, distinct


@dataclass(frozen=True, eq=False, repr=False)
class ClosedEnsemble:
    """Hamiltonians of an ensemble at one set of parameters.

    ``ensemble[i]`` is the Hamiltonian of the sample at position i, a sparse matrix of shape
    (orbitals, orbitals). It is drawn when it is asked for, or when an iteration comes to it.

    Attributes
    ----------
    numbers
        Which samples these are.
    shared
        What all samples share: the system, the parameters, the disorder.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice
    >>> mk.hamiltonians(Lattice(8), disorder=mk.Anderson(1.0), samples=500)
    <ClosedEnsemble: 500 samples of 8 orbitals>
    """

    numbers: tuple[int, ...]
    shared: Problem
    _known: dict[Any, NDArray] = field(default_factory=dict, init=False)

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.numbers)

    def __repr__(self) -> str:
        samples = f"{len(self)} sample{'s'[: len(self) != 1]}"
        return f"<ClosedEnsemble: {samples} of {self.structure.num_orbitals} orbitals>"

    def __getitem__(self, index: int) -> sp.csr_array:
        """The Hamiltonian at a position in ``numbers``, shape (orbitals, orbitals)."""
        values = self.shared.values([self.numbers[index]])
        return self.shared.hamiltonian(values[0])

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(
            f"a closed ensemble has no {name!r}: it has no leads, and so nothing scatters; attach "
            "some with builder.attach_lead(lead), or use the observables of mesokwant.closed"
        )

    @property
    def structure(self) -> Structure:
        """Sparsity pattern, sites and orbitals."""
        return self.shared.structure

    @property
    def energy(self) -> float:
        """The energy that observables of a part of the spectrum look at."""
        return self.shared.energy

    @property
    def params(self) -> dict[str, Any]:
        """Values of the Kwant parameters."""
        return self.shared.params

    @property
    def resolved(self) -> tuple[int, ...]:
        """Numbers of the samples that were solved again in a safer way: none."""
        return ()

    def __iter__(self) -> Iterator[sp.csr_array]:
        """The Hamiltonians, drawn one by one."""
        return map(self.__getitem__, range(len(self)))

    @cached_property
    def positions(self) -> NDArray:
        """Position of the site of every orbital, shape (orbitals, dimensions).

        Raises
        ------
        ValueError
            If the system was not made by a `kwant.Builder` and has no sites.
        """
        structure = self.structure
        sites = np.array([site.pos for site in structure.sites], float)
        return np.repeat(sites, np.diff(structure.offsets), axis=0)

    def levels(
        self,
        index: int,
        number: int | None = None,
        method: str = "auto",
        *,
        degeneracy: int = 1,
    ) -> NDArray:
        """Eigenvalues of the Hamiltonian of a sample, in increasing order.

        They are kept, so that several observables diagonalize a sample once.

        Parameters
        ----------
        index
            Position of the sample in ``numbers``.
        number, method, degeneracy
            See `mesokwant.closed.Levels`.

        Returns
        -------
        numpy.ndarray
            Shape (number / degeneracy,).

        Raises
        ------
        ValueError
            If not every level occurs as often as ``degeneracy`` says.
        """
        key = (self.numbers[index], number, method)
        if key not in self._known:
            self._known[key] = self._diagonalized(index, number, method, states=False)[0]
        return distinct(self._known[key], degeneracy)

    def eigenstates(
        self, index: int, number: int | None = None, method: str = "auto"
    ) -> Eigenpairs:
        """Eigenvalues of the Hamiltonian of a sample, and its eigenstates.

        Parameters
        ----------
        index, number, method
            See `levels`.

        Returns
        -------
        levels
            Shape (number,), in increasing order.
        states
            Normalized, as the columns of an array of shape (orbitals, number).
        """
        return self._diagonalized(index, number, method, states=True)

    def _diagonalized(
        self, index: int, number: int | None, method: str, *, states: bool
    ) -> Eigenpairs:
        return diagonalized(self[index], number, self.energy, method=method, states=states)


class _Placeholder(ClosedEnsemble):
    """An ensemble of diagonal Hamiltonians, for a check of observables that costs little.

    Their levels are known, and so close that the motion needs few orders of its expansion.
    """

    def __getitem__(self, index: int) -> sp.csr_array:
        self.numbers[index]
        levels = np.linspace(-1e-3, 1e-3, self.structure.num_orbitals)
        return sp.csr_array(sp.diags_array(levels, dtype=self.shared.clean.dtype))

    def levels(
        self,
        index: int,
        number: int | None = None,
        method: str = "auto",
        *,
        degeneracy: int = 1,
    ) -> NDArray:
        levels = super().levels(index, number, method)
        return levels[::degeneracy]

    def _diagonalized(
        self, index: int, number: int | None, method: str, *, states: bool
    ) -> Eigenpairs:
        size = self.structure.num_orbitals
        check_size(size, number, method)
        number = size if number is None else number
        return np.linspace(-1e-3, 1e-3, number), np.eye(size, number, dtype=self.shared.clean.dtype)


def hamiltonians(
    system: Any,
    *,
    energy: float = 0.0,
    params: Mapping[str, Any] | None = None,
    disorder: Disorder | None = None,
    samples: int | None = None,
    numbers: Iterable[int] | None = None,
    seed: int = 0,
    leads: str | None = None,
) -> ClosedEnsemble:
    """Draw the Hamiltonians of an ensemble of disordered closed samples.

    A sample has the same disorder as in `mesokwant.scattering`.

    Parameters
    ----------
    system
        A value from `systems`, a `kwant.Builder`, or any finalized Kwant system.
    energy
        The energy that observables of a part of the spectrum look at, in the units of the
        Hamiltonian. It decides no matrix element.
    params, disorder, samples, numbers, seed
        See `mesokwant.scattering`.
    leads
        What becomes of the leads of a system that has some: "dropped" leaves the scattering
        region alone, with the ends where leads were attached closed.

    Returns
    -------
    ClosedEnsemble

    Raises
    ------
    TypeError
        If ``system`` is no Kwant system.
    ValueError
        If the system has leads and ``leads`` is not "dropped", if a parameter is missing or
        unknown, if the Hamiltonian is not Hermitian, if the energy is no finite real number, if
        the disorder removes sites, or if both ``samples`` and ``numbers`` are given.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice, Wire
    >>> ring = mk.hamiltonians(Lattice(3))
    >>> ring.levels(0).round(6)
    array([-2.,  1.,  1.])
    >>> mk.hamiltonians(Wire(width=5, length=10), leads="dropped")
    <ClosedEnsemble: 1 sample of 50 orbitals>
    """
    system = finalized(system)
    if not is_closed(system, leads):
        raise ValueError(
            f"the system has {len(system.leads)} leads, which change its levels into resonances: "
            f"pass leads={DROPPED!r} for the region alone, or use mesokwant.scattering"
        )
    chosen = tuple(chosen_numbers(samples, numbers))
    problem = closed_problem(
        system, energy, params=params, disorder=disorder, seed=checked_seed(seed)
    )
    return ClosedEnsemble(chosen, problem)


def closed_problem(system: Any, energy: float, **options: Any) -> Problem:
    """Set up what all samples of a closed system share.

    Parameters
    ----------
    system, energy, **options
        See `mesokwant.solver.problem.make_problem`.

    Raises
    ------
    ValueError
        If the disorder removes sites, and for the reasons of `make_problem`.
    """
    problem = make_problem(system, energy, closed=True, **options)
    if any(draw.last for draw in problem.configurations.draws):
        raise ValueError(
            "a site that Vacancies remove stays in the matrix with a level of its own, which "
            "would count in a closed system: build the system without some of its sites instead"
        )
    return problem


def solve_closed(batch: Batch) -> list[ClosedEnsemble]:
    """The ensembles of pairs (closed problem, which of its samples), in their order."""
    return [ClosedEnsemble(tuple(numbers), problem) for problem, numbers in batch]


def placeholder(problem: Problem) -> ClosedEnsemble:
    """Two samples of a closed problem with simple Hamiltonians, to check observables with."""
    return _Placeholder((0, 1), problem)


def require_closed(ensemble: Any, observable: Any) -> ClosedEnsemble:
    """Refuse an ensemble of scattering matrices.

    Raises
    ------
    TypeError
        The message says how to get a closed ensemble.
    """
    if not isinstance(ensemble, ClosedEnsemble):
        raise TypeError(
            f"{type(observable).__name__} is an observable of closed systems: say what becomes of "
            f"the leads of this one, leads={DROPPED!r} in mesokwant.Sweep or mesokwant.hamiltonians"
        )
    return ensemble
