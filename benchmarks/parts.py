"""Divide the time of a run into its parts, such as the Hamiltonian, the modes and the elimination.

`stopwatch` counts the processor time in the functions of `PARTS` while they run, each without
what it calls of the others. The rest of a run is the engine: tasks, observables and the store.
"""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

PARTS: dict[str, tuple[str, ...]] = {
    "Hamiltonian": ("mesokwant.hamiltonian.structure:Structure.values",),
    "modes": ("mesokwant.solver.problem:lead_modes",),
    "dissection": ("mesokwant.solver.batched.dissection:dissect",),
    "preparation": (
        "mesokwant.solver.batched.backend:prepared_for",
        "mesokwant.solver.batched.elements:Elements.__init__",
    ),
    "disorder": ("mesokwant.solver.batched.elements:Elements.values",),
    "elimination": (
        "mesokwant.solver.batched.kernels:Eliminator.__init__",
        "mesokwant.solver.batched.kernels:Eliminator.__call__",
    ),
    "leads": ("mesokwant.solver.batched.leads:LeadStep.solve",),
    "safe path": ("mesokwant.solver.batched.prepared:PreparedProblem.solve_safely",),
    "Kwant": ("mesokwant.solver.reference:KwantBackend.solve",),
}
"""Part -> the functions whose time it is, as module:name."""


def function_of(address: str) -> tuple[Any, str, Callable[..., Any]]:
    """The owner of a function, its name there, and the function, by module:name."""
    module, _, path = address.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for attribute in outer:
        owner = getattr(owner, attribute)
    return owner, name, getattr(owner, name)


@contextmanager
def stopwatch() -> Iterator[dict[str, float]]:
    """Measure the parts while the context lasts.

    Yields
    ------
    dict
        Part -> seconds of processor time, which grow with every call.
    """
    seconds = dict.fromkeys(PARTS, 0.0)
    inner = [0.0]

    def measured(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **options: Any) -> Any:
            inner.append(0.0)
            start = time.process_time()
            try:
                return function(*args, **options)
            finally:
                whole = time.process_time() - start
                seconds[part] += whole - inner.pop()
                inner[-1] += whole

        return wrapper

    with ExitStack() as stack:
        for part, addresses in PARTS.items():
            for address in addresses:
                owner, name, function = function_of(address)
                stack.enter_context(mock.patch.object(owner, name, measured(part, function)))
        yield seconds
