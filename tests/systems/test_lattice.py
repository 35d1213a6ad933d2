"""Closed lattices: their levels, with and without a field, and the flux of every plaquette."""

import kwant
import numpy as np
import pytest

from systems import Lattice


def levels(system, **params):
    return np.linalg.eigvalsh(system.build().hamiltonian_submatrix(params=params))


def sums(*terms):
    return np.sort(sum(np.ix_(*terms)).ravel())


@pytest.mark.parametrize("shape", [(7,), (5, 4), (3, 4, 5)], ids=len)
@pytest.mark.parametrize("boundary", ["hard", "periodic"])
def test_levels_are_sums_of_one_term_per_direction(shape, boundary):
    lattice = Lattice(*shape, boundary=boundary)
    assert lattice.shape == shape
    own = {"hard": "flux", "periodic": "quanta"}[boundary]
    params = {own: 0} if len(shape) > 1 else {}
    if boundary == "hard":
        momenta = [np.pi * np.arange(1, n + 1) / (n + 1) for n in shape]
    else:
        momenta = [2 * np.pi * np.arange(n) / n for n in shape]
    expected = sums(*(-2 * np.cos(q) for q in momenta))
    np.testing.assert_allclose(levels(lattice, **params), expected, atol=1e-12)


def test_it_is_a_plain_kwant_system_without_leads():
    built = Lattice(4, 5).build()
    assert isinstance(built, kwant.system.FiniteSystem)
    assert built.leads == []


@pytest.mark.parametrize("quanta", [1, 2, -3])
@pytest.mark.parametrize("height", [None, 3])
def test_every_plaquette_of_a_torus_has_the_same_flux(quanta, height):
    system = Lattice(4, 5, height)
    built = system.build()
    matrix = built.hamiltonian_submatrix(params={"quanta": quanta})
    number = {tuple(site.tag): i for i, site in enumerate(built.sites)}
    for x, y in np.ndindex(4, 5):
        right, up = (x + 1) % 4, (y + 1) % 5
        corners = [(x, y), (right, y), (right, up), (x, up)]
        around = [number[corner + (2,) * (height is not None)] for corner in corners]
        path = [matrix[around[(k + 1) % 4], around[k]] for k in range(4)]
        assert np.prod(path) == pytest.approx(np.exp(2j * np.pi * quanta / 20))


def test_half_a_quantum_per_plaquette_makes_two_dirac_cones():
    found = levels(Lattice(6, 4), quanta=12)
    k = np.meshgrid(2 * np.pi * np.arange(6) / 6, 2 * np.pi * np.arange(4) / 4)
    # Every pair ±E belongs to k and to k + (0, π), which the doubled cell joins.
    cone = 2 * np.sqrt(np.cos(k[0]) ** 2 + np.cos(k[1]) ** 2).ravel()
    np.testing.assert_allclose(np.sort(found**2), np.sort(cone**2), atol=1e-12)


def test_lowest_landau_level_has_one_state_per_quantum():
    quanta, size = 4, 12
    found = levels(Lattice(size, size), quanta=quanta)
    b = 2 * np.pi * quanta / size**2
    assert np.ptp(found[:quanta]) < 1e-3 * b
    assert found[:quanta].mean() == pytest.approx(-4 + b - b**2 / 8, abs=b**3)
    assert found[quanta] - found[quanta - 1] == pytest.approx(2 * b, rel=0.2)


def test_levels_of_a_torus_repeat_with_a_quantum_per_plaquette_and_are_even():
    system = Lattice(3, 4)
    for other in (12 + 2, -2):
        np.testing.assert_allclose(
            levels(system, quanta=other), levels(system, quanta=2), atol=1e-12
        )


def test_levels_of_a_box_depend_on_its_flux_but_not_on_its_orientation():
    wide, tall = (levels(Lattice(*shape, boundary="hard"), flux=0.07) for shape in ((5, 4), (4, 5)))
    np.testing.assert_allclose(wide, tall, atol=1e-12)
    assert np.abs(wide - levels(Lattice(5, 4, boundary="hard"), flux=0.0)).max() > 1e-2


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: Lattice(2, 5), ValueError, "length .* at least 3.*'hard'"),
        (lambda: Lattice(5, height=5), ValueError, "needs a width"),
        (lambda: Lattice(5, 0, boundary="hard"), ValueError, "width must be .* got 0"),
        (lambda: Lattice(None), TypeError, "length must be a whole number .* got None"),
        (lambda: Lattice(5, boundary="soft"), ValueError, "one of hard, periodic; got 'soft'"),
    ],
)
def test_refuses_with_a_way_out(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


def test_refuses_a_fraction_of_a_flux_quantum():
    with pytest.raises(kwant.UserCodeError, match="TorusHopping") as caught:
        levels(Lattice(3, 4), quanta=0.5)
    assert "whole number of flux quanta" in str(caught.value.__cause__)
