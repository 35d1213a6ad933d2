"""The DMPK equation by Monte Carlo: its exact limits, from a thin slab to a deep insulator."""

import numpy as np
import pytest
from scipy.stats import kstest

from mesokwant import theory
from mesokwant.theory.dmpk import _drawn, _joined, _thin_slabs
from mesokwant.theory.dmpk_table import PROBABILITIES, tabulated

CLASSES = [1, 2, 4]


def scattering(slabs):
    return np.block([[slabs.r, slabs.back], [slabs.t, slabs.right]])


@pytest.mark.parametrize("beta", CLASSES)
def test_composed_slabs_are_unitary_and_keep_the_symmetry(beta):
    rng = np.random.default_rng(0)
    slabs = _thin_slabs(rng, 50, 4, 0.5, beta)
    wires = _joined(_drawn(rng, slabs, 50, beta), _drawn(rng, slabs, 50, beta), whole=True)
    for one in (slabs, wires):
        s = scattering(one)
        np.testing.assert_allclose(s @ s.conj().swapaxes(1, 2), np.eye(8)[None] + 0 * s, atol=1e-12)
        if beta != 2:
            # In the basis of time-reversed waves r is symmetric, or antisymmetric with spin.
            sign = 1 if beta == 1 else -1
            np.testing.assert_allclose(one.r, sign * one.r.swapaxes(1, 2), atol=1e-12)
            np.testing.assert_allclose(one.t, one.back.swapaxes(1, 2), atol=1e-12)


@pytest.mark.parametrize("beta", CLASSES)
def test_thin_slabs_reflect_all_modes_equally(beta):
    slabs = _thin_slabs(np.random.default_rng(1), 20000, 4, 0.01, beta)
    reflected = (abs(slabs.r) ** 2).sum(axis=-1).mean(axis=0)
    # Each is the mean of 20000 values that scatter by less than 100 %: 0.7 %, allowed at 5 sigma.
    np.testing.assert_allclose(reflected, 0.01, rtol=0.035)


@pytest.mark.parametrize("beta", CLASSES)
def test_metal_is_that_of_the_expansion_in_the_number_of_modes(beta):
    samples = 800 if beta == 4 else 3000
    wires = theory.dmpk_wires(8, 0.25, beta=beta, samples=samples, seed=2)
    g = np.exp(wires.log_g)
    chosen = wires.x < 0.1
    expected = theory.wire_moments(wires.s, 8, beta=beta)
    for values, theirs in zip((g, wires.noise), expected, strict=True):
        error = values.std(axis=1) / samples**0.5
        # Three orders of 1/N leave less than 0.1 % at x < 0.1.
        assert np.all((abs(values.mean(axis=1) - theirs) < 4 * error + 1e-3 * theirs)[chosen])


@pytest.mark.parametrize("beta", CLASSES)
def test_single_mode_is_a_chain_at_every_length(beta):
    wires = theory.dmpk_wires(1, 3.0, beta=beta, samples=4000, seed=3)
    for s, log_g in zip(wires.s[::4], wires.log_g[::4], strict=True):
        error = (2 * s / 4000) ** 0.5
        assert abs(log_g.mean() + s) < 4 * error
        grid = np.linspace(-s - 12 * s**0.5, -1e-6, 1500)
        density = theory.chain_log_conductance_density(grid, s)
        share = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(grid))])
        if s > 0.5:  # The density of a short chain is singular at g = 1, against this grid.
            assert kstest(log_g, lambda x, g=grid, f=share: np.interp(x, g, f)).pvalue > 1e-3


@pytest.mark.parametrize("beta", CLASSES)
def test_insulator_decays_with_the_localization_length_of_its_class(beta):
    wires = theory.dmpk_wires(3, 7.0, beta=beta, samples=1500, seed=4)
    deep = wires.x > 4
    x, logs = wires.x[deep], wires.log_g[deep]
    decay = np.polyfit(x, logs, 1)[0]
    assert abs(decay.mean() + 2) < 4 * decay.std() / 1500**0.5
    growth = np.polyfit(x, logs.var(axis=1), 1)[0]
    # The error of a difference of variances near 28 and 16 of 1500 wires is 0.4 per ξ.
    assert abs(growth - 4) < 1.6


def test_seed_decides_the_wires():
    one, same, other = (
        theory.dmpk_wires(2, 0.5, beta=1, samples=20, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.log_g, same.log_g)
    assert not np.allclose(one.log_g, other.log_g)


@pytest.mark.parametrize("wrong", [{"beta": 3}, {"samples": 1}, {"channels": 0}])
def test_wrong_classes_and_numbers_are_refused(wrong):
    options = {"channels": 2, "longest": 1.0, "beta": 1, "samples": 10} | wrong
    with pytest.raises(ValueError, match="beta"):
        theory.dmpk_wires(options.pop("channels"), options.pop("longest"), **options)


# -- the table -----------------------------------------------------------------------------


@pytest.mark.parametrize("beta", CLASSES)
def test_table_agrees_with_new_wires(beta):
    law, wires = theory.dmpk_law(3, beta=beta), theory.dmpk_wires(3, 2, beta=beta, samples=3000)
    fresh = tabulated(wires, 3)
    for column, method in enumerate(
        (law.mean, law.variance, law.log_mean, law.log_variance, law.noise)
    ):
        expected = method(wires.s)
        error = np.hypot(fresh["errors"][1:, column], expected.error)
        distance = abs(fresh["moments"][1:, column] - expected.value)
        assert np.all(distance < 4.5 * error + 2e-3 * abs(expected.value))
    for i in (5, -1):
        share = law.log_distribution(np.sort(wires.log_g[i]), wires.s[i])
        assert kstest(share, "uniform").pvalue > 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("beta", CLASSES)
def test_table_agrees_with_many_new_wires(beta):
    law, wires = theory.dmpk_law(10, beta=beta), theory.dmpk_wires(10, 8, beta=beta, samples=8000)
    fresh = tabulated(wires, 10)
    for column, method in ((2, law.log_mean), (3, law.log_variance)):
        expected = method(wires.s)
        error = np.hypot(fresh["errors"][1:, column], expected.error)
        assert np.all(abs(fresh["moments"][1:, column] - expected.value) < 4 * error)


@pytest.mark.parametrize("beta", CLASSES)
def test_fluctuations_of_many_modes_are_universal(beta):
    law = theory.dmpk_law(30, beta=beta)
    s = np.array([3.0, 4.0])
    expected = theory.conductance_variance(s, beta=beta)
    expected += theory.conductance_variance_correction(s / law.localization_length, beta=beta)
    measured = law.variance(s)
    # The order beyond the correction is about 2 % at a fifth of ξ.
    assert np.all(abs(measured.value - expected) < 3 * measured.error + 0.02 * expected)


@pytest.mark.parametrize("beta", CLASSES)
@pytest.mark.parametrize("channels", [15, 20, 30])
def test_table_decays_with_the_localization_length_of_its_class(beta, channels):
    law = theory.dmpk_law(channels, beta=beta)
    x = np.array([5.0, 6.0, 7.0])
    means, variances = (m(x * law.localization_length) for m in (law.log_mean, law.log_variance))
    # Both become linear; 4.5σ of 8000 wires, of which those of one length share slabs with others.
    assert abs(np.polyfit(x, means.value, 1)[0] + 2) < 4.5 * float(means.error[-1])
    assert abs(np.polyfit(x, variances.value, 1)[0] - 4) < 4.5 * float(variances.error[-1])


@pytest.mark.parametrize("beta", CLASSES)
def test_noise_of_a_long_metallic_wire_is_a_third(beta):
    law = theory.dmpk_law(20, beta=beta)
    s = 3.0
    expected = theory.wire_moments(s, 20, beta=beta)
    assert law.noise(s).value / law.mean(s).value == pytest.approx(
        expected[1] / expected[0], rel=0.01
    )
    insulator = law.noise(law.longest).value / law.mean(law.longest).value
    assert 0.4 < insulator < 1.0


def test_distribution_has_the_quantiles_of_the_table_and_ends_at_0_and_1():
    law = theory.dmpk_law(5, beta=2)
    for s in (0.7, 5.0, 40.0):
        quantiles = law.log_quantiles(s)
        assert np.all(np.diff(quantiles) > 0)
        np.testing.assert_allclose(law.log_distribution(quantiles, s), PROBABILITIES, atol=1e-12)
        np.testing.assert_allclose(law.log_distribution([-1e3, 1e3], s), [0, 1], atol=1e-6)


def test_table_begins_at_a_perfect_wire():
    law = theory.dmpk_law(5, beta=1)
    assert law.mean(0.0).value == 5
    assert law.log_variance(0.0).value == pytest.approx(0)


def test_what_the_table_does_not_have_is_refused():
    law = theory.dmpk_law(5, beta=1)
    with pytest.raises(ValueError, match="dmpk_wires"):
        law.mean(1.01 * law.longest)
    with pytest.raises(ValueError, match="dmpk_wires"):
        theory.dmpk_law(13, beta=1)
