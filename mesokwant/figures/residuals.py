"""The strip of residuals below a panel: how far measured points lie from theory.

`residuals` takes the points and what is expected there, and draws them into a strip that shares the
abscissas of the panel, with one standard error and with the bound of the prediction as a band. A
panel calls it once for every curve; all of them go into one strip. `compose` puts the label of the
abscissas below the strip.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..statistics.estimate import Estimate
from ..theory.prediction import Prediction
from .marks import points
from .style import COLORS

HEIGHT, GAP = 0.3, 0.03
"""Height of a strip, and the least gap above it, in heights of its panel."""
LABEL = "residuals"


def residuals(
    ax: Axes,
    x: Any,
    estimate: Estimate,
    expected: Any,
    *,
    relative: bool = True,
    color: str = COLORS[0],
    marker: str = "o",
    inside: Any = True,
    label: str = "",
) -> Axes:
    """Draw how far measured points lie from theory, in a strip below a panel.

    Parameters
    ----------
    ax
        The axes of the panel, which have the points and the line of theory themselves.
    x, estimate
        The measured points, as `points` takes them.
    expected
        What the claims compare them with: a `Prediction`, or numbers, one for each point.
    relative
        Whether the strip shows measured over expected less 1, in per cent, or else the difference
        in the unit of the panel, as for an expected value of zero.
    color, marker, inside
        Of the points, as in `points`; the errors are one standard error, with those of the inputs
        of the prediction in quadrature. The band of the bound has the same color.
    label
        Label of the ordinate; "residual (%)" or "residual" by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes of the strip, for its limits or further marks.

    Raises
    ------
    ValueError
        If the residuals are relative and an expected value is zero or not finite, or if the axes
        are no subplot of a figure.
    """
    theory = expected if isinstance(expected, Prediction) else Prediction(np.asarray(expected))
    value, bound, error = (np.atleast_1d(p) for p in (theory.value, theory.bound, theory.error))
    if relative and not np.all(np.isfinite(value) & (value != 0)):
        raise ValueError(
            "Relative residuals need expected values that are finite and not zero: draw the "
            "differences by relative=False."
        )
    unit = np.abs(value) / 100 if relative else np.ones_like(value)
    measured, errors, flags = np.broadcast_arrays(
        *(np.atleast_1d(part) for part in (estimate.value, estimate.error, estimate.dominated))
    )
    sign = np.sign(value) if relative else 1.0
    apart = Estimate(
        sign * (measured - value) / unit, np.hypot(errors, error) / unit, estimate.n, flags
    )
    strip = strip_of(ax) or _new_strip(ax)
    places = np.atleast_1d(np.asarray(x, dtype=float))
    _band(strip, places, bound / unit, color)
    points(strip, places, apart, color=color, marker=marker, inside=inside)
    if label or not strip.get_ylabel():
        strip.set_ylabel(label or ("residual (%)" if relative else "residual"))
    return strip


def strip_of(ax: Axes) -> Axes | None:
    """The strip of residuals below a panel; None if it has none."""
    beside = ax.get_shared_x_axes().get_siblings(ax)
    return next((other for other in beside if other.get_label() == LABEL), None)


def _new_strip(ax: Axes) -> Axes:
    place = ax.get_subplotspec()
    if place is None:
        raise ValueError(
            "A strip of residuals needs axes that are one of the subplots of a figure: make them "
            "by figure.subplots() or by compose."
        )
    rows = place.subgridspec(2, 1, height_ratios=(1, HEIGHT), hspace=GAP)
    ax.set_subplotspec(rows[0])
    figure: Any = ax.get_figure()
    strip = figure.add_subplot(rows[1], sharex=ax, label=LABEL)
    strip.axhline(0.0, color="0.5", linewidth=0.8)
    strip.yaxis.set_major_locator(MaxNLocator(3))
    ax.tick_params(axis="x", which="both", labelbottom=False)
    return strip


def _band(strip: Axes, x: Any, bound: Any, color: str) -> None:
    """The bound on both sides of zero: a band below several points, a bar below one."""
    style: Any = {"color": color, "alpha": 0.18, "linewidth": 0}
    if len(x) > 1:
        order = np.argsort(x)
        strip.fill_between(x[order], -bound[order], bound[order], **style)
    elif bound[0] > 0:
        strip.vlines(x, -bound, bound, **style | {"linewidth": 5})
