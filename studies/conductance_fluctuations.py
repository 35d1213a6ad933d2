"""Universal conductance fluctuations: how much differs from sample to sample.

The variance of the conductance of coherent disordered samples does not depend on size or disorder
as long as l << L << ξ, only on the symmetry and on the shape, in (e²/h)²:

* long wire: var g = 2/(15β); square: 2 Catalan/(π²β) = 0.1856/β; any rectangle: the sum of
  Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987), `theory.rectangle_variance`.
* With two spins and strong spin-orbit coupling (β = 4) in Kwant's T, which counts both states of
  a Kramers pair: four times that.
* In the metal g is Gaussian; beyond ξ the fluctuations die out as the equation of Dorokhov,
  Mello, Pereyra and Kumar says.

These are limits, which no sample of finite size has. Every family of samples, of one class and one
shape, therefore grows at fixed disorder: l/L falls, and L/ξ and g stay. The limit of var g over
theory is fitted in l/L, and the limit is claimed. N/<g> = 1 + L/l gives l/L. The fluctuations of
one sample are in `fingerprint`.

What is known is taken off before. Electrons diffuse in a rectangle of the length L + l, which they
enter and leave through half a mean free path on either side, and of the width W + 1, since waves
vanish on the sites beyond the edges. In wires there is all that equivalent modes have of L/l, 1/N
and L/ξ: five orders in 1/N (`theory.wire_variance`), and at β = 2 the exact average
(`theory.unitary_wire_moments`), which all shapes get, since they have no first order in L/ξ.

The fit has what is left. Beside L + l there is no order l/L: that equation has none below (l/L)⁵.
Paths of few scatterings are local, and add c (W/L) (l/L)²/β to var g, where c depends on the
disorder and on the class. Where W is many l, modes of diffusion of a short wavelength are slower
than Dq², which adds C (W/L) (l/L)² ln(L/l)/β, with one C for all classes and shapes: isotropic
scatterers have 36/π³ = 1.2, and the run "full" has 1.3(3). Wires are a few l wide and have the
first alone. Rectangles share C, and c where they share the disorder. At β = 1 and 4 they have the
first order of localization as well, (β - 2)/(β g) times a number that is known in wires alone; two
strengths of the disorder at β = 1 tell it from the rest.

An earlier fit was linear in l/L. Its limits were 1 to 3 % too low in all wires, on both of the
seeds that were run (weighted means -2.1, -2.3 and -1.8σ), and in squares χ² was 24 for 12. So
the orders above were worked out, with both in view. One of them is the run "full"; "repeat" has a
new seed. What is open: in rectangles at β = 2, wide, square and long, the limits of "repeat" and
most of "full" are high, by 1 to 4 % and 1 to 2σ each. Their errors are largely one, that of C.

The classes: Anderson disorder (β = 1); the same with a random flux in every plaquette (β = 2, no
field on average); with Ando's spin-orbit hopping (β = 4). A random flux removes the Cooperon of
all paths but those of few scatterings. A uniform field does not: a path of a few scatterings
encloses too little flux, and what such paths leave depends on b = 4πf l_tr². Squares in a uniform
field are shown beside (the field's own b is in the table), and test nothing, since b is above 0.3
in all fields that suffice.

Regime, by rule: L >= 5 l, and L <= 0.4 ξ and L <= 0.8 N l in wires. The last matters at β = 4,
where ξ is 4N l: at L = 0.3 ξ the orders in L/ξ are 12 % below the solution of the equation
(`theory.dmpk_law`), and they agree with it below 0.2 ξ. A first kept run of wires at β = 4 was at
0.28 ξ. What limits the agreement: the statistics, and terms that the fit does not have.

The insulator is compared at the first length beyond ξ. A first claim was made at the longest one,
5 ξ, where few samples decide var g and its error is too small; it failed by 3.0σ in the kept run.
At β = 2 the first 10000 samples of the run "full" were 4.1σ low. Those of the repeat have 0.0479,
and 200000 of a seed for this alone 0.0478(2), where the exact equation has 0.0479: that was
chance, and the run now has 30000.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from scipy.optimize import brentq

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import concatenated, limit_fit, open_lead_modes, standardized
from mesokwant.statistics import Estimate, bootstrap, histogram, stack, variance
from systems import Ribbon, SpinOrbitRibbon
from systems.base import System

ENERGY = -1.01
STRENGTH = "anderson.strength"
RANDOM_FLUX = 0.12
"""Width of the distribution of the flux of a bond, in h/e: it shortens l by a quarter."""
FIELD = 3e-3
TURNED = {"theta": 0.8, "zeeman": 0.0, "flux": 0.0}
"""Ando's coupling: a hop turns the spin by 1.6, so that it is lost within l."""
BETAS = {"orthogonal": 1, "unitary": 2, "field": 2, "symplectic": 4}
ASPECTS = {"wide": 1 / 2, "squares": 1, "long": 2, "wires": 4}
RECTANGLES = ("orthogonal_squares", "unitary_squares", "symplectic_squares")
TOGETHER = (
    ("orthogonal_wires",),
    ("unitary_wires",),
    ("symplectic_wires",),
    (*RECTANGLES, "unitary_wide", "unitary_long"),
)
"""Families that are fitted together."""


@dataclass(frozen=True)
class Proportioned(System):
    """A ribbon whose length grows with its width, so that it keeps its shape.

    Parameters
    ----------
    width
        Sites across.
    aspect
        L/W.
    spin
        Whether it has Ando's spin-orbit hopping.
    """

    width: int
    aspect: float
    spin: bool = False

    units: ClassVar = {"width": "a"}

    def __post_init__(self):
        self._store_count("width")

    def builder(self):
        sizes = {"width": self.width, "length": round(self.aspect * self.width)}
        return (
            SpinOrbitRibbon(**sizes, coupling="ando") if self.spin else Ribbon(**sizes)
        ).builder()


class Family:
    """Samples of one class and shape that grow: arrays over all their sizes and strengths.

    Parameters
    ----------
    data
        Conductances of one sweep.
    symmetry, shape
        Keys of `BETAS` and `ASPECTS`.
    """

    def __init__(self, data, symmetry, shape):
        self.symmetry, self.shape = symmetry, shape
        self.beta, self.aspect = BETAS[symmetry], ASPECTS[shape]
        g = data.g.transpose(STRENGTH, "width", "sample").values
        strengths, widths = np.meshgrid(data[STRENGTH].values, data.width.values, indexing="ij")
        self.strengths, self.widths = strengths.ravel(), widths.ravel()
        self.lengths = np.round(self.aspect * self.widths).astype(int)
        self.g = g.reshape(len(self.widths), -1)
        self.means = np.nanmean(self.g, axis=-1)
        self.modes = np.array([self.open_modes(width) for width in self.widths])
        self.channels = self.modes // self.spins
        self.s = self.path_lengths()

    @property
    def spins(self):
        """Conductances of one Kramers pair are half of Kwant's T."""
        return 2 if self.beta == 4 else 1

    def open_modes(self, width):
        """Open modes of the leads, both spins counted."""
        if self.beta == 4:
            lead = SpinOrbitRibbon(int(width), 1, coupling="ando")
            return open_lead_modes(lead, ENERGY, **TURNED)
        return int(theory.open_modes(ENERGY, width))

    def path_lengths(self):
        """L/l from N/<g> = 1 + L/l, without weak localization as far as wires know it."""
        s = self.channels / (self.means / self.spins) - 1
        for _ in range(20):
            classical = self.means / self.spins - theory.weak_localization(s, beta=self.beta)
            s = self.channels / classical - 1
        return s

    @property
    def over_xi(self):
        """L/ξ, for ξ of a wire of this width."""
        return self.s / (self.beta * self.channels + 2 - self.beta)

    @property
    def inside(self):
        """The rule of the regime."""
        if self.shape != "wires":
            return self.s >= 5
        return (self.s >= 5) & (self.over_xi <= 0.4) & (self.s <= 0.8 * self.channels)

    @cached_property
    def shape_variance(self):
        """The variance of diffusion in these samples for g, or Kwant's T: of L + l and W + 1."""
        shape = theory.rectangle_variance(
            self.lengths * (1 + 1 / self.s), self.widths + 1, beta=self.beta
        )
        return self.spins**2 * shape

    @cached_property
    def known(self):
        """Factor of the corrections of L/l and L/ξ in a wire; in other shapes at β = 2 alone."""
        if self.beta == 2:
            exact = zip(self.s, self.channels, strict=True)
            found = np.array([theory.unitary_wire_moments(s, int(n))[1] for s, n in exact])
        elif self.shape == "wires":
            found = theory.wire_variance(self.s, self.channels, beta=self.beta)
        else:
            return np.ones(len(self.s))
        return found / theory.conductance_variance(beta=self.beta)

    @cached_property
    def ratio(self):
        """Measured variance over that of the shape with its known corrections."""
        return variance(self.g) / (self.shape_variance * self.known)

    def corrections(self, s, g):
        """The small parameters of the fit, at these L/l and <g>."""
        length = self.aspect * (1 + 1 / s)
        area = 1 / (s**2 * self.aspect * theory.rectangle_variance(length, 1, beta=1))
        short = {f"short_{self.beta}": area}
        if self.shape == "wires":
            return short
        loops = (self.beta - 2) / self.beta * self.spins / g
        return short | {"logarithm": area * np.log(s), "localization": loops}

    @property
    def exact(self):
        """The universal variance of this class and shape, of an infinite wire where it is one."""
        aspect = np.inf if self.shape == "wires" else self.aspect
        if np.isinf(aspect):
            return self.spins**2 * 2 / 15 / self.beta
        return self.spins**2 * float(theory.rectangle_variance(aspect, 1, beta=self.beta))


class Growth:
    """Families whose variances are fitted together, because they share coefficients."""

    def __init__(self, families):
        self.families = families
        self.limits = [f"{f.symmetry}_{f.shape}" for f in families]
        points = [f.inside.sum() for f in families]
        terms = [f.corrections(f.s[f.inside], f.means[f.inside]) for f in families]
        self.names = list(dict.fromkeys(name for one in terms for name in one))
        self.fit = None
        if all(points) and sum(points) >= len(families) + len(self.names):
            # Two samples of one number and of other sizes are independent, within 2 % of var g.
            ratio = stack(one for f in families for one in f.ratio[f.inside])
            named = np.repeat(self.limits, points)
            self.fit = limit_fit(ratio, named, **self.rows(terms, points))

    def rows(self, terms, points):
        """Every correction at all points, 0 in families that do not have it."""
        pairs = list(zip(terms, points, strict=True))
        return {
            name: np.concatenate([one.get(name, np.zeros(count)) for one, count in pairs])
            for name in self.names
        }

    def limit(self, family):
        """The variance of a family in the limit l/L -> 0."""
        if self.fit is None:
            return Estimate(np.nan, np.nan, 0)
        return self.fit[f"{family.symmetry}_{family.shape}"] * family.exact

    def line(self, family, s, g):
        """The fitted ratio of a family at L/l and <g>."""
        terms = self.rows([family.corrections(s, g)], [len(s)])
        rows = [np.full_like(s, float(one is family)) for one in self.families]
        return self.fit(np.stack([*rows, *terms.values()])).value


class Fluctuations:
    """What claims and panels share: all families, and the wires that become insulators."""

    def __init__(self, data):
        names = [name for name in data if name.split("_")[0] in BETAS]
        self.families = {name: Family(data[name].to_dataset(), *name.split("_")) for name in names}
        self.growths = [Growth([self.families[name] for name in names]) for names in TOGETHER]
        self.insulators = [
            Insulator(data[f"insulator_{name}"].to_dataset(), BETAS[name])
            for name in ("orthogonal", "unitary")
        ]

    def __getitem__(self, name):
        return self.families[name]

    @property
    def tested(self):
        """The families that theory is compared with, each with its fit."""
        return [(family, growth) for growth in self.growths for family in growth.families]

    @cached_property
    def deviations(self):
        """(g - <g>)/rms of the widest wires of β = 2, sample by sample."""
        wires = self["unitary_wires"]
        return standardized(wires.g[-1:])


class Insulator:
    """Wires of one class whose length passes ξ."""

    def __init__(self, data, beta):
        self.beta = beta
        self.g = data.g.transpose("length", "sample").values
        self.lengths = data.length.values
        self.channels = int(theory.open_modes(ENERGY, int(data.width)))
        self.law = theory.dmpk_law(self.channels, beta=beta)
        self.s = self.shortest() * self.lengths / self.lengths[0]

    def shortest(self):
        """L/l of the shortest wire, which says l of all: from its <g>."""
        measured = np.nanmean(self.g[0])
        s = self.channels / measured - 1
        if self.beta == 2:
            return brentq(lambda x: self.exact(x)[0] - measured, 0, 100 * self.channels)
        for _ in range(20):
            s = self.channels / (measured - theory.weak_localization(s, beta=self.beta)) - 1
        return s

    def exact(self, s):
        """<g> and var g at β = 2."""
        return theory.unitary_wire_moments(s, self.channels)[:2]

    def expected(self, s):
        """The variance of the exact equation: at β = 1 from simulations of it."""
        return self.exact(s)[1] if self.beta == 2 else self.law.variance(s).value

    @cached_property
    def variance(self):
        """Measured variance at every length."""
        return variance(self.g)


def regime(fluctuations):
    """Where the points of all families lie."""
    return concatenated(map(family_regime, fluctuations.families.values()))


def family_regime(family):
    """Where the points of one family lie; b is that of a uniform field, where there is one."""
    path = family.lengths / family.s
    transport = path / theory.mean_free_path_factor(2)
    b = 4 * np.pi * (FIELD if family.symmetry == "field" else 0.0) * transport**2
    return {
        "family": [f"{family.symmetry} {family.shape}"] * len(path),
        "disorder (t)": list(family.strengths),
        "W (a)": list(family.widths),
        "L (a)": list(family.lengths),
        "N": list(family.modes),
        "l (a)": list(path),
        "s = L/l": list(family.s),
        "L/ξ": list(family.over_xi),
        "b": list(b),
        "var/theory": [str(one).partition(" (")[0] for one in family.ratio],
        "in regime": list(family.inside & (b <= 0.3)),
    }


# -- claims ---------------------------------------------------------------------------------


def claims(fluctuations):
    """The variance of every class and shape in the limit; the insulator; the distribution."""
    for family, growth in fluctuations.tested:
        what, exact = "var T" if family.beta == 4 else "var g", family.exact
        measured = growth.limit(family)
        expected = theory.Prediction(exact, source="Lee, Stone & Fukuyama, PRB 35, 1039 (1987)")
        # The next class has half or twice the variance of g.
        name = f"β = {family.beta}, {family.shape}, l/L → 0: {what}"
        yield mk.Claim(name, measured, expected, effect=exact / 2)
    for insulator in fluctuations.insulators:
        yield insulator_claim(insulator)
    yield from distribution_claims(fluctuations)


def insulator_claim(insulator):
    """The variance of the first wire that is longer than ξ, against the exact equation."""
    beyond = insulator.s > insulator.law.localization_length
    place = int(np.argmax(beyond)) if beyond.any() else -1
    s = insulator.s[place]
    name = f"β = {insulator.beta}, L = {s / insulator.law.localization_length:.1f} ξ: var g"
    source = "DMPK equation; Mello, Pereyra & Kumar, Ann. Phys. 181, 290 (1988)"
    simulated = 0.0 if insulator.beta == 2 else float(insulator.law.variance(s).error)
    expected = theory.Prediction(float(insulator.expected(s)), source=source, error=simulated)
    return mk.Claim(name, insulator.variance[place], expected, effect=2 / 15 / insulator.beta)


def distribution_claims(fluctuations):
    """The conductance of a metal is Gaussian."""
    source = "Gaussian; Altshuler, Kravtsov & Lerner, JETP Lett. 43, 441 (1986)"
    because = "higher cumulants, of the order of (L/ξ)²"
    wires = fluctuations["unitary_wires"]
    expected = theory.Prediction(0.0, float(wires.over_xi[-1]) ** 2, because, source)
    deviations = fluctuations.deviations
    skewness = bootstrap(lambda d: np.nanmean(d**3), deviations)
    # ln g of an insulator is Gaussian; g itself is then skewed by more than 1.
    yield mk.Claim("β = 2, metal: skewness of g", skewness, expected, effect=1.0)
    kurtosis = bootstrap(lambda d: np.nanmean(d**4) - 3, deviations)
    yield mk.Claim("β = 2, metal: excess kurtosis of g", kurtosis, expected, effect=1.0)


# -- figure ---------------------------------------------------------------------------------

LABELS = {
    "orthogonal": "β = 1",
    "unitary": "β = 2",
    "symplectic": "β = 4",
    "field": "uniform field",
}


def marks(symmetry):
    """One color and one shape a class; grey for the uniform field."""
    place = list(LABELS).index(symmetry)
    color = "0.6" if symmetry == "field" else figures.COLORS[place]
    return {"color": color, "marker": figures.MARKERS[place]}


def shapes(ax, fluctuations):
    """Limits of var g against shape, with the formula of the rectangle."""
    aspects = np.geomspace(0.4, 5, 100)
    for beta in (1, 2):
        figures.theory_line(ax, aspects, theory.rectangle_variance(aspects, 1, beta=beta))
    # A limit of wires is that of an infinite one: it stands at L/W = 4 as what it says of it.
    for family, growth in fluctuations.tested:
        shift = {1: 1.0, 2: 1.0, 4: 1.06}[family.beta]
        at = float(theory.rectangle_variance(family.aspect, 1, beta=family.beta)) * family.spins**2
        measured, exact = growth.limit(family), family.exact
        label = LABELS[family.symmetry] + (" ($T$)" if family.beta == 4 else "")
        label = label if family.shape == "wires" else ""
        place = shift * family.aspect
        figures.points(ax, place, measured * (at / exact), label=label, **marks(family.symmetry))
    ax.set(xscale="log", xlabel=r"length over width $L/W$", ylim=(0, None))
    ax.set(ylabel=r"var $g$ for $l/L\to0$ ($(e^2/h)^2$)", title="set by class and shape")
    figures.ticks(ax.xaxis, 0.5, 1, 2, 4)


def growing(ax, fluctuations, shape, title):
    """Variance over theory against l/L, with the fits."""
    fits = {id(family): growth for family, growth in fluctuations.tested}
    for family in fluctuations.families.values():
        if family.shape != shape:
            continue
        style, growth = marks(family.symmetry), fits.get(id(family))
        for strength in np.unique(family.strengths):
            chosen = family.strengths == strength
            style["inside"] = family.inside[chosen] & (growth is not None)
            label = LABELS[family.symmetry] if strength == family.strengths[0] else ""
            s, ratio = family.s[chosen], family.ratio[chosen]
            figures.points(ax, 1 / s, ratio, label=label, **style)
            if growth and growth.fit:
                used = style.pop("inside")
                fitted = growth.line(family, s[used], family.means[chosen][used])
                figures.residuals(ax, 1 / s[used], ratio[used], fitted, **style)
                x = np.linspace(1e-9, 1 / 5, 100)
                g = np.full_like(x, family.means[chosen].mean())
                line = growth.line(family, 1 / x, g)
                figures.theory_line(ax, x, line, color=style["color"], line="-")
    figures.level(ax, 1.0)
    ax.set(xlabel=r"$l/L$", xlim=(0, 0.34), ylabel="var $g$ over theory", title=title)


def wires(ax, fluctuations):
    """Wires of all classes, over the exact equation."""
    growing(ax, fluctuations, "wires", "wires grow")


def squares(ax, fluctuations):
    """Squares of all classes, and those in a uniform field."""
    growing(ax, fluctuations, "squares", "squares grow")


def insulator(ax, fluctuations):
    """The variance of wires through ξ, with the exact equation."""
    for one in fluctuations.insulators:
        xi = one.law.localization_length
        style = marks("orthogonal" if one.beta == 1 else "unitary")
        figures.points(ax, one.s / xi, one.variance, label=f"β = {one.beta}", **style)
        s = np.geomspace(one.s[0], min(1.2 * one.s[-1], one.law.longest), 100)
        figures.theory_line(ax, s / xi, one.expected(s), color=style["color"])
        figures.level(ax, 2 / 15 / one.beta)
    ax.set(xscale="log", xlabel=r"$L/\xi$", ylabel=r"var $g$ ($(e^2/h)^2$)", ylim=(0, None))
    ax.set(title="beyond ξ they die out")


def distribution(ax, fluctuations):
    """Distribution of g in the metal, on a logarithmic axis."""
    edges = np.linspace(-4, 4, 33)
    middle = (edges[1:] + edges[:-1]) / 2
    density = histogram(fluctuations.deviations, edges)
    seen = np.asarray(density.value) > 0
    figures.points(ax, middle[seen], density[seen], label="wires, β = 2", **marks("unitary"))
    z = np.linspace(-4, 4, 200)
    figures.theory_line(ax, z, np.exp(-z * z / 2) / np.sqrt(2 * np.pi), label="Gaussian")
    ax.set(xlabel=r"$(g-\langle g\rangle)/\mathrm{rms}\,g$", ylabel="probability density")
    ax.set(yscale="log", ylim=(1e-4, 1), title="a metal is Gaussian")


# -- study ----------------------------------------------------------------------------------


def family_sweep(symmetry, shape, strengths, widths):
    """Sweep of samples that grow."""
    params = {"flux": FIELD if symmetry == "field" else 0.0}
    disorder = mk.Anderson(strength=strengths[0])
    if symmetry == "unitary":
        disorder = disorder + mk.RandomFlux(strength=RANDOM_FLUX)
    return mk.Sweep(
        system=Proportioned(widths[0], ASPECTS[shape], spin=symmetry == "symplectic"),
        energy=ENERGY,
        params=TURNED if symmetry == "symplectic" else params,
        disorder=disorder,
        axes={STRENGTH: strengths, "width": widths},
        samples=1500,
    )


def insulator_sweep(symmetry):
    """Sweep of wires of ten modes through ξ."""
    disorder = mk.Anderson(strength=2.0)
    if symmetry == "unitary":
        disorder = disorder + mk.RandomFlux(strength=RANDOM_FLUX)
    return mk.Sweep(
        system=Ribbon(width=15, length=60),
        energy=ENERGY,
        params={"flux": 0.0},
        disorder=disorder,
        axes={"length": (40, 80, 160, 320, 640)},
        samples=1500,
    )


# Halfway between the openings of two modes, so that the last mode is not slow.
ORTHOGONAL_WIRES, UNITARY_WIRES = (24, 33, 45, 63, 90), (15, 24, 33, 45, 63)
SYMPLECTIC_WIRES, SYMPLECTIC_SQUARES = (18, 26, 36, 52), (27, 37, 59, 89)
QUICK_SQUARES, SQUARES = (24, 34, 48, 66), (33, 51, 78, 111)
# At this strength of the disorder, wires at β = 4 have L < 0.8 N l.
METALLIC = 2.0
# The sizes of the quick run were chosen before this rule.
WIRES = (15, 22, 30)

study = mk.Study(
    name="conductance_fluctuations",
    question="Are the fluctuations from sample to sample universal, and where does that end?",
    sweeps={
        "orthogonal_wires": family_sweep("orthogonal", "wires", (1.6,), WIRES),
        "unitary_wires": family_sweep("unitary", "wires", (1.6,), WIRES),
        "symplectic_wires": family_sweep("symplectic", "wires", (2.6,), (14, 18, 26)),
        "orthogonal_squares": family_sweep("orthogonal", "squares", (1.9, 2.7), QUICK_SQUARES),
        "unitary_squares": family_sweep("unitary", "squares", (2.6,), QUICK_SQUARES),
        "symplectic_squares": family_sweep("symplectic", "squares", (3.2,), (22, 27, 36, 44)),
        "unitary_wide": family_sweep("unitary", "wide", (2.6,), (44, 56, 72, 88)),
        "unitary_long": family_sweep("unitary", "long", (2.6,), (16, 24, 34, 48)),
        "field_squares": family_sweep("field", "squares", (1.8,), (36, 48)),
        "insulator_orthogonal": insulator_sweep("orthogonal"),
        "insulator_unitary": insulator_sweep("unitary"),
    },
    presets={
        "quick": {"symplectic_wires.anderson.strength": METALLIC},
        "full": {
            "seed": 2623,
            "orthogonal_wires.width": ORTHOGONAL_WIRES,
            "orthogonal_wires.samples": 25000,
            "unitary_wires.width": UNITARY_WIRES,
            "unitary_wires.samples": 25000,
            "symplectic_wires.anderson.strength": METALLIC,
            "symplectic_wires.width": SYMPLECTIC_WIRES,
            "symplectic_wires.samples": 30000,
            "orthogonal_squares.width": SQUARES,
            "orthogonal_squares.samples": 40000,
            "unitary_squares.width": SQUARES,
            "unitary_squares.samples": 40000,
            "symplectic_squares.width": SYMPLECTIC_SQUARES,
            "symplectic_squares.samples": 20000,
            "unitary_wide.width": (57, 78, 120, 158),
            "unitary_wide.samples": 10000,
            "unitary_long.width": (18, 27, 45, 78),
            "unitary_long.samples": 15000,
            "field_squares.width": (36, 54, 81),
            "field_squares.samples": 6000,
            "insulator_orthogonal.samples": 10000,
            "insulator_unitary.samples": 30000,
        },
        "repeat": {
            "seed": 2633,
            "orthogonal_wires.width": (24, 33, 45, 63),
            "orthogonal_wires.samples": 15000,
            "unitary_wires.width": (15, 24, 33, 45),
            "unitary_wires.samples": 15000,
            "symplectic_wires.anderson.strength": METALLIC,
            "symplectic_wires.width": (18, 26, 36),
            "symplectic_wires.samples": 15000,
            "orthogonal_squares.width": SQUARES,
            "orthogonal_squares.samples": 12000,
            "unitary_squares.width": SQUARES,
            "unitary_squares.samples": 9000,
            "symplectic_squares.width": (27, 37, 59),
            "symplectic_squares.samples": 9000,
            "unitary_wide.width": (57, 78, 120),
            "unitary_wide.samples": 6000,
            "unitary_long.width": (18, 27, 45, 63),
            "unitary_long.samples": 8000,
            "field_squares.width": (36, 54, 81),
            "field_squares.samples": 1500,
            "insulator_orthogonal.samples": 5000,
            "insulator_unitary.samples": 10000,
        },
        "toy": {
            "width": (5, 7, 9, 11),
            "anderson.strength": 4.0,
            "insulator_orthogonal.width": 4,
            "insulator_unitary.width": 4,
            "length": (8, 16),
            "samples": 12,
        },
    },
    reading=Fluctuations,
    regime=regime,
    claims=claims,
    panels=(shapes, wires, squares, insulator, distribution),
    seed=8,
)

mk.main(study, __name__)
