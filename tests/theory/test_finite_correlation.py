"""Thouless energy and correlation field of finite wires: they tend to the ideal formulas."""

import numpy as np
import pytest

from mesokwant import theory

WIRE = {"channels": 23, "mean_free_path": 10.0, "energy": -1.0}
LENGTHS = np.array([120.0, 160.0, 210.0, 280.0])


def test_thouless_energy_is_that_of_the_diffusion_constant_and_the_longer_wire():
    diffusion = theory.diffusion_constant(23 * 10 / 40, theory.square_lattice_dos(-1.0))
    found = theory.wire_thouless_energy(LENGTHS, 40, **WIRE)
    np.testing.assert_allclose(found.value, theory.thouless_energy(diffusion, LENGTHS + 10))


def test_thouless_energy_scales_with_length_as_its_exponent_says():
    value = theory.wire_thouless_energy(LENGTHS, 40, **WIRE).value
    slope = np.polyfit(np.log(LENGTHS + 10), np.log(value), 1)[0]
    assert slope == pytest.approx(theory.thouless_exponent(LENGTHS, mean_free_path=10.0).value)


def test_each_share_of_the_bound_is_left_alone_in_its_limit():
    """Same channels per width: D and the share of the density of states do not change."""

    def share(length, width):
        wire = WIRE | {"channels": 23 * width / 40}
        return theory.wire_thouless_energy(length, width, **wire).normalized().bound

    density = share(1e9, 1e6)
    # 1/τ from D = v² τ/2 and l = (π/2) v τ; E_F is 3 t above the bottom of the band.
    diffusion = theory.diffusion_constant(23 * 10 / 40, theory.square_lattice_dos(-1.0))
    assert density == pytest.approx(2 * diffusion * (np.pi / 2 / 10) ** 2 / (2 * 3), rel=1e-6)
    assert share(100.0, 1e6) - density == pytest.approx(0.2 * 10 / 100)
    assert share(1e9, 40) - density == pytest.approx((10 / 40) ** 2 / 2, rel=1e-6)


def test_bound_of_the_thouless_energy_shrinks_with_length():
    share = theory.wire_thouless_energy(LENGTHS, 40, **WIRE).normalized().bound
    assert np.all(np.diff(share) < 0)


def test_bound_of_the_exponent_covers_a_tenth_of_a_mean_free_path_at_either_end():
    """The slope of energies of wires that are longer by 0.1 l in all lies within the bound."""
    ends = LENGTHS[[0, -1]]
    expected = theory.thouless_exponent(LENGTHS, mean_free_path=10.0)
    energies = (ends + 10 + 1.0) ** -2.0
    slope = np.diff(np.log(energies))[0] / np.diff(np.log(ends + 10))[0]
    assert 0 < slope - expected.value < expected.bound
    assert theory.thouless_exponent(LENGTHS, mean_free_path=1e-9).bound < 1e-10
    unordered = theory.thouless_exponent(LENGTHS[::-1], mean_free_path=10.0)
    assert unordered.bound == expected.bound


def test_correlation_field_of_a_long_wire():
    fluxes = np.array([0.0, 1.1, 1.25]) / (150 * 5)
    found = theory.correlation_field(fluxes, 149.0, 5.0, mean_free_path=1.0)
    assert found.value == pytest.approx(1.17, abs=0.01)
    assert found.bound == pytest.approx(found.value / 5)


def test_correlation_field_is_larger_in_a_short_wire():
    """Near the leads the field acts less: 1.44 h/e for L = 3 W, 1.17 h/e in a long wire."""
    fields = [
        theory.correlation_field(
            np.array([0.0, 1.0, 1.5]) / (length * 40), length - 10.0, 40, mean_free_path=10.0
        ).value
        for length in (120.0, 200.0, 400.0)
    ]
    assert fields[0] > fields[1] > fields[2] > 1.17
    assert fields[0] == pytest.approx(1.44, abs=0.02)


def test_correlation_field_that_is_not_reached_is_no_number():
    fluxes = np.array([0.0, 0.1]) / (120 * 40)
    found = theory.correlation_field(fluxes, 110.0, 40, mean_free_path=10.0)
    assert np.isnan(found.value)
    assert found.bound == 0
