"""What makes two runs the same computation, and what does not."""

import json
import re
import warnings

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.engine import identity as identity_module
from mesokwant.engine.identity import identity
from mesokwant.store.manifest import differences, digest
from systems import Ribbon, Wire
from tests.helpers.engine import run, small


def between(one, other):
    plain = json.loads(json.dumps(identity(one)))
    found = differences(plain, identity(other))
    assert bool(found) == (digest(plain) != digest(identity(other))) or "code" in found[0]
    return found


SAME = {
    "axis values": small(axes={"length": (3, 9), "energy": (0.2,)}),
    "samples": small(samples=99),
    "numbers of NumPy": small(disorder=mk.Anderson(np.float64(1.5))),
    "whole numbers": small(system=Wire(width=2, length=np.int64(3))),
    "claims": small(claims=lambda data: []),
}
OTHER = {
    "seed": (small(seed=4), "seed was 3, is now 4"),
    "setting": (small(system=Wire(width=3, length=3)), "system.width was 2, is now 3"),
    "strength": (small(disorder=mk.Anderson(2.0)), "anderson.strength was 1.5, is now 2.0"),
    "disorder": (small(disorder=mk.BondDisorder(1.5)), "'Anderson'.*'BondDisorder'"),
    "axes": (small(axes={"length": (3, 4)}), "axes was"),
    "observable": (
        small(observables={"g": mk.Conductance(0, 1), "T": mk.TransmissionEigenvalues()}),
        "lead_out=0",
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_computation(case):
    assert between(small(), SAME[case]) == []


@pytest.mark.parametrize("case", OTHER)
def test_another_computation(case):
    study, expected = OTHER[case]
    assert re.search(expected, "; ".join(between(small(), study)))


def potential(factor):
    def build(self):
        builder = Wire(width=2, length=3).builder()
        for site in list(builder.sites()):
            builder[site] = factor
        return builder.finalized()

    return build


def test_the_code_of_the_builder_counts(monkeypatch):
    before = identity(small())
    monkeypatch.setattr(Wire, "build", potential(0.1))
    from mesokwant.engine import worker
    from mesokwant.study import sweep

    for cache in (sweep.built, sweep._parameters, worker._structure):
        cache.cache_clear()
    [text] = differences(before, identity(small()))
    assert "the Hamiltonian that the system builds is another one" in text
    for cache in (sweep.built, sweep._parameters, worker._structure):
        cache.cache_clear()


def observable(factor):
    return lambda ens: factor * ens.transmission(1, 0)


def test_the_code_of_an_observable_counts(monkeypatch):
    one = small(observables={"g": observable(1)})
    assert between(one, small(observables={"g": observable(1)})) == []
    assert "code is another one" in between(one, small(observables={"g": observable(2)}))[0]
    other = small(observables={"g": lambda ens: ens.transmission(0, 1)})
    assert between(one, other)
    # Compiled code says nothing across versions of Python.
    before = identity(one)
    monkeypatch.setattr(identity_module.sys.implementation, "cache_tag", "cpython-399")
    assert differences(before, identity(small(observables={"g": observable(2)}))) == []


def test_the_predicate_of_the_disorder_counts():
    def left(site):
        return site.pos[0] < 1

    def right(site):
        return site.pos[0] > 1

    right.__qualname__ = left.__qualname__
    [text] = between(
        small(disorder=mk.Anderson(0.0, where=left)), small(disorder=mk.Anderson(0.0, where=right))
    )
    assert "Hamiltonian" in text


def test_swept_parameters_may_be_whole_numbers_only():
    def onsite(site, n):
        return [0.1, 0.2, 0.3][n]

    builder = Wire(width=2, length=3).builder()
    for site in list(builder.sites()):
        builder[site] = onsite
    assert identity(small(system=builder, axes={"n": (0, 2)}))["sweeps"]["sweep"]["Hamiltonian"]


def test_a_refused_store_names_the_difference(tmp_path):
    flux = {"system": Ribbon(width=2, length=3), "axes": {"flux": (0.0,)}}
    run(small(**flux), tmp_path)
    with pytest.raises(ValueError, match=r"energy was 0.0, is now 0.3"), warnings.catch_warnings():
        run(small(**flux), tmp_path, energy=0.3)
