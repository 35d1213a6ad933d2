"""Disorder bound to a system, and the one door to randomness.

The pair (seed, sample) decides every random number. So the same sample at
another field, energy, strength or `where`, in another batch or on another
worker, is the same configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian.structure import Index, Structure
from .draws import Draw
from .models import Disorder, terms_of


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
    entries
        Positions in the pattern of all elements that any term changes, sorted.
    """

    draws: tuple[Draw, ...]

    @cached_property
    def entries(self) -> Index:
        parts = [draw.entries for draw in self.draws]
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)

    @cached_property
    def _places(self) -> list[Index]:
        return [np.searchsorted(self.entries, draw.entries) for draw in self.draws]

    @property
    def real(self) -> bool:
        return all(draw.real for draw in self.draws)

    def values(self, clean: NDArray, seed: int, sample: int, energy: float) -> NDArray:
        """Values of the varying elements of H in one sample, given their clean values.

        The energy only keeps isolated sites off resonance: see `Vacancies`.
        """
        values = clean.copy() if self.real else clean.astype(complex)
        # Vacancies come last: what is cut stays cut.
        for last in (False, True):
            for term, (draw, at) in enumerate(zip(self.draws, self._places, strict=True)):
                if draw.last is last:
                    draw.apply(values, at, stream(seed, sample, term), energy)
        return values


def bind(disorder: Disorder | None, structure: Structure) -> Configurations:
    """Bind a disorder, or None, to the structure of a system."""
    return Configurations(tuple(term.bind(structure) for term in terms_of(disorder)))
