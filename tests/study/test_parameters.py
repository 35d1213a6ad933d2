"""Parameters derived from axes: swept, stored and resumed under the names of the axes."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from systems import Ribbon
from tests.helpers.engine import assert_same, run


def derived(B, tilt=0.0):
    return {"flux": B * (1 + tilt)}


def study(**changes):
    values = {
        "system": Ribbon(width=4, length=6),
        "params": derived,
        "energy": -0.7,
        "disorder": mk.Anderson(1.0),
        "axes": {"B": (0.0, 0.02)},
        "samples": 4,
    }
    return mk.Study("derived", mk.Sweep(**values | changes), seed=3)


def test_a_derived_parameter_is_the_parameter(tmp_path):
    data = run(study(), tmp_path)
    plain = run(study(params={}, axes={"flux": (0.0, 0.02)}), tmp_path / "plain")
    np.testing.assert_array_equal(data.g.values, plain.g.values)
    assert data.g.dims == ("B", "sample")
    assert data.tilt == 0


def test_a_derived_axis_grows_and_is_set(tmp_path):
    run(study(), tmp_path)
    grown = run(study(), tmp_path, B=(0.0, 0.02, 0.04))
    assert_same(grown, run(study(), tmp_path / "fresh", B=(0.0, 0.02, 0.04)))
    with pytest.raises(ValueError, match=r"params.tilt was 0.0, is now 0.5"):
        run(study(), tmp_path, tilt=0.5)


def test_wrong_functions_are_refused(tmp_path):
    with pytest.raises(ValueError, match="needs a value for 'B': make it an axis"):
        run(study(axes={}), tmp_path)
    with pytest.raises(TypeError, match="must return a mapping of Kwant parameters"):
        run(study(params=lambda B: B), tmp_path)
    with pytest.raises(ValueError, match="has no name that can be swept"):
        study(params=lambda *fields: {"flux": fields[0]})
    with pytest.raises(ValueError, match="'fluks' is no parameter"):
        run(study(params=lambda B: {"flux": B, "fluks": 0}), tmp_path)


def cross(width=5):
    """A cross with four leads whose hoppings take their Peierls phases from Kwant."""
    lattice = kwant.lattice.square(norbs=1)
    builder = kwant.Builder()
    builder[(lattice(x, y) for x in range(width) for y in range(width))] = 0

    def hopping(a, b, peierls):
        return -peierls(a, b)

    builder[lattice.neighbors()] = hopping
    for number, direction in enumerate([(-1, 0), (1, 0), (0, -1), (0, 1)]):
        lead = kwant.Builder(kwant.TranslationalSymmetry(direction))
        along_x = direction[0] != 0
        cell = (lattice(0, i) if along_x else lattice(i, 0) for i in range(1, width - 1))
        lead[cell] = 0
        names = {}
        exec(f"def hop(a, b, peierls_lead{number}): return -peierls_lead{number}(a, b)", names)
        lead[lattice.neighbors()] = names["hop"]
        builder.attach_lead(lead)
    return builder.finalized()


# Kwant 1.5 takes cross products of vectors in the plane.
@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
def test_a_field_in_kwants_own_gauge_is_swept_and_resumed(tmp_path):
    """Four leads, in a gauge that Kwant finds: Onsager's relation holds sample by sample."""
    system = cross()
    gauge = kwant.physics.magnetic_gauge(system)
    names = ["peierls", *(f"peierls_lead{number}" for number in range(4))]

    def params(B):
        return dict(zip(names, gauge(B, *[B] * 4), strict=True))

    sweep = mk.Sweep(
        system,
        energy=-0.7,
        params=params,
        disorder=mk.Anderson(1.0),
        axes={"B": (-0.3, 0.3)},
        observables={"G": mk.ConductanceMatrix()},
        samples=3,
    )
    data = mk.run(sweep, out=tmp_path / "cross", workers=1, progress=False)
    forward, backward = data.G.sel(B=0.3).values, data.G.sel(B=-0.3).values
    np.testing.assert_allclose(forward, backward.swapaxes(1, 2), atol=1e-10)
    assert np.abs(forward - forward.swapaxes(1, 2)).max() > 1e-3
    again = mk.run(sweep, out=tmp_path / "cross", workers=1, progress=False, samples=5)
    np.testing.assert_array_equal(again.G.values[:, :3], data.G.values)


def test_a_clean_system_is_one_sample_by_default():
    assert mk.Sweep(Ribbon(width=2, length=3)).samples == 1
    assert mk.Sweep(Ribbon(width=2, length=3), disorder=mk.Anderson(1.0)).samples == 100
    assert mk.Sweep(Ribbon(width=2, length=3), samples=7).samples == 7

    def salted(site, salt):
        return kwant.digest.uniform(repr(site), salt)

    builder = Ribbon(width=2, length=3).builder()
    for site in list(builder.sites()):
        builder[site] = salted
    assert mk.Sweep(builder).samples == 100
