"""Helical edges: fractions of h/e² as limits, contacts that are not ideal, and golden rule."""

import itertools

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.terminals import four_terminal_resistance


@pytest.mark.parametrize("contacts", [2, 4, 6])
def test_ideal_contacts_have_the_fractions_of_their_conductance_matrix(contacts):
    G = theory.helical_conductance(np.ones(contacts))
    pairs = list(itertools.permutations(range(contacts), 2))
    for current, voltage in itertools.product(pairs, pairs[:: max(1, contacts // 2)]):
        expected = four_terminal_resistance(G, current=current, voltage=voltage)
        found = theory.helical_resistance(contacts, current, voltage)
        assert found == pytest.approx(float(expected), abs=1e-12), (current, voltage)


def test_resistances_of_a_ring_are_reciprocal_and_add_up():
    for current, voltage in itertools.product(itertools.permutations(range(5), 2), repeat=2):
        found = theory.helical_resistance(5, current, voltage)
        assert found == pytest.approx(theory.helical_resistance(5, voltage, current))
        parts = [(voltage[0], 3), (3, voltage[1])]
        total = sum(theory.helical_resistance(5, current, part) for part in parts)
        assert found == pytest.approx(total)


def test_contacts_that_absorb_less_conserve_current_and_obey_time_reversal():
    absorbed = np.random.default_rng(1).uniform(0.2, 1, (3, 5))
    G = theory.helical_conductance(absorbed)
    np.testing.assert_allclose(G.sum(axis=-1), 0, atol=1e-14)
    np.testing.assert_allclose(G, np.swapaxes(G, -1, -2), atol=1e-14)


def test_a_contact_that_absorbs_nothing_is_not_there():
    absorbed = np.array([0.7, 0.0, 0.9, 0.4])
    G = theory.helical_conductance(absorbed)
    np.testing.assert_allclose(G[1], 0, atol=1e-15)
    others = [0, 2, 3]
    np.testing.assert_allclose(
        G[np.ix_(others, others)], theory.helical_conductance(absorbed[others])
    )


def test_two_contacts_conduct_what_both_ways_around_conduct():
    p, q = 0.7, 0.4
    found = theory.helical_conductance([p, q])[0, 0]
    # Each way is a channel in series with two contacts: 1/p + 1/q - 1 in h/e².
    assert found == pytest.approx(2 / (1 / p + 1 / q - 1))


def test_mean_free_path_does_not_depend_on_how_states_are_mixed():
    rng = np.random.default_rng(2)
    states = rng.normal(size=(2, 3, 4, 2)) + 1j * rng.normal(size=(2, 3, 4, 2))
    mixing = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))[0]
    expected = theory.edge_mean_free_path(0.3, *states)
    assert theory.edge_mean_free_path(0.3, states[0] @ mixing, states[1]) == pytest.approx(expected)
    assert theory.edge_mean_free_path(0.6, *states) == pytest.approx(expected / 4)


def test_mean_free_path_is_that_of_simulated_spins():
    rng = np.random.default_rng(3)
    spins = rng.normal(size=(200_000, 3))
    spins /= np.linalg.norm(spins, axis=1, keepdims=True)
    # One row with the velocity v: the amplitude of reflection is <down|J S·σ|up>/v.
    strength, velocity = 0.1, 2.0
    reflected = np.abs(strength * (spins[:, 0] + 1j * spins[:, 1]) / velocity) ** 2
    up, down = np.array([[[1.0], [0.0]]]), np.array([[[0.0], [1.0]]])
    found = theory.edge_mean_free_path(strength, up / velocity**0.5, down / velocity**0.5)
    assert 1 / found == pytest.approx(reflected.mean(), rel=0.01)


def test_mean_conductance_of_a_chain_has_its_limits_and_is_that_of_the_density():
    assert theory.chain_mean_conductance(1e-3) == pytest.approx(1 - 1e-3, abs=1e-5)
    s = 300.0
    long = np.pi**2.5 / 2 * s**-1.5 * np.exp(-s / 4)
    assert theory.chain_mean_conductance(s) == pytest.approx(long, rel=0.05)
    root = (np.arange(4000) + 0.5) / 4000 * 14
    density = theory.chain_log_conductance_density(-(root**2), 2.0) * 2 * root * (root[1] - root[0])
    mean = np.sum(density * np.exp(-(root**2)))
    assert theory.chain_mean_conductance(2.0) == pytest.approx(mean, rel=1e-4)
