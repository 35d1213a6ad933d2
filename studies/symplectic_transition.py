"""The symplectic transition: with spin-orbit coupling there is a metal in two dimensions.

Squares L x L with periodic walls and box disorder of width W between clean leads, in Ando's model
with the spin rotation θ = π/6. Without the coupling (θ = 0, two copies of the orthogonal class)
every square insulates in the end. Spin-orbit coupling turns the sign of weak localization, and
below W_c the conductance grows with the size.

* W_c = 5.838 and <g> = 1.42 there, both spins counted (Markos and Schweitzer, J. Phys. A 39, 3221
  (2006)); ν = 2.746 (Asada, Slevin and Ohtsuki, PRB 70, 035115 (2004)).
* Close to W_c, <g> is a function of φ = u(W) L^(1/ν) alone, u = (W - W_c) + ...: all sizes cross at
  W_c, and slopes grow as L^(1/ν).
* In a good metal d<g>/d ln L = 1/π with, and -2/π without coupling, where both spins are counted:
  `theory.weak_localization_2d`, twice for two spins.

Regime, fixed before the data: E = 0.1, since a mode of the leads begins at E = 0; W within 0.75
of 5.84; L = 8 to 48. `statistics.finite_size_scaling` of <g>, by rule with F of third order and u
of second order in W - W_c, since first runs of other seeds had chi²/dof above 2 with a linear u,
and 1 with this one. All sizes have disorder of their own; resamples are drawn within each size,
together for all W. The table of the regime has all other fits: without the smallest sizes, without
the largest one, in half the range of W, with other orders, and of <ln g>.

What limits the agreement:

* Corrections to scaling. Ando's model has visible ones, for which the SU(2) model was invented. At
  W_c, <g> rose from 1.38 at L = 8 to 1.42 at L = 16 in the first runs, and their ν moved by some
  0.3 with the orders of the fit and with its range. ν has a bound of 0.1 for it. The kept run has
  3.00 ± 0.07, from 2.74 (<ln g>) to 3.37 ± 0.17 (L > 12): the error of ν is that of the choice.
* The leads have no coupling. Their contact is a correction that dies with the size. In weak
  disorder it makes <g> grow without interference: signs of d<g>/d ln L are claimed for W >= 4.5.
"""

from functools import cached_property

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis.sizes import by_control, independent_disorder
from mesokwant.statistics import Estimate, finite_size_scaling, mean, stack
from mesokwant.theory import (
    ANDERSON_EXPONENT,
    SYMPLECTIC_CONDUCTANCE,
    SYMPLECTIC_DISORDER,
    SYMPLECTIC_EXPONENT,
    Prediction,
)
from systems import AndoSquare

EDGES = (8, 12, 16, 24, 32, 48)
ENERGY = 0.1
THETA = float(np.pi / 6)
DIFFUSIVE = 4.5
"""W from which contacts hide no sign of d<g>/d ln L."""
STRENGTHS = (5.09, 5.34, 5.59, 5.84, 6.09, 6.34, 6.59)
MAIN = {"order": 3, "field_order": 2}
RESAMPLES = 100
UNDECIDED = Estimate(np.nan, np.nan, 0)
MARKOS = "Markos & Schweitzer, J. Phys. A 39, 3221 (2006)"


class Transition:
    """What claims and panels share: <g> across the transition, its fits, and the flow with L."""

    def __init__(self, data):
        sweeps = {name: data[name].to_dataset() for name in data.children}
        squares = [sweeps[f"L{edge}"] for edge in EDGES]
        self.edges = [int(sweep.edge) for sweep in squares]
        self.strengths = by_control(squares[0].g)[0]
        self.g = {int(sweep.edge): by_control(sweep.g)[1] for sweep in squares}
        self.means = {edge: mean(g) for edge, g in self.g.items()}
        self.centre = len(self.strengths) // 2
        self.flow = Flow(sweeps["flow"])

    @cached_property
    def fits(self):
        """The main fit, and those that tell its systematic errors; None where data are too few."""
        edges, half = self.edges, slice(1, -1)
        return {
            "main": self._fit(edges, **MAIN),
            f"L > {edges[0]}": self._fit(edges[1:], **MAIN),
            f"L > {edges[1]}": self._fit(edges[2:], **MAIN),
            f"L < {edges[-1]}": self._fit(edges[:-1], **MAIN),
            "two thirds of the range of W": self._fit(edges, half, **MAIN),
            "u of third order": self._fit(edges, **MAIN | {"field_order": 3}),
            "F of fourth order": self._fit(edges, **MAIN | {"order": 4}),
            "<ln g>, both higher": self._fit(edges, logarithm=True, order=4, field_order=3),
        }

    def _fit(self, edges, chosen=slice(None), logarithm=False, **options):
        values = {edge: self.g[edge][chosen] for edge in edges}
        if logarithm:
            values = {edge: np.log(g) for edge, g in values.items()}
        try:
            return finite_size_scaling(
                self.strengths[chosen], values, resamples=RESAMPLES, **options
            )
        except ValueError:
            return None

    def found(self, name):
        """A number of the main fit."""
        return UNDECIDED if self.fits["main"] is None else getattr(self.fits["main"], name)

    @cached_property
    def drift(self):
        """Slope of <g> at the middle strength against ln L, all sizes independent."""
        estimates = [self.means[edge][self.centre] for edge in self.edges]
        errors = np.array([one.error for one in estimates])
        slope, covariance = np.polyfit(
            np.log(self.edges), [one.value for one in estimates], 1, w=1 / errors, cov="unscaled"
        )
        return Estimate(
            float(slope[0]), float(np.sqrt(covariance[0, 0])), sum(int(one.n) for one in estimates)
        )

    @cached_property
    def slopes(self):
        """-d<g>/dW between the ends of the range, for every size."""
        width = self.strengths[-1] - self.strengths[0]
        return stack([mean((g[0] - g[-1]) / width) for g in self.g.values()])


class Flow:
    """<g> of few sizes in a wide range of strengths, without and with spin-orbit coupling."""

    def __init__(self, data):
        self.edges, self.strengths = data.edge.values, data.strength.values
        self.g = data.g.transpose("theta", "strength", "edge", "sample").values
        self.mean = mean(self.g)
        self.inside = self.strengths >= DIFFUSIVE

    @cached_property
    def slope(self):
        """d<g>/d ln L between the two largest sizes, (couplings, strengths)."""
        return mean((self.g[:, :, -1] - self.g[:, :, -2]) / np.log(self.edges[-1] / self.edges[-2]))


def regime(transition):
    """All fits: what they used, and what they found."""
    main = transition.found("nu").value
    fits = {name: fit for name, fit in transition.fits.items() if fit is not None}
    return {
        "fit": list(fits),
        "data": [fit.data_count for fit in fits.values()],
        "parameters": [fit.parameter_count for fit in fits.values()],
        "chi²/dof": [fit.chi2 / fit.dof for fit in fits.values()],
        "p": [fit.p_value for fit in fits.values()],
        "W_c (t)": [fit.critical_point.value for fit in fits.values()],
        "its error": [fit.critical_point.error for fit in fits.values()],
        "ν": [fit.nu.value for fit in fits.values()],
        "error of ν": [fit.nu.error for fit in fits.values()],
        "ν - ν of main": [fit.nu.value - main for fit in fits.values()],
        "at W_c": [fit.critical_value.value for fit in fits.values()],
    }


# -- claims ---------------------------------------------------------------------------------


def claims(transition):
    """Metal and insulator, the control without a metal, and the critical point."""
    yield from flow_claims(transition.flow)
    yield from scaling_claims(transition)


def flow_claims(flow):
    """Conductance grows with the size in the metal, and never without the coupling."""
    source = "sign of weak localization; Hikami, Larkin & Nagaoka 1980"
    sizes = f"d<g>/d ln L, L = {flow.edges[-2]} to {flow.edges[-1]}"
    inside = np.flatnonzero(flow.inside)
    for i, bound in ((inside[0], "above"), (inside[-1], "below")):
        name = f"θ = π/6, W = {flow.strengths[i]:g}: {sizes}"
        yield mk.Claim(name, flow.slope[1, i], **{bound: 0.0}, source=source, sigmas=5)
    # The strength at which the fall is the least, in standard errors.
    falls = flow.slope.value[0, inside] / flow.slope.error[0, inside]
    worst = inside[int(np.argmax(falls))]
    name = f"θ = 0, all W, the least fall at W = {flow.strengths[worst]:g}: {sizes}"
    yield mk.Claim(name, flow.slope[0, worst], below=0.0, source=source)


def scaling_claims(transition):
    """W_c, ν, and the conductance at W_c, which does not know the size."""
    # Without a transition, the fitted W_c lies anywhere in the range.
    effect = float(np.ptp(transition.strengths)) / 2
    found = transition.found("critical_point")
    yield mk.Claim("W_c (t)", found, SYMPLECTIC_DISORDER, effect=effect)
    expected = SYMPLECTIC_EXPONENT.with_bound(0.1, "corrections to scaling of Ando's model")
    effect = SYMPLECTIC_EXPONENT.value - ANDERSON_EXPONENT.value
    yield mk.Claim("ν", transition.found("nu"), expected, effect=effect)
    expected = SYMPLECTIC_CONDUCTANCE.with_bound(0.03, "contacts, of the order 1/L")
    effect = float(transition.means[transition.edges[0]].value[0]) - expected.value
    value = transition.found("critical_value")
    yield mk.Claim("<g> at W_c", value, expected, effect=max(effect, 1e-9))
    fit, chi2 = transition.fits["main"], UNDECIDED
    if fit is not None:
        chi2 = Estimate(fit.chi2 / fit.dof, np.sqrt(2 / fit.dof), int(fit.critical_point.n))
    source = "one function of u(W) L^(1/ν); Slevin & Ohtsuki, PRL 82, 382 (1999)"
    yield mk.Claim("chi²/dof of one scaling law", chi2, Prediction(1.0, source=source), effect=5.0)
    flow = transition.flow
    nearest = int(np.argmin(np.abs(flow.strengths - transition.strengths[transition.centre])))
    fall = abs(float(flow.slope.value[0, nearest]))
    place = transition.strengths[transition.centre]
    name = f"W = {place:g}: d<g>/d ln L, L = {transition.edges[0]} to {transition.edges[-1]}"
    expected = Prediction(
        0.0, 0.03, because="contacts, and W - W_c", source=f"critical point; {MARKOS}"
    )
    yield mk.Claim(name, transition.drift, expected, effect=max(fall, 1e-9))


# -- figure ---------------------------------------------------------------------------------

DISORDER = "disorder $W$ ($t$)"
CONDUCTANCE = r"$\langle g\rangle$ ($e^2/h$)"
COUPLINGS = (r"$\theta = 0$", r"$\theta = \pi/6$")


def crossing(ax, transition):
    """<g> against disorder, one curve for every size, through one point."""
    fit = transition.fits["main"]
    x = np.linspace(transition.strengths[0], transition.strengths[-1], 100)
    for edge, style in figures.each(transition.edges, label="$L$ = {}"):
        figures.points(ax, transition.strengths, transition.means[edge], **style)
        if fit is not None:
            figures.theory_line(ax, x, fit.curve(x, edge), color=style["color"], line="-")
    ax.axvline(SYMPLECTIC_DISORDER.value, color="0.8", linewidth=0.8, zorder=0)
    ax.set_title("all sizes cross at $W_c$")
    ax.set(xlabel=DISORDER, ylabel=CONDUCTANCE)


def collapse(ax, transition):
    """All sizes on one curve."""
    fit = transition.fits["main"]
    if fit is not None:
        unit, scaled = fit.law.reference_size ** (1 / fit.nu.value), []
        for edge, style in figures.each(transition.edges):
            x, corrected = fit.collapse(transition.strengths, edge, transition.means[edge])
            figures.points(ax, x * unit, corrected, **style)
            scaled.extend(x)
        line = np.linspace(min(scaled), max(scaled), 100)
        figures.theory_line(ax, line * unit, fit.scaling_function(line), line="-")
        ax.set_title(f"one curve, $\\nu$ = {fit.nu.value:.2f}")
    ax.set(xlabel=r"$u(W)\,L^{1/\nu}$ ($t$)", ylabel=CONDUCTANCE)


def slopes(ax, transition):
    """Slope of <g> against the size, with the powers of two exponents."""
    edges, found = np.array(transition.edges), transition.slopes
    figures.points(ax, edges, found)
    x, at = np.geomspace(edges[0], edges[-1], 100), found.value[0]
    for nu, line in ((SYMPLECTIC_EXPONENT.value, "-"), (ANDERSON_EXPONENT.value, ":")):
        y = at * (x / edges[0]) ** (1 / nu)
        figures.theory_line(ax, x, y, line=line, label=f"$\\nu$ = {nu:.2f}")
    ax.set_title("the slope grows as $L^{1/\\nu}$")
    ax.set(xscale="log", yscale="log", xlabel="edge $L$ ($a$)")
    ax.set(ylabel=r"$-d\langle g\rangle/dW$ ($e^2/h\,t$)")
    figures.ticks(ax.xaxis, *edges)
    figures.ticks(ax.yaxis, 0.4, 0.6, 0.8, 1, 1.5)


def sizes(ax, transition, coupling):
    """<g> against the size, for strengths of disorder from metal to insulator."""
    flow = transition.flow
    for i, style in figures.each(range(len(flow.strengths))):
        label = f"$W$ = {flow.strengths[i]:g}"
        figures.points(ax, flow.edges, flow.mean[coupling, i], **style | {"label": label})
        ax.plot(flow.edges, flow.mean.value[coupling, i], color=style["color"], linewidth=0.7)
    message = ("without coupling, every curve falls", "with it, a metal below $W_c$")[coupling]
    ax.set_title(message)
    ax.set(xscale="log", yscale="log", xlabel="edge $L$ ($a$)")
    ax.set(ylabel=f"{CONDUCTANCE}, {COUPLINGS[coupling]}")
    figures.ticks(ax.xaxis, *flow.edges)
    figures.ticks(ax.yaxis, 0.1, 0.3, 1, 3, 10)


def metal(ax, transition):
    """With the coupling."""
    sizes(ax, transition, 1)


def control(ax, transition):
    """Without the coupling."""
    sizes(ax, transition, 0)


def beta_function(ax, transition):
    """d<g>/d ln L against <g>, with weak localization of both classes in a good metal."""
    flow = transition.flow
    for coupling, (beta, spins) in enumerate(((1, 2), (4, 2))):
        color = figures.COLORS[coupling]
        g = np.sqrt(flow.mean.value[coupling, :, -1] * flow.mean.value[coupling, :, -2])
        label = COUPLINGS[coupling]
        figures.points(ax, g, flow.slope[coupling], color=color, label=label, inside=flow.inside)
        limit = spins * float(theory.weak_localization_2d(np.e, 1.0, beta=beta))
        figures.level(ax, limit, color=color, line="--")
    figures.level(ax, 0.0)
    ax.set_title("the coupling turns the flow")
    ax.set(xscale="log", xlabel=CONDUCTANCE, ylabel=r"$d\langle g\rangle/d\ln L$ ($e^2/h$)")
    figures.ticks(ax.xaxis, 0.1, 0.3, 1, 3, 10)


# -- sweeps ---------------------------------------------------------------------------------


def squares(edge, place):
    """The sweep of squares of one size across the transition."""
    disorder, axis = independent_disorder(mk.Anderson(5.84), place)
    return mk.Sweep(
        AndoSquare(edge),
        energy=ENERGY,
        params={"theta": THETA},
        disorder=disorder,
        axes={axis: STRENGTHS},
        in_leads=(0,),
        out_leads=(1,),
        samples=100,
    )


def samples(numbers):
    """Options of a preset: the samples of all sizes."""
    return {f"L{edge}.samples": n for edge, n in zip(EDGES, numbers, strict=True)}


study = mk.Study(
    name="symplectic_transition",
    question="Does spin-orbit coupling make a metal in two dimensions, and where does it end?",
    sweeps={
        **{f"L{edge}": squares(edge, i) for i, edge in enumerate(EDGES)},
        "flow": mk.Sweep(
            AndoSquare(8),
            energy=ENERGY,
            disorder=mk.Anderson(4.0),
            axes={
                "edge": (8, 16, 32),
                "theta": (0.0, THETA),
                "strength": (2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5),
            },
            in_leads=(0,),
            out_leads=(1,),
            samples=100,
        ),
    },
    presets={
        "quick": samples((1500, 1000, 600, 300, 150, 80)) | {"flow.samples": 500},
        "full": samples((8000, 6000, 5000, 4000, 2500, 1500)) | {"flow.samples": 600},
        "toy": {f"L{edge}.edge": 4 + i for i, edge in enumerate(EDGES)}
        | samples([12] * len(EDGES))
        | {"flow.edge": (4, 8), "flow.samples": 6},
    },
    reading=Transition,
    regime=regime,
    claims=claims,
    panels=(metal, control, beta_function, crossing, collapse, slopes),
    seed=1502,
)

mk.main(study, __name__)
