"""Sweeps of closed systems: the same axes, seeds, store and messages as those of scattering."""

import numpy as np
import pytest

import mesokwant as mk
from systems import Lattice, SpinOrbitRibbon, Wire

LEVELS = {"levels": mk.closed.Levels(5), "r": mk.closed.GapRatio(5)}


def sweep(system=None, **changes):
    values = {
        "axes": {"strength": (1.0, 4.0), "quanta": (0, 1)},
        "disorder": mk.Anderson(1.0),
        "observables": LEVELS,
        "samples": 3,
        "energy": 0.2,
    }
    return mk.Sweep(system or Lattice(4, 5), **{**values, **changes})


def run(sweep, **options):
    return mk.run(sweep, workers=1, progress=False, **options)


def test_a_sweep_has_the_levels_of_its_samples():
    data = run(sweep(), seed=4)
    assert data.levels.dims == ("strength", "quanta", "sample", "level")
    for strength in (1.0, 4.0):
        ensemble = mk.hamiltonians(
            Lattice(4, 5),
            energy=0.2,
            params={"quanta": 1},
            disorder=mk.Anderson(strength),
            samples=3,
            seed=4,
        )
        point = data.sel(strength=strength, quanta=1)
        assert np.array_equal(point.levels, LEVELS["levels"](ensemble))
        assert np.array_equal(point.r, LEVELS["r"](ensemble))


def test_a_store_grows_by_the_samples_that_it_lacks(tmp_path):
    once = run(sweep(), samples=5)
    run(sweep(), samples=2, out=tmp_path)
    grown = run(sweep(), samples=5, out=tmp_path)
    assert np.array_equal(grown.levels, once.levels)


def test_a_stored_sweep_is_not_that_with_leads(tmp_path):
    def counted(ensemble):
        return np.ones(len(ensemble))

    wire = Wire(3, 4)
    options = {"axes": {}, "observables": {"n": counted}}
    run(sweep(wire, leads="dropped", **options), out=tmp_path)
    with pytest.raises(ValueError, match="leads was 'dropped'"):
        run(sweep(wire, **options), out=tmp_path)


def test_dropped_leads_leave_the_region():
    data = run(sweep(Wire(3, 4), axes={}, leads="dropped", observables={"E": mk.closed.Levels()}))
    ensemble = mk.hamiltonians(Wire(3, 4), disorder=mk.Anderson(1.0), samples=3, leads="dropped")
    assert np.array_equal(data.E, mk.closed.Levels()(ensemble))


def test_kramers_pairs_count_once_in_a_sweep():
    system = SpinOrbitRibbon(3, 4, coupling="rashba")
    params = {"alpha": 0.3, "zeeman": 0.0, "flux": 0.0}
    ratio = mk.closed.GapRatio(10, degeneracy=2)
    found = run(sweep(system, params=params, axes={}, leads="dropped", observables={"r": ratio}))
    assert np.all((found.r > 0) & (found.r < 1))


def test_functions_of_states_and_packets_run_in_sweeps():
    def participation(levels, states, positions):
        return 1 / np.sum(np.abs(states) ** 4, axis=0)

    def start(positions):
        return np.identity(len(positions))[0]

    def at_start(states, positions):
        return np.abs(states[:, 0]) ** 2

    observables = {
        "P": mk.closed.Eigenstates(participation, 3, dims=("level",)),
        "back": mk.closed.Evolution(start, (0.0, 1.0), at_start),
        "density": mk.closed.LocalDensity(0.3),
    }
    data = run(sweep(observables=observables))
    assert dict(data.sizes) == {
        "strength": 2, "quanta": 2, "sample": 3, "level": 3, "time": 2, "at_energy": 1, "site": 20,
    }  # fmt: skip
    assert np.allclose(data.back.isel(time=0), 1)
    assert not data.to_array().isnull().any()


@pytest.mark.parametrize(
    "changes, answer",
    [
        ({"observables": {"g": mk.Conductance()}}, "attach"),
        ({"observables": {"G": mk.ConductanceMatrix()}}, "attach"),
        ({"observables": {"E": mk.closed.Levels(21)}}, "21 levels of a Hamiltonian that has 20"),
        ({"solver": "batched"}, "no scattering matrix"),
        ({"in_leads": (0,)}, "omit in_leads"),
        ({"disorder": mk.Anderson(1.0) + mk.Vacancies(0.1)}, "Vacancies"),
        ({"leads": "cut"}, "leads must be 'dropped'"),
    ],
)
def test_wrong_sweeps_are_refused_at_once(changes, answer):
    with pytest.raises(ValueError, match=answer):
        run(sweep(**changes))


def test_a_sweep_with_leads_must_say_what_becomes_of_them():
    with pytest.raises((TypeError, ValueError), match="leads='dropped'"):
        run(sweep(Wire(3, 4), axes={}))
