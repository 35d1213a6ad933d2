"""`scattering`: the S-matrices of a disordered ensemble, and what they say at first sight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
from kwant.solvers.common import SMatrix
from numpy.typing import NDArray

from ..disorder import Disorder
from .backends import choose
from .problem import Problem, make_problem

Lead = int | tuple[int, int]
"""A lead, or (lead, block) of a lead with a conservation law, as in Kwant."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Scattering matrices of an ensemble at one energy and one set of parameters.

    Attributes
    ----------
    data
        Shape (samples, modes out, modes in), complex.
    samples
        Number of each sample, shape (samples,).
    problem
        What all samples share.
    resolved
        Numbers of the samples that the solver's guard sent to a safer path.
    """

    data: NDArray
    samples: tuple[int, ...]
    problem: Problem
    resolved: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> SMatrix:
        """The scattering matrix at ``index`` as Kwant's own object."""
        return self._as_smatrix(self.data[index])

    def submatrix(self, lead_out: Lead, lead_in: Lead) -> NDArray:
        """Amplitudes from `lead_in` to `lead_out`, shape (samples, modes out, modes in)."""
        self._check(lead_out, lead_in)
        rows = self._layout.out_block_coords(lead_out)
        columns = self._layout.in_block_coords(lead_in)
        return self.data[:, rows, columns]

    def transmission(self, lead_out: Lead, lead_in: Lead) -> NDArray:
        """Transmission T = Tr tt† from `lead_in` to `lead_out`, shape (samples,).

        For ``lead_out == lead_in`` it is the reflection Tr rr†.
        """
        return np.sum(np.abs(self.submatrix(lead_out, lead_in)) ** 2, axis=(1, 2))

    def num_propagating(self, lead: int) -> int:
        """Number of propagating modes of a lead."""
        self._check_number(lead, range(len(self.problem.modes)), "the system has")
        return len(self.problem.modes[lead][0].momenta) // 2

    @cached_property
    def _layout(self) -> SMatrix:
        return self._as_smatrix(np.empty(self.data.shape[1:], complex))

    def _as_smatrix(self, data: NDArray) -> SMatrix:
        problem = self.problem
        info = [prop for prop, _ in problem.modes]
        return SMatrix(data, info, problem.out_leads, problem.in_leads)

    def _check(self, lead_out: Lead, lead_in: Lead) -> None:
        self._check_number(lead_out, self.problem.out_leads, "solved with out_leads")
        self._check_number(lead_in, self.problem.in_leads, "solved with in_leads")

    def _check_number(self, lead: Lead, known: Sequence[int], what: str) -> None:
        number, block = lead if isinstance(lead, tuple) else (lead, 0)
        if number not in known:
            raise ValueError(f"there is no lead {number} here: {what} {list(known)}")
        # A lead without hopping between its cells has no modes, and no blocks either.
        blocks = getattr(self.problem.modes[number][0], "block_nmodes", [0])
        if not 0 <= block < max(len(blocks), 1):
            raise ValueError(
                f"lead {number} has no block {block}: its conservation law gives "
                f"{len(blocks)} block(s)"
            )


def scattering(
    system: Any,
    energy: float,
    *,
    params: Mapping[str, Any] | None = None,
    disorder: Disorder | None = None,
    samples: int | Iterable[int] = 1,
    seed: int = 0,
    in_leads: Sequence[int] | None = None,
    out_leads: Sequence[int] | None = None,
    solver: str = "auto",
    check_hermiticity: bool = True,
) -> Ensemble:
    """Scattering matrices of an ensemble of disordered samples.

    Parameters
    ----------
    system
        A value from `systems`, a `kwant.Builder`, or any finalized Kwant
        system: any lattice, any number of leads and orbitals.
    energy
        Energy, in the units of the Hamiltonian.
    params
        Values of the Kwant parameters of the system and its leads. A parameter
        named ``salt`` may be left out: it is then another string for every
        sample, and value functions can draw disorder from it
        (`kwant.digest`). That costs one evaluation of the Hamiltonian in
        Python per sample.
    disorder
        Disorder of the scattering region, e.g. ``Anderson(strength=1.5)``.
    samples
        Number of samples (0, 1, ..., samples - 1), or the numbers themselves.
    seed
        (seed, sample) alone decides the disorder of a sample.
    in_leads, out_leads
        Restriction to these leads; all by default.
    solver
        "kwant" (the reference), "batched" (elimination shared by all samples),
        or "auto": the faster one.
    check_hermiticity
        Refuse a Hamiltonian that is not Hermitian.

    Returns
    -------
    Ensemble

    Raises
    ------
    ValueError
        For missing or unknown parameters, leads or solvers; each message names
        the way out.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> ens = mk.scattering(Wire(width=5, length=10), -1.0, disorder=mk.Anderson(1.0), samples=3)
    >>> ens.transmission(1, 0).shape
    (3,)
    """
    numbers = _numbers(samples)
    if not isinstance(seed, Integral) or not 0 <= seed < 2**64:
        raise ValueError(f"seed must be an integer from 0 to 2**64 - 1, not {seed!r}")
    problem = make_problem(
        system,
        energy,
        params=params,
        disorder=disorder,
        seed=int(seed),
        in_leads=in_leads,
        out_leads=out_leads,
        check_hermiticity=check_hermiticity,
    )
    return solve(problem, numbers, solver)


def solve(problem: Problem, samples: Sequence[int], solver: str = "auto") -> Ensemble:
    """Solve some samples of a problem that is already set up."""
    solution = choose(solver, problem, len(samples)).solve(problem, samples)
    return Ensemble(solution.data, tuple(samples), problem, solution.resolved)


def _numbers(samples: int | Iterable[int]) -> list[int]:
    if not isinstance(samples, Iterable):
        samples = range(samples)
    numbers = [int(sample) for sample in samples]
    if not numbers or min(numbers) < 0:
        raise ValueError(
            "samples must be a positive number of samples, or their numbers (0, 1, 2, ...)"
        )
    return numbers
