"""Estimate how long the back ends take for some samples of a problem.

`kwant_seconds` and `batched_seconds` take a `Problem` and a number of samples and give a time in
seconds, of which `mesokwant.solver.backends` takes the smaller. The times hold for the processor on
which the table was measured (`python -m benchmarks.choice --fit` prints it anew); only their
ratios matter, and these differ less between processors than the times do.

The number of operations follows from a few sizes of the problem. The elements of H have to be put
in place. The width of the system is the number of orbitals between two cuts, which decides how full
the fronts of an elimination become: the work on them grows with elements * width where the
separators are those of nested dissection, and elements * width² where they are not. Kwant solves
for one right-hand side per incoming mode. Dense steps on the orbitals of the interfaces grow with
the third power of their number. The rates are the best fit to measured times, which they meet
within 30 % for Kwant and 50 % for the batched solver.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from ..hamiltonian import kwant
from .problem import Problem


class Rates(NamedTuple):
    """Seconds for each of the sizes of a problem, or the sizes themselves.

    Attributes
    ----------
    call
        Once, whatever the size.
    sites
        For a site of the scattering region.
    elements
        For an element of the Hamiltonian.
    fronts
        For an element times the width of the system; complex elements count as three.
    factors
        For an element times the width squared.
    modes
        For an orbital times the number of incoming modes.
    interface
        For the third power of the number of orbitals that leads attach to.
    """

    call: float = 0.0
    sites: float = 0.0
    elements: float = 0.0
    fronts: float = 0.0
    factors: float = 0.0
    modes: float = 0.0
    interface: float = 0.0

    def seconds(self, sizes: Rates) -> float:
        """Time for a problem of these sizes."""
        return sum(rate * size for rate, size in zip(self, sizes, strict=True))


MUMPS = Rates(call=4.8e-3, elements=1.0e-6, factors=6.7e-11, modes=9.1e-8, interface=5.7e-9)
"""Kwant with MUMPS, for a sample."""

SUPERLU = Rates(call=4.6e-3, elements=2.2e-7, factors=5.9e-10, modes=2.0e-7, interface=9e-9)
"""Kwant with SciPy's SuperLU, for a sample."""

DISSECTION = Rates(call=4e-3, sites=2.2e-5)
"""The batched solver, for a system that it has not dissected yet."""

GROUP = Rates(call=3e-4, elements=5e-8, fronts=2.2e-9)
"""The batched solver, for the elimination of a group of samples that fill the lanes, or fewer."""

LEADS = Rates(interface=3.6e-10)
"""The batched solver, for the last step of a sample."""

GROUP_SIZE = 8
"""Number of samples in a group; processors without AVX-512 take groups of four in half the time."""

LOADING_KERNELS = 0.28
"""Seconds to load the compiled kernels into a process, once they are compiled."""


def kwant_seconds(problem: Problem, samples: int) -> float:
    """Time in seconds for some samples by Kwant, with the solver that it has here.

    Parameters
    ----------
    problem
        What the samples share.
    samples
        How many samples.
    """
    rates = MUMPS if has_mumps() else SUPERLU
    return samples * rates.seconds(sizes_of(problem))


def batched_seconds(problem: Problem, samples: int, *, dissected: bool, loaded: bool) -> float:
    """Time in seconds for some samples by the batched solver.

    Parameters
    ----------
    problem
        What the samples share.
    samples
        How many samples, at one or several parameter points of the same system.
    dissected
        Whether the system has been dissected before.
    loaded
        Whether the compiled kernels have been loaded.
    """
    sizes = sizes_of(problem)
    seconds = math.ceil(samples / GROUP_SIZE) * GROUP.seconds(sizes)
    seconds += samples * LEADS.seconds(sizes)
    if not dissected:
        seconds += DISSECTION.seconds(sizes)
    return seconds if loaded else seconds + LOADING_KERNELS


def has_mumps() -> bool:
    """Whether Kwant solves by MUMPS here, and not by SuperLU."""
    return bool(kwant.solvers.default.smodule.__name__ == "kwant.solvers.mumps")


def sizes_of(problem: Problem) -> Rates:
    """The sizes of a problem that decide on the time it takes."""
    structure = problem.structure
    elements, width = len(structure.indices), width_of(problem)
    modes = sum(problem.num_propagating(lead) for lead in problem.in_leads)
    return Rates(
        call=1,
        sites=structure.num_sites,
        elements=elements,
        fronts=elements * width * (1 if problem.real else 3),
        factors=elements * width**2,
        modes=structure.num_orbitals * modes,
        interface=sum(map(len, structure.interfaces)) ** 3,
    )


def width_of(problem: Problem) -> float:
    """Mean number of orbitals at the same distance from the first lead, in hoppings.

    It is that of a cross-section in a wire and a bar, whatever the leads attach to.
    """
    structure, n = problem.structure, problem.structure.num_orbitals
    starts = [orbitals for orbitals in structure.interfaces if len(orbitals)]
    if not starts:
        return float(n)
    ones = np.ones(len(structure.indices))
    graph = sp.csr_array((ones, structure.indices, structure.indptr), shape=(n, n))
    distances = dijkstra(graph, unweighted=True, indices=starts[0], min_only=True)
    reached = distances[np.isfinite(distances)]
    return float(len(reached) / (reached.max() + 1))
