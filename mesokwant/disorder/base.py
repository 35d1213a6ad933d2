"""What every kind of disorder is: a value, and the draw that it becomes on a system.

A kind is a frozen dataclass derived from `Disorder`: its fields say what is random, and
values add up to a `Sum`. Its method ``bind(structure)`` gives a `Draw`, which writes the
disorder of one sample after the other into the Hamiltonian. The kinds of this package and a
user's own follow the same contract:

1.  ``bind`` gets the `Structure` of the finalized system: ``structure.num_sites``,
    ``structure.sites`` (each a Kwant site with ``pos``, ``tag`` and ``family``),
    `site_positions`, and ``structure.entries(rows, columns)``, which finds matrix elements.
    It is called once per system, so whatever all samples share is computed there.
2.  It returns a `Draw`. A random potential is a `SitePotential`, a random factor on the
    hoppings is `BondFactors`; both take a function of a random-number generator.
3.  The generator that they hand over, a fresh one for every sample and every term, is the
    only source of randomness. Random numbers are drawn for ALL sites or bonds, in their
    order, also for those that `where` excludes; strength and concentration act afterwards.
    Changing the strength or `where` therefore leaves a sample's random numbers unchanged.

A kind of one's own in full is in ``docs/how-to/own-disorder.md``; its shortest form is

>>> from dataclasses import dataclass
>>> from mesokwant.disorder.potential import SitePotential
>>> @dataclass(frozen=True)
... class Staggered(Disorder):
...     strength: float
...
...     def bind(self, structure):
...         def potential(rng):
...             return self.strength * rng.choice([-1, 1], structure.num_sites)
...
...         return SitePotential(structure, potential)
>>> Staggered(0.5) + Staggered(0.1)
Sum(terms=(Staggered(strength=0.5), Staggered(strength=0.1)))
"""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # for the hints alone: at run time it would import Kwant
    from ..hamiltonian.structure import Index, Structure

Where = Callable[[Any], bool]
"""A predicate on `kwant.builder.Site`: which sites are disordered."""


class Draw(Protocol):
    """One term of the disorder on one system: which elements of H it changes, and to what.

    Attributes
    ----------
    entries
        Positions, in the sparsity pattern of H, of all elements that the term may change:
        what ``structure.entries(rows, columns)`` returns. Each element occurs once.
    real
        Whether the term keeps a real Hamiltonian real.
    last
        Whether the term acts after all the others, as the removal of sites must.
    reads_energy
        Whether `apply` looks at the energy. If not, the values of a sample are kept for others.
    """

    entries: Index
    real: bool
    last: bool = False
    reads_energy: bool = True

    @abstractmethod
    def apply(self, values: NDArray, at: Index, rng: np.random.Generator, energy: float) -> None:
        """Change the values of one sample in place; H must stay Hermitian.

        Parameters
        ----------
        values
            Values of all elements that any term of the disorder changes, as the terms
            before this one left them.
        at
            Where the elements of `entries` stand in `values`, shape (len(entries),).
        rng
            The random numbers of this term in this sample, and the only randomness.
        energy
            Energy of the calculation, in t. The disorder must not depend on it; removed
            sites need it to keep their on-site energy off resonance.
        """


class Disorder:
    """Base class of all kinds of disorder: values that can be added.

    Attributes
    ----------
    units
        Field -> its unit, for the labels of axes; fields without a unit may be missing.
    """

    units: ClassVar[Mapping[str, str]] = {}

    def __add__(self, other: Disorder) -> Sum:
        return Sum(terms_of(self) + terms_of(other))

    def bind(self, structure: Structure) -> Draw:
        """Work out what all samples on a system share.

        The module docstring of `mesokwant.disorder.base` states the contract.

        Parameters
        ----------
        structure
            Sites, orbitals and sparsity pattern of the finalized system.

        Returns
        -------
        Draw
            What writes the disorder of each sample into the Hamiltonian.

        Raises
        ------
        ValueError
            If the disorder does not fit the system.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not say how it acts on a system; give it a method "
            "bind(structure) that returns a Draw, see docs/how-to/own-disorder.md"
        )


@dataclass(frozen=True)
class Sum(Disorder):
    """Several terms of disorder at once; the random numbers of each depend on its place."""

    terms: tuple[Disorder, ...]


def terms_of(disorder: Disorder | None) -> tuple[Disorder, ...]:
    """Split a disorder into its terms; None has none.

    Raises
    ------
    TypeError
        If it is no disorder, or if the predicate `where` of a term is no function.
    """
    if disorder is None:
        return ()
    if not isinstance(disorder, Disorder):
        raise TypeError(
            f"disorder must be a value such as mk.Anderson(strength=1.5) or a sum of them, "
            f"not {disorder!r}"
        )
    terms = disorder.terms if isinstance(disorder, Sum) else (disorder,)
    for term in terms:
        where = getattr(term, "where", None)
        if where is not None and not callable(where):
            raise TypeError(
                f"the predicate `where` of {type(term).__name__} must be a function of a kwant "
                f"Site, such as lambda site: site.pos[0] < 10, not {where!r}"
            )
    return terms


def kind_name(term: Disorder) -> str:
    """Name of the kind of a term: its class in snake case.

    >>> from mesokwant.disorder.bonds import BondDisorder
    >>> kind_name(BondDisorder(0.5))
    'bond_disorder'
    """
    between = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
    return re.sub(between, "_", type(term).__name__).lower()


def term_names(disorder: Disorder | None) -> tuple[str, ...]:
    """Name every term by its kind, with a number where a kind occurs more than once.

    >>> from mesokwant.disorder.potential import Anderson
    >>> from mesokwant.disorder.vacancies import Vacancies
    >>> term_names(Anderson(1.0) + Vacancies(0.1))
    ('anderson', 'vacancies')
    >>> term_names(Anderson(1.0) + Vacancies(0.1) + Anderson(2.0))
    ('anderson.0', 'vacancies', 'anderson.1')
    """
    kinds = [kind_name(term) for term in terms_of(disorder)]
    counts = Counter(kinds)
    numbers: dict[str, Iterator[int]] = {kind: iter(range(n)) for kind, n in counts.items()}
    return tuple(f"{kind}.{next(numbers[kind])}" if counts[kind] > 1 else kind for kind in kinds)


def chosen_sites(structure: Structure, where: Where | None) -> Index:
    """Numbers of the sites on which the predicate `where` holds; all sites for None.

    Raises
    ------
    ValueError
        If it holds on no site.
    """
    if where is None:
        return np.arange(structure.num_sites)
    chosen = np.flatnonzero([bool(where(site)) for site in structure.sites])
    if len(chosen) == 0:
        raise ValueError(
            "the predicate `where` of the disorder holds on no site of the scattering region; "
            "it is called with a kwant Site (site.pos, site.tag, site.family)"
        )
    return chosen


def site_positions(structure: Structure) -> NDArray[np.float64]:
    """Positions of all sites in lattice constants, shape (num_sites, dimensions)."""
    return np.array([site.pos for site in structure.sites], float)


def check_at_least_zero(term: Disorder, *names: str) -> None:
    """Check that fields of a term are finite numbers and not negative.

    Raises
    ------
    TypeError, ValueError
        If a field is no real number, or if it is negative or not finite.
    """
    for name in names:
        value = getattr(term, name)
        _refuse_unless(
            lambda number: math.isfinite(number) and number >= 0,
            value,
            f"{type(term).__name__}: {name} must be a finite number >= 0 (0 is the clean limit)",
        )


def check_fraction(term: Disorder, *names: str) -> None:
    """Check that fields of a term are numbers from 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If a field is no real number, or if it lies outside.
    """
    for name in names:
        value = getattr(term, name)
        _refuse_unless(
            lambda number: 0 <= number <= 1,
            value,
            f"{type(term).__name__}: {name} must be a number between 0 and 1",
        )


def _refuse_unless(holds: Callable[[Any], bool], value: object, wanted: str) -> None:
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{wanted}, not {value!r}")
    if not holds(value):
        raise ValueError(f"{wanted}, not {value!r}")
