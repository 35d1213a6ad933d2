"""Hamiltonians of single samples as dense matrices, on a spinless and a spinful system."""

import numpy as np

from mesokwant.disorder.configurations import bind
from mesokwant.hamiltonian.structure import structure_of
from systems import SpinOrbitRibbon, Wire

WIRE = structure_of(Wire(width=6, length=20).build())
SPINFUL = structure_of(SpinOrbitRibbon(width=4, length=10, coupling="rashba").build())


def clean_values(structure):
    """Elements of the clean Hamiltonian, every Kwant parameter at 0.1."""
    return structure.values(dict.fromkeys(structure.system.parameters, 0.1))


def dense(structure, values):
    """The matrix with these elements in the pattern of the structure."""
    matrix = np.zeros((structure.num_orbitals,) * 2, complex)
    matrix[structure.rows, structure.indices] = values
    return matrix


def matrices(disorder, structure, sample, seed=7, energy=-1.0):
    """The Hamiltonian of one sample, and the clean one."""
    clean = clean_values(structure)
    bound = bind(disorder, structure)
    values = clean.copy()
    values[bound.entries] = bound.values(clean[bound.entries], seed, sample, energy)
    return dense(structure, values), dense(structure, clean)


def difference(disorder, structure, sample, **options):
    """What the disorder adds to the Hamiltonian in one sample."""
    disordered, clean = matrices(disorder, structure, sample, **options)
    return disordered - clean


def potentials(disorder, structure, samples, seed=7):
    """Potential on every orbital in each sample, shape (samples, orbitals)."""
    bound = bind(disorder, structure)
    clean = np.zeros(len(bound.entries))
    on_site = structure.diagonal[bound.entries]
    return np.array(
        [bound.values(clean, seed, sample, 0.0)[on_site].real for sample in range(samples)]
    )
