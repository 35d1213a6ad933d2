r"""Chain between two leads, with vacancies, impurities and further-neighbour hopping.

    H = -Σ_{m=1}^{R} t_m Σ_x ( |x+m><x| + h.c. ) + impurity Σ_{x in impurities} |x><x|

with x running over all sites but the vacancies, `hoppings` = (t_1, ..., t_R) and the Kwant
parameter `impurity` U. Energies are in the nearest-neighbour hopping, from the band centre;
lengths in the lattice constant. The clean band is

    E(k) = -2 Σ_m t_m cos(m k).

The sign makes k = 0 the bottom of the band; texts with E = 2 cos k count k from the top, and
nothing measurable changes. One impurity in a chain with R = 1 transmits

    T = 1/(1 + U²/(4 - E²)),    4 - E² = 4 sin² k,

and a vacancy is the limit U -> ∞, which transmits nothing.

References
----------
E. N. Economou, Green's Functions in Quantum Physics, 3rd ed. (Springer, 2006), ch. 6.
"""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import kwant
import numpy as np

from systems.base import System
from systems.ingredients import two_terminal


def impurity_energy(site: kwant.builder.Site, impurity: float) -> float:
    """On-site energy of an impurity, in t."""
    return impurity


def _cut_off(chain: kwant.Builder) -> list[kwant.builder.Site]:
    """The sites that cannot be reached from the leads."""
    reached: set[kwant.builder.Site] = set()
    waiting = [site for lead in chain.leads for site in lead.interface]
    while waiting:
        site = waiting.pop()
        if site not in reached:
            reached.add(site)
            waiting.extend(chain.neighbors(site))
    return [site for site in chain.sites() if site not in reached]


@dataclass(frozen=True, slots=True)
class Chain(System):
    """Chain of sites x = 0 ... length - 1 with leads that continue it.

    Hopping of range R = len(hoppings) makes R sites the unit cell of a lead. So the length
    is a multiple of R, and the first and the last R sites, to which the leads attach, hold
    no vacancies. Sites that vacancies cut off from both leads are left out: no current
    reaches them, and at the energies of their bound states the equation that a solver
    solves would be singular.

    Parameters
    ----------
    length
        Sites of the scattering region, vacancies included.
    vacancies
        Positions x of removed sites.
    impurities
        Positions x of the sites with on-site energy `impurity` (a parameter only then).
    hoppings
        Amplitudes t_1, t_2, ..., t_R to the nearest, second, ... neighbour.

    Raises
    ------
    TypeError, ValueError
        If the length or a position does not fit the above, if a site is both vacant and an
        impurity, or if an amplitude is no finite number or the last one is zero.

    Examples
    --------
    >>> Chain(length=5, vacancies=(2,), impurities=(3,)).build().parameters
    frozenset({'impurity'})
    """

    length: int
    vacancies: tuple[int, ...] = ()
    impurities: tuple[int, ...] = ()
    hoppings: tuple[float, ...] = (1.0,)

    units: ClassVar[Mapping[str, str]] = {
        "length": "a",
        "vacancies": "a",
        "impurities": "a",
        "hoppings": "t",
        "impurity": "t",
    }

    def __post_init__(self) -> None:
        self._store_count("length")
        for name in ("vacancies", "impurities"):
            self._store_positions(name)
        self._store_hoppings()
        reach = len(self.hoppings)
        if self.length % reach:
            raise ValueError(
                f"length must be a multiple of the range of the hopping, {reach}, so that whole "
                f"unit cells of the leads fit; got {self.length}."
            )
        if not set(self.vacancies) <= set(self._free_sites()):
            raise ValueError(
                f"vacancies must leave the first and the last {reach} sites, where the leads "
                f"attach, of a chain of length {self.length}; got {self.vacancies}. "
                "Use a longer chain."
            )
        if both := sorted({*self.vacancies} & {*self.impurities}):
            raise ValueError(f"A site cannot be both vacant and an impurity; got {both} in both.")

    @classmethod
    def drawn(
        cls,
        length: int,
        concentration: float,
        seed: int,
        *,
        impurities: Iterable[int] = (),
        hoppings: Iterable[float] = (1.0,),
    ) -> "Chain":
        """A chain whose sites are vacant independently, each with probability `concentration`.

        The sites that leads attach to and the impurities stay. For one seed, the vacancies
        of a lower concentration are among those of a higher one.
        """
        if not 0 <= concentration <= 1:
            raise ValueError(f"concentration must lie between 0 and 1; got {concentration!r}.")
        full = cls(length, impurities=tuple(impurities), hoppings=tuple(hoppings))
        vacant = np.random.default_rng(seed).random(full.length) < concentration
        vacancies = (x for x in full._free_sites() if vacant[x] and x not in full.impurities)
        return replace(full, vacancies=tuple(vacancies))

    def builder(self) -> kwant.Builder:
        lattice = kwant.lattice.chain(norbs=1)
        reach = len(self.hoppings)
        bonds = {(m,): -t for m, t in enumerate(self.hoppings, start=1) if t != 0}
        chain = two_terminal(lattice, [()], self.length, bonds=bonds, period=reach)
        for x in self.impurities:
            chain[lattice(x)] = impurity_energy
        for x in self.vacancies:
            del chain[lattice(x)]
        del chain[_cut_off(chain)]
        return chain

    def _free_sites(self) -> range:
        """The sites that no lead attaches to."""
        return range(len(self.hoppings), self.length - len(self.hoppings))

    def _store_positions(self, name: str) -> None:
        given = getattr(self, name)
        wanted = f"{name} must be positions 0 <= x < {self.length}, whole numbers"
        try:
            positions = tuple(sorted({operator.index(x) for x in given}))
        except TypeError:
            raise TypeError(f"{wanted}; got {given!r}.") from None
        if positions and not 0 <= positions[0] <= positions[-1] < self.length:
            raise ValueError(f"{wanted}; got {given!r}.")
        object.__setattr__(self, name, positions)

    def _store_hoppings(self) -> None:
        given = self.hoppings
        wanted = "hoppings must be finite amplitudes t_1, ..., t_R, the last one not zero"
        try:
            amplitudes = tuple(float(t) for t in given)
        except (TypeError, ValueError):
            raise TypeError(f"{wanted}; got {given!r}.") from None
        if not amplitudes or not np.isfinite(amplitudes).all() or amplitudes[-1] == 0:
            raise ValueError(f"{wanted}; got {given!r}.")
        object.__setattr__(self, "hoppings", amplitudes)
