r"""Doped leads: leads of another material, for comparing a real contact with an ideal one.

`DopedLeads` takes any system or `kwant.Builder` and adds a constant to the energy of every site in
its leads,

    H_lead -> H_lead + lead_potential,

with the Kwant parameter `lead_potential` in t. A negative one lets more modes into a lead than
the region has. The region and the bonds into the leads stay as they are, so at zero the contact
is ideal again. Leads without a lattice, such as voltage probes, stay, too.

A clean wire between such leads is no longer transparent: at the energy E, a mode with the
transverse energy e has E - e = -2 cos k inside and E - e - lead_potential = -2 cos p in the leads.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import kwant
import tinyarray
from kwant.builder import BuilderLead, Site

from systems.base import System, builder_of


@dataclass(frozen=True, slots=True)
class DopedEnergy:
    """On-site energy of a lead, a value or a value function of Kwant, plus a potential."""

    value: Any

    __name__ = "DopedEnergy"  # Kwant calls a value function by its name when it fails.

    def __call__(self, site: Site, lead_potential: float, *args: Any) -> Any:
        own = self.value(site, *args) if callable(self.value) else self.value
        if not hasattr(own, "shape"):
            return own + lead_potential
        return own + lead_potential * tinyarray.identity(own.shape[0])

    @property
    def __signature__(self) -> inspect.Signature:
        """The arguments by name, as Kwant wants to know them."""
        names = list(inspect.signature(self.value).parameters)[1:] if callable(self.value) else []
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature(
            [inspect.Parameter(name, kind) for name in ("site", "lead_potential", *names)]
        )


@dataclass(frozen=True, slots=True)
class DopedLeads(System):
    """A system with the Kwant parameter `lead_potential` in all of its leads.

    Axes of a sweep reach the fields of the system.

    Parameters
    ----------
    system
        A system, or any value with a method ``builder()``, or a `kwant.Builder`, which is left
        as it is.

    Examples
    --------
    >>> from systems import Wire
    >>> DopedLeads(Wire(width=5, length=9)).build().leads[0].parameters
    frozenset({'lead_potential'})
    """

    system: Any

    own_units: ClassVar[Mapping[str, str]] = {"lead_potential": "t"}

    @property
    def units(self) -> Mapping[str, str]:  # type: ignore[override]
        """Units of the system and of the potential."""
        return {**getattr(self.system, "units", {}), **self.own_units}

    def builder(self) -> kwant.Builder:
        builder = builder_of(self.system)
        builder.leads = [
            _doped(lead) if isinstance(lead, BuilderLead) else lead for lead in builder.leads
        ]
        return builder


def _doped(lead: BuilderLead) -> BuilderLead:
    own = lead.builder
    doped = kwant.Builder(
        own.symmetry,
        conservation_law=own.conservation_law,
        time_reversal=own.time_reversal,
        particle_hole=own.particle_hole,
        chiral=own.chiral,
    )
    doped.update(own)
    for site, value in list(own.site_value_pairs()):
        doped[site] = DopedEnergy(value)
    return BuilderLead(doped, lead.interface, lead.padding)
