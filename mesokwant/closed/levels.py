"""Observables of levels and eigenstates: the spectrum, its statistics, functions of states.

Levels of chaotic systems repel each other, and those of localized states do not: the mean ratio
of neighbouring gaps tells the two apart without unfolding the spectrum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .diagonalization import ROUNDING, check_number
from .ensemble import ClosedEnsemble, require_closed


@dataclass(frozen=True)
class Levels:
    """Eigenvalues of the Hamiltonian in increasing order, shape (samples, levels).

    Attributes
    ----------
    number
        How many levels: those nearest to the energy of the ensemble; None for all of them.
    degeneracy
        How often every level occurs: of Kramers pairs, which are 2, one level is given.
    method
        "dense" diagonalizes a full matrix. "shift-invert" finds some levels of a large sparse
        one, and counts them; a sample where it can't find all, as it may happen where levels are
        degenerate, fails. "auto" takes the faster one.

    Raises
    ------
    ValueError
        If ``number`` is no positive integer, or odd for Kramers pairs, or if there is no such
        method; when it is called, if not every level occurs as often as ``degeneracy`` says.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice
    >>> mk.closed.Levels()(mk.hamiltonians(Lattice(3))).round(6)
    array([[-2.,  1.,  1.]])
    """

    number: int | None = None
    _: KW_ONLY
    degeneracy: int = 1
    method: str = "auto"
    unit: ClassVar[str] = "t"
    dims: ClassVar[tuple[str, ...]] = ("level",)

    def __post_init__(self) -> None:
        check_number(self.number, self.method, degeneracy=self.degeneracy)

    def __call__(self, ensemble: ClosedEnsemble) -> NDArray:
        ensemble = require_closed(ensemble, self)
        return np.stack([
            ensemble.levels(index, self.number, self.method, degeneracy=self.degeneracy)
            for index in range(len(ensemble))
        ])  # fmt: skip


@dataclass(frozen=True)
class GapRatio:
    """Mean ratio <r> of neighbouring gaps among the levels of a sample, shape (samples,).

    See `spacing_ratios`.

    Attributes
    ----------
    number, degeneracy, method
        The levels that count: see `Levels`.

    Raises
    ------
    ValueError
        If ``number`` makes fewer than three different levels, or if there is no such method;
        when it is called, if levels are degenerate otherwise than ``degeneracy`` says.

    References
    ----------
    V. Oganesyan and D. A. Huse, Phys. Rev. B 75, 155111 (2007).

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice
    >>> ensemble = mk.hamiltonians(
    ...     Lattice(20, 20), params={"quanta": 0}, disorder=mk.Anderson(2.0), samples=2
    ... )
    >>> mk.closed.GapRatio(50)(ensemble).shape
    (2,)
    """

    number: int | None = None
    _: KW_ONLY
    degeneracy: int = 1
    method: str = "auto"
    unit: ClassVar[str] = ""
    dims: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        check_number(self.number, self.method, degeneracy=self.degeneracy, least=3)

    def __call__(self, ensemble: ClosedEnsemble) -> NDArray:
        levels = Levels(self.number, degeneracy=self.degeneracy, method=self.method)(ensemble)
        return np.mean(spacing_ratios(levels), axis=-1)


def spacing_ratios(levels: ArrayLike) -> NDArray:
    """Ratios r of the smaller to the larger one of two neighbouring gaps.

    Their mean is 2 ln 2 - 1 = 0.3863 for independent levels, and larger for levels that repel each
    other: about 0.53, 0.60 and 0.67 for β = 1, 2 and 4 [1]_.

    Parameters
    ----------
    levels
        Different levels in increasing order, shape (..., levels).

    Returns
    -------
    numpy.ndarray
        Numbers from 0 to 1, shape (..., levels - 2).

    Raises
    ------
    ValueError
        If levels are not in increasing order, if some are equal within rounding errors, or if there
        are fewer than three.

    References
    ----------
    .. [1] Y. Y. Atas, E. Bogomolny, O. Giraud, and G. Roux, Phys. Rev. Lett. 110, 084101 (2013).

    Examples
    --------
    >>> spacing_ratios([0.0, 1.0, 3.0, 3.5])
    array([0.5 , 0.25])
    """
    levels = np.asarray(levels, float)
    gaps = np.diff(levels, axis=-1)
    if gaps.shape[-1] < 2:
        raise ValueError("a ratio of gaps takes three different levels at least")
    if np.any(gaps < 0):
        raise ValueError("levels must be in increasing order along the last axis: sort them")
    if np.any(gaps < ROUNDING * np.abs(levels).max()):
        raise ValueError(
            "some gaps are zero within rounding errors: of Kramers pairs take one level each "
            "(degeneracy=2 in mesokwant.closed.GapRatio); a clean or symmetric system has other "
            "degenerate levels, and no statistics of its gaps"
        )
    first, second = gaps[..., :-1], gaps[..., 1:]
    return np.minimum(first, second) / np.maximum(first, second)


@dataclass(frozen=True)
class Eigenstates:
    """A function of the eigenstates of every sample, shape (samples, ...).

    States of a degenerate level have no basis of their own: only what sums over all of them means
    anything.

    Attributes
    ----------
    function
        It is called as ``function(levels, states, positions)`` for each sample: the levels in
        increasing order, shape (levels,); the normalized states as columns, shape
        (orbitals, levels); the positions of the orbitals' sites, shape (orbitals, dimensions).
        It returns numbers, of the same shape for all samples.
    number, method
        Which states: see `Levels`.
    unit, dims
        Unit of the result and names of its axes, as far as they are known.

    Raises
    ------
    ValueError
        If ``number`` is no positive integer, or if there is no such method.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice
    >>> def participation(levels, states, positions):
    ...     return 1 / np.sum(np.abs(states) ** 4, axis=0)
    >>> chain = mk.hamiltonians(Lattice(9, boundary="hard"))
    >>> mk.closed.Eigenstates(participation)(chain).round(6)[0, 0]
    np.float64(6.666667)
    """

    function: Callable[[NDArray, NDArray, NDArray], Any]
    number: int | None = None
    _: KW_ONLY
    method: str = "auto"
    unit: str = ""
    dims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_number(self.number, self.method)

    def __call__(self, ensemble: ClosedEnsemble) -> NDArray:
        ensemble = require_closed(ensemble, self)
        results = []
        for index in range(len(ensemble)):
            levels, states = ensemble.eigenstates(index, self.number, self.method)
            results.append(np.asarray(self.function(levels, states, ensemble.positions)))
        return np.stack(results)
