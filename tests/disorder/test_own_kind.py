"""A user's own kind of disorder, as ``docs/how-to/own-disorder.md`` writes it."""

import re

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.disorder.base import term_names
from mesokwant.disorder.configurations import bind
from mesokwant.hamiltonian.structure import structure_of
from systems import Ribbon, Wire
from tests.helpers import ROOT

STRUCTURE = structure_of(Wire(width=5, length=8).build())


@pytest.fixture(scope="module")
def page():
    """The names that the code of the page defines, after it ran as printed."""
    text = (ROOT / "docs/how-to/own-disorder.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    names = {"__name__": "own_disorder"}
    for block in blocks:
        exec(compile(block, "own-disorder.md", "exec"), names)
    return names


def potential(disorder, sample, seed=3):
    """V on every site of the wire in one sample."""
    bound = bind(disorder, STRUCTURE)
    return bound.values(np.zeros(len(bound.entries)), seed, sample, 0.0)


def yukawa(screening):
    """The potential on site i of a unit charge on site j, by a plain double sum."""
    positions = [site.pos for site in STRUCTURE.sites]
    result = np.empty((len(positions), len(positions)))
    for i, here in enumerate(positions):
        for j, there in enumerate(positions):
            distance = np.hypot(*(here - there))
            result[i, j] = np.exp(-distance / screening) / max(distance, 1)
    return result


def test_page_runs_as_printed(page):
    assert page["ens"].transmission(1, 0).shape == (50,)
    assert np.all(page["ens"].transmission(1, 0) <= page["ens"].num_propagating(0))


def test_sample_depends_on_seed_and_number_alone(page):
    disorder = page["ChargedImpurities"](1.0, 0.3, 2.0)
    assert np.array_equal(potential(disorder, 4), potential(disorder, 4))
    assert not np.array_equal(potential(disorder, 4), potential(disorder, 5))
    assert not np.array_equal(potential(disorder, 4), potential(disorder, 4, seed=9))


def test_strength_and_concentration_keep_the_impurities_of_a_sample(page):
    kind = page["ChargedImpurities"]
    one = potential(kind(1.0, 0.3, 2.0), 0)
    np.testing.assert_allclose(potential(kind(2.5, 0.3, 2.0), 0), 2.5 * one, rtol=1e-14)
    kernel = yukawa(2.0)
    few, many = (np.linalg.solve(kernel, potential(kind(1.0, c, 2.0), 0)) for c in (0.2, 0.6))
    for charges in (few, many):
        np.testing.assert_allclose(charges, np.round(charges), atol=1e-9)
        assert set(np.round(charges)) == {0.0, 1.0}
    assert np.all(np.round(many) >= np.round(few))


def test_mean_and_variance_are_those_of_the_direct_sum(page):
    strength, concentration, screening, samples = 0.8, 0.3, 1.5, 2000
    disorder = page["ChargedImpurities"](strength, concentration, screening)
    bound = bind(disorder, STRUCTURE)
    zero = np.zeros(len(bound.entries))
    values = np.array([bound.values(zero, 1, sample, 0.0) for sample in range(samples)])
    kernel = strength * yukawa(screening)
    mean = concentration * kernel.sum(axis=1)
    variance = concentration * (1 - concentration) * (kernel**2).sum(axis=1)
    # Five standard errors; V is close to normal, so a variance has the error √(2/samples).
    assert np.all(np.abs(values.mean(axis=0) - mean) < 5 * np.sqrt(variance / samples))
    assert np.abs(values.var(axis=0) / variance - 1).max() < 5 * np.sqrt(2 / samples)


def test_both_solvers_agree_and_the_zero_limit_is_clean(page):
    kind, point = page["ChargedImpurities"], {"flux": 0.01}

    def transmission(disorder, solver="auto"):
        ensemble = mk.scattering(
            Ribbon(5, 8), -1.0, params=point, disorder=disorder, samples=4, solver=solver
        )
        return ensemble.transmission(1, 0)

    disorder = kind(1.0, 0.1, 2.0) + mk.Anderson(0.5)
    reference = transmission(disorder, "kwant")
    np.testing.assert_allclose(transmission(disorder, "batched"), reference, atol=1e-9)
    assert np.ptp(reference) > 1e-3
    np.testing.assert_array_equal(transmission(kind(0.0, 0.1, 2.0)), transmission(None))


def test_kind_has_a_name_and_units_like_any_other(page):
    disorder = page["ChargedImpurities"](1.0, 0.1, 2.0)
    assert term_names(disorder + mk.Anderson(1.0)) == ("charged_impurities", "anderson")
    assert disorder.units["screening"] == "a"


@pytest.mark.parametrize(
    ("fields", "error"),
    [((-1.0, 0.1, 1.0), ValueError), ((1.0, 1.1, 1.0), ValueError),
     ((1.0, 0.1, 0), ValueError), ((1.0, None, 1.0), TypeError)],
)  # fmt: skip
def test_wrong_values_are_refused(page, fields, error):
    with pytest.raises(error, match="must"):
        page["ChargedImpurities"](*fields)
