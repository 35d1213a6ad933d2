"""A sweep: what its names mean, and which values are one and the same."""

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.engine import dispatch
from mesokwant.study import sweep as sweep_module
from systems import Chain, Ribbon, Wire
from tests.helpers.engine import run, small, sweep


def test_points_run_over_the_grid_the_last_axis_fastest():
    points = list(sweep().points)
    assert len(points) == sweep().size == 4
    assert points[1] == {"length": 3, "energy": 0.6}


def test_a_point_sets_system_energy_disorder_and_params():
    axes = {"length": (5,), "energy": (0.1,), "anderson.strength": (2.0,), "flux": (0.3,)}
    one = sweep(system=Ribbon(width=2, length=3), axes=axes)
    here = one.at(next(one.points))
    assert (here.system, here.energy, here.disorder, here.params, here.axes) == (
        Ribbon(width=2, length=5),
        0.1,
        mk.Anderson(2.0),
        {"flux": 0.3},
        {},
    )


def test_terms_of_a_sum_are_named_by_their_kind():
    one = sweep(disorder=mk.Anderson(1.0) + mk.Vacancies(0.1), axes={"anderson.strength": (2.0,)})
    assert one.at(next(one.points)).disorder == mk.Anderson(2.0) + mk.Vacancies(0.1)
    assert one.full_name("concentration") == "vacancies.concentration"


def test_names_that_a_person_can_type():
    assert "anderson.where" not in sweep().settable
    assert "anderson.matrix" not in sweep().settable
    assert {"energy", "system.width", "system.height", "anderson.strength"} <= sweep().settable
    with pytest.raises(ValueError, match="there are") as caught:
        sweep().full_name("nothing")
    assert "where" not in str(caught.value)


def test_options_replace_axes_settings_and_samples():
    one = sweep().with_options({"length": (7,), "system.width": 5.0, "samples": np.int64(9)})
    assert one.axes["length"] == (7,)
    assert one.system == Wire(width=5, length=3)
    assert type(one.system.width) is int
    assert one.samples == 9
    assert sweep().with_options({"length": 7}).axes["length"] == (7,)
    chain = sweep(system=Chain(length=6), axes={}).with_options({"vacancies": (2, 4)})
    assert chain.system.vacancies == (2, 4)


def test_a_preset_counts_for_all_sweeps_that_know_the_name():
    study = mk.Study(
        name="two",
        sweeps={"wire": sweep(), "ribbon": sweep(system=Ribbon(2, 3), axes={"flux": (0.0,)})},
    )
    both = study.with_options({"samples": 3, "flux": (0.1,), "wire.length": (5,)}).named_sweeps
    assert both["wire"].samples == both["ribbon"].samples == 3
    assert both["ribbon"].axes == {"flux": (0.1,)}
    assert both["wire"].axes["length"] == (5,)
    with pytest.raises(ValueError, match="did you mean 'length'"):
        study.with_options({"lenght": (5,)})
    # A value that one sweep refuses is not forgiven because another takes it.
    with pytest.raises(ValueError, match="must be finite"):
        study.with_options({"energy": float("nan")})


@pytest.mark.parametrize(
    "again",
    [(3.0, 4.0), np.array([3, 4]), np.array([3.0, 4.0]), (np.int64(3), np.float64(4)), (3, 4.0)],
)
def test_equal_numbers_are_one_point(tmp_path, again, monkeypatch):
    run(small(), tmp_path)
    counted = []
    monkeypatch.setattr(dispatch, "compute", lambda *args: counted.append(args))
    data = run(small(), tmp_path, length=again)
    assert counted == []
    assert (data["state"] == 1).all()


def test_a_system_is_built_once_for_all_that_ask(tmp_path):
    built = []

    class Counted(Wire):
        def build(self):
            built.append(self.length)
            return super().build()

    sweep_module.built.cache_clear()
    sweep_module._parameters.cache_clear()
    run(small(system=Counted(width=2, length=3), axes={"energy": (-0.7, 0.6)}), tmp_path)
    assert built == [3]


def test_axes_may_be_switches_and_names(tmp_path):
    axes = {"boundary": ("hard", "periodic")}
    data = run(small(axes=axes, system=Wire(3, 3), energy=-0.7), tmp_path)
    assert data["boundary"].values.tolist() == ["hard", "periodic"]
    assert mk.load(tmp_path / "small/quick")["boundary"].values.tolist() == ["hard", "periodic"]
