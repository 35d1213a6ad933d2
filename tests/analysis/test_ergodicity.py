"""Variance along a curve against variance among samples, on noise of known correlation."""

import numpy as np

from mesokwant import theory
from mesokwant.analysis import window_variance


def test_window_variance_of_correlated_noise():
    points, samples, memory = 30, 4000, 0.8
    rng = np.random.default_rng(4)
    curves = [rng.normal(size=samples)]
    for _ in range(points - 1):
        curves.append(memory * curves[-1] + np.sqrt(1 - memory**2) * rng.normal(size=samples))
    offset = np.linspace(0, 5, points)[:, None]  # a mean that drifts does not count
    measured = window_variance(np.array(curves) + offset)
    expected = theory.finite_window_variance(memory ** np.arange(points))
    assert abs(measured.value - expected) < 4 * measured.error
    assert measured.error < 0.02 < 1 - expected


def test_windows_of_a_curve_have_the_variance_of_their_size():
    """Against a known variance, and with a part of g that a sample keeps along its curve."""
    points, samples, memory = 30, 4000, 0.8
    rng = np.random.default_rng(5)
    curves = [rng.normal(size=samples)]
    for _ in range(points - 1):
        curves.append(memory * curves[-1] + np.sqrt(1 - memory**2) * rng.normal(size=samples))
    kept = np.array(curves) + rng.normal(size=samples)
    measured = window_variance(kept, points=10, variance=1.0)
    assert abs(measured.value - theory.finite_window_variance(memory ** np.arange(10))) < (
        4 * measured.error
    )
