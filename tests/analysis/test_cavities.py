"""Cavities drawn from the circular ensembles have the moments that are expected of them."""

import numpy as np
import pytest
import xarray as xr

from mesokwant import theory
from mesokwant.analysis import MouthAmplitudes, ScrambledWaves, squared_mean

SIGMAS = 4


def ensemble(beta, modes=2, draws=3000):
    """Scattering matrices with spins as blocks of each lead, as Kwant has them."""
    matrices = theory.circular_matrices(2 * modes, beta=beta, draws=draws)
    if beta != 4:
        return matrices
    order = np.arange(4 * modes).reshape(2, modes, 2).swapaxes(1, 2).ravel()
    return matrices[:, order[:, None], order]


def results(beta, modes=2):
    """What a sweep over the mouth, of which there is one, has for these matrices."""
    s = ensemble(beta, modes)
    half = s.shape[1] // 2
    t = s[:, half:, :half]
    eigenvalues = np.linalg.svd(t, compute_uv=False) ** 2
    parts = {
        "g": (("energy", "sample"), eigenvalues.sum(axis=1)[None]),
        "noise": (("energy", "sample"), (eigenvalues * (1 - eigenvalues)).sum(axis=1)[None]),
        "r": (("mouth", "energy", "mode", "sample"), np.einsum("nii->in", s)[None, None]),
        "t": (("mouth", "energy", "out", "in", "sample"), np.moveaxis(t, 0, -1)[None, None]),
    }
    return xr.Dataset(parts, {"mouth": [3], "energy": [-1.0]})


@pytest.mark.parametrize("beta", [1, 2, 4])
def test_circular_ensembles_have_the_expected_moments(beta):
    data = results(beta)
    mouths = MouthAmplitudes(data, spins=2 if beta == 4 else 1)
    assert mouths.reflections[3].shape == (2, 2)
    assert np.all(mouths.reflections[3] < 0.01)
    assert abs(squared_mean(mouths.t[3]).mean()) < 1e-3
    waves = ScrambledWaves.measured(data, beta, np.zeros((2, 2)), share=0.0, because="")
    assert waves.modes == 2
    for name in ("conductance", "variance", "shot_noise", "fano"):
        measured, expected = getattr(waves, name), getattr(waves, f"expected_{name}")
        assert abs(measured.value - expected.value) < SIGMAS * measured.error, name


def test_bounds_are_shares_of_what_is_expected():
    waves = ScrambledWaves.measured(results(2), 2, np.zeros((2, 2)), share=0.04, because="paths")
    assert waves.expected_conductance.bound == pytest.approx(0.02 * waves.ideal.conductance)
    assert waves.expected_variance.bound == pytest.approx(0.04 * waves.ideal.variance)


def test_closed_columns_of_a_narrow_mouth_are_left_out():
    data = results(1)
    narrow = data.assign_coords(mouth=[2]).copy(deep=True)
    narrow["r"][:, :, [1, 3]] = np.nan
    mouths = MouthAmplitudes(xr.concat([narrow, data], "mouth", data_vars="all"))
    assert mouths.reflections[2].shape == (2, 1)
    assert mouths.reflections[3].shape == (2, 2)
