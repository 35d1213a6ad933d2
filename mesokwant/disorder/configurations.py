"""The one door to randomness: disorder bound to a system, and its values sample by sample.

`bind` takes a disorder and the structure of a system and gives `Configurations`. The triple
(seed, sample, place of the term in the sum) decides every random number. The same sample at
another field, energy, strength or `where`, in another batch or on another worker, therefore
has the same disorder. The last samples are kept, because a sweep over energies or fields asks for
the same ones at every point.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .base import Disorder, Draw, terms_of

if TYPE_CHECKING:
    from ..hamiltonian.structure import Index, Structure

KEPT_BYTES = 2**25
"""Memory for the samples that are kept; those drawn first are dropped first."""


def stream(seed: int, sample: int, term: int) -> np.random.Generator:
    """Random numbers of one term of the disorder in one sample (counter-based, Philox)."""
    key = np.array([seed, sample], np.uint64)
    counter = np.array([0, 0, 0, term], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


@dataclass(frozen=True, eq=False)
class Configurations:
    """The disorder bound to a system: the elements of H that vary, and their values by sample.

    Attributes
    ----------
    draws
        One draw for every term of the disorder, in the order of the sum.
    """

    draws: tuple[Draw, ...]

    @cached_property
    def entries(self) -> Index:
        """Positions in the pattern of all elements that any term changes, sorted."""
        parts = [draw.entries for draw in self.draws]
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)

    @cached_property
    def _places(self) -> list[Index]:
        return [np.searchsorted(self.entries, draw.entries) for draw in self.draws]

    @property
    def real(self) -> bool:
        """Whether every sample of a real Hamiltonian is real."""
        return all(draw.real for draw in self.draws)

    def values(self, clean: NDArray, seed: int, sample: int, energy: float) -> NDArray:
        """Values of the varying elements of H in one sample.

        Parameters
        ----------
        clean
            Their values without disorder, shape (len(entries),).
        seed, sample
            They decide the random numbers.
        energy
            Energy in t. It only keeps isolated sites off resonance: see `Vacancies`.

        Returns
        -------
        numpy.ndarray
            Shape (len(entries),), real if `clean` and all terms are real; read-only.
        """
        key = seed, sample, energy if self._reads_energy else None
        kept = self._kept.get(key)
        if kept is not None and kept[0].dtype == clean.dtype and np.array_equal(kept[0], clean):
            return kept[1]
        values = self._drawn(clean, seed, sample, energy)
        values.flags.writeable = False
        self._kept[key] = clean.copy(), values
        most = max(1, KEPT_BYTES // max(1, clean.nbytes + values.nbytes))
        while len(self._kept) > most:
            self._kept.pop(next(iter(self._kept)), None)
        return values

    @cached_property
    def _reads_energy(self) -> bool:
        return any(draw.reads_energy for draw in self.draws)

    @cached_property
    def _kept(self) -> dict[Hashable, tuple[NDArray, NDArray]]:
        """Clean values and values of the samples that are kept."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: not what follows from the rest."""
        return {"draws": self.draws}

    def _drawn(self, clean: NDArray, seed: int, sample: int, energy: float) -> NDArray:
        values = clean.copy() if self.real else clean.astype(complex)
        # Vacancies come last, so that no other term restores a hopping that they cut.
        for last in (False, True):
            for term, (draw, at) in enumerate(zip(self.draws, self._places, strict=True)):
                if draw.last == last:
                    draw.apply(values, at, stream(seed, sample, term), energy)
        return values


def bind(disorder: Disorder | None, structure: Structure) -> Configurations:
    """Bind a disorder, or None, to the structure of a system."""
    return Configurations(tuple(term.bind(structure) for term in terms_of(disorder)))
