"""Cavities against the one-mode distribution, and ensembles against random matrices."""

import kwant
import numpy as np
import pytest
from scipy.integrate import quad

from mesokwant import theory

BETAS = [1, 2, 4]


@pytest.mark.parametrize("beta", BETAS)
def test_cavity_moments_follow_from_the_single_mode_distribution(beta):
    def moment(power):  # T = x² removes the singularity at β = 1
        def integrand(x):
            return 2 * x * theory.cavity_transmission_density(x * x, beta=beta) * x ** (2 * power)

        return quad(integrand, 1e-12, 1)[0]

    assert moment(0) == pytest.approx(1)
    assert theory.cavity_conductance(1, 1, beta=beta) == pytest.approx(moment(1))
    variance = theory.cavity_conductance_variance(1, 1, beta=beta)
    assert variance == pytest.approx(moment(2) - moment(1) ** 2)
    assert theory.cavity_shot_noise(1, 1, beta=beta) == pytest.approx(moment(1) - moment(2))


@pytest.mark.parametrize("beta, correction", [(1, -1 / 4), (2, 0), (4, 1 / 8)])
def test_large_symmetric_cavity(beta, correction):
    n = 10**4
    mean = theory.cavity_conductance(n, n, beta=beta)
    assert mean - n / 2 == pytest.approx(correction, abs=1e-4)
    variance = theory.cavity_conductance_variance(n, n, beta=beta)
    assert variance == pytest.approx(1 / (8 * beta), rel=1e-3)
    assert theory.cavity_shot_noise(n, n, beta=beta) / mean == pytest.approx(1 / 4, rel=1e-3)


@pytest.mark.parametrize("beta, symmetry", [(1, "AI"), (2, "A"), (4, "AII")])
def test_circular_probability(beta, symmetry):
    rng = np.random.RandomState(11)
    n, samples = 4, 4000
    s = np.array([kwant.rmt.circular(n, symmetry, rng=rng) for _ in range(samples)])
    mean = np.mean(np.abs(s) ** 2, axis=0)
    same = theory.circular_probability(n, beta=beta, time_reversed=True)
    other = theory.circular_probability(n, beta=beta)
    assert same + (n - 1) * other == pytest.approx(1)
    tolerance = 4 * 0.3 / np.sqrt(samples * n)
    assert np.diag(mean).mean() == pytest.approx(same, abs=tolerance)
    assert mean[~np.eye(n, dtype=bool)].mean() == pytest.approx(other, abs=tolerance)
    if beta != 4:
        assert same / other == pytest.approx(2 / beta)


@pytest.mark.parametrize("beta, symmetry", [(0, None), (1, "AI"), (2, "A"), (4, "AII")])
def test_spacing_ratio(beta, symmetry):
    rng = np.random.RandomState(5)
    ratios = []
    for _ in range(60):
        if symmetry is None:
            levels = np.sort(rng.uniform(size=200))
        else:
            levels = np.linalg.eigvalsh(kwant.rmt.gaussian(200, symmetry, rng=rng))
        spacings = np.diff(levels[:: 2 if beta == 4 else 1])
        pairs = np.sort([spacings[:-1], spacings[1:]], axis=0)
        ratios.append(np.mean(pairs[0] / pairs[1]))
    error = np.std(ratios) / np.sqrt(len(ratios))
    assert abs(np.mean(ratios) - theory.spacing_ratio(beta)) < 3 * error
    with pytest.raises(ValueError, match="0, 1, 2 or 4"):
        theory.spacing_ratio(3)
