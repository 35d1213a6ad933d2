r"""Square lattice with two spins, spin-orbit hopping, Zeeman and orbital field.

    H = Σ_{x,y} [ e^{iφ_y} |x+1,y><x,y| t_x + |x,y+1><x,y| t_y + h.c. ] + zeeman σ_z

with spins quantized along z (orbital 0 up, 1 down), φ_y the Peierls phase of the Kwant
parameter `flux` (h/e per plaquette) and `zeeman` half the Zeeman splitting. Energies are in
the hopping t, from the band centre; lengths in the lattice constant. There are two
couplings. "rashba" is the Rashba Hamiltonian [1]_ on the lattice,

    t_x = -(1 + (i α/2) σ_y),    t_y = -(1 - (i α/2) σ_x),    α = parameter `alpha` in t,

which is α (σ_x sin k_y - σ_y sin k_x) in momentum space. Bands without field:

    E±(k) = -2 (cos k_x + cos k_y) ± α (sin² k_x + sin² k_y)^½.

With "ando" [2]_ a hopping rotates the spin by 2θ and keeps its unit strength,

    t_x = -(cos θ + i sin θ σ_y),    t_y = -(cos θ - i sin θ σ_x),    θ = parameter `theta`.

Both have time reversal i σ_y K at flux = zeeman = 0 (symplectic class) and agree to first
order in θ = α/2.

References
----------
.. [1] Yu. A. Bychkov and E. I. Rashba, JETP Lett. 39, 78 (1984).
.. [2] T. Ando, Phys. Rev. B 40, 5325 (1989).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import kwant
import tinyarray
from kwant.builder import Site

from systems.base import System
from systems.ingredients import (
    peierls_phase,
    sigma_0,
    sigma_x,
    sigma_y,
    sigma_z,
    square_lattice,
    two_terminal,
)


def zeeman_energy(site: Site, zeeman: float) -> tinyarray.ndarray_float:
    """On-site energy of both spins in t."""
    return zeeman * sigma_z


def plain_x(to: Site, source: Site, flux: float) -> tinyarray.ndarray_complex:
    """Hopping along x without spin-orbit coupling, in a field."""
    return -peierls_phase(to, source, flux) * sigma_0


def rashba_x(to: Site, source: Site, alpha: float, flux: float) -> tinyarray.ndarray_complex:
    """Rashba hopping along x, in a field."""
    return -peierls_phase(to, source, flux) * (sigma_0 + 0.5j * alpha * sigma_y)


def rashba_y(to: Site, source: Site, alpha: float) -> tinyarray.ndarray_complex:
    """Rashba hopping along y."""
    return -(sigma_0 - 0.5j * alpha * sigma_x)


def ando_x(to: Site, source: Site, theta: float, flux: float) -> tinyarray.ndarray_complex:
    """Ando's hopping along x, in a field."""
    rotation = math.cos(theta) * sigma_0 + 1j * math.sin(theta) * sigma_y
    return -peierls_phase(to, source, flux) * rotation


def ando_y(to: Site, source: Site, theta: float) -> tinyarray.ndarray_complex:
    """Ando's hopping along y."""
    return -(math.cos(theta) * sigma_0 - 1j * math.sin(theta) * sigma_x)


PLAIN = {(1, 0): plain_x, (0, 1): -sigma_0}
COUPLINGS = {
    "rashba": {(1, 0): rashba_x, (0, 1): rashba_y},
    "ando": {(1, 0): ando_x, (0, 1): ando_y},
}


@dataclass(frozen=True, slots=True)
class SpinOrbitRibbon(System):
    """Clean ribbon along x, hard walls, two spins.

    Kwant parameters: `alpha` (Rashba) or `theta` (Ando), `zeeman` and `flux`. Both fields
    fill the leads. Kwant counts both spins in a transmission.

    Parameters
    ----------
    width
        Sites across, along y.
    length
        Sites of the scattering region along x.
    coupling
        "rashba" or "ando".
    lead_spin_orbit
        Whether the leads have the coupling of the region. Without it they conserve the spin
        along z, which Kwant then resolves: block 0 is spin up, block 1 spin down, so
        `smatrix.transmission((1, 1), (0, 0))` is what enters up from the left and leaves
        down to the right. The bonds that join region and leads are those of the leads.

    Raises
    ------
    TypeError, ValueError
        If a size is no positive whole number or the coupling is unknown.

    Examples
    --------
    >>> sorted(SpinOrbitRibbon(width=3, length=4, coupling="ando").build().parameters)
    ['flux', 'theta', 'zeeman']
    """

    width: int
    length: int
    coupling: str = "rashba"
    lead_spin_orbit: bool = True

    units: ClassVar[Mapping[str, str]] = {
        "width": "a",
        "length": "a",
        "alpha": "t",
        "theta": "rad",
        "zeeman": "t",
        "flux": "h/e per plaquette",
    }

    def __post_init__(self) -> None:
        self._store_count("width")
        self._store_count("length")
        self._check_choice("coupling", tuple(COUPLINGS))
        self._check_switch("lead_spin_orbit", "its strength is a Kwant parameter, as in the region")

    def builder(self) -> kwant.Builder:
        bonds = COUPLINGS[self.coupling]
        return two_terminal(
            square_lattice(norbs=2),
            [(y,) for y in range(self.width)],
            self.length,
            onsite=zeeman_energy,
            bonds=bonds,
            lead_bonds=bonds if self.lead_spin_orbit else PLAIN,
            # Kwant orders its blocks by eigenvalue: the minus puts spin up first.
            conservation_law=None if self.lead_spin_orbit else -sigma_z,
        )
