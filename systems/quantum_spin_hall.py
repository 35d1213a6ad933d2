r"""Quantum spin Hall insulator: the model of Bernevig, Hughes and Zhang on the square lattice.

    H = Σ_{x,y} [ e^{iφ} |x+1,y><x,y| T_x + |x,y+1><x,y| T_y + h.c. ]
        + (mass - 4) τ_z + asymmetry τ_y σ_y,

    T_x = τ_z + (i velocity/2) τ_x σ_z,    T_y = τ_z + (i velocity/2) τ_y,

where τ acts on the orbitals E and H and σ on the spin [1]_. A site has the orbitals (E up,
E down, H up, H down). φ is the Peierls phase of the Kwant parameter `flux` in h/e per plaquette.
Energies are in B/a² = t, where B is the curvature of the bands, and measured from the middle of
the gap; lengths in the lattice constant; the velocity A in t a. In momentum space without flux

    H(k) = d_z τ_z + velocity (τ_x σ_z sin k_x + τ_y sin k_y) + asymmetry τ_y σ_y,
    d_z = mass - 4 + 2 cos k_x + 2 cos k_y,
    E(k) = ±[ d_z² + velocity² (sin² k_x + sin² k_y) ]^½    for asymmetry = 0.

`asymmetry`, the inversion asymmetry of the crystal [2]_, couples the two spins, so that the
spin is not conserved. Time reversal iσ_y K holds at flux = 0. For 0 < mass < 4 the gap has one
helical pair of states at each edge, which time reversal protects from scattering by anything
that keeps it; for mass < 0 there is none. With velocity = 2, mass = 2 and asymmetry = 0.2 the gap
is |E| < 1.80, and edge states decay within about one site.

A current that runs between two of n ideal contacts on a helical edge takes both ways around. Two
contacts with m segments between them one way have the resistance m (n - m)/n in h/e², and the
voltage over each segment of the other way is m/n of it per unit of current [3]_.

References
----------
.. [1] B. A. Bernevig, T. L. Hughes and S.-C. Zhang, Science 314, 1757 (2006).
.. [2] M. König et al., J. Phys. Soc. Jpn. 77, 031007 (2008).
.. [3] A. Roth et al., Science 325, 294 (2009).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import kwant
import numpy as np
from kwant.builder import Site

from systems.arms import at_lower_edge, bar_with_arms, in_arms, in_bar
from systems.base import System
from systems.ingredients import sigma_0, sigma_x, sigma_y, sigma_z

TAU_Z = np.kron(sigma_z, sigma_0)
TAU_Y = np.kron(sigma_y, sigma_0)
TAU_X_SIGMA_Z = np.kron(sigma_x, sigma_z)
TAU_Y_SIGMA_Y = np.kron(sigma_y, sigma_y)
SHAPES = {"strip": 0, "cross": 1, "bar": 2}
"""Shape -> number of places along x with two arms."""


def onsite_energy(potential: float, site: Site, mass: float, asymmetry: float) -> np.ndarray:
    """Energy of the orbitals (E up, E down, H up, H down), shifted by a potential, in t."""
    return potential * np.identity(4) + (mass - 4) * TAU_Z + asymmetry * TAU_Y_SIGMA_Y


@dataclass(frozen=True, slots=True)
class QuantumSpinHall(System):
    """Clean strip, cross or bar of a quantum spin Hall insulator.

    Kwant parameters: `mass`, `asymmetry` and `flux`, in region and leads. Lead 0 is on the left
    and lead 1 on the right. A "cross" has one arm above (lead 2) and one below (lead 3), a "bar"
    two above (leads 2, 3) and two below (leads 4, 5), as a `systems.HallBar`: there, the sites
    along x that the arms leave are shared 1:2:1 by an end, the gap between the arms, and the
    other end.

    `QuantumSpinHall.edge`, `QuantumSpinHall.arms` and `QuantumSpinHall.bar` are predicates for
    the `where` of disorder: the lowest three rows of the bar, the sites of the arms, and those
    of the bar or strip without arms.

    Parameters
    ----------
    width
        Sites across, along y.
    length
        Sites of the scattering region along x.
    shape
        "strip" with two terminals, "cross" with four, or "bar" with six.
    arm_width
        Sites across each arm, along x; None for a strip.
    velocity
        Velocity A of the edge states, in t a. It is positive.
    lead_potential
        Potential in the leads, in t. With 0 they are the same insulator as the region and, in the
        gap, ideal contacts to its edges; a potential beyond the gap makes metals of them.
    origin
        Where x = y = 0 lies, as the tag of a site: the gauge.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number, if the shape is unknown, if the arms are missing or
        do not fit into the length, if a strip is given arms, if the velocity is not positive, if
        the potential is no finite number, or if the origin is no pair of finite numbers.

    Examples
    --------
    >>> QuantumSpinHall(width=10, length=20).build().hamiltonian(
    ...     0, 0, params={"mass": 2.0, "asymmetry": 0.0, "flux": 0.0}
    ... ).real.diagonal()
    array([-2., -2.,  2.,  2.])
    """

    width: int
    length: int
    shape: str = "strip"
    arm_width: int | None = None
    velocity: float = 2.0
    lead_potential: float = 0.0
    origin: tuple[float, float] = (0.0, 0.0)

    edge = staticmethod(at_lower_edge)
    arms = staticmethod(in_arms)
    bar = staticmethod(in_bar)

    units: ClassVar[Mapping[str, str]] = {
        "width": "a",
        "length": "a",
        "arm_width": "a",
        "velocity": "t a",
        "lead_potential": "t",
        "origin": "a",
        "mass": "t",
        "asymmetry": "t",
        "flux": "h/e per plaquette",
    }

    def __post_init__(self) -> None:
        self._store_count("width")
        self._store_count("length")
        self._check_choice("shape", tuple(SHAPES))
        self._check_arms()
        self._store_number("velocity")
        if self.velocity <= 0:
            raise ValueError(f"velocity must be positive; got {self.velocity!r}.")
        self._store_number("lead_potential")
        self._store_point("origin")

    def builder(self) -> kwant.Builder:
        return bar_with_arms(
            self.width,
            self.length,
            self._places(),
            x_hopping=TAU_Z + 0.5j * self.velocity * TAU_X_SIGMA_Z,
            y_hopping=TAU_Z + 0.5j * self.velocity * TAU_Y,
            onsite=partial(onsite_energy, 0.0),
            lead_onsite=partial(onsite_energy, self.lead_potential),
            origin=self.origin,
            norbs=4,
        )

    def _places(self) -> list[range]:
        """Tags x of the arms."""
        number = SHAPES[self.shape]
        if self.arm_width is None:
            return []
        free = self.length - number * self.arm_width
        first = free // (2 * number)
        starts = (first, self.length - first - self.arm_width)[:number]
        return [range(x, x + self.arm_width) for x in starts]

    def _check_arms(self) -> None:
        number = SHAPES[self.shape]
        if number == 0:
            if self.arm_width is not None:
                raise ValueError(
                    f"a strip has no arms; got arm_width={self.arm_width!r}: leave it out, or use "
                    "the shape 'cross' or 'bar'."
                )
            return
        if self.arm_width is None:
            raise ValueError(f"the shape {self.shape!r} has arms: give arm_width, such as 12.")
        self._store_count("arm_width")
        least = number * (self.arm_width + 1) - 1
        if self.length < least:
            raise ValueError(
                f"length must be at least {least} for {number} arms of {self.arm_width} sites that "
                f"do not touch; got {self.length}."
            )
