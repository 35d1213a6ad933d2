"""Mean free path, localization and its claims on synthetic data whose answer is known."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import Estimate, theory
from mesokwant.analysis import (
    decay_rates,
    localization_length,
    localization_length_ratio,
    many_channel_limit,
    ratio_of_slopes,
    scaling_ratio,
)


def random_walks(lengths, xi, samples, rng):
    """ln g of wires that share their first part: steps of mean -2/ξ and variance 4/ξ a site."""
    steps = np.diff(lengths, prepend=0)[:, None]
    walk = rng.normal(-2 * steps / xi, np.sqrt(4 * steps / xi), (len(lengths), samples))
    return np.exp(0.8 + walk.cumsum(axis=0))


def test_localization_of_synthetic_wires():
    lengths, xi = np.array([300, 500, 1000]), 70.0
    rng = np.random.default_rng(5)
    pulls, scaling = [], []
    for _ in range(25):
        g = random_walks(lengths, xi, 300, rng)
        found = localization_length(lengths, g)
        pulls.append((found.value - xi) / found.error)
        ratio = scaling_ratio(lengths, g)
        scaling.append((ratio.value - 2) / ratio.error)
    for pull in (pulls, scaling):
        assert abs(np.mean(pull)) < 4 / np.sqrt(25)
        assert np.std(pull) == pytest.approx(1, abs=4 / np.sqrt(50))


def test_decay_rates_are_exact_for_exact_lines():
    lengths = np.array([10.0, 25.0, 60.0])
    xi = np.array([[4.0, 5.0], [6.0, 7.0]])
    g = np.exp(1.5 - 2 * lengths[:, None, None] / xi)
    np.testing.assert_allclose(decay_rates(lengths, g), 1 / xi, rtol=1e-12)
    g[1, 0, 1] = np.nan
    assert np.isnan(decay_rates(lengths, g)).sum() == 1


def test_labelled_conductances_may_have_their_dimensions_in_any_order():
    lengths, rng = np.array([300, 500, 1000]), np.random.default_rng(2)
    g = random_walks(lengths, 70.0, 20, rng)
    labelled = xr.DataArray(g.T, dims=("sample", "length"))
    np.testing.assert_array_equal(decay_rates(lengths, labelled), decay_rates(lengths, g))
    assert scaling_ratio(lengths, labelled).value == scaling_ratio(lengths, g).value


def test_ratio_of_localization_lengths_uses_that_the_samples_are_the_same():
    lengths, rng = np.array([300, 500, 1000]), np.random.default_rng(6)
    g = random_walks(lengths, 70.0, 300, rng)
    doubled = localization_length_ratio(lengths, g, np.sqrt(g))
    assert doubled.value == pytest.approx(2, rel=1e-12)
    assert doubled.error < 1e-12


def test_ratio_of_localization_lengths_of_synthetic_wires():
    lengths, rng = np.array([300, 500, 1000]), np.random.default_rng(7)
    pulls = []
    for _ in range(25):
        short, long = (random_walks(lengths, xi, 300, rng) for xi in (70.0, 105.0))
        ratio = localization_length_ratio(lengths, short, long)
        pulls.append((ratio.value - 1.5) / ratio.error)
    assert abs(np.mean(pulls)) < 4 / np.sqrt(25)
    assert np.std(pulls) == pytest.approx(1, abs=4 / np.sqrt(50))


def test_many_channel_limit_is_the_intercept_with_its_error():
    channels, errors = np.array([5, 10, 20]), np.array([0.01, 0.02, 0.03])
    rng = np.random.default_rng(8)
    exact = theory.localization_gain(channels)
    found = [
        many_channel_limit(
            channels,
            [Estimate(*pair, 100) for pair in zip(rng.normal(exact, errors), errors, strict=True)],
        )
        for _ in range(400)
    ]
    pulls = [(limit.value - 2) / limit.error for limit in found]
    assert abs(np.mean(pulls)) < 4 / np.sqrt(400)
    assert np.std(pulls) == pytest.approx(1, abs=4 / np.sqrt(800))
    assert found[0].n == 300


def test_slopes_of_the_moments_of_samples_are_those_of_the_samples():
    lengths, rng = np.array([300, 500, 1000]), np.random.default_rng(10)
    g = random_walks(lengths, 70.0, 200, rng)
    moments = np.log(g).mean(axis=1), np.log(g).var(axis=1, ddof=1)
    assert scaling_ratio(lengths, g).value == pytest.approx(ratio_of_slopes(lengths, *moments))


def test_the_growth_in_a_chain_of_a_few_localization_lengths_is_below_that_in_the_end():
    """Abrikosov's variance tends to 2s - π²/3 from above."""
    s = np.array([6.0, 12.0, 24.0])
    growths = [
        ratio_of_slopes(x, -x, theory.chain_log_conductance_moments(x)[0]) for x in (s, 5 * s)
    ]
    assert 1.98 < growths[0] < 1.99
    assert 2 - 1e-4 < growths[1] < 2


def test_scaling_ratio_tells_another_law():
    lengths, rng = np.array([300, 500, 1000]), np.random.default_rng(9)
    g = random_walks(lengths, 70.0, 1000, rng)
    for values, expected in ((g, 2), (g**2, 4)):
        ratio = scaling_ratio(lengths, values)
        assert abs(ratio.value - expected) < 4 * ratio.error
        assert ratio.error < 0.1 * expected
