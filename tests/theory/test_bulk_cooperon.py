"""Cooperons of few scatterings: the levels, the diffusive limit, and the role of the decay."""

import numpy as np
import pytest
from scipy.special import digamma, eval_laguerre

from mesokwant.theory import few_scatterings_deficit, field_per_path
from mesokwant.theory.bulk_cooperon import _levels

PATH = 4.0


def flux_of(b):
    return b / (4 * np.pi * PATH**2)


def diffusive_rise(b, decay):
    return (digamma(0.5 + decay / b) - np.log(decay / b)) / (2 * np.pi)


def test_levels_are_means_over_exponential_paths():
    """Against the integral itself, with the polynomials of scipy."""
    b, levels = 0.4, _levels(0.4)
    x = np.linspace(0, 40, 200_001)
    for n in (0, 1, 7):
        integrand = np.exp(-x - b * x**2 / 4) * eval_laguerre(n, b * x**2 / 2)
        assert levels[n] == pytest.approx(np.trapezoid(integrand, x), abs=1e-8)


def test_high_levels_in_weak_fields_are_those_without_a_field():
    b, levels = 0.01, _levels(0.01)
    n = np.array([50, 200, 800])
    assert levels[n] == pytest.approx((1 + 2 * (n + 0.5) * b) ** -0.5, rel=2e-3)


def test_diffusion_is_right_in_weak_fields():
    """At one and the same ratio of decay and field the share of the deficit falls with b."""
    shares = []
    for b in (0.01, 0.04, 0.16):
        decay = PATH / np.sqrt(2 * b)  # Decay b from one scattering to the next.
        shares.append(few_scatterings_deficit(flux_of(b), PATH, decay) / diffusive_rise(b, b))
    assert 0 < shares[0] < shares[1] < shares[2] < 0.7
    assert shares[0] < 0.2


def test_deficit_is_less_than_the_rise_itself():
    for b in (0.1, 0.3, 1.0):
        for m in (0.02, 0.1):
            deficit = few_scatterings_deficit(flux_of(b), PATH, PATH / np.sqrt(2 * m))
            assert 0 < deficit < diffusive_rise(b, m)


def test_nothing_is_lacking_without_a_field_or_with_immediate_decay():
    assert few_scatterings_deficit(0.0, PATH, np.inf) == 0
    assert abs(few_scatterings_deficit(flux_of(0.3), PATH, PATH / 10)) < 1e-4


def test_deficit_depends_on_field_and_path_by_b_alone():
    first = few_scatterings_deficit(flux_of(0.2), PATH, 30.0)
    second = few_scatterings_deficit(flux_of(0.2) / 4, 2 * PATH, 60.0)
    assert first == pytest.approx(second)
    assert field_per_path(flux_of(0.2), PATH) == pytest.approx(0.2)
