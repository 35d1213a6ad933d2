"""The order of elimination, worked out once per system: nested dissection and its fronts.

Sites are removed from the Green's function problem (H - E) ψ = 0 group by
group. A small set of sites, a separator, that cuts a region in two is
eliminated after both halves; the halves are treated likewise, down to groups
of a few sites (George, SIAM J. Numer. Anal. 10, 345 (1973)). Each group, a
*node* of a tree, owns a dense matrix, its *front*: the orbitals that it
eliminates (pivots) followed by the not yet eliminated orbitals that these
couple to (boundary). What the elimination leaves on the boundary, the update,
is added to the front of the parent (multifrontal method: Duff and Reid, ACM
TOMS 9, 302 (1983)). The sites that leads attach to are not eliminated: they
make up the last front, the root.

Everything here depends on the graph alone; it serves all energies, fields and
disorder configurations.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, dijkstra

from ...hamiltonian.structure import Index, Structure, concatenated_ranges


class Plan(NamedTuple):
    """How to dissect.

    Attributes
    ----------
    leaf
        Regions of so few orbitals are eliminated at once.
    front
        The cost of a front beyond that of its elements, in units of an operation.
    cuts
        Shares of a region below the cuts that are tried.
    """

    leaf: int
    front: float
    cuts: tuple[float, ...]


FINE = Plan(8, 1e3, (0.5, 0.42, 0.58))  # for compiled kernels
OTHER = Plan(11, 1e3, (0.46, 0.38, 0.54))  # the same, but for the places of the cuts
COARSE = Plan(24, 1e5, (0.5, 0.42, 0.58))  # for NumPy: a front costs 0.1 ms whatever its size

PAD = 4
"""Numbers of pivots and of boundary orbitals are rounded up to multiples of this."""


def padded(size: NDArray | float) -> Any:
    """The next multiple of `PAD`."""
    return -(-size // PAD) * PAD


@dataclass(frozen=True, eq=False)
class Tree:
    """Fronts in the order of elimination, as flat arrays; the last one is the root.

    Front ``f`` has ``padded(pivots[f])`` rows for the pivots, then
    ``padded(boundary[f])`` rows for the boundary; padding is the unit matrix.
    Only the upper triangle (row <= column) is stored. Rows and columns below
    are those of the padded front.

    Attributes
    ----------
    orbitals
        All orbitals in the order of elimination.
    pivots, boundary
        Number of pivots and of boundary orbitals of every front.
    entry_start, entry_row, entry_column, entry_source
        Elements of H that enter front ``f`` are ``entry_start[f]:entry_start[f + 1]``:
        their place in the front and their position in the pattern of H.
    child_start, children
        The fronts whose updates enter front ``f``.
    map_start, maps
        Row of front ``f``'s parent for every boundary orbital of ``f``.
    update_start
        Where the update of ``f``, its upper triangle row by row, lies in the stack.
    stack_size
        Elements of the stack of updates.
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
        return len(self.pivots)

    @property
    def interface(self) -> Index:
        """Orbitals of the root, in the order of its rows."""
        return self.orbitals[len(self.orbitals) - self.boundary[-1] :]

    @property
    def sizes(self) -> Index:
        """Rows of every padded front."""
        return padded(self.pivots) + padded(self.boundary)

    def flops(self, real: bool) -> float:
        """Real floating point operations of the elimination, per sample, padding not counted."""
        e, n = self.pivots.astype(float), (self.pivots + self.boundary).astype(float)
        # sum over pivots k of (n - k - 1)(n - k), a multiplication and an addition for each
        # element of the upper triangle
        m = n - e
        work = (n**3 - n) / 3 - (m**3 - m) / 3
        return float(np.sum(work)) * (1 if real else 4)


_TREES: weakref.WeakKeyDictionary[Structure, dict[Plan, Tree]] = weakref.WeakKeyDictionary()


def tree_of(structure: Structure, plan: Plan = FINE) -> Tree:
    """The tree of a structure, kept for as long as the structure lives."""
    trees = _TREES.setdefault(structure, {})
    if plan not in trees:
        trees[plan] = make_tree(structure, plan)
    return trees[plan]


def is_known(structure: Structure) -> bool:
    """Whether the tree of a structure has been worked out before."""
    return structure in _TREES


def make_tree(structure: Structure, plan: Plan = FINE) -> Tree:
    """Dissect the graph of a system and lay out the fronts."""
    graph = _site_graph(structure)
    weights = np.diff(structure.offsets)
    positions, interface = _positions(structure), structure.interface_sites
    owner, nodes = _dissect(graph, weights, positions, interface, plan)
    owner, parent, boundaries = _symbolic(graph, weights, owner, nodes, plan.front)
    return _lay_out(structure, owner, parent, boundaries)


# -- nested dissection ----------------------------------------------------------------------


def _site_graph(structure: Structure) -> sp.csr_array:
    """Which sites are connected, without the diagonal, symmetric."""
    row, column = structure.entry_sites
    apart = row != column
    n = structure.num_sites
    ones = np.ones(np.count_nonzero(apart))
    graph = sp.csr_array((ones, (row[apart], column[apart])), shape=(n, n))
    graph = sp.csr_array(graph + graph.T)
    graph.data[:] = 1
    return graph


def _positions(structure: Structure) -> NDArray:
    """Positions of the sites, shape (axes, sites); no axes if they have none."""
    try:
        return (
            np.array([site.pos for site in structure.sites], float)
            .reshape(structure.num_sites, -1)
            .T
        )
    except (ValueError, AttributeError):
        return np.empty((0, structure.num_sites))


def _dissect(
    graph: sp.csr_array, weights: Index, positions: NDArray, interface: Index, plan: Plan
) -> tuple[Index, int]:
    """Node of every site, and the number of nodes; a separator comes before what it separates.

    All regions of one depth are cut at the same time. Node 0 holds the
    interface and is the root.
    """
    n = graph.shape[0]
    owner = np.full(n, -1)
    owner[interface] = 0
    count = 1
    edges = graph.tocoo()
    rows, columns = edges.row, edges.col
    open_sites = np.flatnonzero(owner < 0)
    while len(open_sites):
        # Regions are what is connected without the sites already assigned.
        number = np.full(n, -1)
        number[open_sites] = np.arange(len(open_sites))
        kept = (number[rows] >= 0) & (number[columns] >= 0)
        rows, columns = rows[kept], columns[kept]
        m = len(open_sites)
        edge = number[rows], number[columns]
        inside = sp.csr_array((np.ones(len(rows)), edge), shape=(m, m))
        regions, region = connected_components(inside, directed=False)
        weight = weights[open_sites]
        heights = [*positions[:, open_sites], _distances(inside, region, regions)]
        separator = _separators(edge, region, regions, weight, heights, plan.cuts)
        # Small regions are eliminated whole.
        size = np.bincount(region, weights=weight, minlength=regions)
        separator |= (size <= plan.leaf)[region]
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
    cuts: tuple[float, ...],
) -> NDArray[np.bool_]:
    """A separator of every region, as a mask of the sites.

    Candidates are cuts across each of the given heights of the sites:
    coordinates, and the distance from a corner of the region. The best has the
    smallest |separator| / (|left| |right|).
    """
    best = np.full(regions, np.inf)
    separator = np.ones(len(region), bool)
    start, end = edge
    total = np.bincount(region, weights=weight, minlength=regions)
    for height in heights:
        order = np.lexsort((height, region))
        filled = np.cumsum(weight[order]) - weight[order]
        filled = filled - (np.cumsum(total) - total)[region[order]]
        for share in cuts:
            # the height of the site at which the given share of the region is reached
            reached = order[filled <= share * total[region[order]]]
            middle = np.zeros(regions)
            middle[region[reached]] = height[reached]
            lower = height < middle[region]
            crossing = lower[start] & ~lower[end]
            for cut in (np.unique(start[crossing]), np.unique(end[crossing])):
                on = np.zeros(len(region), bool)
                on[cut] = True
                cost = np.bincount(region[cut], weights=weight[cut], minlength=regions)
                left = np.bincount(region, weights=weight * (lower & ~on), minlength=regions)
                right = total - left - cost
                score = np.where(
                    (left > 0) & (right > 0), cost / np.maximum(left * right, 1), np.inf
                )
                better = score < best * (1 - 1e-9)
                best = np.where(better, score, best)
                separator = np.where(better[region], on, separator)
    return separator


def _distances(graph: sp.csr_array, region: Index, regions: int) -> NDArray:
    """Distance in the graph from a corner of each region: the site farthest from any one."""
    sources = np.unique(region, return_index=True)[1]
    for _ in range(2):
        distance = dijkstra(graph, indices=sources, unweighted=True, min_only=True)
        order = np.lexsort((distance, region))
        sources = order[np.cumsum(np.bincount(region, minlength=regions)) - 1]
    return dijkstra(graph, indices=sources, unweighted=True, min_only=True)


# -- symbolic elimination -------------------------------------------------------------------


def _symbolic(
    graph: sp.csr_array, weights: Index, owner: Index, nodes: int, front: float
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
        # Deeper nodes have larger numbers and are eliminated already.
        around = np.unique(np.concatenate([*parts, *pending[node]]))
        boundaries[node] = around = around[owner[around] < node]
        parent[node] = owner[around].max(initial=0)
        pending[parent[node]].append(around)

    pivots = np.bincount(owner, weights=weights, minlength=nodes)
    boundary = np.array([weights[b].sum() for b in boundaries], float)
    merged = _merge(parent, pivots, boundary, front)
    order = _postorder(merged[parent], (merged == np.arange(nodes)) & (pivots > 0))
    rank = np.full(nodes, -1)
    rank[order] = np.arange(len(order))
    return rank[merged[owner]], rank[merged[parent[order]]], [boundaries[f] for f in order]


def _merge(parent: Index, pivots: NDArray, boundary: NDArray, front: float) -> Index:
    """The node that each node is eliminated with: an ancestor, if that costs less, or itself."""
    merged = np.arange(len(parent))
    pivots = pivots.copy()
    for node in range(len(parent) - 1, 0, -1):
        above = parent[node]
        if above == 0 or pivots[node] == 0:
            continue
        here, there = pivots[node], pivots[above]
        apart = _cost(here, boundary[node]) + front + _cost(there, boundary[above])
        if _cost(here + there, boundary[above]) < apart:
            merged[node] = above
            pivots[above] += pivots[node]
    for node in range(1, len(parent)):  # ancestors have smaller numbers
        merged[node] = merged[merged[node]]
    return merged


def _cost(pivots: float, boundary: float) -> float:
    """Work on a front in units of an operation; the last term is for moving data, measured."""
    m = padded(boundary)
    n = padded(pivots) + m
    return (n**3 - m**3) / 3 + 5 * (n**2 + m**2)


def _postorder(parent: Index, alive: NDArray[np.bool_]) -> Index:
    """Nodes with every child before its parent and subtrees contiguous; root (0) last."""
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


def _lay_out(structure: Structure, owner: Index, parent: Index, boundaries: list[Index]) -> Tree:
    """Turn nodes and boundaries of sites into fronts of orbitals."""
    fronts = len(parent)
    sizes = np.diff(structure.offsets)
    # Orbitals in the order of elimination, and their places in it.
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

    def local(front: Index, where: Index) -> Index:
        """Row in a front of the orbital that is eliminated as number `where`."""
        own = (where < first[front] + pivots[front]) & (front < fronts - 1)
        found = np.searchsorted(keys, front * len(orbitals) + where) - map_start[front]
        return np.where(own, where - first[front], padded(pivots[front]) + found)

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

    rows = padded(boundary)
    elements = rows * (rows + 1) // 2
    update_start = np.zeros(fronts, np.int64)
    top = stack_size = 0
    for f in range(fronts):
        for c in children[child_start[f] : child_start[f + 1]]:
            top -= elements[c]
        update_start[f] = top
        top += elements[f]
        stack_size = max(stack_size, top)

    return Tree(
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
        stack_size=int(stack_size),
    )
