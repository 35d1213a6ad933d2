"""What the tests of the engine share: a small study, ways to run it, and to compare."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import mesokwant as mk
from systems import Wire

FILE = """
import mesokwant as mk
from systems import Wire

study = mk.Study(
    name="small",
    question="Does a small wire conduct?",
    sweeps=mk.Sweep(
        system=Wire(width=2, length=3),
        disorder=mk.Anderson(1.5),
        axes=dict(length=(3, 4), energy=(-0.7, 0.6)),
        observables=dict(g=mk.Conductance(), T=mk.TransmissionEigenvalues()),
        samples=6,
        solver="kwant",
    ),
    presets=dict(full=dict(samples=50)),
    seed=3,
)
"""
"""A study file with the same study as `small`."""


def sweep(**changes: Any) -> mk.Sweep:
    """A sweep over two lengths and two energies that takes some 10 ms."""
    values: dict[str, Any] = {
        "system": Wire(width=2, length=3),
        "disorder": mk.Anderson(1.5),
        "axes": {"length": (3, 4), "energy": (-0.7, 0.6)},
        "observables": {"g": mk.Conductance(), "T": mk.TransmissionEigenvalues()},
        "samples": 6,
        "solver": "kwant",
    }
    return mk.Sweep(**values | changes)


def small(*, seed: int = 3, claims: Any = None, panels: Any = (), **changes: Any) -> mk.Study:
    """A study of that sweep."""
    return mk.Study(
        name="small",
        sweeps=sweep(**changes),
        presets={"full": {"samples": 50}},
        seed=seed,
        claims=claims,
        panels=panels,
    )


def run(study: mk.Study, out: Path, **options: Any) -> Any:
    """Run in this process, quietly."""
    options.setdefault("workers", None if "executor" in options else 1)
    return mk.run(study, out=out, progress=False, **options)


def assert_same(one: Any, other: Any) -> None:
    """Bit for bit the same results."""
    for found, expected in ((one, other), (other, one)):
        assert set(found.variables) == set(expected.variables)
    for name in one.variables:
        np.testing.assert_array_equal(one[name].values, other[name].values, err_msg=name)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its content."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def command(
    *arguments: str,
    cwd: Path,
    launcher: Sequence[str] = (sys.executable,),
    module: Sequence[str] = ("mesokwant",),
) -> Any:
    """Start ``mesokwant`` as a process of its own, in a process group of its own."""
    return subprocess.Popen(
        [*launcher, "-m", *module, *arguments],
        cwd=cwd,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
