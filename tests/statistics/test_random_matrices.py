"""Estimates against random-matrix ensembles whose moments are exact; no transport."""

import kwant
import numpy as np
import pytest

from mesokwant import statistics, theory

from .assertions import pulls


@pytest.mark.parametrize("beta, symmetry", [(1, "AI"), (2, "A"), (4, "AII")])
def test_moments_of_a_chaotic_cavity(beta, symmetry):
    rng = np.random.RandomState(7)
    n1, n2 = 2, 3
    pair = 2 if beta == 4 else 1  # at beta = 4 theory counts Kramers pairs once
    g, noise = [], []
    for _ in range(4000):
        s = kwant.rmt.circular(pair * (n1 + n2), symmetry, rng=rng)
        t = s[pair * n1 :, : pair * n1]
        eigenvalues = np.linalg.svd(t, compute_uv=False) ** 2
        g.append(eigenvalues.sum() / pair)
        noise.append(np.sum(eigenvalues * (1 - eigenvalues)) / pair)
    for estimate, expected in [
        (statistics.mean(g), theory.cavity_conductance(n1, n2, beta=beta)),
        (statistics.variance(g), theory.cavity_conductance_variance(n1, n2, beta=beta)),
        (statistics.mean(noise), theory.cavity_shot_noise(n1, n2, beta=beta)),
    ]:
        assert abs(pulls(estimate, expected)) < 3
        assert estimate.error < 0.05 * estimate.value


@pytest.mark.parametrize("beta, symmetry", [(1, "AI"), (2, "A")])
def test_distribution_of_a_single_mode(beta, symmetry):
    rng = np.random.RandomState(3)
    t = [abs(kwant.rmt.circular(2, symmetry, rng=rng)[1, 0]) ** 2 for _ in range(4000)]
    edges = np.linspace(0, 1, 9)
    # Probability of a bin: the integral of (β/2) T^(β/2 - 1) is T^(β/2).
    expected = np.diff(edges ** (beta / 2)) / np.diff(edges)
    found = statistics.histogram(t, edges)
    pull = pulls(found, expected)
    assert np.max(np.abs(pull)) < 3.5 and np.sum(pull**2) < 20
    assert np.sum(found.value * np.diff(edges)) == pytest.approx(1)


def test_pooled_eigenvalues_repel():
    """Level repulsion makes the counts of one sample vary less than independent draws."""
    rng = np.random.RandomState(2)
    phases = [np.angle(np.linalg.eigvals(kwant.rmt.circular(8, rng=rng))) for _ in range(500)]
    found = statistics.histogram(np.transpose(phases), np.linspace(-np.pi, np.pi, 5))
    np.testing.assert_array_less(np.abs(pulls(found, 1 / (2 * np.pi))), 3.5)
    binomial = np.sqrt(0.25 * 0.75 / (8 * 500)) / (np.pi / 2)
    assert np.all(found.error < 0.7 * binomial)
