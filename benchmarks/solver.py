"""Measure the time per sample of the solvers, ours and others, on one core.

    python -m benchmarks.solver             all cases; takes a quarter of an hour
    python -m benchmarks.solver --quick     the small cases; takes two minutes
    python -m benchmarks.solver --only bar  cases whose name contains "bar"; nothing is kept

The table is printed and kept in ``benchmarks/results/`` as JSON and Markdown. Each solver computes
T from lead 0 to lead 1 of disordered samples. These are the columns, in ms per sample:

a  the loop of Kwant's tutorials
b  Kwant with precalculated leads, the best ordering, and disorder as an array
c  python-mumps with one analysis for all samples: of Kwant's linear system (c1), or with a
   Schur complement and our lead step (c2)
d  the Kwant back end with its default options
e  the batched back end with everything counted; "full S" is for all of S and not T alone

Without MUMPS, a, b and d use SciPy's SuperLU and c is omitted.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import numpy as np

import mesokwant as mk
from benchmarks import cases, peers
from benchmarks.cases import CASES, GROWTH, Case
from benchmarks.measuring import described, keep, machine, per_sample, print_row, table, timed
from mesokwant.solver.batched.dissection import dissect, dissection_of
from mesokwant.solver.problem import make_problem
from mesokwant.solver.scattering import solve
from tests.helpers.lattices import square

BATCH = 200
"""Largest number of samples that the batched back end is timed on."""


def best_ordering(work: Callable[[str], Any]) -> str:
    """The ordering with which the second call of ``work`` is the fastest."""
    times = {}
    for ordering in peers.ORDERINGS:
        work(ordering)
        times[ordering] = timed(lambda o=ordering: work(o), 1)[0]
    return min(times, key=times.__getitem__)


def lead_flops(problem: Any, size: int) -> float:
    """Real operations of the dense step: factorization, solution and projection."""
    modes_in = sum(problem.num_propagating(lead) for lead in problem.in_leads)
    projected = sum(
        problem.num_propagating(lead) * len(problem.structure.interfaces[lead])
        for lead in problem.out_leads
    )
    return 8 / 3 * size**3 + 8 * size**2 * modes_in + 8 * projected * modes_in


def largest_difference(one: np.ndarray, other: np.ndarray) -> float:
    """Largest difference of two results over the samples that both have."""
    common = min(len(one), len(other))
    return float(np.abs(one[:common] - other[:common]).max(initial=0.0))


def measure(case: Case, peak: dict[str, float]) -> dict[str, Any]:
    """One row of the table."""
    row: dict[str, Any] = {"case": case.name}
    system = case.build()
    common = {"params": dict(case.params), "disorder": mk.Anderson(cases.STRENGTH)}
    problem = make_problem(system, case.energy, in_leads=[0], out_leads=[1], **common)
    full = make_problem(system, case.energy, structure=problem.structure, **common)
    row["sites"] = problem.structure.num_sites
    row["symbolic s"], dissection = timed(lambda: dissect(problem.structure), 1)
    dissection_of(problem.structure)

    peers.batched(problem, range(8))
    row["e"], ours, row["samples e"] = per_sample(lambda n: peers.batched(problem, n), BATCH)
    row["e full S"], _, _ = per_sample(lambda n: peers.batched(full, n), BATCH)
    flops = dissection.flops(problem.real) + lead_flops(problem, int(dissection.boundary[-1]))
    row["GFLOP"] = flops / 1e9
    row["GF/s"] = flops / row["e"] / 1e6
    row["of peak"] = row["GF/s"] / peak["dgemm" if problem.real else "zgemm"]
    row["resolved"] = len(solve(problem, range(row["samples e"]), "batched").resolved)

    salted = case.build(salted=True)
    row["a"], _, _ = per_sample(lambda n: peers.tutorial(salted, full, n), 20)
    row["d"], theirs, _ = per_sample(lambda n: peers.expert(full, n), 20)
    row["dT"] = largest_difference(ours, theirs)
    row["b"] = row["d"]
    if peers.mumps is not None:
        choices = []
        for nrhs in (6, 24):
            for ordering in ("scotch", "amd", "auto"):
                with peers.kwant_options(ordering=ordering, nrhs=nrhs):
                    seconds = timed(lambda: peers.expert(problem, range(1)), 1)[0]
                choices.append((seconds, ordering, nrhs))
        _, ordering, nrhs = min(choices)
        with peers.kwant_options(ordering=ordering, nrhs=nrhs):
            row["b"], _, _ = per_sample(lambda n: peers.expert(problem, n), 20)
        row["b options"] = f"{ordering}, {nrhs}"
        for name, kind in (("c1", peers.MumpsLoop), ("c2", peers.SchurLoop)):
            loop = kind(problem)
            ordering = best_ordering(lambda o, loop=loop: loop(range(1), o))
            loop(range(1), ordering)
            row[name], theirs, _ = per_sample(
                lambda n, loop=loop, ordering=ordering: loop(n, ordering), 20
            )
            row[f"{name} options"] = ordering
            row["dT"] = max(row["dT"], largest_difference(ours, theirs))
    else:
        row["b"], _, _ = per_sample(lambda n: peers.expert(problem, n), 20)
    row["b/e"] = row["b"] / row["e"]
    row["best/e"] = min(row[key] for key in ["a", "b", "c1", "c2", "d"] if key in row) / row["e"]
    return row


def growth(quick: bool) -> dict[str, Any]:
    """Time per sample of squares in ms against their width, and the exponents."""
    result: dict[str, Any] = {"width": [], "e": [], "b": []}
    for width in GROWTH[: 2 if quick else None]:
        problem = make_problem(
            square(width, width),
            0.5,
            disorder=mk.Anderson(cases.STRENGTH),
            in_leads=[0],
            out_leads=[1],
        )
        peers.batched(problem, range(8))
        result["width"].append(width)
        result["e"].append(timed(lambda p=problem: peers.batched(p, range(16)), 3)[0] / 16 * 1e3)
        with peers.kwant_options(ordering="scotch", nrhs=24):
            result["b"].append(timed(lambda p=problem: peers.expert(p, range(1)), 2)[0] * 1e3)
        print(f"  {width} x {width}: e {result['e'][-1]:.2f}, b {result['b'][-1]:.0f} ms")
    for key in "eb":
        fit = np.polyfit(np.log(result["width"]), np.log(result[key]), 1)
        result[f"{key} exponent"] = float(fit[0])
    return result


def _work(number: int, samples: int, barrier: Any, times: Any) -> None:
    case = CASES[number]
    problem = make_problem(
        case.build(),
        case.energy,
        params=dict(case.params),
        disorder=mk.Anderson(cases.STRENGTH),
    )
    peers.batched(problem, range(8))
    barrier.wait()
    start = time.perf_counter()
    peers.batched(problem, range(samples))
    times.put(time.perf_counter() - start)


def two_workers(number: int, samples: int) -> float:
    """Samples per second of two processes over those of one."""
    context = get_context("spawn")
    rates = []
    for workers in (1, 2):
        barrier, times = context.Barrier(workers), context.Queue()
        args = (number, samples, barrier, times)
        processes = [context.Process(target=_work, args=args) for _ in range(workers)]
        for process in processes:
            process.start()
        slowest = max(times.get() for _ in processes)
        for process in processes:
            process.join()
        rates.append(workers * samples / slowest)
    return rates[1] / rates[0]


def first_call() -> float:
    """Seconds of the first solution in a process that has no compiled kernels on disk."""
    import subprocess
    import sys
    import tempfile

    code = (
        "import time, mesokwant as mk\n"
        "from tests.helpers.lattices import square\n"
        "system = square(4, 5)\n"
        "start = time.perf_counter()\n"
        "mk.scattering(system, 0.5, solver='batched')\n"
        "print(time.perf_counter() - start)"
    )
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            env=os.environ | {"NUMBA_CACHE_DIR": cache},
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout)


COLUMNS = (
    ("case", "case", "{}"),
    ("sites", "sites", "{}"),
    ("a", "a", "{:.0f}"),
    ("b", "b", "{:.0f}"),
    ("c1", "c1", "{:.0f}"),
    ("c2", "c2", "{:.0f}"),
    ("d", "d", "{:.0f}"),
    ("e", "e", "{:.2f}"),
    ("e full S", "e full S", "{:.2f}"),
    ("b/e", "b/e", "{:.0f}"),
    ("best/e", "best peer/e", "{:.1f}"),
    ("GFLOP", "GFLOP", "{:.4f}"),
    ("GF/s", "GF/s", "{:.1f}"),
    ("of peak", "of peak", "{:.0%}"),
    ("dT", "max ΔT", "{:.0e}"),
    ("symbolic s", "symbolic s", "{:.2f}"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the small cases only")
    parser.add_argument(
        "--only", default="", help="cases whose name contains this text, without growth"
    )
    options = parser.parse_args()
    quick = options.quick
    report = machine() | {"first call s": first_call()}
    print(described(report))
    if not report["mumps"]:
        print("Without MUMPS, a, b and d use SuperLU, and c is omitted.")
    print(f"first call, compilation included: {report['first call s']:.1f} s\n")
    report["cases"] = rows = []
    for case in CASES:
        if (quick and not case.quick) or options.only not in case.name:
            continue
        rows.append(measure(case, report["peak GF/s"]))
        print_row(rows[-1], COLUMNS, first=len(rows) == 1)
    if options.only:
        return
    print("\nGrowth with W, squares W x W:")
    report["growth"] = grown = growth(quick)
    print(f"  exponents: e {grown['e exponent']:.2f}, b {grown['b exponent']:.2f}")
    report["two workers / one"] = two_workers(1, 1000 if quick else 4000)
    print(f"two workers do {report['two workers / one']:.2f} times the work of one")

    keep("solver-quick" if quick else "solver", report, markdown(report))


def markdown(report: dict[str, Any]) -> str:
    """The report as text."""
    grown = report["growth"]
    sizes = "\n".join(
        f"| {w} x {w} | {e:.2f} | {b:.0f} |"
        for w, e, b in zip(grown["width"], grown["e"], grown["b"], strict=True)
    )
    return f"""# The solvers compared

{described(report)} Times in ms per sample; the letters are explained in
`benchmarks/solver.py`. First call in a fresh process, compilation included: \
{report["first call s"]:.1f} s. Two workers do {report["two workers / one"]:.2f} times \
the work of one.

{table(report["cases"], COLUMNS)}

| square | e | b |
|---|---|---|
{sizes}
| exponent | {grown["e exponent"]:.2f} | {grown["b exponent"]:.2f} |
"""


if __name__ == "__main__":
    main()
