"""Compare the solver that "auto" chooses with the faster one.

    python -m benchmarks.choice          the table; takes three minutes
    python -m benchmarks.choice --quick  the small systems; takes half a minute
    python -m benchmarks.choice --fit    the constants of `mesokwant.solver.costs` as well

The table is printed and kept in ``benchmarks/results/``. It has the regret, which is the time of
the solver that "auto" chooses over that of the faster one, for some numbers of samples (columns)
of systems in three states (rows):

first call   a process that has solved nothing: the batched solver loads its kernels and dissects
new system   a process that has loaded the kernels: the batched solver dissects; runs choose so
used again   a system that has been dissected

The evaluation of the Hamiltonian and the lead modes, which both solvers need, are left out. Kwant
is timed on a few samples and its time is scaled to more. A regret in parentheses is that of a
total below 50 ms, where the choice matters little. Without MUMPS, Kwant solves by SuperLU.
"""

from __future__ import annotations

import argparse
import functools
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import least_squares

import mesokwant as mk
from benchmarks.cases import FIELD, STRENGTH
from benchmarks.measuring import described, keep, machine, print_row, table, timed
from mesokwant.solver import costs
from mesokwant.solver.backends import is_batched_faster
from mesokwant.solver.batched.dissection import dissect, dissection_of
from mesokwant.solver.problem import Problem, make_problem
from mesokwant.solver.scattering import solve
from systems import HallBar
from tests.helpers.lattices import chain, cubic, graphene, spinful, square

SAMPLES = (1, 2, 5, 20, 100)
SMALL = 0.05
"""Seconds below which a regret matters little."""

STATES = {
    "first call": {"dissected": False, "loaded": False},
    "new system": {"dissected": False, "loaded": True},
    "used again": {"dissected": True, "loaded": True},
}

spin_orbit = partial(spinful, rashba=0.3, onsite=np.zeros((2, 2)))

CASES: dict[str, tuple[Callable[[], Any], tuple[tuple[str, float], ...]]] = {
    "chain 10": (partial(chain, 10), ()),
    "chain 10000": (partial(chain, 10_000), ()),
    "square 20x20": (partial(square, 20, 20), ()),
    "square 20x200": (partial(square, 20, 200), ()),
    "square 20x200 field": (partial(square, 20, 200, field=True), FIELD),
    "spin-orbit 10x20": (partial(spin_orbit, 10, 20), ()),
    "bar 6x6x20": (partial(cubic, 6, 20), ()),
    "square 40x120 field": (partial(square, 40, 120, field=True), FIELD),
    "spin-orbit 40x120": (partial(spin_orbit, 40, 120), ()),
    "bar 12x12x36": (partial(cubic, 12, 36), ()),
    "graphene 10^4 sites": (partial(graphene, 57.0, 75.0), ()),
    "six terminals, width 30": (HallBar(width=30).build, FIELD),
    "cavity 100x100, narrow leads": (partial(square, 100, 100, terminals="d"), ()),
    "square 100x300 field": (partial(square, 100, 300, field=True), FIELD),
    "square 200x200": (partial(square, 200, 200), ()),
}
QUICK = tuple(CASES)[:8]


@functools.cache
def loading() -> float:
    """Seconds in which a process loads the compiled kernels, which have been compiled before."""
    code = (
        "import time, mesokwant as mk\n"
        "from mesokwant.solver.problem import make_problem\n"
        "from mesokwant.solver.scattering import solve\n"
        "from tests.helpers.lattices import square\n"
        "problem = make_problem(square(4, 5), 0.5, disorder=mk.Anderson(1.0))\n"
        "start = time.process_time()\n"
        "solve(problem, [0], 'batched')\n"
        "print(time.process_time() - start)"
    )
    command = [sys.executable, "-W", "ignore", "-c", code]
    times = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(4)
    ]
    return min(times)


def problem_of(name: str, other: Problem | None = None) -> Problem:
    """The problem of a case: a new one, whose system may be that of another problem."""
    build, params = CASES[name]
    structure = None if other is None else other.structure
    system = build() if structure is None else structure.system
    return make_problem(
        system, 0.5, params=dict(params), disorder=mk.Anderson(STRENGTH), structure=structure
    )


def measure(name: str) -> tuple[Problem, dict[str, Any]]:
    """The times of both solvers in seconds, for the numbers of samples in `SAMPLES`."""
    problem = problem_of(name)
    row: dict[str, Any] = {"case": name, "orbitals": problem.structure.num_orbitals}
    row["dissection"], _ = timed(lambda: dissect(problem.structure), 1)
    dissection_of(problem.structure)
    solve(problem, [0], "batched")
    one, _ = timed(lambda: solve(problem, [0], "kwant"), 5, budget=10.0)
    row["kwant"] = [samples * one for samples in SAMPLES]
    row["batched"] = []
    for samples in SAMPLES:
        # A new problem has to be prepared, as that of a new parameter point.
        fresh = [problem_of(name, problem) for _ in range(3)]
        seconds, _ = timed(lambda: solve(fresh.pop(), range(samples), "batched"), 3, budget=10.0)  # noqa: B023
        row["batched"].append(seconds)
    return problem, row


def regrets(problem: Problem, row: dict[str, Any], state: str) -> dict[str, Any]:
    """A row of the table: the regret for each number of samples in a state."""
    at_hand = STATES[state]
    setup = 0.0 if at_hand["dissected"] else row["dissection"]
    setup += 0.0 if at_hand["loaded"] else loading()
    result: dict[str, Any] = {"case": row["case"], "state": state}
    for samples, kwant, batched in zip(SAMPLES, row["kwant"], row["batched"], strict=True):
        faster = is_batched_faster(problem, samples, **at_hand)
        times = {"batched": batched + setup, "kwant": kwant}
        name = "batched" if faster else "kwant"
        regret = times[name] / min(times.values())
        text = f"{regret:.2f} {name[0]}"
        result[f"regret {samples}"] = regret
        result[f"seconds {samples}"] = times[name]
        result[f"{samples}"] = text if times[name] > SMALL else f"({text})"
    return result


COLUMNS = (
    ("case", "system", "{}"),
    ("state", "state", "{}"),
    *((f"{samples}", f"{samples}", "{}") for samples in SAMPLES),
)
TIMES = (
    ("case", "system", "{}"),
    ("orbitals", "orbitals", "{}"),
    ("kwant 1", "Kwant, 1", "{:.0f}"),
    ("batched 1", "batched, 1", "{:.1f}"),
    ("batched 100", "batched, 100", "{:.0f}"),
    ("dissection ms", "dissection", "{:.0f}"),
)


def with_milliseconds(row: dict[str, Any]) -> dict[str, Any]:
    """A measured row with the milliseconds that the table of times has."""
    return row | {
        "kwant 1": 1e3 * row["kwant"][0],
        "batched 1": 1e3 * row["batched"][0],
        "batched 100": 1e3 * row["batched"][-1],
        "dissection ms": 1e3 * row["dissection"],
    }


def worst(rows: list[dict[str, Any]], *, small: bool) -> float:
    """The largest regret where the chosen solver takes less than `SMALL` seconds, or more."""
    return max(
        (
            row[f"regret {samples}"]
            for row in rows
            for samples in SAMPLES
            if (row[f"seconds {samples}"] <= SMALL) == small
        ),
        default=1.0,
    )


def fit(problems: list[Problem], rows: list[dict[str, Any]]) -> str:
    """The constants of `mesokwant.solver.costs`, from least squares of their logarithms."""
    sizes = [costs.sizes_of(problem) for problem in problems]
    kwant = "MUMPS" if costs.has_mumps() else "SUPERLU"
    group = costs.GROUP_SIZE
    # All groups but the last one, and all samples, of the largest number that was measured.
    groups = -(-SAMPLES[-1] // group)
    wanted: dict[str, tuple[list[float], tuple[str, ...]]] = {
        kwant: (
            [row["kwant"][0] for row in rows],
            ("call", "elements", "factors", "modes", "interface"),
        ),
        "DISSECTION": ([row["dissection"] for row in rows], ("call", "sites")),
        "GROUP and LEADS": (
            [row["batched"][-1] / groups for row in rows],
            ("call", "elements", "fronts", "interface"),
        ),
    }
    lines = [f"LOADING_KERNELS {loading():.2f}"]
    for name, (seconds, terms) in wanted.items():
        matrix = np.array([[getattr(size, term) for term in terms] for size in sizes], float)
        times = np.array(seconds)
        start = np.log(np.median(times[:, None] / matrix, axis=0) / len(terms))
        found = least_squares(lambda x: np.log(matrix @ np.exp(x) / times), start)  # noqa: B023
        rates = np.exp(found.x)
        ratios = matrix @ rates / times
        if name == "GROUP and LEADS":
            rates[-1] *= groups / SAMPLES[-1]
        text = ", ".join(f"{term} {rate:.2g}" for term, rate in zip(terms, rates, strict=True))
        lines.append(f"{name}: {text}; model/measured {ratios.min():.2f} to {ratios.max():.2f}")
    return "\n".join(lines)


def markdown(report: dict[str, Any]) -> str:
    """The report as text."""
    rows = report["regrets"]
    return f"""# The choice of "auto"

{described(report)} The regret is the time of the solver that "auto" chooses (k, Kwant; b, batched)
over that of the faster one, for the number of samples above; `benchmarks/choice.py` explains the
states. Loading the kernels takes {report["loading s"]:.2f} s. The largest regret is \
{worst(rows, small=False):.2f} where the total exceeds
50 ms, and {worst(rows, small=True):.2f} below (in parentheses).

{table(rows, COLUMNS)}

The times in ms, for one sample, for 100, and for the dissection of the system:

{table([with_milliseconds(row) for row in report["times"]], TIMES)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the small systems only")
    parser.add_argument("--fit", action="store_true", help="print the constants of the model, too")
    options = parser.parse_args()
    report = machine() | {"loading s": loading(), "times": [], "regrets": []}
    print(described(report))
    problems = []
    for name in QUICK if options.quick else CASES:
        problem, row = measure(name)
        problems.append(problem)
        report["times"].append(row)
        for state in STATES:
            report["regrets"].append(regrets(problem, row, state))
            print_row(report["regrets"][-1], COLUMNS, first=len(report["regrets"]) == 1)
    for small in (False, True):
        print(f"largest regret {'below' if small else 'above'} 50 ms: ", end="")
        print(f"{worst(report['regrets'], small=small):.2f}")
    if options.fit:
        print(fit(problems, report["times"]))
    keep("choice-quick" if options.quick else "choice", report, markdown(report))


if __name__ == "__main__":
    main()
