"""Smooth point contacts on the lattice beside their theories, without a parameter.

A contact has the potential V0/cosh²(x/d) + ω_y² y²/4, with the mass 1/2 of the lattice, so that its
modes do not mix without a field. `SmoothContact` takes results against gate or energy, and gives
the transmissions of its modes by the barrier of Eckart and by the saddle that it is at its top.
`ContactInField` does the same against the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from .. import theory

Array = NDArray[np.float64]

BOTTOM = -4.0
"""Energy of the bottom of the band in t."""
MODES = 8
"""Modes that theory adds up; the higher ones do not reach the barrier."""


class SmoothContact:
    """One smooth contact without a field, against its gate or its energy.

    Parameters
    ----------
    data
        Results of one sample with ``g`` and ``noise`` over one axis, and the fields and parameters
        of `systems.Constriction`.
    axis
        "gate" or "energy".

    Attributes
    ----------
    x, g, noise
        The axis, conductance and noise, shape (points,).
    gates, energies, omega_x
        V0, energy and ω_x of every point in t, shape (points,).
    levels
        E_n of the channel on the lattice, shape (MODES,).
    """

    def __init__(self, data: xr.Dataset, axis: str) -> None:
        self.axis, self.size = axis, (int(data.width), int(data.length))
        self.x = data[axis].values
        self.g, self.noise = data.g.values, data.noise.values
        self.reach, self.omega_y = float(data.reach), float(data.confinement)
        self.gates, self.energies = (
            np.broadcast_to(data[name].values, self.x.shape) for name in ("gate", "energy")
        )
        self.levels = theory.parabola_levels(MODES, self.omega_y)
        self.omega_x = 2 * np.sqrt(self.gates) / self.reach

    def along(self, x: ArrayLike, levels: Array) -> tuple[Array, Array]:
        """Energies along x, shape (x, modes), and the gates, shape (x, 1)."""
        values = {"gate": self.gates[0], "energy": self.energies[0], self.axis: np.asarray(x)}
        energies = np.broadcast_to(values["energy"], np.shape(x)) - BOTTOM
        return energies[:, None] - levels, np.broadcast_to(values["gate"], np.shape(x))[:, None]

    def transmissions(
        self, formula: Callable[..., Array], x: Any = None, levels: Any = None
    ) -> Array:
        """T_n, shape (x, modes), from a formula for the barrier."""
        kinetic, gate = self.along(
            self.x if x is None else x, self.levels if levels is None else levels
        )
        return formula(kinetic, height=gate, reach=self.reach)

    @cached_property
    def theory(self) -> dict[str, Array]:
        """T_n of every theory at the points, by name."""
        continuum = self.omega_y * (np.arange(MODES) + 0.5)
        return {
            "saddle, continuum": self.transmissions(saddle, levels=continuum),
            "saddle": self.transmissions(saddle),
            "Eckart": self.transmissions(theory.eckart_transmission),
            "Eckart, lattice": self.transmissions(theory.lattice_eckart_transmission),
        }

    def distance(self, name: str) -> float:
        """The largest distance of the conductance from a theory."""
        return float(np.max(abs(self.g - self.theory[name].sum(axis=1))))

    def apart(self, name: str, other: str) -> float:
        """The largest distance of two theories."""
        first, second = (self.theory[one].sum(axis=1) for one in (name, other))
        return float(np.max(abs(first - second)))

    @cached_property
    def next_order(self) -> Array:
        """How much smaller than the first order of the lattice the next one is, at the points."""
        return self.energies - BOTTOM + 4 / (self.gates * self.reach**2)

    @property
    def bound(self) -> float:
        """The next order of the lattice in the conductance."""
        plain, lattice = (self.theory[name] for name in ("Eckart", "Eckart, lattice"))
        first = abs(np.sum(plain - lattice, axis=1))
        return float(np.max(first * self.next_order))

    @cached_property
    def plateaus(self) -> list[int]:
        """Point numbers nearest to the middle between two thresholds, from the first plateau."""
        threshold = self.energies - BOTTOM - self.gates
        middles = (self.levels[1:] + self.levels[:-1]) / 2
        inside = (middles > threshold.min()) & (middles < threshold.max())
        return [int(np.argmin(abs(threshold - m))) for m in middles[inside]]


def saddle(energy: ArrayLike, *, height: ArrayLike, reach: float) -> Array:
    """Transmission of the saddle that the barrier is at its top."""
    omega_x = 2 * np.sqrt(height) / reach
    return theory.saddle_point_transmission(
        energy, 0, omega_x=omega_x, omega_y=0.0, potential=height
    )


class ContactInField:
    """One smooth contact against the field.

    Parameters
    ----------
    data
        Results of one sample with ``g`` over "flux", and the fields and parameters of
        `systems.Constriction`.
    """

    def __init__(self, data: xr.Dataset) -> None:
        self.flux, self.g = data.flux.values, data.g.values
        self.gate, self.reach, self.omega_y, energy = (
            float(data[name]) for name in ("gate", "reach", "confinement", "energy")
        )
        self.energy = energy - BOTTOM
        self.omega_x = 2 * np.sqrt(self.gate) / self.reach

    def expected(
        self, flux: Array, formula: Callable[..., Array], *, lowered: bool = False
    ) -> Array:
        """The conductance from a formula for the transmissions of the barrier in a field.

        The barrier may be lowered by all that is left out: the next order beyond the saddle, and
        what the lattice does to a level at the saddle but not in the channel.
        """
        modes, omega_c = np.arange(MODES), 4 * np.pi * flux
        channel = np.array([theory.parabola_levels(MODES, self.omega_y, flux=f) for f in flux])
        along, across = (
            omega[:, None]
            for omega in theory.saddle_point_frequencies(
                omega_x=self.omega_x, omega_y=self.omega_y, omega_c=omega_c
            )
        )
        # The saddle raises a level by less than the channel, whose levels are those of the lattice.
        free = np.hypot(self.omega_y, omega_c)[:, None]
        above = self.energy - self.gate - channel - (across - free) * (modes + 0.5)
        if lowered:
            shift = abs(channel - free * (modes + 0.5))
            above = above + self.omega_x / self.gate / (4 * self.reach**2)
            above = above + 2 * abs(across / free - 1) * shift
        return formula(above, modes, along, omega_c[:, None]).sum(axis=1)

    def barrier(self, above: Array, modes: Array, along: Array, omega_c: Array) -> Array:
        """Transmissions of the barrier, to first order beyond the saddle."""
        shape = {"height": self.gate, "reach": self.reach, "omega_y": self.omega_y}
        return theory.eckart_transmission_in_field(above, modes, **shape, omega_c=omega_c)

    def saddle(self, above: Array, modes: Array, along: Array, omega_c: Array) -> Array:
        """Transmissions of the saddle."""
        return theory.saddle_point_transmission(above, 0, omega_x=along, omega_y=0.0)

    def not_sharpened(self, above: Array, modes: Array, along: Array, omega_c: Array) -> Array:
        """Transmissions of the saddle if the field did nothing but raise its thresholds."""
        return theory.saddle_point_transmission(above, 0, omega_x=self.omega_x, omega_y=0.0)

    def depopulation(self) -> Iterator[tuple[int, float, float, float, float]]:
        """Mode, then fields: measured, expected, its bound, and that of a Landau level alone."""
        # At the fields that were measured: interpolation between them then changes all alike.
        line, lower = (self.expected(self.flux, self.barrier, lowered=x) for x in (False, True))
        for mode in range(1, MODES):
            half = mode + 0.5
            if self.g.min() < half < self.g.max():
                found, value, moved = (crossing(self.flux, g, half) for g in (self.g, line, lower))
                landau = (self.energy - self.gate) / half / 4 / np.pi
                yield mode, found, value, moved - value, landau


def crossing(x: Array, falling: Array, value: float) -> float:
    """Where values that fall along x first pass a value, between two points on a logit line."""
    i = int(np.argmax(falling < value))
    part = np.clip(falling[i - 1 : i + 1] - (value - 0.5), 1e-9, 1 - 1e-9)
    odds = np.log(part / (1 - part))
    return float(x[i - 1] + (x[i] - x[i - 1]) * odds[0] / (odds[0] - odds[1]))
