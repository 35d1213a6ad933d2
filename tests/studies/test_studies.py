"""Every study end to end at toy size: it runs, claims, draws, resumes, and checks."""

import pytest

import mesokwant as mk
from mesokwant.report import stored as report
from mesokwant.study import catalog
from studies.thouless_energy import LENGTHS
from tests.helpers import ROOT

# Small enough for seconds; the claims are evaluated but need not hold at this size.
TOY = {
    "chain_localization": {
        "disorder.length": (20, 40, 80),
        "disorder.width": (1.0, 2.0),
        "energy.length": (20, 40),
        "energy.energy": (0.0, 0.5, 1.2),
        "distribution.length": (200, 400, 600),
        "samples": 12,
    },
    "localization": {
        "wire5.system.width": 4,
        "wire5.length": (4, 8, 120, 160),
        "wire10.system.width": 6,
        "wire10.length": (4, 8, 120, 160),
        "wire20.system.width": 7,
        "wire20.length": (4, 8, 120, 160),
        "disorder.width": 4.0,
        "samples": 6,
    },
    "vacancy": {
        "random_far.system.length": 700,
        "impurity": (0.5, 2.0),
        "energy": (-0.5, 0.0, 0.3),
        "samples": 2,
    },
    "conductance_fluctuations": {
        "shapes.system.width": 7,
        "shapes.length": (7, 14),
        "shapes.disorder.width": (1.0, 1.5),
        "spins.system.width": 4,
        "spins.length": 10,
        "flux": (0.0, 0.05),
        "samples": 12,
    },
    "fingerprint": {
        "field.system.width": 7,
        "field.length": 14,
        "flux": (-0.04, 0.0, 0.04, 0.05, 0.06, 0.07),
        "energy.system.width": 7,
        "energy.length": 14,
        "energy.energy": (-1.02, -1.0, -0.98),
        "samples": 12,
    },
    "thouless_energy": {
        "system.width": 7,
        **{f"energy_{length}.length": length // 12 for length in LENGTHS},
        **{f"field_{length}.length": length // 12 for length in LENGTHS},
        "samples": 12,
    },
    "weak_antilocalization": {
        "system.width": 5,
        "length": 10,
        "field.theta": (0.0, 0.6),
        "flux": (0.0, 0.01),
        "strength": (0.0, 0.3),
        "samples": 12,
    },
    "weak_localization": {
        "system.width": 7,
        "length": (8, 16),
        "flux": (-1e-3, 0.0, 1e-3, 2e-3),
        "samples": 12,
    },
}


def test_every_study_has_a_toy():
    assert set(TOY) == set(catalog.study_names())


@pytest.mark.parametrize("name", sorted(TOY))
def test_study_end_to_end(name, tmp_path):
    study = catalog.find_study(name)
    data = mk.run(study, out=tmp_path, workers=1, progress=False, **TOY[name])
    folder = tmp_path / name / "quick"
    configured = study.with_preset("quick").with_options(TOY[name])
    claims = report.check(configured, data, folder)
    assert claims
    assert all(claim.source for claim in claims)
    paths = report.draw(configured, data, folder)
    assert {path.suffix for path in paths} == {".png", ".pdf", ".svg"}
    again, same_folder = report.stored(configured, "quick", tmp_path)
    assert same_folder == folder
    assert again.identical(data)


@pytest.mark.parametrize("name", sorted(TOY))
def test_presets_are_valid(name):
    study = catalog.find_study(name)
    assert {"quick", "full"} <= set(study.presets)
    for preset in study.presets:
        for sweep in study.with_preset(preset).named_sweeps.values():
            for point in sweep.points:
                sweep.at(point)


def test_a_study_says_its_physics():
    for module in catalog.study_names():
        path = ROOT / "studies" / f"{module}.py"
        assert path.read_text().startswith('"""')
        assert catalog.find_study(module).description


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TOY))
def test_claims_hold_for_the_kept_runs(name):
    """The full runs in the repository are of the studies as they are, and complete."""
    study = catalog.find_study(name).with_preset("full")
    data, _ = report.stored(study, "full", ROOT / "results")
    assert not [claim for claim in study.claims(data) if not claim.holds]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TOY))
def test_claims_hold_at_full_size(name, tmp_path):
    study = catalog.find_study(name)
    data = mk.run(study, preset="full", out=tmp_path, progress=False)
    failing = [claim for claim in study.claims(data) if not claim.holds]
    assert not failing


def test_a_run_on_its_way_is_checked_by_what_it_has(tmp_path):
    study = catalog.find_study("weak_localization")
    toy = TOY["weak_localization"]
    mk.run(study, out=tmp_path, workers=1, progress=False, **toy)
    wanted = study.with_preset("quick").with_options(toy | {"samples": 30})
    with pytest.warns(RuntimeWarning, match="has 96 of 240 samples"):
        data, folder = report.stored(wanted, "quick", tmp_path)
    assert data.sizes["sample"] == 12
    assert report.check(wanted, data, folder)[0].measured.n == 12
