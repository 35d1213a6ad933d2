"""Vacancies in a chain: what a missing atom stops, and what leaks around it. Exact.

A chain E = -2 Σ_m t_m cos(mk) in which an atom has on-site energy U, or is missing (U -> ∞):

* Nearest neighbours: T = 1/(1 + U²/(4 - E²)). A vacancy transmits nothing at any energy, the
  band centre among them; random vacancies let pass only samples that have none.
* Hopping to second neighbours reopens the chain: t = i v g/(1 + i v g) through a vacancy, with g
  the evanescent part of the local Green function (`theory.impurity_transmission`); with two
  modes, the sum over both. Several vacancies interfere (`theory.vacancies_transmission`).
* Dilute random vacancies with random phases between them multiply their transmissions:
  <ln T> = <n> ln T_1 (Anderson, Thouless, Abrahams and Fisher, Phys. Rev. B 22, 3519 (1980)).
  They localize: a vacancy every d sites gives ξ = 2 d/(-ln T_1).

The random chains share samples between concentrations, so that each law is one claim on a curve:
the share of chains that conduct, (1 - c)^(L - 2), and <ln T> over that of random phases. If the
resistances 1/T - 1 of vacancies added up, <ln T> would be -<ln[1 + n (1/T_1 - 1)]>: the effect of
the second claim is the distance from that.

Nothing is fitted. Deterministic values have no statistical error, and rounding is all that limits
the agreement: T < 1 in 64-bit arithmetic is good to 1e-10 with U up to 10⁴.

What limits the law of random phases: vacancies are at every SPACING-th site at the nearest, so
that evanescent waves between them, λ^SPACING = 10⁻⁵, do not matter and no two sever the chain. The
phase e^(2ikd) of a distance d with a geometric distribution averages to something of the order
of the concentration; its size bounds the relative correction.
"""

import numpy as np
from scipy.stats import binom

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import curve_claim
from mesokwant.engine.results import datasets
from mesokwant.statistics import Estimate, curve, mean
from systems import Chain

SPACING = 7
"""Distance of the sites that may be missing in the random chain with second neighbours."""
SECOND = (1.0, 0.2)
"""Amplitudes with one mode at all energies used."""
SITES = ("impurity", "vacancy")
SEVERAL = (8, 13, 15, 24, 33)
"""Sites that are missing together."""


def may_be_missing(site):
    """Sites of the random chain far enough from each other and from the leads."""
    return site.tag[0] % SPACING == SPACING // 2


# -- theory and data at the points of a sweep -----------------------------------------------


def hoppings(data):
    """Amplitudes in the sign of theory, E = 2 Σ t_m cos(mk)."""
    return [-t for t in data.attrs["system.hoppings"]]


def past_one(data, energies):
    """Transmission past one vacancy, or past one impurity of every strength of a sweep."""
    strengths = data.impurity.values[:, None] if "impurity" in data.dims else np.inf
    return theory.impurity_transmission(energies, strengths, hoppings(data))


def past_several(data, energies):
    """Transmission past all of SEVERAL."""
    return np.array([theory.vacancies_transmission(e, SEVERAL, hoppings(data)) for e in energies])


def places(data):
    """Number of sites of the random chain that may be missing."""
    x = np.arange(len(SECOND), int(data.length) - len(SECOND))
    return np.count_nonzero(x % SPACING == SPACING // 2)


def mean_logarithm(data, concentrations):
    """<ln T> of the random chain."""
    chain = {"spacing": SPACING, "hoppings": hoppings(data)}
    energy = float(data.energy)
    return theory.vacancies_log_transmission(energy, concentrations, places(data), **chain)


def transmission(data):
    """Measured T without the one sample, the energy last."""
    return data.g.isel(sample=0).transpose(..., "energy").values


def resistors(data, concentrations):
    """<ln T> if the resistances 1/T - 1 of vacancies added up."""
    n = np.arange(places(data) + 1)
    resistance = 1 / float(past_one(data, float(data.energy))) - 1
    logs = -np.log1p(n * resistance)
    return np.array([logs @ binom.pmf(n, places(data), c) for c in concentrations])


# -- claims ---------------------------------------------------------------------------------


def claims(sweeps):
    """One impurity and one vacancy, several, and random ones."""
    near, far = ([sweeps[f"{site}{end}"] for site in SITES] for end in ("", "_far"))
    yield exact("nearest neighbours: largest |T - theory|, impurities and vacancy", *near)
    yield exact("second neighbours: largest |T - theory|, impurities and vacancy", *far)
    yield exact("two modes: largest |T - theory|, vacancy", sweeps["two_modes"])
    several = sweeps["several"]
    difference = transmission(several) - past_several(several, several.energy.values)
    name = f"{len(SEVERAL)} vacancies: largest |T - theory|"
    yield zero(name, difference, "G⁻¹ of the missing sites")
    yield from cut_claims(sweeps["random"])
    yield from random_claims(sweeps["random_far"])


def zero(name, differences, source="nearest neighbours only; Economou, ch. 6"):
    """All of these differences are zero."""
    expected = theory.Prediction(0.0, 1e-10, because="rounding", source=source)
    return mk.Claim(name, Estimate(abs(differences).max(), 0.0, differences.size), expected)


def exact(name, *sweeps):
    """No point of these sweeps deviates from the closed form for one impurity or vacancy."""
    source = "T-matrix of one site; Economou, ch. 6"
    source += " and evanescent waves" if len(hoppings(sweeps[0])) > 1 else ""
    differences = [transmission(data) - past_one(data, data.energy.values) for data in sweeps]
    return zero(name, np.concatenate([one.ravel() for one in differences]), source)


def cut_claims(data):
    """Every sample of the nearest-neighbour chain is either perfect or cut."""
    g = data.g.transpose("concentration", "sample").values
    yield zero(
        "random vacancies: largest distance of T from 0 or 1", np.minimum(abs(g), abs(g - 1))
    )
    sites, c = int(data.length) - 2, data.concentration.values
    if g.shape[-1] < 2 * len(c):
        return
    expected = theory.Prediction((1 - c) ** sites, source="no vacancy in L - 2 sites")
    measured = curve(lambda conducts: conducts.mean(axis=-1), (g > 0.5).astype(float))
    name = f"{len(c)} concentrations: share of chains that conduct"
    # If vacancies let something pass, all chains would conduct.
    yield curve_claim(name, measured, expected, against=np.ones(len(c)))


def random_claims(data):
    """<ln T> of the chain with second neighbours adds up, vacancy by vacancy."""
    c, g = data.concentration.values, data.g.transpose("concentration", "sample").values
    if g.shape[-1] < 2 * len(c):
        return
    expected = mean_logarithm(data, c)
    measured = curve(lambda logs: logs.mean(axis=-1) / expected.value, np.log(g))
    name = f"{len(c)} concentrations, second neighbours: <ln T>/(<n> ln T₁)"
    against = resistors(data, c) / expected.value
    yield curve_claim(name, measured, expected.normalized(), against=against)


# -- figure ---------------------------------------------------------------------------------

ENERGY = r"energy $E$ ($t$)"


def nearest_neighbours(ax, sweeps):
    """T of a chain that a vacancy cuts."""
    against_energy(ax, sweeps["impurity"], sweeps["vacancy"])
    ax.set_title("a missing atom stops nearest neighbours")


def second_neighbours(ax, sweeps):
    """T of a chain with hopping around a vacancy."""
    against_energy(ax, sweeps["impurity_far"], sweeps["vacancy_far"])
    ax.set_title("second neighbours leak around it")


def against_energy(ax, impurity, vacancy):
    """T against energy, past impurities up to 10 t and past a vacancy."""
    energies = impurity.energy.values
    low, high = energies[0], energies[-1]
    impurity = impurity.isel(impurity=impurity.impurity.values <= 10)
    strengths = impurity.impurity.values
    found = [*transmission(impurity), transmission(vacancy)]
    names = [*(f"U = {strength:g} t" for strength in strengths), "vacancy"]
    for (i, name), style in figures.each(list(enumerate(names))):
        marks = {"markersize": 3, "linestyle": "none", "label": name}
        ax.plot(energies, found[i], color=style["color"], marker=style["marker"], **marks)
        data = vacancy if name == "vacancy" else impurity.isel(impurity=[i])

        def line(energy, data=data):
            return past_one(data, energy).reshape(np.shape(energy))

        figures.theory_curve(ax, line, low, high, color=style["color"])
    ax.plot([], [], "k--", linewidth=1, label="closed form")
    amplitudes = enumerate(impurity.attrs["system.hoppings"], start=1)
    text = ", ".join(f"$t_{m}$ = {t:g}" for m, t in amplitudes)
    ax.set(xlabel=ENERGY, ylabel=f"transmission T ({text})", ylim=(-0.02, 1.02))


def interference(ax, sweeps):
    """T past several vacancies, and what it would be if they did not interfere."""
    data, count = sweeps["several"], len(SEVERAL)
    energies = data.energy.values
    dense = np.unique(np.concatenate([np.linspace(energies[0], energies[-1], 4000), energies]))
    marks = {"color": figures.COLORS[0], "markersize": 3, "label": f"{count} vacancies"}
    ax.plot(energies, transmission(data), "o", **marks)
    figures.theory_line(ax, dense, past_several(data, dense), label="closed form")
    ax.plot(dense, past_one(data, dense) ** count, ":", color="0.5", label=f"$T_1^{count}$")
    ax.set(yscale="log", xlabel=ENERGY, ylabel="transmission T", ylim=(1e-8, 2))
    ax.set_title("several interfere")


def random_phases(ax, sweeps):
    """<ln T> of random vacancies against their mean number."""
    data = sweeps["random_far"]
    c, sites = data.concentration.values, places(data)
    found = mean(np.log(data.g.transpose("concentration", "sample").values))
    figures.points(ax, c * sites, found, label="random vacancies")
    figures.residuals(ax, c * sites, found, mean_logarithm(data, c))
    top = 1.05 * sites * c[-1]
    line = {"label": r"$\langle n\rangle\,\ln T_1$"}
    figures.theory_curve(ax, lambda n: mean_logarithm(data, n / sites), 0.0, top, **line)
    added = {"label": "resistors in series", "color": "0.5", "line": ":"}
    figures.theory_curve(ax, lambda n: resistors(data, n / sites), 0.0, top, **added)
    ax.set(xlabel=r"mean number of vacancies $\langle n\rangle$", ylabel=r"$\langle\ln T\rangle$")
    ax.set_title("random ones localize")


# -- the study ------------------------------------------------------------------------------

RESONANCES = (
    *(-2.2049, -2.1924, -1.8073, -1.6678, -1.6246, -0.9174, -0.8428, -0.4812, -0.1417),
    *(-0.0511, 0.0743, 0.6037, 0.6862, 0.8191, 1.1161, 1.1731, 1.4221, 1.4496),
)
"""Energies of the maxima of T past SEVERAL, by the closed form."""
STRENGTHS = (0.5, 1.0, 2.0, 5.0, 100.0, 1e4)


def _single(system, energies, **axes):
    """A sweep in energy of a chain without disorder, which needs one sample."""
    return mk.Sweep(system=system, axes={**axes, "energy": energies}, samples=1)


def _energies(low, high, number):
    return tuple(np.linspace(low, high, number).round(2).tolist())


def _random(system, concentrations, samples, **disorder):
    """A sweep in the concentration of random vacancies."""
    return mk.Sweep(
        system=system,
        axes={"concentration": concentrations},
        energy=0.3,
        disorder=mk.Vacancies(concentration=0.01, **disorder),
        samples=samples,
    )


NEAR, FAR = _energies(-1.9, 1.9, 39), _energies(-2.3, 1.5, 39)
PAST_SEVERAL = tuple(sorted({*_energies(-2.3, 1.5, 96), *RESONANCES}))

study = mk.Study(
    name="vacancy",
    question="How much current passes where an atom is missing?",
    sweeps={
        "impurity": _single(Chain(9, impurities=(4,)), NEAR, impurity=STRENGTHS),
        "vacancy": _single(Chain(9, vacancies=(4,)), NEAR),
        "impurity_far": _single(
            Chain(12, impurities=(6,), hoppings=SECOND), FAR, impurity=STRENGTHS
        ),
        "vacancy_far": _single(Chain(12, vacancies=(6,), hoppings=SECOND), FAR),
        "two_modes": _single(
            Chain(12, vacancies=(6,), hoppings=(1.0, 0.8)),
            (-3.5, -2.0, -1.0, 0.0, 0.3, 0.7, 1.0, 1.4, 1.7),
        ),
        "several": _single(Chain(42, vacancies=SEVERAL, hoppings=SECOND), PAST_SEVERAL),
        "random": _random(Chain(200), (0.002, 0.005, 0.01), 2000),
        "random_far": _random(
            Chain(7000, hoppings=SECOND),
            (0.0025, 0.005, 0.01, 0.02),
            600,
            where=may_be_missing,
        ),
    },
    presets={
        "full": {"seed": 1603, "random.samples": 20000, "random_far.samples": 8000},
        "repeat": {"like": "full", "seed": 1635},
        "toy": {
            "random_far.length": 700,
            "impurity": (0.5, 2.0),
            "energy": (-0.5, 0.0, 0.3),
            "random.samples": 12,
            "random_far.samples": 12,
        },
    },
    reading=datasets,
    claims=claims,
    panels=(nearest_neighbours, second_neighbours, interference, random_phases),
    seed=3,
)

mk.main(study, __name__)
