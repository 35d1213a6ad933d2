"""The order of elimination, worked out once per system: nested dissection and its fronts.

`dissection_of` takes the `Structure` of a system and gives its `Dissection`. It depends on the
graph alone and serves all energies, fields and disorder configurations.

The equation (H - E) ψ = 0 is solved by eliminating its sites group by group. A separator is a
small set of sites that cuts a region in two; it is eliminated after both parts of the region.
The parts are cut likewise, down to groups of a few sites [1]_. Each group is a *node* of the
hierarchy of separators. It owns a dense matrix, its *front*, with rows for the orbitals that it
eliminates (pivots) and then for the orbitals not yet eliminated that these couple to (boundary).
The elimination changes the elements between boundary orbitals; this *update* is added to the front
of the parent node (multifrontal method [2]_). The sites that leads attach to are not eliminated.
They make up the last front, the *root*.

References
----------
.. [1] A. George, SIAM J. Numer. Anal. 10, 345 (1973).
.. [2] I. S. Duff and J. K. Reid, ACM Trans. Math. Softw. 9, 302 (1983).
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, dijkstra

from ...hamiltonian.structure import Index, Structure, concatenated_ranges

REGION_SIZE = 6
"""Regions of at most so many orbitals are not cut but eliminated at once."""

FRONT_COST = 3e2
"""Fixed cost of a front, beside that of its elements, in floating point operations."""

CUT_SHARES = (0.5, 0.4, 0.6, 0.3, 0.7)
"""Cuts are tried where these shares of a region lie below them."""

PAD = 4
"""The numbers of pivots and of boundary orbitals are rounded up to multiples of this."""


def padded(size: NDArray | float) -> Any:
    """The next multiple of `PAD`."""
    return -(-size // PAD) * PAD


@dataclass(frozen=True, eq=False)
class Dissection:
    """Fronts in the order of elimination, as flat arrays; the last one is the root.

    Front ``f`` has ``padded(pivots[f])`` rows for the pivots and then
    ``padded(boundary[f])`` rows for the boundary. It is padded by the unit
    matrix. Only its upper triangle (row <= column) is stored. Rows and columns
    below are those of the padded front.

    Attributes
    ----------
    orbitals
        All orbitals in the order of elimination.
    pivots, boundary
        Number of pivots and of boundary orbitals of every front, shape (fronts,).
    entry_start, entry_row, entry_column, entry_source
        The elements of H that enter front ``f`` have the numbers
        ``entry_start[f]:entry_start[f + 1]``; ``entry_row`` and ``entry_column`` are
        their places in the front, ``entry_source`` their positions in the pattern of H.
    child_start, children
        ``children[child_start[f]:child_start[f + 1]]`` are the fronts whose updates
        enter front ``f``.
    map_start, maps
        ``maps[map_start[f]:map_start[f + 1]]`` are the rows of the parent of front
        ``f`` for the boundary orbitals of ``f``.
    update_start
        Where the update of every front, its upper triangle in blocks, lies in the stack
        of updates, shape (fronts,).
    stack_size
        Number of elements of the stack of updates.
    """

    orbitals: Index
    pivots: Index
    boundary: Index
    entry_start: Index
    entry_row: Index
    entry_column: Index
    entry_source: Index
    child_start: Index
    children: Index
    map_start: Index
    maps: Index
    update_start: Index
    stack_size: int

    @property
    def num_fronts(self) -> int:
        """Number of fronts, the root included."""
        return len(self.pivots)

    @property
    def interface(self) -> Index:
        """Orbitals of the root, in the order of its rows."""
        return self.orbitals[len(self.orbitals) - self.boundary[-1] :]

    @property
    def sizes(self) -> Index:
        """Number of rows of every padded front."""
        return padded(self.pivots) + padded(self.boundary)

    @property
    def front_size(self) -> int:
        """Number of elements of the largest front: its pivot rows, or all rows of the root."""
        pivots = padded(self.pivots)
        pivots[-1] = padded(self.boundary[-1])
        return int(np.max(pivots * self.sizes))

    def flops(self, real: bool) -> float:
        """Floating point operations of the elimination per sample, padding not counted.

        ``real`` says whether the Hamiltonian is real; complex operations count as four.
        """
        rows = (self.pivots + self.boundary).astype(float)
        m = rows - self.pivots
        # Pivot k takes a multiplication and an addition for each element of the upper triangle
        # of the rest, (rows - k - 1)(rows - k) operations; this is the sum over all pivots.
        work = (rows**3 - rows) / 3 - (m**3 - m) / 3
        return float(np.sum(work)) * (1 if real else 4)


_DISSECTIONS: weakref.WeakKeyDictionary[Structure, Dissection] = weakref.WeakKeyDictionary()


def dissection_of(structure: Structure) -> Dissection:
    """Dissect a system, or return its dissection if that is known.

    Dissections are kept for as long as the structure lives.
    """
    if structure not in _DISSECTIONS:
        _DISSECTIONS[structure] = dissect(structure)
    return _DISSECTIONS[structure]


def is_dissected(structure: Structure) -> bool:
    """Whether a system has been dissected before, so that `dissection_of` costs nothing."""
    return structure in _DISSECTIONS


def dissect(structure: Structure) -> Dissection:
    """Dissect the graph of a system and lay out the fronts."""
    graph = _site_graph(structure)
    weights = np.diff(structure.offsets)
    positions, interface = _positions(structure), structure.interface_sites
    owner, nodes = _assign_nodes(graph, weights, positions, interface)
    owner, parent, boundaries = _symbolic_elimination(graph, weights, owner, nodes)
    return _lay_out(structure, owner, parent, boundaries)


# -- nested dissection ----------------------------------------------------------------------


def _site_graph(structure: Structure) -> sp.csr_array:
    """The graph of the sites as a symmetric matrix of ones, without the diagonal."""
    row, column = structure.entry_sites
    apart = row != column
    n = structure.num_sites
    ones = np.ones(np.count_nonzero(apart))
    graph = sp.csr_array((ones, (row[apart], column[apart])), shape=(n, n))
    graph = sp.csr_array(graph + graph.T)
    graph.data[:] = 1
    return graph


def _positions(structure: Structure) -> NDArray:
    """Positions of the sites, shape (axes, sites); without axes if sites have no positions."""
    try:
        return (
            np.array([site.pos for site in structure.sites], float)
            .reshape(structure.num_sites, -1)
            .T
        )
    except (ValueError, AttributeError):
        return np.empty((0, structure.num_sites))


def _assign_nodes(
    graph: sp.csr_array,
    weights: Index,
    positions: NDArray,
    interface: Index,
) -> tuple[Index, int]:
    """Node of every site, and the number of nodes.

    A separator has a smaller number than the nodes that it separates. All regions of one
    depth are cut at the same time. Node 0 holds the interface and is the root.
    """
    n = graph.shape[0]
    owner = np.full(n, -1)
    owner[interface] = 0
    count = 1
    edges = graph.tocoo()
    rows, columns = edges.row, edges.col
    open_sites = np.flatnonzero(owner < 0)
    while len(open_sites):
        # Regions are the connected parts of the sites that belong to no node yet.
        number = np.full(n, -1)
        number[open_sites] = np.arange(len(open_sites))
        inside = (number[rows] >= 0) & (number[columns] >= 0)
        rows, columns = rows[inside], columns[inside]
        m = len(open_sites)
        edge = number[rows], number[columns]
        subgraph = sp.csr_array((np.ones(len(rows)), edge), shape=(m, m))
        regions, region = connected_components(subgraph, directed=False)
        weight = weights[open_sites]
        heights = [*positions[:, open_sites], _distances(subgraph, region, regions)]
        separator = _separators(edge, region, regions, weight, heights)
        # Small regions are not cut any further: all of their sites make up one node.
        size = np.bincount(region, weights=weight, minlength=regions)
        separator |= (size <= REGION_SIZE)[region]
        node = count + np.arange(regions)
        count += regions
        owner[open_sites[separator]] = node[region[separator]]
        open_sites = open_sites[~separator]
    return owner, count


def _separators(
    edge: tuple[Index, Index],
    region: Index,
    regions: int,
    weight: Index,
    heights: list[NDArray],
) -> NDArray[np.bool_]:
    """A separator of every region, as a mask of the sites.

    The sites are cut at a height, for each of the given heights (coordinates, and the
    distance from a corner of the region) and shares of the region below the cut. The
    best cut has the smallest |separator| / (|sites below| |sites above|).
    """
    best = np.full(regions, np.inf)
    separator = np.ones(len(region), bool)
    start, end = edge
    total = np.bincount(region, weights=weight, minlength=regions)
    for height in heights:
        order = np.lexsort((height, region))
        filled = np.cumsum(weight[order]) - weight[order]
        filled = filled - (np.cumsum(total) - total)[region[order]]
        for share in CUT_SHARES:
            # The cut is at the height of the site at which the share of the region is reached.
            reached = order[filled <= share * total[region[order]]]
            cut_height = np.zeros(regions)
            cut_height[region[reached]] = height[reached]
            lower = height < cut_height[region]
            crossing = lower[start] & ~lower[end]
            for cut in (np.unique(start[crossing]), np.unique(end[crossing])):
                on = np.zeros(len(region), bool)
                on[cut] = True
                cost = np.bincount(region[cut], weights=weight[cut], minlength=regions)
                below = np.bincount(region, weights=weight * (lower & ~on), minlength=regions)
                above = total - below - cost
                score = np.where(
                    (below > 0) & (above > 0), cost / np.maximum(below * above, 1), np.inf
                )
                better = score < best * (1 - 1e-9)
                best = np.where(better, score, best)
                separator = np.where(better[region], on, separator)
    return separator


def _distances(graph: sp.csr_array, region: Index, regions: int) -> NDArray:
    """Distance in the graph from a corner of the region, shape (sites,).

    A corner is the site that is farthest from the one that is farthest from any site.
    """
    sources = np.unique(region, return_index=True)[1]
    for _ in range(2):
        distance = dijkstra(graph, indices=sources, unweighted=True, min_only=True)
        order = np.lexsort((distance, region))
        sources = order[np.cumsum(np.bincount(region, minlength=regions)) - 1]
    return dijkstra(graph, indices=sources, unweighted=True, min_only=True)


# -- symbolic elimination -------------------------------------------------------------------


def _symbolic_elimination(
    graph: sp.csr_array, weights: Index, owner: Index, nodes: int
) -> tuple[Index, Index, list[Index]]:
    """Front and parent front of every site, and boundary sites of every front.

    Fronts are numbered in the order of elimination. The parent of a front is
    the first to be eliminated among the fronts on its boundary, or the root.
    """
    members = np.split(
        np.argsort(owner, kind="stable"), np.cumsum(np.bincount(owner, minlength=nodes))[:-1]
    )
    pending: list[list[Index]] = [[] for _ in range(nodes)]
    boundaries: list[Index] = [np.empty(0, int)] * nodes
    parent = np.zeros(nodes, int)
    for node in range(nodes - 1, 0, -1):
        parts = [graph.indices[graph.indptr[s] : graph.indptr[s + 1]] for s in members[node]]
        if not parts:
            continue
        # Nodes with larger numbers lie deeper in the hierarchy and are eliminated already.
        around = np.unique(np.concatenate([*parts, *pending[node]]))
        boundaries[node] = around = around[owner[around] < node]
        parent[node] = owner[around].max(initial=0)
        pending[parent[node]].append(around)

    pivots = np.bincount(owner, weights=weights, minlength=nodes)
    boundary = np.array([weights[b].sum() for b in boundaries], float)
    merged = _merge(parent, pivots, boundary)
    order = _postorder(merged[parent], (merged == np.arange(nodes)) & (pivots > 0))
    rank = np.full(nodes, -1)
    rank[order] = np.arange(len(order))
    return rank[merged[owner]], rank[merged[parent[order]]], [boundaries[f] for f in order]


def _merge(parent: Index, pivots: NDArray, boundary: NDArray) -> Index:
    """The node that each node is eliminated with: an ancestor, if that costs less, else itself."""
    merged = np.arange(len(parent))
    pivots = pivots.copy()
    for node in range(len(parent) - 1, 0, -1):
        above = parent[node]
        if above == 0 or pivots[node] == 0:
            continue
        own, parents = pivots[node], pivots[above]
        apart = _cost(own, boundary[node]) + FRONT_COST + _cost(parents, boundary[above])
        if _cost(own + parents, boundary[above]) < apart:
            merged[node] = above
            pivots[above] += pivots[node]
    # Ancestors have smaller numbers, so that they have been resolved before.
    for node in range(1, len(parent)):
        merged[node] = merged[merged[node]]
    return merged


def _cost(pivots: float, boundary: float) -> float:
    """Cost of a front in floating point operations.

    The last term is the cost of moving its data, which was measured.
    """
    m = padded(boundary)
    n = padded(pivots) + m
    return (n**3 - m**3) / 3 + 6 * n**2


def _postorder(parent: Index, alive: NDArray[np.bool_]) -> Index:
    """Nodes in the order of elimination.

    Every child comes before its parent, the descendants of a node follow one another, and
    the root (0) comes last.
    """
    children: list[list[int]] = [[] for _ in parent]
    for child in (np.flatnonzero(alive[1:]) + 1).tolist():
        children[parent[child]].append(child)
    order: list[int] = []
    stack = [0]
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(children[node])
    return np.array(order[::-1], int)


def _lay_out(
    structure: Structure, owner: Index, parent: Index, boundaries: list[Index]
) -> Dissection:
    """Turn nodes and boundaries of sites into fronts of orbitals."""
    fronts = len(parent)
    sizes = np.diff(structure.offsets)
    # These are the orbitals in the order of elimination, and the place of each in it.
    site_order = np.argsort(owner, kind="stable")
    orbitals = concatenated_ranges(structure.offsets[site_order], sizes[site_order])
    place = np.empty(len(orbitals), np.int64)
    place[orbitals] = np.arange(len(orbitals))
    orbital_owner = np.repeat(owner, sizes)
    counts = np.bincount(orbital_owner, minlength=fronts)
    first = np.cumsum(counts) - counts

    # The root has no pivots: its orbitals count as its boundary.
    pivots = counts.copy()
    pivots[-1] = 0
    site_place = place[structure.offsets[:-1]] if len(owner) else np.empty(0, int)
    around = [b[np.argsort(site_place[b])] for b in boundaries]
    around[-1] = site_order[owner[site_order] == fronts - 1]
    sites = np.concatenate(around)
    boundary = np.array([int(sizes[b].sum()) for b in around], np.int64)
    map_start = np.concatenate([[0], np.cumsum(boundary)]).astype(np.int64)
    bounds = place[concatenated_ranges(structure.offsets[sites], sizes[sites])]
    keys = np.repeat(np.arange(fronts), boundary) * len(orbitals) + bounds

    def local(front: Index, places: Index) -> Index:
        """Row in a front of the orbitals whose places in the order of elimination are given."""
        own = (places < first[front] + pivots[front]) & (front < fronts - 1)
        found = np.searchsorted(keys, front * len(orbitals) + places) - map_start[front]
        return np.where(own, places - first[front], padded(pivots[front]) + found)

    row, column = place[structure.rows], place[structure.indices]
    upper = np.flatnonzero(row <= column)
    front = orbital_owner[structure.rows[upper]]
    upper = upper[np.argsort(front, kind="stable")]
    front = orbital_owner[structure.rows[upper]]
    entry_start = np.concatenate([[0], np.cumsum(np.bincount(front, minlength=fronts))])

    child = np.arange(fronts - 1)
    maps = local(np.repeat(parent[:-1], boundary[:-1]), bounds[: map_start[-2]])
    children = child[np.argsort(parent[:-1], kind="stable")]
    child_start = np.concatenate([[0], np.cumsum(np.bincount(parent[:-1], minlength=fronts))])

    update_start, stack_size = _stacked(parent, padded(boundary), children, child_start)
    return Dissection(
        orbitals=orbitals,
        pivots=pivots,
        boundary=boundary,
        entry_start=entry_start.astype(np.int64),
        entry_row=local(front, row[upper]),
        entry_column=local(front, column[upper]),
        entry_source=upper,
        child_start=child_start.astype(np.int64),
        children=children,
        map_start=map_start,
        maps=maps,
        update_start=update_start,
        stack_size=stack_size,
    )


def _stacked(parent: Index, rows: Index, children: Index, child_start: Index) -> tuple[Index, int]:
    """Where the update of every front lies in the stack, and the size of the stack.

    An update is made while those of the children are still needed. Fronts of even depth
    therefore put theirs on one end of the stack, and those of odd depth on the other.
    """
    fronts = len(parent)
    depth = np.zeros(fronts, int)
    for f in range(fronts - 2, -1, -1):
        depth[f] = depth[parent[f]] + 1
    end = depth % 2
    elements = rows * (rows + PAD) // 2
    # The root keeps its matrix in the front itself.
    elements[-1] = 0
    start = np.zeros(fronts, np.int64)
    filled, size = [0, 0], 0
    for f in range(fronts):
        start[f] = filled[end[f]]
        filled[end[f]] += int(elements[f])
        size = max(size, sum(filled))
        for c in children[child_start[f] : child_start[f + 1]]:
            filled[end[c]] -= int(elements[c])
    return np.where(end, size - start - elements, start), size
