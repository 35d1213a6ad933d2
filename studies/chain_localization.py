"""Anderson localization in one dimension: every chain insulates, and theory is exact.

A chain of length L with box disorder of width W between clean leads; <ln g> = -2L/ξ defines ξ.

* ξ = 24 (4 - E²)/W² to second order in W (Thouless, in Ill-Condensed Matter (1979)), 9 % longer
  at the band centre (Kappus and Wegner, Z. Phys. B 45, 15 (1981)) and longer near the edges.
* At any W and E, ξ and the growth of var ln g are those of the stationary density of the phase
  (Dyson 1953, Schmidt 1957; `theory.chain_lyapunov`): exact numbers, no expansion.
* ln g is distributed as Abrikosov (Solid State Commun. 37, 997 (1981)) found, in the end
  log-normally: var(ln g)/(-<ln g>) -> 2.

Nothing is fitted but slopes against length, which the leads do not change.

Regime, fixed before the data. Filled points have 0.25 <= E <= 1.5, away from the anomalies,
whose widths are about W²/24 and (W²/12)^(2/3). <ln g> is used at all lengths (its law has no
lower limit), var ln g at L >= 3 ξ, where Abrikosov's is within 0.3 of its asymptote. What limits
the agreement:

* The formula of second order: the next orders, as large as the exact exponent says.
* Abrikosov's density is for W -> 0. The phase forgets in a few sites, against ξ: corrections are
  of relative order 1/ξ, at most <V²> = W²/12 here.
"""

from functools import cached_property

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import decay_rates, growth_ratio_claim, localization_length, scaling_ratio
from mesokwant.engine.results import datasets
from mesokwant.statistics import cumulant, histogram, log_mean, log_variance, mean
from systems import Chain

INSIDE = (0.25, 1.5)
"""Energies away from the anomalies."""
DEEP = 3
"""Lengths at which var ln g grows as it always will, at least, in ξ."""
EXACT = "invariant density; Dyson 1953, Schmidt 1957"


class Chains:
    """Chains of several strengths, of several energies, and the many of one of each."""

    def __init__(self, data):
        sweeps = datasets(data)
        self.disorder, self.energy = sweeps["disorder"], sweeps["energy"]
        self.strengths, self.energies = self.disorder.strength.values, self.energy.energy.values
        self.inside = (self.energies >= INSIDE[0]) & (self.energies <= INSIDE[1])
        self.strength = float(self.energy.strength)

        self.many = sweeps["distribution"]
        self.g = self.many.g.transpose("length", "sample").values
        self.lengths = self.many.length.values
        point = float(self.many.strength), float(self.many.energy)
        self.rate = float(theory.chain_lyapunov(point[1], point[0])[0])
        self.s = 2 * self.lengths * self.rate
        self.deep = self.lengths * self.rate >= DEEP
        self.growth = theory.chain_growth_ratio(*point)

    def cumulants(self, s):
        """Mean, variance and skewness of ln g that theory expects at s = 2L/ξ."""
        return theory.chain_log_conductance_cumulants(s, disorder=float(self.many.strength))

    @cached_property
    def curves(self):
        """s and the cumulants there, for lines past all points: dense where they bend."""
        s = np.linspace(0.2, np.sqrt(1.1 * self.s[-1]), 60) ** 2
        return s, *self.cumulants(s)


def rates(sweep):
    """1/ξ of every sample at every point, shape (points, samples)."""
    return decay_rates(sweep.length, sweep.g)


def pooled(rates, expected):
    """Mean over all points of 1/ξ over what is expected; the points share their disorder."""
    return mean((rates / expected[:, None]).mean(axis=0))


def regime(chains):
    """How long the chains are, and how far theory is from its second order, at every energy."""
    energies, strength = chains.energies, chains.strength
    xi = 1 / theory.chain_lyapunov(energies, strength)[0]
    return {
        "E (t)": energies,
        "W (t)": [strength] * len(energies),
        "exact ξ (a)": xi,
        "exact ξ / second order": xi / theory.chain_localization_length(strength, energies),
        "longest L/ξ": int(chains.energy.length.max()) / xi,
        "in regime": chains.inside,
    }


# -- claims ---------------------------------------------------------------------------------


def claims(chains):
    """ξ against closed and exact theory, then the distribution of ln g."""
    yield from disorder_claims(chains)
    yield from energy_claims(chains)
    yield from distribution_claims(chains)


def disorder_claims(chains):
    """ξ at one energy, for disorder that gets strong."""
    sweep, strengths, energy = chains.disorder, chains.strengths, float(chains.disorder.energy)
    exact = theory.chain_lyapunov(energy, strengths)[0]
    ratio = pooled(rates(sweep), exact)
    yield mk.Claim("all W: mean of exact ξ / ξ", ratio, 1.0, source=EXACT)
    formula = theory.weak_disorder_localization_length(strengths, energy)
    ratios = localization_length(sweep.length, sweep.g) / formula.value
    for strength, ratio, expected in zip(strengths, ratios, formula.normalized(), strict=True):
        yield mk.Claim(f"W = {strength:g}: ξ/[24 (4 - E²)/W²]", ratio, expected)


def energy_claims(chains):
    """ξ across the band, and its anomaly at the centre."""
    sweep, inside, strength = chains.energy, chains.inside, chains.strength
    exact, found = theory.chain_lyapunov(chains.energies, strength)[0], rates(sweep)
    yield mk.Claim("all energies: mean of exact ξ / ξ", pooled(found, exact), 1.0, source=EXACT)
    second = theory.weak_disorder_decay_rate(strength, chains.energies)[inside]
    yield mk.Claim(
        f"{INSIDE[0]} <= E <= {INSIDE[1]}: mean of 24 (4 - E²)/W²/ξ",
        pooled(found[inside], second.value),
        second.normalized().mean(),
    )
    centre = localization_length(sweep.length, sweep.g.sel(energy=0.0)) * strength**2
    anomaly = theory.band_centre_localization_length(strength) * strength**2
    yield mk.Claim("band centre: ξ W²", centre, anomaly)
    name, source = "band centre: ξ W² beyond second order", "the anomaly; Kappus & Wegner 1981"
    weak = theory.chain_localization_length(1.0, 0.0)
    yield mk.Claim(name, centre, above=weak, source=source)


def distribution_claims(chains):
    """Mean, variance and skewness of ln g, and the growth of the variance."""
    deep = chains.deep
    yield growth_ratio_claim(chains.growth, scaling_ratio(chains.lengths[deep], chains.g[deep]))
    for s, g in zip(chains.s, chains.g, strict=True):
        average, variance, skewness = chains.cumulants(s)
        length, logs = f"L = {s / 2:.1f} ξ", np.log(g)
        ratio = log_mean(g) / average.value
        yield mk.Claim(f"{length}: <ln g>/(-2L/ξ)", ratio, average.normalized())
        ratio = log_variance(g) / variance.value
        yield mk.Claim(f"{length}: var ln g / exact", ratio, variance.normalized())
        found = cumulant(logs, 3, standardized=True)
        yield mk.Claim(f"{length}: skewness of ln g", found, skewness)


# -- figure ---------------------------------------------------------------------------------

MINUS_MEAN, XI = r"$-\langle\ln g\rangle$", r"$\xi$ (sites)"
SECOND_ORDER = r"$24(4-E^2)/W^2$"


def length_by_disorder(ax, chains):
    """ξ against the strength of the disorder."""
    sweep, strengths, energy = chains.disorder, chains.strengths, float(chains.disorder.energy)
    xi = localization_length(sweep.length, sweep.g)
    figures.points(ax, strengths, xi, label=f"chain, E = {energy:g} t")
    dense = np.geomspace(strengths[0] / 1.1, 1.1 * strengths[-1], 20)
    line = theory.weak_disorder_localization_length(dense, energy)
    figures.theory_line(ax, dense, line, label=SECOND_ORDER)
    ax.set(xscale="log", yscale="log")
    figures.ticks(ax.xaxis, 0.2, 0.5, 1, 2)
    ax.set(xlabel=r"disorder $W$ ($t$)", ylabel=XI)


def length_by_energy(ax, chains):
    """ξ against energy, with the anomalies of the exact theory."""
    sweep, energies, strength = chains.energy, chains.energies, chains.strength
    xi = localization_length(sweep.length, sweep.g)
    figures.points(ax, energies, xi, label=f"chain, W = {strength:g} t", inside=chains.inside)
    # Dense at the centre, where the anomaly is a peak of a width W²/24.
    dense = energies[-1] * np.linspace(0, 1, 60) ** 2
    exact = 1 / theory.chain_lyapunov(dense, strength)[0]
    figures.theory_line(ax, dense, exact, color="0.5", line="-", label="exact")
    line = theory.weak_disorder_localization_length(strength, dense)
    figures.theory_line(ax, dense, line, label=SECOND_ORDER)
    centre = theory.band_centre_localization_length(strength)
    ax.plot(0, centre.value, "k*", markersize=7, zorder=6, label="centre, W → 0")
    ax.set(xlabel=r"energy $E$ ($t$)", ylabel=XI)


def mean_of_log(ax, chains):
    """<ln g> against length."""
    figures.points(ax, chains.lengths, log_mean(chains.g), label="chain")
    s, expected, _, _ = chains.curves
    figures.theory_line(ax, s / 2 / chains.rate, expected, label=r"$-2L/\xi$, exact $\xi$")
    ax.set(xlabel="length L (sites)", ylabel=r"$\langle\ln g\rangle$")


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
    ax.legend(loc="upper left", ncols=2, columnspacing=1)


def variance_of_log(ax, chains):
    """var ln g against -<ln g>: single-parameter scaling."""
    x = -log_mean(chains.g).value
    figures.points(ax, x, log_variance(chains.g), label="chain", inside=chains.deep)
    s, _, expected, _ = chains.curves
    figures.theory_line(ax, s, expected, color="0.5", line="-", label="Abrikosov")
    slope = chains.growth.value
    figures.theory_line(ax, s, slope * s, label=f"slope {slope:g}")
    ax.set(xlabel=MINUS_MEAN, ylabel=r"var $\ln g$")


def skewness_of_log(ax, chains):
    """The skewness of ln g against -<ln g>: the distribution becomes log-normal."""
    x = -log_mean(chains.g).value
    found = cumulant(np.log(chains.g), 3, standardized=True)
    figures.points(ax, x, found, label="chain")
    s, _, _, expected = chains.curves
    figures.theory_line(ax, s, expected, color="0.5", line="-", label="Abrikosov")
    figures.level(ax, 0, color="k", line="--", label="log-normal")
    ax.set(xlabel=MINUS_MEAN, ylabel=r"skewness of $\ln g$")


def chain(energy, strength, axes, samples):
    """Sweep of a chain; its axes replace the length, the energy and the strength given here."""
    return mk.Sweep(
        system=Chain(length=1000),
        energy=energy,
        disorder=mk.Anderson(strength=strength),
        axes=axes,
        samples=samples,
    )


STRENGTHS = (0.2, 0.3, 0.45, 0.65, 0.95, 1.4, 2.0)
ENERGIES = (0.0, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.7, 1.85, 1.95)

study = mk.Study(
    name="chain_localization",
    question="How soon does a disordered chain insulate, and how is its ln g distributed?",
    sweeps={
        "disorder": chain(1.2, 1.0, {"length": (1000, 2000, 4000), "strength": STRENGTHS}, 1500),
        "energy": chain(0.0, 1.0, {"length": (500, 1000, 2000), "energy": ENERGIES}, 2000),
        "distribution": chain(1.2, 0.7, {"length": (125, 500, 1000, 2000)}, 8000),
    },
    presets={
        "full": {"disorder.samples": 5000, "energy.samples": 3000, "distribution.samples": 30000},
        "toy": {
            "disorder.length": (20, 40, 80),
            "disorder.strength": (1.0, 2.0),
            "energy.length": (20, 40),
            "energy.energy": (0.0, 0.5, 1.2),
            "distribution.length": (200, 400, 600),
            "samples": 12,
        },
    },
    reading=Chains,
    regime=regime,
    claims=claims,
    panels=(
        length_by_disorder,
        length_by_energy,
        mean_of_log,
        density_of_log,
        variance_of_log,
        skewness_of_log,
    ),
    seed=2,
)

mk.main(study, __name__)
