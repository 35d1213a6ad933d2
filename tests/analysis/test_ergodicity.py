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
