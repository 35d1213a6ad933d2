"""Finite-size scaling of synthetic data whose critical point and exponents are known."""

import numpy as np
import pytest
import scipy.stats
import xarray as xr

from mesokwant import statistics
from mesokwant.statistics.scaling_law import ScalingLaw

from .assertions import pulls

DISORDER = np.linspace(15.0, 18.0, 6)
SIZES = (4, 6, 9, 14)
W_C, NU = 16.5, 1.57


def log_conductance(size, *, correction=0.0, y=-2.0, nu=NU):
    """A quantity with one parameter w L^(1/ν) and a correction that decays with the size."""
    scaled = (DISORDER - W_C) * size ** (1 / nu)
    return -1 - 0.1 * scaled + 0.003 * scaled**2 + correction * size**y


def measured(rng, samples, *, noise=0.1, common=0.3, sizes=SIZES, law=log_conductance, **exact):
    """Samples whose fluctuations are mostly the same at all disorders of a size."""
    return {
        size: law(size, **exact)[:, None]
        + noise * rng.normal(size=(DISORDER.size, samples))
        + common * rng.normal(size=samples)
        for size in sizes
    }


ALLOWED_SIGMA = 3.5


def assert_found(fit, **exact):
    for name, value in exact.items():
        assert abs(pulls(getattr(fit, name), value)) < ALLOWED_SIGMA, name


def test_law_without_corrections_is_found():
    data = measured(np.random.default_rng(0), 500)
    fit = statistics.finite_size_scaling(DISORDER, data, order=2, resamples=100)
    assert_found(fit, critical_point=W_C, nu=NU, critical_value=-1)
    assert fit.nu.error < 0.1 and fit.nu.n == 2000
    assert (fit.data_count, fit.parameter_count, fit.dof) == (24, 5, 19)
    assert fit.p_value > 1e-3 and fit.y is None and fit.failed == fit.bounded == 0


def test_irrelevant_field_is_found_and_its_neglect_is_noticed():
    data = measured(np.random.default_rng(1), 2000, correction=3.0, sizes=(4, 5, 7, 10, 14))
    fit = statistics.finite_size_scaling(
        DISORDER, data, order=2, irrelevant_order=1, correction_order=0, resamples=60
    )
    assert_found(fit, critical_point=W_C, nu=NU, critical_value=-1, y=-2)
    assert fit.p_value > 1e-3 and 0 < fit.y.error < 0.6
    assert "y" in fit.resampled.parameter and fit.parameter_count == 7
    without = statistics.finite_size_scaling(DISORDER, data, order=2, resamples=10)
    assert without.p_value < 1e-6


def test_fixed_irrelevant_exponent_sharpens_the_rest():
    data = measured(np.random.default_rng(2), 1000, correction=3.0)
    kinds = {"order": 2, "irrelevant_order": 1, "correction_order": 0, "resamples": 60}
    fixed = statistics.finite_size_scaling(DISORDER, data, y=-2.0, **kinds)
    assert_found(fixed, critical_point=W_C, nu=NU, critical_value=-1)
    assert fixed.y is None
    assert fixed.nu.error < statistics.finite_size_scaling(DISORDER, data, **kinds).nu.error


def test_errors_are_the_scatter_of_repeated_experiments():
    """100 experiments: their scatter is known to 7 per cent, and 4 sigma are allowed."""
    rng = np.random.default_rng(3)
    found, chi2 = [], []
    for _ in range(100):
        data = measured(rng, 60, sizes=(4, 8, 14))
        fit = statistics.finite_size_scaling(DISORDER, data, order=2, resamples=8)
        values = (fit.critical_point, fit.nu, fit.critical_value)
        found.append([(estimate.value, estimate.error) for estimate in values])
        chi2.append((fit.chi2, fit.p_value))
    value, error = np.moveaxis(found, -1, 0)
    exact = np.array([W_C, NU, -1])
    scatter = value.std(axis=0)
    assert np.all(np.abs(value.mean(axis=0) - exact) < 4 * scatter / np.sqrt(100))
    typical = np.sqrt(np.mean(error**2, axis=0))
    np.testing.assert_allclose(typical / scatter, 1, atol=4 / np.sqrt(2 * 100))
    for width, share in [(1, 0.683), (2, 0.954)]:
        covered = np.mean(np.abs(value - exact) < width * typical, axis=0)
        np.testing.assert_allclose(covered, share, atol=4 * np.sqrt(share * (1 - share) / 100))
    chi2, p_values = np.transpose(chi2)
    assert abs(chi2.mean() - fit.dof) < 4 * chi2.std() / np.sqrt(100)
    assert scipy.stats.kstest(p_values, "uniform").pvalue > 1e-3


def test_samples_shared_by_disorders_and_own_samples_have_their_own_errors():
    """Common fluctuations of a size move its whole curve, and hardly its slope."""
    rng = np.random.default_rng(4)
    shared = measured(rng, 500)
    own = measured(rng, 500, noise=np.hypot(0.1, 0.3), common=0.0)
    errors = [
        statistics.finite_size_scaling(DISORDER, data, order=2, resamples=100)
        for data in (shared, own)
    ]
    assert errors[0].nu.error < 0.6 * errors[1].nu.error
    assert errors[0].critical_point.error > 1.2 * errors[1].critical_point.error


def test_median_of_heavy_tails_scales():
    rng = np.random.default_rng(5)
    data = {
        size: log_conductance(size)[:, None] + 0.1 * rng.standard_cauchy(size=(6, 400))
        for size in SIZES
    }
    fit = statistics.finite_size_scaling(
        DISORDER, data, order=2, resamples=100, statistic=lambda values: np.median(values, axis=-1)
    )
    assert_found(fit, critical_point=W_C, nu=NU, critical_value=-1)
    assert 0 < fit.nu.error < 0.15 and fit.p_value > 1e-3


def test_data_fall_on_the_common_curve():
    data = measured(np.random.default_rng(6), 2000, correction=3.0)
    fit = statistics.finite_size_scaling(
        DISORDER, data, order=2, irrelevant_order=1, correction_order=0, y=-2.0, resamples=20
    )
    for size, values in data.items():
        means = statistics.mean(values)
        scaled, corrected = fit.collapse(DISORDER, size, means)
        assert np.all(np.diff(scaled) > 0) and np.all(corrected.error == means.error)
        assert np.all(np.abs(pulls(corrected, fit.scaling_function(scaled))) < 5)
        np.testing.assert_allclose(
            corrected.value - fit.scaling_function(scaled), means.value - fit.curve(DISORDER, size)
        )
        np.testing.assert_allclose(means.value - corrected.value, 3.0 * size**-2.0, rtol=0.25)
    assert fit.scaling_function(0.0) == pytest.approx(fit.critical_value.value)


@pytest.mark.parametrize("orders", [(3, 1, 3, 2, 1), (2, 2, 1, 1, 0), (1, 0, 1, 3, 0)])
@pytest.mark.parametrize("y", [None, -1.5])
def test_derivatives_are_those_of_the_law(orders, y):
    rng = np.random.default_rng(7)
    law = ScalingLaw(*orders, y=y, reference_size=7.0)
    parameters, control = rng.uniform(0.3, 1, size=len(law.names)), rng.normal(size=9)
    size, step = rng.uniform(4, 12, size=9), 1e-6
    numeric = [
        (
            law(parameters + step * unit, control, size)
            - law(parameters - step * unit, control, size)
        )
        / (2 * step)
        for unit in np.eye(parameters.size)
    ]
    np.testing.assert_allclose(
        law.jacobian(parameters, control, size), np.transpose(numeric), rtol=1e-6, atol=1e-7
    )


def test_number_of_parameters_is_that_of_slevin_and_ohtsuki():
    """(n1 + 1)(n2 + 1) + m1 + m2 + 2, with irrelevant orders n2 > 0 and m2."""
    for n1, n2, m1, m2 in [(3, 1, 2, 0), (2, 2, 3, 1), (1, 1, 1, 1)]:
        law = ScalingLaw(n1, n2, n1, m1, m2, y=None, reference_size=1.0)
        assert len(law.names) == (n1 + 1) * (n2 + 1) + m1 + m2 + 2


def test_unit_of_the_size_and_order_of_the_sizes_change_no_exponent():
    data = measured(np.random.default_rng(8), 200)
    fit = statistics.finite_size_scaling(DISORDER, data, order=2, resamples=5)
    moved = {10 * size: data[size] for size in reversed(SIZES)}
    other = statistics.finite_size_scaling(DISORDER, moved, order=2, resamples=5)
    for name in ("critical_point", "nu", "critical_value"):
        assert getattr(other, name).value == pytest.approx(getattr(fit, name).value, rel=1e-4)
    assert other.chi2 == pytest.approx(fit.chi2)


def test_each_size_may_have_controls_labels_and_missing_samples():
    data = measured(np.random.default_rng(9), 200)
    plain = statistics.finite_size_scaling(DISORDER, data, order=2, resamples=5)
    padded = {L: np.pad(v, ((0, 0), (0, 9)), constant_values=np.nan) for L, v in data.items()}
    labelled = {L: xr.DataArray(v.T, dims=("sample", "disorder")) for L, v in padded.items()}
    fit = statistics.finite_size_scaling(
        dict.fromkeys(SIZES, DISORDER), labelled, order=2, resamples=5
    )
    np.testing.assert_allclose(fit.parameters.value, plain.parameters.value, rtol=1e-6)
    assert fit.nu.n == 800
    fewer = {**labelled, 14: labelled[14][:, 1:]}
    controls = {**dict.fromkeys(SIZES, DISORDER), 14: DISORDER[1:]}
    assert statistics.finite_size_scaling(controls, fewer, order=2, resamples=5).data_count == 23


def test_resampling_seed_decides_the_errors():
    data = measured(np.random.default_rng(10), 100)
    first, same, other = (
        statistics.finite_size_scaling(DISORDER, data, order=1, resamples=5, resampling_seed=seed)
        for seed in (0, 0, 1)
    )
    assert first.nu.error == same.nu.error != other.nu.error


def test_what_is_no_transition_is_refused():
    rng = np.random.default_rng(11)
    outside = measured(rng, 500, law=lambda size: -1 - 0.1 * (DISORDER - 14) * size ** (1 / NU))
    shrinking = measured(rng, 500, law=lambda size: -1 - (DISORDER - W_C) / size)
    for data, message in [(outside, "outside of the controls"), (shrinking, "is not positive")]:
        with pytest.raises(ValueError, match=message):
            statistics.finite_size_scaling(DISORDER, data, order=1, resamples=5)
    at_one_size = measured(rng, 500, law=lambda size: log_conductance(size) + (size == 4))
    with pytest.raises(ValueError, match="do not determine y, which reached the end -10"):
        statistics.finite_size_scaling(
            DISORDER, at_one_size, order=2, irrelevant_order=1, correction_order=0, resamples=5
        )


def test_resamples_that_do_not_determine_y_are_counted():
    """A correction of few standard errors: y is found, and is lost in many resamples."""
    data = measured(np.random.default_rng(17), 2000, correction=0.8)
    fit = statistics.finite_size_scaling(
        DISORDER, data, order=2, irrelevant_order=1, correction_order=0, resamples=20
    )
    assert 0 < fit.bounded < 20 and f"{fit.bounded} do not determine y" in str(fit)
    assert_found(fit, critical_point=W_C, nu=NU)


@pytest.mark.parametrize(
    "message, options",
    [
        ("at least 3 positive sizes", {"sizes": (4, 6)}),
        ("at least 4 positive sizes", {"sizes": (4, 6, 9), "irrelevant_order": 1}),
        ("18 data cannot test a scaling law of 18", {"sizes": (4, 6, 9), "order": 15}),
        ("at least 12 samples, not 11", {"samples": 11}),
        ("at least 1", {"order": 0}),
        ("at least 1", {"field_order": 0}),
        ("at least 0", {"irrelevant_order": -1}),
        ("exceed the `order`", {"irrelevant_order": 1, "correction_order": 4}),
        ("need an `irrelevant_order`", {"y": -1.0}),
        ("y < 0, not 1", {"irrelevant_order": 1, "y": 1.0}),
        ("no control for size 14", {"control": dict.fromkeys(SIZES[:-1], DISORDER)}),
        ("at least 2 resamples", {"resamples": 1}),
        ("one number for every point", {"statistic": np.mean}),
        ("shape \\(5,\\) and values of shape \\(6, 50\\)", {"control": DISORDER[1:]}),
    ],
)
def test_wrong_input_is_refused(message, options):
    options = {"sizes": SIZES, "samples": 50, "control": DISORDER, "resamples": 20, **options}
    data = measured(np.random.default_rng(12), options.pop("samples"), sizes=options.pop("sizes"))
    with pytest.raises(ValueError, match=message):
        statistics.finite_size_scaling(options.pop("control"), data, **options)


def test_complex_values_are_refused():
    data = {L: v + 0j for L, v in measured(np.random.default_rng(13), 20).items()}
    with pytest.raises(TypeError, match="needs real values"):
        statistics.finite_size_scaling(DISORDER, data)
