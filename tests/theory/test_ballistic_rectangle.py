"""The Cooperon of isotropic scatterers has the limits of diffusion, of the bulk and of symmetry."""

import numpy as np
import pytest
from scipy.special import eval_genlaguerre, eval_laguerre

from mesokwant import theory
from mesokwant.theory.ballistic_cooperon import (
    loop_rise,
    loop_variance,
    over_parities,
    rise_of,
    variance_of,
)
from mesokwant.theory.ballistic_grid import Grid, _kernel, matrices
from mesokwant.theory.cooperon import remaining_variance
from mesokwant.theory.strip_arrivals import Arrivals


@pytest.mark.parametrize("s", [2.0, 10.0, 40.0])
def test_transmission_is_that_of_an_isotropic_slab(s):
    # 1 + L/l with l = π/2 and both ends a little longer.
    assert Arrivals(s).transmission == pytest.approx(1 / (1 + 2 * s / np.pi), rel=0.02)


def test_a_current_of_arrivals_is_conserved():
    flow = Arrivals(6.0)
    current = (flow.weights * flow.cosines) @ (flow.p[1] - flow.p[0])
    assert current == pytest.approx(np.full_like(current, current.mean()), rel=2e-3)


def test_particles_are_scattered_again_or_leave_through_the_leads():
    grid = Grid(6.0, 3.0, 0.5, whole=True)
    again = matrices(grid, 0.0)["hop"].sum(axis=1).reshape(grid.columns, grid.rows)
    x = (np.arange(grid.columns) + 0.5) * grid.dx
    cosines, weights = grid.flow.cosines, grid.flow.weights
    escape = np.exp(-x[:, None] / cosines) @ weights / 2
    escape += escape[::-1]
    assert again == pytest.approx(np.tile(1 - escape[:, None], grid.rows), abs=0.02)
    assert again[grid.columns // 2] == pytest.approx(1 - escape[grid.columns // 2], abs=1e-3)


def test_kernel_has_the_second_moment_of_its_steps():
    kernel = _kernel(60, 60, 0.4, 0.4)
    x = np.arange(-59, 60)
    full = kernel[abs(x)][:, abs(x)]
    assert full.sum() == pytest.approx(1.0, abs=1e-6)
    assert np.sum(full * (0.4 * x) ** 2) == pytest.approx(1.0, abs=0.005)


def shifted(cell, shift, flux):
    """Both sums on the whole grid, where all angles at the saddle point are turned by a shift."""
    kernels = matrices(Grid(6.0, 3.0, cell, Arrivals(6.0, shift=shift), whole=True), flux)
    return rise_of(kernels, kernels), variance_of(kernels, kernels)


def test_rise_does_not_depend_on_a_common_rotation():
    values = [shifted(1.0, shift, 0.05)[0] for shift in (-0.5, -0.2, 0.7)]
    assert values == pytest.approx([values[0]] * 3, rel=1e-10)


def test_variance_does_not_depend_on_a_common_rotation_on_fine_grids():
    changes = [
        shifted(cell, 0.0, 0.05)[1] / shifted(cell, -0.5, 0.05)[1] - 1 for cell in (1.0, 0.6)
    ]
    assert 0 < changes[1] < 0.8 * changes[0] < 0.03


def test_parities_add_up_to_the_whole():
    kernels = matrices(Grid(6.0, 3.0, 1.0), 0.05)
    halves = [over_parities(kernels, loops) for loops in (rise_of, variance_of)]
    assert halves == pytest.approx(shifted(1.0, -0.5, 0.05), rel=1e-4)


def test_matrices_are_those_of_complex_kernels():
    # The eigenvalues of the Hermitian kernel are those of the real matrix.
    grid = Grid(4.0, 3.0, 0.5, whole=True)
    real = np.linalg.eigvals(matrices(grid, 0.1)["hop"])
    assert np.abs(real.imag).max() < 1e-9
    free = np.linalg.eigvals(matrices(grid, 0.0)["hop"]).real
    assert 0 < real.real.max() < free.max() < 1


@pytest.mark.parametrize("length, width, error", [(40.0, 4.0, 0.03), (12.0, 12.0, 0.03)])
def test_variance_without_field_is_that_of_diffusion(length, width, error):
    exact = theory.rectangle_variance(length, width, beta=2)
    found = theory.ballistic_cooperon_variance(0.0, length, width, transport_path=1.0)
    assert found == pytest.approx(exact, rel=error)


def test_weak_fields_and_long_wires_are_those_of_diffusion():
    length, width = 40.0, 4.0
    flux = 1.0 / (length * width)
    ratios = theory.ballistic_magnetoconductance(
        flux, length, width, transport_path=1.0
    ) / theory.rectangle_magnetoconductance(flux, length, width)
    assert ratios == pytest.approx(1.0, abs=0.05)
    # What diffusion says is approached with the paths, at the same number of flux quanta.
    beyond = []
    for path in (1.0, 0.5):
        kept = [loop_variance(f, length / 2, width / 2, path) for f in (4 * flux, 0.0)]
        beyond.append(kept[0] / kept[1] / remaining_variance(4 * flux, 20.0, 2.0) - 1)
    assert 0 < beyond[1] < 0.65 * beyond[0] < 0.2


def test_strong_fields_keep_more_than_diffusion_says():
    flux = np.array([2.0, 5.0, 10.0]) / 100
    kept = theory.ballistic_cooperon_variance(flux, 10.0, 10.0, transport_path=1.0)
    diffusive = [remaining_variance(f, 10.0, 10.0) for f in flux]
    ratio = kept / theory.rectangle_variance(10, 10, beta=2) / diffusive
    assert np.all(np.diff(ratio) > 0)
    assert ratio[-1] > 1.5


def test_dephasing_lowers_both_sums_and_takes_all_in_the_end():
    for loops in (loop_rise, loop_variance):
        values = np.abs([loops(0.0, 10.0, 5.0, 1.0, decay) for decay in (0.0, 0.05, 0.5, 5.0)])
        assert np.all(np.diff(values) < 0)
        assert values[-1] < 2e-3 * values[0]


class BulkFlow(Arrivals):
    """A gradient of one per mean free path, as far from all leads."""

    def __init__(self, s):
        super().__init__(s)
        self.u = self.x - s / 2
        self.p = np.stack([self.u - self.cosines[:, None], self.u + self.cosines[:, None]])
        self.product = self.u**2 - 0.5
        self._sum = np.zeros_like(self.p)  # It enters the variance alone.


def bulk_conductivity(b):
    """δσ by Landau levels: backscattering, and the scattering that is lost to it."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    x, weights = 20 * (nodes + 1), 20 * weights
    level, z = np.arange(int(60 / b))[:, None], b * x**2 / 2
    measure = weights * np.exp(-x - z / 2)
    p = (measure * eval_laguerre(level, z)).sum(axis=1)
    step = (measure * np.sqrt(z / (level + 1)) * eval_genlaguerre(level, 1, z)).sum(axis=1)
    below = np.append(0.0, step[:-1])
    back = -np.sum(p**3 / (1 - p))
    return b / (2 * np.pi) * (back + np.sum(p / (1 - p) * (step**2 + below**2)) / 2)


def test_bulk_is_that_of_landau_levels():
    # Edges and corners cancel between rectangles of four sizes.
    def per_square(b):
        total = 0.0
        for length, width, sign in ((9, 7, 1), (6, 7, -1), (9, 4, -1), (6, 4, 1)):
            grid = Grid(float(length), float(width), 0.6, BulkFlow(float(length)))
            total += sign * over_parities(matrices(grid, b / (4 * np.pi)), rise_of)
        return total / 9

    rise = per_square(4.0) - per_square(1.5)
    assert rise == pytest.approx(bulk_conductivity(4.0) - bulk_conductivity(1.5), rel=0.03)


def test_grid_in_use_has_converged():
    for flux in (0.0, 0.04):
        coarse, fine = (loop_variance(flux, 12.0, 12.0, 1.0, cell=cell) for cell in (0.6, 0.45))
        assert coarse == pytest.approx(fine, rel=0.02)


def test_too_many_mean_free_paths_and_bad_lengths_are_refused():
    with pytest.raises(ValueError, match="use rectangle_magnetoconductance"):
        theory.ballistic_magnetoconductance(1e-3, 500.0, 500.0, transport_path=1.0)
    with pytest.raises(ValueError, match="positive"):
        theory.ballistic_cooperon_variance(1e-3, 20.0, 20.0, transport_path=0.0)
