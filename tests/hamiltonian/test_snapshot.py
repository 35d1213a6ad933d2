"""Snapshots are equal only where nothing has changed that decides a value."""

import functools
import random
import time
import types

import numpy as np
import pytest
import tinyarray as ta
from scipy.interpolate import CubicSpline

from mesokwant.hamiltonian.snapshot import NoSnapshotError, snapshot
from systems.ingredients import peierls_hopping
from tests.helpers import shown

here = 1.0
user_module = types.ModuleType("user_module")
user_module.random = 1


class Own:
    value = 1.0

    def method(self, x):
        return self.value * x


own = Own()


def reads_global(x):
    return here * x


def calls_another(x):
    return [reads_global(y) for y in x]


def calls_itself(x):
    return calls_itself(x - 1) if x else here


def default(x, scale=1.0):
    return scale * x


@pytest.mark.parametrize(
    "value",
    [
        1, 1.0, None, "a", 1j, np.float64(2), ta.array([1.0]), np.eye(2), [1, (2, {3})], {"a": [1]},
        reads_global, calls_another, calls_itself, default, functools.partial(default, scale=2),
        np.sin, len, np.where, peierls_hopping, float("nan"), np,
    ],
    ids=shown,
)  # fmt: skip
def test_unchanged_values_have_equal_snapshots(value):
    assert snapshot(value) == snapshot(value)
    assert hash(snapshot(value)) == hash(snapshot(value))


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), (True, 1), (0.0, -0.0), ([1], (1,)), (np.eye(2), np.eye(2)[None]), ("1", 1)],
)
def test_unlike_values_have_unlike_snapshots(one, other):
    assert snapshot(one) != snapshot(other)


@pytest.mark.parametrize("function", [reads_global, calls_another, calls_itself])
def test_a_changed_global_changes_the_snapshot(function, monkeypatch):
    before = snapshot(function)
    monkeypatch.setitem(globals(), "here", 2.0)
    assert snapshot(function) != before


def test_changed_defaults_code_and_attributes_change_the_snapshot():
    def function(x, scale=1.0):
        return scale * x

    snapshots = [snapshot(function)]
    function.__defaults__ = (2.0,)
    snapshots.append(snapshot(function))
    function.note = 3
    snapshots.append(snapshot(function))
    function.__code__ = (lambda x, scale: x).__code__
    snapshots.append(snapshot(function))
    assert len(set(snapshots)) == 4


def imports_inside(x):
    from user_module import random as value

    return value * x


@pytest.mark.parametrize(
    "value",
    [
        own, own.method, lambda x: own.value, lambda x: Own.value, user_module, imports_inside,
        lambda x: eval("here"), CubicSpline([0, 1, 2], [0, 1, 4]), np.vectorize(len),
        functools.cache(reads_global), list(range(30_000)), np.array([own]),
    ],
)  # fmt: skip
def test_what_can_change_unnoticed_has_no_snapshot(value):
    with pytest.raises(NoSnapshotError) as caught:
        snapshot(value)
    assert not caught.value.random


@pytest.mark.parametrize(
    "value",
    [
        np.random.default_rng(1), random.random, random.Random(1).gauss, np.random.normal,
        lambda x: np.random.normal(),  # noqa: NPY002
        lambda x: random.gauss(0, 1), lambda x: time.time(),
    ],
)  # fmt: skip
def test_what_draws_random_numbers_says_so(value):
    with pytest.raises(NoSnapshotError) as caught:
        snapshot(value)
    assert caught.value.random
