"""The plan: every missing sample in exactly one task, tasks of about the same time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesokwant.engine.plan import FIRST_SAMPLES, TASK_SECONDS, Plan, Work, missing
from mesokwant.point import Point
from mesokwant.store import parts, spans
from mesokwant.store.block import Block, Measurement
from mesokwant.store.parts import Part
from tests.helpers.engine import sweep

quick = settings(max_examples=100)


def cells(sweep, some):
    """All samples of some parts of a sweep, one by one."""
    return [(sweep, point, n) for point, numbers in some for n in spans.numbers(numbers)]


def cells_of_work(work):
    return [cell for one in work for cell in cells(one.sweep, [one.part])]


def everything(sweeps):
    return {
        (name, point, n)
        for name, one in sweeps.items()
        for point in one.points
        for n in range(one.samples)
    }


def finished(task, pace):
    """What a worker makes of a task whose samples take `pace` seconds."""
    done, _ = parts.split(task.parts, max(1, int(task.seconds / pace)))
    measurements = tuple(Measurement(*part) for part in done)
    return Block(task.sweep, measurements, pace * parts.size(done))


@quick
@given(st.integers(1, 9), st.integers(1, 30), st.lists(st.integers(0, 11), max_size=6))
def test_shards_are_disjoint_and_complete(shards, samples, stored):
    sweeps = {"one": sweep(samples=samples), "two": sweep(axes={}, samples=5)}
    have = {
        "one": {Point(length=3, energy=-0.7): spans.union((n, n + 1) for n in stored)},
        "two": {},
    }
    dealt = [cells_of_work(missing(sweeps, have, (i + 1, shards))) for i in range(shards)]
    together = [cell for part in dealt for cell in part]
    assert len(together) == len(set(together))
    assert set(together) == set(cells_of_work(missing(sweeps, have)))
    there = {("one", Point(length=3, energy=-0.7), n) for n in stored}
    assert set(together) == everything(sweeps) - there


def test_shards_share_dear_points():
    # The second length is the dear one: all shards get part of it.
    dear = [
        sum(
            parts.size([one.part])
            for one in missing({"s": sweep(samples=100)}, {"s": {}}, (i, 4))
            if one.part.point["length"] == 4
        )
        for i in (1, 2, 3, 4)
    ]
    assert max(dear) - min(dear) <= 13


def test_too_many_shards_are_refused():
    for shard in ((25, 25), (0, 3), (4, 3)):
        with pytest.raises(ValueError, match=r"shard .* does not exist.*24 samples"):
            list(missing({"s": sweep()}, {"s": {}}, shard))


@quick
@given(
    st.integers(1, 40),
    st.integers(1, 5),
    st.lists(st.floats(1e-4, 20.0), min_size=4, max_size=4),
    st.sampled_from([(), ("length",), ("length", "energy")]),
    st.randoms(use_true_random=False),
)
def test_every_sample_is_computed_once(samples, workers, paces, axes, random):
    sweeps = {"s": sweep(samples=samples)}
    pace = dict(zip(sweeps["s"].points, paces, strict=True))
    work = list(missing(sweeps, {"s": {}}))
    plan = Plan(work, parts.size(one.part for one in work), {"s": axes})
    flying, done = [], []
    while True:
        while len(flying) < workers and (task := plan.next(workers)):
            flying.append(task)
        if not flying:
            break
        task = flying.pop(random.randrange(len(flying)))
        block = finished(task, pace[task.parts[0].point])
        done += cells(block.sweep, block.parts)
        plan.learn(task, block)
    assert len(done) == len(set(done))
    assert set(done) == everything(sweeps)


@pytest.mark.parametrize("pace", [2e-6, 3e-4, 0.02, 1.0, 30.0])
def test_tasks_are_sized_by_time(pace):
    one = sweep(axes={}, samples=10**9)
    plan = Plan(missing({"s": one}, {"s": {}}), 10**9)
    task = plan.next(4)
    assert parts.size(task.parts) == FIRST_SAMPLES
    plan.learn(task, finished(task, pace))
    plan.learn(task := plan.next(4), finished(task, pace))  # perhaps what the first one left
    times = []
    for _ in range(20):
        task = plan.next(4)
        times.append(pace * parts.size(task.parts))
        plan.learn(task, finished(task, pace))
    # Slower samples than a task is long: one at a time.
    assert max(times) <= max(1.2 * TASK_SECONDS, pace)
    assert min(times) >= 0.8 * TASK_SECONDS


def test_tasks_get_smaller_towards_the_end():
    one = sweep(axes={}, samples=1000)
    plan = Plan(missing({"s": one}, {"s": {}}), 1000)
    task = plan.next(4)
    plan.learn(task, finished(task, 1e-2))
    sizes = []
    while task := plan.next(4):
        sizes.append(parts.size(task.parts))
    assert sum(sizes) == 1000 - FIRST_SAMPLES
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-2] == 30  # 0.3 s: any smaller costs more than it gains


def test_a_plan_is_lazy():
    def endless():
        n = 0
        while True:
            yield Work("s", Part(Point(x=n), ((0, 1),)))
            n += 1

    task = Plan(endless(), 10**9).next(4)
    assert [part.point["x"] for part in task.parts] == list(range(FIRST_SAMPLES))
