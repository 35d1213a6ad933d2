"""Circuits of many leads: against networks of known resistance, and by identities."""

import numpy as np
import pytest

from mesokwant import terminals
from mesokwant.terminals import currents, eliminated, four_terminal_resistance, voltages


def conserving(leads, *, samples=3, seed=0):
    """Conductance matrices of random scattering matrices, two modes a lead, without symmetry."""
    rng = np.random.default_rng(seed)
    size = samples, 2 * leads, 2 * leads
    unitary = np.linalg.qr(rng.normal(size=size) + 1j * rng.normal(size=size))[0]
    parts = np.abs(unitary.reshape(samples, leads, 2, leads, 2)) ** 2
    return 2 * np.eye(leads) - parts.sum(axis=(2, 4))


def chain(transmissions):
    """Leads in a row, each joined to the next by a transmission."""
    T = np.diag(np.asarray(transmissions, float), 1)
    T = T + T.T
    return np.diag(T.sum(axis=1)) - T


def chiral(leads):
    """A conductor whose one edge mode runs from each lead to the next."""
    return np.eye(leads) - np.roll(np.eye(leads), 1, axis=0)


@pytest.mark.parametrize("leads", [5, 40, 80])  # 80 leads take more than two panels.
def test_elimination_is_the_schur_complement(leads):
    G = conserving(leads)
    keep = [3, 0, 4]
    others = [lead for lead in range(leads) if lead not in keep]
    inner = np.linalg.solve(G[:, others][:, :, others], G[:, others][:, :, keep])
    expected = G[:, keep][:, :, keep] - G[:, keep][:, :, others] @ inner
    result = eliminated(G, keep)
    assert np.allclose(result, expected, rtol=0, atol=1e-13)
    assert np.abs(result.sum(axis=1)).max() < 1e-13
    assert np.abs(result.sum(axis=2)).max() < 1e-15


@pytest.mark.parametrize("leads", [2, 6, 40])
def test_voltages_are_those_that_make_the_currents(leads):
    G = conserving(leads)
    given = np.random.default_rng(1).normal(size=(3, leads))
    given -= given.mean(axis=1, keepdims=True)
    found = voltages(G, given, ground=1)
    assert np.all(found[:, 1] == 0)
    assert np.allclose(currents(G, found), given, rtol=0, atol=1e-13)


def test_a_common_voltage_makes_no_current():
    assert np.all(currents(conserving(4), np.full(4, 0.1)) == 0)


def test_a_chain_of_probes_obeys_ohm():
    parts = np.array([0.3, 0.01, 2.0, 0.7])
    G = chain(parts)
    ends = four_terminal_resistance(G, current=(0, 4), voltage=(0, 4))
    inner = four_terminal_resistance(G, current=(0, 4), voltage=(1, 3))
    assert ends == pytest.approx(np.sum(1 / parts), rel=1e-14)
    assert inner == pytest.approx(1 / 0.01 + 1 / 2.0, rel=1e-14)
    assert -eliminated(G, (0, 4))[0, 1] == pytest.approx(1 / ends, rel=1e-14)


def test_the_loop_of_voltages_closes():
    G = conserving(6)
    loop = [(2, 3), (3, 5), (5, 4), (4, 2)]
    parts = [four_terminal_resistance(G, current=(0, 1), voltage=pair) for pair in loop]
    assert np.abs(np.sum(parts, axis=0)).max() < 1e-14


def test_reversing_the_field_exchanges_current_and_voltage():
    G = conserving(6)
    forward = four_terminal_resistance(G, current=(0, 1), voltage=(2, 4))
    reversed_field = np.swapaxes(G, 1, 2)
    backward = four_terminal_resistance(reversed_field, current=(2, 4), voltage=(0, 1))
    assert np.abs(forward).max() > 1e-3
    assert np.allclose(forward, backward, rtol=0, atol=1e-14)


def test_a_chiral_edge_has_a_quantized_hall_resistance_and_no_other():
    G = chiral(6)
    assert four_terminal_resistance(G, current=(0, 3), voltage=(1, 2)) == 0
    assert abs(four_terminal_resistance(G, current=(0, 3), voltage=(1, 5))) == 1


@pytest.mark.parametrize("segments", [4, 6])
def test_a_ring_of_helical_contacts(segments):
    G = chiral(segments) + chiral(segments).T
    for m in range(1, segments):
        found = four_terminal_resistance(G, current=(0, m), voltage=(0, m))
        assert found == pytest.approx(m * (segments - m) / segments, rel=1e-14)


def test_a_probe_without_transmission_changes_nothing_and_has_no_voltage():
    G = conserving(4)
    more = np.zeros((3, 5, 5))
    more[:, :4, :4] = G
    assert np.array_equal(eliminated(more, (0, 1)), eliminated(G, (0, 1)))
    pairs = {"current": (0, 1), "voltage": (2, 3)}
    expected = four_terminal_resistance(G, **pairs)
    assert np.allclose(four_terminal_resistance(more, **pairs), expected, rtol=1e-14)
    assert np.all(np.isnan(four_terminal_resistance(more, current=(0, 1), voltage=(2, 4))))


def test_small_transmissions_keep_their_relative_accuracy():
    """Two probes joined well to each other and weakly to the rest: 1 + 1e-20 is 1 in G."""
    weak = 1e-20
    G = chain([1.0, 1.0, weak, 1.0, weak, 1.0])
    found = four_terminal_resistance(G, current=(0, 6), voltage=(2, 5))
    assert found == pytest.approx(2 / weak, rel=1e-12)


def test_what_rounding_joins_has_no_resistance():
    G = chain([1.0, 0.1 * terminals.INSULATED, 1.0])
    for voltage in ((0, 3), (1, 2), (0, 2)):
        assert np.isnan(four_terminal_resistance(G, current=(0, 3), voltage=voltage))
    # Both probes see the same lead alone.
    assert four_terminal_resistance(G, current=(2, 3), voltage=(2, 3)) == 1


def test_samples_that_are_missing_stay_missing():
    G = conserving(4)
    G[1] = np.nan
    found = four_terminal_resistance(G, current=(0, 1), voltage=(2, 3))
    assert np.array_equal(np.isnan(found), [False, True, False])
    assert np.array_equal(np.isnan(eliminated(G, (0, 1)))[:, 0, 1], [False, True, False])


@pytest.mark.parametrize(
    "given, message",
    [
        ({"current": (0, 0)}, "current names lead 0 twice"),
        ({"voltage": (2, 2)}, "voltage names lead 2 twice"),
        ({"voltage": (2, 4)}, "no lead 4: the leads are 0 to 3"),
        ({"current": (0, -1)}, "no lead -1"),
        ({"current": (0, 1, 2)}, "current names two leads"),
        ({"current": 0}, "current names two leads"),
        ({"G": np.eye(4)}, "must sum to zero"),
        ({"G": -chain([1.0, 1.0, 1.0])}, "can't be negative"),
    ],
)
def test_wrong_input_is_refused(given, message):
    right = {"G": conserving(4), "current": (0, 1), "voltage": (2, 3)}
    with pytest.raises(ValueError, match=message):
        four_terminal_resistance(**right | given)


def test_wrong_currents_and_leads_are_refused():
    G = conserving(4)
    with pytest.raises(ValueError, match="add up to zero"):
        voltages(G, [1.0, 0.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="no lead 7"):
        voltages(G, [1.0, -1.0, 0.0, 0.0], ground=7)
    with pytest.raises(ValueError, match=r"the voltages have the shape \(\.\.\., 4 leads\)"):
        currents(G, [1.0, 2.0])
    with pytest.raises(ValueError, match="named twice"):
        eliminated(G, (0, 0))
    with pytest.raises(ValueError, match="conductance matrices have the shape"):
        eliminated(G[..., :3], (0, 1))
