"""Bounds on localization in wires of few channels: their limits, sign and size."""

import numpy as np
import pytest

from mesokwant import theory


def test_bounds_vanish_for_many_channels_in_a_strong_field():
    channels = np.array([10.0, 100.0, 1e6])
    for beta in (1, 2):
        xi = theory.wire_localization_length(channels, 7.0, beta=beta)
        ideal = theory.localization_length(channels, 7.0, beta=beta)
        np.testing.assert_array_equal(xi.value, ideal)
        np.testing.assert_allclose(xi.bound / xi.value, 1 / channels)
    gain = theory.localization_gain(channels)
    assert gain[-1].value == pytest.approx(2, rel=2e-6)
    assert gain[-1].bound < 3e-6


def test_one_channel_gains_nothing_from_a_field():
    assert theory.localization_gain(1).value == 1.0


def test_gain_is_the_ratio_of_the_two_lengths():
    channels = np.array([1.0, 4.0, 30.0])
    without, field = (theory.wire_localization_length(channels, 3.0, beta=beta) for beta in (1, 2))
    gain = theory.localization_gain(channels)
    np.testing.assert_allclose(gain.value, field.value / without.value)
    np.testing.assert_allclose(gain.normalized().bound, field.normalized().bound)


def test_what_a_field_leaves_falls_with_the_field_and_with_the_number_of_channels():
    share = theory.remaining_interference([0.0, 1e-3, 1e-2], 20, localization_length=400.0)
    assert share[0] == 1.0  # Without a field all of it is there.
    assert share[1] == pytest.approx(10 * share[2])
    reach = theory.magnetic_length(1e-2, 20)
    assert share[2] == pytest.approx(reach / 400)
    longer = theory.remaining_interference(1e-2, 20, localization_length=4000.0)
    assert longer == pytest.approx(share[2] / 10)


def test_what_a_field_leaves_widens_the_bound():
    sharp, wide = (
        theory.wire_localization_length(10, 5.0, beta=2, remaining=share) for share in (0.0, 0.03)
    )
    assert wide.value == sharp.value
    assert wide.normalized().bound == pytest.approx(sharp.normalized().bound + 0.03)


def test_what_a_field_leaves_widens_the_bound_of_gains_by_as_much_of_their_value():
    for gain, numbers in ((theory.localization_gain, 10), (theory.many_channel_gain, [5, 10])):
        sharp, wide = (gain(numbers, remaining=share) for share in (0.0, 0.03))
        assert wide.value == sharp.value
        assert wide.normalized().bound == pytest.approx(sharp.normalized().bound + 0.03)


@pytest.mark.parametrize("first_order", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("second_order", [-1.0, 1.0])
def test_bound_of_many_channels_covers_a_straight_line_through_the_next_order(
    first_order, second_order
):
    channels = np.array([5.0, 10.0, 20.0])
    x = 1 / (channels + 1)
    gains = 2 * (1 + first_order * x + second_order * x**2)
    expected = theory.many_channel_gain(channels)
    intercept = np.polyfit(x[:2], gains[:2], 1)[1]
    assert expected.low <= intercept <= expected.high


def test_order_of_the_wires_does_not_matter_for_many_channels():
    assert theory.many_channel_gain([20, 5, 10]).bound == theory.many_channel_gain([5, 10]).bound


def test_one_wire_does_not_extrapolate():
    with pytest.raises(ValueError, match="another width"):
        theory.many_channel_gain([5])


@pytest.mark.parametrize("beta", [1, 2])
def test_meeting_eigenvalues_against_drawn_ones(beta):
    rng = np.random.default_rng(3)
    x, samples = 3.0, 200_000
    first = rng.normal(x, np.sqrt(x), samples)
    second = rng.normal((1 + beta) * x, np.sqrt(x), samples)
    share = theory.eigenvalues_meeting(x, beta=beta)
    assert np.mean(second < first) == pytest.approx(share, abs=4 * np.sqrt(share / samples))


def test_bound_of_the_growth_ratio_shrinks_with_length():
    bounds = [theory.wire_growth_ratio(x).bound for x in (2, 6, 12)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[1] == pytest.approx(0.1)
    assert theory.wire_growth_ratio(6, beta=2).bound < bounds[1]
    assert theory.wire_growth_ratio(6).value == 2
