"""The end of a Hall plateau, from deviations whose decay with the width is known."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import theory
from mesokwant.analysis import HallPlateau

FLUX = 0.03
LENGTH = (2 * np.pi * FLUX) ** -0.5


def bars(decay, *, samples=150, scaled=(0.5, 0.7, 0.9, 1.1, 1.3), widths=(18, 25, 32, 39)):
    """Resistances of which |R_xy - 1| decays by decay(W/W_o) per magnetic length of width."""
    widths, scaled = np.array(widths), np.array(scaled)
    below, above = theory.lattice_landau_levels([0, 1], FLUX)
    noise = np.random.default_rng(3).normal(0, 1.5, (1, len(scaled), len(widths), samples))
    logs = -decay(scaled)[:, None, None] * (widths / LENGTH)[:, None] + noise
    dims = ("energy", "anderson.strength", "width", "sample")
    return xr.Dataset(
        {"hall": (dims, 1 + np.exp(logs)), "longitudinal": (dims, -np.exp(logs))},
        coords={
            "energy": [below + 0.3 * (above - below)],
            "anderson.strength": scaled * theory.landau_overlap_strength(FLUX),
            "width": widths,
            "flux": FLUX,
        },
    )


def test_plateau_ends_where_wider_bars_gain_nothing():
    # A decay of 1.1 - W/W_o falls to a tenth per magnetic length at W = W_o.
    plateau = HallPlateau(bars(lambda w: 1.1 - w))
    assert plateau.shares == pytest.approx([0.3])
    decay, ends = plateau.decay, plateau.ends
    assert np.all(np.abs(decay.value - (1.1 - plateau.strengths)) < 4 * decay.error)
    assert 0 < ends.error[0] < 0.03
    assert abs(ends.value[0] - 1.0) < 4 * ends.error[0]


def test_plateau_that_does_not_end_has_no_end():
    assert np.isnan(HallPlateau(bars(np.ones_like)).ends.value[0])


def test_medians_carry_the_error_of_their_logarithm():
    plateau = HallPlateau(bars(np.ones_like))
    expected = 1.5 * np.sqrt(np.pi / 2 / 150)
    relative = plateau.medians.error / plateau.medians.value
    assert np.mean(relative) == pytest.approx(expected, rel=0.15)


def test_exponentials_are_told_from_gaussians():
    widths = (14, 18, 24, 30, 39, 46, 53, 60)
    straight = HallPlateau(bars(np.ones_like, scaled=(0.5,), widths=widths)).straightness
    assert abs(straight.value - 1) < 4 * straight.error
    data = bars(np.zeros_like, scaled=(0.5,), widths=widths)
    gaussian = np.exp(-((data.width / LENGTH / 7) ** 2))
    data["longitudinal"] = data.longitudinal * gaussian
    assert HallPlateau(data).straightness.value > 1.5


def test_exact_quantization_is_a_deviation_of_rounding():
    data = bars(np.ones_like)
    data["hall"] = xr.ones_like(data.hall)
    assert np.all(np.isfinite(HallPlateau(data).logs))
