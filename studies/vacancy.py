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
from matplotlib.figure import Figure

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.statistics import Estimate, mean
from systems import Chain

ROUNDING = 1e-10
SPACING = 7
"""Distance of the sites that may be missing in the random chain with second neighbours."""
SECOND = (1.0, 0.2)
"""Amplitudes with one mode at all energies used."""
SEVERAL = (8, 13, 15, 24, 33)
"""Sites that are missing together."""


def may_be_missing(site):
    """Sites of the random chain far enough from each other and from the leads."""
    return site.tag[0] % SPACING == SPACING // 2


def claims(data):
    """One impurity and one vacancy, several, and random ones."""
    near, far, two = (data[name].to_dataset() for name in ("impurity", "impurity_far", "two_modes"))
    yield _exact("impurity: largest |T - theory| over E and U", near, 1)
    gone = data["vacancy"].to_dataset()
    centre = float(gone.g.sel(energy=0.0).max())
    yield _zero("vacancy: T at the band centre", centre, 1)
    yield _zero("vacancy: largest T over all energies", float(gone.g.max()), gone.g.size)
    yield _exact("second neighbours: largest |T - theory|, impurity", far, 1)
    yield _exact(
        "second neighbours: largest |T - theory|, vacancy", data["vacancy_far"].to_dataset(), 1
    )
    yield _exact("two modes: largest |T - theory|, vacancy", two, 2)
    several = data["several"].to_dataset()
    yield _zero(
        f"{len(SEVERAL)} vacancies: largest |T - theory|",
        float(np.max(abs(_line(several) - _several(several.energy.values)))),
        several.g.size,
        "G⁻¹ of the missing sites",
    )
    yield from _random_claims(data["random"].to_dataset())
    yield from _random_far_claims(data["random_far"].to_dataset())


def _zero(name, value, number, source="nearest neighbours only; Economou, ch. 6"):
    return mk.Claim(
        name,
        Estimate(value, 0.0, number),
        0.0,
        source,
        systematic=ROUNDING,
        because="rounding",
    )


def _exact(name, data, modes):
    """Largest deviation of a sweep over energies, and impurities if any, from the closed form."""
    difference = abs(_line(data) - _single(data, data.energy.values))
    source = "T-matrix of one site; Economou, ch. 6"
    source += " and evanescent waves" if len(data.attrs["system.hoppings"]) > 1 else ""
    return _zero(name, float(difference.max()), data.g.size, source)


def _random_claims(data):
    """Every sample of the nearest-neighbour chain is either perfect or cut."""
    g = data.g.transpose("concentration", "sample").values
    middle = np.minimum(abs(g), abs(g - 1))
    yield _zero("random vacancies: largest distance of T from 0 or 1", middle.max(), g.size)
    sites = data.attrs["system.length"] - 2
    for concentration, row in zip(data.concentration.values, g, strict=True):
        yield mk.Claim(
            f"c = {concentration:g}: share of samples that conduct",
            mean((row > 0.5).astype(float)),
            float((1 - concentration) ** sites),
            "no vacancy in L - 2 sites: (1 - c)^(L - 2)",
        )


def _random_far_claims(data):
    """<ln T> of the chain with second neighbours adds up, vacancy by vacancy."""
    energy = data.attrs["energy"]
    one, places = _alone(energy), _places(data)
    for concentration in data.concentration.values:
        log_g = np.log(data.g.sel(concentration=concentration).values)
        found = mean(log_g / (concentration * places * np.log(one)))
        yield mk.Claim(
            f"c = {concentration:g}, second neighbours: <ln T>/(<n> ln T₁)",
            found,
            1.0,
            "random phases; Anderson et al. 1980",
            systematic=_coherence(energy, concentration),
            because="what is left of <e^(2ikd)> between neighbouring vacancies",
        )


def _coherence(energy, concentration):
    """|<e^(2ikd)>| over d = SPACING m, m geometric."""
    # E = -2 t_1 c - 2 t_2 (2c² - 1) for c = cos k.
    first, second = SECOND
    roots = np.roots([-4 * second, -2 * first, 2 * second - energy])
    k = np.arccos(roots[np.abs(roots) < 1][0])
    turn = np.exp(2j * k * SPACING)
    return float(abs(concentration / (1 - (1 - concentration) * turn)))


def _places(data):
    """Number of sites that may be missing."""
    x = np.arange(len(SECOND), data.attrs["system.length"] - len(SECOND))
    return np.count_nonzero(x % SPACING == SPACING // 2)


def _alone(energy):
    """Transmission past one vacancy in the chain with second neighbours."""
    return theory.impurity_transmission(energy, np.inf, [-t for t in SECOND])


def _several(energies):
    """Transmission past all of SEVERAL."""
    hoppings = [-t for t in SECOND]
    return np.array([theory.vacancies_transmission(e, SEVERAL, hoppings) for e in energies])


def _line(data):
    """T without the one sample, the energy last."""
    return data.g.isel(sample=0).transpose(..., "energy").values


def _single(data, energies):
    """Closed form for one impurity or vacancy at the points of a sweep."""
    hoppings = [-t for t in np.atleast_1d(data.attrs["system.hoppings"])]
    if "impurity" not in data.dims:
        return theory.impurity_transmission(energies, np.inf, hoppings)
    return theory.impurity_transmission(energies, data.impurity.values[:, None], hoppings)


# -- figure ---------------------------------------------------------------------------------


def figure(data) -> Figure:
    """T against energy with and without second neighbours, interference, and many vacancies."""
    drawing, axes = figures.panels(2, 2, size=(3.4, 2.7))
    _draw_energies(axes[0, 0], data["impurity"].to_dataset(), data["vacancy"].to_dataset())
    _draw_energies(axes[0, 1], data["impurity_far"].to_dataset(), data["vacancy_far"].to_dataset())
    _draw_several(axes[1, 0], data["several"].to_dataset())
    _draw_random(axes[1, 1], data["random_far"].to_dataset())
    for ax, letter in zip(axes.flat, "abcd", strict=True):
        ax.set_title(f"({letter})")
    for ax in axes[1]:
        ax.legend()
    return drawing


def _draw_energies(ax, impurity, vacancy):
    energies = impurity.energy.values
    dense = np.linspace(energies[0], energies[-1], 300)
    curves = zip(impurity.impurity.values, _line(impurity), _single(impurity, dense), strict=True)
    shown = [curve for curve in curves if curve[0] <= 10]
    shown.append((np.inf, _line(vacancy), _single(vacancy, dense)))
    for (strength, found, line), color in figures.colored(shown):
        name = "vacancy" if np.isinf(strength) else f"U = {strength:g} t"
        ax.plot(energies, found, "o", color=color, markersize=3, label=name)
        figures.theory_line(ax, dense, line, color=color)
    hoppings = np.atleast_1d(impurity.attrs["system.hoppings"])
    text = ", ".join(f"$t_{m}$ = {t:g}" for m, t in enumerate(hoppings, start=1))
    ax.set(xlabel=r"energy $E$ ($t$)", ylabel=f"transmission T ({text})", ylim=(-0.03, 1.4))
    ax.legend(loc="upper center", ncols=3)


def _draw_several(ax, data):
    energies = data.energy.values
    dense = np.linspace(energies[0], energies[-1], 1500)
    ax.plot(
        energies, _line(data), "o", color=figures.COLORS[0], markersize=3,
        label=f"{len(SEVERAL)} vacancies",
    )  # fmt: skip
    figures.theory_line(ax, dense, _several(dense), label="closed form")
    ax.plot(dense, _alone(dense) ** len(SEVERAL), ":", color="0.5", label=r"$T_1^5$")
    ax.set(yscale="log", xlabel=r"energy $E$ ($t$)", ylabel="transmission T", ylim=(1e-8, 2))


def _draw_random(ax, data):
    log_one = np.log(_alone(data.attrs["energy"]))
    concentrations = data.concentration.values
    expected = concentrations * _places(data)
    found = mean(np.log(data.g.transpose("concentration", "sample").values))
    figures.points(ax, expected, found, color=figures.COLORS[0], label="random vacancies")
    dense = np.array([0.0, 1.05 * expected[-1]])
    figures.theory_line(ax, dense, dense * log_one, label=r"$\langle n\rangle\,\ln T_1$")
    ax.set(xlabel=r"mean number of vacancies $\langle n\rangle$", ylabel=r"$\langle\ln T\rangle$")


# -- the study ------------------------------------------------------------------------------


def _sweep(system, axes, *, energy=0.0, disorder=None, samples=1):
    return mk.Sweep(
        system=system,
        axes=axes,
        energy=energy,
        disorder=disorder,
        observables={"g": mk.Conductance()},
        samples=samples,
    )


STRENGTHS = (0.5, 1.0, 2.0, 5.0, 100.0, 1e4)
ENERGIES = tuple(np.linspace(-1.9, 1.9, 39).round(2).tolist())
ENERGIES_FAR = tuple(np.linspace(-2.3, 1.5, 39).round(2).tolist())

study = mk.Study(
    name="vacancy",
    description="How much current passes where an atom is missing?",
    sweeps={
        "impurity": _sweep(Chain(9, impurities=(4,)), {"impurity": STRENGTHS, "energy": ENERGIES}),
        "vacancy": _sweep(Chain(9, vacancies=(4,)), {"energy": ENERGIES}),
        "impurity_far": _sweep(
            Chain(12, impurities=(6,), hoppings=SECOND),
            {"impurity": STRENGTHS, "energy": ENERGIES_FAR},
        ),
        "vacancy_far": _sweep(Chain(12, vacancies=(6,), hoppings=SECOND), {"energy": ENERGIES_FAR}),
        "two_modes": _sweep(
            Chain(12, vacancies=(6,), hoppings=(1.0, 0.8)),
            {"energy": (-3.5, -2.0, -1.0, 0.0, 0.3, 0.7, 1.0, 1.4, 1.7)},
        ),
        "several": _sweep(
            Chain(42, vacancies=SEVERAL, hoppings=SECOND),
            {"energy": tuple(np.linspace(-2.3, 1.5, 96).round(2).tolist())},
        ),
        "random": _sweep(
            Chain(200),
            {"concentration": (0.002, 0.005, 0.01)},
            energy=0.3,
            disorder=mk.Vacancies(concentration=0.01),
            samples=2000,
        ),
        "random_far": _sweep(
            Chain(7000, hoppings=SECOND),
            {"concentration": (0.0025, 0.005, 0.01, 0.02)},
            energy=0.3,
            disorder=mk.Vacancies(concentration=0.01, where=may_be_missing),
            samples=600,
        ),
    },
    presets={"quick": {}, "full": {"random.samples": 20000, "random_far.samples": 8000}},
    claims=claims,
    figure=figure,
    seed=3,
)


if __name__ == "__main__":
    mk.main(study)
