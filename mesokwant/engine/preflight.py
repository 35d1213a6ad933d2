"""Preflight: what can't work is refused before anything is computed or written.

The first point of every sweep is set up, and its observables are applied to a random scattering
matrix, or, in a closed system, to a diagonal Hamiltonian. A missing parameter, a Hamiltonian that
is not Hermitian or a lead that does not exist is therefore refused at once, at the cost of no
sample. If the first point fails but the last one works, the study is accepted; failing points are
then recorded sample by sample.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..closed.ensemble import placeholder
from ..hamiltonian import kwant
from ..point import Point
from ..solver.backends import choose
from ..solver.base import Backend
from ..solver.ensemble import Ensemble
from ..solver.problem import Problem
from ..solver.reference import KwantBackend
from ..store.block import RESERVED
from ..store.table import imaginary
from ..study.study import Study
from ..study.sweep import Sweep
from .plan import system_axes
from .worker import evaluate_observables, problem_of

USER_ERRORS = (ValueError, TypeError, LookupError, AttributeError, NameError)


def check(study: Study) -> dict[str, Backend]:
    """Set up the first point of every sweep of a study, and decide by which back end to solve it.

    The decision depends on the size of the whole sweep as it is asked for. What is stored already,
    how a batch is cut, and what a process has done before must not matter: the back ends differ by
    rounding errors, and a run that was interrupted must continue with the same back end.

    Returns
    -------
    dict
        Name of a sweep -> the back end that solves all of it.

    Raises
    ------
    ValueError, TypeError
        With the way out.
    """
    return {name: _checked(sweep, study.seed) for name, sweep in study.named_sweeps.items()}


def _checked(sweep: Sweep, seed: int) -> Backend:
    _check_names(sweep)
    first = next(sweep.points)
    for axis, values in sweep.axes.items():
        for value in values:
            sweep.at({**first, axis: value})  # the values refuse what they can't be
    last, middle = (
        Point({axis: values[place(values)] for axis, values in sweep.axes.items()})
        for place in (lambda values: -1, lambda values: len(values) // 2)
    )
    mistakes: list[Exception | None] = []
    for point in dict.fromkeys((first, last, middle)):
        found = _set_up(sweep, point, seed)
        if isinstance(found, Problem):
            if found.is_closed:
                return _unused(sweep.solver)
            return choose(sweep.solver, found, _samples_of_a_system(sweep))
        mistakes.append(found)
    if None not in mistakes:
        raise next(filter(None, mistakes))
    # Numerical trouble is recorded sample by sample. No point without it was found here, so that
    # "auto" has nothing to go by; every other name decides alone.
    name = "kwant" if sweep.solver == "auto" else sweep.solver
    return choose(name, None, 1)  # type: ignore[arg-type]


def _unused(solver: str) -> Backend:
    """A back end for a closed system, which no back end solves."""
    if solver != "auto":
        raise ValueError(
            f"a closed system has no scattering matrix for solver={solver!r} to compute: omit it; "
            "the observables of mesokwant.closed have methods of their own"
        )
    return KwantBackend()


def _samples_of_a_system(sweep: Sweep) -> int:
    systems = math.prod(len(sweep.axes[axis]) for axis in system_axes(sweep))
    return sweep.size // systems * sweep.samples


def _set_up(sweep: Sweep, point: Point, seed: int) -> Problem | Exception | None:
    """The problem of a point, the mistake that it ends in, or None for numerical trouble."""
    fixed = sweep.at(point)
    try:
        # A warning that the energy lies at a mode threshold comes here and not again.
        problem = problem_of(fixed, seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they come again with the samples
            _check_observables(fixed, problem)
    except (np.linalg.LinAlgError, ArithmeticError, RuntimeError):
        return None
    except kwant.UserCodeError as error:
        return ValueError(f"{str(error).splitlines()[0]} ({error.__cause__!r})")
    except USER_ERRORS as error:
        return error
    return problem


def _check_names(sweep: Sweep) -> None:
    sweep.check_axes()
    inner = {dim for f in sweep.observables.values() for dim in getattr(f, "dims", ())}
    uses = [*sweep.axes, *sweep.observables, *inner]
    columns = {*RESERVED, *map(imaginary, sweep.observables)}
    for name in uses:
        if name in columns or uses.count(name) > 1:
            raise ValueError(f"rename the axis or observable {name!r}: the name has another use")


def _example(problem: Problem) -> Any:
    """An ensemble of two samples that were not computed."""
    if problem.is_closed:
        return placeholder(problem)
    modes = [len(properties.momenta) // 2 for properties, _ in problem.modes]
    rows = sum(modes[lead] for lead in problem.out_leads)
    columns = sum(modes[lead] for lead in problem.in_leads)
    rng = np.random.default_rng(0)
    data = np.linalg.qr(rng.normal(size=(2, max(rows, columns), max(rows, columns))))[0]
    return Ensemble(data[:, :rows, :columns].astype(complex), (0, 1), problem)


def _check_observables(sweep: Sweep, problem: Problem) -> None:
    ensemble = _example(problem)
    for name, observable in sweep.observables.items():
        try:
            array = evaluate_observables(sweep, ensemble, [name])[name]
        except USER_ERRORS as error:
            text = str(error)
            named = text if name in text else f"the observable {name!r}: {text}"
            raise ValueError(named) from error
        dims = getattr(observable, "dims", ())
        if dims and len(dims) != array.ndim - 1:
            raise ValueError(
                f"the observable {name!r} names {len(dims)} dimensions {tuple(dims)} but gives "
                f"{array.ndim - 1} besides the sample"
            )
