"""Every wrong input is answered by one sentence that names the way out, and changes nothing.

In Python it is a built-in exception, on the command line exit status 2.
"""

from __future__ import annotations

import re

import kwant
import numpy as np
import pytest
from click.testing import CliRunner

import mesokwant as mk
from mesokwant.cli.commands import mesokwant
from systems import Ribbon, Wire
from tests.helpers.engine import FILE, files_of, run, small, sweep


def lone_site():
    builder = kwant.Builder()
    builder[kwant.lattice.square(norbs=1)(0, 0)] = 0
    return builder


def leaky():
    """A wire whose Hamiltonian is not Hermitian."""
    lattice = kwant.lattice.square(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(x, 0) for x in range(3))] = lambda site, gain: 1j * gain
    builder[lattice.neighbors()] = -1
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0)))
    lead[lattice(0, 0)] = 0
    lead[lattice.neighbors()] = -1
    builder.attach_lead(lead)
    builder.attach_lead(lead.reversed())
    return builder


def raising(site, flux):
    raise ValueError("the gate is not set")


def gated():
    builder = leaky()
    builder[next(iter(builder.sites()))] = raising
    return builder


def ribbon(**changes):
    return small(**{"system": Ribbon(width=2, length=3), "axes": {"flux": (0.0, 0.1)}} | changes)


def ensemble(**changes):
    values = {"disorder": mk.Anderson(1.0), "samples": 2}
    return mk.scattering(Wire(width=2, length=3), changes.pop("energy", -0.7), **values | changes)


# Name -> (what is done with the results folder `out`, what the answer says).
PYTHON = {
    "unknown axis": (lambda out: run(small(axes={"lenght": (3,)}), out), "did you mean 'length'"),
    "unknown option": (lambda out: run(small(), out, enregy=0.1), "did you mean 'energy'"),
    "unknown param": (
        lambda out: run(small(params={"fluks": 0.1}), out),
        "'fluks' is no parameter of this system",
    ),
    "param missing": (
        lambda out: run(ribbon(axes={"length": (3,)}), out),
        r"needs a value for 'flux': params=dict\(flux=",
    ),
    "ambiguous axis": (
        lambda out: run(
            small(disorder=mk.Anderson(1.0) + mk.Gaussian(1.0, 2.0), axes={"strength": (2.0,)}), out
        ),
        "ambiguous: say 'anderson.strength' or 'gaussian.strength'",
    ),
    "axis twice": (
        lambda out: run(small(axes={"length": (3,), "system.length": (4,)}), out),
        "one and the same",
    ),
    "option twice": (
        lambda out: run(small(), out, **{"length": 3, "system.length": 4}),
        "one and the same",
    ),
    "axes a list": (lambda out: small(axes=["energy"]), "axes must map names to values"),
    "observables a name": (lambda out: small(observables="g"), "observables must map names"),
    "where a list": (
        lambda out: run(small(disorder=mk.Anderson(1.0, where=[1, 2])), out),
        "`where` of Anderson must be a function of a kwant Site",
    ),
    "sweeps a list": (lambda out: mk.Study("a", [sweep()]), "sweeps must be a mk.Sweep"),
    "panels a function": (
        lambda out: mk.Study("a", sweep(), panels=print),
        "panels must be a sequence of functions",
    ),
    "presets a list": (
        lambda out: mk.Study("a", sweep(), presets=["full"]),
        "presets must map names to options",
    ),
    "options a list": (lambda out: mk.run(sweep(), ["samples"]), "options must map names"),
    "shard a text": (lambda out: run(small(), out, shard="3/16"), "shard must be a pair"),
    "params of scattering a list": (
        lambda out: mk.scattering(Wire(2, 3), 0.1, params=["flux"]),
        "params must map names of Kwant parameters",
    ),
    "a lead for leads": (
        lambda out: mk.scattering(Wire(2, 3), 0.1, in_leads=0),
        "in_leads must be a sequence of leads",
    ),
    "samples a switch": (
        lambda out: mk.scattering(Wire(2, 3), 0.1, samples=True),
        "how many samples",
    ),
    "a number for an estimate": (
        lambda out: mk.Claim("a", 1.0, 1.0),
        "measured must be a mk.Estimate",
    ),
    "neither study nor sweep": (lambda out: mk.run(Wire(2, 3)), "a mesokwant.Study or"),
    "preset of a sweep": (lambda out: mk.run(sweep(), preset="full"), "a sweep has no presets"),
    "axis without values": (lambda out: small(axes={"energy": ()}), "'energy' is empty"),
    "axis repeats": (lambda out: small(axes={"energy": (0.1, 0.1)}), "repeats a value"),
    "axis repeats in another type": (
        lambda out: small(axes={"length": (3, np.float64(3.0))}),
        "repeats a value",
    ),
    "axis with NaN": (lambda out: small(axes={"energy": (0.1, np.nan)}), "must be finite"),
    "axis infinite": (lambda out: small(axes={"energy": (np.inf,)}), "must be finite"),
    "axis of objects": (lambda out: small(axes={"energy": (None,)}), "takes numbers"),
    "axis of arrays": (lambda out: small(axes={"energy": np.ones((2, 2))}), "takes numbers"),
    "axis of names": (lambda out: run(small(axes={"energy": ("a",)}), out), "takes numbers"),
    "axis mixed": (lambda out: small(axes={"energy": (0.1, "a")}), "mixes names and numbers"),
    "axis a scalar": (lambda out: small(axes={"energy": 0.1}), "needs a sequence"),
    "axis with a taken name": (
        lambda out: run(small(observables={"state": mk.Conductance()}), out),
        "rename .*'state'",
    ),
    "axis and observable alike": (
        lambda out: run(small(observables={"energy": mk.Conductance()}), out),
        "rename .*'energy'",
    ),
    "setting NaN": (lambda out: run(ribbon(), out, energy=np.nan), "must be finite"),
    "setting with several values": (
        lambda out: run(ribbon(), out, energy=(0.1, 0.2)),
        "not swept here",
    ),
    "no samples": (lambda out: run(small(), out, samples=0), "positive integer"),
    "negative samples": (lambda out: run(small(), out, samples=-3), "positive integer"),
    "half a sample": (lambda out: run(small(), out, samples=2.5), "positive integer"),
    "no workers": (lambda out: run(small(), out, workers=0), "positive integer"),
    "negative workers": (lambda out: run(small(), out, workers=-1), "positive integer"),
    "negative seed": (lambda out: run(small(), out, seed=-1), "seed must be"),
    "zero width": (lambda out: run(small(), out, **{"system.width": 0}), "at least 1"),
    "negative length": (lambda out: run(small(), out, length=-4), "at least 1"),
    "half a length": (lambda out: run(small(), out, length=3.5), "whole number"),
    "negative disorder": (
        lambda out: run(small(), out, **{"anderson.strength": -1.0}),
        "0 is the clean limit",
    ),
    "concentration above one": (
        lambda out: run(small(disorder=mk.Vacancies(0.1)), out, concentration=1.5),
        "between 0 and 1",
    ),
    "disorder on no site": (
        lambda out: run(small(disorder=mk.Anderson(1.0, where=lambda site: False)), out),
        "holds on no site",
    ),
    "disorder a number": (lambda out: small(disorder=1.5), "mk.Anderson"),
    "not Hermitian": (
        lambda out: run(small(system=leaky(), axes={"gain": (0.1,)}), out),
        "not Hermitian",
    ),
    "value function raises": (
        lambda out: run(small(system=gated(), axes={"flux": (0.1,)}, params={"gain": 0}), out),
        "the gate is not set|raising",
    ),
    "no leads": (lambda out: run(small(system=lone_site(), axes={}), out), "attach_lead"),
    "not a system": (lambda out: run(small(system="wire", axes={}), out), "finite Kwant system"),
    "unknown lead": (
        lambda out: run(small(observables={"g": mk.Conductance(2, 0)}), out),
        "no lead 2",
    ),
    "unknown solver": (lambda out: run(small(solver="kwnat"), out), "did you mean 'kwant'"),
    "no observable": (lambda out: small(observables={}), "needs an observable"),
    "observable no function": (lambda out: small(observables={"g": 1}), "function of an Ensemble"),
    "observable mistyped": (
        lambda out: run(small(observables={"g": lambda ens: ens.transmision(1, 0)}), out),
        "the observable 'g': .*transmision",
    ),
    "observable without samples": (
        lambda out: run(small(observables={"g": lambda ens: 1.0}), out),
        "first axis must be the sample",
    ),
    "unknown preset": (lambda out: run(small(), out, preset="quik"), "did you mean 'quick'"),
    "unknown executor": (lambda out: run(small(), out, executor="dsk"), "did you mean 'dask'"),
    "executor no executor": (lambda out: run(small(), out, executor=3), "submit"),
    "scheduler without dask": (lambda out: run(small(), out, scheduler="tcp://x"), "'dask' only"),
    "workers of MPI": (lambda out: run(small(), out, executor="mpi", workers=2), "mpiexec -n"),
    "more shards than samples": (lambda out: run(small(), out, shard=(1, 99)), "at most 24"),
    "shard zero": (lambda out: run(small(), out, shard=(0, 3)), "numbered from 1/3 to 3/3"),
    "name outside the folder": (
        lambda out: mk.Study(name="../x", sweeps=sweep()),
        "use letters, digits",
    ),
    "preset outside the folder": (
        lambda out: mk.Study(name="x", sweeps=sweep(), presets={"../../y": {}}),
        "use letters, digits",
    ),
    "complex energy": (lambda out: ensemble(energy=-1 + 0.1j), r"finite real number, not \(-1"),
    "infinite energy": (lambda out: ensemble(energy=np.inf), "finite real number, not inf"),
    "energy a text": (lambda out: ensemble(energy="a"), "finite real number, not 'a'"),
    "complex energy of a study": (
        lambda out: run(small(axes={"length": (3,)}, energy=-1 + 0.1j), out),
        r"finite real number, not \(-1",
    ),
    "axis complex": (lambda out: small(axes={"energy": (1j,)}), "takes numbers"),
    "observable without a name": (
        lambda out: small(observables=mk.Conductance()),
        "observables must map names",
    ),
    "observables a list": (
        lambda out: small(observables=[mk.Conductance()]),
        "observables must map names",
    ),
    "params a list": (lambda out: small(params=["flux"]), "params must map names"),
    "disorder a class": (lambda out: ensemble(disorder=mk.Anderson), "disorder must be a value"),
    "strength a text": (lambda out: mk.Anderson("1"), "strength must be a finite number"),
    "strength NaN": (lambda out: mk.Anderson(np.nan), "strength must be a finite number"),
    "correlation length a text": (
        lambda out: mk.Gaussian(1.0, "2"),
        "correlation_length must be a finite number",
    ),
    "concentration a text": (lambda out: mk.Vacancies("0.1"), "a number between 0 and 1"),
    "flux disorder a text": (lambda out: mk.RandomFlux("1"), "strength must be a finite number"),
    "magnetic disorder a text": (
        lambda out: mk.MagneticImpurities("1"),
        "strength must be a finite number",
    ),
    "bond disorder a text": (lambda out: mk.BondDisorder("1"), "strength must be a finite number"),
    "where a number": (
        lambda out: run(small(disorder=mk.Anderson(1.0, where=3)), out),
        "must be a function of a kwant Site, such as lambda site",
    ),
    "where a list of sites": (
        lambda out: ensemble(disorder=mk.Vacancies(0.1, where=[1, 2])),
        "must be a function of a kwant Site, such as lambda site",
    ),
    "half a sample of a point": (lambda out: ensemble(samples=2.5), "a positive integer, not 2.5"),
    "half a sample of a sweep": (lambda out: sweep(samples=2.5), "a positive integer, not 2.5"),
    "samples a text": (lambda out: ensemble(samples="5"), "a positive integer, not '5'"),
    "seed a text": (lambda out: ensemble(seed="a"), "seed must be an integer"),
    "half a seed": (lambda out: ensemble(seed=1.5), "seed must be an integer"),
    "workers a text": (lambda out: run(small(), out, workers="2"), "positive integer, not '2'"),
    "unknown lead of a point": (lambda out: ensemble(in_leads=(7,)), "there is no lead 7"),
    "unknown lead of an ensemble": (
        lambda out: ensemble().transmission(2, 0),
        "there is no lead 2",
    ),
    "modes of an unknown lead": (lambda out: ensemble().num_propagating(5), "there is no lead 5"),
    "modes of an unknown block": (
        lambda out: ensemble().num_propagating((0, 5)),
        "lead 0 has no block 5",
    ),
    "difference of estimates": (
        lambda out: mk.statistics.mean([0.1, 0.2]) - mk.statistics.mean([0.2, 0.3]),
        "`paired_difference` or `bootstrap`",
    ),
    "claim without a theory": (
        lambda out: mk.Claim("a claim", mk.Estimate(1.0, 0.1, 10)),
        "give what is expected",
    ),
    "figure of a sweep": (lambda out: mk.draw(sweep(), None), "takes a mesokwant.Study"),
    "figure without panels": (lambda out: mk.draw(small(), None), "has no panels to draw"),
    "nothing stored": (lambda out: mk.load(out / "small" / "none"), "mesokwant run"),
}


@pytest.mark.parametrize("case", PYTHON)
def test_python_answers(case, tmp_path):
    call, answer = PYTHON[case]
    run(small(), tmp_path, samples=2)
    before = files_of(tmp_path)
    with pytest.raises((ValueError, TypeError, FileNotFoundError)) as caught:
        call(tmp_path)
    text = str(caught.value)
    assert re.search(answer, text), text
    assert "\n" not in text.strip()
    assert files_of(tmp_path) == before


COMMANDS = {
    "unknown command": (["rnu"], "did you mean 'run'"),
    "unknown study": (["run", "weak_localisation"], "did you mean 'weak_localization'"),
    "unknown system": (["show", "ribon"], "did you mean 'ribbon'"),
    "unknown option": (["run", "FILE", "--enregy", "0"], "--energy"),
    "axis twice": (["run", "FILE", "--energy", "0.1", "--energy", "0.2"], "give it once"),
    "axis twice by two names": (
        ["run", "FILE", "--length", "3", "--system.length", "4"],
        "give it once",
    ),
    "axis not a number": (["run", "FILE", "--energy", "a"], "takes numbers, not 'a'"),
    "axis empty": (["run", "FILE", "--energy", ""], "is empty"),
    "axis NaN": (["run", "FILE", "--energy", "nan"], "must be finite"),
    "spacing without a number": (["run", "FILE", "--energy", "0:1:x"], "FIRST:LAST:NUMBER"),
    "spacing of no points": (["run", "FILE", "--energy", "0:1:0"], "is empty"),
    "no samples": (["run", "FILE", "--samples", "0"], "positive integer"),
    "samples not a number": (["run", "FILE", "--samples", "many"], "not a valid integer"),
    "no workers": (["run", "FILE", "--workers", "0"], "positive integer"),
    "negative width": (["run", "FILE", "--system.width", "-2"], "at least 1"),
    "negative disorder": (["run", "FILE", "--anderson.strength", "-2"], "clean limit"),
    "unknown preset": (["run", "FILE", "--preset", "quik"], "did you mean 'quick'"),
    "unknown executor": (["run", "FILE", "--executor", "slurm"], "local, mpi"),
    "shard malformed": (["run", "FILE", "--shard", "3"], "such as 3/16"),
    "shard too many": (["run", "FILE", "--shard", "30/30"], "at most 24"),
    "another seed": (["run", "FILE", "--seed", "4"], "seed was 3, is now 4.*--out"),
    "another width": (["run", "FILE", "--system.width", "3"], "width was 2, is now 3"),
    "no such file": (["run", "nowhere.py"], "there is no study file"),
    "file without a study": (["run", "empty.py"], "has no `study`"),
    "file with a typing error": (["run", "broken.py"], r"broken.py, line 1"),
    "file that is no Python": (["run", "notes.txt/"], "there is no study file|is not a Python"),
    "results folder is a file": (["run", "FILE", "--out", "notes.txt"], "is a file, not a folder"),
    "results in a file": (["run", "FILE", "--out", "notes.txt/x"], "is a file, not a folder"),
    "nothing to draw": (["figure", "FILE", "--preset", "full"], "mesokwant run"),
    "nothing to check": (["check", "FILE", "--preset", "full"], "mesokwant run"),
    "system into a file": (["show", "wire", "--out", "notes.txt"], "Not a directory: notes.txt"),
    "sample without an energy": (
        ["show", "wire", "--sample", "2"],
        "give the energy of the sample",
    ),
    "disorder without an energy": (
        ["show", "wire", "--anderson.strength", "2"],
        "--anderson.strength belongs to a sample, .* as --density ENERGY",
    ),
    "sample without a parameter": (["show", "ribbon", "--density", "-1"], "'flux': --flux VALUE"),
    "sample outside the band": (
        ["show", "wire", "--density", "-9"],
        "choose an energy in its band",
    ),
    "sample of no lead": (["show", "wire", "--density", "-1", "--lead", "2"], "no lead 2"),
    "sample in space": (["show", "bar", "--density", "-1"], "this system has 3 dimensions"),
    "system of no width": (["show", "wire", "--width", "0"], "at least 1"),
    "unknown panel": (["figure", "FILE", "--panel", "b"], "there is no panel 'b'"),
    "no width": (["figure", "FILE", "--width", "wide"], "write 86mm, 8.6cm or 3.4in"),
    "unknown style": (["figure", "FILE", "--style", "x"], "there is no style 'x'"),
    "no results": (["status", "--out", "nowhere"], "mesokwant run"),
}


PANELS = """
import dataclasses


def samples(ax, data):
    ax.plot(data["sample"], data["g"][0, 0])


study = dataclasses.replace(study, panels=(samples,))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a study file and its results."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "wire_study.py").write_text(FILE + PANELS)
    (folder / "empty.py").write_text("x = 1\n")
    (folder / "broken.py").write_text("def (:\n")
    (folder / "notes.txt").write_text("not a folder\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = CliRunner().invoke(mesokwant, ["run", "wire_study.py", "--workers", "1"])
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.parametrize("case", COMMANDS)
def test_the_command_line_answers(case, folder, monkeypatch):
    arguments, answer = COMMANDS[case]
    monkeypatch.chdir(folder)
    before = files_of(folder)
    arguments = ["wire_study.py" if a == "FILE" else a for a in arguments]
    if arguments[0] == "run" and "wire_study.py" in arguments and "--workers" not in arguments:
        arguments += ["--workers", "1"]
    result = CliRunner().invoke(mesokwant, arguments)
    assert result.exit_code == 2, result.output
    error = " ".join(result.output.split())
    assert re.search(answer, error), result.output
    assert "Traceback" not in result.output
    after = files_of(folder)
    assert {k: v for k, v in after.items() if "__pycache__" not in k} == {
        k: v for k, v in before.items() if "__pycache__" not in k
    }


# -- what looks wrong and is fine -----------------------------------------------------------


EVERYTHING = {
    "g": mk.Conductance(),
    "T": mk.TransmissionEigenvalues(),
    "G": mk.ConductanceMatrix(),
    "noise": mk.ShotNoise(),
    "R": mk.Reflection(),
}


@pytest.mark.parametrize("solver", ["kwant", "batched"])
def test_an_energy_outside_the_band_gives_zeros(tmp_path, solver):
    axes = {"energy": (-9.0, -0.7)}
    data = run(small(axes=axes, observables=EVERYTHING, solver=solver), tmp_path)
    outside = data.sel(energy=-9.0)
    assert (outside["state"] == 1).all()
    for name in ("g", "G", "noise"):
        assert (outside[name] == 0).all()
    assert np.isnan(outside["T"]).all()
    assert (data.sel(energy=-0.7)["g"] > 0).all()


def test_only_energies_without_modes(tmp_path):
    data = run(small(axes={"energy": (-9.0,)}, observables=EVERYTHING), tmp_path)
    assert data.sizes["channel"] == data.sizes["mode_out"] == 0
    assert (data["g"] == 0).all()
    assert mk.load(tmp_path / "small/quick").sizes == data.sizes


def test_zero_disorder_is_the_clean_limit(tmp_path):
    data = run(small(disorder=mk.Anderson(0.0)), tmp_path)
    np.testing.assert_allclose(data["g"], np.round(data["g"]), atol=1e-10)


def test_lambdas_and_local_functions_work(tmp_path):
    half = 0.5

    def upper(site):
        return site.pos[1] > 0

    observables = {"g": lambda ens: half * ens.transmission(1, 0)}
    study = small(disorder=mk.Anderson(1.0, where=upper), observables=observables)
    data = run(study, tmp_path)
    whole = run(small(disorder=mk.Anderson(1.0, where=upper)), tmp_path / "other")
    np.testing.assert_array_equal(data["g"], 0.5 * whole["g"])


def test_names_of_options_do_not_hide_parameters(tmp_path):
    """A Kwant parameter called like an option of `run` is set by its full name."""
    builder = leaky()
    for site in list(builder.sites()):
        builder[site] = lambda site, seed: seed
    study = small(system=builder, axes={"params.seed": (0.0, 0.1)})
    assert run(study, tmp_path, seed=5).sizes["params.seed"] == 2


def test_a_builder_may_change_later(tmp_path):
    builder = Wire(width=2, length=3).builder()
    study = small(system=builder, axes={"energy": (-0.7,)})
    before = run(study, tmp_path)
    del builder[next(iter(builder.sites()))]
    np.testing.assert_array_equal(run(study, tmp_path, samples=6)["g"], before["g"])
