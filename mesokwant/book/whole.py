"""The panel of the whole: all claims of all studies together.

`totals` counts claims, samples and hours and gives one p-value for everything that is claimed.
`histogram` gives the z of all equalities beside the normal distribution, as the shapes of a
drawing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from ..report.seeds import TwoSeeds
from ..statistics import holm
from ..study.claims import Claim
from .entries import Entry

WIDTH, HEIGHT, BASE, TOP = 480, 220, 190, 10
"""Size of the drawing, and where its axis and its highest bar are."""

LARGEST, STEP = 4.0, 0.5
"""The outermost edge of the histogram, and the width of a bar, in standard errors."""

TICKS = range(-3, 4)


def totals(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """(name, value) of what the book has in all."""
    claims = [claim for entry in entries for claim in entry.run.claims]
    verdicts = Counter(claim.verdict for claim in claims)
    counted = ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items()))
    p_values = [claim.p_value for claim in claims if claim.p_value is not None]
    runs = [run for entry in entries for run in entry.runs]
    made_by = sorted({run.provenance["mesokwant"] for run in runs if "mesokwant" in run.provenance})
    result = [("studies", str(len(entries))), ("claims", f"{len(claims)} ({counted})")]
    if p_values:
        smallest = float(min(holm(p_values)))
        result.append(("global p-value (Holm)", f"{smallest:.2g} (of {len(p_values)} claims)"))
    repeated = {entry.name: entry.second.claims for entry in entries if entry.second}
    if repeated:
        both = TwoSeeds.of_all({entry.name: entry.run.claims for entry in entries}, repeated)
        result.append(("studies with a second seed", str(len(repeated))))
        result.append(("verdicts on both seeds", f"{both.agreeing} of {len(both.pairs)} the same"))
        if both.spread is not None:
            text = f"{both.spread:.2f} standard errors in root mean square"
            result.append(("distance between the seeds", text))
    return [
        *result,
        ("samples", f"{sum(run.done for run in runs):,}".replace(",", " ")),
        ("core-hours", f"{sum(run.seconds for run in runs) / 3600:.1f}"),
        ("computed by mesokwant", ", ".join(made_by) or "unknown"),
        ("this book by mesokwant", version("mesokwant")),
    ]


def histogram(claims: Iterable[Claim]) -> dict[str, Any] | None:
    """The distances z of all equalities with an error, as shapes; None where there are none.

    Only claims of theory without a bound have to follow the normal distribution: a bound is a
    distance that theory allows besides. They are drawn within the bars of all claims, and the line
    is for their number.

    Returns
    -------
    dict
        ``bars`` of all claims, ``unbounded`` of those without a bound, ``normal`` (the path of the
        line), ``ticks``, the size of the drawing, and ``alternative``, which says it in words.
    """
    shown = [c for c in claims if c.relation == "=" and c.z is not None and math.isfinite(c.z)]
    if not shown:
        return None
    every = [float(claim.z or 0.0) for claim in shown]
    unbounded = [float(claim.z or 0.0) for claim in shown if not claim.expected.bound]
    peak = len(unbounded) * STEP
    scale = (BASE - TOP) / max([*_counts(every), peak * _normal(0.0)])
    places = [-LARGEST + 0.1 * i for i in range(round(20 * LARGEST) + 1)]
    line = [f"{_x(z)} {_short(BASE - peak * _normal(z) * scale)}" for z in places]
    within = {limit: sum(abs(z) <= limit for z in unbounded) for limit in (1, 2)}
    return {
        "bars": _bars(every, scale),
        "unbounded": _bars(unbounded, scale),
        "normal": "M" + "L".join(line),
        "ticks": [{"x": _x(z), "label": f"{z:+d}".replace("-", "−") if z else "0"} for z in TICKS],
        "width": WIDTH,
        "height": HEIGHT,
        "base": BASE,
        "alternative": f"Histogram of z of {len(every)} claims. Of {len(unbounded)} without a "
        f"bound, {within[1]} lie within one standard error and {within[2]} within two, where a "
        f"normal distribution has {0.683 * len(unbounded):.0f} and {0.954 * len(unbounded):.0f}.",
    }


def _counts(values: Sequence[float]) -> list[int]:
    """How many values lie in each bar; the outermost have all that lies beyond."""
    counts = [0] * round(2 * LARGEST / STEP)
    for value in values:
        counts[min(max(math.floor((value + LARGEST) / STEP), 0), len(counts) - 1)] += 1
    return counts


def _bars(values: Sequence[float], scale: float) -> list[dict[str, float]]:
    counts = _counts(values)
    width = WIDTH / len(counts)
    return [
        {
            "x": _short(i * width + 1),
            "y": _short(BASE - count * scale),
            "width": _short(width - 2),
            "height": _short(count * scale),
        }
        for i, count in enumerate(counts)
        if count
    ]


def _normal(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _x(z: float) -> float:
    return _short((z + LARGEST) / (2 * LARGEST) * WIDTH)


def _short(value: float) -> float:
    return round(value, 1)
