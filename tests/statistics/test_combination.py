"""Products, weighted means and stacks of independent estimates, against synthetic data."""

import math

import numpy as np
import pytest
import xarray as xr

from mesokwant import statistics
from mesokwant.statistics import Estimate

from .assertions import assert_honest, pulls


def measured(rng, value, error, repetitions=2000):
    """Repeated independent measurements of one value: estimates that scatter by their error."""
    return [Estimate(x, error, 100) for x in rng.normal(value, error, size=repetitions)]


def test_error_of_a_product_is_that_of_monte_carlo():
    """The scatter of products of Gaussian numbers, at relative errors of a few per cent."""
    factors = [Estimate(2.0, 0.05, 400), Estimate(-5.0, 0.1, 300), Estimate(0.3, 0.01, 500)]
    drawn = np.prod(
        [np.random.default_rng(i).normal(f.value, f.error, 10**5) for i, f in enumerate(factors)],
        axis=0,
    )
    product = statistics.product(*factors)
    assert product.value == pytest.approx(-3.0) and product.n == 300
    assert product.error == pytest.approx(drawn.std(), rel=0.02)


def test_pulls_of_products_and_ratios_have_unit_width():
    rng = np.random.default_rng(30)
    first, second = measured(rng, 2.0, 0.04), measured(rng, 5.0, 0.1)
    products = [statistics.product(a, b) for a, b in zip(first, second, strict=True)]
    ratios = [statistics.product(a, 1 / b) for a, b in zip(first, second, strict=True)]
    for estimates, exact in [(products, 10.0), (ratios, 0.4)]:
        pull = pulls(statistics.stack(estimates), exact)
        assert pull.std() == pytest.approx(1, abs=0.06) and abs(pull.mean()) < 0.1


def test_product_with_a_factor_of_zero_has_an_error():
    product = statistics.product(Estimate(0.0, 0.1, 10), Estimate(3.0, 0.2, 20))
    assert product.value == 0 and product.error == pytest.approx(0.3)


def test_product_of_one_factor_is_that_factor():
    product = statistics.product(Estimate(2.0, 0.1, 10))
    assert (product.value, product.error, product.n) == (2.0, 0.1, 10)


def test_weighted_mean_has_pulls_of_unit_width_and_the_smallest_error():
    rng = np.random.default_rng(31)
    errors = [0.1, 0.2, 0.5]
    columns = [measured(rng, 3.0, error) for error in errors]
    means = [statistics.weighted_mean(row) for row in zip(*columns, strict=True)]
    found = statistics.stack(means)
    assert_honest(found, 3.0)
    assert pulls(found, 3.0).std() == pytest.approx(1, abs=0.06)
    assert np.allclose(found.error, 1 / math.sqrt(sum(1 / e**2 for e in errors)))
    assert np.all(found.n == 300)
    plain = np.mean([statistics.stack(column).value for column in columns], axis=0)
    assert found.value.std() < 0.6 * plain.std()


def test_weighted_mean_of_parts_is_the_mean_of_the_whole():
    """Parts of unequal size of one data set, with errors known from the distribution."""
    x = np.random.default_rng(32).normal(size=1000)
    parts = [x[:100], x[100:400], x[400:]]
    estimates = [Estimate(part.mean(), 1 / math.sqrt(part.size), part.size) for part in parts]
    found = statistics.weighted_mean(estimates)
    assert found.value == pytest.approx(x.mean())
    assert found.error == pytest.approx(1 / math.sqrt(1000)) and found.n == 1000


@pytest.mark.parametrize("error", [0.0, math.nan])
def test_weighted_mean_refuses_estimates_without_an_error(error):
    with pytest.raises(ValueError, match="needs a positive error"):
        statistics.weighted_mean([Estimate(1.0, 0.1, 10), Estimate(1.0, error, 10)])


def test_stack_keeps_every_estimate():
    estimates = [Estimate(1.0, 0.1, 10), Estimate(xr.DataArray(2.0), 0.2, 20)]
    stacked = statistics.stack(estimates)
    for part, expected in [
        (stacked.value, [1.0, 2.0]),
        (stacked.error, [0.1, 0.2]),
        (stacked.n, [10, 20]),
    ]:
        assert type(part) is np.ndarray and part.tolist() == expected
    assert stacked.n.dtype.kind == "i"
    assert [str(e) for e in stacked] == [str(e.numpy()) for e in estimates]


@pytest.mark.parametrize(
    "combine",
    [lambda es: statistics.product(*es), statistics.weighted_mean, statistics.stack],
    ids=["product", "weighted_mean", "stack"],
)
def test_what_is_no_list_of_numbers_with_errors_is_refused(combine):
    with pytest.raises(ValueError, match="at least one Estimate"):
        combine([])
    with pytest.raises(TypeError, match="takes estimates, not float"):
        combine([Estimate(1.0, 0.1, 10), 2.0])
    with pytest.raises(ValueError, match="one has 3 points"):
        combine([Estimate(np.ones(3), np.ones(3), np.ones(3, int))])
