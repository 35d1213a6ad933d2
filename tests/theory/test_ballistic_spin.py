"""The Cooperon of spin 1: rotations on the way, what they leave of it, and magnetic impurities."""

import numpy as np
import pytest
from scipy.linalg import expm

from mesokwant import theory
from mesokwant.theory.ballistic_cooperon import loop_rise, over_parities, pairs_of, rise_of
from mesokwant.theory.ballistic_grid import Grid, matrices
from mesokwant.theory.ballistic_spin import ballistic_spin_magnetoconductance
from mesokwant.theory.spin_ways import way_rotations
from mesokwant.theory.strip_arrivals import Arrivals

NAMES = ("hop", "e", "a", "b")
SMALL = {"length": 10.0, "width": 6.0, "transport_path": 1.0}
FLUX = 0.05


def generator(x, y):
    """The rotation of a unit of length about the axis (x, y, 0)."""
    return np.array([[0, 0, y], [0, 0, -x], [-y, x, 0]])


def test_rotation_on_a_reflected_way_is_the_product_of_those_of_its_straight_parts():
    rows, angle = 4, 0.3
    step, start, end = 5.0, 1.5, 4 + 2.5  # The end, reflected at the wall at 4, lies at 1.5.
    found = way_rotations(
        np.array([step]), np.array([end]), np.array([start]), rows, angle=(angle, angle)
    )[0, 0, 0]
    share = (rows - start) / (end - start)
    first = np.array([step, end - start]) * share
    second = np.array([step * (1 - share), -(end - rows)])
    parts = [expm(angle * generator(y, -x)) for x, y in (first, second)]
    np.testing.assert_allclose(found, parts[1] @ parts[0], atol=1e-12)


def test_a_way_there_and_back_rotates_nothing():
    there = way_rotations(np.array([3.0]), np.array([2.5]), np.array([0.5]), 4, angle=(0.2, 0.3))
    back = way_rotations(np.array([-3.0]), np.array([0.5]), np.array([2.5]), 4, angle=(0.2, 0.3))
    np.testing.assert_allclose(back[0, 0, 0] @ there[0, 0, 0], np.eye(3), atol=1e-12)


def whole(shift=-0.5, *, rotation=0.8):
    """The kernels on the whole grid, where all angles at the saddle point have this shift."""
    grid = Grid(6.0, 3.0, 1.0, Arrivals(6.0, shift=shift), whole=True)
    return matrices(grid, FLUX, NAMES, rotation=rotation)


def test_rise_does_not_depend_on_a_common_rotation_of_the_leads():
    rises = [rise_of(kernels, kernels) for kernels in map(whole, (-0.5, -0.2, 0.7))]
    assert rises == pytest.approx([rises[0]] * 3, rel=1e-8)


def test_parities_add_up_to_the_whole():
    kernels = matrices(Grid(6.0, 3.0, 1.0), FLUX, NAMES, rotation=0.8)
    both = whole()
    assert over_parities(kernels, rise_of, spin=True) == pytest.approx(rise_of(both, both))


def test_real_matrices_have_the_eigenvalues_of_a_hermitian_kernel():
    values = np.linalg.eigvals(whole()["hop"])
    assert np.abs(values.imag).max() < 1e-9
    assert values.real.max() < 1


def test_no_rotation_leaves_three_cooperons():
    three = loop_rise(FLUX, 6.0, 3.0, 1.0, rotation=1e-9, cell=1.0)
    assert three == pytest.approx(3 * loop_rise(FLUX, 6.0, 3.0, 1.0, cell=1.0))
    spinless = theory.ballistic_magnetoconductance(FLUX, **SMALL)
    rise = ballistic_spin_magnetoconductance(FLUX, **SMALL, rotation=0.0)
    assert rise == pytest.approx(2 * spinless)


def test_strong_coupling_leaves_the_singlet():
    fluxes = np.array([0.01, 0.03])
    singlet = -theory.ballistic_magnetoconductance(fluxes, **SMALL)
    rise = ballistic_spin_magnetoconductance(fluxes, **SMALL, rotation=2.0)
    np.testing.assert_allclose(rise, singlet, rtol=0.02)
    assert np.array_equal(rise, ballistic_spin_magnetoconductance(-fluxes, **SMALL, rotation=-2.0))


def test_what_the_coupling_leaves_is_that_of_diffusion_for_short_paths():
    """At the same κ L, W/L and flux: what is beyond diffusion falls with l (0.022, 0.016)."""
    beyond = []
    for path in (1.0, 0.5):
        rises = [
            ballistic_spin_magnetoconductance(0.02, 10.0, 4.0, transport_path=path, rotation=angle)
            for angle in (0.3, 0.0)
        ]
        diffusive = [
            theory.rectangle_spin_magnetoconductance(0.02, 10.0, 4.0, rotation=angle)
            for angle in (0.3, 0.0)
        ]
        beyond.append(rises[0] / rises[1] - diffusive[0] / diffusive[1])
    assert abs(beyond[1]) < 0.8 * abs(beyond[0]) < 0.02


def test_triplet_has_converged_on_its_grid():
    for rotation in (0.3, 1.0, 2.0):
        spin = {"rotation": rotation}
        rises, spinless = (
            np.array(
                [
                    loop_rise(FLUX, 8.0, 5.0, 1.0, cell=cell, **options)
                    - loop_rise(0.0, 8.0, 5.0, 1.0, cell=cell, **options)
                    for cell in (0.6, 0.4)
                ]
            )
            for options in (spin, {})
        )
        assert np.ptp(rises / spinless) < 2e-3


def test_magnetic_impurities_end_the_singlet_as_dephasing_does():
    """The singlet decays at twice the magnetic rate: L_s² = l²/(2 * 2 p) for a small share p."""
    share = 0.01
    rate = share / (1 - share)
    strong = ballistic_spin_magnetoconductance(FLUX, **SMALL, rotation=2.0, magnetic_rate=rate)
    decay = 2 * share / (1 - 2 * share)
    singlet = theory.ballistic_magnetoconductance(
        FLUX, **SMALL, dephasing_length=1 / np.sqrt(2 * decay)
    )
    assert strong == pytest.approx(-singlet, rel=0.02)
    assert abs(singlet) < 0.9 * theory.ballistic_magnetoconductance(FLUX, **SMALL)


def test_magnetic_impurities_spare_two_thirds_of_the_rate_of_a_triplet():
    rate = 0.2 / 0.8
    rise = ballistic_spin_magnetoconductance(FLUX, **SMALL, rotation=0.0, magnetic_rate=rate)

    def cooperon(kept):
        return theory.ballistic_magnetoconductance(
            FLUX, **SMALL, dephasing_length=1 / np.sqrt(2 * (1 / kept - 1))
        )

    assert rise == pytest.approx(3 * cooperon(1 - 2 / 3 * 0.2) - cooperon(1 - 2 * 0.2))


def test_lengths_and_rates_that_are_none_are_refused():
    with pytest.raises(ValueError, match="must be positive"):
        ballistic_spin_magnetoconductance(FLUX, 10.0, 0.0, transport_path=1.0, rotation=0.1)
    with pytest.raises(ValueError, match="must not be negative"):
        ballistic_spin_magnetoconductance(FLUX, **SMALL, rotation=0.1, magnetic_rate=-0.1)


def test_loops_of_two_scatterings_enclose_no_flux_and_rotate_no_spin():
    grid = Grid(6.0, 3.0, 1.0)
    one = over_parities(matrices(grid, 0.0, NAMES), pairs_of)
    in_field = over_parities(matrices(grid, 2 * FLUX, NAMES), pairs_of)
    spin = over_parities(matrices(grid, 2 * FLUX, NAMES, rotation=0.7), pairs_of, spin=True)
    assert one < 0
    assert (in_field, spin) == pytest.approx((one, 3 * one), rel=2e-3)


def test_loops_that_almost_retrace_their_way_outlast_any_coupling():
    """What is left of the triplet no field acts on; it is wrong by up to its bound."""
    flux = np.array([0.0, 0.02])
    sizes = {"length": 6.0, "width": 3.0, "transport_path": 1.0}
    for angle in (2.9, 5.6):
        found = theory.ballistic_spin_correction(flux, **sizes, rotation=angle)
        singlet = [loop_rise(f, 6.0, 3.0, 1.0) for f in flux]
        pairs = theory.ballistic_spin_correction(0.0, **sizes, rotation=0.0).value - 2 * singlet[0]
        fine = loop_rise(0.0, 6.0, 3.0, 1.0, rotation=angle, cell=0.25)
        triplet = found.value - pairs + singlet
        assert triplet == pytest.approx(fine, rel=0.03 if angle < 3 else 0.25)
        assert np.ptp(triplet) < 0.02 * abs(fine)
    assert abs(triplet[0] - fine) < found.bound[0]
