"""Compute the scattering matrices of an ensemble of disordered samples.

`scattering` takes a system, an energy, values of the system's parameters, a disorder and the
number of samples, and gives an `Ensemble`. `solve` does the same for a `Problem` that has been
set up before, and `solve_batch` for several of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any

from ..disorder import Disorder
from .backends import choose
from .base import Backend, Batch
from .ensemble import Ensemble
from .problem import Problem, make_problem


def scattering(
    system: Any,
    energy: float,
    *,
    params: Mapping[str, Any] | None = None,
    disorder: Disorder | None = None,
    samples: int | None = None,
    numbers: Iterable[int] | None = None,
    seed: int = 0,
    in_leads: Sequence[int] | None = None,
    out_leads: Sequence[int] | None = None,
    solver: str = "auto",
    check_hermiticity: bool = True,
) -> Ensemble:
    """Compute the scattering matrices of an ensemble of disordered samples.

    Parameters
    ----------
    system
        A value from `systems`, a `kwant.Builder`, or any finalized Kwant
        system. It may have any lattice and any number of leads and orbitals.
    energy
        Energy, in the units of the Hamiltonian.
    params
        Values of the Kwant parameters of the system and its leads. A parameter
        named ``salt`` may be missing: every sample then gets another string for
        it, from which value functions can draw disorder (`kwant.digest`). This
        costs one evaluation of the Hamiltonian in Python per sample.
    disorder
        Disorder of the scattering region, e.g. ``Anderson(strength=1.5)``.
    samples
        How many samples to solve: those with the numbers 0, 1, ..., samples - 1.
        One sample by default.
    numbers
        Which samples to solve, given by their numbers, instead of ``samples``.
    seed
        Seed of the ensemble. The disorder of a sample depends on the seed and on
        the number of the sample alone.
    in_leads, out_leads
        Leads whose modes come in and go out; all leads by default.
    solver
        "kwant" solves every sample by Kwant (the reference); "batched" shares
        one elimination between all samples; "auto" takes the faster one.
    check_hermiticity
        Whether a Hamiltonian that is not Hermitian is refused.

    Returns
    -------
    Ensemble

    Raises
    ------
    TypeError
        If ``system`` is no Kwant system.
    ValueError
        If a parameter is missing or unknown, if a lead or solver does not exist,
        if the energy is no finite real number, if the Hamiltonian is not
        Hermitian, or if both ``samples`` and ``numbers`` are given.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Wire
    >>> mk.scattering(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(1.0), samples=3)
    <Ensemble: 3 samples, leads 0 and 1 with 4 modes>
    """
    chosen = chosen_numbers(samples, numbers)
    problem = make_problem(
        system,
        energy,
        params=params,
        disorder=disorder,
        seed=checked_seed(seed),
        in_leads=in_leads,
        out_leads=out_leads,
        check_hermiticity=check_hermiticity,
    )
    return solve(problem, chosen, solver)


def solve(problem: Problem, numbers: Sequence[int], solver: str = "auto") -> Ensemble:
    """Solve some samples of a problem that has been set up before.

    Parameters
    ----------
    problem
        What the samples share, from `make_problem`.
    numbers
        Which samples to solve.
    solver
        Name of the back end, or "auto" for the faster one.

    Returns
    -------
    Ensemble

    Raises
    ------
    ValueError
        If no back end has this name.
    """
    return solve_batch([(problem, numbers)], choose(solver, problem, len(numbers), reuse=True))[0]


def solve_batch(batch: Batch, backend: Backend) -> list[Ensemble]:
    """Solve some samples of several problems at once.

    Parameters
    ----------
    batch
        Pairs (problem, which of its samples to solve); the problems may differ in energy,
        parameters, disorder and leads.
    backend
        What solves them, from `mesokwant.solver.backends.choose`.

    Returns
    -------
    list of Ensemble
        One for every pair, in their order.
    """
    return [
        Ensemble(solution.data, tuple(numbers), problem, solution.resolved, backend)
        for (problem, numbers), solution in zip(batch, backend.solve(batch), strict=True)
    ]


def checked_seed(seed: Any) -> int:
    """The seed of an ensemble; what is none is refused."""
    if not isinstance(seed, Integral) or not 0 <= int(seed) < 2**64:
        raise ValueError(f"the seed must be an integer from 0 to 2**64 - 1, not {seed!r}")
    return int(seed)


def chosen_numbers(samples: int | None, numbers: Iterable[int] | None) -> list[int]:
    """Numbers of the samples to solve, from their count or from the numbers themselves."""
    if numbers is None:
        count = 1 if samples is None else samples
        if isinstance(count, bool) or not isinstance(count, Integral) or count < 1:
            raise ValueError(
                f"samples is how many samples to solve, a positive integer, not {samples!r}; "
                "to choose them one by one, give their numbers: numbers=[0, 4, 2]"
            )
        return list(range(int(count)))
    if samples is not None:
        raise ValueError(
            "samples is how many samples to solve and numbers is which ones: give one of the two"
        )
    chosen = list(numbers)
    if not chosen or not all(isinstance(n, Integral) and n >= 0 for n in chosen):
        raise ValueError(
            f"numbers must be one or more of the integers 0, 1, 2, ..., not {chosen!r}"
        )
    return [int(n) for n in chosen]
