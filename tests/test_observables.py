"""Observables by their identities, on real ensembles."""

import numpy as np
import pytest

import mesokwant as mk
from systems import Ribbon

ENSEMBLE = mk.scattering(
    Ribbon(6, 10), -1.0, params={"flux": 0.01}, disorder=mk.Anderson(2.0), samples=6
)


def test_conductance_matrix_conserves_current_and_ignores_a_common_voltage():
    matrix = mk.ConductanceMatrix()(ENSEMBLE)
    assert matrix.shape == (6, 2, 2)
    assert np.allclose(matrix.sum(axis=1), 0, atol=1e-10)
    assert np.allclose(matrix.sum(axis=2), 0, atol=1e-10)
    assert np.allclose(-matrix[:, 1, 0], mk.Conductance(1, 0)(ENSEMBLE))


def test_eigenvalues_add_up_to_conductance_and_noise():
    eigenvalues = mk.TransmissionEigenvalues(1, 0)(ENSEMBLE)
    assert np.all(np.diff(eigenvalues, axis=1) <= 0)
    assert np.all((eigenvalues > 0) & (eigenvalues < 1 + 1e-12))
    assert np.allclose(eigenvalues.sum(axis=1), mk.Conductance(1, 0)(ENSEMBLE))
    noise = np.sum(eigenvalues * (1 - eigenvalues), axis=1)
    assert np.allclose(noise, mk.ShotNoise(1, 0)(ENSEMBLE))


def test_reflection_completes_transmission():
    reflection = mk.Reflection(0)(ENSEMBLE)
    total = reflection.sum(axis=1).sum(axis=1) + mk.Conductance(1, 0)(ENSEMBLE)
    assert np.allclose(total, ENSEMBLE.num_propagating(0))


def test_observables_are_values():
    assert mk.Conductance(1, 0) == mk.Conductance()
    assert repr(mk.ShotNoise(0, 1)) == "ShotNoise(lead_out=0, lead_in=1)"


def test_a_lead_that_does_not_exist():
    with pytest.raises(ValueError, match="no lead 4"):
        mk.Conductance(4, 0)(ENSEMBLE)


def test_every_observable_and_kind_of_disorder_shows_an_example():
    kinds = [
        getattr(mk, name)
        for name in mk.__all__
        if isinstance(getattr(mk, name), type)
        and getattr(mk, name).__module__.startswith(("mesokwant.observables", "mesokwant.disorder"))
        and getattr(mk, name) is not mk.Disorder
    ]
    assert len(kinds) >= 11
    for kind in kinds:
        assert ">>>" in kind.__doc__, kind
