"""Line shapes against their limits, and against the lowest Cooperon of a wire."""

import numpy as np
import pytest

from mesokwant import theory


def test_line_shape_limits():
    a = np.array([0.0, 1e-8, 1e-3, 0.0999999, 0.1000001, 2.0, 800.0, 1e200])
    shape = theory.wire_line_shape(a, magnetic_length=1.0)
    assert np.all(np.diff(shape) > 0) or shape[0] == shape[1]
    np.testing.assert_allclose(shape[:3], -1 / 3 + a[:3] ** 2 / 45, rtol=1e-12)
    assert shape[4] - shape[3] == pytest.approx(2 * 0.1 * 2e-7 / 45, rel=1e-2)
    assert shape[5] == pytest.approx(-(2 / np.tanh(2) - 1) / 4, rel=1e-14)
    assert shape[6] == pytest.approx(-1 / 800 + 1 / 800**2, rel=1e-12)
    modes = 2 / ((np.pi * np.arange(1, 200_000)) ** 2 + 4)
    assert shape[5] == pytest.approx(-modes.sum(), abs=2e-6)


def test_line_shape_at_zero_field_is_the_finite_length_correction():
    s = np.array([0.5, 3.0, 20.0])
    flat = theory.wire_line_shape(100, magnetic_length=theory.magnetic_length(0, 20), s=s)
    np.testing.assert_allclose(flat, theory.weak_localization(s, beta=1))
    both = theory.wire_line_shape(10, magnetic_length=4.0, dephasing_length=3.0)
    assert both == theory.wire_line_shape(10, dephasing_length=2.4)
    # Far beyond the dephasing length δσ = -(e²/h) L_φ.
    assert 1e6 * theory.wire_line_shape(1e6, dephasing_length=5.0) == pytest.approx(-5, rel=1e-4)


def test_magnetic_length_is_the_lowest_cooperon():
    """Charge 2e in the field, Neumann walls: the eigenvalue is 1/L_B² for W << L_B."""
    width, flux, n = 10.0, 1e-4, 400
    y = (np.arange(n) + 0.5) / n * width - width / 2
    laplacian = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    laplacian[0, 0] = laplacian[-1, -1] = 1
    operator = laplacian * (n / width) ** 2 + np.diag((2 * 2 * np.pi * flux * y) ** 2)
    lowest = np.linalg.eigvalsh(operator)[0]
    assert theory.magnetic_length(flux, width) ** -2 == pytest.approx(lowest, rel=1e-3)


def test_spinful_line_shape_ends_and_crossover():
    spinful = theory.spinful_wire_line_shape
    field = {"magnetic_length": np.array([np.inf, 30.0, 7.0]), "s": 9.0}
    spinless = theory.wire_line_shape(40, **field)
    np.testing.assert_allclose(spinful(40, spin_orbit_length=np.inf, **field), 2 * spinless)
    np.testing.assert_allclose(spinful(40, spin_orbit_length=0.0, **field), -spinless)
    # Twice the mean of beta = 4 belongs to T.
    strong = spinful(40, spin_orbit_length=0.0)
    assert strong == pytest.approx(2 * theory.weak_localization(beta=4))
    crossover = spinful(40, spin_orbit_length=np.geomspace(1e-2, 1e5, 50))
    assert np.all(np.diff(crossover) < 0)


def test_hikami_larkin_nagaoka():
    curve = theory.hikami_larkin_nagaoka(np.array([0, 1e-6, -1e-6, 1e-3]), 20.0)
    assert curve[0] == 0 and curve[1] == curve[2] and curve[3] > 0
    x = np.array([99.9999, 100.0001])
    below, above = theory.hikami_larkin_nagaoka(1 / (8 * np.pi * x), 1.0)
    assert below == pytest.approx(above, rel=1e-5)
    # A field cuts the diffusion off in place of dephasing: per spin, half of the two-spin sum.
    fluxes = np.array([1e-4, 1e-3])
    rise = np.diff(theory.hikami_larkin_nagaoka(fluxes, 1e6))[0] / 2
    lengths = fluxes**-0.5
    assert rise == pytest.approx(np.diff(theory.weak_localization_2d(lengths, 1, beta=1))[0])
    fall = np.diff(theory.hikami_larkin_nagaoka(fluxes, 1e6, alpha=-0.5))[0]
    assert fall == pytest.approx(2 * np.diff(theory.weak_localization_2d(lengths, 1, beta=4))[0])
