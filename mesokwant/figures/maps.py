"""Maps of one sample in the plane: a density on its sites, and a current on its hoppings.

`density_map` and `current_map` take axes, a finalized Kwant system, such as that of
`Ensemble.system`, and the numbers that `kwant.operator.Density`, `kwant.ldos` and
`kwant.operator.Current` give for it. They draw colors and streamlines, with lengths in the lattice
constant a.

>>> import kwant
>>> import mesokwant as mk
>>> from systems import Wire
>>> sample = mk.scattering(Wire(width=5, length=9), -0.9, disorder=mk.Anderson(1.0)).system(0)
>>> state = kwant.wave_function(sample, energy=-0.9)(0)[0]
>>> def density(ax, sample):
...     mk.figures.density_map(ax, sample, kwant.operator.Density(sample)(state))
>>> def current(ax, sample):
...     mk.figures.current_map(ax, sample, kwant.operator.Current(sample)(state))
>>> with mk.figures.house_style():
...     figure = mk.figures.compose([density, current], sample)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .plane import Plane

DENSITY, SIGNED, CURRENT = "viridis", "RdBu_r", "Blues"
"""Color maps of densities, of those that have both signs, such as that of a spin, of currents."""

FAINTEST = 0.03
"""Where a current density is less than this times the largest one, no streamlines are drawn."""

LINES = 1.4
"""Density of the streamlines along the longer side, in the unit of matplotlib."""

WIDE = 1.3
"""Width over height above which the scale of the colors lies below a map, and not beside it."""

LONG = 3.0
"""A hopping longer than this, in distances of neighbours, closes a periodic boundary."""


def density_map(ax: Axes, system: Any, density: Any, *, label: str = "density per site") -> None:
    """Draw a density on the sites of a system as colors.

    The color at a site is its value, and between sites it is an average of the nearest ones, so
    that a uniform density has one color. Sites at the same position are drawn as their sum.

    Parameters
    ----------
    ax
        The axes.
    system
        A finalized Kwant system of one or two dimensions.
    density
        One real number for every site, as from `kwant.operator.Density`, or for every orbital, as
        from `kwant.ldos`; the orbitals of a site are summed.
    label
        Of the color bar.

    Raises
    ------
    ValueError
        The system has no positions or has three dimensions; the density has another length, is
        complex, or is not finite.
    """
    places = _places(system)
    values = _real(density, "density")
    if len(values) != len(places):
        values = _summed(values, system, len(places))
    plane, position = Plane.of(places)
    field = plane.interpolated(np.bincount(position, values))
    largest = float(np.nanmax(np.abs(field)))
    signed = np.nanmin(field) < -1e-9 * largest
    _draw_colors(
        ax,
        plane,
        field,
        label,
        cmap=SIGNED if signed else DENSITY,
        vmin=-largest if signed else 0.0,
        vmax=largest,
    )


def current_map(ax: Axes, system: Any, current: Any, *, label: str = "current per length") -> None:
    """Draw a current on the hoppings of a system: its density as colors, with streamlines.

    The current density at a site is half the sum of the currents of its hoppings, each times the
    vector to its other end, over the area of a site. A site that a lead attaches to lacks the
    hoppings into the lead and gets their share. A hopping that closes a periodic boundary is taken
    to leave the one edge and to enter the other.

    Parameters
    ----------
    ax
        The axes.
    system
        A finalized Kwant system of one or two dimensions.
    current
        One real number for every hopping, in the order of ``system.graph``, as from
        `kwant.operator.Current` or the sum of several of its results.
    label
        Of the color bar.

    Raises
    ------
    ValueError
        The system has no positions or has three dimensions; the current has another length, is
        complex, or is not finite.
    """
    places = _places(system)
    values = _real(current, "current")
    hoppings = np.array(list(system.graph), int).reshape(-1, 2)
    if len(values) != len(hoppings):
        raise ValueError(
            f"the current has {len(values)} values, but the system has {len(hoppings)} hoppings: "
            "give one value for each, as kwant.operator.Current(system) does"
        )
    plane, position = Plane.of(places)
    flows = site_currents(places, hoppings, values, plane.spacing, system.lead_interfaces)
    x, y = (plane.interpolated(np.bincount(position, flow)) / plane.area for flow in flows.T)
    speed = np.hypot(x, y)
    largest = float(np.nanmax(speed))
    _draw_colors(ax, plane, speed, label, cmap=CURRENT, vmin=0.0, vmax=largest)
    strong = np.nan_to_num(speed) > FAINTEST * largest
    if strong.any() and not plane.flat:
        x, y = (np.where(strong, component, np.nan) for component in (x, y))
        widths = 0.2 + 0.9 * np.nan_to_num(speed) / largest
        across, up = plane.size
        density = (LINES * across / max(across, up), LINES * up / max(across, up))
        lines: Any = {"color": "0.1", "linewidth": widths, "arrowsize": 0.6, "density": density}
        ax.streamplot(plane.x, plane.y, x, y, **lines)
        ax.set(xlim=plane.extent[:2], ylim=plane.extent[2:])


def site_currents(
    places: NDArray, hoppings: NDArray, values: NDArray, spacing: float, interfaces: Any
) -> NDArray:
    """The current at every site times the length over which it flows.

    Parameters
    ----------
    places
        Positions of the sites, shape (sites, 2).
    hoppings
        The two sites (to, from) of every hopping, in both directions, shape (hoppings, 2).
    values
        The current of every hopping, shape (hoppings,).
    spacing
        Distance of neighbours.
    interfaces
        The sites that each lead attaches to.

    Returns
    -------
    numpy.ndarray
        Vectors in the plane, shape (sites, 2).
    """
    to, source = hoppings.T
    bonds = places[to] - places[source]
    lengths = np.linalg.norm(bonds, axis=1)
    long = lengths > LONG * spacing
    bonds[long] *= -spacing / lengths[long, None]
    # The graph has every hopping in both directions; each site takes the half that ends there.
    flows = np.zeros_like(places)
    np.add.at(flows, to, values[:, None] * bonds / 2)
    squares = np.zeros((len(places), 2, 2))
    np.add.at(squares, to, bonds[:, :, None] * bonds[:, None, :])
    attached = np.unique(np.concatenate([np.asarray(sites, int) for sites in [[], *interfaces]]))
    inside = np.setdiff1d(np.arange(len(places)), attached)
    whole = np.median(squares[inside if len(inside) else attached], axis=0)
    missing = whole @ np.linalg.pinv(squares[attached], rcond=1e-6)
    flows[attached] = (missing @ flows[attached, :, None])[:, :, 0]
    return flows


def _places(system: Any) -> NDArray:
    """Positions of all sites in the plane, shape (sites, 2)."""
    try:
        places = np.array([site.pos for site in system.sites], float)
    except AttributeError:
        raise ValueError(
            "a map needs the positions of the sites, and this system has none: finalize it from a "
            "kwant.Builder"
        ) from None
    axes = places.shape[1]
    if axes > 2:
        raise ValueError(
            f"a map lies in a plane, but this system has {axes} dimensions: sum the values over "
            "the others and draw them on a system of two dimensions"
        )
    return np.pad(places, [(0, 0), (0, 2 - axes)])


def _real(values: Any, what: str) -> NDArray:
    array = np.asarray(values)
    if array.ndim != 1 or np.iscomplexobj(array) or not np.all(np.isfinite(array)):
        raise ValueError(
            f"the {what} must be a sequence of finite real numbers, not an array of shape "
            f"{array.shape} and type {array.dtype}"
        )
    return array.astype(float)


def _summed(values: NDArray, system: Any, sites: int) -> NDArray:
    """Values of orbitals, summed over those of every site."""
    ranges = system.site_ranges
    if ranges is None or len(values) != ranges[-1][2]:
        orbitals = "" if ranges is None else f" and {ranges[-1][2]} orbitals"
        raise ValueError(
            f"the density has {len(values)} values, but the system has {sites} sites{orbitals}: "
            "give one value for each"
        )
    starts = np.array([r[0] for r in ranges])
    numbers = np.repeat([r[1] for r in ranges[:-1]], np.diff(starts))
    return np.bincount(np.repeat(np.arange(sites), numbers), values, minlength=sites)


def _draw_colors(ax: Axes, plane: Plane, field: NDArray, label: str, **colors: Any) -> None:
    """Draw a field as colors with their scale, and the edge of the system."""
    image = ax.imshow(field, extent=plane.extent, origin="lower", **colors)
    across, up = plane.size
    below: Any = {"location": "bottom", "aspect": 30} if across > WIDE * up else {}
    ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8, **below)
    outside = np.pad(np.isnan(field), 1, constant_values=True)
    around = (np.pad(axis, 1, mode="reflect", reflect_type="odd") for axis in (plane.x, plane.y))
    ax.contour(*around, outside, [0.5], colors="0.4", linewidths=0.6)
    ax.set(xlabel="x (a)", ylabel="y (a)")
    if plane.flat:
        ax.set(ylabel="", yticks=[])
