"""Voltage probes: where they are, how much they take, and that they give it back."""

import kwant
import numpy as np
import pytest

import mesokwant as mk
from mesokwant.engine.identity import identity
from systems import Chain, QuantumSpinHall, Ribbon, VoltageProbes, Wire
from systems.probes import escape_rate, probe_coupling
from tests.helpers.parameters import params_of

ENERGY = -1.0337


def middle(site):
    return site.tag[0] == 1


def nowhere(site):
    return False


def probed_tags(probes):
    leads = probes.builder().leads
    return [tuple(leads[number].interface[0].tag) for number in probes.leads]


@pytest.mark.parametrize("energy", [-1.1, 0.3, 1.7])
@pytest.mark.parametrize("coupling", [0.1, 0.7, 2.0])
def test_one_probe_on_a_chain_takes_what_the_escape_rate_says(energy, coupling):
    built = VoltageProbes(Chain(3), where=middle).build()
    smatrix = kwant.smatrix(built, energy, params={"probe_coupling": coupling})
    velocity = (4 - energy**2) ** 0.5
    rate = escape_rate(1.0, coupling, density=1 / (np.pi * velocity))
    assert smatrix.transmission(2, 0) == pytest.approx(rate / velocity, rel=1e-12)


def test_coupling_is_the_inverse_of_the_rate():
    for rate in (0.0, 0.001, 0.0227):
        coupling = probe_coupling(0.02, rate, density=0.14)
        assert escape_rate(0.02, coupling, density=0.14) == pytest.approx(rate, abs=1e-15)
    with pytest.raises(ValueError, match=r"between 0 and 0\.02274.*Use more probes"):
        probe_coupling(0.02, 0.023, density=0.14)


def test_probes_with_no_coupling_change_nothing():
    ensembles = [
        mk.scattering(system, ENERGY, params=params, disorder=mk.Anderson(1.0), samples=4)
        for system, params in (
            (Wire(5, 8), {}),
            (VoltageProbes(Wire(5, 8), spacing=2), {"probe_coupling": 0.0}),
        )
    ]
    without, idle = (ensemble.transmission(1, 0) for ensemble in ensembles)
    np.testing.assert_allclose(idle, without, atol=1e-12)


@pytest.mark.parametrize("solver", ["kwant", "batched"])
def test_floating_probes_give_back_what_they_take(solver):
    probes = VoltageProbes(Wire(5, 8), number=3)
    ens = mk.scattering(
        probes,
        ENERGY,
        params={"probe_coupling": 0.6},
        disorder=mk.Anderson(1.0),
        samples=5,
        solver=solver,
    )
    ends = (0, 1, *probes.leads)
    # Whatever enters from the left comes out somewhere.
    out = sum(ens.transmission(lead, 0) for lead in ends)
    np.testing.assert_allclose(out, ens.num_propagating(0), atol=1e-10)
    forth, back = (mk.Conductance(*leads, floating=probes.leads)(ens) for leads in ((1, 0), (0, 1)))
    np.testing.assert_allclose(forth, back, atol=1e-10)
    assert np.all(forth > ens.transmission(1, 0))


def test_one_probe_divides_its_current_as_two_resistors_would():
    probes = VoltageProbes(Chain(3), where=middle)
    ens = mk.scattering(probes, 0.3, params={"probe_coupling": 0.8}, samples=1)
    into, out_left, out_right = (ens.transmission(*ends)[0] for ends in ((2, 0), (0, 2), (1, 2)))
    expected = ens.transmission(1, 0)[0] + into * out_right / (out_left + out_right)
    assert mk.Conductance(1, 0, floating=(2,))(ens)[0] == pytest.approx(expected, rel=1e-12)


def test_every_orbital_of_a_site_has_its_mode():
    built = VoltageProbes(QuantumSpinHall(3, 4), number=2).build()
    smatrix = kwant.smatrix(built, 0.3, params=params_of(built))
    assert [smatrix.num_propagating(lead) for lead in (2, 3)] == [4, 4]
    unit = smatrix.data @ smatrix.data.conj().T
    np.testing.assert_allclose(unit, np.eye(len(unit)), atol=1e-9)


def test_a_grid_is_regular_and_keeps_away_from_the_leads():
    tags = probed_tags(VoltageProbes(Wire(6, 9), spacing=3))
    assert tags == [(x, y) for x in (1, 4, 7) for y in (1, 4)]


def test_fewer_random_probes_are_among_more_and_arrangements_differ():
    few, many, other = (
        set(probed_tags(VoltageProbes(Wire(6, 9), number=number, arrangement=arrangement)))
        for number, arrangement in ((5, 3), (9, 3), (9, 4))
    )
    assert (len(few), len(many)) == (5, 9)
    assert few < many != other


def test_where_limits_random_probes():
    assert {x for x, _ in probed_tags(VoltageProbes(Wire(6, 9), number=4, where=middle))} == {1}


def test_a_builder_gets_probes_and_is_left_as_it_is():
    builder = Ribbon(4, 5).builder()
    probes = VoltageProbes(builder, number=2)
    assert probes.leads == (2, 3)
    assert len(builder.leads) == 2


def test_axes_reach_the_system_and_its_probes():
    sweep = mk.Sweep(
        VoltageProbes(Ribbon(width=4, length=5), number=2),
        energy=ENERGY,
        params={"flux": 0.01},
        axes={"length": (5, 6), "number": (2, 3), "probe_coupling": (0.2, 0.4)},
        disorder=mk.Anderson(1.0),
        samples=2,
    )
    sweep.check_axes()
    assert sweep.full_name("length") == "system.system.length"
    assert sweep.units["system.system.length"] == sweep.units["system.spacing"] == "a"
    last = sweep.at({"length": 6, "number": 3, "probe_coupling": 0.4}).system
    assert last == VoltageProbes(Ribbon(width=4, length=6), number=3)
    study = mk.Study(name="probed", sweeps={"g": sweep})
    settings = identity(study)["sweeps"].popitem()[1]["settings"]
    assert settings["system.system.width"] == 4
    assert not {"system.system", "system.system.length"} & set(settings)
    assert mk.run(sweep)["g"].shape == (2, 2, 2, 2)


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: VoltageProbes(Wire(4, 5)), ValueError, "Say where the probes are"),
        (lambda: VoltageProbes(Wire(4, 5), 2, 2), ValueError, "not both"),
        (lambda: VoltageProbes(Wire(4, 5), number=0), ValueError, "number must be .* got 0"),
        (lambda: VoltageProbes(Wire(4, 5), spacing=1.5), TypeError, "spacing must be .* got 1.5"),
        (lambda: VoltageProbes(Wire(4, 5), where=nowhere).build(), ValueError, "on no site"),
        (lambda: VoltageProbes(Wire(4, 5), spacing=30).build(), ValueError, "on no site"),
        (lambda: VoltageProbes(Wire(4, 5), number=21).build(), ValueError, "at most .* 20; got 21"),
        (lambda: VoltageProbes(Wire(4, 5).build(), 2).build(), TypeError, "finalized system"),
    ],
)
def test_refuses_with_a_way_out(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()
