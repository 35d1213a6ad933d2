"""Values on the sites of any lattice, interpolated to the points of a grid in the plane.

`Plane.of` takes the positions of the sites and lays a grid over them. `Plane.interpolated` gives
the values of sites at all points of the grid that belong to the system. It needs no lattice: how
far a site reaches follows from the triangles between neighbouring sites, so that the hexagons of a
honeycomb are filled, and holes are left open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, KDTree, QhullError

POINTS = 120_000
"""About how many points a grid has."""
NEAREST = 9
"""How many sites are averaged at a point."""
SMOOTHING = 0.4
"""Standard deviation σ of the weights of these sites, in distances of neighbours."""
MARGIN = 1.1
"""A site reaches farther than to the points between sites by this factor."""


@dataclass(frozen=True, eq=False)
class Plane:
    """A grid over the sites of a system.

    Attributes
    ----------
    sites
        Positions, all different, shape (positions, 2).
    spacing
        Distance of neighbouring positions, the median.
    reach
        A point belongs to the system if its `_smooth_square` is at most this.
    area
        Area of a position.
    x, y
        Coordinates of the points of the grid, shapes (columns,) and (rows,).
    """

    sites: NDArray
    spacing: float
    reach: float
    area: float
    x: NDArray
    y: NDArray

    @classmethod
    def of(cls, places: NDArray) -> tuple[Plane, NDArray]:
        """A grid over sites, and the number of the position of every site.

        Parameters
        ----------
        places
            Positions of the sites, shape (sites, 2).
        """
        _, first, position = np.unique(
            places.round(6), axis=0, return_index=True, return_inverse=True
        )
        sites = places[first]
        spacing = 1.0
        if len(sites) > 1:
            spacing = float(np.median(KDTree(sites).query(sites, k=2)[0][:, 1]))
        reach, area = _cell(sites, spacing)
        margin = 0.5 * spacing + np.sqrt(reach)
        low, high = sites.min(axis=0) - margin, sites.max(axis=0) + margin
        step = np.sqrt(np.prod(high - low) / POINTS)
        x, y = (
            np.linspace(start, end, max(2, round((end - start) / step)))
            for start, end in zip(low, high, strict=True)
        )
        return cls(sites, spacing, reach, area, x, y), position.ravel()

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The first and last column, and the first and last row."""
        return self.x[0], self.x[-1], self.y[0], self.y[-1]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the grid."""
        x, y = self.x, self.y
        return x[-1] - x[0], y[-1] - y[0]

    @property
    def flat(self) -> bool:
        """Whether all sites lie in a line along x."""
        return bool(np.ptp(self.sites[:, 1]) == 0)

    def interpolated(self, values: NDArray) -> NDArray:
        """Values of positions at the points of the grid, shape (rows, columns).

        Outside the system they are NaN.
        """
        weights, nearest, outside = self._weights
        field = np.sum(weights * values[nearest], axis=1)
        field[outside] = np.nan
        return field.reshape(len(self.y), len(self.x))

    @cached_property
    def _weights(self) -> tuple[NDArray, NDArray, NDArray]:
        """Weights and numbers of the nearest sites of every point, and which points are outside."""
        points = np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)
        weights, nearest, square = _near(self.sites, self.spacing, points)
        return weights, nearest, square > self.reach


def _near(sites: NDArray, spacing: float, points: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Weights and numbers of the nearest sites of every point, and a squared distance to them.

    It is -2σ² ln Σ exp(-d²/2σ²), with the distances d of these sites: that of the nearest one where
    it is much nearer than all others, and less between several sites. The line at which it has a
    given value runs straight along the edge of a lattice, and not around every site.
    """
    ranks = np.arange(1, min(NEAREST, len(sites)) + 1)
    distances, nearest = KDTree(sites).query(points, k=ranks)
    squares = distances**2
    scale = 2 * (SMOOTHING * spacing) ** 2
    # The nearest site has weight 1, however far it is.
    weights = np.exp((squares[:, :1] - squares) / scale)
    total = weights.sum(axis=1)
    return weights / total[:, None], nearest, squares[:, 0] - scale * np.log(total)


def _cell(sites: NDArray, spacing: float) -> tuple[float, float]:
    """How far a site reaches, and its area."""
    half = (spacing / 2) ** 2
    try:
        corners = sites[Delaunay(sites).simplices]
    except (QhullError, ValueError):  # There are no triangles between sites in a line.
        return half, spacing
    b, c = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0]) / 2
    flat = np.abs(areas) < 1e-6 * spacing**2
    b, c, areas, corners = b[~flat], c[~flat], areas[~flat], corners[~flat]
    across = np.sum(b**2, axis=1)[:, None] * c - np.sum(c**2, axis=1)[:, None] * b
    # The point at the same distance from the three corners of a triangle.
    centres = corners[:, 0] + across @ [[0, -1], [1, 0]] / (4 * areas[:, None])
    squares = _near(sites, spacing, centres)[2]
    reach = MARGIN * float(np.median(squares))
    # Triangles that are larger bridge holes and bays of the system; there are two for a site.
    inside = np.abs(areas[squares <= max(reach, half)])
    return max(reach, half), 2 * float(np.mean(inside))
