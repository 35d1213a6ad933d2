"""Observables by their identities, on real ensembles."""

import warnings

import kwant
import numpy as np
import pytest

import mesokwant as mk
from mesokwant.engine.identity import plain
from systems import Ribbon, Wire
from tests.helpers.lattices import square

ENSEMBLE = mk.scattering(
    Ribbon(6, 10), -1.0, params={"flux": 0.01}, disorder=mk.Anderson(2.0), samples=6
)


OTHERS = "all others"


def peierls(to, source, flux):
    """The hopping in a field, in the gauge A = (-By, 0) for bonds inside the square."""
    (x, y), (u, v) = to.pos, source.pos
    return -np.exp(-1j * np.pi * flux * (x - u) * (y + v))


def cross(size=5, *, probes=()):
    """A square in a field with a lead on each side, without field, and chains as probes.

    Leads 0 and 1 are left and right, 2 and 3 below and above.
    """
    lattice = kwant.lattice.square(norbs=1)
    region = kwant.Builder()
    region[(lattice(x, y) for x in range(size) for y in range(size))] = 0.0
    region[lattice.neighbors()] = peierls
    for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        lead = kwant.Builder(kwant.TranslationalSymmetry((x, y)))
        lead[(lattice(i, 0) if y else lattice(0, i) for i in range(1, size - 1))] = 0.0
        lead[lattice.neighbors()] = -1.0
        region.attach_lead(lead)
    for x, y, hopping in probes:
        vertical = kwant.lattice.general([(1, 0, 0), (0, 1, 0), (0, 0, 1)], norbs=1)
        site = vertical(x, y, 1)
        region[site] = 0.0
        region[site, lattice(x, y)] = hopping
        lead = kwant.Builder(kwant.TranslationalSymmetry((0, 0, 1)))
        lead[site] = 0.0
        lead[vertical.neighbors()[2]] = -1.0
        region.attach_lead(lead)
    return region.finalized()


def solved(system, flux=0.03, energy=-1.3):
    return mk.scattering(
        system, energy, params={"flux": flux}, disorder=mk.Anderson(2.0), samples=3
    )


def test_conductance_matrix_conserves_current_and_ignores_a_common_voltage():
    matrix = mk.ConductanceMatrix()(ENSEMBLE)
    assert matrix.shape == (6, 2, 2)
    assert np.allclose(matrix.sum(axis=1), 0, atol=1e-10)
    assert np.allclose(matrix.sum(axis=2), 0, atol=1e-10)
    assert np.allclose(-matrix[:, 1, 0], mk.Conductance(1, 0)(ENSEMBLE))


def test_onsager_exchanges_current_and_voltage_in_the_opposite_field():
    system = cross()
    one = mk.Resistance(current=(0, 1), voltage=(2, 3))(solved(system, 0.03))
    other = mk.Resistance(current=(2, 3), voltage=(0, 1))(solved(system, -0.03))
    same_field = mk.Resistance(current=(2, 3), voltage=(0, 1))(solved(system, 0.03))
    assert np.allclose(one, other, rtol=0, atol=1e-12)
    assert np.abs(one - same_field).min() > 1e-3


def test_voltages_around_the_cross_add_up_to_zero():
    ensemble = solved(cross())
    sides = [(0, 2), (2, 1), (1, 3), (3, 0)]
    loop = sum(mk.Resistance(current=(0, 1), voltage=side)(ensemble) for side in sides)
    assert np.abs(loop).max() < 1e-12


def test_two_terminal_resistance_is_one_over_the_conductance_with_probes():
    ensemble = solved(cross())
    resistance = mk.Resistance(current=(0, 1), voltage=(0, 1))(ensemble)
    for floating in (OTHERS, (2, 3), [3, 2], range(2, 4)):
        conductance = mk.Conductance(1, 0, floating=floating)(ensemble)
        assert np.allclose(conductance * resistance, 1, rtol=1e-12)
    assert np.all(conductance > mk.Conductance(1, 0)(ensemble))


def test_conductance_with_probes_is_even_in_the_field():
    system = cross(probes=((1, 1, -0.5), (3, 2, -0.8)))
    observable = mk.Conductance(1, 0, floating=OTHERS)
    even = observable(solved(system, 0.03)), observable(solved(system, -0.03))
    assert np.allclose(*even, rtol=0, atol=1e-12)
    assert np.abs(even[0] - observable(solved(system, 0.0))).min() > 1e-4


def test_leads_that_neither_float_nor_conduct_are_grounded():
    ensemble = solved(cross())
    G = mk.ConductanceMatrix()(ensemble)
    expected = -(G[:, 1, 0] - G[:, 1, 3] * G[:, 3, 0] / G[:, 3, 3])
    found = mk.Conductance(1, 0, floating=(3,))(ensemble)
    assert np.allclose(found, expected, rtol=1e-12)


def test_a_probe_that_nothing_reaches_changes_nothing():
    without, uncoupled = cross(), cross(probes=((2, 2, 0.0),))
    pairs = {"current": (0, 1), "voltage": (2, 3)}
    clean = [mk.scattering(s, -1.3, params={"flux": 0.03}) for s in (without, uncoupled)]
    assert np.allclose(*(mk.Resistance(**pairs)(one) for one in clean), rtol=1e-10)
    floating = mk.Conductance(1, 0, floating=OTHERS)
    assert np.allclose(*(floating(one) for one in clean), rtol=1e-10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # The probe has a mode, and no transmission.
        alone = mk.Resistance(current=(0, 1), voltage=(2, 4))(clean[1])
    assert np.all(np.isnan(alone))


def test_a_lead_without_modes_leaves_no_resistance_and_the_reason():
    # Leads of one, two and three sites open one after another: "d" is the narrowest.
    ensemble = mk.scattering(square(6, 6, terminals="abd"), -3.7)
    assert [ensemble.num_propagating(lead) for lead in range(3)] == [1, 1, 0]
    with pytest.warns(RuntimeWarning, match="nan at the energy -3.7: no modes are open in lead 2"):
        values = mk.Resistance(current=(0, 1), voltage=(0, 2))(ensemble)
    assert np.all(np.isnan(values))
    floats = mk.Conductance(1, 0, floating=(2,))(ensemble)
    assert np.allclose(floats, mk.Conductance(1, 0)(ensemble), rtol=1e-10)


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"current": (0, 0), "voltage": (1, 2)}, "current names lead 0 twice"),
        ({"current": (0, 1), "voltage": (2, 2)}, "voltage names lead 2 twice"),
        ({"current": (0, 1, 2), "voltage": (2, 3)}, "current names two leads"),
    ],
)
def test_a_resistance_between_wrong_leads_is_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        mk.Resistance(**fields)


def test_leads_that_can_not_float_are_refused():
    with pytest.raises(ValueError, match="named twice"):
        mk.Conductance(1, 0, floating=(0, 2))
    with pytest.raises(ValueError, match="named twice"):
        mk.Conductance(1, 1, floating=OTHERS)
    with pytest.raises(ValueError, match="'all others', not 'others'"):
        mk.Conductance(1, 0, floating="others")
    with pytest.raises(TypeError, match=r"such as \(2, 3\), not 2"):
        mk.Conductance(1, 0, floating=2)
    with pytest.raises(TypeError, match="floats as a whole"):
        mk.Conductance(1, (0, 0), floating=(2,))
    for observable in (
        mk.Conductance(1, 0, floating=(5,)),
        mk.Resistance(current=(0, 1), voltage=(0, 5)),
    ):
        with pytest.raises(ValueError, match="no lead 5 here: the system has"):
            observable(ENSEMBLE)


def test_the_conductance_matrix_needs_all_leads():
    part = mk.scattering(Wire(4, 5), -1.0, in_leads=[0], out_leads=[1])
    with pytest.raises(ValueError, match="solve without in_leads and out_leads"):
        mk.ConductanceMatrix()(part)


def test_an_option_at_its_default_leaves_what_is_stored():
    assert plain(mk.Conductance()) == "Conductance(lead_out=1, lead_in=0)"
    assert "floating=(2,)" in plain(mk.Conductance(1, 0, floating=(2,)))


def test_eigenvalues_add_up_to_conductance_and_noise():
    eigenvalues = mk.TransmissionEigenvalues(1, 0)(ENSEMBLE)
    assert np.all(np.diff(eigenvalues, axis=1) <= 0)
    assert np.all((eigenvalues > 0) & (eigenvalues < 1 + 1e-12))
    assert np.allclose(eigenvalues.sum(axis=1), mk.Conductance(1, 0)(ENSEMBLE))
    noise = np.sum(eigenvalues * (1 - eigenvalues), axis=1)
    assert np.allclose(noise, mk.ShotNoise(1, 0)(ENSEMBLE))


def test_reflection_completes_transmission():
    reflection = mk.Reflection(0)(ENSEMBLE)
    total = reflection.sum(axis=1).sum(axis=1) + mk.Conductance(1, 0)(ENSEMBLE)
    assert np.allclose(total, ENSEMBLE.num_propagating(0))


def test_observables_are_values():
    assert mk.Conductance(1, 0) == mk.Conductance()
    assert repr(mk.ShotNoise(0, 1)) == "ShotNoise(lead_out=0, lead_in=1)"


def test_a_lead_that_does_not_exist():
    with pytest.raises(ValueError, match="no lead 4"):
        mk.Conductance(4, 0)(ENSEMBLE)


def test_every_observable_and_kind_of_disorder_shows_an_example():
    kinds = [
        getattr(mk, name)
        for name in mk.__all__
        if isinstance(getattr(mk, name), type)
        and getattr(mk, name).__module__.startswith(("mesokwant.observables", "mesokwant.disorder"))
        and getattr(mk, name) is not mk.Disorder
    ]
    assert len(kinds) >= 13
    for kind in kinds:
        assert ">>>" in kind.__doc__, kind
