"""Batches of many points: what they share, what fails alone, and how much memory they take."""

from __future__ import annotations

import collections
import weakref

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.engine import dispatch, preflight, worker
from mesokwant.engine.tasks import Task, pack
from mesokwant.engine.worker import compute
from mesokwant.hamiltonian.evaluation import Evaluation
from mesokwant.point import Point
from mesokwant.solver import modes
from mesokwant.solver.batched.backend import BatchedBackend
from mesokwant.solver.reference import KwantBackend
from mesokwant.store import spans
from mesokwant.store.block import COMPUTED, FAILED
from mesokwant.store.parts import Part
from mesokwant.store.store import Store
from mesokwant.study import sweep as sweep_module
from systems import Ribbon, Wire
from tests.helpers.engine import assert_same, run, small, sweep

ENERGIES = tuple(np.linspace(-1.5, 1.4, 40).round(3))


def amplitude(ensemble):
    """A complex number."""
    return ensemble.submatrix(1, 0)[:, 0, 0]


SPECTRUM = {
    "system": Ribbon(width=3, length=4),
    "params": {"flux": 0.01},
    "axes": {"energy": ENERGIES},
    "observables": {"g": mk.Conductance(), "t": amplitude},
    "samples": 2,
    "solver": "batched",
}
"""What changes the small sweep into a few samples at many energies."""


def spectrum(**changes):
    return sweep(**SPECTRUM | changes)


def in_memory(one):
    return mk.run(one, workers=1, progress=False, seed=3)


@pytest.fixture
def counted(monkeypatch):
    """How often expensive things are done."""
    counts = collections.Counter()

    def counting(owner, name):
        function = getattr(owner, name)

        def call(*args, **options):
            counts[name] += 1
            return function(*args, **options)

        monkeypatch.setattr(owner, name, call)

    counting(Evaluation, "_evaluated")
    counting(modes, "solve_modes")
    return counts


# -- work that points share ------------------------------------------------------------------


def test_energies_share_the_hamiltonian_and_mirrored_leads_their_modes(counted):
    energies = tuple(np.linspace(-1.42, 1.41, 30))
    in_memory(spectrum(axes={"energy": energies}, system=Ribbon(width=3, length=5)))
    assert counted == {"_evaluated": 1, "solve_modes": len(energies)}


def test_every_field_needs_one_evaluation_and_one_eigenproblem(counted):
    fluxes = tuple(np.linspace(0.0123, 0.0234, 20))
    one = spectrum(axes={"flux": fluxes}, system=Ribbon(width=3, length=6), energy=-0.77, samples=4)
    in_memory(one)
    assert counted == {"_evaluated": len(fluxes), "solve_modes": len(fluxes)}


def test_disorder_strengths_share_hamiltonian_and_modes(counted):
    axes = {"strength": tuple(np.linspace(0.5, 2.0, 20))}
    in_memory(spectrum(axes=axes, system=Ribbon(width=3, length=7), energy=-0.78))
    assert counted == {"_evaluated": 1, "solve_modes": 1}


def test_a_system_is_built_once(monkeypatch):
    built = []
    finalized = sweep_module.finalized

    def building(system):
        built.append(system)
        return finalized(system)

    monkeypatch.setattr(sweep_module, "finalized", building)
    axes = {"energy": (-0.71, 0.61), "length": (7, 8, 9, 10)}
    in_memory(sweep(system=Wire(width=2, length=7), axes=axes, samples=2))
    assert collections.Counter(system.length for system in built) == {7: 1, 8: 1, 9: 1, 10: 1}


def test_many_points_are_written_at_once(tmp_path, monkeypatch):
    sizes = []
    write = Store.write

    def writing(store, block):
        sizes.append(len(block.measurements))
        write(store, block)

    monkeypatch.setattr(Store, "write", writing)
    data = run(small(**SPECTRUM), tmp_path)
    assert (data["state"] == COMPUTED).all()
    assert len(sizes) <= 5
    assert sum(sizes) >= len(ENERGIES)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1


# -- failures --------------------------------------------------------------------------------


def failing(ensemble):
    """Fails at two energies, and for one sample at a third one."""
    energy = ensemble.problem.energy
    if energy in (ENERGIES[3], ENERGIES[17]) or (energy == ENERGIES[20] and 1 in ensemble.numbers):
        raise ArithmeticError("nothing to see here")
    return ensemble.transmission(1, 0)


def test_what_fails_does_not_take_other_points_with_it():
    with pytest.warns(RuntimeWarning, match="5 samples failed"):
        data = in_memory(spectrum(observables={"g": failing}))
    bad = np.zeros((len(ENERGIES), 2), bool)
    bad[[3, 17]] = bad[20, 1] = True
    assert (data["state"] == np.where(bad, FAILED, COMPUTED)).all()
    whole = in_memory(spectrum())
    np.testing.assert_array_equal(data["g"], whole["g"].where(~bad))


def test_a_point_that_cannot_be_set_up_fails_alone_and_is_tried_once(monkeypatch):
    tried = []

    def breaking(fixed, seed):
        tried.append(fixed.energy)
        if fixed.energy == ENERGIES[7]:
            raise ValueError("there are no modes today")
        return problem_of(fixed, seed)

    problem_of = worker.problem_of
    monkeypatch.setattr(worker, "problem_of", breaking)
    with pytest.warns(RuntimeWarning, match="5 samples failed"):
        data = in_memory(spectrum(samples=5))
    assert (data["state"] == FAILED).sum() == 5
    assert (data["state"].sel(energy=ENERGIES[7]) == FAILED).all()
    assert tried.count(ENERGIES[7]) <= 2


class Fragile(KwantBackend):
    """Fails wherever one sample is in the batch."""

    def solve(self, batch):
        if any(problem.energy == 0.1 and 4 in numbers for problem, numbers in batch):
            raise MemoryError("too much")
        return super().solve(batch)


def test_a_sample_that_the_solver_refuses_stands_alone():
    asked = tuple(Part(Point(energy=energy), ((0, 6),)) for energy in (-0.4, 0.1, 0.3, 0.7))
    packed = pack(spectrum(), 3, Fragile())
    block = compute(packed.key, Task("s", asked, first=100), packed)
    failed = [(one.point["energy"], one.numbers) for one in block.measurements if one.error]
    assert failed == [(0.1, ((4, 5),))]
    assert sum(spans.size(numbers) for _, numbers in block.parts) == 24


# -- memory ----------------------------------------------------------------------------------


class Watched(KwantBackend):
    """Counts the problems of every batch, and those that live at once."""

    def __init__(self):
        self.forget()

    def forget(self):
        self.batches, self.alive, self.most = [], weakref.WeakSet(), 0

    def solve(self, batch):
        self.batches.append(len(batch))
        self.alive.update(problem for problem, _ in batch)
        self.most = max(self.most, len(self.alive))
        return super().solve(batch)

    def __reduce__(self):
        return _watched, ()


def _watched():
    return WATCHED


WATCHED = Watched()


def test_the_memory_of_the_problems_of_a_batch_is_bounded(monkeypatch):
    [size] = {worker._bytes(p) for p in [worker.problem_of(spectrum().at({"energy": 0.3}), 3)]}
    asked = tuple(Part(Point(energy=energy), ((0, 2),)) for energy in ENERGIES)
    packed = pack(spectrum(), 3, WATCHED)
    compute(packed.key, Task("s", asked, first=1000), packed)
    assert WATCHED.batches == [len(ENERGIES)]
    WATCHED.forget()
    monkeypatch.setattr(worker, "PROBLEM_BYTES", 6 * size)
    compute(packed.key, Task("s", asked, first=1000))
    assert sum(WATCHED.batches) == len(ENERGIES)
    assert max(WATCHED.batches) <= 8
    # The last two problems are kept for the next batch.
    assert WATCHED.most <= 8 + 2


# -- which back end --------------------------------------------------------------------------


def test_the_whole_sweep_decides_its_back_end_once(tmp_path, monkeypatch):
    asked = []

    def choosing(name, problem, samples):
        asked.append((name, samples))
        return BatchedBackend() if samples >= 80 else KwantBackend()

    monkeypatch.setattr(preflight, "choose", choosing)
    run(small(**SPECTRUM | {"solver": "auto"}), tmp_path, energy=ENERGIES[:3], samples=2)
    run(small(**SPECTRUM | {"solver": "auto"}), tmp_path)
    assert asked == [("auto", 6), ("auto", 80)]
    # Points of other systems share nothing with a system.
    in_memory(sweep(solver="auto"))
    assert asked[2:] == [("auto", 12)]


def test_shards_of_many_points_make_the_whole(tmp_path):
    whole = run(small(**SPECTRUM), tmp_path / "whole")
    for number in (3, 1, 2):
        data = run(small(**SPECTRUM), tmp_path / "shards", shard=(number, 3))
    assert_same(data, whole)


def test_a_sweep_that_was_cut_anywhere_continues(tmp_path, monkeypatch):
    whole = run(small(**SPECTRUM), tmp_path / "whole")

    def interrupted(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return compute(*args)

    for attempt in range(3):
        calls: list = []
        with monkeypatch.context() as patch:
            patch.setattr(dispatch, "compute", interrupted)
            with pytest.raises(KeyboardInterrupt, match=r"\d+ of 80 samples are kept"):
                run(small(**SPECTRUM), tmp_path / "cut", samples=2)
        part = mk.load(tmp_path / "cut/small/quick")
        assert (part["state"] == COMPUTED).sum() >= 8 * (attempt + 1) - 8
    assert_same(run(small(**SPECTRUM), tmp_path / "cut"), whole)
