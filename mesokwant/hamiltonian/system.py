"""Finalize Kwant systems and check the values of their parameters.

`finalized` takes whatever a user may call a system (a value with ``build()``, a
`kwant.Builder`, a finalized system) and gives a finalized Kwant system. `is_closed` tells whether
it is taken without leads, and `require_leads` refuses one that has none.
`parameter_names` lists the parameters of such a system and its leads, and `check_params`
compares them with the values that were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..names import did_you_mean
from . import kwant

SALT = "salt"
"""Name of the Kwant parameter from which value functions draw disorder (`kwant.digest`).

It may be missing from the values of the parameters: every sample then gets a salt of its own.
"""


DROPPED = "dropped"
"""What becomes of leads where the Hamiltonian of the scattering region alone is wanted."""


def finalized(system: Any) -> Any:
    """Finalize a system.

    Parameters
    ----------
    system
        A value with a method ``build()`` or ``builder()``, a `kwant.Builder`, or a finalized
        system, which is returned as it is.

    Returns
    -------
    kwant.system.FiniteSystem

    Raises
    ------
    TypeError
        If this gives no finite Kwant system.
    """
    for method in ("build", "builder"):
        if hasattr(system, method):
            system = getattr(system, method)()
            break
    if isinstance(system, kwant.Builder):
        system = system.finalized()
    if not isinstance(system, kwant.system.FiniteSystem):
        raise TypeError(
            "the system must be a finite Kwant system (finalized or a kwant.Builder) or a value "
            f"with a method build() or builder() that returns one, not {type(system).__name__}"
        )
    return system


def require_leads(system: Any) -> None:
    """Refuse a finalized system without leads.

    Raises
    ------
    ValueError
        If the system has no leads.
    """
    if not system.lead_interfaces:
        raise ValueError(
            "the system has no leads, and so nothing scatters: attach some with "
            "builder.attach_lead(lead), or use mesokwant.hamiltonians for a closed system"
        )


def is_closed(system: Any, leads: str | None) -> bool:
    """Whether a finalized system is taken as a closed one.

    Parameters
    ----------
    system
        A finalized system.
    leads
        What becomes of its leads: None keeps them, and "dropped" leaves the region alone.

    Raises
    ------
    ValueError
        If ``leads`` is neither.
    """
    check_leads_option(leads)
    return leads == DROPPED or not system.lead_interfaces


def check_leads_option(leads: Any) -> None:
    """Refuse what says nothing about leads.

    Raises
    ------
    ValueError
        If ``leads`` is neither None nor "dropped".
    """
    if leads not in (None, DROPPED):
        raise ValueError(
            f"leads must be {DROPPED!r} (the region alone counts) or None (they stay), "
            f"not {leads!r}"
        )


def parameter_names(system: Any) -> set[str]:
    """Names of all Kwant parameters of a finalized system and its leads."""
    names = set(system.parameters)
    for lead in system.leads:
        names |= set(lead.parameters)
    return names


def check_params(system: Any, params: Mapping[str, Any], *, closed: bool = False) -> None:
    """Refuse values for unknown parameters, and parameters without a value.

    Parameters
    ----------
    system
        A finalized Kwant system.
    params
        Values of its parameters; `SALT` may be missing.
    closed
        Whether the leads are dropped, so that parameters of theirs may be missing.

    Raises
    ------
    ValueError
        If a name is unknown or a value is missing. The message lists the parameters.
    """
    names = parameter_names(system)
    known = ", ".join(sorted(names)) or "none"
    for name in params:
        if name not in names:
            hint = did_you_mean(name, names, most=1)
            raise ValueError(f"{name!r} is no parameter of this system (it has: {known}){hint}")
    in_leads = set().union(*(set(lead.parameters) for lead in system.leads))
    if SALT in in_leads and SALT not in params and not closed:
        raise ValueError(
            "the leads depend on the parameter 'salt', but leads have no disorder: "
            "give their value functions no salt"
        )
    needed = set(system.parameters) if closed else names
    missing = sorted(needed - set(params) - {SALT})
    if missing:
        where = "leads" if set(missing) <= in_leads - set(system.parameters) else "system"
        verb = "need" if where == "leads" else "needs"
        raise ValueError(
            f"the {where} {verb} a value for {', '.join(map(repr, missing))}: "
            f"params=dict({', '.join(f'{name}=...' for name in missing)})"
        )
