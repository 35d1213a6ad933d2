r"""Voltage probes: weak leads on many sites, which take an electron's phase and give it back.

`VoltageProbes` attaches a one-dimensional lead with a single mode to chosen sites of any system
or `kwant.Builder`. Every probe is a chain of unit hopping at its band centre, whatever the energy,
joined to its site by the hopping `probe_coupling` c. Its self-energy is therefore

    Σ = -i c²,    in t,

at every energy, and with c = 0 there is no probe. A probe that draws no current (`floating` in
`mesokwant.Conductance`) gives back each electron that it takes, with a random phase [1]_.
Electrons enter probes on a share n of all sites at the rate

    1/τ_φ = 2 n c²/(1 + π ν c²)²,    in t/ħ,

with ν the local density of states of a site per orbital and t: what the T-matrix of a site,
Σ/(1 - Σ G) with G = -iπν, takes away, less what it scatters.
Weak probes make 2 n c². The rate is largest at c² = 1/(πν), and falls beyond it, where probes are
obstacles. `escape_rate` is this formula and `probe_coupling` its inverse.

No site of the region belongs to a probe, so disorder does not reach it. Each probe adds a lead:
a sample of a ribbon of 40 x 120 takes 1.5 ms without probes and 1.9, 4.2 and 44 ms with 20, 100 and
400 of them, and letting them float 0.04, 0.5 and 17 ms more (one core, batches of 64). A loop over
`kwant.smatrix` with SuperLU takes 0.15, 0.22, 0.39 and 1.3 s.

References
----------
.. [1] M. Büttiker, Phys. Rev. B 33, 3020 (1986).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import kwant
import numpy as np
from kwant.builder import Site

from systems.base import System, builder_of


def escape_rate(concentration: float, coupling: float, density: float) -> float:
    """Rate at which electrons enter probes, 1/τ_φ in t/ħ.

    Parameters
    ----------
    concentration
        Share of the sites that have a probe.
    coupling
        The Kwant parameter `probe_coupling`, in t.
    density
        Local density of states of a site per orbital and t, without probes.

    Examples
    --------
    >>> round(escape_rate(0.02, 0.5, density=0.14), 5)
    0.00812
    """
    return 2 * concentration * coupling**2 / (1 + math.pi * density * coupling**2) ** 2


def probe_coupling(concentration: float, rate: float, density: float) -> float:
    """Weakest coupling that makes electrons enter probes at a rate: the inverse of `escape_rate`.

    Parameters
    ----------
    concentration, density
        As in `escape_rate`.
    rate
        The rate 1/τ_φ in t/ħ.

    Raises
    ------
    ValueError
        If no coupling makes as high a rate.

    Examples
    --------
    >>> round(probe_coupling(0.02, 0.00812, density=0.14), 3)
    0.5
    """
    highest = concentration / (2 * math.pi * density)
    if not 0 <= rate <= highest:
        raise ValueError(
            f"rate must lie between 0 and {highest:.4g}, the highest rate that probes on a share "
            f"{concentration} of the sites make; got {rate!r}. Use more probes."
        )
    root = math.sqrt(1 - rate / highest)
    return math.sqrt((1 - root) / (1 + root) / (math.pi * density))


@lru_cache(maxsize=256)
def _modes(orbitals: int, self_energy: float) -> Any:
    """Modes of a chain at its band centre with this hopping, the size of its self-energy."""
    identity = np.identity(orbitals)
    return kwant.physics.modes(0 * identity, -self_energy * identity)


@dataclass(frozen=True, slots=True)
class Probe:
    """What Kwant asks for the modes of a probe; independent of the energy."""

    orbitals: int

    def __call__(self, energy: float, args: Any = (), *, params: Mapping[str, Any]) -> Any:
        return _modes(self.orbitals, float(params["probe_coupling"]) ** 2)


@dataclass(frozen=True, slots=True)
class VoltageProbes(System):
    """A system with voltage probes on some of its sites.

    The leads of the system keep their numbers; those of the probes follow (`leads`). Axes of
    a sweep reach the fields of the system as they reach those of the probes. The Kwant
    parameter `probe_coupling` comes in addition to those of the system.

    Parameters
    ----------
    system
        A system, or any value with a method ``builder()``, or a `kwant.Builder`, which is left
        as it is. A value stays comparable and can be swept.
    number
        How many randomly chosen sites have a probe.
    spacing
        Sites from one probe to the next along every direction of a regular grid, instead of a
        number: those of which all tags are spacing//2 modulo the spacing.
    where
        Which sites may have a probe: a function of a `kwant.builder.Site`, best of module
        level; all sites if not given. Without number and spacing, each of them has one.
    arrangement
        Which random choice of sites it is. Fewer probes are among those of more.

    Raises
    ------
    TypeError, ValueError
        If number and spacing are both given, if one of them or the arrangement is no whole
        number, or if nothing says where the probes are. `builder` refuses a system that has no
        builder, and probes on no site or on more sites than there are.

    Examples
    --------
    >>> from systems import Ribbon
    >>> probes = VoltageProbes(Ribbon(width=6, length=9), spacing=3)
    >>> probes.leads
    (2, 3, 4, 5, 6, 7)
    >>> sorted(probes.build().leads[2].parameters)
    ['probe_coupling']
    """

    system: Any
    number: int | None = None
    spacing: int | None = None
    where: Callable[[Site], bool] | None = None
    arrangement: int = 0

    own_units: ClassVar[Mapping[str, str]] = {"spacing": "a", "probe_coupling": "t"}

    def __post_init__(self) -> None:
        if self.number is not None and self.spacing is not None:
            raise ValueError("Give the number or the spacing of the probes, not both.")
        if self.number is None and self.spacing is None and self.where is None:
            raise ValueError("Say where the probes are: by number, spacing or where.")
        if self.number is not None:
            self._store_count("number")
        if self.spacing is not None:
            self._store_count("spacing")
        self._store_count("arrangement", 0)

    @property
    def units(self) -> Mapping[str, str]:  # type: ignore[override]
        """Units of the system and of the probes."""
        return {**getattr(self.system, "units", {}), **self.own_units}

    @property
    def leads(self) -> tuple[int, ...]:
        """Numbers of the probes among the leads, which Kwant and mesokwant call them by."""
        leads = self.builder().leads
        return tuple(i for i, lead in enumerate(leads) if _is_probe(lead))

    def builder(self) -> kwant.Builder:
        builder = builder_of(self.system)
        probes = [_probe(site) for site in self._sites(builder)]
        builder.leads = [*builder.leads, *probes]
        return builder

    def _sites(self, builder: kwant.Builder) -> list[Site]:
        """The sites that have a probe, in the order of their families and tags."""
        sites = sorted(site for site in builder.sites() if self.where is None or self.where(site))
        if self.spacing is not None:
            first = self.spacing // 2
            sites = [s for s in sites if all(t % self.spacing == first for t in s.tag)]
        if not sites:
            raise ValueError(
                f"The probes of {self!r} are on no site; change where or use a smaller spacing."
            )
        if self.number is None:
            return sites
        if self.number > len(sites):
            raise ValueError(
                f"number must be at most that of the sites to choose from, {len(sites)}; got "
                f"{self.number}."
            )
        order = np.random.default_rng(self.arrangement).permutation(len(sites))
        return [sites[i] for i in sorted(order[: self.number])]


def _probe(site: Site) -> kwant.builder.ModesLead:
    if site.family.norbs is None:
        raise ValueError("A site with a probe needs a lattice that says its orbitals: norbs=1.")
    return kwant.builder.ModesLead(Probe(site.family.norbs), [site], ["probe_coupling"])


def _is_probe(lead: Any) -> bool:
    return isinstance(getattr(lead, "modes_func", None), Probe)
