"""Real processes, killed, interrupted and starved: nothing computed is lost or doubled."""

from __future__ import annotations

import contextlib
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import mesokwant as mk
from mesokwant.engine.identity import identity
from mesokwant.store import spans
from mesokwant.store.store import Store
from tests.helpers import ROOT
from tests.helpers.engine import FILE, assert_same, command, files_of, run, small

SLOW_FILE = (
    FILE.replace(
        "observables=dict(g=mk.Conductance()",
        "observables=dict(g=slow",
    )
    .replace(
        "study =",
        """
def slow(ensemble):
    time.sleep(0.02 * len(ensemble))
    return ensemble.transmission(1, 0)


study =""",
    )
    .replace("import mesokwant", "import time\nimport mesokwant")
)
"""Samples that take their time."""


def children(pid):
    """The processes that a process has started."""
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def stored(out):
    """Number of samples in the store."""
    try:
        present = Store(out / "small/quick").present("sweep")
    except FileNotFoundError:
        return 0
    return sum(spans.size(samples) for samples in present.values())


def kill(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def killed_at_random(folder, kills, options):
    """Run to the end, killing the coordinator, a worker, or all of them, at random instants."""
    chance = random.Random(7)
    while True:
        with command("run", "wire_study.py", *options, cwd=folder) as process:
            while kills:
                before = stored(folder / "results")
                while process.poll() is None and stored(folder / "results") == before:
                    time.sleep(0.05)
                time.sleep(chance.uniform(0, 0.3))
                if process.poll() is not None:
                    break
                what, workers = kills.pop(), children(process.pid)
                if what == "worker" and workers:
                    kill([chance.choice(workers)])
                    continue
                kill([process.pid] if what == "coordinator" else [*workers, process.pid])
                process.wait()
                # Workers do not outlive the coordinator.
                wait_for(lambda workers=workers: not any(map(alive, workers)), 10)
                break
            _, errors = process.communicate(timeout=600)
            if process.returncode == 0:
                return
            assert process.returncode == -signal.SIGKILL, errors


def check_kills(folder, kills, samples):
    (folder / "wire_study.py").write_text(SLOW_FILE)
    killed_at_random(folder, kills, ["--samples", str(samples), "--workers", "2"])
    assert_same(
        mk.load(folder / "results/small/quick"), run(small(), folder / "other", samples=samples)
    )
    rows = Store(folder / "results/small/quick").rows("sweep")
    assert sum(map(len, rows)) == 4 * samples


def test_kills_lose_nothing(tmp_path):
    check_kills(tmp_path, ["worker", "coordinator"], 60)


@pytest.mark.slow
def test_fifty_kills_lose_nothing(tmp_path):
    kills = [random.Random(i).choice(["coordinator", "worker", "all"]) for i in range(50)]
    check_kills(tmp_path, kills, 3000)


@pytest.mark.parametrize("presses", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_control_c(tmp_path, presses):
    (tmp_path / "wire_study.py").write_text(SLOW_FILE)
    process = command("run", "wire_study.py", "--samples", "10000", "--workers", "2", cwd=tmp_path)
    wait_for(lambda: stored(tmp_path / "results"))
    workers = children(process.pid)
    start = time.monotonic()
    for _ in range(presses):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.01)
    _, errors = process.communicate()
    assert time.monotonic() - start < 2 * slack()
    assert process.returncode == 130
    if presses == 1:
        assert "samples are kept in" in errors
        assert "run again to continue" in errors
        assert "Traceback" not in errors
    wait_for(lambda: not any(map(alive, workers)), 5)


def slack():
    """How much slower than idle a shared machine is right now."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.slow
def test_ten_million_samples_fit_in_memory():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.engine", "--stored", "10000000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(re.search(r"at most ([\d.]+) GB", done.stdout)[1]) < 2


def limited(bytes_):
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))


def test_a_disk_without_room(tmp_path):
    """The operating system refuses to write more: one sentence, and no half of a block."""
    (tmp_path / "wire_study.py").write_text(FILE)
    arguments = ["run", "wire_study.py", "--workers", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "mesokwant", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=lambda: limited(2500),
    )
    assert done.returncode == 1
    assert "what was computed before is kept" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.part"))
    process = command(*arguments, cwd=tmp_path)
    process.communicate()
    assert_same(mk.load(tmp_path / "results/small/quick"), run(small(), tmp_path / "other"))


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs users")
def test_a_folder_that_cannot_be_written():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        run(small(), folder)
        user = os.geteuid()
        if user == 0:  # root may write anywhere: be nobody
            os.seteuid(65534)
        else:
            folder.chmod(0o555)
        try:
            before = files_of(folder)
            run(small(), folder)  # nothing to write, nothing refused
            with pytest.raises(PermissionError, match="Permission denied"):
                run(small(), folder, samples=7)
            with pytest.raises(PermissionError, match="Permission denied"):
                Store.open(folder / "new", identity(small()))
            assert files_of(folder) == before
        finally:
            os.seteuid(user)
            folder.chmod(0o755)
