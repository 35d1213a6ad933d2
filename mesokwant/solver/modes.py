"""The modes of the leads of a system, computed once and kept.

`lead_modes` takes a finalized system, an energy and the values of its parameters, and gives
Kwant's (PropagatingModes, StabilizedModes) of every lead. It finds modes again by the content of
a lead's matrices: whatever the disorder, the sample, the parameters that the lead does not read,
and for all leads and systems with the same lead. Two leads that mirror each other share one
eigenproblem (`mesokwant.solver.eigenmodes`), and so do leads of a system that differ by a gauge
(`mesokwant.solver.lead_gauge`), such as the arms of a bar in a field. `mesokwant.solver.origins`
decides which of them is solved, so that a system has the same modes, to the last bit, whatever was
computed before.

Modes are shared and therefore read-only. They are kept in the process and not with the system,
so they don't travel when a system is pickled. Leads that are no `kwant.system.InfiniteSystem`
(such as precalculated ones), or that have modes of their own, are asked every time.
"""

from __future__ import annotations

import threading
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..hamiltonian import kwant
from .eigenmodes import Modes, solve_modes
from .lead_gauge import in_another_gauge
from .lead_matrices import LeadMatrices, has_own_matrices, matrices_of
from .origins import Origin, origins_of

KEPT_BYTES = 200_000_000
"""Memory for modes that are kept; those used longest ago are dropped first."""

SLOW = 1e-6
"""An energy lies at a mode threshold if a mode is slower than this times the fastest one."""


def lead_modes(system: Any, energy: float, params: Mapping[str, Any]) -> list[Modes]:
    """Give the modes of all leads of a system.

    Parameters
    ----------
    system
        A finalized Kwant system.
    energy
        Energy, in the units of the Hamiltonian.
    params
        Values of the Kwant parameters of the system and its leads.

    Returns
    -------
    list
        Kwant's (PropagatingModes, StabilizedModes) of every lead, with read-only arrays.

    Raises
    ------
    ValueError
        If a lead is defined by a self-energy alone.
    RuntimeError
        If a lead has no modes because the energy lies exactly at a mode threshold or in a flat
        band.

    Warns
    -----
    RuntimeWarning
        If the energy lies at a mode threshold of a lead; once for a lead and an energy.
    """
    energy = float(energy)  # An array without axes can't be a key.
    for number, lead in enumerate(system.leads):
        if kwant.system.is_selfenergy_lead(lead):
            raise ValueError(
                f"lead {number} is defined by a self-energy alone, but only leads with modes are "
                "supported; use kwant.greens_function instead"
            )
    own_params = [
        {name: value for name, value in params.items() if name in lead.parameters}
        for lead in system.leads
    ]
    leads = [
        matrices_of(lead, own) if has_own_matrices(lead) else None
        for lead, own in zip(system.leads, own_params, strict=True)
    ]
    origins = origins_of(leads, energy)
    # All that is wanted of an eigenproblem is known before it is solved.
    wanted: dict[Hashable, set[bool]] = {}
    for origin in origins:
        if origin is not None:
            wanted.setdefault(origin.key, set()).add(origin.mirrored)
    result: list[Modes] = []
    for number, (lead, own, matrices, origin) in enumerate(
        zip(system.leads, own_params, leads, origins, strict=True)
    ):
        if matrices is None:
            result.append(lead.modes(energy, params=own))
            continue
        try:
            if origin is None:
                modes = _symmetric_modes(lead, matrices, energy, own)
            else:
                modes = _plain_modes(matrices, origin, wanted[origin.key])
        except (RuntimeError, ValueError) as error:
            raise RuntimeError(
                f"Kwant finds no modes of lead {number} at energy {energy!r}, which lies at a mode "
                f"threshold or in a flat band ({error}){_advice(energy, [matrices])}"
            ) from error
        result.append(modes)
    _warn_at_threshold(system, energy, leads, result)
    return result


# -- modes that are kept --------------------------------------------------------------------


class _Kept:
    """Modes by their keys, those used last within a bound on memory; safe between threads."""

    def __init__(self) -> None:
        self._modes: OrderedDict[Hashable, Modes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Modes | None:
        with self._lock:
            if key in self._modes:
                self._modes.move_to_end(key)
            return self._modes.get(key)

    def keep(self, key: Hashable, modes: Modes) -> Modes:
        """Keep modes, and give those that are kept, should another thread have been faster."""
        for array in _arrays(modes):
            array.flags.writeable = False
        with self._lock:
            if key not in self._modes:
                self._modes[key] = modes
                self._bytes += _size(modes)
            kept = self._modes[key]
            while self._bytes > KEPT_BYTES and len(self._modes) > 1:
                self._bytes -= _size(self._modes.popitem(last=False)[1])
            return kept


_kept = _Kept()


def _arrays(modes: Modes) -> list[NDArray]:
    return [v for part in modes for v in vars(part).values() if isinstance(v, np.ndarray)]


def _size(modes: Modes) -> int:
    """Bytes of some modes; the last term is that of the Python objects."""
    return sum(array.nbytes for array in _arrays(modes)) + 2000


def _plain_modes(matrices: LeadMatrices, origin: Origin, wanted: set[bool]) -> Modes:
    modes = _solved_modes(origin, wanted)
    if origin.factor is not None:
        key = (origin.key, origin.mirrored, matrices.digests[0])
        moved = _kept.find(key)
        modes = _kept.keep(key, in_another_gauge(modes, origin.factor)) if moved is None else moved
    propagating, stable = modes
    if matrices.interface == len(matrices.cell):
        return modes
    attached = stable.sqrt_hop[: matrices.interface]
    return propagating, kwant.physics.StabilizedModes(
        stable.vecs, stable.vecslmbdainv, stable.nmodes, attached
    )


def _solved_modes(origin: Origin, wanted: set[bool]) -> Modes:
    modes = _kept.find((origin.key, origin.mirrored))
    if modes is None:
        matrices, energy = origin.matrices, origin.key[0]
        cell = matrices.less_energy(energy)
        solved = solve_modes(cell, origin.hop, matrices.projectors, mirrored=wanted)
        kept = {which: _kept.keep((origin.key, which), found) for which, found in solved.items()}
        modes = kept[origin.mirrored]
    return modes


def _symmetric_modes(
    lead: Any, matrices: LeadMatrices, energy: float, params: dict[str, Any]
) -> Modes:
    """Kwant's own modes, which discrete symmetries shape in ways that a mirror would not keep."""
    key = (energy, matrices.digests[0], matrices.interface, "symmetric")
    modes = _kept.find(key)
    return _kept.keep(key, lead.modes(energy, params=params)) if modes is None else modes


# -- thresholds -----------------------------------------------------------------------------

_warned: weakref.WeakKeyDictionary[Any, set[Hashable]] = weakref.WeakKeyDictionary()
"""Energies and matrices for which a lead has been found at a mode threshold."""


def _is_slow(modes: Modes) -> bool:
    speeds = np.abs(modes[0].velocities)
    return len(speeds) > 0 and speeds.min() < SLOW * max(1.0, speeds.max())


def _warn_at_threshold(
    system: Any, energy: float, leads: Sequence[LeadMatrices | None], modes: Sequence[Modes]
) -> None:
    """Warn of the leads that are at a mode threshold and have not been warned of before."""
    new = []
    for number, lead in enumerate(system.leads):
        if _is_slow(modes[number]):
            matrices = leads[number]
            key = energy, None if matrices is None else matrices.digests[0]
            try:
                warned = _warned.setdefault(lead, set())
            except TypeError:  # A user's own lead may allow no weak reference.
                warned = set()
            if key not in warned:
                warned.add(key)
                new.append(number)
    if not new:
        return
    slowest = min(new, key=lambda number: np.abs(modes[number][0].velocities).min())
    matrices = leads[slowest]
    where = "at"
    if matrices is not None:
        distance = _distance(matrices, modes[slowest])
        where = f"{abs(distance):.1e} {'above' if distance > 0 else 'below'}"
    names = "lead " + str(new[0]) if len(new) == 1 else "leads " + ", ".join(map(str, new))
    speed = np.abs(modes[slowest][0].velocities).min()
    warnings.warn(
        f"energy {energy!r} lies {where} a mode threshold of {names} (slowest velocity "
        f"{speed:.1e}), where the scattering matrix is ill-conditioned"
        f"{_advice(energy, [leads[number] for number in new])}",
        RuntimeWarning,
        stacklevel=5,
    )


def _distance(matrices: LeadMatrices, modes: Modes) -> float:
    """Energy less that of the threshold which the slowest mode belongs to.

    Near a threshold E₀ the band is a parabola, E - E₀ = v² / 2c. The curvature c of the band at
    the momentum k of the mode comes from second-order perturbation theory in k.
    """
    propagating = modes[0]
    slowest = int(np.abs(propagating.velocities).argmin())
    k, velocity = propagating.momenta[slowest], propagating.velocities[slowest]
    state = propagating.wave_functions[:, slowest]
    state = state / np.linalg.norm(state)
    bloch = matrices.hop * np.exp(-1j * k)
    values, vectors = np.linalg.eigh(matrices.cell + bloch + bloch.conj().T)
    first = -1j * bloch + 1j * bloch.conj().T
    second = -(bloch + bloch.conj().T)
    own = np.vdot(state, (matrices.cell + bloch + bloch.conj().T) @ state).real
    apart = np.abs(values - own) > 1e-6 * (1 + np.abs(values).max())
    coupling = np.abs(vectors[:, apart].conj().T @ (first @ state)) ** 2
    curvature = np.vdot(state, second @ state).real + 2 * np.sum(coupling / (own - values[apart]))
    return float(velocity**2 / (2 * curvature)) if curvature else 0.0


def _advice(energy: float, leads: Sequence[LeadMatrices | None]) -> str:
    """A sentence that names an energy nearby at which no mode of these leads is slow."""
    known = [matrices for matrices in leads if matrices is not None]
    scale = max((float(np.linalg.norm(matrices.hop, 2)) for matrices in known), default=0.0)
    for step in (1e-3, 3e-3, 1e-2, 3e-2, 1e-1):
        for sign in (1, -1):
            nearby = float(f"{energy + sign * step * scale:.6g}")
            if known and all(_is_far(matrices, nearby) for matrices in known):
                return f"; move the energy, for example to {nearby!r}"
    return "; move the energy"


def _is_far(matrices: LeadMatrices, energy: float) -> bool:
    """Whether all modes of a lead at an energy are fast, so that no threshold is near."""
    try:
        modes = solve_modes(matrices.less_energy(energy), matrices.hop)[False]
    except (RuntimeError, ValueError):
        return False
    speeds = np.abs(modes[0].velocities)
    return len(speeds) > 0 and speeds.min() > 1e-2 * speeds.max()
