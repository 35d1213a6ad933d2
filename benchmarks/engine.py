"""Measure what the engine costs beside its solver: ``python -m benchmarks.engine``.

It prints the time of a run in one process beside that of the solver alone, for wires of several
sizes; the time in which a block of samples is stored; and what it costs to plan, open and average
a store of ten million conductances.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

import mesokwant as mk
from mesokwant.engine.identity import identity
from mesokwant.point import Point
from mesokwant.solver.backends import choose
from mesokwant.solver.problem import make_problem
from mesokwant.store.block import Block, Measurement
from mesokwant.store.store import Store
from systems import Wire

SIZES = {(4, 10): 100_000, (20, 200): 10_000}
"""Number of samples for each (width, length)."""


def study(width: int, length: int, samples: int) -> mk.Study:
    """Conductance of a disordered wire."""
    sweep = mk.Sweep(
        system=Wire(width=width, length=length),
        energy=-0.9,
        disorder=mk.Anderson(1.5),
        axes={"energy": (-0.9,)},
        observables={"g": mk.Conductance()},
        samples=samples,
    )
    return mk.Study(name="benchmark", sweeps=sweep)


def overhead(width: int, length: int, samples: int, out: Path) -> tuple[float, float]:
    """Processor seconds of the solver alone and of a run, with everything loaded before."""
    system, disorder = Wire(width=width, length=length).build(), mk.Anderson(1.5)
    mk.run(study(width, length, 8), out=out / "warm", workers=1, progress=False)
    start = time.process_time()
    problem = make_problem(system, -0.9, disorder=disorder)
    backend = choose("auto", problem, samples)
    for first in range(0, samples, 1000):
        backend.solve([(problem, range(first, min(first + 1000, samples)))])
    bare = time.process_time() - start
    start = time.process_time()
    mk.run(study(width, length, samples), out=out / "run", workers=1, progress=False)
    return bare, time.process_time() - start


def synthetic(out: Path, samples: int, block: int) -> tuple[Path, float]:
    """Store random conductances; give the folder and the seconds in which a block was stored."""
    folder = out / "benchmark/quick"
    store = Store.open(folder, identity(study(4, 10, samples)))
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for first in range(0, samples, block):
        values = {"g": rng.random(block)}
        numbers = ((first, first + block),)
        store.write(Block("sweep", (Measurement(Point(energy=-0.9), numbers, values),)))
    seconds = (time.perf_counter() - start) / (samples / block)
    store.merge("sweep", others=True)
    return folder, seconds


def peak() -> float:
    """Largest memory of this process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--stored", type=int, default=10**7, help="number of samples in the large store"
    )
    stored = parser.parse_args().stored
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        for (width, length), samples in SIZES.items():
            bare, run = overhead(width, length, samples, out / f"{width}x{length}")
            print(
                f"{width}x{length}, {samples} samples: solver {bare:.2f} s, run {run:.2f} s, "
                f"overhead {100 * (run / bare - 1):.0f} %"
            )
        folder, seconds = synthetic(out / "large", stored, 10_000)
        size = Store(folder).size
        number = len(list(folder.rglob("*.parquet")))
        print(f"a block of 10000 samples is stored in {1e3 * seconds:.1f} ms")
        start = time.perf_counter()
        Store(folder).present("sweep")
        print(f"{stored} stored samples, {size / 1e6:.0f} MB in {number} files:")
        print(f"  found what is there in {time.perf_counter() - start:.1f} s")
        start = time.perf_counter()
        mean = float(mk.load(folder)["g"].mean())
        took = time.perf_counter() - start
        print(f"  opened and averaged ({mean:.4f}) in {took:.1f} s, at most {peak():.2f} GB used")


if __name__ == "__main__":
    main()
