"""The Anderson transition: at one strength of disorder, conductance does not know the size.

Cubes L x L x L with box disorder of width W, between clean leads of the same cross-section. In
three dimensions a metal becomes an insulator at W_c, where <ln g> is the same for all large L.
Close to W_c everything is a function of L/ξ with ξ ~ |W - W_c|^-ν, and the slope of <ln g> against
W grows as L^(1/ν).

* W_c = 16.54 at the band centre and ν = 1.571 (Slevin and Ohtsuki, New J. Phys. 16, 015012 (2014)),
  whatever the walls. Self-consistent theory has ν = 1, and ordinary mean-field exponents have
  1/2 (`theory.self_consistent_exponent`).
* The median of g, and every other quantile, scales as the mean of ln g does (Slevin, Markos and
  Ohtsuki, PRL 86, 3594 (2001)): the whole distribution of ln g at W_c is independent of the size.
  It depends on the walls.
* Levels of the closed cubes repel each other in the metal (<r> = 0.5307) and ignore each other in
  the insulator (<r> = 0.3863).

Regime, fixed before the data: E = 0.01 (at E = 0 a mode of the leads with periodic walls begins),
W from 15 to 18, L = 4 to 14. Scaling is `statistics.finite_size_scaling` with φ = (W - W_c)
L^(1/ν) to second order. Trials with other seeds, and fits to synthetic data of the same size,
gave the rules:

* L >= 8, since corrections change slopes, too. A first run (seed 15), fitted from L = 6 (hard
  walls) and L = 4 (periodic ones) on, had ν = 1.43 ± 0.07 and 1.80 ± 0.06, four standard errors
  apart; from L = 8 on they are the same within their errors.
* Hard walls: no correction, since <g> at W_c did not move from L = 6 on.
* Periodic walls: a correction b L^y that is the same at all W. So many samples do not determine
  y: it is fixed to -2. The changes of W_c and ν for y = -1.5 and y = -3 are the bounds of the
  claims.

All sizes and both walls have independent disorder. Resamples are drawn within each size, together
for all W, which share their disorder. The table of the regime has all other fits: without the
smallest and the largest cubes, in half the range of W, with one order more, of the medians. What
limits the agreement:

* With periodic walls <ln g> at W = 16.5 still rises between L = 8 and 12, and W_c is determined
  to half a unit alone. The distribution of ln g is therefore compared with hard walls; with
  periodic ones Kolmogorov's statistic was 2.98 ± 0.26 in the kept run, against 0.87: open.
* L <= 14: a correction that decays slowly looks like a shift of W_c, and an exponent y that is
  wrong by 1 shifts it by some tenths.
* Samples: the errors fall as the root of their number, and those of large cubes count most.
"""

from functools import cached_property

import numpy as np
from scipy.stats import ks_2samp

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis.sizes import by_control, independent_disorder
from mesokwant.statistics import (
    Estimate,
    finite_size_scaling,
    histogram,
    mean,
    stack,
    weighted_mean,
)
from systems import Cube

EDGES = (4, 6, 8, 10, 12, 14)
LEVEL_EDGES = (6, 8, 10)
WALLS = ("periodic", "hard")
ENERGY = 0.01
"""At E = 0, a mode of the leads with periodic walls begins."""
Y, BY_Y = -2.0, {"y = -1.5": -1.5, "y = -3": -3.0}
"""Exponent of the correction with periodic walls, and the fits that its bound comes from."""
SMALLEST = 8
"""The first cube that is fitted: in smaller ones corrections change the slopes."""
NARROW = 0.75
"""Half of the width of the fit in half the range of W, in t."""
KOLMOGOROV = 0.8687, 0.2603
"""Mean and standard deviation of Kolmogorov's statistic of equal distributions."""
RESAMPLES = 100
SLEVIN = "Slevin & Ohtsuki, New J. Phys. 16, 015012 (2014)"
UNDECIDED = Estimate(np.nan, np.nan, 0)


class Transition:
    """What claims and panels share: cubes with two kinds of walls, and closed cubes."""

    def __init__(self, data):
        sweeps = {name: data[name].to_dataset() for name in data.children}
        self.cubes = [Cubes(w, [sweeps[f"{w}-{edge}"] for edge in EDGES]) for w in WALLS]
        self.levels = [Levels(sweeps[f"levels-{edge}"]) for edge in LEVEL_EDGES]

    @cached_property
    def nu(self):
        """Mean of ν of both walls, weighted by the errors: their disorder is independent."""
        fits = [cubes.fits["main"] for cubes in self.cubes]
        return UNDECIDED if None in fits else weighted_mean([fit.nu for fit in fits])


class Cubes:
    """ln g of cubes with one kind of walls, for all sizes and strengths, and its fits."""

    def __init__(self, walls, sweeps):
        self.walls = walls
        self.strengths = by_control(sweeps[0].g)[0]
        self.logs = {int(sweep.edge): np.log(by_control(sweep.g)[1]) for sweep in sweeps}
        self.edges = tuple(self.logs)
        self.means = {edge: mean(logs) for edge, logs in self.logs.items()}
        self.centre = int(np.argmin(np.abs(self.strengths - theory.ANDERSON_DISORDER.value)))

    @cached_property
    def fits(self):
        """The main fit, and those that tell its systematic errors; None where data are too few."""
        main = {"order": 2}
        edges = [edge for edge in self.edges if edge >= SMALLEST] or list(self.edges)
        if self.walls == "periodic":
            main |= {"irrelevant_order": 1, "correction_order": 0, "y": Y}
        half = np.abs(self.strengths - self.strengths[self.centre]) <= NARROW
        fits = {
            "main": self._fit(edges, **main),
            f"L > {edges[0]}": self._fit(edges[1:], **main),
            f"L < {edges[-1]}": self._fit(edges[:-1], **main),
            "half the range of W": self._fit(edges, half, **main),
            "third order": self._fit(edges, **main | {"order": 3}),
            "median": self._fit(edges, **main, statistic=medians),
        }
        if self.walls == "periodic":
            fits |= {name: self._fit(edges, **main | {"y": y}) for name, y in BY_Y.items()}
            fits["y fitted"] = self._fit(edges, **main | {"y": None})
        return fits

    def _fit(self, edges, chosen=..., **options):
        logs = {edge: self.logs[edge][chosen] for edge in edges}
        try:
            return finite_size_scaling(self.strengths[chosen], logs, resamples=RESAMPLES, **options)
        except ValueError:
            return None

    def found(self, name, *, fit="main"):
        """W_c or ν of a fit."""
        return UNDECIDED if self.fits[fit] is None else getattr(self.fits[fit], name)

    def expected(self, name):
        """W_c or ν of the literature, with the change of the fit by y as its bound."""
        literature = {"critical_point": theory.ANDERSON_DISORDER, "nu": theory.ANDERSON_EXPONENT}
        if self.walls == "hard":
            return literature[name]
        values = [float(self.found(name, fit=fit).value) for fit in ("main", *BY_Y)]
        bound = float(np.nan_to_num(np.abs(np.subtract(values[1:], values[0])).max()))
        return literature[name].with_bound(bound, "y from -1.5 to -3")

    @cached_property
    def slopes(self):
        """-d<ln g>/dW, by the ends of the range of W, for every size."""
        width = self.strengths[-1] - self.strengths[0]
        return stack([mean((logs[0] - logs[-1]) / width) for logs in self.logs.values()])

    def corrected(self, edge, index):
        """ln g of the samples of one size and strength without the fitted correction."""
        logs, place = self.logs[edge][index], self.strengths[index]
        return (
            logs if self.fits["main"] is None else self.fits["main"].collapse(place, edge, logs)[1]
        )

    def distance(self, index):
        """Kolmogorov's statistic of the corrected ln g of a small and of a large size."""
        first, second = (self.corrected(edge, index) for edge in self.compared)
        count = first.size * second.size / (first.size + second.size)
        return float(np.sqrt(count) * ks_2samp(first, second, method="asymp").statistic)

    @cached_property
    def compared(self):
        """The sizes whose distributions are compared: the first fitted, and not the rarest."""
        return self.edges[2], self.edges[-2]

    @cached_property
    def spread(self):
        """chi²/dof of the statement that <ln g> has no size at any W."""
        values, errors = (
            np.array([getattr(m, name) for m in self.means.values()]) for name in ("value", "error")
        )
        common = np.average(values, axis=0, weights=errors**-2)
        return float(np.sum(((values - common) / errors) ** 2) / common.size / (len(values) - 1))


class Levels:
    """Mean ratio of gaps of closed cubes of one size."""

    def __init__(self, sweep):
        self.edge = int(sweep.edge)
        self.strengths, values = by_control(sweep.r)
        self.values = values
        self.r = mean(values)

    def over(self, chosen):
        """<r>, its mean over some strengths."""
        return mean(self.values[chosen].mean(axis=0))


def independent_difference(a, b):
    """a - b of estimates whose disorder is independent."""
    return Estimate(a.value - b.value, np.hypot(a.error, b.error), min(a.n, b.n))


def medians(logs):
    """Medians of the samples, one for every strength."""
    return np.median(logs, axis=-1)


def regime(transition):
    """All fits: what they used, and what they found."""
    rows = [
        (cubes.walls, name, fit)
        for cubes in transition.cubes
        for name, fit in cubes.fits.items()
        if fit is not None
    ]
    return {
        "walls": [walls for walls, _, _ in rows],
        "fit": [name for _, name, _ in rows],
        "data": [fit.data_count for _, _, fit in rows],
        "parameters": [fit.parameter_count for _, _, fit in rows],
        "chi²/dof": [fit.chi2 / fit.dof for _, _, fit in rows],
        "p": [fit.p_value for _, _, fit in rows],
        "W_c (t)": [fit.critical_point.value for _, _, fit in rows],
        "its error": [fit.critical_point.error for _, _, fit in rows],
        "ν": [fit.nu.value for _, _, fit in rows],
        "error of ν": [fit.nu.error for _, _, fit in rows],
        "<ln g> at W_c": [fit.critical_value.value for _, _, fit in rows],
    }


# -- claims ---------------------------------------------------------------------------------


def claims(transition):
    """The critical point and exponent, the distribution at W_c, and the levels."""
    # Too few samples for a fit, as in a small preset, decide nothing.
    fitted = [cubes for cubes in transition.cubes if cubes.fits["main"] is not None]
    for cubes in fitted:
        yield from scaling_claims(cubes)
    if len(fitted) == len(transition.cubes):
        yield from exponent_claims(transition.nu)
    # With periodic walls <ln g> at W_c still moves at these sizes.
    yield distribution_claim(transition.cubes[1])
    yield from level_claims(transition.levels)


def scaling_claims(cubes):
    """W_c, ν and chi² of the scaling of one kind of walls, and ν of the medians."""
    walls, fit = f"{cubes.walls} walls", cubes.fits["main"]
    # Without a transition, the fitted W_c lies anywhere in the range, or out of it.
    effect = (cubes.strengths[-1] - cubes.strengths[0]) / 2
    found = cubes.found("critical_point")
    yield mk.Claim(f"{walls}: W_c", found, cubes.expected("critical_point"), effect=effect)
    effect = theory.ANDERSON_EXPONENT.value - theory.self_consistent_exponent(3)
    for name, found in (
        ("ν", cubes.found("nu")),
        ("ν of medians", cubes.found("nu", fit="median")),
    ):
        if not found.n:
            continue
        yield mk.Claim(f"{walls}: {name}", found, cubes.expected("nu"), effect=effect)
    chi2, source = UNDECIDED, "probability of chi² between 0 and 1; " + SLEVIN
    if fit is not None:
        chi2 = Estimate(fit.chi2 / fit.dof, np.sqrt(2 / fit.dof), int(fit.critical_point.n))
    expected = theory.Prediction(1.0, source=source)
    yield mk.Claim(f"{walls}: chi²/dof of one scaling law", chi2, expected, effect=cubes.spread)


def exponent_claims(nu):
    """ν of both walls, which is neither that of self-consistent theory nor of mean fields."""
    simple = theory.self_consistent_exponent(3)
    effect = theory.ANDERSON_EXPONENT.value - simple
    yield mk.Claim("both walls: ν", nu, theory.ANDERSON_EXPONENT, effect=effect)
    name, source = "both walls: ν above that of self-consistent theory", "Vollhardt & Wölfle 1982"
    yield mk.Claim(name, nu, above=simple, source=source, sigmas=5)
    name, source = "both walls: ν above that of mean fields", "d > 4; Vollhardt & Wölfle 1982"
    simple = theory.self_consistent_exponent(5)
    effect = theory.ANDERSON_EXPONENT.value - simple
    yield mk.Claim(name, nu, above=simple, source=source, sigmas=5, effect=effect)


def distribution_claim(cubes):
    """The distribution of ln g at W_c is that of other sizes; at the least W it is not."""
    small, large = cubes.compared
    samples = min(cubes.logs[edge].shape[-1] for edge in cubes.compared)
    found = Estimate(cubes.distance(cubes.centre), KOLMOGOROV[1], samples)
    expected = theory.Prediction(KOLMOGOROV[0], source="Kolmogorov 1933; Slevin et al. 2001")
    name = f"{cubes.walls} walls, W = {cubes.strengths[cubes.centre]:g}: Kolmogorov's statistic"
    effect = max(abs(cubes.distance(0) - KOLMOGOROV[0]), 1e-3)
    yield_name = f"{name} of ln g, L = {small} and {large}"
    return mk.Claim(yield_name, found, expected, effect=effect)


def level_claims(levels):
    """Levels repel each other in the metal, and less in larger cubes of the insulator."""
    small, large = levels[0], levels[-1]
    weak = small.strengths[0]
    repelling, alone = theory.spacing_ratio(1), theory.spacing_ratio(0)
    source = "Gaussian ensemble; Atas et al., PRL 110, 084101 (2013)"
    expected = theory.Prediction(repelling, source=source)
    effect, name = repelling - alone, f"closed cubes, W = {weak:g}, L = {large.edge}: <r>"
    yield mk.Claim(name, large.r[0], expected, effect=effect)
    # In the metal both sizes repel as far as the errors tell; in the insulator larger ones forget.
    insulator = small.strengths > theory.ANDERSON_DISORDER.value + 1
    fall = independent_difference(large.over(insulator), small.over(insulator))
    name = f"closed cubes, insulator: <r> of L = {large.edge} less that of L = {small.edge}"
    yield mk.Claim(name, fall, below=0.0, source="Oganesyan & Huse 2007")


# -- figure ---------------------------------------------------------------------------------

DISORDER = "disorder $W$ ($t$)"


def crossing(ax, cubes):
    """<ln g> against disorder, one curve for every size, through the common point."""
    fit, x = cubes.fits["main"], np.linspace(cubes.strengths[0], cubes.strengths[-1], 100)
    for edge, style in figures.each(cubes.edges, label="$L$ = {}"):
        inside = edge >= SMALLEST
        figures.points(ax, cubes.strengths, cubes.means[edge], **style | {"inside": inside})
        if fit is not None and inside:
            figures.theory_line(ax, x, fit.curve(x, edge), color=style["color"], line="-")
    if fit is not None:
        ax.axvline(fit.critical_point.value, color="0.8", linewidth=0.8, zorder=0)
    ax.set(xlabel=DISORDER, ylabel=r"$\langle\ln g\rangle$, " + f"{cubes.walls} walls")
    ax.legend(loc="lower left", ncols=2, columnspacing=0.8, handletextpad=0.2)


def periodic_crossing(ax, transition):
    """<ln g> of cubes with periodic walls, and a drawing of a cube between its leads."""
    ax.set_title("sizes cross: periodic walls")
    crossing(ax, transition.cubes[0])
    device(ax.inset_axes((0.56, 0.72, 0.44, 0.3)))


def device(ax):
    """A cube between its leads, in a parallel projection."""
    face = np.array([(0, 0), (0, 1), (0.4, 1.3), (0.4, 0.3)])
    for start, length, color in ((-0.9, 0.9, "0.9"), (0, 1, "0.6"), (1, 0.9, "0.9")):
        along = np.array([(start, 0), (start + length, 0), (start + length, 1), (start, 1)])
        top = np.array(
            [(start, 1), (start + length, 1), (start + length + 0.4, 1.3), (start + 0.4, 1.3)]
        )
        for corners in (along, top, face + np.array([start + length, 0])):
            ax.fill(*corners.T, facecolor=color, edgecolor="black", linewidth=0.5)
    for place, text in ((-0.45, "lead"), (0.5, "$L^3$"), (1.45, "lead")):
        ax.annotate(text, (place, 0.5), ha="center", va="center", fontsize=6.5)
    ax.set_aspect("equal")
    ax.axis("off")


def hard_crossing(ax, transition):
    """<ln g> of cubes with hard walls."""
    ax.set_title("sizes cross: hard walls")
    crossing(ax, transition.cubes[1])


def collapse(ax, transition):
    """All sizes of both walls on one curve each, against (W - W_c) L^(1/ν)."""
    ax.set_title("one curve for all sizes")
    for cubes, place in zip(transition.cubes, ((4, 5), (-48, -10)), strict=True):
        fit = cubes.fits["main"]
        if fit is None:
            continue
        # The fit measures sizes in its reference size, which is no number of physics.
        unit, drawn = fit.law.reference_size ** (1 / fit.nu.value), []
        for edge, style in figures.each(cubes.edges):
            if cubes.walls == "periodic" or edge >= SMALLEST:
                x, corrected = fit.collapse(cubes.strengths, edge, cubes.means[edge])
                figures.points(ax, unit * x, corrected, color=style["color"])
                drawn.extend(x)
        x = np.linspace(min(drawn), max(drawn), 100)
        y = fit.scaling_function(x)
        figures.theory_line(ax, unit * x, y, line="-")
        ax.annotate(
            f"{cubes.walls} walls", (unit * x[45], y[45]), place, textcoords="offset points"
        )
    ax.set(xlabel=r"$(W - W_c)\,L^{1/\nu}$ ($t$)", ylabel=r"$\langle\ln g\rangle$ - correction")


def slopes(ax, transition):
    """Slope of <ln g> against the size, with the powers of three exponents."""
    ax.set_title(r"slopes grow as $L^{1/\nu}$")
    for (cubes, color), shift in zip(figures.colored(transition.cubes), (0.99, 1.01), strict=True):
        x = np.array(cubes.edges) * shift
        figures.points(ax, x, cubes.slopes, color=color, label=f"{cubes.walls} walls")
    edges = np.array(transition.cubes[1].edges)
    middle, x = len(edges) // 2, np.geomspace(edges[0], edges[-1], 100)
    at = transition.cubes[1].slopes.value[middle]
    powers = {
        "$\\nu$ = 1.571": (theory.ANDERSON_EXPONENT.value, "-"),
        "$\\nu$ = 1": (theory.self_consistent_exponent(3), "--"),
        "$\\nu$ = 1/2": (theory.self_consistent_exponent(5), ":"),
    }
    for label, (nu, line) in powers.items():
        figures.theory_line(ax, x, at * (x / edges[middle]) ** (1 / nu), label=label, line=line)
    ax.set(xscale="log", yscale="log", xlabel="edge $L$ ($a$)", ylim=(at / 3, at * 2.5))
    ax.set(ylabel=r"$-d\langle\ln g\rangle/dW$ ($1/t$)")
    figures.ticks(ax.xaxis, *edges)
    figures.ticks(ax.yaxis, 0.1, 0.2, 0.3, 0.5, 0.7, 1)


def distribution(ax, transition):
    """Distribution of ln g at W_c: the same for all sizes, another one for each kind of walls."""
    ax.set_title("at $W_c$: no size in it")
    bins = np.linspace(-6, 1.5, 31)
    middle = (bins[1:] + bins[:-1]) / 2
    for cubes, shift in zip(transition.cubes, (0.35, 0.0), strict=True):
        chosen = [edge for edge in cubes.edges if edge >= cubes.compared[0]]
        for edge, style in figures.each(chosen, label="$L$ = {}"):
            density = histogram(cubes.corrected(edge, cubes.centre), bins) + shift
            label = style["label"] if cubes.walls == "hard" else ""
            figures.points(ax, middle, density, color=style["color"], label=label)
        figures.level(ax, shift)
        ax.annotate(f"{cubes.walls} walls", (-5.9, shift + 0.12))
    ax.set(
        xlabel=r"$\ln g$ at $W$ = 16.5", ylabel="probability density (shifted)", ylim=(-0.04, 1.0)
    )
    ax.legend(loc="upper left", ncols=2, columnspacing=0.8, handletextpad=0.2)


def level_statistics(ax, transition):
    """<r> of closed cubes against disorder, from repelling to independent levels."""
    ax.set_title("levels cross there too")
    for levels, style in figures.each(transition.levels):
        label = f"$L$ = {levels.edge}, closed"
        figures.points(ax, levels.strengths, levels.r, **style | {"label": label})
        ax.plot(levels.strengths, levels.r.value, color=style["color"], linewidth=0.7)
    for beta, name in ((1, "metal: levels repel"), (0, "insulator: independent")):
        figures.level(ax, theory.spacing_ratio(beta), color="black", line="--")
        ax.annotate(name, (17.5 if beta else 6, theory.spacing_ratio(beta) + 0.003))
    ax.axvline(theory.ANDERSON_DISORDER.value, color="0.8", linewidth=0.8, zorder=0)
    ax.set(xlabel=DISORDER, ylabel=r"ratio of gaps $\langle r\rangle$", ylim=(0.37, 0.55))


# -- sweeps ---------------------------------------------------------------------------------


def cubes_of(edge, walls, place):
    """The sweep of cubes of one size between leads."""
    disorder, axis = independent_disorder(mk.Anderson(16.5), place)
    # The kept run has the short name of the axis here, where no other strength is.
    axis = axis if place else "strength"
    return mk.Sweep(
        Cube(edge, walls),
        energy=ENERGY,
        disorder=disorder,
        axes={axis: (15.0, 15.75, 16.5, 17.25, 18.0)},
        in_leads=(0,),
        out_leads=(1,),
        samples=100,
    )


def central_gap_ratio(ensemble):
    """Mean ratio of the gaps of the fifth of all levels that is nearest to the band centre."""
    return mk.closed.GapRatio(len(ensemble.positions) // 5, method="dense")(ensemble)


def closed_cubes(edge, place):
    """The sweep of cubes without leads."""
    disorder, axis = independent_disorder(mk.Anderson(16.5), place)
    return mk.Sweep(
        Cube(edge, "periodic"),
        energy=ENERGY,
        disorder=disorder,
        axes={axis: (6.0, 10.0, 14.0, 16.5, 19.0, 23.0, 30.0)},
        leads="dropped",
        observables={"r": central_gap_ratio},
        samples=100,
    )


def samples(cubes, levels):
    """Options of a preset: the samples of all sizes, the same for both kinds of walls."""
    numbers = {
        f"{walls}-{edge}": n for walls in WALLS for edge, n in zip(EDGES, cubes, strict=True)
    }
    numbers |= {f"levels-{edge}": n for edge, n in zip(LEVEL_EDGES, levels, strict=True)}
    return {f"{sweep}.samples": n for sweep, n in numbers.items()}


CUBES = [(f"{walls}-{edge}", edge, walls) for edge in EDGES for walls in WALLS]
SWEEPS = {name: cubes_of(edge, walls, i) for i, (name, edge, walls) in enumerate(CUBES)}
SWEEPS |= {f"levels-{e}": closed_cubes(e, len(CUBES) + i) for i, e in enumerate(LEVEL_EDGES)}
SMALL = {f"{walls}-{edge}.edge": 3 + 2 * i // 3 for i, edge in enumerate(EDGES) for walls in WALLS}

study = mk.Study(
    name="anderson_transition",
    question="Does one conductance separate metal and insulator in three dimensions?",
    sweeps=SWEEPS,
    presets={
        "quick": samples((500, 500, 3000, 1200, 400, 120), (100, 50, 40)),
        "full": samples((4000, 4000, 12_000, 8000, 5000, 3000), (300, 150, 80)),
        "toy": samples((7,) * 6, (2,) * 3) | SMALL | {f"levels-{e}.edge": 5 for e in LEVEL_EDGES},
    },
    reading=Transition,
    regime=regime,
    claims=claims,
    panels=(
        periodic_crossing,
        hard_crossing,
        collapse,
        slopes,
        distribution,
        level_statistics,
    ),
    seed=16,
)

mk.main(study, __name__)
