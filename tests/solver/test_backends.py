"""The choice of a back end by name, and of the faster one."""

import os
import subprocess
import sys

import pytest

import mesokwant as mk
from mesokwant.solver import backends
from mesokwant.solver.batched.backend import BatchedBackend
from mesokwant.solver.problem import make_problem
from mesokwant.solver.reference import KwantBackend
from systems import Wire


@pytest.fixture
def problem(monkeypatch):
    """Fifty sites, of which Kwant needs 2 s a sample, and the batched solver 9 s in advance."""
    monkeypatch.setattr(backends, "KWANT_PER_SAMPLE", 1.5)
    monkeypatch.setattr(backends, "KWANT_PER_SITE", 0.01)
    monkeypatch.setattr(backends, "LOADING_KERNELS", 4.0)
    monkeypatch.setattr(backends, "DISSECTION_PER_SITE", 0.1)
    return make_problem(Wire(width=5, length=10), -0.9, disorder=mk.Anderson(1.0))


def test_auto_batches_from_the_number_of_samples_on_at_which_it_saves_time(problem):
    assert isinstance(backends.choose("auto", problem, 4), KwantBackend)
    assert isinstance(backends.choose("auto", problem, 5), BatchedBackend)


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
