"""Impurities and vacancies in chains against plain Kwant."""

import kwant
import numpy as np
import pytest

from mesokwant import theory

CHAINS = [(-1.0,), (-1.0, 0.4), (1.0, -0.3, 0.25), (-1.0, -0.8)]


def chain(hoppings, strength):
    """One impurity, or none of the site at all, well inside a chain."""
    lattice = kwant.lattice.chain(norbs=1)
    reach = len(hoppings)
    system, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-reach,)))
    system[(lattice(j) for j in range(-3 * reach, 3 * reach + 1))] = 0
    lead[(lattice(j) for j in range(reach))] = 0
    for builder in (system, lead):
        for m, hopping in enumerate(hoppings, start=1):
            builder[kwant.builder.HoppingKind((m,), lattice)] = hopping
    if np.isinf(strength):
        del system[lattice(0)]
    else:
        system[lattice(0)] = strength
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    return system.finalized()


@pytest.mark.parametrize("hoppings", CHAINS)
@pytest.mark.parametrize("strength", [0.0, 0.7, -3.0, np.inf])
def test_impurity_against_kwant(hoppings, strength):
    energies = np.array([-1.6, -0.45, 0.0, 0.31, 1.1, 1.8, 9.0])
    system = chain(hoppings, strength)
    found = [kwant.smatrix(system, energy).transmission(1, 0) for energy in energies]
    closed = theory.impurity_transmission(energies, strength, hoppings)
    np.testing.assert_allclose(closed, found, atol=1e-9)


def test_impurity_limits():
    energies, strengths = np.linspace(-1.9, 1.9, 7), np.array([[0.2], [5.0]])
    closed = theory.impurity_transmission(energies, strengths)
    np.testing.assert_allclose(closed, 1 / (1 + strengths**2 / (4 - energies**2)), rtol=1e-12)
    assert np.array_equal(theory.impurity_transmission(energies, np.inf), np.zeros(7))
    vacancy = theory.impurity_transmission(0.3, np.inf, (-1, 0.2))
    strong = theory.impurity_transmission(0.3, [1e8, -1e8], (-1, 0.2))
    np.testing.assert_allclose(strong, vacancy, rtol=1e-6)
    green = theory.chain_green(0.3, (-1, 0.2))
    evanescent, velocity = green.real, -1 / green.imag
    amplitude = 1j * velocity * evanescent / (1 + 1j * velocity * evanescent)
    assert vacancy == pytest.approx(abs(amplitude) ** 2)


@pytest.mark.parametrize("hoppings", CHAINS)
def test_chain_green_is_the_momentum_integral(hoppings):
    k = 2 * np.pi * np.arange(2**16) / 2**16
    band = 2 * sum(t * np.cos(m * k) for m, t in enumerate(hoppings, start=1))
    energies, eta = np.array([-1.6, 0.31, 4.0]), 1e-3
    integral = np.mean(1 / (energies[:, None] + 1j * eta - band), axis=1)
    np.testing.assert_allclose(theory.chain_green(energies, hoppings), integral, rtol=1e-2)


@pytest.mark.parametrize("hoppings", [(-1.0,), (-1.0, 0.2), (-1.0, -0.2), (1.0, 0.1, 0.1)])
def test_vacancies_transmission(hoppings):
    for energy in (-0.9, 0.0, 0.4):
        one = theory.vacancies_transmission(energy, [5], hoppings)
        assert one == pytest.approx(
            theory.impurity_transmission(energy, np.inf, hoppings), abs=1e-12
        )
    reach = len(hoppings)
    lattice = kwant.lattice.chain(norbs=1)
    system, lead = kwant.Builder(), kwant.Builder(kwant.TranslationalSymmetry((-reach,)))
    positions = [6, 11, 13, 20]
    system[(lattice(j) for j in range(30))] = 0
    lead[(lattice(j) for j in range(reach))] = 0
    for builder in (system, lead):
        for m, hopping in enumerate(hoppings, start=1):
            builder[kwant.builder.HoppingKind((m,), lattice)] = hopping
    for x in positions:
        system[lattice(x)] = 1e9
    system.attach_lead(lead)
    system.attach_lead(lead.reversed())
    found = kwant.smatrix(system.finalized(), 0.3).transmission(1, 0)
    expected = theory.vacancies_transmission(0.3, positions, hoppings)
    assert expected == pytest.approx(found, abs=1e-7)


def test_vacancies_need_one_mode():
    with pytest.raises(ValueError, match="2 modes"):
        theory.vacancies_transmission(-1.0, [3], (-1.0, 0.8))
