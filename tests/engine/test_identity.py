"""What makes two runs the same computation, and what does not."""

import json
import re
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.engine import code
from mesokwant.engine.identity import identity
from mesokwant.store.manifest import differences, digest, incomparable_code, with_code
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


def test_the_code_of_an_observable_counts():
    one = small(observables={"g": observable(1)})
    assert between(one, small(observables={"g": observable(1)})) == []
    other = small(observables={"g": observable(2)})
    assert between(one, other) == ["sweep: the code of the observable 'g' changed"]
    assert between(one, small(observables={"g": lambda ens: ens.transmission(0, 1)}))


def in_first_column(site):
    return site.pos[0] < 1


def test_the_predicate_of_the_disorder_counts():
    def anywhere(site):
        return site.pos[0] > -1

    anywhere.__qualname__ = in_first_column.__qualname__
    one, other = (
        small(disorder=mk.Anderson(0.0, where=where)) for where in (in_first_column, anywhere)
    )
    assert between(one, other) == ["sweep: the code of the disorder 'anderson' changed"]


@dataclass(frozen=True)
class Weighted:
    """An observable with fields that a repr does not say in full."""

    function: Callable[[Any], Any]
    table: frozenset[str]
    weights: Any

    def __call__(self, ens):
        return self.function(ens) * self.weights.sum() * len(self.table)


class Plain:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, ens):
        return self.factor * ens.transmission(1, 0)


def weighted(last):
    return Weighted(observable(1), frozenset({"a", "b", "c"}), np.array([*[1.0] * 2000, last]))


def test_instances_of_a_users_class_are_named_without_addresses_and_compared_in_full():
    observables = identity(small(observables={"g": weighted(1.0), "h": Plain(2)}))
    described = observables["sweeps"]["sweep"]["observables"]
    assert described["g"]["is"].startswith(
        "Weighted(function=observable.<locals>.<lambda>, table=frozenset('a', 'b', 'c'), weights="
    )
    assert described["h"]["is"] == "Plain"
    one, other = small(observables={"g": weighted(1.0)}), small(observables={"g": weighted(2.0)})
    assert between(one, small(observables={"g": weighted(1.0)})) == []
    [text] = between(one, other)
    assert re.search("the observable 'g' changed|observables: g: is was", text)


def test_whole_and_real_numbers_of_a_setting_stay_the_same():
    @dataclass(frozen=True)
    class Box(mk.Disorder):
        strength: float
        profile: tuple[float, ...] = ()

        def bind(self, structure):
            return mk.Anderson(self.strength).bind(structure)

    assert between(small(disorder=Box(1, (2, 3))), small(disorder=Box(1.0, (2.0, 3.0)))) == []


def test_shipped_code_has_no_text():
    [sweep] = identity(small())["sweeps"].values()
    assert [entry["code"] for entry in sweep["observables"].values()] == ["", ""]
    assert (sweep["disorder_code"], sweep["params_code"], sweep["system_code"]) == (
        {"anderson": ""},
        {},
        "",
    )


def test_a_users_system_of_the_name_and_fields_of_a_shipped_one_is_noticed():
    @dataclass(frozen=True)
    class Own(Wire):
        def build(self):
            return super().build()

    Own.__qualname__ = Wire.__qualname__
    own = small(system=Own(width=2, length=3))
    assert between(small(), own) == ["sweep: the code of the system changed"]


def test_value_functions_of_a_builder_count():
    def study(limit):
        def onsite(site, V):
            return V if limit > V else 2 * V

        builder = Wire(width=2, length=3).builder()
        for site in list(builder.sites()):
            builder[site] = onsite
        return small(axes={"V": (0.1, 0.2)}, system=builder)

    assert between(study(10), study(10)) == []
    assert between(study(10), study(11)) == ["sweep: the code of the system changed"]


def test_code_that_can_not_be_identified_is_refused_by_stores_alone(tmp_path):
    def measure(ens):
        return eval("ens.transmission(1, 0)")

    study = small(observables={"g": measure})
    message = r"the code of the observable 'g' can't be identified: .* uses builtins.eval, .* names"
    with pytest.raises(ValueError, match=message):
        run(study, tmp_path)
    assert mk.run(study.sweeps, workers=1, progress=False).g.size  # in memory


# -- stores of older versions, and of other versions of Python -----------------------------


def as_older(known, code):
    """An identity as older versions wrote it: code of observables alone, in another form."""
    old = json.loads(json.dumps(known))
    for sweep in old["sweeps"].values():
        for key in ("disorder_code", "params_code", "system_code"):
            del sweep[key]
        for entry in sweep["observables"].values():
            entry["code"] = code
            if entry["is"] == "Plain":
                entry["is"] = "some_study.Plain"
    return old


@pytest.mark.parametrize("code", ["", "cpython-311:0123456789abcdef"])
def test_results_of_older_versions_continue(code):
    now = identity(small(observables={"g": Plain(2), "h": observable(1)}))
    old = as_older(now, code)
    assert differences(old, now) == []
    expected = [
        f"the code of the observable {name!r} can't be compared: it was identified by an older "
        "version of mesokwant"
        for name in "gh"
    ]
    assert incomparable_code(old, now) == (expected if code else [])


def test_a_store_of_an_older_version_can_take_the_code_over():
    one, other = (small(observables={"g": observable(factor)}) for factor in (1, 2))
    taken = with_code(as_older(identity(one), ""), identity(one))
    assert taken == identity(one)
    assert differences(taken, identity(other)) == ["sweep: the code of the observable 'g' changed"]


def test_code_is_not_compared_across_versions_of_python(monkeypatch):
    one, other = (small(observables={"g": observable(factor)}) for factor in (1, 2))
    now, tag = identity(one), sys.implementation.cache_tag
    monkeypatch.setattr(code.sys.implementation, "cache_tag", "cpython-399")
    assert differences(now, identity(other)) == []
    assert incomparable_code(now, identity(other)) == [
        f"the code of the observable 'g' can't be compared: it was identified by {tag}"
    ]
    assert incomparable_code(now, now) == []


def test_code_is_no_part_of_what_marks_blocks():
    known = identity(small(observables={"g": observable(1)}))
    older = as_older(known, "")
    assert digest(known) == digest(older)


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
