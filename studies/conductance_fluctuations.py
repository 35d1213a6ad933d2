"""Universal conductance fluctuations: how much differs from sample to sample.

The variance of the conductance of coherent disordered samples does not depend on size or disorder
as long as l << L << ξ, only on the symmetry and on the shape, in (e²/h)²:

* long wire: var g = 2/(15β); square: 2 Catalan/(π²β) = 0.1856/β; any rectangle: the sum of
  Lee, Stone and Fukuyama, Phys. Rev. B 35, 1039 (1987), `theory.rectangle_variance`.
* With two spins and strong spin-orbit coupling, in Kwant's T: 2/15, and 1/15 in a field.
* In the metal g is Gaussian.

The fluctuations of single samples are in `fingerprint`.

Nothing is fitted. l is the slope of N/<g> against L in the field, for every disorder strength;
N counts the open modes; ξ = (βN + 2 - β) l. Expected is the formula of the rectangle with what
the field leaves of the Cooperon (`theory.rectangle_variance_in_field`), with the factor of finite
s = L/l, and with the first two orders in L/ξ (`theory.conductance_variance_correction`): all of
it, and the bound, is `theory.rectangle_wire_variance`.

Regime, by rule: filled points have l <= W/2 (diffusion across), L >= 8 l and L <= ξ/3. (A first
run with another seed, W = 58 and s from 1.5 on showed what shorter samples do: squares lie above
the formula by about 0.6 l/L at β = 1, twice that in the field.) The cyclotron radius is at least
3 l. What limits the agreement:

* Finite mean free path: within about l/2 of either lead nothing diffuses. That share of the
  sample, l/L, is the relative bound.
* Finite conductance: the orders in L/ξ are those of a long wire. Their size is the bound where
  L < 2 W; elsewhere 1/β of the second order at β = 2.
* Strong field: once the magnetic length is below l the field ends a Cooperon only after about l.
  The bound is the variance that a Cooperon with that decay length leaves.
* Triplets: with strong spin-orbit coupling the spin relaxes over about l; the same bound, thrice.
"""

from dataclasses import replace
from functools import cached_property

import numpy as np

import mesokwant as mk
from mesokwant import figures, theory
from mesokwant.analysis import (
    DiffusiveWire,
    concatenated,
    open_lead_modes,
    standardized,
    variance_ratio,
)
from mesokwant.statistics import Estimate, bootstrap, histogram, stack, variance
from systems import Ribbon, SpinOrbitRibbon

STRENGTH = "anderson.strength"


class Fluctuations:
    """What claims and panels share: the metals of β = 1 and 2, and the wire with two spins."""

    def __init__(self, data):
        shapes = data["shapes"].to_dataset()
        # The field leaves little weak localization.
        strong = shapes.isel(flux=-1)
        wires = [metallic_wire(strong.sel({STRENGTH: w})) for w in shapes[STRENGTH].values]
        self.metals = [Metal(shapes, wires, beta) for beta in (1, 2)]
        self.spins = SpinOrbitWire(data["spins"].to_dataset())


def metallic_wire(data):
    """The wire of one strength, with the l of the lengths at which it is a metal."""
    return DiffusiveWire.measured(data.sel(length=data.g.mean("sample") >= 2))


class Metal:
    """One symmetry: arrays over (strength, length) of what is measured and expected."""

    def __init__(self, data, wires, beta):
        self.beta, self.wires = beta, wires
        self.flux = float(data.flux[-1]) if beta == 2 else 0.0
        self.g = data.g.sel(flux=self.flux).transpose(STRENGTH, "length", "sample").values
        self.strengths, self.lengths = data[STRENGTH].values, data.length.values
        self.width, self.channels = wires[0].width, wires[0].channels
        self.shape = self.lengths / self.width
        self.x = np.array([self.lengths / w.localization_length(beta) for w in wires])  # L/ξ
        s = np.array([w.s(self.lengths) for w in wires])
        diffusive = np.array([w.path_over_width <= 1 / 2 for w in wires])
        self.inside = (self.x <= 1 / 3) & (s >= 8) & diffusive[:, None]
        self.expected = self.variance_of(self.channels)

    def variance_of(self, channels):
        """Expected variance of wires with so many channels, and with the l that was measured."""
        paths = np.array([w.mean_free_path for w in self.wires])[:, None]
        return theory.rectangle_wire_variance(
            self.flux, self.lengths, self.width, channels=channels, mean_free_path=paths
        )

    @cached_property
    def variance(self):
        """Measured variance."""
        return variance(self.g)

    def ratio(self, chosen):
        """Variance over expected, and 1 with its bound: mean over the chosen points inside."""
        points = self.inside & chosen
        if not points.any():
            return Estimate(np.nan, np.nan, 0), theory.Prediction(1.0)
        expected = self.expected[points]
        return variance_ratio(self.g[points], expected.value), expected.normalized().mean()

    @cached_property
    def deviations(self):
        """(g - <g>)/rms of the wires in the regime, sample by sample: shape (points, samples)."""
        return standardized(self.g[self.inside & (self.shape >= 2)])


class SpinOrbitWire:
    """The wire with two spins and strong spin-orbit coupling; everything in Kwant's T."""

    def __init__(self, data):
        self.length, self.strength = int(data.length), float(data.strength)
        lead = SpinOrbitRibbon(int(data.width), 1, coupling=str(data.coupling.values))
        params = {"theta": float(data.theta), "zeeman": float(data.zeeman), "flux": 0.0}
        channels = open_lead_modes(lead, float(data.energy), **params)
        self.wire = DiffusiveWire.measured(data.isel(flux=-1), channels=channels, spins=2)
        self.variance = variance(data.g).numpy()
        sizes = {"channels": channels, "mean_free_path": self.wire.mean_free_path}
        # The singlets alone: 2/15, and 1/15 in a strong field, with all corrections.
        self.expected = theory.spinful_wire_variance(
            data.flux.values, self.length, self.wire.width, **sizes
        )


def regime(fluctuations):
    """Where the points of all shapes and classes lie."""
    tables = []
    for metal in fluctuations.metals:
        for wire, inside, strength in zip(metal.wires, metal.inside, metal.strengths, strict=True):
            first = {"β": metal.beta, "disorder (t)": strength}
            tables.append(wire.regime(metal.lengths, inside, beta=metal.beta, **first))
    spins = fluctuations.spins
    first = {"β": 4, "disorder (t)": spins.strength}
    return concatenated([*tables, spins.wire.regime(spins.length, True, beta=4, **first)])


# -- claims ---------------------------------------------------------------------------------


def claims(fluctuations):
    """Variances in all classes and shapes, the end of universality, and the distribution."""
    for metal in fluctuations.metals:
        yield from variance_claims(metal)
    metal, spins = fluctuations.metals[0], fluctuations.spins
    name = f"β = 1, L = {metal.x[-1, -1]:.1f} ξ: fluctuations die out in the insulator"
    source = "Mello & Stone, PRB 44, 3559 (1991)"
    yield mk.Claim(name, metal.variance[-1, -1], below=2 / 15, source=source)
    for i, (field, limit) in enumerate([("no field", "2/15"), ("in the field", "1/15")]):
        name = f"both spins, strong spin-orbit, {field}: var T"
        source = f"{limit} with corrections; Altshuler & Shklovskii 1986"
        yield mk.Claim(name, spins.variance[i], replace(spins.expected[i], source=source))
    yield from distribution_claims(metal.deviations)


def variance_claims(metal):
    """The variance of long wires and of squares, and of every shape over the formula."""
    beta, square = metal.beta, float(theory.rectangle_variance(1, 1, beta=1))
    cases = [
        ("all wires, L >= 2 W", metal.shape >= 2, 2 / 15 / beta, "2/(15β)"),
        ("squares", metal.shape == 1, square / beta, "2 Catalan/(π²β)"),
    ]
    for name, chosen, limit, formula in cases:
        measured, expected = (ratio * limit for ratio in metal.ratio(chosen))
        source = f"{formula}; Lee, Stone & Fukuyama, PRB 35, 1039 (1987)"
        yield mk.Claim(f"β = {beta}, {name}: var g", measured, replace(expected, source=source))
    for shape in metal.shape[metal.inside.any(axis=0)]:
        name = f"β = {beta}, L/W = {shape:.2g}: var g over the formula"
        yield mk.Claim(name, *metal.ratio(metal.shape == shape))


def distribution_claims(deviations):
    """The conductance of a metal is Gaussian."""
    if not deviations.size:
        return
    because = "higher cumulants, of the order of (L/ξ)² and less"
    source = "Gaussian; Altshuler, Kravtsov & Lerner, JETP Lett. 43, 441 (1986)"
    expected = theory.Prediction(0.0, 0.1, because=because, source=source)
    skewness = bootstrap(lambda d: np.nanmean(d**3), deviations)
    yield mk.Claim("β = 1, metal: skewness", skewness, expected)
    kurtosis = bootstrap(lambda d: np.nanmean(d**4) - 3, deviations)
    yield mk.Claim("β = 1, metal: excess kurtosis", kurtosis, expected)


# -- figure ---------------------------------------------------------------------------------


def shapes(ax, fluctuations):
    """Variance against shape, with theory for l -> 0 and no localization."""
    for metal in fluctuations.metals:
        # Side by side, so that none hides another.
        shifts = 1.05 ** np.linspace(-1.5, 1.5, len(metal.strengths))
        for i, color in figures.colored(range(len(metal.strengths))):
            places, inside = metal.shape * shifts[i], metal.inside[i]
            figures.points(ax, places, metal.variance[i], color=color, inside=inside)
        lengths = np.geomspace(metal.lengths[0], metal.lengths[-1], 40)
        line = [theory.rectangle_variance_in_field(metal.flux, x, metal.width) for x in lengths]
        label = "theory of the rectangle" if metal.beta == 1 else ""
        figures.theory_line(ax, lengths / metal.width, line, label=label)
        end = (1.25 * metal.shape[-1], line[-1])
        ax.annotate(f"β = {metal.beta}", end, va="center", annotation_clip=False)
    ax.set(xscale="log", xlim=(0.85 * metal.shape[0], 1.2 * metal.shape[-1]), ylim=0)
    ax.set(xlabel=r"length over width $L/W$", ylabel=r"var $g$ ($(e^2/h)^2$)")
    figures.ticks(ax.xaxis, 0.5, 1, 2, 4)


def universality(ax, fluctuations):
    """Variance over that of the rectangle at finite s, against L/ξ."""
    x = np.geomspace(0.02, 0.6, 60)
    for metal in fluctuations.metals:
        ratio = metal.variance / metal.variance_of(np.inf).value
        for i, color in figures.colored(range(len(metal.strengths))):
            label = f"disorder {metal.strengths[i]:g} $t$" if metal.beta == 1 else ""
            inside = metal.inside[i]
            figures.points(ax, metal.x[i], ratio[i], color=color, inside=inside, label=label)
        correction = theory.conductance_variance_correction(x, beta=metal.beta)
        line = 1 + correction / theory.conductance_variance(beta=metal.beta)
        figures.theory_line(ax, x, line)
        ax.annotate(f"β = {metal.beta}", (1.05 * x[-1], line[-1]), va="center")
    ax.plot([], [], "k--", linewidth=1, label=r"orders $L/\xi$ and $(L/\xi)^2$")
    ax.set(xscale="log", xlabel=r"$L/\xi$", ylim=(0, 2))
    ax.set(ylabel="var $g$ / rectangle, no localization")


def distribution(ax, fluctuations):
    """Distribution of g in the metal without a field."""
    deviations = fluctuations.metals[0].deviations
    if deviations.size:
        edges = np.linspace(-4, 4, 25)
        middle = (edges[1:] + edges[:-1]) / 2
        figures.points(ax, middle, histogram(deviations, edges), label="β = 1")
    z = np.linspace(-4, 4, 100)
    figures.theory_line(ax, z, np.exp(-z * z / 2) / np.sqrt(2 * np.pi), label="Gaussian")
    ax.set(xlabel=r"$(g-\langle g\rangle)/\mathrm{rms}\,g$", ylabel="probability density")


def classes(ax, fluctuations):
    """Variance of long wires in all classes, reduced to the limits."""
    limits = np.array([2 / 15, 1 / 15, 2 / 15, 1 / 15])
    spins = fluctuations.spins
    ratios = [metal.ratio(metal.shape >= 2)[0] for metal in fluctuations.metals]
    ratios = stack([*ratios, *(spins.variance / spins.expected.value)])
    figures.points(ax, range(4), ratios * limits, label="wires")
    for place, limit in enumerate(limits):
        figures.theory_line(ax, [place - 0.3, place + 0.3], [limit, limit])
    ax.set_xticks(range(4), ["β = 1", "β = 2", "spin-orbit", "the same\nin a field"])
    ax.set(ylabel=r"var of Kwant's $T$ ($(e^2/h)^2$)", ylim=(0, 0.2), xlim=(-0.5, 3.5))


study = mk.Study(
    name="conductance_fluctuations",
    question="Are the fluctuations from sample to sample universal, and where does that end?",
    sweeps={
        "shapes": mk.Sweep(
            system=Ribbon(width=60, length=120),
            energy=-1.0,
            disorder=mk.Anderson(strength=2.0),
            axes={STRENGTH: (1.5, 2.0, 2.6), "length": (60, 120, 240), "flux": (0.0, 3e-3)},
            samples=500,
        ),
        "spins": mk.Sweep(
            system=SpinOrbitRibbon(width=30, length=150, coupling="ando"),
            energy=-1.0,
            params={"theta": 0.6, "zeeman": 0.0},
            disorder=mk.Anderson(strength=2.0),
            axes={"flux": (0.0, 3e-3)},
            samples=600,
        ),
    },
    presets={
        "full": {
            "shapes.width": 100,
            "shapes.length": (50, 100, 200, 400, 600),
            "shapes.strength": (1.2, 1.6, 2.0, 2.8),
            "shapes.samples": 4000,
            "spins.width": 48,
            "spins.length": 300,
            "spins.strength": 1.8,
            "flux": (0.0, 2e-3),
            "spins.samples": 8000,
        },
        "toy": {
            "shapes.width": 7,
            "shapes.length": (7, 14),
            "shapes.strength": (1.0, 1.5),
            "spins.width": 4,
            "spins.length": 10,
            "flux": (0.0, 0.05),
            "samples": 12,
        },
    },
    reading=Fluctuations,
    regime=regime,
    claims=claims,
    panels=(shapes, universality, distribution, classes),
    seed=8,
)

mk.main(study, __name__)
