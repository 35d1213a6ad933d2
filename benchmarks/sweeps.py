"""Measure sweeps over energies, fields and gate voltages on one core.

    python -m benchmarks.sweeps              all cases; takes ten minutes
    python -m benchmarks.sweeps --quick      two cases; takes one minute
    python -m benchmarks.sweeps --only bar   cases whose name contains "bar"; nothing is kept

The tables are printed and kept in ``benchmarks/results/``. Each sweep has 200 points, and 1, 10 or
100 disordered samples a point. These are the columns, in ms a point:

a  the loop that a user of Kwant writes: `kwant.smatrix` for every sample of every point, with
   disorder by a value function
b  the loop of an expert: the lead modes once a point, or once at all where the leads do not depend
   on what is swept; the Hamiltonian and the disorder as arrays
e  `mesokwant.run` of the sweep in this process, with its results in memory

a and b are timed on a few samples and points, and the time is scaled to all. So is that of e where
a sweep takes longer than `BUDGET`; it is then marked by "~". Systems are built and finalized
before, in all three. The dissection of the system belongs to e. Kwant solves by MUMPS where that
is installed, and else by SuperLU.

The second table has the time of e in parts, for one sample a point: `benchmarks.parts` says of
which functions each is.
"""

from __future__ import annotations

import argparse
import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import mesokwant as mk
from benchmarks import peers
from benchmarks.cases import STRENGTH, random_onsite
from benchmarks.measuring import described, keep, machine, print_row, table, timed
from benchmarks.parts import PARTS, stopwatch
from mesokwant.hamiltonian import kwant
from mesokwant.hamiltonian.system import parameter_names
from mesokwant.solver.problem import make_problem
from mesokwant.study.sweep import built
from systems import Chain, Constriction, HallBar, Ribbon, SpinOrbitRibbon, VoltageProbes
from systems.constriction import point_contact
from systems.spin_orbit import zeeman_energy

POINTS = 200
SAMPLES = (1, 10, 100)
BUDGET = 12.0
"""Seconds that a sweep may take; of a longer one, some points are computed."""


def random_contact(site: Any, gate: float, reach: float, confinement: float, salt: str) -> Any:
    """The energy of the point contact with disorder."""
    return point_contact(site, gate, reach, confinement) + random_onsite(site, salt)


def random_spins(site: Any, zeeman: float, salt: str) -> Any:
    """The Zeeman energy of a site with disorder."""
    return zeeman_energy(site, zeeman) + random_onsite(site, salt)


def random_chain(site: Any, strength: float, salt: str) -> Any:
    """Disorder of a strength that is a parameter."""
    return strength * random_onsite(site, salt) / STRENGTH


@dataclass(frozen=True)
class SweepCase:
    """A system with two axes that are swept, one at a time.

    Attributes
    ----------
    name
        What the table calls it.
    system
        The system, as a value.
    axes
        Axis name -> its first and last value, and its value while another axis is swept.
    params
        The other parameters.
    onsite
        Value function of the disordered system for Kwant.
    kept
        The axis that the leads do not depend on, so that an expert keeps their modes.
    """

    name: str
    system: Any
    axes: dict[str, tuple[float, float, float]]
    params: dict[str, float]
    onsite: Callable[..., Any] = random_onsite
    kept: str | None = None

    def salted(self) -> Any:
        """The finalized system with disorder drawn from the parameter ``salt``."""
        builder = self.system.builder()
        builder[list(builder.sites())] = self.onsite
        return builder.finalized()

    def at(self, axis: str, value: float) -> tuple[float, dict[str, float]]:
        """Energy and parameters of a point, for Kwant."""
        values = {name: middle for name, (_, _, middle) in self.axes.items()} | {axis: value}
        return values.pop("energy"), self.params | values

    def sweep(self, axis: str, values: Any, samples: int) -> mk.Sweep:
        """The sweep over some values of an axis."""
        energy, params = self.at(axis, 0.0)
        strength = params.pop("strength", STRENGTH)
        params.pop(axis, None)
        return mk.Sweep(
            self.system,
            axes={axis: tuple(map(float, values))},
            energy=energy,
            params=params,
            disorder=mk.Anderson(strength or STRENGTH),
            samples=samples,
        )


CASES = (
    SweepCase(
        "ribbon 20x200",
        Ribbon(20, 200),
        {"energy": (0.4, 0.6, 0.5), "flux": (0.005, 0.015, 0.01)},
        {},
    ),
    SweepCase(
        "spin-orbit 40x120",
        SpinOrbitRibbon(40, 120, lead_spin_orbit=False),
        {"energy": (0.4, 0.6, 0.5), "flux": (0.005, 0.015, 0.01)},
        {"alpha": 0.3, "zeeman": 0.0},
        onsite=random_spins,
    ),
    SweepCase(
        "ribbon 100x300",
        Ribbon(100, 300),
        {"energy": (0.4, 0.6, 0.5), "flux": (0.001, 0.003, 0.002)},
        {},
    ),
    SweepCase(
        "Hall bar, six leads, width 30",
        HallBar(width=30),
        {"energy": (-3.2, -2.8, -3.0), "flux": (0.01, 0.03, 0.02)},
        {},
    ),
    SweepCase(
        "ribbon 40x120, 400 probes",
        VoltageProbes(Ribbon(40, 120), number=400),
        {"energy": (0.4, 0.6, 0.5), "probe_coupling": (0.1, 0.5, 0.3)},
        {"flux": 0.01},
    ),
    SweepCase(
        "point contact 41x120",
        Constriction(41, 120),
        {"energy": (-3.6, -3.2, -3.4), "gate": (0.1, 0.6, 0.4)},
        {"reach": 9.0, "confinement": 0.3, "flux": 0.0},
        onsite=random_contact,
        kept="gate",
    ),
    SweepCase(
        "chain 10000",
        Chain(10_000),
        {"energy": (0.4, 0.6, 0.5), "strength": (0.1, 0.5, 0.3)},
        {},
        onsite=random_chain,
        kept="strength",
    ),
)
QUICK = ("ribbon 20x200", "point contact 41x120")

_shifts = itertools.count(1)


def values_of(case: SweepCase, axis: str, number: int) -> Any:
    """Values of an axis, others at every call, so that no modes are known from before."""
    first, last, _ = case.axes[axis]
    shift = 1e-5 * (last - first) * next(_shifts)
    return np.linspace(first, last, number) + shift


def kwant_loop(case: SweepCase, axis: str, budget: float) -> float:
    """(a) Seconds of a sample."""
    system = case.salted()

    def work() -> None:
        (value,) = values_of(case, axis, 1)
        energy, params = case.at(axis, value)
        kwant.smatrix(system, energy, params=params | {"salt": str(value)}).transmission(1, 0)

    return timed(work, 5, budget)[0]


def expert_loop(case: SweepCase, axis: str, budget: float) -> tuple[float, float]:
    """(b) Seconds of a point, and of a sample beside."""
    system = built(case.system)

    def problem_at(value: float) -> Any:
        energy, params = case.at(axis, value)
        disorder = mk.Anderson(params.pop("strength", STRENGTH))
        return make_problem(
            system, energy, params=params, disorder=disorder, in_leads=[0], out_leads=[1]
        )

    def modes(value: float) -> None:
        energy, params = case.at(axis, value)
        known = {name: params[name] for name in parameter_names(system)}
        system.precalculate(energy, params=known, what="modes")

    point = 0.0
    if axis != case.kept:
        point += timed(lambda: modes(values_of(case, axis, 1)[0]), 3, budget / 3)[0]
    problem = problem_at(values_of(case, axis, 1)[0])
    if axis in system.parameters:
        changed = [case.at(axis, value)[1] for value in values_of(case, axis, 4)]
        point += timed(lambda: problem.structure.values(changed.pop()), 3)[0]
    times = []
    for ordering, nrhs in itertools.product(("scotch", "amd"), (6, 24)):
        with peers.kwant_options(ordering=ordering, nrhs=nrhs):
            times.append(timed(lambda: peers.expert(problem, range(1)), 3, budget / 3)[0])
        if peers.mumps is None:
            break
    return point, min(times)


def new_system(case: SweepCase) -> None:
    """Build the system anew, so that a run has to dissect it."""
    built.cache_clear()
    built(case.system)


def run(case: SweepCase, axis: str, points: int, samples: int) -> dict[str, float]:
    """Seconds of a run and of its parts."""
    sweep = case.sweep(axis, values_of(case, axis, points), samples)
    with stopwatch() as seconds:
        whole, _ = timed(lambda: mk.run(sweep, workers=1, progress=False), 1)
    return seconds | {"engine": whole - sum(seconds.values()), "sum": whole}


def our_run(
    case: SweepCase, axis: str, samples: int, budget: float
) -> tuple[dict[str, float], bool]:
    """(e) Seconds of a run over all points and of its parts, and whether all were computed."""
    first = max(2, 16 // samples)
    new_system(case)
    beginning = run(case, axis, first, samples)
    pace = run(case, axis, first, samples)["sum"] / first
    if POINTS * pace < budget:
        new_system(case)
        return run(case, axis, POINTS, samples), True
    some = int(np.clip(budget / 2 / pace, first, POINTS))
    more = run(case, axis, some, samples)
    scale = (POINTS - first) / some
    return {part: beginning[part] + scale * more[part] for part in more}, False


def measure(
    case: SweepCase, axis: str, counts: tuple[int, ...], budget: float
) -> Iterator[dict[str, Any]]:
    """The rows of an axis, one for each number of samples, in ms a point."""
    user = kwant_loop(case, axis, budget / 4)
    point, sample = expert_loop(case, axis, budget / 4)
    for samples in counts:
        seconds, whole = our_run(case, axis, samples, budget)
        parts = {part: 1e3 * time / POINTS for part, time in seconds.items()}
        row: dict[str, Any] = {"case": case.name, "axis": axis, "samples": samples, **parts}
        row["a"] = 1e3 * samples * user
        row["b"] = 1e3 * (point + samples * sample)
        row["e"] = f"{'' if whole else '~'}{row['sum']:.3g}"
        row["a/e"], row["b/e"] = row["a"] / row["sum"], row["b"] / row["sum"]
        yield row


COLUMNS = (
    ("case", "system", "{}"),
    ("axis", "axis", "{}"),
    ("samples", "samples", "{}"),
    ("a", "a", "{:.3g}"),
    ("b", "b", "{:.3g}"),
    ("e", "e", "{}"),
    ("a/e", "a/e", "{:.0f}"),
    ("b/e", "b/e", "{:.0f}"),
)
PART_COLUMNS = (
    ("case", "system", "{}"),
    ("axis", "axis", "{}"),
    *((part, part, "{:.2f}") for part in (*PARTS, "engine", "sum")),
)


def parts(report: dict[str, Any]) -> str:
    """The table of the parts of sweeps with one sample a point."""
    return table([row for row in report["sweeps"] if row["samples"] == 1], PART_COLUMNS)


def markdown(report: dict[str, Any]) -> str:
    """The report as text."""
    return f"""# Sweeps

{described(report)} Times in ms a point, of sweeps over {POINTS} points; `benchmarks/sweeps.py`
explains the letters. "~" marks sweeps of which some points were computed.

{table(report["sweeps"], COLUMNS)}

The parts of e for one sample a point, in ms a point:

{parts(report)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="two cases, 1 and 10 samples")
    parser.add_argument("--only", default="", help="cases whose name contains this text")
    options = parser.parse_args()
    # Sweeps may cross mode thresholds, and what happens there has been tested elsewhere.
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    report = machine() | {"sweeps": []}
    print(described(report))
    counts, budget = (SAMPLES[:2], 3.0) if options.quick else (SAMPLES, BUDGET)
    for case in CASES:
        if options.only not in case.name or (options.quick and case.name not in QUICK):
            continue
        for axis in case.axes:
            for row in measure(case, axis, counts, budget):
                report["sweeps"].append(row)
                print_row(row, COLUMNS, first=len(report["sweeps"]) == 1)
    print(f"\nThe parts of e for one sample a point, in ms a point:\n{parts(report)}")
    if not options.only:
        keep("sweeps-quick" if options.quick else "sweeps", report, markdown(report))


if __name__ == "__main__":
    main()
