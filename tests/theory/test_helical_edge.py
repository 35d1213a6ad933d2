"""Helical edges: fractions of h/e² as limits, contacts that are not ideal, and golden rule."""

import itertools

import numpy as np
import pytest

from mesokwant import theory
from mesokwant.terminals import four_terminal_resistance
from mesokwant.theory.helical_edge import PAULI


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


def test_mean_free_path_and_spread_are_those_of_simulated_spins():
    rng = np.random.default_rng(3)
    for rows in (1, 3):
        spins = rng.normal(size=(200_000, rows, 3))
        spins /= np.linalg.norm(spins, axis=-1, keepdims=True)
        states = rng.normal(size=(2, rows, 4)) + 1j * rng.normal(size=(2, rows, 4))
        matrices = np.array([np.kron(np.identity(2), pauli) for pauli in PAULI])
        v = np.einsum("yo,aop,yp->ya", states[1].conj(), matrices, states[0])
        reflected = np.abs(0.1 * np.einsum("nya,ya->n", spins, v)) ** 2
        path, spread = theory.edge_mean_free_path(0.1, *states)
        assert 1 / path == pytest.approx(reflected.mean(), rel=0.01)
        assert spread == pytest.approx(reflected.var() / reflected.mean() ** 2, rel=0.03)


def test_finite_columns_lower_the_variance_as_simulated_columns_do():
    rng = np.random.default_rng(4)
    reflected, columns, chains = 0.1, 20, 40_000
    T = np.ones(chains)
    for _ in range(columns):
        R = np.full(chains, reflected)
        phases = np.exp(2j * np.pi * rng.random(chains))
        T = T * (1 - R) / np.abs(1 - np.sqrt((1 - T) * R) * phases) ** 2
    s = -np.log1p(-reflected) * columns
    assert np.log(T).mean() == pytest.approx(-s, abs=4 * np.log(T).std() / chains**0.5)
    expected = theory.columns_log_variance(s, reflected)
    smooth = theory.chain_log_conductance_moments(s)[0]
    assert np.log(T).var() == pytest.approx(expected, rel=0.03)
    assert expected < 0.95 * smooth
    # Few scatterers: n (n - 1) pairs interfere, and not n².
    few = theory.columns_log_variance(0.01, 0.001)
    assert few / theory.chain_log_conductance_moments(0.01)[0] == pytest.approx(
        1 - 1 / 10, abs=0.01
    )


def test_mean_conductance_of_a_chain_has_its_limits_and_is_that_of_the_density():
    assert theory.chain_mean_conductance(1e-3) == pytest.approx(1 - 1e-3, abs=1e-5)
    s = 300.0
    long = np.pi**2.5 / 2 * s**-1.5 * np.exp(-s / 4)
    assert theory.chain_mean_conductance(s) == pytest.approx(long, rel=0.05)
    root = (np.arange(4000) + 0.5) / 4000 * 14
    density = theory.chain_log_conductance_density(-(root**2), 2.0) * 2 * root * (root[1] - root[0])
    mean = np.sum(density * np.exp(-(root**2)))
    assert theory.chain_mean_conductance(2.0) == pytest.approx(mean, rel=1e-4)
