"""The Poisson kernel: no barrier, a weak barrier, and the limits of one mode."""

import numpy as np
import pytest

from mesokwant import theory

BETAS = [1, 2, 4]


@pytest.mark.parametrize("beta", BETAS)
def test_without_reflection_all_is_that_of_the_circular_ensemble(beta):
    moments = theory.nonideal_cavity_moments(np.zeros((2, 3)), beta=beta, draws=20)
    assert moments.conductance == pytest.approx(theory.cavity_conductance(3, 3, beta=beta))
    assert moments.variance == pytest.approx(theory.cavity_conductance_variance(3, 3, beta=beta))
    assert moments.shot_noise == pytest.approx(theory.cavity_shot_noise(3, 3, beta=beta))


@pytest.mark.parametrize("beta", BETAS)
def test_drawn_matrices_have_the_moments_of_their_ensemble(beta):
    matrices = theory.circular_matrices(4, beta=beta, draws=4000)
    spins = 2 if beta == 4 else 1
    unit = np.eye(4 * spins)
    np.testing.assert_allclose(matrices @ np.swapaxes(matrices.conj(), 1, 2) - unit, 0, atol=1e-9)
    g = np.sum(np.abs(matrices[:, 2 * spins :, : 2 * spins]) ** 2, axis=(1, 2)) / spins
    error = g.std() / len(g) ** 0.5
    assert abs(g.mean() - theory.cavity_conductance(2, 2, beta=beta)) < 3 * error
    variance = theory.cavity_conductance_variance(2, 2, beta=beta)
    assert g.var() == pytest.approx(variance, rel=0.08)


@pytest.mark.parametrize("modes", [1, 4])
def test_weak_reflection_lowers_the_mean_by_its_sum(modes):
    """At β = 2, δg = -Σ r² N²/(4N² - 1), from averages over four elements of a unitary matrix."""
    reflections = np.linspace(0.001, 0.009, 2 * modes).reshape(2, modes)
    found = theory.nonideal_cavity_moments(reflections, beta=2)
    shift = found.conductance - theory.cavity_conductance(modes, modes, beta=2)
    assert shift == pytest.approx(-reflections.sum() * modes**2 / (4 * modes**2 - 1), rel=0.05)


@pytest.mark.parametrize("beta", BETAS)
def test_strong_reflection_puts_two_barriers_in_series(beta):
    """Classically g = N (1 - r²)/2; interference takes less than a third of it at r² = 0.9."""
    g = theory.nonideal_cavity_moments(np.full((2, 2), 0.9), beta=beta).conductance
    assert 2 / 3 < g / 0.1 < 1


@pytest.mark.parametrize(
    ("reflections", "beta", "sentence"),
    [
        ([0.1, 0.2], 2, "shape"),
        ([[0.1], [1.0]], 2, "less than 1"),
        ([[0.1], [0.1]], 3, "1, 2 or 4"),
    ],
)
def test_wrong_reflections_are_refused(reflections, beta, sentence):
    with pytest.raises(ValueError, match=sentence):
        theory.nonideal_cavity_moments(reflections, beta=beta)
