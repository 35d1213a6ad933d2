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

Nothing is fitted. Deterministic values have no statistical error, and rounding is all that limits
the agreement: T < 1 in 64-bit arithmetic is good to 1e-10 with U up to 10⁴.

What limits the law of random phases: vacancies are at every SPACING-th site at the nearest, so
that evanescent waves between them, λ^SPACING = 10⁻⁵, do not matter and no two sever the chain. The
phase e^(2ikd) of a distance d with a geometric distribution averages to something of the order
of the concentration; its size bounds the relative correction.
"""

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.engine.results import datasets
from mesokwant.statistics import Estimate, mean
from systems import Chain

SPACING = 7
"""Distance of the sites that may be missing in the random chain with second neighbours."""
SECOND = (1.0, 0.2)
"""Amplitudes with one mode at all energies used."""
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


# -- claims ---------------------------------------------------------------------------------


def claims(sweeps):
    """One impurity and one vacancy, several, and random ones."""
    yield exact("impurity: largest |T - theory| over E and U", sweeps["impurity"])
    gone = sweeps["vacancy"].g
    yield zero("vacancy: T at the band centre", gone.sel(energy=[0.0]).values)
    yield zero("vacancy: largest T over all energies", gone.values)
    for sites in ("impurity", "vacancy"):
        name = f"second neighbours: largest |T - theory|, {sites}"
        yield exact(name, sweeps[f"{sites}_far"])
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


def exact(name, data):
    """No point of a sweep deviates from the closed form for one impurity or vacancy."""
    source = "T-matrix of one site; Economou, ch. 6"
    source += " and evanescent waves" if len(hoppings(data)) > 1 else ""
    return zero(name, transmission(data) - past_one(data, data.energy.values), source)


def cut_claims(data):
    """Every sample of the nearest-neighbour chain is either perfect or cut."""
    g = data.g.transpose("concentration", "sample").values
    distances = np.minimum(abs(g), abs(g - 1))
    yield zero("random vacancies: largest distance of T from 0 or 1", distances)
    sites = int(data.length) - 2
    for c, row in zip(data.concentration.values, g, strict=True):
        name = f"c = {c:g}: share of samples that conduct"
        source = "no vacancy in L - 2 sites: (1 - c)^(L - 2)"
        yield mk.Claim(name, mean((row > 0.5).astype(float)), (1 - c) ** sites, source=source)


def random_claims(data):
    """<ln T> of the chain with second neighbours adds up, vacancy by vacancy."""
    for c in data.concentration.values:
        expected = mean_logarithm(data, c)
        found = mean(np.log(data.g.sel(concentration=c).values)) / expected.value
        name = f"c = {c:g}, second neighbours: <ln T>/(<n> ln T₁)"
        yield mk.Claim(name, found, expected.normalized())


# -- figure ---------------------------------------------------------------------------------

ENERGY = r"energy $E$ ($t$)"


def nearest_neighbours(ax, sweeps):
    """T of a chain that a vacancy cuts."""
    against_energy(ax, sweeps["impurity"], sweeps["vacancy"])


def second_neighbours(ax, sweeps):
    """T of a chain with hopping around a vacancy."""
    against_energy(ax, sweeps["impurity_far"], sweeps["vacancy_far"])


def against_energy(ax, impurity, vacancy):
    """T against energy, past impurities up to 10 t and past a vacancy."""
    energies = impurity.energy.values
    dense = np.linspace(energies[0], energies[-1], 300)
    impurity = impurity.isel(impurity=impurity.impurity.values <= 10)
    found = [*transmission(impurity), transmission(vacancy)]
    lines = [*past_one(impurity, dense), past_one(vacancy, dense)]
    names = [*(f"U = {strength:g} t" for strength in impurity.impurity.values), "vacancy"]
    for (name, points, line), color in figures.colored(zip(names, found, lines, strict=True)):
        ax.plot(energies, points, "o", color=color, markersize=3, label=name)
        figures.theory_line(ax, dense, line, color=color)
    amplitudes = enumerate(impurity.attrs["system.hoppings"], start=1)
    text = ", ".join(f"$t_{m}$ = {t:g}" for m, t in amplitudes)
    ax.set(xlabel=ENERGY, ylabel=f"transmission T ({text})", ylim=(-0.03, 1.4))
    ax.legend(loc="upper center", ncols=3)


def interference(ax, sweeps):
    """T past several vacancies, and what it would be if they did not interfere."""
    data, count = sweeps["several"], len(SEVERAL)
    energies = data.energy.values
    dense = np.linspace(energies[0], energies[-1], 4000)
    marks = {"color": figures.COLORS[0], "markersize": 3, "label": f"{count} vacancies"}
    ax.plot(energies, transmission(data), "o", **marks)
    figures.theory_line(ax, dense, past_several(data, dense), label="closed form")
    ax.plot(dense, past_one(data, dense) ** count, ":", color="0.5", label=f"$T_1^{count}$")
    ax.set(yscale="log", xlabel=ENERGY, ylabel="transmission T", ylim=(1e-8, 2))


def random_phases(ax, sweeps):
    """<ln T> of random vacancies against their mean number."""
    data = sweeps["random_far"]
    found = mean(np.log(data.g.transpose("concentration", "sample").values))
    figures.points(ax, data.concentration * places(data), found, label="random vacancies")
    dense = np.linspace(0.0, 1.05 * float(data.concentration[-1]), 60)
    line, label = mean_logarithm(data, dense), r"$\langle n\rangle\,\ln T_1$"
    figures.theory_line(ax, dense * places(data), line, label=label)
    ax.set(xlabel=r"mean number of vacancies $\langle n\rangle$", ylabel=r"$\langle\ln T\rangle$")


# -- the study ------------------------------------------------------------------------------

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
        "several": _single(Chain(42, vacancies=SEVERAL, hoppings=SECOND), _energies(-2.3, 1.5, 96)),
        "random": _random(Chain(200), (0.002, 0.005, 0.01), 2000),
        "random_far": _random(
            Chain(7000, hoppings=SECOND),
            (0.0025, 0.005, 0.01, 0.02),
            600,
            where=may_be_missing,
        ),
    },
    presets={
        "full": {"random.samples": 20000, "random_far.samples": 8000},
        "toy": {
            "random_far.length": 700,
            "impurity": (0.5, 2.0),
            "energy": (-0.5, 0.0, 0.3),
            "samples": 2,
        },
    },
    reading=datasets,
    claims=claims,
    panels=(nearest_neighbours, second_neighbours, interference, random_phases),
    seed=3,
)

mk.main(study, __name__)
