"""Motion of wave packets: amplitudes of f(H) exp(-iHt) |start> at many times.

The filter f(H) = exp(-(H - E)²/(4 width²)) gives a packet of any shape the energies that a
measurement is about: its weights |f|² are a Gaussian of standard deviation ``width``. All start
states, and all times, share one Chebyshev expansion (`mesokwant.closed.chebyshev`, which states the
cost).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from .chebyshev import check_width, expand, finite_numbers
from .ensemble import ClosedEnsemble, require_closed


def evolve(
    hamiltonian: Any,
    states: ArrayLike,
    times: Sequence[float],
    *,
    energy: float = 0.0,
    width: float | None = None,
    orbitals: ArrayLike | None = None,
) -> NDArray[np.complex128]:
    """Evolve states in time, after a filter of their energies if a width is given.

    Parameters
    ----------
    hamiltonian
        A Hermitian matrix, sparse or not, shape (orbitals, orbitals).
    states
        One state or many at once, shape (orbitals,) or (orbitals, states).
    times
        Times in ħ/t, of any sign.
    energy, width
        Centre of the window of energies, and the standard deviation of the weights |f(E)|² in it.
        The filtered states are not normalized: their squared norm is the weight in the window.
        Without a width, no filter acts.
    orbitals
        Orbitals whose amplitudes are wanted; all by default.

    Returns
    -------
    numpy.ndarray
        f(H) exp(-iHt) times the states, complex, shape (times, orbitals) or
        (times, orbitals, states).

    Raises
    ------
    ValueError
        If the matrix is not Hermitian or of another size than the states, if a time is not finite,
        or if the width is not positive.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice
    >>> chain = mk.hamiltonians(Lattice(100))
    >>> start = np.identity(100)[:, 50]
    >>> later = evolve(chain[0], start, times=(0.0, 10.0))
    >>> np.sum(np.abs(later) ** 2, axis=1).round(12)
    array([1., 1.])
    >>> distance = np.arange(100) - 50
    >>> float(np.sum(distance**2 * np.abs(later[1]) ** 2).round(6))  # It is ballistic: 2t².
    200.0
    """
    matrix = sp.csr_array(hamiltonian)
    block = np.asarray(states)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"the Hamiltonian must be a square matrix, not of shape {matrix.shape}")
    if block.ndim not in (1, 2) or block.shape[0] != matrix.shape[0]:
        raise ValueError(
            f"states must have shape ({matrix.shape[0]},) or ({matrix.shape[0]}, states), one "
            f"amplitude for each orbital, not {block.shape}"
        )
    if abs(matrix - matrix.conj().T).max() > 1e-13 * abs(matrix).max():
        raise ValueError("the Hamiltonian must be Hermitian: it is not equal to its adjoint")
    moments = finite_numbers(times, "times")
    if width is not None:
        check_width(width)

    def function(energies: NDArray) -> NDArray:
        window = 1.0 if width is None else np.exp(-(((energies - energy) / (2 * width)) ** 2))
        return window * np.exp(-1j * moments[:, None] * energies)

    columns = block[:, None] if block.ndim == 1 else block
    chosen = None if orbitals is None else np.asarray(orbitals)
    result = expand(matrix, columns, function, orbitals=chosen)
    return result[..., 0] if block.ndim == 1 else result


@dataclass(frozen=True)
class Evolution:
    """A function of wave packets at several times, shape (samples, times, ...).

    Attributes
    ----------
    start
        It is called with the positions of the orbitals' sites, shape (orbitals, dimensions), and
        returns the states at time 0: shape (orbitals,), or (orbitals, states) for many at once.
    times
        Times in ħ/t.
    function
        It is called as ``function(states, positions)`` for each sample, with the states at all
        times, shape (times, orbitals) or (times, orbitals, states), and the positions of the
        orbitals that they are given at. It returns an array whose first axis is the time.
    width
        Width of the window around the energy of the ensemble; see `evolve`.
    at
        Predicate on positions: the orbitals at which amplitudes are wanted. Few of them save
        most of the time, and memory, that many times cost. All by default.
    unit, inner
        Unit of the result, and names of its axes after the time.

    Raises
    ------
    ValueError
        If a time is not finite, or if the width is not positive; when it is called, if the
        predicate holds nowhere, or if the function gives no array with the time as its first axis.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice
    >>> def start(positions):
    ...     return (positions[:, 0] == 50).astype(float)
    >>> def spread(states, positions):
    ...     return np.sum((positions[:, 0] - 50) ** 2 * np.abs(states) ** 2, axis=1)
    >>> chain = mk.hamiltonians(Lattice(100), disorder=mk.Anderson(2.0), samples=3)
    >>> mk.closed.Evolution(start, (0.0, 10.0, 20.0), spread)(chain).shape
    (3, 3)
    """

    start: Callable[[NDArray], ArrayLike]
    times: tuple[float, ...]
    function: Callable[[NDArray, NDArray], ArrayLike]
    _: KW_ONLY
    width: float | None = None
    at: Callable[[NDArray], bool] | None = None
    unit: str = ""
    inner: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", tuple(map(float, finite_numbers(self.times, "times"))))
        if self.width is not None:
            check_width(self.width)

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of the axes after the sample."""
        return "time", *self.inner

    def __call__(self, ensemble: ClosedEnsemble) -> NDArray:
        ensemble = require_closed(ensemble, self)
        positions = ensemble.positions
        states, orbitals, seen = np.asarray(self.start(positions)), None, positions
        if self.at is not None:
            orbitals = np.flatnonzero([bool(self.at(position)) for position in positions])
            if not len(orbitals):
                raise ValueError("the predicate `at` holds at no site, so that nothing is measured")
            seen = positions[orbitals]
        results = []
        for matrix in ensemble:
            evolved = evolve(
                matrix,
                states,
                self.times,
                energy=ensemble.energy,
                width=self.width,
                orbitals=orbitals,
            )
            result = np.asarray(self.function(evolved, seen))
            if result.shape[:1] != (len(self.times),):
                raise ValueError(
                    f"the function of the states gave shape {result.shape} for {len(self.times)} "
                    "times; its first axis must be the time"
                )
            results.append(result)
        return np.stack(results)
