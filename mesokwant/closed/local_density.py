r"""Local density of states of closed samples, with energies resolved to a Gaussian of given width.

    n_i(E) = Σ_n |ψ_n(i)|² exp(-(E - E_n)²/(2w²)) / (w √(2π))

It is the diagonal of a function of H, and so no eigenstate is computed: `chebyshev.expand` applies
the function to unit vectors. All energies share one expansion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian.structure import concatenated_ranges
from .chebyshev import check_width, expand, finite_numbers
from .ensemble import ClosedEnsemble, require_closed

TOGETHER = 32
"""Unit vectors that share an expansion."""


@dataclass(frozen=True)
class LocalDensity:
    """Local density of states of every site, shape (samples, energies, sites).

    It is summed over the orbitals of a site, and its integral over energies is their number. The
    cost is that of some 8 b/w products of the Hamiltonian, of half-width b, with a vector for every
    orbital.

    Attributes
    ----------
    width
        Standard deviation w of the Gaussian that resolves the energies.
    energies
        The energies; None for the energy of the ensemble alone.
    where
        Predicate on `kwant.builder.Site`: the sites that are wanted, in the order of the system.
        All by default.

    Raises
    ------
    ValueError
        If the width is not positive, or if an energy is not finite; when it is called, if the
        predicate holds nowhere.

    Examples
    --------
    >>> import mesokwant as mk
    >>> from systems import Lattice
    >>> ring = mk.hamiltonians(Lattice(50))
    >>> density = mk.closed.LocalDensity(0.3)(ring)
    >>> density.shape, bool(np.ptp(density) < 1e-12)  # All sites of a clean ring are equal.
    ((1, 1, 50), True)
    """

    width: float
    _: KW_ONLY
    energies: tuple[float, ...] | None = None
    where: Callable[[Any], bool] | None = None
    unit: ClassVar[str] = "1/t"
    dims: ClassVar[tuple[str, ...]] = ("at_energy", "site")

    def __post_init__(self) -> None:
        check_width(self.width)
        if self.energies is not None:
            numbers = finite_numbers(self.energies, "energies")
            object.__setattr__(self, "energies", tuple(map(float, numbers)))

    def __call__(self, ensemble: ClosedEnsemble) -> NDArray:
        ensemble = require_closed(ensemble, self)
        structure = ensemble.structure
        sites = np.arange(structure.num_sites)
        if self.where is not None:
            sites = np.flatnonzero([bool(self.where(site)) for site in structure.sites])
            if not len(sites):
                raise ValueError("the predicate `where` holds at no site: there is no density")
        starts, sizes = structure.offsets[sites], np.diff(structure.offsets)[sites]
        orbitals = concatenated_ranges(starts, sizes)
        of_site = np.cumsum(sizes) - sizes
        return np.stack(
            [
                np.add.reduceat(
                    self._of_orbitals(matrix, orbitals, ensemble.energy), of_site, axis=1
                )
                for matrix in ensemble
            ]
        )

    def _of_orbitals(self, matrix: Any, orbitals: NDArray, energy: float) -> NDArray:
        """Density at some orbitals of one sample, shape (energies, orbitals)."""
        centres = np.array((energy,) if self.energies is None else self.energies)

        def gaussian(energies: NDArray) -> NDArray:
            exponents = ((energies - centres[:, None]) / self.width) ** 2 / 2
            return np.exp(-exponents) / (self.width * np.sqrt(2 * np.pi))

        result = np.empty((len(centres), len(orbitals)))
        for first in range(0, len(orbitals), TOGETHER):
            chosen = orbitals[first : first + TOGETHER]
            units = np.zeros((matrix.shape[0], len(chosen)))
            units[chosen, np.arange(len(chosen))] = 1
            found = expand(matrix, units, gaussian, orbitals=chosen)
            result[:, first : first + TOGETHER] = np.diagonal(found, axis1=1, axis2=2).real
        return result
