"""Finalized systems for the tests and benchmarks of the solvers.

`random_system` gives systems without positions, known by their matrices. The others are lattices
with a hopping of -1, or of its negative unit matrix. Their ``onsite`` is a value or a value
function of the scattering region; leads are clean.
"""

from __future__ import annotations

import kwant
import numpy as np
import tinyarray as ta


class GivenLead:
    """A lead given by two matrices: that of its unit cell, and the hopping to the next one."""

    parameters = frozenset()

    def __init__(self, cell, hop):
        self.cell, self.hop = cell, hop

    def modes(self, energy=0, args=(), *, params=None):
        return kwant.physics.modes(self.cell - energy * np.eye(len(self.cell)), self.hop)


class GivenSystem(kwant.system.FiniteSystem):
    """A low-level system: matrices on the vertices and edges of a graph, without positions."""

    parameters = frozenset()

    def __init__(self, norbs, blocks, leads, interfaces):
        graph = kwant.graph.Graph()
        graph.num_nodes = len(norbs)
        for a, b in blocks:
            if a != b:
                graph.add_edge(a, b)
        self.graph = graph.compressed()
        starts = np.cumsum([0, *norbs])
        self.site_ranges = [(i, n, starts[i]) for i, n in enumerate(norbs)]
        self.site_ranges.append((len(norbs), 0, starts[-1]))
        self.blocks = blocks
        self.leads, self.lead_interfaces = leads, interfaces

    def hamiltonian(self, i, j, *args, params=None):
        return ta.matrix(self.blocks[i, j])


def hermitian(rng, n, real):
    """A random Hermitian matrix."""
    h = rng.normal(size=(n, n)) + (0 if real else 1j * rng.normal(size=(n, n)))
    return (h + h.conj().T) / 2


def random_system(seed, *, sites, edges, leads, orbitals, real):
    """A random connected graph with random blocks and random leads that may share sites."""
    rng = np.random.default_rng(seed)
    norbs = rng.integers(1, orbitals + 1, sites)
    pairs = {(int(rng.integers(i)), i) for i in range(1, sites)}
    for _ in range(edges if sites > 1 else 0):
        a, b = sorted(map(int, rng.choice(sites, 2, replace=False)))
        pairs.add((a, b))
    blocks = {(i, i): hermitian(rng, n, real) for i, n in enumerate(norbs)}
    for a, b in pairs:
        block = rng.normal(size=(norbs[a], norbs[b]))
        if not real:
            block = block + 1j * rng.normal(size=block.shape)
        blocks[a, b], blocks[b, a] = block, block.conj().T
    ends, interfaces = [], []
    for _ in range(leads):
        interface = rng.permutation(sites)[: int(rng.integers(1, min(4, sites) + 1))]
        n = int(norbs[interface].sum())
        hop = rng.normal(size=(n, n)) + (0 if real else 1j * rng.normal(size=(n, n)))
        if rng.random() < 0.3:
            # Such a lead has fewer modes than orbitals.
            hop[:, : n // 2] = 0
        ends.append(GivenLead(hermitian(rng, n, real) / 2, hop))
        interfaces.append(interface)
    return GivenSystem(norbs, blocks, ends, interfaces)


def _peierls(to, source, flux):
    (x, y), (u, v) = to.pos, source.pos
    return -np.exp(-1j * np.pi * flux * (x - u) * (y + v))


def square(width, length, *, field=False, terminals="ab", onsite=0):
    """A square lattice, with the Kwant parameter ``flux`` if ``field``.

    ``terminals`` are its leads in order: "a" ends at x = 0, "b" at the largest x, "c" at
    y = 0 and x < length / 2, and "d" at x = 0 and y < width / 2.
    """
    lat = kwant.lattice.square(norbs=1)
    syst = kwant.Builder()
    across = _peierls if field else -1.0
    syst[(lat(x, y) for x in range(length) for y in range(width))] = onsite
    syst[kwant.HoppingKind((1, 0), lat)] = across
    syst[kwant.HoppingKind((0, 1), lat)] = -1.0
    for name in terminals:
        if name == "c":
            lead = kwant.Builder(kwant.TranslationalSymmetry((0, -1)))
            lead[(lat(x, 0) for x in range(max(1, length // 2)))] = 0
        else:
            lead = kwant.Builder(kwant.TranslationalSymmetry((1 if name == "b" else -1, 0)))
            ys = {"a": range(width), "b": range(width), "d": range(width // 2)}[name]
            lead[(lat(0, y) for y in ys)] = 0
        lead[kwant.HoppingKind((1, 0), lat)] = across if name != "c" else -1.0
        lead[kwant.HoppingKind((0, 1), lat)] = -1.0
        syst.attach_lead(lead)
    return syst.finalized()


def chain(length, *, onsite=0):
    """A chain between two leads."""
    return square(1, length, onsite=onsite)


def graphene(width, length, *, onsite=0):
    """A zigzag ribbon of the honeycomb lattice."""
    lat = kwant.lattice.honeycomb(norbs=1)
    syst = kwant.Builder()

    def inside(pos):
        return 0 <= pos[0] < length and 0 <= pos[1] < width

    syst[lat.shape(inside, (0, 0.5))] = onsite
    syst[lat.neighbors()] = -1
    for direction in (-1, 1):
        lead = kwant.Builder(kwant.TranslationalSymmetry(lat.vec((direction, 0))))
        lead[lat.shape(lambda pos: 0 <= pos[1] < width, (0, 0.5))] = 0
        lead[lat.neighbors()] = -1
        syst.attach_lead(lead)
    return syst.finalized()


def cubic(width, length, *, onsite=0):
    """A bar of the cubic lattice, as high as wide."""
    lat = kwant.lattice.cubic(norbs=1)
    syst = kwant.Builder()
    cross = [(y, z) for y in range(width) for z in range(width)]
    syst[(lat(x, y, z) for x in range(length) for y, z in cross)] = onsite
    syst[lat.neighbors()] = -1
    for direction in (-1, 1):
        lead = kwant.Builder(kwant.TranslationalSymmetry((direction, 0, 0)))
        lead[(lat(0, y, z) for y, z in cross)] = 0
        lead[lat.neighbors()] = -1
        syst.attach_lead(lead)
    return syst.finalized()


def spinful(width, length, *, rashba=0.4, onsite=None):
    """A square lattice with Rashba coupling inside and leads that conserve the spin.

    The default of ``onsite`` is a Zeeman energy of 0.1.
    """
    lat = kwant.lattice.square(norbs=2)
    one, sx = np.eye(2), np.array([[0, 1], [1, 0]])
    sy, sz = np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0])
    syst = kwant.Builder()
    sites = (lat(x, y) for x in range(length) for y in range(width))
    syst[sites] = 0.1 * sz if onsite is None else onsite
    syst[kwant.HoppingKind((1, 0), lat)] = -one + 1j * rashba * sy
    syst[kwant.HoppingKind((0, 1), lat)] = -one - 1j * rashba * sx
    lead = kwant.Builder(kwant.TranslationalSymmetry((-1, 0)), conservation_law=-sz)
    lead[(lat(0, y) for y in range(width))] = 0 * one
    lead[lat.neighbors()] = -one
    syst.attach_lead(lead)
    syst.attach_lead(lead.reversed())
    return syst.finalized()
