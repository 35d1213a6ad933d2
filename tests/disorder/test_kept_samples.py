"""Samples that are kept for other points of a sweep are those that would be drawn anew."""

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.disorder import configurations
from mesokwant.disorder.configurations import bind
from mesokwant.disorder.potential import SitePotential
from tests.helpers import shown

from .matrices import SPINFUL, clean_values

KINDS = [
    mk.Anderson(1.3),
    mk.Anderson(1.3, where=lambda site: site.pos[0] > 3),
    mk.Anderson(1.3, matrix=((1, 0), (0, -1))),
    mk.Gaussian(0.5, 2.0),
    mk.BondDisorder(0.4),
    mk.RandomFlux(0.3),
    mk.MagneticImpurities(0.4, 0.5),
    mk.RandomSpinOrbit(0.3),
    mk.Anderson(1.3) + mk.Vacancies(0.2),
]


@pytest.mark.parametrize("disorder", KINDS, ids=shown)
def test_kept_samples_are_those_drawn_anew_at_any_energy_and_field(disorder):
    bound = bind(disorder, SPINFUL)
    clean = clean_values(SPINFUL)[bound.entries]
    for field in (clean, 1.1 * clean, clean):
        for energy in (-1.0, -0.3):
            for sample in (0, 1):
                for _ in range(2):
                    found = bound.values(field, 7, sample, energy)
                    anew = bind(disorder, SPINFUL).values(field, 7, sample, energy)
                    np.testing.assert_array_equal(found, anew)


def drawn(structure=SPINFUL):
    """A potential that lists its calls, bound to a system."""
    calls = []

    def potential(rng):
        calls.append(rng)
        return rng.normal(size=structure.num_sites)

    return configurations.Configurations((SitePotential(structure, potential),)), calls


def test_a_potential_is_drawn_once_for_all_energies():
    bound, calls = drawn()
    for energy in np.linspace(-1, 1, 10):
        for sample in range(3):
            bound.values(np.zeros(len(bound.entries)), 7, sample, energy)
    assert len(calls) == 3


def test_memory_of_kept_samples_is_bounded(monkeypatch):
    bound, calls = drawn()
    clean = np.zeros(len(bound.entries))
    monkeypatch.setattr(configurations, "KEPT_BYTES", 2 * 4 * clean.nbytes)
    for sample in (*range(10), 9, 6, 0):
        bound.values(clean, 7, sample, 0.0)
    assert len(calls) == 11


def test_kept_samples_cannot_be_changed_and_are_not_pickled():
    bound = bind(mk.Anderson(1.0), SPINFUL)
    values = bound.values(np.zeros(len(bound.entries)), 7, 0, 0.0)
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1.0
    assert set(bound.__getstate__()) == {"draws"}
