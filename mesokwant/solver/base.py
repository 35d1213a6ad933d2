"""The contract of a back end: what it takes, what it gives, and what it must hold to.

A back end is a class with one method, `Backend.solve`. It takes a batch of pairs (problem,
numbers): a `Problem` is the clean Hamiltonian, the lead modes and the disorder at one parameter
point, and the numbers say which of its samples are wanted. It gives a `Solution` for every pair,
with one scattering matrix per sample. Whoever writes one adds it to ``BACKENDS`` in
`mesokwant.solver.backends`, which makes its name a value of ``solver=``, and to the tests in
``tests/solver``, which compare all back ends with Kwant.

A back end gets the Hamiltonian of sample ``n`` by::

    values = problem.values([n])           # the elements that vary, shape (1, elements)
    matrix = problem.hamiltonian(values[0])  # sparse, all orbitals

or, to be fast, puts the rows of ``problem.values(numbers)`` at the positions ``problem.varying``
of the pattern ``problem.structure`` itself. `mesokwant.solver.reference` is the shortest example.

A back end must hold to the following:

* S relates outgoing to incoming lead modes exactly as `kwant.smatrix` does, in the modes of
  `Problem.modes`. Rows are the modes of ``problem.out_leads`` and columns those of
  ``problem.in_leads``, both with the leads in increasing order. A lead without modes has no rows
  and no columns.
* The result of a sample depends on the problem and the number of the sample, to the last bit, and
  not on the other samples and problems of the batch.
* The problems of a batch may differ in everything: energy, parameters, disorder and the leads asked
  for. A back end may share work between those of one structure.
* The Hamiltonian may be real or complex, Hermitian or not. A back end that can't solve a problem,
  or not exactly enough, hands it to another one, such as `KwantBackend`.
* A sample whose result may be inaccurate is solved again in a safer way, and its number is
  reported in `Solution.resolved`. An inaccurate result is never returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from numpy.typing import NDArray

from .problem import Problem

Batch = Sequence[tuple[Problem, Sequence[int]]]
"""Pairs of a problem and the numbers of the samples of it that are wanted."""


@dataclass(frozen=True, eq=False)
class Solution:
    """Scattering matrices of some samples.

    Attributes
    ----------
    data
        Complex, shape (samples, modes out, modes in), in the order of the numbers asked for.
    resolved
        Numbers of the samples that were solved again in a safer way.
    """

    data: NDArray
    resolved: tuple[int, ...] = ()


class Backend(Protocol):
    """A way of solving problems; the module's docstring says what it must hold to."""

    def solve(self, batch: Batch) -> list[Solution]:
        """Compute the scattering matrices of some samples of some problems.

        Parameters
        ----------
        batch
            Pairs (problem, which of its samples to solve). Numbers may be repeated and in any
            order, and so may problems.

        Returns
        -------
        list of Solution
            One for every pair, in their order.
        """
        ...
