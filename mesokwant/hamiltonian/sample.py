"""Make a finalized Kwant system of one disordered sample, for any tool of Kwant.

`sample_system` takes the structure of a system, the elements of the Hamiltonian of one sample and
the values of the parameters. It gives a copy of the finalized system that has these elements and
no parameters: the tools of Kwant, such as `kwant.wave_function`, `kwant.operator` and
`kwant.kpm`, are called without ``params``. Its leads are copies as well, and evaluate their value
functions with the values of their own parameters.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .structure import Structure

NO_PARAMETERS: frozenset[str] = frozenset()

METHODS = (
    "hamiltonian",
    "hamiltonian_submatrix",
    "cell_hamiltonian",
    "inter_cell_hopping",
    "discrete_symmetry",
    "validate_symmetries",
    "selfenergy",
)
"""Methods of leads that take ``params``, beside ``modes``; a lead need not have them all."""


def sample_system(
    structure: Structure,
    elements: NDArray,
    params: Mapping[str, Any],
    *,
    energy: float | None = None,
    modes: Sequence[Any] = (),
) -> Any:
    """A copy of a finalized system whose Hamiltonian is that of one sample.

    Parameters
    ----------
    structure
        The structure of the system.
    elements
        Elements of H in the order of the pattern, shape (nnz,).
    params
        Values of the Kwant parameters of the system and its leads.
    energy, modes
        An energy, and Kwant's (PropagatingModes, StabilizedModes) of every lead at that energy. The
        leads give these modes where they are asked for that energy. Without them, all modes are
        Kwant's own.

    Returns
    -------
    kwant.system.FiniteSystem
        It has the class and the attributes of the system, and no parameters. The same ``params``
        may be passed to the tools of Kwant; other values raise a `ValueError`.
    """
    system = copy.copy(structure.system)
    system.hamiltonian = _Elements(structure, elements, params)
    system.parameters = NO_PARAMETERS
    if getattr(system, "site_ranges", None) is None:
        system.site_ranges = _site_ranges(structure)
    known = list(modes) or [None] * len(system.leads)
    system.leads = [
        _bound_lead(lead, params, energy, found)
        for lead, found in zip(system.leads, known, strict=True)
    ]
    return system


def _bound_lead(lead: Any, params: Mapping[str, Any], energy: float | None, modes: Any) -> Any:
    """A copy of a lead without parameters, which knows its modes at one energy."""
    own = {name: value for name, value in params.items() if name in lead.parameters}
    result = copy.copy(lead)
    for name in METHODS:
        if hasattr(lead, name):
            setattr(result, name, _Bound(getattr(lead, name), own))
    if hasattr(lead, "modes"):
        result.modes = _BoundModes(lead.modes, own, energy, modes)
    result.parameters = NO_PARAMETERS
    return result


class _Elements:
    """The method ``hamiltonian`` of a system whose matrix elements are known."""

    def __init__(self, structure: Structure, elements: NDArray, params: Mapping[str, Any]) -> None:
        self._offsets, self._indptr = structure.offsets, structure.indptr
        self._indices, self._elements = structure.indices, elements
        self._params = dict(params)

    def __call__(self, i: int, j: int, *args: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The block of H between the sites i and j; the on-site block if they are the same."""
        _refuse_others(params, self._params)
        first, last = self._offsets[i], self._offsets[i + 1]
        start, width = self._offsets[j], self._offsets[j + 1] - self._offsets[j]
        # Hoppings are dense blocks, so that all rows of a site have the same columns.
        columns = self._indices[self._indptr[first] : self._indptr[first + 1]]
        place = np.searchsorted(columns, start)
        if place == len(columns) or columns[place] != start:
            raise IndexError(f"there is no hopping between the sites {i} and {j}")
        begins = self._indptr[first:last] + place
        return self._elements[begins[:, None] + np.arange(width)]


class _Bound:
    """A method of a lead that is called with the same values of its parameters every time."""

    def __init__(self, method: Callable[..., Any], params: Mapping[str, Any]) -> None:
        self._method, self._params = method, dict(params)

    def __call__(self, *args: Any, params: Mapping[str, Any] | None = None, **options: Any) -> Any:
        _refuse_others(params, self._params)
        return self._method(*args, params=self._params, **options)


class _BoundModes(_Bound):
    """The modes of a lead, which are known at one energy."""

    def __init__(
        self,
        method: Callable[..., Any],
        params: Mapping[str, Any],
        energy: float | None,
        modes: Any,
    ) -> None:
        super().__init__(method, params)
        self._energy, self._modes = energy, modes

    def __call__(
        self,
        energy: float = 0,
        *args: Any,
        params: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        if self._modes is not None and energy == self._energy:
            _refuse_others(params, self._params)
            return self._modes
        return super().__call__(energy, *args, params=params, **options)


def _refuse_others(given: Mapping[str, Any] | None, params: Mapping[str, Any]) -> None:
    """Refuse values of parameters that differ from those of the sample.

    Names that are no parameters are for other functions, such as the operators of Kwant.
    """
    for name in (given or {}).keys() & params.keys():
        if given[name] is not params[name] and not np.array_equal(given[name], params[name]):  # type: ignore[index]
            raise ValueError(
                f"this system is one sample at {name}={params[name]!r}, and cannot be evaluated at "
                f"{name}={given[name]!r}: compute another ensemble with these params"  # type: ignore[index]
            )


def _site_ranges(structure: Structure) -> list[tuple[int, int, int]]:
    """Kwant's ranges (first site, orbitals of each site, first orbital) of equal sites."""
    numbers = range(structure.num_sites)
    orbitals = np.diff(structure.offsets).tolist()
    groups = groupby(numbers, key=orbitals.__getitem__)
    firsts = [next(group) for _, group in groups]
    ranges = [(first, orbitals[first], int(structure.offsets[first])) for first in firsts]
    return [*ranges, (structure.num_sites, 0, structure.num_orbitals)]
