"""The choice of a back end by name, and of the faster one."""

import os
import subprocess
import sys

import pytest

import mesokwant as mk
from mesokwant.solver import backends, costs
from mesokwant.solver.batched.backend import BatchedBackend
from mesokwant.solver.batched.dissection import dissection_of
from mesokwant.solver.problem import make_problem
from mesokwant.solver.reference import KwantBackend
from systems import Wire


@pytest.fixture
def problem(monkeypatch):
    """Kwant needs 2 s a sample, and the batched solver 9 s in advance, 4 of them for loading."""
    monkeypatch.setattr(costs, "MUMPS", costs.Rates(call=2.0))
    monkeypatch.setattr(costs, "SUPERLU", costs.Rates(call=2.0))
    monkeypatch.setattr(costs, "DISSECTION", costs.Rates(call=5.0))
    monkeypatch.setattr(costs, "LOADING_KERNELS", 4.0)
    return make_problem(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(1.0))


def is_batched(problem, samples, **options):
    return isinstance(backends.choose("auto", problem, samples, **options), BatchedBackend)


@pytest.fixture
def loaded(monkeypatch):
    """Kernels that count as loaded, whichever tests ran before."""
    monkeypatch.setitem(sys.modules, backends.KERNELS, None)


@pytest.fixture
def not_loaded(monkeypatch):
    """Kernels that count as not loaded."""
    monkeypatch.delitem(sys.modules, backends.KERNELS, raising=False)


def test_auto_batches_from_the_number_of_samples_on_at_which_it_saves_time(problem):
    assert not is_batched(problem, 2)
    assert is_batched(problem, 3)


def test_auto_counts_the_loading_of_kernels_where_it_counts_what_is_at_hand(problem, not_loaded):
    assert not is_batched(problem, 4, reuse=True)
    assert is_batched(problem, 5, reuse=True)


def test_auto_counts_no_loading_where_the_kernels_are_loaded(problem, loaded):
    assert not is_batched(problem, 2, reuse=True)
    assert is_batched(problem, 3, reuse=True)


def test_auto_batches_a_single_sample_where_nothing_is_to_be_set_up(problem, loaded):
    dissection_of(problem.structure)
    assert is_batched(problem, 1, reuse=True)


def test_the_choice_for_a_run_does_not_depend_on_what_the_process_did(problem, monkeypatch):
    monkeypatch.delitem(sys.modules, backends.KERNELS, raising=False)
    before = [is_batched(problem, samples) for samples in (1, 2, 3, 4)]
    monkeypatch.setitem(sys.modules, backends.KERNELS, None)
    dissection_of(problem.structure)
    assert [is_batched(problem, samples) for samples in (1, 2, 3, 4)] == before


def test_one_sample_of_a_wide_system_is_batched_where_kwant_has_superlu(monkeypatch):
    wide = make_problem(Wire(width=60, length=60), -0.9, disorder=mk.Anderson(1.0))
    for mumps in (True, False):
        monkeypatch.setattr(costs, "has_mumps", lambda mumps=mumps: mumps)
        assert is_batched(wide, 1) == (not mumps)
        assert is_batched(wide, 2)


def test_auto_takes_kwant_where_the_kernels_cannot_run(problem, monkeypatch):
    monkeypatch.setattr(backends, "COMPILED", False)
    assert isinstance(backends.choose("auto", problem, 10_000), KwantBackend)


@pytest.mark.parametrize("disabled", ["1", "0"])
def test_kernels_do_not_run_where_the_environment_disables_numba(disabled):
    code = "from mesokwant.solver.batched.backend import COMPILED; print(COMPILED)"
    environment = os.environ | {"NUMBA_DISABLE_JIT": disabled}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(disabled != "1")


def test_back_ends_are_known_by_name(problem):
    assert isinstance(backends.choose("kwant", problem, 10_000), KwantBackend)
    assert isinstance(backends.choose("batched", problem, 1), BatchedBackend)
    with pytest.raises(ValueError, match="did you mean 'batched'"):
        backends.choose("bached", problem, 1)
