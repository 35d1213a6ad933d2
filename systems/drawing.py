"""Draw a small system: its sites, its hoppings, and the first unit cells of its leads.

`draw` takes a system and gives a matplotlib figure, with lengths in the lattice constant a.
Sites whose on-site value is not the common one, such as impurities, are marked, and rings are
around the sites that have a lead without a lattice, such as a voltage probe. A hopping
longer than a is an arc in a chain; elsewhere it closes a periodic boundary and is cut into two
dashed ends.
"""

import textwrap
from collections import Counter

import kwant.plotter
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from systems.base import System

REGION, MARKED, PROBES = "#22313f", "#f0a500", "#3a9ea5"
LEADS = ("#c8553d", "#2a78b8", "#4c9a5b", "#8a5aa8", "#b8860b", "#3a9ea5")
"""Colors of the leads; a seventh lead has the color of the first one again."""
LEAD_CELLS = 2
"""How many unit cells of every lead are drawn."""


def draw(system: System) -> Figure:
    """Draw a system of one, two or three dimensions.

    >>> from systems import Ribbon
    >>> draw(Ribbon(width=3, length=5)).axes[0].get_xlabel()
    'x (a)'
    """
    builder = system.builder()
    # Kwant's functions know the places of leads that have a lattice alone.
    probes = [lead for lead in builder.leads if not hasattr(lead, "builder")]
    numbers = [i for i, lead in enumerate(builder.leads) if hasattr(lead, "builder")]
    builder.leads = [builder.leads[i] for i in numbers]
    sites, _ = kwant.plotter.sys_leads_sites(builder, LEAD_CELLS)
    bonds, _ = kwant.plotter.sys_leads_hoppings(builder, LEAD_CELLS)
    places = kwant.plotter.sys_leads_pos(builder, sites)
    ends = np.stack(kwant.plotter.sys_leads_hopping_pos(builder, bonds), axis=1)
    if places.shape[1] == 1:  # a chain lies on y = 0
        places, ends = (np.pad(p, [(0, 0)] * (p.ndim - 1) + [(0, 1)]) for p in (places, ends))

    values = {site: id(builder[site]) for site in builder.sites()}
    common = Counter(values.values()).most_common(1)[0][0]
    marked = np.array([lead is None and values[site] != common for site, lead, _ in sites])
    colors = np.array([_color(lead, cell) for _, lead, cell in sites])

    axes = _axes(places)
    flat = np.ptp(places[:, 1]) == 0
    for (start, end), (_, lead, cell) in zip(ends, bonds, strict=True):
        for line, style in _lines(start, end, flat):
            axes.plot(*line.T, style, color=_color(lead, cell), lw=1.1, zorder=1, clip_on=False)
    depth = {"depthshade": False} if places.shape[1] == 3 else {}
    axes.scatter(
        *places.T, s=36, c=colors, edgecolors="white", lw=0.8, zorder=2, clip_on=False, **depth
    )
    legend = [("region", REGION)]
    legend += [
        (f"lead {number}", LEADS[place % len(LEADS)]) for place, number in enumerate(numbers)
    ]
    if probes:
        spots = np.array([site.pos for lead in probes for site in lead.interface], float)
        spots = np.pad(spots, [(0, 0), (0, places.shape[1] - spots.shape[1])])
        axes.scatter(*spots.T, s=110, facecolors="none", edgecolors=PROBES, zorder=3, **depth)
        legend.append(("voltage probe", PROBES))
    if marked.any():
        axes.scatter(*places[marked].T, s=90, c=MARKED, edgecolors=REGION, zorder=3, **depth)
        legend.append(("other on-site value", MARKED))
    dots = [Line2D([], [], marker="o", ls="", color=color, label=name) for name, color in legend]
    axes.figure.legend(
        handles=dots,
        loc="outside upper center",
        ncols=len(dots),
        frameon=False,
        handletextpad=0.1,
        title=textwrap.fill(repr(system), 85),
        title_fontproperties={"family": "monospace", "size": 8},
    )
    return axes.figure


def _color(lead: int | None, cell: int) -> tuple[float, ...]:
    """The tint of a site or bond; leads fade away from the region."""
    if lead is None:
        return to_rgb(REGION)
    strength = 1 - (cell + 1) / (LEAD_CELLS + 2)
    return tuple(1 - strength * (1 - c) for c in to_rgb(LEADS[lead % len(LEADS)]))


def _lines(start: np.ndarray, end: np.ndarray, flat: bool) -> list[tuple[np.ndarray, str]]:
    """The lines, with their styles, that stand for a hopping."""
    bond = end - start
    length = np.linalg.norm(bond)
    if length < 1.5:
        return [(np.array([start, end]), "-")]
    if not flat:
        stub = 0.6 * bond / length
        return [(np.array([start, start - stub]), ":"), (np.array([end, end + stub]), ":")]
    along = np.linspace(0, 1, 40)[:, None]
    height = np.zeros_like(bond)
    height[1] = 0.5 * (length - 1) ** 0.5
    return [(start + along * bond + 4 * along * (1 - along) * height, "-")]


def _axes(places: np.ndarray) -> Axes:
    """Empty axes, in lattice constants, around the sites at `places`."""
    low, high = places.min(axis=0) - 0.7, places.max(axis=0) + 0.7
    if places.shape[1] == 3:
        figure = Figure(figsize=(7, 3.8), dpi=150, layout="constrained")
        axes = figure.add_subplot(projection="3d", computed_zorder=False)
        axes.set_box_aspect(high - low, zoom=1.4)
        axes.view_init(elev=24, azim=-64)
        axes.set(zlim=(low[2], high[2]), zlabel="z (a)")
        axes.zaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.xaxis.labelpad = 12
    else:
        width, height = high - low
        figure = Figure(figsize=(7, 6.4 * height / width + 1.35), dpi=150, layout="constrained")
        axes = figure.add_subplot(aspect="equal")
        axes.spines[["top", "right"]].set_visible(False)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="x (a)")
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    if np.ptp(places[:, 1]) > 0:
        axes.set_ylabel("y (a)")
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    else:
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    return axes
