"""Numbers of the transitions in two dimensions: what every exponent of a dirty system obeys."""

import numpy as np
import pytest

from mesokwant.theory import planar_transitions as planar


@pytest.mark.parametrize("name", [name for name in vars(planar) if name.endswith("_EXPONENT")])
def test_exponents_obey_the_bound_of_chayes(name):
    """ν >= 2/d, since else the average disorder of a sample would hide the transition."""
    assert getattr(planar, name).value >= 2 / 2


def test_interference_makes_the_steps_wider_than_percolation():
    gap = planar.PLATEAU_EXPONENT.value - planar.PERCOLATION_EXPONENT.value
    assert gap > 100 * planar.PLATEAU_EXPONENT.error


def moments(strength, flux):
    """Moments 2 and 4 of the density of states."""
    energy = np.linspace(-6, 6, 40_001) * strength * np.sqrt(flux / 12)
    weight = np.diff(planar.lowest_level_filling(energy, strength, flux))
    middle = (energy[1:] + energy[:-1]) / 2
    assert weight.sum() == pytest.approx(1, abs=1e-8)
    return weight @ middle**2, weight @ middle**4


def test_density_of_states_has_the_moments_of_white_noise():
    """<V²> f, and two planar pairings with the weight 1 and a crossed one with 1/2."""
    second, fourth = moments(2.0, 1 / 8)
    assert second == pytest.approx(2.0**2 / 12 / 8, rel=1e-6)
    assert fourth / second**2 == pytest.approx(1 + 1 + 1 / 2, rel=1e-6)


def test_lowest_level_of_a_lattice_is_filled_as_in_white_noise():
    """Projected box disorder on a torus; four standard errors of the 40 samples are allowed."""
    size, flux = 12, 1 / 6
    x, y = np.divmod(np.arange(size**2), size)
    along = (x[:, None] == (x + 1) % size) & (y[:, None] == y)
    across = (y[:, None] == (y + 1) % size) & (x[:, None] == x)
    clean = -(along + across * np.exp(2j * np.pi * flux * x))
    _, states = np.linalg.eigh(clean + clean.conj().T)
    level = states[:, : round(size**2 * flux)]
    rng, inside = np.random.default_rng(3), []
    for _ in range(40):
        potential = rng.uniform(-0.5, 0.5, size**2)
        energies = np.linalg.eigvalsh(level.conj().T @ (potential[:, None] * level))
        inside.append(np.mean(np.abs(energies - np.mean(potential)) < 0.1))
    expected = np.ptp(planar.lowest_level_filling([-0.1, 0.1], 1.0, flux))
    error = np.std(inside) / np.sqrt(len(inside))
    assert np.mean(inside) == pytest.approx(expected, abs=4 * error + 0.01)
