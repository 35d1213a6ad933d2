"""Anderson localization in one dimension: every chain insulates, and theory is exact.

A chain of length L with box disorder of width W between clean leads; <ln g> = -2L/ξ defines ξ.

* ξ = 24 (4 - E²)/W² to second order in W (Thouless, in Ill-Condensed Matter (1979)), 9 % longer
  at the band centre (Kappus and Wegner, Z. Phys. B 45, 15 (1981)) and longer near the edges.
* At any W and E, ξ and the growth of var ln g are those of the stationary density of the phase
  (Dyson 1953, Schmidt 1957; `theory.chain_lyapunov`): exact numbers, no expansion.
* ln g is distributed as Abrikosov (Solid State Commun. 37, 997 (1981)) found, in the end
  log-normally. var(ln g)/(-<ln g>) tends to 2, which is single-parameter scaling, but to 2.094 at
  the band centre, however weak the disorder is (Schomerus and Titov, Phys. Rev. B 67, 100201
  (2003)).

Nothing is fitted but slopes against length, which the leads do not change.

Regime, by rule. ξ is compared with the exact one at all W and E; the formula of second order is
drawn, and its distance from the exact one is what a claim must be able to see. <ln g> and its
distribution are used at all lengths, var ln g at L >= 3 ξ. There Abrikosov's is up to 0.3 above its
asymptote, so that the slope through these lengths is up to 0.7 % lower than it is in the end: this
part is known, and added to the measured growth. The anomaly at the centre has a width of about
W²/24 in energy: at W = 0.5, E = 0 lies in it, and E = 0.2 is far from it.

What limits the agreement: Abrikosov's density is for W -> 0. Its growth is replaced by the exact
one; the constant that the ends add, and the shape, may be wrong by the share in which 2σ²/γ
differs from 2, 0.5 % here.
"""

from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import ndtr

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    decay_rates,
    localization_length,
    ratio_of_slopes,
    scaling_ratio,
)
from mesokwant.engine.results import datasets
from mesokwant.statistics import (
    Estimate,
    bootstrap,
    chi2_deviate,
    cumulant,
    distance_deviate,
    histogram,
    log_variance,
    mean,
    stack,
)
from systems import Chain

DEEP = 3
"""Lengths at which var ln g grows as it always will, at least, in ξ."""
EXACT = "invariant density; Dyson 1953, Schmidt 1957"
GROWTH = "growth of var(ln g) / -<ln g>"


class RoundedConductance(mk.Conductance):
    """The conductance with nine bits, which changes ln g by 0.001 at most: the run stays small."""

    def __call__(self, ensemble):
        mantissa, exponent = np.frexp(super().__call__(ensemble))
        return np.ldexp(np.round(mantissa * 512) / 512, exponent)


class Chains:
    """Chains of several strengths, of several energies, the many of one of each, and the centre."""

    def __init__(self, data):
        sweeps = datasets(data)
        self.disorder, self.energy = Rates(sweeps["disorder"]), Rates(sweeps["energy"])
        self.many, self.centre = sweeps["distribution"], sweeps["centre"]
        self.g = self.many.g.transpose("length", "sample").values
        self.lengths = self.many.length.values
        self.point = {name: float(self.many[name]) for name in ("energy", "strength")}
        rate = theory.chain_lyapunov(self.point["energy"], self.point["strength"])[0]
        self.s = 2 * self.lengths * float(rate)

    @cached_property
    def law(self):
        """Mean, variance and skewness of ln g that theory expects at all lengths."""
        return self.cumulants(self.s)

    def cumulants(self, s):
        """The same at any s = 2L/ξ."""
        return theory.chain_log_conductance_cumulants(
            s, disorder=self.point["strength"], energy=self.point["energy"]
        )

    @cached_property
    def growths(self):
        """Energies, growth ratios and what theory expects: the centre, and the many chains."""
        energies = [*self.centre.energy.values, self.point["energy"]]
        found = [
            growth_ratio(self.centre.length.values, g, energy, float(self.centre.strength))
            for energy, g in zip(energies, self.centre.g.transpose("energy", ...), strict=False)
        ]
        deep = self.s >= 2 * DEEP
        found.append(growth_ratio(self.lengths[deep], self.g[deep], **self.point))
        ratios, expected = zip(*found, strict=True)
        return np.array(energies), ratios, expected


def growth_ratio(lengths, g, energy, strength):
    """The growth of var ln g over that of -<ln g> in the end, and what theory expects of it."""
    rate = float(theory.chain_lyapunov(energy, strength)[0])
    law = theory.chain_log_conductance_cumulants(
        2 * rate * lengths, disorder=strength, energy=energy
    )
    mean_log, variance = law[:2]
    expected = theory.chain_growth_ratio(strength, energy)
    missing = expected.value - float(ratio_of_slopes(lengths, mean_log.value, variance.value))
    # The constant and the shape are wrong by the same share at all lengths.
    bound = abs(float(ratio_of_slopes(lengths, mean_log.value, variance.bound)))
    return scaling_ratio(lengths, g) + missing, expected.with_bound(bound, variance.because)


class Rates:
    """1/ξ of every sample along one axis, strength or energy, over the exact one."""

    def __init__(self, data):
        self.data = data
        self.energies, self.strengths = (np.atleast_1d(data[x]) for x in ("energy", "strength"))
        self.exact = theory.chain_lyapunov(self.energies, self.strengths)[0]
        self.second = 1 / theory.chain_localization_length(self.strengths, self.energies)
        self.values = decay_rates(data.length, data.g) / self.exact[:, None]

    @cached_property
    def pooled(self):
        """Mean over all points; they share their disorder."""
        return mean(self.values.mean(axis=0))

    @cached_property
    def xi(self):
        """ξ at all points."""
        return localization_length(self.data.length, self.data.g)


def regime(chains):
    """How long the chains are, and how far theory is from its second order, at every point."""
    sweeps = (chains.disorder, chains.energy)
    energies, strengths = (
        np.concatenate([np.broadcast_to(getattr(one, name), one.exact.shape) for one in sweeps])
        for name in ("energies", "strengths")
    )
    exact, second = (
        np.concatenate([getattr(one, name) for one in sweeps]) for name in ("exact", "second")
    )
    longest = [int(one.data.length.max()) for one in sweeps for _ in one.exact]
    return {
        "E (t)": energies,
        "W (t)": strengths,
        "exact ξ (a)": 1 / exact,
        "exact ξ / second order": second / exact,
        "2σ²/γ": theory.chain_growth_ratio(strengths, energies).value,
        "longest L/ξ": longest * exact,
        "in regime": [True] * len(exact),
    }


# -- claims ---------------------------------------------------------------------------------


def claims(chains):
    """ξ against exact theory, its anomalies, and the distribution of ln g."""
    yield from rate_claims(chains.disorder, "W")
    yield from rate_claims(chains.energy, "energies")
    rates = chains.energy
    expected = theory.Prediction(1.0, source=EXACT)
    effect = abs(np.mean(rates.second / rates.exact) - 1)
    yield mk.Claim("all energies: mean of exact ξ / ξ", rates.pooled, expected, effect=effect)
    yield from beyond_claims(chains)
    yield from growth_claims(chains)
    yield from distribution_claims(chains)


def rate_claims(rates, axis):
    """1/ξ at all points of an axis by one chi², which must see that second order is not exact."""
    wrong = rates.second / rates.exact
    deviate, effect = (chi2_deviate(rates.values - x) for x in (1.0, wrong[:, None]))
    measured = Estimate(deviate, 1.0, rates.values.shape[-1])
    name = f"{len(wrong)} {axis}: deviate of the chi² of ξ"
    expected = theory.Prediction(0.0, source=EXACT)
    yield mk.Claim(name, measured, expected, effect=max(1.0, effect))


def beyond_claims(chains):
    """The two places where second order fails: strong disorder, and the band centre."""
    rates, place = chains.disorder, -1
    beyond = 1 - float(rates.second[place] / rates.exact[place])
    measured = 1 - rates.xi[place] * float(rates.second[place])
    name = f"W = {rates.strengths[place]:g}: 1 - ξ/[24 (4 - E²)/W²]"
    expected = theory.Prediction(beyond, source=EXACT)
    yield mk.Claim(name, measured, expected, effect=beyond)
    rates, strength = chains.energy, float(chains.energy.strengths[0])
    centre = rates.xi[int(np.flatnonzero(rates.energies == 0)[0])] * strength**2
    exact = strength**2 / float(rates.exact[rates.energies == 0][0])
    anomaly = theory.Prediction(exact, source="12 [Γ(1/4)/Γ(3/4)]² and next order; Kappus & Wegner")
    effect = exact - float(theory.chain_localization_length(1.0, 0.0))
    yield mk.Claim("band centre: ξ W²", centre, anomaly, effect=effect)


def growth_claims(chains):
    """The growth of var ln g: 2 in the band, and not at its centre."""
    energies, ratios, expected = chains.growths
    anomaly = expected[0].value - 2
    yield mk.Claim(GROWTH, ratios[-1], expected[-1], effect=1.0)
    yield mk.Claim(f"band centre: {GROWTH}", ratios[0], expected[0], effect=anomaly)
    for energy, ratio, theirs in zip(energies[1:-1], ratios[1:-1], expected[1:-1], strict=True):
        yield mk.Claim(f"E = {energy:g}: {GROWTH}", ratio, theirs, effect=anomaly)


def distribution_claims(chains):
    """Mean, variance and skewness of ln g over all lengths, and its whole distribution."""
    average, variance, skewness = chains.law
    logs, s, count = np.log(chains.g), chains.s, f"{len(chains.s)} lengths"
    ratio = mean((logs / average.value[:, None]).mean(axis=0))
    expected = average.normalized().mean()
    # A constant of one in ln g would be the effect.
    yield mk.Claim(f"{count}: <ln g>/(-2L/ξ)", ratio, expected, effect=np.mean(1 / s))
    ratio = bootstrap(lambda x: np.mean(x.var(axis=-1, ddof=1) / variance.value), logs)
    expected = variance.normalized().mean()
    effect = np.mean(2 * s / variance.value) - 1
    yield mk.Claim(f"{count}: var ln g over Abrikosov's", ratio, expected, effect=effect)
    for place in np.flatnonzero(s < 10):
        name = f"L = {s[place] / 2:.1f} ξ: skewness of ln g"
        found = cumulant(logs[place], 3, standardized=True)
        theirs = skewness[place]
        yield mk.Claim(name, found, theirs, effect=abs(theirs.value))
    deviates, wrong = [], []
    for row, one in zip(logs, s, strict=True):
        law = lambda x, one=one: theory.chain_log_conductance_distribution(x, one)  # noqa: E731
        deviates.append(distance_deviate(row, law))
        wrong.append(distance_deviate((row + one) / np.sqrt(2 * one), ndtr))
    # The lengths share disorder: their deviates are of one sample in the worst case.
    measured = Estimate(float(np.mean(deviates)), 1.0, logs.shape[1])
    name = f"{count}: mean deviate of the distribution of ln g"
    expected = theory.Prediction(0.0, source="Abrikosov 1981")
    yield mk.Claim(name, measured, expected, effect=max(1.0, float(np.mean(wrong))))


# -- figure ---------------------------------------------------------------------------------

XI = r"$\xi$ (sites)"
SECOND_ORDER = r"$24(4-E^2)/W^2$"


LINE_MODES = 16
"""Modes of the phase for lines: exact to 1e-4, at a sixth of the time."""


def near_the_centre(strength, top, evaluations):
    """Energies from 0 to `top`, dense where the anomaly is a peak of a width W²/24, and the rates.

    The rates are the exact γ and σ², by a spline, because each evaluation takes 5 ms.
    """
    nodes, dense = (np.linspace(0, 1, count) for count in (evaluations, 150))
    rates = theory.chain_lyapunov(top * nodes**2, strength, modes=LINE_MODES)
    return top * dense**2, *(CubicSpline(nodes, one)(dense) for one in rates)


def length_by_disorder(ax, chains):
    """ξ against the strength of the disorder, over the exact one."""
    rates = chains.disorder
    strengths, energy = rates.strengths, float(rates.energies[0])
    figures.points(ax, strengths, rates.xi, label="chain")
    strip = figures.residuals(ax, strengths, rates.xi, 1 / rates.exact)
    nodes = np.geomspace(strengths[0] / 1.1, 1.1 * strengths[-1], 20)
    dense = np.geomspace(nodes[0], nodes[-1], 100)
    # Over second order the exact ξ is smooth.
    beyond = nodes**2 / theory.chain_lyapunov(energy, nodes, modes=LINE_MODES)[0]
    exact = CubicSpline(nodes, beyond)(dense) / dense**2
    figures.theory_line(ax, dense, exact, color="0.5", line="-", label="exact")
    second = theory.chain_localization_length(dense, energy)
    figures.theory_line(ax, dense, second, label=SECOND_ORDER)
    strip.plot(dense, 100 * (second / exact - 1), "k--", linewidth=0.8)
    strip.set_ylim(-3, 6)
    ax.set(xscale="log", yscale="log", title=f"disorder, E = {energy:g} t")
    figures.ticks(ax.xaxis, 0.2, 0.5, 1, 2)
    ax.set(xlabel=r"disorder $W$ ($t$)", ylabel=XI)


def length_by_energy(ax, chains):
    """ξ against energy, with the anomalies of the exact theory."""
    rates = chains.energy
    energies, strength = rates.energies, float(rates.strengths[0])
    figures.points(ax, energies, rates.xi, label="chain")
    strip = figures.residuals(ax, energies, rates.xi, 1 / rates.exact)
    dense, rate, _ = near_the_centre(strength, energies[-1], 36)
    exact = 1 / rate
    figures.theory_line(ax, dense, exact, color="0.5", line="-", label="exact")
    second = theory.chain_localization_length(strength, dense)
    figures.theory_line(ax, dense, second, label=SECOND_ORDER)
    centre = float(theory.chain_localization_length_centre(strength))
    ax.plot(0, centre, "k*", markersize=7, zorder=6, label="centre, W → 0")
    strip.set_ylim(-3, 3)
    ax.set(xlabel=r"energy $E$ ($t$)", ylabel=XI, title=f"energy, W = {strength:g} t")


def anomaly(ax, chains):
    """ξ near the band centre, over that of second order."""
    rates = chains.energy
    near, strength = rates.energies <= 0.3, float(rates.strengths[0])
    xi = rates.xi
    ratio = Estimate(xi.value * rates.second, xi.error * rates.second, xi.n)[near]
    figures.points(ax, rates.energies[near], ratio, label="chain")
    dense, exact, _ = near_the_centre(strength, 0.3, 16)
    line = 1 / theory.chain_localization_length(strength, dense) / exact
    figures.theory_line(ax, dense, line, color="0.5", line="-", label="exact")
    figures.level(ax, 1, color="k", line="--", label="second order")
    ax.set(xlabel=r"energy $E$ ($t$)", ylabel=r"$\xi$ / second order")
    ax.set_title(f"anomaly of ξ, W = {strength:g} t")


def growth(ax, chains):
    """The growth of var ln g over that of <ln g> against energy, for the strength of the centre."""
    energies, ratios, expected = chains.growths
    strength = float(chains.centre.strength)
    figures.points(ax, energies[:-1], stack(ratios[:-1]), label="chain")
    figures.residuals(ax, energies[:-1], stack(ratios[:-1]), [one.value for one in expected[:-1]])
    dense, rate, variance_rate = near_the_centre(strength, 1.2 * energies[-2], 20)
    figures.theory_line(ax, dense, 2 * variance_rate / rate, color="0.5", line="-", label="exact")
    figures.level(ax, 2, color="k", line="--", label="single-parameter scaling")
    ax.set(xlabel=r"energy $E$ ($t$)", ylabel="growth of variance over mean")
    ax.set(ylim=(1.95, 2.15), title=f"2.094 at the centre, W = {strength:g} t")


def density_of_log(ax, chains):
    """The density of ln g, for every length."""
    for (s, g), color in figures.colored(zip(chains.s, chains.g, strict=True)):
        edges = np.linspace(-s - 4 * np.sqrt(2 * s), min(0.0, 4 * np.sqrt(2 * s) - s), 26)
        middle, density = (edges[1:] + edges[:-1]) / 2, histogram(np.log(g), edges)
        figures.points(ax, middle, density, color=color, label=f"L = {s / 2:.1f} ξ")
        grid = np.linspace(edges[0], -1e-3, 200)
        exact = theory.chain_log_conductance_density(grid, s)
        figures.theory_line(ax, grid, exact, color=color, line="-")
        normal = np.exp(-((grid + s) ** 2) / (4 * s)) / np.sqrt(4 * np.pi * s)
        figures.theory_line(ax, grid, normal, color="0.4")
    figures.theory_line(ax, [], [], line="-", label="Abrikosov")
    figures.theory_line(ax, [], [], color="0.4", label="log-normal")
    ax.set(yscale="log", ylim=(3e-4, 6), xlabel=r"$\ln g$", ylabel="probability density")
    ax.set_title("Abrikosov, then log-normal")


def variance_of_log(ax, chains):
    """var ln g against -<ln g>: single-parameter scaling."""
    variance = log_variance(chains.g)
    figures.points(ax, chains.s, variance, label="chain", inside=chains.s >= 2 * DEEP)
    figures.residuals(ax, chains.s, variance, chains.law[1])
    s = np.linspace(0.2, np.sqrt(1.1 * chains.s[-1]), 100) ** 2
    expected = chains.cumulants(s)[1].value
    figures.theory_line(ax, s, expected, color="0.5", line="-", label="Abrikosov")
    figures.theory_line(ax, s, 2 * s, label="slope 2")
    ax.set(xlabel=r"$2L/\xi$", ylabel=r"var $\ln g$", title="the variance grows by 2")


def chain(energy, strength, axes, samples, **observables):
    """Sweep of a chain; its axes replace the length, the energy and the strength given here."""
    return mk.Sweep(
        system=Chain(length=1000),
        energy=energy,
        disorder=mk.Anderson(strength=strength),
        axes=axes,
        samples=samples,
        **observables,
    )


STRENGTHS = (0.2, 0.3, 0.45, 0.65, 0.95, 1.4, 2.0)
ENERGIES = (0.0, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.7, 1.85, 1.95)
CENTRE = {"length": (1300, 2500, 5000), "energy": (0.0, 0.2)}

study = mk.Study(
    name="chain_localization",
    question="How soon does a disordered chain insulate, and how is its ln g distributed?",
    sweeps={
        "disorder": chain(1.2, 1.0, {"length": (1000, 2000, 4000), "strength": STRENGTHS}, 1500),
        "energy": chain(0.0, 1.0, {"length": (500, 1000, 2000), "energy": ENERGIES}, 2000),
        "distribution": chain(1.2, 0.7, {"length": (125, 500, 1000, 2000)}, 8000),
        "centre": chain(0.0, 0.5, CENTRE, 8000, observables={"g": RoundedConductance()}),
    },
    presets={
        "full": {
            "seed": 33,
            "disorder.samples": 5000,
            "energy.samples": 5000,
            "distribution.samples": 30000,
            "centre.samples": 180000,
        },
        "repeat": {"like": "full", "seed": 34},
        "toy": {
            "disorder.length": (20, 40, 80),
            "disorder.strength": (1.0, 2.0),
            "energy.length": (20, 40),
            "energy.energy": (0.0, 0.5, 1.2),
            "distribution.length": (200, 400, 600),
            "centre.length": (100, 200),
            "centre.strength": 2.0,
            "samples": 12,
        },
    },
    reading=Chains,
    regime=regime,
    claims=claims,
    panels=(
        length_by_disorder,
        length_by_energy,
        anomaly,
        growth,
        density_of_log,
        variance_of_log,
    ),
    seed=2,
)

mk.main(study, __name__)
