"""Variance of g of a diffusive wire, order by order in the number of modes."""

import numpy as np
import pytest

from mesokwant import theory

CLASSES = pytest.mark.parametrize("beta", [1, 2, 4])
LENGTHS = np.array([0.0, 0.3, 1.0, 4.0, 20.0])


@CLASSES
def test_many_modes_have_the_diffusive_variance_at_every_length(beta):
    found = theory.wire_variance(LENGTHS, 1e9, beta=beta)
    assert found == pytest.approx(theory.conductance_variance(LENGTHS, beta=beta), abs=1e-8)


@CLASSES
def test_a_long_wire_has_the_two_known_orders_in_length_over_localization_length(beta):
    channels = 1e6
    for x, next_order in ((0.01, 1e-7), (0.1, 1e-5)):
        s = x * (beta * channels + 2 - beta)
        expected = theory.conductance_variance(beta=beta) + theory.conductance_variance_correction(
            x, beta=beta
        )
        assert theory.wire_variance(s, channels, beta=beta) == pytest.approx(
            expected, abs=next_order
        )


@pytest.mark.parametrize("channels", [10, 20, 60])
def test_it_is_the_exact_variance_of_a_metal_without_time_reversal_symmetry(channels):
    for x, relative in ((0.1, 1e-5), (0.2, 3e-4), (0.3, 1.5e-3)):
        s = x * 2 * channels
        exact = theory.unitary_wire_moments(s, channels)[1]
        assert theory.wire_variance(s, channels, beta=2) == pytest.approx(exact, rel=relative)


@pytest.mark.parametrize(("beta", "lengths"), [(1, (0.1, 0.33, 0.5)), (4, (0.05, 0.1, 0.17))])
def test_it_agrees_with_simulations_of_the_equation_at_few_modes(beta, lengths):
    """Weighted over the numbers of modes, within 3σ of the table's error."""
    for x in lengths:
        ratios, errors = [], []
        for channels in (6, 8, 10, 15, 20, 30):
            s = x * (beta * channels + 2 - beta)
            expected = float(theory.wire_variance(s, channels, beta=beta))
            simulated = theory.dmpk_law(channels, beta=beta).variance(s)
            ratios.append(float(simulated.value) / expected)
            errors.append(float(simulated.error) / expected)
        weights = np.array(errors) ** -2.0
        mean = np.sum(weights * ratios) / weights.sum()
        assert abs(mean - 1) < 3 * weights.sum() ** -0.5


def test_beta_1_and_4_are_dual():
    """β -> 4/β, N -> -βN/2 leaves the equation alone: so do the orders of g."""
    orthogonal, symplectic = (
        theory.wire_variance(1e5, n, beta=beta) - theory.conductance_variance(beta=beta)
        for beta, n in ((1, -2e7), (4, 1e7))
    )
    assert orthogonal == pytest.approx(4 * symplectic, rel=1e-4)
