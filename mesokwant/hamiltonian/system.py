"""Finalize Kwant systems and check the values of their parameters.

`finalized` takes whatever a user may call a system (a value with ``build()``, a
`kwant.Builder`, a finalized system) and gives a finalized Kwant system with leads.
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


def finalized(system: Any) -> Any:
    """Finalize a system that has leads.

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
    ValueError
        If the system has no leads.
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
    if not system.lead_interfaces:
        raise ValueError("the system has no leads; attach some with builder.attach_lead(lead)")
    return system


def parameter_names(system: Any) -> set[str]:
    """Names of all Kwant parameters of a finalized system and its leads."""
    names = set(system.parameters)
    for lead in system.leads:
        names |= set(lead.parameters)
    return names


def check_params(system: Any, params: Mapping[str, Any]) -> None:
    """Refuse values for unknown parameters, and parameters without a value.

    Parameters
    ----------
    system
        A finalized Kwant system.
    params
        Values of its parameters; `SALT` may be missing.

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
    if SALT in in_leads and SALT not in params:
        raise ValueError(
            "the leads depend on the parameter 'salt', but leads have no disorder: "
            "give their value functions no salt"
        )
    missing = sorted(names - set(params) - {SALT})
    if missing:
        where = "leads" if set(missing) <= in_leads - set(system.parameters) else "system"
        verb = "need" if where == "leads" else "needs"
        raise ValueError(
            f"the {where} {verb} a value for {', '.join(map(repr, missing))}: "
            f"params=dict({', '.join(f'{name}=...' for name in missing)})"
        )
