"""The systems as values: what every family has in common, and what it refuses."""

import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields

import kwant
import numpy as np
import pytest

import systems
from mesokwant.hamiltonian.system import parameter_names
from systems import (
    EXAMPLES,
    Cavity,
    Chain,
    Lattice,
    Ribbon,
    SpinOrbitRibbon,
    System,
    Wire,
)
from systems.drawing import draw
from tests.helpers import ROOT, shown
from tests.helpers.parameters import params_of

OPEN = {name: system for name, system in EXAMPLES.items() if not isinstance(system, Lattice)}

every_example = pytest.mark.parametrize("system", EXAMPLES.values(), ids=EXAMPLES)
every_open_example = pytest.mark.parametrize("system", OPEN.values(), ids=OPEN)


@every_example
def test_is_a_plain_value(system):
    copy = pickle.loads(pickle.dumps(system))
    assert copy == system
    assert hash(copy) == hash(system)
    assert eval(repr(system), vars(systems)) == system
    assert not hasattr(system, "__dict__")
    with pytest.raises(FrozenInstanceError):
        setattr(system, fields(system)[0].name, 3)


def test_examples_differ():
    assert len(set(EXAMPLES.values())) == len(EXAMPLES)


def test_numpy_integers_leave_no_trace():
    assert repr(Wire(np.int64(4), np.int32(5))) == repr(Wire(4, 5))
    assert repr(Chain(5, vacancies=np.array([2]))) == repr(Chain(5, vacancies=(2,)))
    assert repr(Ribbon(3, 4, origin=np.float64(1))) == repr(Ribbon(3, 4, origin=1))


@every_example
def test_leads_add_no_sites(system):
    finalized = system.build()
    assert not any(len(padding) for padding in finalized.lead_paddings)


@every_open_example
def test_left_comes_first(system):
    if not hasattr(system, "length") or isinstance(system, Cavity):
        pytest.skip("the system does not lie between its leads")
    builder = system.builder()
    left, right = (int(lead.builder.symmetry.periods[0, 0]) for lead in builder.leads[:2])
    assert left < 0 < right
    assert {site.tag[0] for site in builder.leads[0].interface} == set(range(-left))
    last = set(range(system.length - right, system.length))
    assert {site.tag[0] for site in builder.leads[1].interface} == last


@every_example
def test_finalized_system_survives_pickling(system):
    built = system.build()
    copy = pickle.loads(pickle.dumps(built))
    params = params_of(built)
    there, here = (s.hamiltonian_submatrix(params=params) for s in (copy, built))
    np.testing.assert_array_equal(there, here)


@every_open_example
def test_scattering_is_unitary(system):
    built = system.build()
    smatrix = kwant.smatrix(built, -0.7, params=params_of(built))
    assert smatrix.data.size > 0
    unit = smatrix.data @ smatrix.data.conj().T
    np.testing.assert_allclose(unit, np.eye(len(unit)), atol=1e-9)


@every_example
def test_units_name_fields_and_kwant_parameters(system):
    names = {field.name for field in fields(system)}
    if hasattr(system, "system"):
        names |= {field.name for field in fields(system.system)}
    sizes = {"width", "length", "height", "edge"} & names
    assert sizes | parameter_names(system.build()) <= set(system.units)
    family = [other for other in EXAMPLES.values() if type(other) is type(system)]
    parameters = set().union(*(parameter_names(other.build()) for other in family))
    assert set(system.units) <= names | parameters
    assert "units" not in names


def test_import_prints_no_warning_and_keeps_the_filters():
    code = (
        "import warnings; before = list(warnings.filters); from systems import Wire; "
        "assert warnings.filters == before"
    )
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", code]
    subprocess.run(command, cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: Wire(0, 5), ValueError, "width must be .* at least 1; got 0"),
        (lambda: Wire(4, -1), ValueError, "length must be .* got -1"),
        (lambda: Wire(4.0, 5), TypeError, "width must be a whole number of sites.* got 4.0"),
        (lambda: Wire(4, True), TypeError, "length must be .* got True"),
        (lambda: Wire(4, 5, height=0), ValueError, "height must be .* got 0"),
        (lambda: Wire(4, 5, boundary="soft"), ValueError, "one of hard, periodic; got 'soft'"),
        (lambda: Wire(2, 5, boundary="periodic"), ValueError, "width .* at least 3.*'hard'"),
        (lambda: Wire(4, 5, height=2, boundary="periodic"), ValueError, "height .* at least 3"),
        (lambda: Ribbon(0, 5), ValueError, "width must be"),
        (lambda: Ribbon(5, "6"), TypeError, "length must be .* got '6'"),
        (lambda: Ribbon(5, 6, origin=float("nan")), ValueError, "origin must be .* got nan"),
        (lambda: Ribbon(5, 6, origin="middle"), TypeError, "origin must be .* got 'middle'"),
        (lambda: Ribbon(5, 6, height=0), ValueError, "height must be .* at least 1; got 0"),
        (lambda: Ribbon(5, 6, height=2.5), TypeError, "height must be .* got 2.5"),
        (lambda: SpinOrbitRibbon(5, 0), ValueError, "length must be"),
        (lambda: SpinOrbitRibbon(0, 5), ValueError, "width must be"),
        (lambda: SpinOrbitRibbon(5, 6, "dresselhaus"), ValueError, "one of rashba, ando; got"),
        (lambda: SpinOrbitRibbon(5, 6, lead_spin_orbit=1), TypeError, "True or False; got 1"),
        (lambda: Chain(0), ValueError, "length must be"),
        (lambda: Chain(5, vacancies=(7,)), ValueError, r"vacancies must be .*; got \(7,\)"),
        (lambda: Chain(5, impurities=(-1,)), ValueError, r"impurities must be .*; got \(-1,\)"),
        (lambda: Chain(5, vacancies=(1.5,)), TypeError, r"vacancies must be .*; got \(1.5,\)"),
        (lambda: Chain(5, vacancies=2), TypeError, "vacancies must be .*; got 2"),
        (lambda: Chain(5, vacancies=(0,)), ValueError, "must leave the first.*longer chain"),
        (
            lambda: Chain(6, vacancies=(1,), hoppings=(1, 0.2)),
            ValueError,
            "the first and the last 2 sites",
        ),
        (lambda: Chain(5, (2,), impurities=(2, 3)), ValueError, r"both vacant.*got \[2\]"),
        (lambda: Chain(5, hoppings=(1, 0.2)), ValueError, "length must be a multiple.*2.*got 5"),
        (lambda: Chain(5, hoppings=()), ValueError, r"hoppings must be .*; got \(\)"),
        (lambda: Chain(6, hoppings=(1, 0)), ValueError, "the last one not zero"),
        (lambda: Chain(5, hoppings=(float("inf"),)), ValueError, "hoppings must be finite"),
        (lambda: Chain(5, hoppings=2.0), TypeError, "hoppings must be .*; got 2.0"),
        (lambda: Chain.drawn(9, 1.2, 0), ValueError, "concentration must lie .* got 1.2"),
    ],
)
def test_refuses_with_a_way_out(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


def test_system_needs_a_builder():
    with pytest.raises(TypeError, match="abstract"):
        System()


@every_example
def test_draws(system, tmp_path):
    figure = draw(system)
    figure.savefig(tmp_path / "system.png")
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[:3] == ["region", "lead 0", "lead 1"][: 3 if system in OPEN.values() else 1]
    assert ("other on-site value" in labels) == isinstance(system, Chain)
    dimensions = len(next(iter(system.builder().sites())).pos)
    assert hasattr(figure.axes[0], "zaxis") == (dimensions == 3)


@pytest.mark.parametrize(
    "system",
    [
        Wire(1, 4),
        Wire(1, 4, height=2),
        Wire(3, 4, height=3, boundary="periodic"),
        Ribbon(3, 4, height=2),
        Chain(1),
    ],
    ids=shown,
)
def test_draws_thin_and_closed_ones(system, tmp_path):
    draw(system).savefig(tmp_path / "system.png")
