"""The barrier of Eckart on a lattice, levels of a parabola, and the saddle in a field."""

import kwant
import numpy as np
import pytest

from mesokwant import theory


def chain_transmission(energies, height, reach):
    """Transmission of a chain of the lattice through the barrier, by wave matching."""
    lattice = kwant.lattice.chain(norbs=1)
    chain, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-1,)))
    half = int(8 * reach)
    for x in range(-half, half + 1):
        chain[lattice(x)] = 2 + height / np.cosh(x / reach) ** 2
    lead[lattice(0)] = 2
    chain[lattice.neighbors()] = lead[lattice.neighbors()] = -1
    chain.attach_lead(lead)
    chain.attach_lead(lead.reversed())
    system = chain.finalized()
    return np.array([kwant.smatrix(system, energy).transmission(1, 0) for energy in energies])


def test_eckart_barrier_is_a_saddle_near_its_top_where_it_is_long():
    height, reach = 0.3, 400.0
    omega = 2 * height**0.5 / reach
    energies = height + omega * np.linspace(-0.5, 0.5, 5)
    saddle = theory.saddle_point_transmission(
        energies, 0, omega_x=omega, omega_y=0.0, potential=height
    )
    barrier = theory.eckart_transmission(energies, height=height, reach=reach)
    np.testing.assert_allclose(barrier, saddle, atol=2e-3)


def test_eckart_barrier_of_no_reach_is_a_delta_function():
    # V0/cosh²(x/d) -> 2 V0 d δ(x), which transmits E/(E + V0² d²) for the mass 1/2.
    strength, energies = 0.7, np.array([0.05, 0.3, 2.0])
    thin = theory.eckart_transmission(energies, height=strength / 1e-4, reach=1e-4)
    np.testing.assert_allclose(thin, energies / (energies + strength**2), rtol=1e-3)


@pytest.mark.parametrize("number", [1, 2])
def test_wells_of_poeschl_and_teller_reflect_nothing(number):
    depth = -number * (number + 1) / 2.0**2
    assert theory.eckart_transmission(0.1, height=depth, reach=2.0) == pytest.approx(1)


def test_eckart_barrier_closes_at_its_foot_and_never_overflows():
    closed = theory.eckart_transmission([-1.0, 0.0, 1e-9], height=0.4, reach=9.0)
    np.testing.assert_allclose(closed, 0, atol=1e-9)
    assert theory.eckart_transmission(3.0, height=2.0, reach=1e4) == 1


def test_lattice_barrier_is_the_one_of_a_chain():
    height, reach = 0.4, 9.0
    omega = 2 * height**0.5 / reach
    energies = height + omega * np.linspace(-0.8, 0.8, 9)
    measured = chain_transmission(energies, height, reach)
    shape = {"height": height, "reach": reach}
    expected = theory.lattice_eckart_transmission(energies, **shape)
    np.testing.assert_allclose(measured, expected, atol=2e-4)
    # Without the lattice it is ten times worse.
    assert abs(measured - theory.eckart_transmission(energies, **shape)).max() > 1e-3


def test_lattice_moves_the_barrier_less_where_it_is_finer():
    def shift(scale):
        shape = {"height": 0.4 / scale**2, "reach": 9.0 * scale}
        energies = shape["height"] * np.linspace(0.7, 1.3, 20)
        plain, lattice = (
            formula(energies, **shape)
            for formula in (theory.eckart_transmission, theory.lattice_eckart_transmission)
        )
        return abs(lattice - plain).max()

    assert shift(2) == pytest.approx(shift(1) / 4, rel=0.02)


@pytest.mark.parametrize(("height", "reach"), [(-0.1, 3.0), (0.1, 0.0)])
def test_lattice_needs_a_barrier(height, reach):
    with pytest.raises(ValueError, match="positive height"):
        theory.lattice_eckart_transmission(0.1, height=height, reach=reach)


def test_levels_of_a_parabola_are_those_of_perturbation_theory():
    n = np.arange(4)

    def rest(omega):
        expected = omega * (n + 0.5) - omega**2 * (2 * n**2 + 2 * n + 1) / 64
        return theory.parabola_levels(4, omega) - expected

    # What is left is of the third order.
    np.testing.assert_allclose(rest(0.04), 8 * rest(0.02), rtol=0.1)


def test_levels_in_a_field_are_magnetoelectric():
    flux, omega = 1e-3, 0.01
    expected = np.hypot(omega, 4 * np.pi * flux) * (np.arange(3) + 0.5)
    np.testing.assert_allclose(theory.parabola_levels(3, omega, flux=flux), expected, rtol=3e-3)
    back = theory.parabola_levels(3, omega, flux=-flux)
    np.testing.assert_allclose(theory.parabola_levels(3, omega, flux=flux), back)


@pytest.mark.parametrize(("modes", "omega"), [(0, 0.1), (2, 0.0), (2, np.nan)])
def test_levels_need_a_parabola(modes, omega):
    with pytest.raises(ValueError, match="at least one mode"):
        theory.parabola_levels(modes, omega)


def test_saddle_keeps_its_frequencies_without_a_field():
    for x, y in [(0.1, 0.3), (0.3, 0.1), (0.2, 0.2)]:
        np.testing.assert_allclose(
            theory.saddle_point_frequencies(omega_x=x, omega_y=y, omega_c=0.0), (x, y)
        )


def test_strong_field_leaves_drifting_landau_levels():
    along, across = theory.saddle_point_frequencies(omega_x=0.1, omega_y=0.3, omega_c=[10.0, 20.0])
    np.testing.assert_allclose(along, 0.1 * 0.3 / np.array([10, 20]), rtol=2e-3)
    np.testing.assert_allclose(across, [10, 20], rtol=1e-3)


def test_classical_motion_at_the_saddle_has_its_frequencies():
    """x'' = ω_x² x + ω_c y', y'' = -ω_y² y - ω_c x' has the exponents ±ω_1 and ±iω_2."""
    x, y, c = 0.11, 0.27, 0.4
    motion = np.zeros((4, 4))
    motion[0, 2] = motion[1, 3] = 1
    motion[2] = [x**2, 0, 0, c]
    motion[3] = [0, -(y**2), -c, 0]
    exponents = np.linalg.eigvals(motion)
    along, across = theory.saddle_point_frequencies(omega_x=x, omega_y=y, omega_c=c)
    assert np.sort(exponents.real)[-1] == pytest.approx(along)
    assert np.sort(exponents.imag)[-1] == pytest.approx(across)


def test_barrier_in_no_field_is_the_exact_one_to_first_order():
    def rest(reach):
        height = 0.3
        omega = 2 * height**0.5 / reach
        above = omega * np.linspace(-0.4, 0.4, 9)
        shape = {"height": height, "reach": reach}
        in_field = theory.eckart_transmission_in_field(above, 1, **shape, omega_y=0.2, omega_c=0.0)
        return abs(in_field - theory.eckart_transmission(height + above, **shape)).max()

    # The first order is one over the reach, what is left is the second one.
    assert rest(20.0) < 0.005
    assert rest(20.0) / rest(40.0) > 3.5


def test_barrier_in_a_strong_field_is_seen_by_the_centre_of_the_orbit():
    """The potential averages over the orbit of radius squared R² = 4 (n + 1/2)/ω_c."""
    height, reach, omega_y, omega_c, mode = 0.4, 30.0, 0.1, 40.0, 1
    mean = 4 * (mode + 0.5) / omega_c
    along = 2 * height**0.5 / reach * omega_y / omega_c
    # <(X + ξ)⁴> = X⁴ + 6 X² <ξ²> + ..., so that the top is flatter by the second term.
    flatter = 1 - 4 * mean / 2 / reach**2
    above = along * np.array([-0.2, 0.2])
    shape = {"height": height, "reach": reach, "omega_y": omega_y, "omega_c": omega_c}
    odds = (lambda t: np.log(t / (1 - t)))(
        theory.eckart_transmission_in_field(above, mode, **shape)
    )
    # The slope is 2π over the frequency, which has the root of the curvature.
    assert np.diff(odds)[0] == pytest.approx(2 * np.pi * 0.4 / flatter**0.5, rel=2e-3)
