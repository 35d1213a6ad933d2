"""The Hall bar against Landau levels and quantized resistances."""

import pickle

import kwant
import numpy as np
import pytest

from systems import HallBar

FLUX = 0.0973
SIZES = {"arm_width": 12, "gap": 8, "end": 3}


def levels(flux, number):
    """Landau levels at the bottom of the band, to second order in the field."""
    n, b = np.arange(number), 2 * np.pi * flux
    return -4 + b * (2 * n + 1) - b**2 / 16 * ((2 * n + 1) ** 2 + 1)


def matrix(system, energy, flux):
    smatrix = kwant.smatrix(system.build(), energy, params={"flux": flux})
    return smatrix.conductance_matrix(), [smatrix.num_propagating(i) for i in range(6)]


def voltages(conductance):
    """Voltages of the leads for a current 1 from lead 0 to lead 1, which is grounded."""
    currents = np.zeros(6)
    currents[0] = 1
    keep = [0, 2, 3, 4, 5]
    result = np.zeros(6)
    result[keep] = np.linalg.solve(conductance[np.ix_(keep, keep)], currents[keep])
    return result


@pytest.mark.parametrize("filled", [1, 2])
def test_clean_bar_is_quantized_between_levels(filled):
    flux = FLUX / filled
    energy = levels(flux, filled + 1)[-2:].mean()
    conductance, modes = matrix(HallBar(width=20 + 6 * (filled - 1), **SIZES), energy, flux)
    assert modes == [filled] * 6
    voltage = voltages(conductance)
    for upper, lower in ((2, 4), (3, 5)):
        assert abs(voltage[upper] - voltage[lower]) == pytest.approx(1 / filled, abs=1e-10)
    assert voltage[2] == pytest.approx(voltage[3], abs=1e-10)
    assert voltage[4] == pytest.approx(voltage[5], abs=1e-10)


def test_edge_channels_run_from_each_lead_to_the_next_one_alone():
    energy = levels(FLUX, 2).mean()
    conductance, _ = matrix(HallBar(width=14, **SIZES), energy, FLUX)
    expected = np.identity(6)
    around = [0, 4, 5, 1, 3, 2]
    for source, to in zip(around, [*around[1:], around[0]], strict=True):
        expected[to, source] = -1
    np.testing.assert_allclose(conductance, expected, atol=1e-6)
    np.testing.assert_allclose(
        matrix(HallBar(width=14, **SIZES), energy, -FLUX)[0], expected.T, atol=1e-6
    )


@pytest.mark.parametrize("flux", [0.0313, 0.0471])
def test_every_lead_has_one_mode_for_each_level_below(flux):
    threshold = levels(flux, 3)
    below, above = threshold[:-1] + np.diff(threshold) / 2, threshold[-1] + 0.02
    built = HallBar(width=34, arm_width=34, gap=1, end=0).build()
    for energy, modes in zip([*below, above], (1, 2, 3), strict=True):
        for lead in built.leads:
            assert lead.modes(energy, params={"flux": flux})[0].block_nmodes == [modes]


def test_without_a_field_the_two_sides_are_alike():
    conductance, _ = matrix(HallBar(5, 4, 3, 2), -1.1, 0.0)
    upside_down = [0, 1, 4, 5, 2, 3]
    np.testing.assert_allclose(
        conductance[np.ix_(upside_down, upside_down)], conductance, atol=1e-9
    )
    from_behind = [1, 0, 3, 2, 5, 4]
    np.testing.assert_allclose(
        conductance[np.ix_(from_behind, from_behind)], conductance, atol=1e-9
    )


def test_sites_belong_to_the_bar_or_to_an_arm():
    system = HallBar(width=5, arm_width=4, gap=3, end=2, arm_length=2)
    sites = system.build().sites
    assert len(sites) == 5 * system.length + 4 * 4 * 2
    arms, bar, edge = (
        [*filter(chosen, sites)] for chosen in (system.arms, system.bar, system.edge)
    )
    assert len(arms) == 32
    assert {site.tag[1] for site in arms} == {-2, -1, 5, 6}
    assert set(bar) | set(arms) == set(sites)
    assert {tuple(site.tag) for site in edge} == set(np.ndindex(system.length, 3))


def test_disorder_finds_the_arms_of_a_bar_of_any_width():
    system = HallBar(width=5, arm_width=4, gap=3, end=2)
    where = pickle.loads(pickle.dumps(system.arms))
    assert where is system.arms is HallBar.arms
    for width in (4, 6):
        wide = HallBar(width=width, arm_width=4, gap=3, end=2)
        assert sum(map(where, wide.build().sites)) == 16


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"width": 0}, ValueError, "width must be"),
        ({"width": 5, "arm_width": 0}, ValueError, "arm_width must be .* got 0"),
        ({"width": 5, "gap": 0}, ValueError, "gap must be .* do not touch; got 0"),
        ({"width": 5, "end": -1}, ValueError, "end must be .* at least 0; got -1"),
        ({"width": 5, "arm_length": 0}, ValueError, "arm_length must be .* at least 1"),
        ({"width": 5, "origin": 3.0}, TypeError, "origin must be a pair .* got 3.0"),
        ({"width": 5, "origin": (1, 2, 3)}, ValueError, "origin must be a pair"),
        ({"width": 5, "origin": (0, float("inf"))}, ValueError, "origin must be a pair"),
    ],
)
def test_refuses_with_a_way_out(options, error, sentence):
    with pytest.raises(error, match=sentence):
        HallBar(**options)
