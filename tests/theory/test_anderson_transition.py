"""Exponents of the Anderson transition: limits of theory, and bounds that every ν obeys."""

import numpy as np
import pytest
from scipy.integrate import quad

from mesokwant import theory


def return_share(kappa, dimension):
    """Weight of q^(d-1)/(q² + κ²) from q = 0 to 1: the return of a packet localized within 1/κ."""

    def integrand(q):
        return q ** (dimension - 1) / (q * q + kappa * kappa)

    return quad(integrand, 0, 1, points=[kappa, 30 * kappa], limit=500)[0]


@pytest.mark.parametrize("dimension", [2.5, 3, 5, 6])
def test_the_exponent_is_that_of_the_self_consistent_equation(dimension):
    # Disorder λ localizes within 1/κ where λ times the weight is 1; λ_c is that of κ = 0.
    kappa = np.array([1e-5, 1e-6])
    strength = np.array([1 / return_share(k, dimension) for k in kappa])
    beyond = strength * (1 - (dimension - 2) / strength) / (dimension - 2)
    nu = np.log(kappa[0] / kappa[1]) / np.log(beyond[0] / beyond[1])
    assert nu == pytest.approx(theory.self_consistent_exponent(dimension), rel=0.02)


def test_the_exponent_is_continuous_at_the_upper_critical_dimension():
    below, above = (theory.self_consistent_exponent(4 + x) for x in (-1e-9, 1e-9))
    assert below == pytest.approx(above, abs=1e-8)
    assert above == 1 / 2


def test_the_measured_exponent_obeys_the_bound_of_disordered_systems():
    # ν >= 2/d: Chayes, Chayes, Fisher and Spencer, Phys. Rev. Lett. 57, 2999 (1986).
    assert theory.ANDERSON_EXPONENT.value >= 2 / 3
    assert theory.self_consistent_exponent(3) >= 2 / 3


def test_there_is_no_transition_in_two_dimensions():
    with pytest.raises(ValueError, match="above 2"):
        theory.self_consistent_exponent(2)
