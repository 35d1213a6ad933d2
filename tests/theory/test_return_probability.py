"""The diffusion sum of a torus, and the field that ends the interference of the return."""

import numpy as np
import pytest

from mesokwant import theory

TIMES = np.array([0.0, 1.0, 10.0, 300.0])


def test_probability_is_conserved():
    sizes = (7, 5)
    everywhere = [
        theory.torus_diffusion(TIMES, sizes, diffusion=0.8, displacement=(x, y))
        for x in range(7)
        for y in range(5)
    ]
    np.testing.assert_allclose(np.sum(everywhere, axis=0), 1.0)
    assert np.min(everywhere) > -1e-15


def test_diffusion_starts_at_one_site_and_ends_at_all():
    found = theory.torus_diffusion([0.0, 1e4], (6, 5, 4), diffusion=1.0)
    np.testing.assert_allclose(found, [1.0, 1 / 120])


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_return_falls_by_half_the_dimension_as_exponent(dimension):
    times = np.array([50.0, 100.0])
    p = theory.torus_diffusion(times, (400,) * dimension, diffusion=4.0)
    assert np.log2(p[0] / p[1]) == pytest.approx(dimension / 2, rel=2e-3)
    np.testing.assert_allclose(p, (16 * np.pi * times) ** (-dimension / 2), rtol=2e-3)


def test_the_sum_solves_the_diffusion_equation_of_the_lattice():
    sizes, step, diffusion = (9, 11), 1e-4, 1.3

    def p(time, x, y):
        return theory.torus_diffusion(time, sizes, diffusion=diffusion, displacement=(x, y))

    rate = (p(2 + step, 2, 1) - p(2 - step, 2, 1)) / (2 * step)
    laplacian = p(2.0, 1, 1) + p(2.0, 3, 1) + p(2.0, 2, 0) + p(2.0, 2, 2) - 4 * p(2.0, 2, 1)
    assert rate == pytest.approx(diffusion * laplacian, rel=1e-6)


def test_spread_of_the_packet_is_twice_the_diffusion_constant():
    x = np.arange(-100, 101)
    p = [theory.torus_diffusion(30.0, (201,), diffusion=3.0, displacement=(i,)) for i in x]
    assert np.sum(x**2 * np.array(p)) == pytest.approx(2 * 3.0 * 30.0, rel=1e-6)


def test_the_cooperon_in_a_field_is_the_sum_over_its_landau_levels():
    diffusion, flux, times = 7.0, 3e-4, np.array([20.0, 60.0, 200.0])
    # A charge 2e in the field B has 2eB/(2πħ) = 2f states per site in each level, which decays
    # at the rate 2D (2eB/ħ)(n + 1/2) = 8π f D (n + 1/2).
    levels = np.arange(4000) + 0.5
    decays = np.exp(-8 * np.pi * flux * diffusion * times[:, None] * levels)
    cooperon = 2 * flux * np.sum(decays, axis=1) * 4 * np.pi * diffusion * times
    found = theory.return_enhancement(times, diffusion=diffusion, flux=flux)
    np.testing.assert_allclose(found - 1, cooperon, rtol=1e-9)


def test_the_enhancement_is_two_without_a_field_and_one_in_a_strong_one():
    found = theory.return_enhancement(50.0, diffusion=9.0, flux=np.array([0.0, 1e-9, 10.0]))
    np.testing.assert_allclose(found, [2.0, 2.0, 1.0])


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="as many components"):
        theory.torus_diffusion(1.0, (5, 5), diffusion=1.0, displacement=(1,))
    with pytest.raises(ValueError, match="not be negative"):
        theory.torus_diffusion(-1.0, (5, 5), diffusion=1.0)
    with pytest.raises(ValueError, match="not be negative"):
        theory.return_enhancement(1.0, diffusion=-1.0)


def test_flights_diffuse_where_the_field_is_weak_and_collisions_are_frequent():
    times, options = np.array([40.0, 60.0]), {"diffusion": 5.0, "flux": 6e-4}
    expected = theory.return_enhancement(times, **options)
    gaps = [
        theory.flight_return_enhancement(times, **options, scattering_time=tau) - expected
        for tau in (4.0, 2.0)
    ]
    # The delay of the field's effect is in proportion to τ.
    assert np.all(gaps[1] > 0)
    assert np.all(gaps[1] < 0.7 * gaps[0])
    delayed = theory.return_enhancement(times - 4 * 2.0, **options)
    np.testing.assert_allclose(expected + gaps[1], delayed, atol=0.05)


def test_flights_keep_their_interference_without_a_field():
    found = theory.flight_return_enhancement(
        [10.0, 30.0], diffusion=5.0, flux=2e-5, scattering_time=3.0
    )
    np.testing.assert_allclose(found, 2.0, atol=3e-3)


def test_flights_refuse_what_they_do_not_resolve():
    with pytest.raises(ValueError, match="use return_enhancement"):
        theory.flight_return_enhancement(99.0, diffusion=5.0, flux=1e-4, scattering_time=1.0)
    with pytest.raises(ValueError, match="must be positive"):
        theory.flight_return_enhancement(9.0, diffusion=5.0, flux=0.0, scattering_time=1.0)


def test_flights_in_three_dimensions_come_back_more_often_than_diffusion():
    """The pole of the flights: τ s = -1 + x/tan x, with the weight (x/tan x)² + x²."""
    time = np.array([40.0, 80.0])
    x = np.linspace(1e-6, 1.2, 20001)
    root = x / np.tan(x)
    flights = np.trapezoid(x**2 * (root**2 + x**2) * np.exp((root - 1) * time[:, None]), x)
    diffusion = np.trapezoid(x**2 * np.exp(-(x**2) / 3 * time[:, None]), x)
    found = theory.flight_return_correction(time, scattering_time=1.0)
    np.testing.assert_allclose(flights / diffusion - 1, found - 1, rtol=0.06)


@pytest.mark.parametrize(("time", "tau"), [(1.0, 2.0), (1.0, -1.0)])
def test_the_correction_of_flights_refuses_times_of_flight(time, tau):
    with pytest.raises(ValueError, match="scattering time"):
        theory.flight_return_correction(time, scattering_time=tau)
