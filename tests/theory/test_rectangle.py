"""The rectangle against lattice sums, plain eigenvalues, and its limits."""

import numpy as np
import pytest

from mesokwant import theory

BETAS = [1, 2, 4]


def lattice_sum(ratio_y, ratio_z, size):
    """Return the sum over all modes within a radius, one by one."""
    n = np.arange(size)
    x, y, z = np.meshgrid(n[1:], n if ratio_y else [0], n if ratio_z else [0], indexing="ij")
    squares = x**2 + (ratio_y * y) ** 2 + (ratio_z * z) ** 2
    return 12 / np.pi**4 * np.sum(squares[squares < size**2].astype(float) ** -2)


def test_rectangle_variance_limits():
    catalan = 0.915965594177219
    variance = theory.rectangle_variance
    for beta in BETAS:
        assert variance(1, 0, beta=beta) == pytest.approx(2 / (15 * beta), rel=1e-12)
        assert variance(1, 1, beta=beta) == pytest.approx(2 * catalan / np.pi**2 / beta, rel=1e-12)
    assert variance(1, 1, 1, beta=1) == pytest.approx(0.31405, abs=5e-6)
    assert variance(50, 1, beta=1) == pytest.approx(2 / 15, rel=1e-4)
    # A wide sample is made of independent squares: var g grows as W/L.
    assert variance(1, 200, beta=1) / variance(1, 100, beta=1) == pytest.approx(2, rel=1e-2)


@pytest.mark.parametrize("width, height", [(0.7, 0), (1, 0), (2.5, 0), (1, 1), (1.5, 0.6)])
def test_rectangle_variance_is_a_lattice_sum(width, height):
    exact = theory.rectangle_variance(1.0, width, height, beta=1)
    ratios = [1 / size if size else 0 for size in (width, height)]
    size = 60
    # Beyond the radius the sum is an integral, up to the faces with a zero index (half weight).
    if height:
        solid, faces = np.pi / 2 / np.prod(ratios), np.pi / 4 * (1 / ratios[0] + 1 / ratios[1])
        tail = solid / size + faces / size**2 / 2
    else:
        tail = np.pi / 4 / ratios[0] / size**2
    brute = lattice_sum(*ratios, size) + 12 / np.pi**4 * tail
    assert exact == pytest.approx(brute, rel=1e-3)


def test_rectangle_variance_broadcasts():
    many = theory.rectangle_variance(1.0, [0.5, 1.0, 2.0], beta=1)
    each = [theory.rectangle_variance(1.0, width, beta=1) for width in (0.5, 1.0, 2.0)]
    np.testing.assert_allclose(many, each, rtol=1e-14)


def test_rectangle_magnetoconductance_of_a_long_wire_is_the_line_shape():
    width = 10.0
    deviations = []
    for length in (100.0, 200.0):
        flux = 3.0 * np.sqrt(3) / (2 * np.pi * width * length)  # a = 3
        line = theory.wire_line_shape(length, magnetic_length=theory.magnetic_length(flux, width))
        deviations.append(
            theory.rectangle_magnetoconductance(flux, length, width) / (line + 1 / 3) - 1
        )
    # The ends matter to second order in W/L; the grid adds 0.2 per cent.
    assert -0.05 < deviations[0] < -0.04
    assert deviations[1] == pytest.approx(deviations[0] / 4, abs=0.003)


def test_rectangle_magnetoconductance_scales_and_is_even():
    rise = theory.rectangle_magnetoconductance
    assert rise(0.0, 30, 10) == 0
    assert rise(2e-4, 60, 20) == pytest.approx(rise(-2e-4, 60, 20), rel=1e-12)
    # Only the flux through the sample and its shape matter.
    assert rise(2e-4, 60, 20) == pytest.approx(rise(0.5e-4, 120, 40), rel=1e-9)
    # Second order in a weak field.
    assert rise(2e-6, 60, 20) == pytest.approx(4 * rise(1e-6, 60, 20), rel=1e-3)
    strong = rise(np.array([1e-3, 4e-3]), 60, 20)
    assert np.all(np.diff(strong) > 0)


def test_rectangle_magnetoconductance_with_dephasing():
    flux, width = 3e-3, 10.0
    rise = theory.rectangle_magnetoconductance
    for dephasing in (100.0, 30.0):
        line = theory.wire_line_shape(300, dephasing_length=dephasing) - theory.wire_line_shape(
            300, magnetic_length=theory.magnetic_length(flux, width), dephasing_length=dephasing
        )
        # In a wire longer than all else; the ends matter to second order in W/L_φ.
        found = rise(flux, 300, width, dephasing_length=dephasing)
        assert found == pytest.approx(-line, rel=(width / dephasing) ** 2 + 0.03)
    # Where the Cooperon decays before it sees the field there is nothing left to rise.
    assert rise(flux, 60, 20, dephasing_length=0.5) < 1e-3 * rise(flux, 60, 20)


def test_rectangle_magnetoconductance_on_a_grid_of_plain_eigenvalues():
    length, width, flux, cells, slices = 30.0, 10.0, 1e-3, 12, 36
    dx, dy = length / slices, width / cells
    y = (np.arange(cells) - (cells - 1) / 2) * dy
    size = (slices - 1) * cells

    def correction(f):
        matrix = np.zeros((slices - 1, cells, slices - 1, cells), complex)
        for i in range(slices - 1):
            for j in range(cells):
                walls = (j == 0) + (j == cells - 1)
                matrix[i, j, i, j] = 2 / dx**2 + (2 - walls) / dy**2
                if i:
                    hop = -np.exp(4j * np.pi * f * y[j] * dx) / dx**2
                    matrix[i, j, i - 1, j], matrix[i - 1, j, i, j] = hop, hop.conj()
                if j:
                    matrix[i, j, i, j - 1] = matrix[i, j - 1, i, j] = -1 / dy**2
        return -2 / length**2 * np.sum(1 / np.linalg.eigvalsh(matrix.reshape(size, size)))

    expected = correction(flux) - correction(0.0)
    # The grid in the function is finer: the rest is the error of this one.
    assert theory.rectangle_magnetoconductance(flux, length, width) == pytest.approx(
        expected, rel=0.02
    )


def test_variance_in_field_goes_from_one_class_to_the_other():
    ratio = theory.rectangle_variance_in_field([0.0, 0.2], 20, 10) / theory.rectangle_variance(
        20, 10, beta=2
    )
    np.testing.assert_allclose(ratio, [2, 1], atol=0.05)


def test_variance_in_field_of_a_long_wire():
    length, width, flux = 400.0, 10.0, 4e-4
    a = length / theory.magnetic_length(flux, width)
    cooperon = (
        45 / (2 * a**4) * (a / np.tanh(a) + (a / np.sinh(a)) ** 2 - 2)
    )  # 90/π⁴ Σ (n²+a²/π²)⁻²
    variance = theory.rectangle_variance_in_field(flux, length, width)
    assert 15 * variance - 1 == pytest.approx(cooperon, abs=2e-3)
    # A diffuson sees the difference of the fields, a Cooperon twice the field.
    assert theory.rectangle_field_correlation(2 * flux, length, width) == pytest.approx(
        cooperon, rel=0.03
    )
    assert theory.rectangle_field_correlation(0.0, length, width) == 1


def test_spin_orbit_coupling_makes_the_rise_a_fall():
    rise = theory.rectangle_spin_magnetoconductance
    flux, length, width = 2e-3, 60, 20
    spinless = theory.rectangle_magnetoconductance(flux, length, width)
    assert rise(flux, length, width, rotation=0.0) == pytest.approx(2 * spinless)
    assert rise(0.0, length, width, rotation=0.3) == 0
    # Strong coupling leaves the singlet alone.
    assert rise(flux, length, width, rotation=1.0) == pytest.approx(-spinless, rel=0.01)
    # A narrow wire retraces its turns: the coupling drops out.
    narrow = rise(5e-2, 60, 3, rotation=0.1) / theory.rectangle_magnetoconductance(5e-2, 60, 3)
    assert narrow == pytest.approx(2, rel=0.05)


def test_energy_correlation_of_wire_and_film():
    diffusion, length = 7.0, 50.0
    unit = theory.thouless_energy(diffusion, length)
    x = np.linspace(0, 3, 301)
    wire = theory.rectangle_energy_correlation(x * unit, length, 1.0, diffusion=diffusion)
    n = np.arange(1, 200)[:, None] ** 2
    exact = np.sum(2 / (n**2 + x**2) + (n**2 - x**2) / (n**2 + x**2) ** 2, axis=0) * 30 / np.pi**4
    np.testing.assert_allclose(wire, exact, atol=1e-4)
    assert x[np.argmax(wire < 0.5)] == pytest.approx(0.783, abs=0.01)
    # Modes across decay faster: a film forgets more slowly.
    film = theory.rectangle_energy_correlation(x * unit, length, 4 * length, diffusion=diffusion)
    assert np.all(film[1:] > wire[1:])
