"""Refuse what can't work before anything is computed or written.

The first point of every sweep is set up, and its observables are asked of a
random scattering matrix. So a missing parameter, a Hamiltonian that is not
Hermitian or a lead that does not exist is answered at once, at the cost of
none of the samples. What fails there but not at the last point is no mistake
in the study, and is left to the samples.
"""

from __future__ import annotations

import warnings

import numpy as np
from kwant._common import UserCodeError

from ..solver import Ensemble, Problem
from ..solver.backends import choose
from ..store.blocks import RESERVED
from ..study.study import Study
from ..study.sweep import Point, Sweep
from .tasks import measured, problem

MISTAKES = (ValueError, TypeError, LookupError, AttributeError, NameError)


def check(study: Study) -> None:
    """Try every sweep of a study.

    Raises
    ------
    ValueError, TypeError
        With the way out.
    """
    for sweep in study.named_sweeps.values():
        _check_names(sweep)
        first = next(sweep.points)
        for axis, values in sweep.axes.items():
            for value in values:
                sweep.at({**first, axis: value})  # the values refuse what they can't be
        mistake = _mistake(sweep, first, study.seed)
        last = {axis: values[-1] for axis, values in sweep.axes.items()}
        if mistake and (last == first or _mistake(sweep, last, study.seed)):
            raise mistake


def _mistake(sweep: Sweep, point: Point, seed: int) -> Exception | None:
    """What is wrong at a point, if anything is; numbers that go wrong are not."""
    here = sweep.at(point)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they come again with the samples
            _check_observables(here, problem(here, seed))
    except (np.linalg.LinAlgError, ArithmeticError, RuntimeError):
        return None
    except UserCodeError as error:
        return ValueError(f"{str(error).splitlines()[0]} ({error.__cause__!r})")
    except MISTAKES as error:
        return error
    return None


def _check_names(sweep: Sweep) -> None:
    sweep.check_axes()
    inner = {dim for f in sweep.observables.values() for dim in getattr(f, "dims", ())}
    uses = [*sweep.axes, *sweep.observables, *inner]
    for name in uses:
        if name in RESERVED or uses.count(name) > 1:
            raise ValueError(f"rename the axis or observable {name!r}: the name has another use")


def _check_observables(sweep: Sweep, here: Problem) -> None:
    choose(sweep.solver, here, 1)
    modes = [len(properties.momenta) // 2 for properties, _ in here.modes]
    rows = sum(modes[lead] for lead in here.out_leads)
    columns = sum(modes[lead] for lead in here.in_leads)
    rng = np.random.default_rng(0)
    data = np.linalg.qr(rng.normal(size=(2, max(rows, columns), max(rows, columns))))[0]
    ensemble = Ensemble(data[:, :rows, :columns].astype(complex), (0, 1), here)
    for name, observable in sweep.observables.items():
        try:
            found = measured(sweep, ensemble, [name])[name]
        except MISTAKES as error:
            text = str(error)
            named = text if name in text else f"the observable {name!r}: {text}"
            raise ValueError(named) from error
        dims = getattr(observable, "dims", ())
        if dims and len(dims) != found.ndim - 1:
            raise ValueError(
                f"the observable {name!r} names {len(dims)} dimensions {tuple(dims)} but gives "
                f"{found.ndim - 1} besides the sample"
            )
