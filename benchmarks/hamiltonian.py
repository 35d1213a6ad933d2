"""Measure the evaluation of the Hamiltonian: ``python -m benchmarks.hamiltonian``.

It prints, for several systems, the milliseconds in which Kwant evaluates the Hamiltonian, in which
mesokwant does for the first time, for other values of the parameters, and for the same ones again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from mesokwant.hamiltonian.structure import structure_of
from systems import Ribbon, SpinOrbitRibbon

PARAMS = {"alpha": 0.4, "theta": 0.3, "zeeman": 0.1}


def _one_by_one(to: Any, source: Any, flux: float) -> complex:
    """A hopping in a field that does not allow arrays."""
    phase = 2 * math.pi * flux * (to.pos[0] - source.pos[0]) * to.pos[1]
    return complex(-math.cos(phase), math.sin(phase))


def _plain_ribbon(width: int, length: int) -> Any:
    builder = Ribbon(width, length).builder()
    for to, source in list(builder.hoppings()):
        if to.tag[0] != source.tag[0]:
            builder[to, source] = _one_by_one
    return builder.finalized()


CASES = {
    "ribbon 40 x 120": lambda: Ribbon(40, 120).build(),
    "the same, with functions of math": lambda: _plain_ribbon(40, 120),
    "ribbon 200 x 200": lambda: Ribbon(200, 200).build(),
    "Rashba 40 x 120": lambda: SpinOrbitRibbon(40, 120).build(),
    "Ando 40 x 120": lambda: SpinOrbitRibbon(40, 120, coupling="ando").build(),
}


def milliseconds(function: Callable[[], Any]) -> float:
    """Time of a single call."""
    start = time.perf_counter()
    function()
    return 1e3 * (time.perf_counter() - start)


def times_of(system: Any) -> list[float]:
    """Milliseconds in Kwant, for the first, for other and for the same values of parameters."""
    structure = structure_of(system)
    known = {name: value for name, value in PARAMS.items() if name in system.parameters}
    points = [known | {"flux": float(flux)} for flux in np.linspace(0.01, 0.02, 8)]

    def kwant(point: dict[str, float]) -> float:
        return milliseconds(lambda: system.hamiltonian_submatrix(params=point, sparse=True))

    def ours(point: dict[str, float]) -> float:
        return milliseconds(lambda: structure.values(point))

    first = ours(points[0])
    return [min(map(kwant, points[:3])), first, min(map(ours, points[1:])), ours(points[0])]


def main() -> None:
    """Print the table."""
    print(f"{'ms':32} {'Kwant':>8} {'first':>8} {'next':>8} {'again':>8}")
    for name, build in CASES.items():
        print(f"{name:32} {''.join(f'{time:9.2f}' for time in times_of(build()))}")


if __name__ == "__main__":
    main()
