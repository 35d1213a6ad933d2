"""Levels and their statistics: exact spectra, both methods alike, repulsion and its absence."""

import numpy as np
import pytest

import mesokwant as mk
from mesokwant.closed import Eigenstates, GapRatio, Levels, spacing_ratios
from systems import Lattice, SpinOrbitRibbon

POISSON = 2 * np.log(2) - 1


def torus(length, strength, samples=1, quanta=0, energy=-0.37):
    disorder = mk.Anderson(strength) if strength else None
    return mk.hamiltonians(
        Lattice(length, length),
        params={"quanta": quanta},
        disorder=disorder,
        samples=samples,
        energy=energy,
    )


def test_levels_of_a_clean_torus_are_sums_of_cosines():
    q = 2 * np.pi * np.arange(6) / 6
    expected = np.sort((-2 * np.cos(q)[:, None] - 2 * np.cos(q)).ravel())
    assert np.allclose(Levels()(torus(6, 0))[0], expected, atol=1e-12)


def test_levels_are_those_nearest_to_the_energy():
    ensemble = torus(6, 1.0, samples=2)
    all_of_them, few = Levels()(ensemble), Levels(7)(ensemble)
    for levels, chosen in zip(all_of_them, few, strict=True):
        nearest = sorted(levels, key=lambda level: abs(level + 0.37))[:7]
        assert np.allclose(chosen, np.sort(nearest), atol=1e-12)


@pytest.mark.parametrize("quanta", [0, 2])
@pytest.mark.parametrize("energy", [-0.37, -3.9, -6.0])
def test_shift_invert_finds_the_levels_of_dense_diagonalization(quanta, energy):
    ensemble = torus(12, 1.5, samples=2, quanta=quanta, energy=energy)
    dense, sparse = (Levels(9, method=m)(ensemble) for m in ("dense", "shift-invert"))
    assert np.allclose(dense, sparse, atol=1e-10)


def test_shift_invert_finds_both_partners_of_kramers_pairs():
    system = SpinOrbitRibbon(6, 8, coupling="rashba")
    params = {"alpha": 0.3, "zeeman": 0.0, "flux": 0.0}
    ensemble = mk.hamiltonians(
        system, params=params, disorder=mk.Anderson(1.0), samples=2, energy=-1.1, leads="dropped"
    )
    dense, sparse = (Levels(10, method=m)(ensemble) for m in ("dense", "shift-invert"))
    assert np.allclose(dense, sparse, atol=1e-10)
    assert np.allclose(dense[:, ::2], dense[:, 1::2], atol=1e-10)
    assert np.array_equal(Levels(10, degeneracy=2, method="dense")(ensemble), dense[:, ::2])
    with pytest.raises(ValueError, match="degeneracy=2"):
        GapRatio(10)(ensemble)
    assert np.all(GapRatio(10, degeneracy=2)(ensemble) > 0.1)


def test_shift_invert_never_misses_degenerate_levels_in_silence():
    # E = 0 is one level of a clean torus, which occurs 2 L - 2 = 22 or 86 times.
    with pytest.raises(RuntimeError, match="method='dense'"):
        Levels(10, method="shift-invert")(torus(44, 0, energy=0.0))
    assert np.allclose(Levels(10, method="shift-invert")(torus(12, 0, energy=0.0)), 0, atol=1e-9)
    assert np.allclose(Levels(10)(torus(12, 0, energy=0.0)), 0, atol=1e-12)


def test_levels_repel_in_metals_and_not_where_states_are_localized():
    # The mean of random matrices is drawn here, too; all within 4 standard errors.
    rng = np.random.default_rng(1)
    matrices = rng.normal(size=(40, 100, 100))
    levels = np.linalg.eigvalsh(matrices + matrices.swapaxes(1, 2))[:, 25:75]
    goe = spacing_ratios(levels).mean(axis=1)
    metal = GapRatio(50)(torus(12, 3.0, samples=40))
    insulator = GapRatio(50)(torus(12, 60.0, samples=40))
    assert abs(goe.mean() - metal.mean()) < 4 * np.hypot(*(_error(x) for x in (goe, metal)))
    assert abs(insulator.mean() - POISSON) < 4 * _error(insulator)
    assert metal.mean() - insulator.mean() > 10 * _error(metal)


def test_a_field_makes_the_repulsion_that_of_unitary_matrices():
    # The ratio grows from 0.53 to 0.60: more than 4 standard errors.
    without, within = (GapRatio(40)(torus(10, 3.0, samples=40, quanta=n)) for n in (0, 7))
    assert np.mean(within) - np.mean(without) > 4 * _error(within - without)


def test_ratios_of_three_levels_are_those_of_the_surmise():
    # <r> = 4 - 2√3 for 3 x 3 matrices of the orthogonal ensemble, within 4 standard errors.
    matrices = np.random.default_rng(2).normal(size=(20000, 3, 3))
    ratios = spacing_ratios(np.linalg.eigvalsh(matrices + matrices.swapaxes(1, 2)))[:, 0]
    assert abs(ratios.mean() - (4 - 2 * np.sqrt(3))) < 4 * _error(ratios)


def test_ratios_of_independent_levels_are_those_of_poisson():
    levels = np.sort(np.random.default_rng(3).uniform(size=(200, 100)), axis=1)
    ratios = spacing_ratios(levels).mean(axis=1)
    assert abs(ratios.mean() - POISSON) < 4 * _error(ratios)


def test_ratios_change_neither_with_the_unit_nor_with_the_origin():
    levels = np.sort(np.random.default_rng(4).normal(size=20))
    assert np.allclose(spacing_ratios(3 - 7 * levels[::-1]), spacing_ratios(levels)[::-1])


def test_eigenstates_are_handed_over_with_their_levels():
    def energies(levels, states, positions):
        assert positions.shape == (16, 2)
        return np.einsum("in,ij,jn->n", states.conj(), matrices.pop(0).toarray(), states) - levels

    ensemble = torus(4, 2.0, samples=3)
    matrices = list(ensemble)
    assert np.abs(Eigenstates(energies, 5)(ensemble)).max() < 1e-12


def test_states_by_both_methods_are_the_same():
    def densities(levels, states, positions):
        return np.abs(states) ** 2

    ensemble = torus(12, 2.0, samples=2)
    dense, sparse = (Eigenstates(densities, 4, method=m) for m in ("dense", "shift-invert"))
    assert np.allclose(dense(ensemble), sparse(ensemble), atol=1e-9)


@pytest.mark.parametrize(
    "call, answer",
    [
        (lambda: Levels(0), "an integer from 1"),
        (lambda: Levels(2.5), "an integer from 1"),
        (lambda: Levels(method="lanczos"), "method must be"),
        (lambda: GapRatio(5, degeneracy=2), "an integer from 6"),
        (lambda: GapRatio(5, degeneracy=3), "degeneracy must be"),
        (lambda: Levels(17)(torus(4, 1.0)), "17 levels of a Hamiltonian that has 16"),
        (lambda: Levels(12, method="shift-invert")(torus(4, 1.0)), "fewer than 10"),
        (lambda: Levels(method="shift-invert")(torus(4, 1.0)), "method='dense'"),
        (lambda: GapRatio()(torus(4, 0)), "zero within rounding"),
        (lambda: spacing_ratios([1.0, 0.0, 2.0]), "increasing"),
        (lambda: spacing_ratios([0.0, 1.0]), "three different levels"),
        (lambda: Levels(5, degeneracy=2), "must be even"),
        (lambda: Levels(6, degeneracy=2)(torus(4, 1.0)), "2 times"),
    ],
)
def test_wrong_input_is_refused(call, answer):
    with pytest.raises(ValueError, match=answer):
        call()


def _error(values):
    return np.std(values, ddof=1) / np.sqrt(len(values))
