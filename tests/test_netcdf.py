"""Results are written to netCDF files and read again: values, coordinates and attributes."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import mesokwant as mk
from systems import Chain, Wire
from tests.helpers.engine import run, sweep


def potential(site, raised):
    return 0.1 if raised else 0.0


def wire_with_switch():
    builder = Wire(width=2, length=3).builder()
    builder[next(iter(builder.sites()))] = potential
    return builder


SWEEPS = {
    "axes and arrays": sweep(),
    "a setting that is a switch": sweep(
        system=wire_with_switch(), axes={"energy": (-0.7,)}, params={"raised": True}
    ),
    "an axis of names": sweep(
        system=Wire(width=3, length=3),
        energy=-0.7,
        axes={"boundary": ("hard", "periodic"), "length": (3,)},
    ),
    "settings that are no scalars": mk.Sweep(
        Chain(10, vacancies=(4,), hoppings=(1.0, 0.2)), axes={"energy": (0.1, 0.2)}, samples=1
    ),
    "no axes": sweep(axes={}),
}


def backends():
    """The back ends of xarray that are installed; scipy comes with mesokwant."""
    known = xr.backends.list_engines()
    return [name for name in ("scipy", "h5netcdf", "netcdf4") if name in known]


def assert_as_written(found, expected):
    xr.testing.assert_equal(found, expected)
    for name, variable in expected.variables.items():
        for key, value in variable.attrs.items():
            np.testing.assert_array_equal(found[name].attrs[key], value)
    for key, value in expected.attrs.items():
        np.testing.assert_array_equal(found.attrs[key], value)


@pytest.mark.parametrize("engine", backends())
@pytest.mark.parametrize("case", SWEEPS)
def test_a_dataset_comes_back(case, engine, tmp_path):
    data = mk.run(SWEEPS[case], samples=2, out=tmp_path / "out", workers=1, progress=False)
    data.to_netcdf(tmp_path / "data.nc", engine=engine)
    with xr.open_dataset(tmp_path / "data.nc", engine=engine) as found:
        assert_as_written(found, data)
        assert found.state.attrs["flag_meanings"] == "missing computed failed"
        assert found.g.attrs["units"] == "e²/h"
        assert found.resolved.dtype == bool


def test_a_tree_comes_back(tmp_path):
    pytest.importorskip("h5netcdf")
    pytest.importorskip("h5py")
    study = mk.Study("two", {"short": sweep(samples=2), "one": sweep(axes={}, samples=3)})
    tree = run(study, tmp_path)
    tree.to_netcdf(tmp_path / "tree.nc")
    with xr.open_datatree(tmp_path / "tree.nc") as found:
        assert set(found.children) == {"short", "one"}
        for name in found.children:
            assert_as_written(found[name].to_dataset(), tree[name].to_dataset())
