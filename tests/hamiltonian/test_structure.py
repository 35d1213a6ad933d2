"""The structure of a system agrees with the matrices that Kwant evaluates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesokwant.hamiltonian.structure import concatenated_ranges, structure_of
from systems import SpinOrbitRibbon
from tests.helpers.lattices import chain, random_system, spinful, square


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 5)), min_size=1))
def test_concatenated_ranges_are_ranges(pairs):
    starts, sizes = np.array(pairs).T
    expected = [start + i for start, size in pairs for i in range(size)]
    assert concatenated_ranges(starts, sizes).tolist() == expected


@pytest.mark.parametrize(
    "system",
    [
        square(4, 5),
        chain(1),
        spinful(3, 4),
        random_system(2, sites=12, edges=9, leads=2, orbitals=3, real=False),
    ],
)
def test_values_in_the_pattern_are_the_hamiltonian_of_kwant(system):
    structure = structure_of(system)
    dense = np.zeros((structure.num_orbitals,) * 2, complex)
    dense[structure.rows, structure.indices] = structure.values({})
    np.testing.assert_array_equal(dense, system.hamiltonian_submatrix())
    np.testing.assert_array_equal(
        dense[structure.indices, structure.rows], structure.values({})[structure.transposed]
    )
    assert structure.num_sites == system.graph.num_nodes
    assert np.count_nonzero(structure.diagonal) == structure.num_orbitals


def test_the_pattern_does_not_depend_on_the_parameters():
    system = SpinOrbitRibbon(3, 4, coupling="rashba").build()
    structure = structure_of(system)
    for alpha in (0.0, 0.3):
        params = {"alpha": alpha, "zeeman": 0.0, "flux": 0.0}
        dense = np.zeros((structure.num_orbitals,) * 2, complex)
        dense[structure.rows, structure.indices] = structure.values(params)
        np.testing.assert_array_equal(dense, system.hamiltonian_submatrix(params=params))


def test_interfaces_are_the_orbitals_at_the_ends():
    structure = structure_of(spinful(3, 4))
    x = np.repeat([site.pos[0] for site in structure.sites], 2)
    for interface, end in zip(structure.interfaces, (0, 3), strict=True):
        assert sorted(interface) == np.flatnonzero(x == end).tolist()


def test_elements_outside_the_pattern_are_refused():
    structure = structure_of(square(3, 4))
    inside = structure.entries(structure.rows, structure.indices)
    assert np.array_equal(inside, np.arange(len(structure.indices)))
    with pytest.raises(ValueError, match="outside the hoppings"):
        structure.entries(np.array([0]), np.array([structure.num_orbitals - 1]))


def test_systems_without_sites_say_so():
    structure = structure_of(random_system(2, sites=4, edges=2, leads=1, orbitals=1, real=True))
    with pytest.raises(ValueError, match="has no sites"):
        structure.sites  # noqa: B018
